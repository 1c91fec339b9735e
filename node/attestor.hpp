// Cosigned checkpoints: what this node signs, what its peers signed, and what the quorum has certified.
//
// Outside Raft, and without a leader. A node signs its newest size when its last one is certified, or has waited kStalled for
// that; and it signs what a larger size of a peer asks it to. So the largest size that anybody signed is the one that everybody
// signs, and becomes certified. When nothing happens the same size is signed again after kIdle: freshness needs no new blocks.
// What a peer signed counts only if its root is the one that this node computed itself.
//
// One thread: the loop. The signatures of peers are checked, and blocks read back before signing, in the worker pool. What a peer
// signed is checked at once where the quorum may need it, or its root is not ours; else, with the quorum there without it, at the
// next tick, and of what came until then the newest alone.
// Bounds: of each peer the newest attestation, one under check and the newest of those that wait; heads as in provable.hpp;
// kForkFiles files of evidence.
//
// Invariants
//   X1  this node signs no size below one it signed before, and one root of one size (attest.hpp Y2); at start the mark must be
//       a size and root of the ledger on disk, or above its end: then nothing is signed until the ledger has come so far and
//       has that root
//   X2  certified: the quorum of the roster cosigned it, and its root is ours. It only rises: in size, then in time
//   X3  an attestation is recorded only from the member that sent it and signed it, only if it is newer than the one recorded
//   X5  where one roster ends, at the size whose newest block changes it, everybody stops until the old roster has certified that
//       very size (its handover, kept in the store); only members of the roster that certifies a size sign it
//   X4  a root that differs from ours is never counted: it is logged, and kept as evidence as soon as this node has signed that
//       size or a larger one
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "node/attest.hpp"
#include "node/provable.hpp"
#include "node/replica.hpp"
#include "node/stage_times.hpp"

namespace hufu::node {

struct AttestorParts {
  store::LedgerStore& store;
  const Replica& replica;
  const LedgerId& ledger;
  AttestKeys keys;
  std::filesystem::path evidence;  // folder
  std::function<void(std::uint64_t to, const Attestation& newest)> send;
  std::function<void(std::function<void()>)> work;  // run it in the worker pool
  std::function<void(std::function<void()>)> post;  // run it on the loop, later
  std::function<std::uint64_t()> wall_clock_ms;
  std::function<void()> certified;  // certified() or provable() has changed
  std::function<void()>
      handed_over;  // certified() is the last size of a roster that ended: keep it, then enter anew
  Metrics& metrics;
  const Log& log;
  std::function<void(std::string_view why)> fatal;
};

// What the quorum signed, with the time of Z2 (ledger/checkpoint/checkpoint.hpp).
struct Certified {
  std::shared_ptr<const RosterStanding> roster;
  std::vector<Attestation> attestations;  // by member
  std::uint64_t time_s = 0;

  const Checkpoint& checkpoint() const { return attestations.front().checkpoint; }
  CertifiedCheckpoint cosigned() const;
};
// A head at which proofs can be made.
struct Provable {
  HeldHead head;
  std::uint64_t epoch = 0;  // of the roster that certified it
  std::vector<Cosignature> cosignatures;
};

class Attestor {
 public:
  static constexpr std::uint64_t kStalledMs = 250;
  static constexpr std::uint64_t kIdleMs = 20'000;
  static constexpr std::uint64_t kAnswerIdleMs = 10'000;  // to a peer that signs the same size again
  static constexpr std::uint64_t kRepeatMs = 500;         // to peers that have not signed what we did
  static constexpr std::uint64_t kBlocksAtOnce = 256;     // read back in one piece of work
  static constexpr std::size_t kForkFiles = 64;

  explicit Attestor(AttestorParts parts);
  ~Attestor();
  Attestor(const Attestor&) = delete;
  Attestor& operator=(const Attestor&) = delete;

  // After the replica's and `enter`. X1: storage_rolled_back.
  store::Checked<void> start();
  // The roster in force. Those that ended before it and whose handover is not kept yet certify up to this size, oldest first.
  struct Ending {
    std::shared_ptr<const RosterStanding> roster;
    std::uint64_t size = 0;
  };
  // The roster in force certifies from size `since` on, which is where the one before it ended.
  void enter(const RosterStanding& roster, std::uint64_t since, std::deque<Ending> endings);

