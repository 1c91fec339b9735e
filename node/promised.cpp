#include "node/promised.hpp"

#include <algorithm>

#include "node/fault_of.hpp"

namespace hufu::node {

using consensus::Fault;

consensus::Checked<void> check_promised(const consensus::Mark& mark, const store::LedgerStore& store) {
  const std::uint64_t height = store.head().height;
  if (mark.app.height > height) {
    return Fault{Error::storage_rolled_back, "the ledger ends at block " + std::to_string(height) +
                                                 ", but block " + std::to_string(mark.app.height) + " (" +
                                                 short_hex(mark.app.head) + ") had been made durable"};
  }
  const auto header = store.header(mark.app.height);
  if (!header) return fault_of(header.error());
  if (mark.app.height > 0 && (!*header || block_hash(**header) != mark.app.head)) {
    return Fault{Error::storage_rolled_back, "block " + std::to_string(mark.app.height) +
                                                 " of the ledger is not the one that had been made durable"};
  }
  return {};
}

consensus::Checked<void> look_before_opening(const DataDir& data, const Genesis& genesis) {
  const auto logs = data.raft_logs();
  const auto newest = std::max_element(logs.begin(), logs.end());
  std::error_code ignored;
  if (newest == logs.end() || !std::filesystem::exists(data.ledger() / "CURRENT", ignored)) return {};
  const auto high_water = consensus::HighWater::open(newest->second / "high-water", false);
  if (!high_water) return {};
  const auto store = store::LedgerStore::open(data.ledger(), genesis, store::Mode::read_only);
  if (!store) return {};
  return check_promised((*high_water)->mark(), **store);
}

}  // namespace hufu::node
