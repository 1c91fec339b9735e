// What a node remembers of epochs: in which it took part, and how each handed over to the next.
#include <rocksdb/db.h>

#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::store {
namespace {

Bytes handover_key(std::uint64_t epoch) {
  Bytes key = to_bytes(as_bytes(kHandoverKey));
  for (const std::uint8_t byte : block_key(epoch)) key.push_back(byte);
  return key;
}

}  // namespace

Checked<std::uint64_t> LedgerStore::begun_epoch() const {
  const auto stored = get(Family::meta, as_bytes(kBegunKey));
  if (!stored) return stored.error();
  if (!*stored) return std::uint64_t{0};
  const auto epoch = decode<std::uint64_t>(as_bytes(**stored));
  if (!epoch) return fail(Error::storage_corrupt, "the mark of the epoch does not decode");
  return *epoch;
}

Checked<void> LedgerStore::mark_begun(std::uint64_t epoch) {
  if (auto earlier = failure()) return *earlier;
  const auto before = begun_epoch();
  if (!before) return before.error();
  if (*before >= epoch) return {};
  return put_durably(as_bytes(kBegunKey), encode(epoch), "marking an epoch");
}

Checked<std::optional<Bytes>> LedgerStore::handover(std::uint64_t epoch) const {
  const auto stored = get(Family::meta, handover_key(epoch));
  if (!stored) return stored.error();
  if (!*stored) return std::optional<Bytes>();
  return std::optional(to_bytes(as_bytes(**stored)));
}

Checked<void> LedgerStore::keep_handover(std::uint64_t epoch, ByteSpan handover) {
  if (auto earlier = failure()) return *earlier;
  return put_durably(handover_key(epoch), handover, "keeping a handover");
}

}  // namespace hufu::store
