#include "node/reads.hpp"

#include <algorithm>

namespace hufu::node {
namespace {

// A submission, and the block that keeps it alive.
struct At {
  std::shared_ptr<const ShelvedBlock> shelved;
  const Submission* submission;
};

Result<At> submission_at(BlockShelf& shelf, const store::Spot& spot) {
  auto shelved = shelf.block(spot.height);
  if (!shelved) return shelved.error();
  const std::vector<Submission>& submissions = (*shelved)->block().submissions;
  if (spot.submission >= submissions.size()) return Error::storage_corrupt;
  const Submission& submission = submissions[spot.submission];
  if (spot.operation >= submission.operations.size()) return Error::storage_corrupt;
  return At{std::move(*shelved), &submission};
}

}  // namespace

Result<std::vector<OperationEvidence>> read_operations(BlockShelf& shelf, const store::Record& record,
                                                       std::uint64_t log_size) {
  std::vector<OperationEvidence> operations;
  for (const store::Spot& spot : record.spots) {
    const auto at = submission_at(shelf, spot);
    if (!at) return at.error();
    auto log_path = inclusion_path(shelf.store(), spot.height, log_size);
    if (!log_path) return log_path.error();
    operations.push_back({.operation = at->submission->operations[spot.operation],
                          .index = spot.operation,
                          .submission_path = at->shelved->operations(spot.submission).path(spot.operation),
                          .header = at->submission->header,
                          .signature = at->submission->signature,
                          .place = spot.place(),
                          .block_path = at->shelved->submissions().path(spot.submission),
                          .block = at->shelved->block().header,
                          .log_path = std::move(*log_path)});
  }
  return operations;
}

Result<std::vector<api::HistoryEntry>> read_history(BlockShelf& shelf, const LedgerId& ledger,
                                                    const store::Record& record, std::size_t most) {
  std::vector<api::HistoryEntry> entries;
  const std::size_t skipped = record.spots.size() > most ? record.spots.size() - most : 0;
  for (std::size_t i = skipped; i < record.spots.size(); ++i) {
    const store::Spot& spot = record.spots[i];
    const auto at = submission_at(shelf, spot);
    if (!at) return at.error();
    entries.push_back({.operation = at->submission->operations[spot.operation],
                       .place = spot.place(),
                       .index = spot.operation,
                       .time_ms = at->shelved->block().header.time_ms,
                       .agency = at->submission->header.agency,
                       .submission = submission_id(ledger, at->submission->header)});
  }
  return entries;
}

std::optional<Place> latest_claim(BlockShelf& shelf, const store::Record& record, std::size_t& blocks) {
  for (auto spot = record.spots.rbegin(); spot != record.spots.rend() && blocks > 0; ++spot, --blocks) {
    const auto at = submission_at(shelf, *spot);
    if (!at) return std::nullopt;
    if (std::holds_alternative<InvoiceClaim>(at->submission->operations[spot->operation].payload))
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
