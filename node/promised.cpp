#include "node/promised.hpp"

#include <cstdlib>

namespace hufu::node {
namespace {

namespace fs = std::filesystem;
using consensus::Fault;

// The folder of the newest epoch; empty: there is none.
fs::path newest_log(const fs::path& raft) {
  fs::path newest;
  std::uint64_t epoch = 0;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(raft, ignored)) {
    const std::uint64_t of = std::strtoull(entry.path().filename().c_str(), nullptr, 10);
    if (of <= epoch) continue;
    epoch = of;
    newest = entry.path();
  }
  return newest;
}

}  // namespace

consensus::Checked<void> check_promised(const consensus::Mark& mark, const store::LedgerStore& store) {
  const std::uint64_t height = store.head().height;
  if (mark.app.height > height) {
    return Fault{Error::storage_rolled_back, "the ledger ends at block " + std::to_string(height) +
                                                 ", but block " + std::to_string(mark.app.height) + " (" +
                                                 short_hex(mark.app.head) + ") had been made durable"};
  }
  const auto header = store.header(mark.app.height);
  if (!header) return Fault{header.error().error, header.error().detail};
  if (mark.app.height > 0 && (!*header || block_hash(**header) != mark.app.head)) {
    return Fault{Error::storage_rolled_back, "block " + std::to_string(mark.app.height) +
                                                 " of the ledger is not the one that had been made durable"};
  }
  return {};
}

consensus::Checked<void> look_before_opening(const fs::path& ledger, const fs::path& raft,
                                             const Genesis& genesis) {
  const fs::path mark = newest_log(raft) / "high-water";
  std::error_code ignored;
  if (!fs::exists(ledger / "CURRENT", ignored) || !fs::exists(mark, ignored)) return {};
  const auto high_water = consensus::HighWater::open(mark, false);
  if (!high_water) return {};
  const auto store = store::LedgerStore::open(ledger, genesis, store::Mode::read_only);
  if (!store) return {};
  return check_promised((*high_water)->mark(), **store);
}

}  // namespace hufu::node
