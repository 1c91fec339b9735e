// A disk in memory for RocksDB that knows, of every byte, whether it was synced, and of every directory entry too.
//
// A process that is killed loses nothing that it wrote: the system still has it. A power cut takes what was not synced: of
// every file a random part of the unsynced tail stays (torn), and of the directories' unsynced changes a random prefix, as
// on a journalling file system that writes data before lengths (ext4, data=ordered). Damage is one flipped bit at a place that the dice choose.
//
// Invariants
//   M1  what was synced survives everything but flip()
//   M2  while frozen, nothing changes: a store that is closed after its crash cannot tidy up
//   M3  the same calls and the same dice give the same bytes; only RocksDB's own random names, of constant length, differ
// Any thread may use the file system; crash and damage belong to the simulation, when no store writes.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hufu::sim {

// Uniform in [0, bound).
using Dice = std::function<std::uint64_t(std::uint64_t bound)>;

// What a power cut took.
struct Lost {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;  // whose tail is shorter than written
  std::uint64_t entries = 0;
};

class MemoryDisk {
 public:
  MemoryDisk();
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;

  rocksdb::Env* env() const { return env_.get(); }

  // M2. thaw() comes after the store was closed.
  void freeze();
  void thaw();

  // While frozen.
  Lost power_cut(const Dice& dice);
  // Flips one bit of a file that RocksDB reads back; the file and the offset, or "" when there is nothing yet.
  std::string flip(const Dice& dice);
  // The same a third of the way into the newest file with this ending.
  std::string flip_in(const std::string& ending);
  // A new, empty disk in the place of the old one.
  void replace();

  std::uint64_t bytes() const;
  std::vector<std::string> files() const;
  std::uint64_t syncs() const;

 private:
  class Files;
  std::shared_ptr<Files> files_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace hufu::sim
