#include "node/run_node.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "ledger/base/key_file.hpp"
#include "ledger/genesis/node_keys.hpp"
#include "node/http/server.hpp"
#include "node/node.hpp"

namespace hufu::node {
namespace {

constexpr std::size_t kPassphraseBytes = 4096;
// The store or Raft's log failed: what was not acknowledged may or may not be there after a restart.
constexpr int kFatalExit = 9;

int say(Error error, const std::string& what) {
  const ErrorInfo& info = describe(error);
  std::fprintf(stderr, "error: %s: %s\n", std::string(info.en).c_str(), what.c_str());
  if (!info.next.empty()) std::fprintf(stderr, "next:  %s\n", std::string(info.next).c_str());
  std::fprintf(stderr, "code:  %s\n", std::string(info.code).c_str());
  return info.exit;
}

consensus::Checked<Bytes> read_file(const std::filesystem::path& file, std::size_t most) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return consensus::Fault{Error::file_unreadable, file.string()};
  Bytes bytes(most + 1);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > most) return consensus::Fault{Error::oversize, file.string()};
  return bytes;
}

consensus::Checked<Seed> read_key(const Config& config) {
  auto secret = read_secret_file(config.passphrase.string(), kPassphraseBytes);
  if (!secret) return consensus::Fault{secret.error(), config.passphrase.string()};
  std::string passphrase(as_text(*secret).substr(0, as_text(*secret).find('\n')));
  auto key = open_key_file(config.key.string(), passphrase);
  std::fill(passphrase.begin(), passphrase.end(), '\0');
  std::fill(secret->begin(), secret->end(), std::uint8_t{0});
  if (!key) return consensus::Fault{key.error(), config.key.string()};
  return key->seed;
}

std::uint64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

// As `hufu node init --join` found the nodes.
consensus::Checked<std::vector<Member>> read_told(const Config& config) {
  if (!config.joining || config.joining->roster.empty()) return std::vector<Member>{};
  const auto file = read_file(config.joining->roster, limits::kGenesisBytes);
  if (!file) return file.error();
  auto roster = decode<RosterStanding>(*file);
  if (!roster) return consensus::Fault{roster.error(), config.joining->roster.string()};
  return std::move(roster->members);
}

consensus::Checked<NodeSetup> read_setup(const Config& config) {
  auto file = read_file(config.genesis, limits::kGenesisBytes);
  if (!file) return file.error();
  auto genesis = decode_genesis(*file);
  if (!genesis) return consensus::Fault{genesis.error(), config.genesis.string()};
  auto seed = read_key(config);
  if (!seed) return seed.error();
  const auto self = own_member(genesis->roster, config, *seed);
  if (!self) return self.error();
  auto told = read_told(config);
  if (!told) return told.error();
  HttpOptions http;
  http.listeners = {{.address = config.listen_api.value_or(self->api), .tls = true}};
  if (config.listen_api_plain) http.listeners.push_back({.address = *config.listen_api_plain, .tls = false});
  return NodeSetup{.config = config,
                   .genesis = std::move(*genesis),
                   .genesis_file = std::move(*file),
                   .seed = *seed,
                   .told = std::move(*told),
                   .frontend = std::make_unique<HttpServer>(std::move(http), node_seeds(*seed).tls),
                   // No destructor, no further write, no acknowledgement: as if the machine had stopped here.
                   .fatal = [](std::string_view) { std::_Exit(kFatalExit); },
                   .wall_clock_ms = wall_clock_ms};
}

// Connections and RocksDB's tables are open files: a large ledger has thousands.
void allow_open_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // what is not allowed stays as it was
}

}  // namespace

consensus::Checked<Recovered> recover_node(const std::string& config_file, ByteSpan recovery_file) {
  const auto config = read_config(config_file);
  if (!config) {
    std::string lines;
    for (const std::string& line : config.error().lines) lines += (lines.empty() ? "" : "; ") + line;
    return consensus::Fault{Error::config_invalid, config_file + ": " + lines};
  }
  auto file = read_file(config->genesis, limits::kGenesisBytes);
  if (!file) return file.error();
  const auto genesis = decode_genesis(*file);
  if (!genesis) return consensus::Fault{genesis.error(), config->genesis.string()};
  return recover(*config, *genesis, recovery_file);
}

int run_node(const std::string& config_file) {
  const auto config = read_config(config_file);
  if (!config) {
    std::string lines;
    for (const std::string& line : config.error().lines) lines += "\n       " + line;
    return say(Error::config_invalid, config_file + lines);
  }
  auto setup = read_setup(*config);
  if (!setup) return say(setup.error().error, setup.error().detail);
  allow_open_files();
  auto node = Node::open(std::move(*setup));
  if (!node) return say(node.error().error, node.error().detail);
  // Before start, so that a signal is never met by the default action.
  boost::asio::signal_set signals((*node)->loop(), SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& cancelled, int) {
    if (!cancelled) (*node)->stop();
  });
  if (const auto started = (*node)->start(); !started)
    return say(started.error().error, started.error().detail);
  (*node)->run();
  return 0;
}

}  // namespace hufu::node
