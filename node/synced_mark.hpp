// How much of an append-only file has been synced, kept in a small file beside it: so that a tail that a crash left half written,
// which nobody was told of, is told from one that is damaged or gone.
//
//   file := bytes u64, the first 8 bytes of SHA-256("hufu/synced/v1\n" || bytes u64)          one sector, overwritten in place
//
// Invariants
//   SM1  the mark is raised only after the file was synced up to it: it never says more than is there
//   SM2  raising it does not wait for the disk: after a power cut it may say less, and never something else
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "consensus/types.hpp"

namespace hufu::node {

class SyncedMark {
 public:
  // Made where there is none. Error::file_unreadable, file_unwritable.
  static consensus::Checked<SyncedMark> open(const std::filesystem::path& file);
  SyncedMark(SyncedMark&& other) noexcept;
  SyncedMark(const SyncedMark&) = delete;
  ~SyncedMark();

  // 0: nothing was ever synced, or nobody kept a mark yet. Nothing: it is damaged.
  std::optional<std::uint64_t> bytes() const { return bytes_; }
  consensus::Checked<void> raise(std::uint64_t bytes);
  // What was raised survives a power cut.
  consensus::Checked<void> sync();

 private:
  SyncedMark(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}

  std::filesystem::path file_;
  int descriptor_;
  std::optional<std::uint64_t> bytes_;
};

}  // namespace hufu::node
