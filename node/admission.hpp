// What becomes of a submission from the moment it arrives: examined, given its way to the leader, answered.
//
//   arrives -> examined (worker pool: decode, repetition, signature; on the leader, of who was refused lately, also the law, as
//              advice: doubts.hpp)
//           -> routed    leader: put into the sequencer       follower: forwarded       no leader known: waits
//           -> answered  when the replica applies a proposal with it, here or (forwarded) on the leader, whichever is first
//
// A submission is idempotent by its id. So whenever its way is lost (leader gone, answer missing) it is routed again, until
// the client's patience ends: nothing but that makes an outcome unknown.
//
// Invariants
//   D1  every `done` is called exactly once, on the loop, and never from inside Raft or the replica
//   D2  a refusal that rests on the state is given by the law at apply, or after a majority confirmed that this node still
//       led after it was asked: never by a node that has not seen what was acknowledged
//   D3  pending submissions are bounded in number and bytes, names in the rate tables too
//   D4  only whole equal bytes share an examination; only verified ones meet under their id
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <unordered_map>

#include "node/doubts.hpp"
#include "node/examine.hpp"
#include "node/peers.hpp"
#include "node/rate_limit.hpp"
#include "node/refusals.hpp"
#include "node/replica.hpp"
#include "node/sequencer.hpp"
#include "node/stage_times.hpp"

namespace hufu::node {

using SubmitDone = std::function<void(api::Submitted)>;

struct AdmissionLimits {
  std::size_t pending_bytes = 128U << 20;
  std::size_t pending_submissions = 20'000;
  std::size_t waiters_each = 64;
  std::size_t rate_names = 65'536;
};

struct AdmissionParts {
  World& world;
  const store::LedgerStore& store;
  const LedgerId& ledger;
  Replica& replica;
  Sequencer& sequencer;
  Peers& peers;
  SignatureCache& signatures;
  Metrics& metrics;
  const Log& log;
  consensus::NodeId self = 0;
  std::function<bool()> leads;                // and is ready
  std::function<consensus::NodeId()> leader;  // 0: unknown
  std::function<void(consensus::ReadCallback)> read_barrier;
  std::function<bool()> disk_full;  // nothing new is taken (disk_watch.hpp)
  // This node led, and its disk does not answer: it cannot even hear who leads now (consensus/raft.hpp P6).
  std::function<bool()> cut_off;
  std::function<void(std::string_view why)> fatal;
  // A client of this node was told so; who signed is known.
  std::function<void(const std::string& agency, const api::Refusal&)> refused;
  AdmissionLimits limits;
  Rates rates;
};

class Admission {
 public:
  explicit Admission(AdmissionParts parts);
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  void submit(Bytes submission, const std::string& address, std::chrono::milliseconds wait, SubmitDone done);
  // For another node's client: never forwarded again (not_leader instead).
  void submit_for_peer(Bytes submission, std::chrono::milliseconds wait, SubmitDone done);

  void on_applied(const ProposalResult& result);
  void on_lost(const Hash& id);
  void on_role_change();
  // Every few tens of milliseconds: deadlines, and what waits for a leader.
  void tick();
  // Everything that waits is answered: outcome_unknown where it may have been proposed, else ledger_unavailable.
  void stop();

  std::size_t pending() const { return pending_.size(); }

 private:
  enum class Stage : std::uint8_t { examined, adrift, confirmed, queued, forwarded };
  struct Waiter {
    std::uint64_t deadline_ms = 0;
    bool may_forward = true;
    SubmitDone done;
  };
  struct Pending {
    std::shared_ptr<const Bytes> bytes;
    Hash id;
    std::string agency;
    Stage stage =
        Stage::examined;  // being examined; adrift: waiting for a leader; confirmed: for a read barrier
    consensus::NodeId forwarded_to = 0;
    std::uint64_t ticket = 0;  // of the examination, then of the latest forwarding
    bool handed_over = false;  // to a sequencer or a leader: it may be appended
    std::uint64_t since_ms = 0;
    StageClock::time_point since = StageClock::now();
    std::vector<Waiter> waiters;
  };
  using PendingMap = std::unordered_map<Hash, Pending, HashOfHash>;

  void enter(Bytes submission, Waiter waiter);
  void examined(const Hash& key, std::uint64_t ticket, Examined result);
  void route(const Hash& key);
  void forward(const Hash& key, Pending& pending, consensus::NodeId leader);
  void forward_answered(const Hash& key, std::uint64_t ticket, Result<peer::Response> response);
  void confirm_refusal(const Hash& key);
  void confirmed(const Hash& key);
  void drop_peers_waiters(const Hash& key, Pending& pending);
  void finish(const Hash& key, const api::Submitted& submitted);
  api::Submitted submitted_at(const Place& place, bool repeated);
  api::Refusal refusal(const Refused& refused, ByteSpan bytes) const;
  std::uint64_t now_ms() const { return parts_.world.now_ms(); }

  AdmissionParts parts_;
  RateLimit by_address_;
  RateLimit by_agency_;
  Doubts doubts_;
  Histogram& admitted_after_;
  PendingMap pending_;                                     // by the hash of the bytes
  std::unordered_multimap<Hash, Hash, HashOfHash> by_id_;  // id -> key
  std::size_t pending_bytes_ = 0;
  std::uint64_t next_ticket_ = 1;
  bool stopped_ = false;
  std::shared_ptr<Admission*> self_;
};

}  // namespace hufu::node
