// A lying node, for the harness of faults (tests/faults/rows/row17_lying.py).
//
//   fault_liar identity FOLDER                 its TLS key and certificate, as PEM
//   fault_liar answer LIE FOLDER [FOLDER…]     a true answer on stdin, the same with a lie in it on stdout; the further folders are
//                                              accomplices, who sign as well
//   fault_liar peer LIE FOLDER                 stands in the node's place among the others, until it is ended; FOLDER/data holds
//                                              its ledger
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "ledger/base/key_file.hpp"
#include "tests/faults/liar/liar.hpp"

namespace hufu::liar {
namespace {

constexpr std::size_t kPassphraseBytes = 4096;

Bytes content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Bytes standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

int print(ByteSpan bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() ? 0 : 1;
}

int be_a_peer(const std::string& lie, const std::string& folder) {
  const Impostor impostor = impostor_of(folder);
  const auto store =
      store::LedgerStore::open(folder + "/data/ledger", impostor.genesis, store::Mode::read_only);
  if (!store) give_up(store.error().detail);
  boost::asio::io_context io;
  boost::asio::signal_set ended(io, SIGTERM, SIGINT);
  ended.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
  FalsePeer peer(io, impostor, **store, lie);
  peer.start();
  io.run();
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "identity")
    return print(as_bytes(identity_pem(impostor_of(words[1]))));
  if (words.size() == 3 && words[0] == "peer") return be_a_peer(words[1], words[2]);
  if (words.size() < 3 || words[0] != "answer") give_up("usage: see the head of main.cpp");
  std::vector<Impostor> impostors;
  for (std::size_t i = 2; i < words.size(); ++i) impostors.push_back(impostor_of(words[i]));
  return print(lie_about(words[1], standard_input(), impostors));
}

}  // namespace

void give_up(const std::string& why) {
  std::fprintf(stderr, "fault_liar: %s\n", why.c_str());
  std::exit(2);
}

std::uint64_t now_s() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

Impostor impostor_of(const std::string& folder) {
  Result<Genesis> genesis = decode_genesis(content_of(folder + "/ledger.genesis"));
  if (!genesis) give_up("no genesis in " + folder);
  const Result<Bytes> secret = read_secret_file(folder + "/node.passphrase", kPassphraseBytes);
  if (!secret) give_up("no passphrase in " + folder);
  const std::string_view phrase = as_text(*secret).substr(0, as_text(*secret).find('\n'));
  const Result<KeyFile> key = open_key_file(folder + "/node.key", phrase);
  if (!key) give_up("no key in " + folder);
  Impostor impostor{.genesis = *genesis, .ledger = ledger_id(*genesis), .seeds = node_seeds(key->seed)};
  const PublicKey own = impostor.cosign_key().public_key();
  for (const Member& member : genesis->roster.members) {
    if (member.cosign_key == own) impostor.member = member.id;
  }
  if (impostor.member == 0) give_up("no member has the key in " + folder);
  return impostor;
}

}  // namespace hufu::liar

int main(int argc, char** argv) { return hufu::liar::run(std::vector<std::string>(argv + 1, argv + argc)); }