  // From the replica, after every block.
  void on_executed();
  // What the peer at the other end of the connection says that it signed.
  void receive(std::uint64_t from, const Attestation& attestation);
  // Every few tens of milliseconds.
  void tick();
  // Nothing is signed or sent any more.
  void stop() { stopped_ = true; }

  const std::optional<Attestation>& newest() const { return mine_; }
  const std::optional<Certified>& certified() const { return certified_; }
  // The newest certified head whose state is still held: never above certified().
  const std::optional<Provable>& provable() const { return provable_; }
  // The cosignatures at hand of what this node signed last: maybe fewer than a quorum.
  std::optional<CertifiedCheckpoint> gathered() const;

 private:
  enum class Verdict : std::uint8_t { open, ours, differs, reported };
  struct Peer {
    std::optional<Attestation> newest;
    Verdict verdict = Verdict::open;
    std::optional<Attestation> waiting;  // to be checked next
    std::optional<Checkpoint> checking;  // under way
  };

  void check_next(std::uint64_t from);
  void check_what_is_needed();
  void check_what_waits();
  bool can_wait(const Checkpoint& checkpoint) const;
  void checked(std::uint64_t from, const Attestation& attestation, bool valid);
  void refuse(std::uint64_t from, std::string_view why);
  void consider_later();
  void consider();
  bool reached_mark();
  void judge(std::uint64_t member, Peer& peer);
  void report_fork(std::uint64_t member, Peer& peer);
  void certify();
  void observe_certified();
  std::vector<Attestation> signed_alike(const Checkpoint& checkpoint) const;
  std::optional<std::uint64_t> wanted_size() const;
  std::optional<std::uint64_t> next_size() const;
  // Nobody's any more (nullptr): below `since`.
  std::shared_ptr<const RosterStanding> roster_for(std::uint64_t size) const;
  // Nothing is certified beyond.
  std::uint64_t limit() const { return endings_.empty() ? UINT64_MAX : endings_.front().size; }
  void order(std::uint64_t size);
  void carried_out(AttestReport report, std::uint64_t ordered_ms);
  void send_to_all();
  std::uint64_t age_ms() const;
  std::uint64_t executed() const { return parts_.replica.log_of_blocks().size(); }
  std::uint64_t signed_size() const { return mine_ ? mine_->checkpoint.size : mark_ ? mark_->size : 0; }
  std::uint64_t certified_size() const { return certified_ ? certified_->checkpoint().size : 0; }

  AttestorParts parts_;
  std::shared_ptr<const RosterStanding> roster_ = std::make_shared<const RosterStanding>();
  std::deque<Ending> endings_;
  std::uint64_t since_ = 0;
  std::shared_ptr<const RosterStanding> known_;  // members of all of them: whose signatures are looked at
  std::map<std::uint64_t, Peer> peers_;
  HeldHeads heads_;
  std::optional<Checkpoint> mark_;  // of an earlier run, until reached
  bool mark_reached_ = false;
  Frontier checked_;  // over what was read back
  std::optional<Attestation> mine_;
  std::uint64_t signed_ms_ = 0;
  std::uint64_t sent_ms_ = 0;
  std::optional<Certified> certified_;
  std::optional<Provable> provable_;
  // Blocks that wait to be certified, for metrics alone: the log's size with each, and when it was executed. The newest are left
  // out when nobody certifies.
  static constexpr std::size_t kWatchedBlocks = 4096;
  std::deque<std::pair<std::uint64_t, StageClock::time_point>> uncertified_;
  std::size_t fork_files_ = 0;
  bool again_ = false;         // sign the same size anew
  bool ordered_ = false;       // a piece of work is under way
  std::uint64_t signing_ = 0;  // the size that it will sign; 0: none
  bool posted_ = false;        // consider() is
  bool stopped_ = false;
  std::shared_ptr<Attestor*> self_;
};

}  // namespace hufu::node
