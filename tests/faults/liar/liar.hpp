// A member's keys in the wrong hands: what somebody could say with them, to clients and to other nodes.
//
// Invariants
//   L1  nothing is signed with a key but those of the folders that the caller names: a liar alone cannot speak for a quorum
//   L2  a lie is made from a true answer, so that all but the lie in it is as it should be
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "consensus/transport.hpp"
#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/genesis/node_keys.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "node/peer_message.hpp"

namespace hufu::liar {

[[noreturn]] void give_up(const std::string& why);
std::uint64_t now_s();

struct Impostor {
  Genesis genesis;
  LedgerId ledger;
  std::uint64_t member = 0;
  NodeSeeds seeds;

  SigningKey log_key() const { return SigningKey(seeds.log); }
  SigningKey cosign_key() const { return SigningKey(seeds.cosign); }
  Cosignature cosigned(const Checkpoint& checkpoint) const {
    return cosign(genesis.origin, checkpoint, member, cosign_key(), now_s());
  }
};
// A node's folder with ledger.genesis, node.key and node.passphrase.
Impostor impostor_of(const std::string& folder);
// The key and the certificate that the roster pins, as PEM: a listener of any make can then stand in the node's place.
std::string identity_pem(const Impostor& impostor);

// The answer to a client, with this lie in it; the first impostor is the one who answers, the others are accomplices. Ends the
// program when there is no such lie.
Bytes lie_about(const std::string& lie, ByteSpan truth, const std::vector<Impostor>& impostors);

// Stands in a node's place among the others: true answers from a copy of its ledger, but for this lie. Every lie told is a line
// on stdout.
class FalsePeer {
 public:
  FalsePeer(boost::asio::io_context& io, Impostor impostor, const store::LedgerStore& store, std::string lie);
  void start();

 private:
  void came(consensus::NodeId from, consensus::Channel channel, ByteSpan frame);
  void answer(consensus::NodeId to, std::uint64_t correlation, const node::peer::Request& request);
  node::peer::Response lie_to(const node::peer::Request& request);
  node::peer::Response headers(node::peer::HeadersRequest request);
  node::peer::Response blocks(node::peer::BlocksRequest request);
  node::peer::Response way();
  void speak_up();
  bool speak_to(consensus::NodeId to);
  consensus::NodeId other_member(consensus::NodeId than) const;
  Attestation attestation();
  bool is(std::string_view lie) const { return lie_ == lie; }
  void say(const std::string& what) const;

  const Impostor impostor_;
  const store::LedgerStore& store_;
  const std::string lie_;
  consensus::Transport transport_;
  boost::asio::steady_timer timer_;
};

}  // namespace hufu::liar
