// Failpoints: named moments of the write path at which a test may end the process, as a kill -9 at that moment would.
//
// They are compiled into every build, so that what is tested is what ships: unarmed, a passage costs one relaxed load and
// a branch that is never taken. Only main() arms one, from HUFU_FAILPOINT, because this room knows no environment. Whoever
// sets a program's environment can end the program anyway.
//
// A killed process loses nothing that the kernel already has. What is tested here is order and recovery: that every step
// leaves behind something from which the next start goes on. Whether an fsync stands where it must is a question for power
// cuts.
//
// Invariants
//   P1  every point stands once in kFailpoints; a name that does not is an error of the compiler at its call, and of the
//       program's start when it is to be armed
//   P2  unarmed, nothing happens
//   P3  armed, the process is gone at the n-th passage: no destructor, no handler, no further write of any thread
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hufu {

struct Failpoint {
  std::string_view name;
  std::string_view moment;
};

// In the order in which a founding, then a submission, then a node that was away for long, passes them.
inline constexpr Failpoint kFailpoints[] = {
    {"key.before_write", "a key file is there and empty"},
    {"key.after_write", "its content is written, not yet synced"},
    {"key.after_sync", "it is complete"},
    {"data.created", "the data directory is there and empty"},
    {"data.locked", "and locked"},
    {"raft.mark.one_slot", "one of the two slots of a new high-water file is written"},
    {"raft.mark.created", "a new high-water file is complete"},
    {"raft.group.before_write", "a new Raft log has no group yet"},
    {"raft.group.after_write", "it has"},
    {"ledger.found.before_write", "an empty ledger is open"},
    {"ledger.found.after_write", "block 0 and the founding state are written, not yet synced"},
    {"ledger.found.after_sync", "the ledger is founded"},
    {"access.created", "a new access log is there and empty"},
    {"raft.bootstrap.before_entry", "a new Raft log has its first term and no entry"},
    {"raft.bootstrap.after_entry", "its members are its first entry"},
    {"raft.hard.before_write", "before a term or a vote is kept"},
    {"raft.hard.after_write", "it is in the log's database, not yet in the high-water file"},
    {"raft.hard.after_mark", "it is in both; nobody has been told"},
    {"raft.mark.before_write", "before a slot of the high-water file is written"},
    {"raft.mark.after_write", "it is written, not yet synced"},
    {"raft.mark.after_sync", "it is synced"},
    {"admission.examined", "a submission was verified"},
    {"sequencer.before_propose", "a batch is encoded, Raft has not got it"},
    {"sequencer.after_propose", "Raft has it"},
    {"sequencer.answered", "Raft has said what became of a batch"},
    {"raft.log.before_write", "before entries are written"},
    {"raft.log.after_write", "they are written, the high-water mark has not risen"},
    {"raft.log.after_mark", "it has; the engine does not know yet"},
    {"raft.log.before_ack", "the engine is about to hear that entries are stored"},
    {"raft.apply.before", "an entry is committed, not yet applied"},
    {"raft.apply.after", "it is applied, the engine does not know yet"},
    {"replica.before_commit", "a block is executed, nothing of it is written"},
    {"ledger.commit.before_write", "its batch is put together"},
    {"ledger.commit.after_write", "its batch is written"},
    {"replica.after_commit", "nobody has been told of the block"},
    {"replica.after_told", "the block's receipts are made, not yet sent"},
    {"admission.before_answer", "a receipt is about to leave"},
    {"admission.after_answer", "it was handed over"},
    {"attest.before_mark", "a checkpoint was read back, the mark is as before"},
    {"ledger.signed.before_write", "before the mark of what is signed is written"},
    {"ledger.signed.after_write", "it is written and synced"},
    {"attest.after_mark", "the mark is there, the signature is not made"},
    {"attest.after_sign", "the signature is made, nobody has it"},
    {"attest.before_send", "it is about to go to the peers"},
    {"attest.after_send", "it went to the peers"},
    {"attest.certified", "a quorum's cosignatures are together"},
    {"access.before_write", "before traces of use are written"},
    {"access.after_write", "they are written, not yet synced"},
    {"access.after_sync", "they are synced, nobody has been told"},
    {"ledger.sync.before", "before the ledger's write-ahead log is synced for a snapshot"},
    {"ledger.sync.after", "it is synced"},
    {"replica.snapshot.before_mark", "the high-water file does not say so yet"},
    {"replica.snapshot.after_mark", "it says so"},
    {"raft.snapshot.before_write", "before a snapshot shortens the log"},
    {"raft.snapshot.after_write", "the log is shortened"},
    {"raft.truncate.before_write", "before a deposed leader's entries are replaced"},
    {"raft.truncate.after_write", "they are replaced, the mark has not risen"},
    {"fetch.before_block", "a fetched block was checked, not yet executed"},
    {"fetch.after_block", "it is executed and written"},
    {"raft.install.before_write", "the blocks of a snapshot are there, the log is the old one"},
    {"raft.install.after_write", "the snapshot has replaced the log"},
    {"evidence.before_write", "before a fork's evidence is written"},
    {"evidence.before_rename", "it is written under a draft's name"},
    {"evidence.after_rename", "it has its name"},
};

// The name of a point, known when the program is compiled (P1).
class FailpointName {
 public:
  consteval FailpointName(const char* name) {  // NOLINT: failpoint("name") is how it is meant to be written
    std::size_t number = 0;
    while (kFailpoints[number].name != name)
      ++number;  // beyond the end: not a constant, so it does not compile
    number_ = static_cast<std::int32_t>(number);
  }
  std::int32_t number() const { return number_; }

 private:
  std::int32_t number_;
};

namespace failpoints {

inline constexpr std::int32_t kNone = -1;
extern std::atomic<std::int32_t> armed;  // number of the point, or kNone
void passed();                           // the armed one

// "name" or "name:n", n from 1 on. False: no such point, or no such number. Once, before there are threads.
bool arm(std::string_view wish);

}  // namespace failpoints

inline void failpoint(FailpointName point) {
  if (failpoints::armed.load(std::memory_order_relaxed) == point.number()) [[unlikely]]
    failpoints::passed();
}

}  // namespace hufu
