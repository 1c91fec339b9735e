// The directory of a node's data, held by one process at a time.
//
//   lock          held (flock) while a node runs
//   access.log    traces of use and counts of refusals (node/access_log.hpp); access.log.mark: how much of it was synced
//   ledger/       the ledger (ledger/rocksdb)
//   evidence/     of members that signed another history (node/fork_evidence.hpp); made when there is some
//   raft/EPOCH/   the Raft log of an epoch and its high-water file (consensus/rocks_log_store.hpp); the newest only
#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "consensus/types.hpp"

namespace hufu::node {

class DataDir {
 public:
  // Makes the directory when it is not there. file_unwritable, also when another process holds it.
  static consensus::Checked<std::unique_ptr<DataDir>> open(const std::filesystem::path& path);
  ~DataDir();
  DataDir(const DataDir&) = delete;
  DataDir& operator=(const DataDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path access_log() const { return path_ / "access.log"; }
  std::filesystem::path evidence() const { return path_ / "evidence"; }
  std::filesystem::path ledger() const { return path_ / "ledger"; }
  std::filesystem::path raft() const { return path_ / "raft"; }
  // What lies in raft/, with the epoch that it is named for.
  std::vector<std::pair<std::uint64_t, std::filesystem::path>> raft_logs() const;

 private:
  DataDir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::filesystem::path path_;
  const int lock_;
};

}  // namespace hufu::node
