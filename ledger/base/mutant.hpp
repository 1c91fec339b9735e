// Mutants: faults that a build of the tests can put into the product, one at a time, to see that the tests notice.
//
//   if (mutated("replay_accepted")) return std::nullopt;
//
// In every build that ships, mutated() is a constant false: the compiler leaves nothing of the branch. The sources that
// hold a mutant are compiled a second time with HUFU_MUTANTS, for programs in tests/mutants only; there HUFU_MUTANT names the
// one that is at work. tests/mutants/README.md says how; tests/mutants/mutants.txt says which test catches which.
//
// Rules
//   R1  every mutant stands once in kMutants; a name that does not is an error of the compiler
//   R2  only in .cpp files, so that no inline function has two bodies in one program
//   R3  a mutant is a mistake somebody could make: one condition, one line, one order
#pragma once

#include <cstddef>
#include <string_view>

namespace hufu {

struct MutantInfo {
  std::string_view name;
  std::string_view mistake;
};

inline constexpr MutantInfo kMutants[] = {
    {"signature_unchecked", "a submission is applied whoever signed it"},
    {"replay_accepted", "a request that was applied before is applied again"},
    {"request_not_kept", "the ids of applied requests are not in the state"},
    {"revocation_ignored", "a key that was ended signs on"},
    {"suspension_ignored", "a suspended agency signs on"},
    {"province_unchecked", "an agency acts for another province"},
    {"previous_unchecked", "an operation need not follow the subject's last one"},
    {"time_may_stand", "a block may have its parent's time"},
    {"contents_unchecked", "a block's submissions need not be those of its header"},
    {"index_unchecked", "an inclusion proof may be of a place outside the log"},
    {"path_too_long", "an inclusion proof may go on above the root"},
    {"past_unchecked", "a consistency proof need not lead from the old root"},
    {"quorum_one_less", "a checkpoint counts with one cosignature too few"},
    {"cosignature_unchecked", "a cosignature counts whatever it signs"},
    {"guard_serial_off", "Raft's guard serial is off"},
    {"guard_barrier_off", "Raft's guard barrier is off"},
    {"guard_clamp_off", "Raft's guard clamp is off"},
    {"guard_round_off", "Raft's guard round is off"},
    {"guard_stale_off", "Raft's guard stale is off"},
    {"guard_prevote_off", "Raft's guard prevote is off"},
    {"ack_before_store", "entries count as stored while they are being written"},
    {"vote_not_kept", "a vote is not written down"},
    {"stale_read", "a leader answers reads without asking its followers"},
    {"bulk_not_awaited", "a snapshot is installed before the blocks it stands for are here"},
    {"members_unchecked", "a stored Raft log of other members is gone on with"},
    {"mark_unchecked", "a log that is shorter than its high-water mark is gone on with"},
    {"mark_falls_late", "the high-water mark does not fall before the log does"},
    {"one_slot", "the high-water file is always written in the same place"},
    {"wall_clock_in_apply", "a block is executed at the own clock's time"},
    {"time_unchecked", "a proposal whose time does not rise makes a block"},
    {"replay_not_skipped", "after a restart Raft's entries are executed again"},
    {"fetched_not_synced", "Raft keeps a snapshot of blocks that were fetched and not synced"},
    {"receipt_before_commit", "receipts are made before the block is written"},
    {"damage_ignored", "a checkpoint is signed without reading back what it covers"},
    {"mark_after_signature", "the signature leaves before it is noted what was signed"},
    {"mark_may_fall", "the note of what was signed may fall, or name another root"},
    {"certified_one_less", "a node calls certified what one too few have signed"},
    {"attestation_unchecked", "what a peer sends counts as its signature"},
    {"fetch_unchecked", "a fetched block need not be the one that the leader named"},
    {"place_not_kept", "where a submission stands is not kept with the block"},
    {"record_not_moved", "a subject that changes is still looked for where it was"},
};

// The name of a mutant, known when the program is compiled (R1).
class MutantName {
 public:
  consteval MutantName(const char* name) {  // NOLINT: mutated("name") is how it is meant to be written
    while (kMutants[number_].name != name)
      ++number_;  // beyond the end: not a constant, so it does not compile
  }
  constexpr std::size_t number() const { return number_; }

 private:
  std::size_t number_ = 0;
};

// Two names for the linker, because both kinds of source meet in one program.
#ifdef HUFU_MUTANTS
inline namespace mutants_live {
bool mutated(MutantName mutant);  // tests/mutants/mutant.cpp
}
#else
inline namespace mutants_absent {
constexpr bool mutated(MutantName /*mutant*/) { return false; }
}  // namespace mutants_absent
#endif

}  // namespace hufu
