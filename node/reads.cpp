#include "node/reads.hpp"

#include <algorithm>

#include "node/receipts.hpp"

namespace hufu::node {
namespace {

// A block with the tree over its submissions; the one that was read last is kept, because operations of one subject often
// share a block.
class BlockShelf {
 public:
  explicit BlockShelf(const store::LedgerStore& store) : store_(store) {}

  Result<const Block*> block(std::uint64_t height) {
    if (block_ && block_->header.height == height) return &*block_;
    auto read = store_.block(height);
    if (!read) return read.error().error;
    if (!*read) return Error::storage_corrupt;  // the index names it
    block_ = std::move(**read);
    tree_.reset();
    return &*block_;
  }
  const ListTree& tree() {
    if (!tree_) tree_.emplace(submission_leaves(block_->submissions));
    return *tree_;
  }

 private:
  const store::LedgerStore& store_;
  std::optional<Block> block_;
  std::optional<ListTree> tree_;
};

Result<const Submission*> submission_at(BlockShelf& shelf, const store::Spot& spot) {
  const auto block = shelf.block(spot.height);
  if (!block) return block.error();
  if (spot.submission >= (*block)->submissions.size()) return Error::storage_corrupt;
  const Submission& submission = (*block)->submissions[spot.submission];
  if (spot.operation >= submission.operations.size()) return Error::storage_corrupt;
  return &submission;
}

}  // namespace

Result<std::vector<OperationEvidence>> read_operations(const store::LedgerStore& store,
                                                       const store::Record& record, std::uint64_t log_size) {
  BlockShelf shelf(store);
  std::vector<OperationEvidence> operations;
  for (const store::Spot& spot : record.spots) {
    const auto submission = submission_at(shelf, spot);
    if (!submission) return submission.error();
    auto log_path = inclusion_path(store, spot.height, log_size);
    if (!log_path) return log_path.error();
    const std::vector<Hash> hashes = operation_hashes((*submission)->operations);
    operations.push_back({.operation = (*submission)->operations[spot.operation],
                          .index = spot.operation,
                          .submission_path = inclusion_path(hashes, spot.operation),
                          .header = (*submission)->header,
                          .signature = (*submission)->signature,
                          .place = spot.place(),
                          .block_path = shelf.tree().path(spot.submission),
                          .block = shelf.block(spot.height).value()->header,
                          .log_path = std::move(*log_path)});
  }
  return operations;
}

Result<std::vector<api::HistoryEntry>> read_history(const store::LedgerStore& store, const LedgerId& ledger,
                                                    const store::Record& record, std::size_t most) {
  BlockShelf shelf(store);
  std::vector<api::HistoryEntry> entries;
  const std::size_t skipped = record.spots.size() > most ? record.spots.size() - most : 0;
  for (std::size_t i = skipped; i < record.spots.size(); ++i) {
    const store::Spot& spot = record.spots[i];
    const auto submission = submission_at(shelf, spot);
    if (!submission) return submission.error();
    entries.push_back({.operation = (*submission)->operations[spot.operation],
                       .place = spot.place(),
                       .index = spot.operation,
                       .time_ms = shelf.block(spot.height).value()->header.time_ms,
                       .agency = (*submission)->header.agency,
                       .submission = submission_id(ledger, (*submission)->header)});
  }
  return entries;
}

std::optional<Place> latest_claim(const store::LedgerStore& store, const store::Record& record,
                                  std::size_t& blocks) {
  BlockShelf shelf(store);
  for (auto spot = record.spots.rbegin(); spot != record.spots.rend() && blocks > 0; ++spot, --blocks) {
    const auto submission = submission_at(shelf, *spot);
    if (!submission) return std::nullopt;
    if (std::holds_alternative<InvoiceClaim>((*submission)->operations[spot->operation].payload))
      return spot->place();
  }
  return std::nullopt;
}

Result<Bytes> read_tile_bytes(const store::LedgerStore& store, const Tile& tile) {
  if (tile.level) return read_tile(store, tile);
  std::vector<BlockHeader> headers;
  for (std::uint64_t i = 0; i < tile.width; ++i) {
    const auto header = store.header(tile.index * kTileWidth + i);
    if (!header) return header.error().error;
    if (!*header) return Error::storage_corrupt;
    headers.push_back(**header);
  }
  return entry_bundle(headers);
}

}  // namespace hufu::node
