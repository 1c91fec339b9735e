#include "cli/import/duplicates.hpp"

#include <cstring>

#include "ledger/base/hash.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::size_t kSlotsAtFirst = 1024;

ByteSpan bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::uint64_t word(const Hash& hash, std::size_t index) {
  std::uint64_t out = 0;
  std::memcpy(&out, hash.bytes.data() + index * sizeof out, sizeof out);
  return out;
}

}  // namespace

Duplicates::Duplicates() : slots_(kSlotsAtFirst) {}

Duplicates::Seen Duplicates::see(std::string_view key, std::string_view text, std::string_view content) {
  const Hash key_hash = sha256(bytes_of(key));
  Slot wanted;
  wanted.key[0] = word(key_hash, 0) | 1;  // never the mark of a free slot
  wanted.key[1] = word(key_hash, 1);
  wanted.text = word(sha256(bytes_of(text)), 0);
  wanted.content = word(sha256(bytes_of(content)), 0);

  Slot& slot = slot_for(slots_, wanted);
  if (slot.key[0] == 0) {
    slot = wanted;
    if (++used_ * 4 > slots_.size() * 3) grow();
    return Seen::never;
  }
  if (slot.text == wanted.text) return Seen::same_text;
  return slot.content == wanted.content ? Seen::same_content : Seen::conflict;
}

Duplicates::Slot& Duplicates::slot_for(std::vector<Slot>& slots, const Slot& wanted) const {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = wanted.key[1] & mask;
  while (slots[at].key[0] != 0 && (slots[at].key[0] != wanted.key[0] || slots[at].key[1] != wanted.key[1])) {
    at = (at + 1) & mask;
  }
  return slots[at];
}

void Duplicates::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (const Slot& slot : slots_) {
    if (slot.key[0] != 0) slot_for(larger, slot) = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace hufu::cli::importer
