// Where a Raft group keeps its hard state, its log and its last snapshot pointer.
//
// Durability contract
//   D1  set_hard_state and commit are durable when they return without a fault: they survive a power cut
//   D2  one commit is atomic: after a crash all of it is there or none of it
//   D3  load returns exactly what was made durable, plus at most the one step that was under way in a crash; what is
//       damaged, has a gap or is less than was promised is a fault that names the file, never a shorter log
//   D4  after a fault the store must not be used again; a failed write may be there after a restart
// Calls never overlap, but come from two threads: set_hard_state from the loop, commit from the disk thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "consensus/types.hpp"

namespace hufu::consensus {

struct HardState {
  std::uint64_t term = 0;
  NodeId vote = 0;  // 0: nobody in this term

  bool operator==(const HardState&) const = default;
};

// Numbers are stored and sent: they never change.
enum class EntryKind : std::uint8_t { command = 1, barrier = 2, configuration = 3 };
constexpr bool is_known(EntryKind kind) {
  return kind >= EntryKind::command && kind <= EntryKind::configuration;
}

struct Entry {
  std::uint64_t term = 0;
  EntryKind kind = EntryKind::command;
  Bytes data;

  bool operator==(const Entry&) const = default;
};
// The same, somebody else's memory.
struct EntryView {
  std::uint64_t term = 0;
  EntryKind kind = EntryKind::command;
  ByteSpan data;
};

struct Snapshot {
  std::uint64_t index = 0;  // the last entry it stands for
  std::uint64_t term = 0;
  std::uint64_t members_index = 0;  // where the membership below was decided
  std::vector<Member> members;
  Bytes pointer;
};

// The entries are first, first + 1, …; first <= snapshot.index + 1.
struct Loaded {
  HardState hard;
  std::optional<Snapshot> snapshot;
  std::uint64_t first = 1;
  std::vector<Entry> entries;

  std::uint64_t last() const { return first + entries.size() - 1; }
  bool pristine() const { return hard == HardState{} && !snapshot && entries.empty(); }
};

// In this order, atomically: truncate, then snapshot, then append.
struct LogStep {
  std::optional<std::uint64_t> truncate_from;  // delete the entries >= this
  std::optional<Snapshot> snapshot;
  std::uint64_t keep_from = 0;     // with a snapshot: delete the entries < this
  bool keep_nothing = false;       // with a snapshot: it replaces the whole log
  std::uint64_t append_at = 0;     // index of the first of the entries
  std::vector<EntryView> entries;  // valid until commit returns
};

class LogStore {
 public:
  virtual ~LogStore() = default;

  virtual Checked<Loaded> load() = 0;
  virtual Checked<void> set_hard_state(const HardState& hard) = 0;
  virtual Checked<void> commit(const LogStep& step) = 0;
};

}  // namespace hufu::consensus
