// What a node answers, as values: the service gives them, nodes send them to each other, JSON is made from them. Pure.
//
// Those with serialize() travel between nodes in the canonical codec.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/base/codec.hpp"
#include "ledger/base/limits.hpp"
#include "ledger/chain/block.hpp"
#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/proof/receipt.hpp"
#include "ledger/record/standing.hpp"

namespace hufu::api {

inline constexpr std::size_t kVersionText = 64;

// What a proof is to hold besides the evidence for its subject.
struct ProofWish {
  static constexpr std::size_t kVerifiers = 16;
  std::uint64_t since = 0;  // a link from the log of this size; 0: none
  std::vector<std::string>
      verifiers;  // provinces: the issuing province's agreements with them, present or absent

  bool operator==(const ProofWish&) const = default;
};

// ---- a submission's outcome ----

// One operation at fault. `place` is where the operation stands that is in the way (the first issue, the winning claim).
struct OperationFault {
  std::uint32_t operation = 0;
  Error error = Error::usage;
  std::optional<Place> place;

  bool operator==(const OperationFault&) const = default;
};

// Nothing of the submission was, or will be, appended by this request; except with Error::outcome_unknown and
// Error::timed_out, where it may be: send it again, unchanged.
struct Refusal {
  Error error = Error::usage;          // of the whole; with faults: the first of them by precedence
  std::vector<OperationFault> faults;  // every operation at fault, in order
  std::uint32_t retry_after_ms = 0;    // with rate_limited, overloaded and no_quorum: when to try again

  bool operator==(const Refusal&) const = default;
};

struct Accepted {
  Receipt receipt;
  bool repeated = false;  // it stood on the ledger before
  // Of the receipt's log size and root, sorted by member; empty when nobody was waited for.
  std::vector<Cosignature> cosignatures;
  bool certified = false;  // they are a quorum's

  bool operator==(const Accepted&) const = default;
};

using Submitted = std::variant<Accepted, Refusal>;

// ---- reads ----

// The state that an answer speaks of.
struct AsOf {
  std::uint64_t height = 0;
  Hash head;  // block hash
  std::uint64_t time_ms = 0;
  bool confirmed =
      false;  // by a majority, after the question was asked: nothing acknowledged before is missing

  bool operator==(const AsOf&) const = default;
};

struct StandingAnswer {
  SubjectKey key;
  std::optional<Standing> standing;  // nothing: no such subject
  AsOf as_of;
};

struct HistoryEntry {
  Operation operation;
  Place place;
  std::uint32_t index = 0;    // of the operation in its submission
  std::uint64_t time_ms = 0;  // of its block
  std::string agency;
  Hash submission;  // id
};
struct HistoryAnswer {
  SubjectKey key;
  std::vector<HistoryEntry> entries;  // oldest first
  std::uint64_t total = 0;            // entries in all; the list is bounded and then holds the newest
  AsOf as_of;
};

// One page of the registry: subjects of one kind in the order of their ids.
struct RegistryEntry {
  SubjectKey key;
  Standing standing;

  bool operator==(const RegistryEntry&) const = default;
};
struct RegistryAnswer {
  SubjectKind kind = SubjectKind::agency;
  std::vector<RegistryEntry> entries;
  bool more = false;  // ask again, after the last of these
  AsOf as_of;         // nothing here is older
};

struct ReceiptAnswer {
  std::optional<Receipt> receipt;  // nothing: not on the ledger as of then
  AsOf as_of;
};

struct Head {
  BlockHeader header;
  Hash hash;
  std::uint64_t log_size = 0;
  Hash log_root;
  bool confirmed = false;
};

// The first `from` blocks of the log are the beginning of the first `to`: RFC 6962 consistency path.
struct ConsistencyAnswer {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::vector<Hash> path;

  bool operator==(const ConsistencyAnswer&) const = default;
};

// ---- the node and its cluster ----

// outside: no member of the roster, follows what the quorum certified
enum class Role : std::uint8_t { stopped = 0, follower = 1, candidate = 2, leader = 3, outside = 4 };
constexpr bool is_known(Role role) { return role <= Role::outside; }
constexpr std::string_view name_of(Role role) {
  switch (role) {
    case Role::follower:
      return "follower";
    case Role::candidate:
      return "candidate";
    case Role::leader:
      return "leader";
    case Role::outside:
      return "outside";
    case Role::stopped:
      break;
  }
  return "stopped";
}

struct PeerView {
  std::uint64_t id = 0;
  std::string name;
  bool connected = false;

  bool operator==(const PeerView&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& id& bounded<limits::kNodeName>(name) & connected;
  }
};

struct NodeStatus {
  std::string name;
  std::uint64_t id = 0;
  std::string version;  // of the software
  LedgerId ledger;
  Role role = Role::stopped;
  std::uint64_t epoch = 0;   // of the roster in its state
  bool ready = false;        // would answer /readyz with 200
  std::uint64_t leader = 0;  // 0: unknown
  std::uint64_t term = 0;
  BlockHeader head;
  Hash head_hash;
  std::uint64_t applied_index = 0;
  std::uint64_t catching_up_to = 0;  // height that is being fetched from peers; 0: none
  std::uint64_t disk_free = 0;       // bytes
  std::uint64_t uptime_ms = 0;
  std::uint64_t certified_size = 0;    // of the newest certified checkpoint; 0: none is known
  std::uint64_t certified_time_s = 0;  // when the quorum signed it
  std::vector<PeerView> peers;         // all but itself

  bool operator==(const NodeStatus&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kNodeName>(name) & id& bounded<kVersionText>(version) &
        ledger& role& epoch& ready& leader& term& head& head_hash& applied_index& catching_up_to& disk_free&
            uptime_ms& certified_size& certified_time_s& bounded<limits::kNodes>(peers);
  }
};

struct ClusterMember {
  Member member;
  std::optional<NodeStatus> status;  // nothing: it could not be reached in time
};
struct ClusterStatus {
  std::vector<ClusterMember> members;     // the whole roster, by id
  std::vector<ClusterMember> candidates;  // whom a decision under way would bring in
  std::size_t quorum = 0;
  std::size_t reachable = 0;  // itself included
};

// ---- health ----

struct Readiness {
  bool ready = false;
  std::string why;  // one sentence when not ready
};

}  // namespace hufu::api
