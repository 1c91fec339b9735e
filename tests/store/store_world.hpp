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

// The chain's next block with all that a store is told of it.
struct Extension {
  Execution execution;
  std::vector<store::StateWrite> state;
  std::vector<LogNode> log_nodes;

  store::BlockWrite write(const Chain& chain) const {
    return {.block = chain.blocks.back(),
            .submission_ids = execution.included_ids,
            .state = state,
            .log_nodes = log_nodes};
  }
};

// Extends the chain by one block, which is to be committed.
inline Extension extension(Chain& chain, const store::LedgerStore& store,
                           std::vector<Submission> submissions) {
  const std::uint64_t before = chain.blocks.size();
  Extension next{.execution = chain.extend(std::move(submissions)), .state = {}, .log_nodes = {}};
  next.state = store::state_writes(next.execution.changes);
  Frontier frontier = Frontier::load(store, before).value();
  frontier.append(leaf_hash(encode(chain.head())), &next.log_nodes);
  return next;
}

// Extends the chain by one block and commits what came of it.
inline Execution extend(Chain& chain, store::LedgerStore& store, std::vector<Submission> submissions) {
  Extension next = extension(chain, store, std::move(submissions));
  HUFU_CHECK(store.commit(next.write(chain)).has_value());
  return std::move(next.execution);
}

}  // namespace hufu::testing
