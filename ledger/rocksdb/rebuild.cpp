#include "ledger/rocksdb/rebuild.hpp"

#include <algorithm>

namespace hufu::store {

Checked<std::unique_ptr<Rebuild>> Rebuild::begin(const std::filesystem::path& directory,
                                                 const Genesis& genesis) {
  std::error_code ignored;
  if (std::filesystem::exists(directory, ignored) && !std::filesystem::is_empty(directory, ignored)) {
    return StoreFault{Error::already_exists, directory.string() + ": is not empty"};
  }
  auto store = LedgerStore::open(directory, genesis, Mode::read_write);
  if (!store) return store.error();
  auto frontier = Frontier::load(**store, 1);
  if (!frontier)
    return StoreFault{frontier.error(), directory.string() + ": the log of blocks cannot be read"};
  return std::unique_ptr<Rebuild>(new Rebuild(ledger_id(genesis), std::move(*store), std::move(*frontier)));
}

Checked<void> Rebuild::append(const Block& block) {
  const auto fault = [&](Error error, const std::string& what) {
    return StoreFault{error, "block " + std::to_string(block.header.height) + ": " + what};
  };
  const auto follows = check_follows(store_->head(), block.header);
  if (!follows) return fault(follows.error(), std::string(describe(follows.error()).en));
  Proposal proposal{.height = block.header.height,
                    .parent = block.header.parent,
                    .time_ms = block.header.time_ms,
                    .submissions = block.submissions};
  std::optional<Execution> execution;
  try {
    execution = execute(ledger_, std::move(proposal), *store_,
                        [](const LedgerId&, const Submission&, auto) { return Result<void>(); });
  } catch (const StoreFailure& failure) {
    return fault(Error::storage_corrupt, failure.what());
  }
  if (execution->included.size() != block.submissions.size()) {  // R1
    return fault(Error::storage_corrupt, "the rules refuse a submission");
  }
  const std::vector<StateWrite> writes = state_writes(execution->changes);
  std::vector<LogNode> nodes;
  frontier_.append(leaf_hash(encode(block.header)), &nodes);
  return store_->commit(
      {.block = block, .submission_ids = execution->included_ids, .state = writes, .log_nodes = nodes});
}

// B7: the votes that were given in this epoch are not in the blocks. What was built takes part from the next one on.
Checked<void> Rebuild::finish() {
  const auto roster = store_->record(roster_subject());
  if (!roster) return roster.error();
  if (!*roster) return StoreFault{Error::storage_corrupt, "the state has no roster of nodes"};
  if (auto begun = store_->mark_begun(std::get<RosterStanding>((*roster)->standing.detail).epoch); !begun)
    return begun;
  return store_->sync();
}

}  // namespace hufu::store
