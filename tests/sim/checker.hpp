// What must hold of a cluster as a whole, whatever happened to it: seen from outside, at every moment and at the end.
//
// Invariants
//   V1  all nodes' chains are prefixes of one chain, after every crash too
//   V2  a submission stands at most once on it
//   V3  what was acknowledged stands where its receipt says, the receipt verifies, and says so again when asked again
//   V4  no receipt before its commit point: a majority of the members holds the block's proposal durably
//   V5  what was acknowledged before another submission was first sent stands before it
//   V6  one root is certified of one size, that of the chain, by a quorum whose signatures verify
//   V7  no member signs two roots of one size, or one that is not the chain's
//   V8  a confirmed read sees everything acknowledged before it was asked for
//   V9  a definite refusal is definite: what was refused by the law never stands on the chain
//   V10 what the cluster's chain says is what the law makes of its submissions (audit), at the end
//   V11 nothing but a fault of its own disk stops a node
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/genesis/genesis.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "node/api/answers.hpp"

namespace hufu::sim {

// Such an answer says nothing of what becomes of the submission: ask again.
bool is_open(Error error);

struct Counts {
  std::uint64_t acknowledged = 0;
  std::uint64_t repeated = 0;
  std::uint64_t refused = 0;
  std::uint64_t certified_receipts = 0;
  std::uint64_t receipts_verified = 0;
  std::uint64_t reads = 0;
  std::uint64_t blocks = 0;
  std::uint64_t certified_sizes = 0;
  std::uint64_t attestations = 0;
};

class Checker {
 public:
  struct Parts {
    Genesis genesis;
    std::function<void(std::string what)> broken;
    // V4: do enough members hold it durably, in Raft's log or behind a snapshot?
    std::function<bool(const BlockHeader&)> stored_by_quorum;
  };
  explicit Checker(Parts parts);

  // The blocks from this height on that a node has now; V1, V2.
  void saw_chain(std::uint64_t node, const store::LedgerStore& store, std::uint64_t from);

  // A submission, before it is sent for the first time: what it must stand behind (V5).
  struct Sent {
    Hash id;
    std::optional<Place> behind;
  };
  Sent sending(const Hash& id) const { return {id, newest_acknowledged_}; }
  // What a node answered to it.
  void answered(std::uint64_t node, const Sent& sent, const api::Submitted& submitted);

  void certified(std::uint64_t node, const CertifiedCheckpoint& certified);
  void attested(const Attestation& attestation);

  // What has been acknowledged so far, to be compared with what a read finds.
  std::set<Hash> promised() const;
  void read(std::uint64_t node, const store::LedgerStore& store, const Hash& id);
  std::optional<Hash> any_acknowledged(std::uint64_t choice) const;

  // Everything again, on one node's ledger at the end; V10.
  void finish(std::uint64_t node, const store::LedgerStore& store);

  // Who certifies a log of this size: the block that changes the roster is the last of the one before.
  const RosterStanding& roster_of(std::uint64_t size) const;
  const RosterStanding& newest_roster() const { return rosters_.rbegin()->second; }
  // Of the operation that made it; zero when it is the founding one.
  const Hash& newest_roster_change() const { return newest_roster_change_; }

  std::uint64_t height() const { return chain_.size() - 1; }
  const Hash& hash_at(std::uint64_t height) const { return chain_.at(height).hash; }
  const BlockHeader& header_at(std::uint64_t height) const { return chain_.at(height).header; }
  std::optional<Place> place_of(const Hash& id) const;
  Counts counts() const;

 private:
  struct Link {
    BlockHeader header;
    Hash hash;
    Hash log_root;  // with this block as the last leaf
  };
  struct Acknowledged {
    Place place;
    std::vector<api::Accepted> receipts;  // every different one
  };
  void extend(std::uint64_t node, const Block& block);
  void check_receipt_of(std::uint64_t node, const Sent& sent, const api::Accepted& accepted);
  void check_root(const std::string& who, const Checkpoint& checkpoint);
  void broken(const std::string& what) { parts_.broken(what); }

  Parts parts_;
  const LedgerId ledger_;
  std::vector<Link> chain_;
  std::map<std::uint64_t, RosterStanding> rosters_;  // by the first size that each certifies
  Hash newest_roster_change_;
  Frontier frontier_;
  std::map<Hash, Place> places_;
  std::map<Hash, Acknowledged> acknowledged_;
  std::vector<Hash> in_order_;
  std::set<Hash> refused_;
  std::optional<Place> newest_acknowledged_;
  std::map<std::uint64_t, Hash> certified_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Hash> signed_;  // (member, size)
  // Signed above everything that was seen on any node yet: compared when the chain has come so far.
  std::multimap<std::uint64_t, std::pair<std::string, Hash>> ahead_;
  Counts counts_;
};

}  // namespace hufu::sim
