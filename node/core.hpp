// The part of a node that agrees: the Raft group of the epoch, what orders and executes and certifies, and the way into the next
// epoch. It knows no socket, thread, clock or file but through what it is given: the process (node.hpp) and the simulator
// (tests/sim) run the very same one.
//
// Invariants
//   E1  a node takes part in the Raft group of the roster in its own state, or, while E5 holds it back, of the one before; in
//       one of them, and only as its member
//   E2  the group of an epoch is left before that of the next is begun; by then the block that changed the roster, the draft of
//       the handover and the mark of the epoch are durable, in this order
//   E3  a group in which this node had begun is not begun anew: a log that is gone is a fault (storage_rolled_back)
//   E4  members of the epoch that ended stay connected until the next change, so that its last checkpoint can be certified;
//       members that a decision would bring in may connect and fetch; a node that is no member yet asks those, too, of whom it
//       was told when its folder was made (they are trusted with nothing: what they send is verified)
//   E5  the group of a roster that ended is not left before its handover is certified and kept: until then its leader tells the
//       others what is committed; afterwards whoever missed it has the quorum's word from any that left. In between nothing is
//       ordered or read through it
#pragma once

#include "consensus/high_water.hpp"
#include "consensus/raft.hpp"
#include "consensus/wire.hpp"
#include "node/admission.hpp"
#include "node/attestor.hpp"
#include "node/catch_up.hpp"

namespace hufu::node {

// The Raft log of one epoch, with the mark of what the ledger made durable beside it.
class GroupLog {
 public:
  virtual ~GroupLog() = default;
  virtual consensus::LogStore& log() = 0;
  virtual consensus::Mark mark() const = 0;
  virtual consensus::Checked<void> made_durable(const consensus::AppMark& mark) = 0;
  virtual consensus::Checked<void> sync() = 0;
};

struct CoreParts {
  World& world;
  consensus::Env& env;
  store::LedgerStore& store;
  const Genesis& genesis;
  const LedgerId& ledger;
  std::vector<Member> told;  // of whom a node that joins was told
  AttestKeys keys;
  std::filesystem::path evidence;
  std::function<bool(consensus::NodeId to, consensus::Channel channel, Bytes frame)> send;
  // Who may be at the other end from now on.
  std::function<void(const std::vector<Member>& members)> admit;
  // Opens or makes the log of this epoch, and lets go of those of epochs before it.
  std::function<consensus::Checked<std::unique_ptr<GroupLog>>(std::uint64_t epoch)> open_log;
  consensus::RaftOptions raft;  // its group is overwritten
  AdmissionLimits admission;
  SequencerLimits sequencer;
  Rates rates;
  Metrics& metrics;
  const Log& log;
  std::function<void(std::string_view why)> fatal;
  std::function<bool()> disk_full;
  std::function<void()> certified;  // attestor().certified() or provable() has changed
  std::function<void(const std::string& agency, const api::Refusal&)> refused;
  std::function<api::NodeStatus()> status;  // for peers
};

class Core {
 public:
  explicit Core(CoreParts parts);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Checks everything on disk; nothing runs yet.
  consensus::Checked<void> open();
  consensus::Checked<void> start();
  // A frame of a peer that has proved who it is.
  void deliver(consensus::NodeId from, consensus::Channel channel, Bytes frame);
  // A tenth of a heartbeat; and every few tens of milliseconds.
  void raft_tick();
  void tick();
  consensus::Checked<void> sync_marks();
  // Answers what waits. The disk step under way may still run to its end.
  void stop();
  // After the disk's last step.
  consensus::Checked<void> sync();

  bool leads() const { return group_ && group_->raft->is_leader(); }
  bool leads_ready() const { return in_force() && group_->raft->is_ready_leader(); }
  consensus::NodeId leader() const { return group_ ? group_->raft->leader_hint() : 0; }
  void read_barrier(consensus::ReadCallback done);
  consensus::RaftStatus raft_status() const;
  std::uint64_t raft_epoch() const { return group_ ? group_->epoch : 0; }  // 0: in no group
  const RosterStanding& roster() const { return replica_.roster(); }
  const std::vector<Member>& coming() const { return coming_; }  // whom a decision under way would bring in
  bool is_member() const { return find_member(roster(), parts_.keys.member) != nullptr; }
  // How the rosters handed over until the one of this epoch.
  Result<std::vector<Handover>> handovers(std::uint64_t epoch, std::uint64_t size) const {
    return handovers_to(parts_.store, epoch, size);
  }

  Replica& replica() { return replica_; }
  Admission& admission() { return *admission_; }
  Attestor& attestor() { return *attestor_; }
  Peers& peers() { return peers_; }
  Fetcher& fetcher() { return *fetcher_; }

 private:
  struct Group {
    std::uint64_t epoch = 0;
    std::unique_ptr<GroupLog> log;
    std::unique_ptr<consensus::Raft> raft;
  };
  void assemble();
  void assemble_admission();
  void assemble_attestor();
  void wire_up();
  void answer_peer(consensus::NodeId from, peer::Request request, Peers::Reply reply);
  consensus::Checked<void> check_group(const GroupLog& log, std::uint64_t epoch) const;
  consensus::Checked<void> open_group();
  consensus::Checked<void> start_group();
  void roster_changed();
  void leave_group_later();
  void next_epoch();
  void begin_epoch();
  store::Checked<void> enter_epoch();
  void admit_members();
  void handed_over();
  // What the group orders now becomes blocks.
  bool in_force() const { return !changing_ && group_ && group_->epoch == roster().epoch; }
  void fatal(const consensus::Fault& fault) { parts_.fatal(fault.detail); }

  CoreParts parts_;
  SignatureCache signatures_;
  Peers peers_;
  Replica replica_;
  std::shared_ptr<const RosterStanding> group_roster_;  // whose group this node is to be in
  std::unique_ptr<Group> group_;
  std::unique_ptr<Fetcher> fetcher_;
  std::unique_ptr<CatchUp> catch_up_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<Attestor> attestor_;
  std::vector<Member> coming_;
  bool started_ = false;
  bool stopped_ = false;
  bool changing_ = false;            // the epoch is over, the next has not begun
  bool led_before_ = false;          // the group of the epoch before: it may ask for votes first
  std::uint64_t leaderless_ms_ = 0;  // since when no leader is known; 0: one is
  std::shared_ptr<Core*> self_;
};

}  // namespace hufu::node
