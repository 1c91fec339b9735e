// A ledger on disk that follows the chain of tests/ledger/world.hpp block by block.
#pragma once

#include <unistd.h>

#include <filesystem>

#include "ledger/rocksdb/ledger_store.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::testing {

// A directory of its own, gone afterwards.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hufu-test-XXXXXX").string();
    HUFU_CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Extends the chain by one block and commits what came of it.
inline Execution extend(Chain& chain, store::LedgerStore& store, std::vector<Submission> submissions) {
  const std::uint64_t before = chain.blocks.size();
  Execution execution = chain.extend(std::move(submissions));
  const std::vector<store::StateWrite> writes = store::state_writes(execution.changes);
  std::vector<LogNode> nodes;
  Frontier frontier = Frontier::load(store, before).value();
  frontier.append(leaf_hash(encode(chain.head())), &nodes);
  const store::BlockWrite write{.block = chain.blocks.back(),
                                .submission_ids = execution.included_ids,
                                .state = writes,
                                .log_nodes = nodes};
  HUFU_CHECK(store.commit(write).has_value());
  return execution;
}

}  // namespace hufu::testing
