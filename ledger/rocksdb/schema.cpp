#include "ledger/rocksdb/schema.hpp"

#include <algorithm>

namespace hufu::store {
namespace {

void put_big_endian(std::uint64_t value, std::uint8_t* out) {
  for (int shift = 56; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(value >> shift);
}

}  // namespace

std::array<std::uint8_t, 8> block_key(std::uint64_t height) {
  std::array<std::uint8_t, 8> key;
  put_big_endian(height, key.data());
  return key;
}

std::array<std::uint8_t, 9> log_key(NodeId node) {
  std::array<std::uint8_t, 9> key;
  key[0] = node.level;
  put_big_endian(node.index, key.data() + 1);
  return key;
}

Bytes registry_key(const SubjectKey& key) {
  Bytes bytes(1 + key.id.size());
  bytes[0] = static_cast<std::uint8_t>(key.kind);
  std::copy(key.id.begin(), key.id.end(), bytes.begin() + 1);
  return bytes;
}

Result<SubjectKey> read_registry_key(ByteSpan key) {
  if (key.empty()) return Error::truncated;
  const auto kind = static_cast<SubjectKind>(key[0]);
  if (!is_known(kind)) return Error::unknown_tag;
  return SubjectKey{.kind = kind, .id = std::string(as_text(key.subspan(1)))};
}

}  // namespace hufu::store
