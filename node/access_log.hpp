// The file of a node's access log (ledger/trace/trace.hpp): append-only, chained, signed.
//
//   file := frame…      (ledger/trace/frame.hpp)         beside it NAME.mark: how much of it was synced (synced_mark.hpp)
//
// Durability: append() returns after one fdatasync over the whole batch; nothing is acknowledged before. At the start every
// frame is read and U1 checked. What a crash left half written at the end is cut off: it was never acknowledged; it is taken
// for that only if it begins behind what the mark says was synced, is no longer than one batch, and no whole frame follows.
// Anything else that does not read, and a file that is shorter than its mark, is refused: it is left as it is, and the node
// does not start.
//
// For one thread at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "consensus/types.hpp"
#include "ledger/trace/frame.hpp"
#include "node/synced_mark.hpp"

namespace hufu::node {

class AccessLog {
 public:
  static constexpr std::size_t kBatchBytes = 64 * 1024;
  static constexpr std::size_t kBatchEntries = kBatchBytes / kFrameBytes;
  // Full then: nothing more is taken, which is said, and nothing is thrown away. Millions of entries.
  static constexpr std::uint64_t kMaxBytes = 4ULL << 30;

  static consensus::Checked<std::unique_ptr<AccessLog>> open(const std::filesystem::path& file,
                                                             AccessKeeper keeper, SigningKey key);
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  std::uint64_t size() const { return chain_.next(); }  // entries
  std::uint64_t cut_off() const { return cut_off_; }    // bytes of a torn tail, when it was opened
  // At most kBatchEntries. Error::overloaded when the file is full; any other fault is the disk's, and the end of this log.
  consensus::Checked<std::vector<SignedEntry>> append(std::vector<AccessRecord> records,
                                                      std::uint64_t time_ms);
  // At most kTracePage, from this number on.
  consensus::Checked<AccessPage> read(std::uint64_t from, std::size_t limit) const;

 private:
  AccessLog(std::filesystem::path file, int descriptor, SyncedMark mark, AccessKeeper keeper, SigningKey key);
  consensus::Checked<void> load();
  consensus::Checked<void> read_all(std::uint64_t length);
  consensus::Checked<void> cut_tail(std::uint64_t length);
  void keep_place(std::uint64_t offset);

  const std::filesystem::path file_;
  const int descriptor_;
  SyncedMark mark_;
  const AccessKeeper keeper_;
  const SigningKey key_;
  AccessChain chain_;
  std::uint64_t end_ = 0;              // bytes
  std::vector<std::uint64_t> places_;  // offset of every kTracePage-th entry
  std::uint64_t cut_off_ = 0;
};

}  // namespace hufu::node
