// A small file beside the log that remembers how much was promised, so that a store that lost its tail (a deleted
// write-ahead log opens as an empty database) is noticed at start instead of voting and acknowledging again.
//
// File: two slots of 4,096 bytes, written in turn; the valid one with the larger sequence number counts.
//   slot := "HUFUHW01" u64 sequence u64 term u64 vote u64 last_index u64 height raw32 head raw32 checksum, zeros
//   checksum := tagged_hash("hufu/high-water/v1", the bytes before it)
//
// Invariants
//   W1  what the file says is never more than what the log store has made durable
//   W2  a write damages at most one slot: after a torn write the other one is whole, and W1 holds for it too
//   W3  after rising() the file is as durable as the operating system: a killed process loses nothing. The disk is only
//       asked (fdatasync) at hard-state changes, when the last index falls, by sync() and at closing, so that a step of the
//       log costs one fsync, its own. A power cut can therefore leave an older mark, never one that accuses wrongly.
//
// Loop and disk thread both write (the application's mark and the log's), hence the mutex.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "consensus/log_store.hpp"
#include "ledger/base/hash.hpp"

namespace hufu::consensus {

// What the application has made durable of its own, opaque here.
struct AppMark {
  std::uint64_t height = 0;
  Hash head;

  bool operator==(const AppMark&) const = default;
};

struct Mark {
  HardState hard;
  std::uint64_t last_index = 0;
  AppMark app;

  bool operator==(const Mark&) const = default;
};

class HighWater {
 public:
  // Opens the file, or makes it with an empty mark when it is not there and may_create is given. Faults: file_missing,
  // file_unreadable, file_unwritable, storage_corrupt (both slots damaged).
  static Checked<std::unique_ptr<HighWater>> open(const std::filesystem::path& file, bool may_create);
  ~HighWater();
  HighWater(const HighWater&) = delete;
  HighWater& operator=(const HighWater&) = delete;

  Mark mark() const;

  // After the hard state became durable. Synced.
  Checked<void> hard_state(const HardState& hard);
  // After entries up to this index became durable. Not synced.
  Checked<void> rising(std::uint64_t last_index);
  // Before a step that leaves fewer entries than before. Synced.
  Checked<void> falling(std::uint64_t last_index);
  // After the application's state up to this mark became durable (StateMachine::snapshot is the place). Not synced.
  Checked<void> app(const AppMark& mark);
  // From a timer and before closing.
  Checked<void> sync();

 private:
  HighWater(std::filesystem::path file, int descriptor);
  Checked<void> read();
  Checked<void> write(const Mark& mark, bool durable);

  const std::filesystem::path file_;
  const int descriptor_;
  mutable std::mutex mutex_;
  Mark mark_;
  std::uint64_t sequence_ = 0;
  bool dirty_ = false;
};

}  // namespace hufu::consensus
