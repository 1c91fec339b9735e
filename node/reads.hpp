// Answers that are put together from blocks, in the worker pool: they read the store and nothing else.
//
// The log of blocks is named by a size that was true when the question was asked; its nodes never change, so the answer
// stays consistent while the ledger grows.
#pragma once

#include "ledger/checkpoint/tiles.hpp"
#include "ledger/proof/evidence.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "node/api/answers.hpp"
#include "node/block_shelf.hpp"

namespace hufu::node {

// Every operation of the record with its way to the log's root, oldest first. Errors of the store.
Result<std::vector<OperationEvidence>> read_operations(BlockShelf& shelf, const store::Record& record,
                                                       std::uint64_t log_size);

// The newest operations of the record, oldest first.
Result<std::vector<api::HistoryEntry>> read_history(BlockShelf& shelf, const LedgerId& ledger,
                                                    const store::Record& record, std::size_t most);

// Where the claim of an invoice stands. Reads at most `blocks` blocks, and takes off what it read; nothing: not found in them.
std::optional<Place> latest_claim(BlockShelf& shelf, const store::Record& record, std::size_t& blocks);

// A tile or an entry bundle that the log has all of (ledger/checkpoint/tiles.hpp I1). Errors of the store.
Result<Bytes> read_tile_bytes(const store::LedgerStore& store, const Tile& tile);

}  // namespace hufu::node
