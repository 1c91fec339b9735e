#include "ledger/rocksdb/schema.hpp"

#include <algorithm>

namespace hufu::store {
namespace {

void put_big_endian(std::uint64_t value, std::uint8_t* out) {
  for (int shift = 56; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(value >> shift);
}

std::array<std::uint8_t, 8> big_endian(std::uint64_t value) {
  std::array<std::uint8_t, 8> key;
  put_big_endian(value, key.data());
  return key;
}

}  // namespace

Result<ReadRecord> read_record(ByteSpan bytes) {
  ReadRecord read;
  StoredRecord& record = read.record;
  Reader reader(bytes);  // as StoredRecord::serialize() has it
  reader& record.key;
  const std::size_t before = reader.remaining();
  reader& record.standing;
  const std::size_t after = reader.remaining();
  reader& record.replaces& record.earlier& bounded<limits::kOperationsPerSubject>(record.spots);
  if (reader.error()) return *reader.error();
  if (reader.remaining() != 0) return Error::trailing_bytes;
  read.standing = bytes.subspan(bytes.size() - before, before - after);
  return read;
}

void ChunkWriter::add(ByteSpan record) {
  HUFU_CHECK(!full());
  if (empty()) records_& count_;  // its place; take() writes it
  records_& static_cast<std::uint32_t>(record.size());
  records_.raw(record);
  ++count_;
}

Bytes ChunkWriter::take() {
  Bytes chunk = records_.take();
  chunk.at(0) = std::exchange(count_, std::uint8_t{0});
  return chunk;
}

Result<std::vector<ByteSpan>> records_of(ByteSpan chunk) {
  Reader reader(chunk);
  std::uint8_t count = 0;
  reader& count;
  if (count > kRecordsPerChunk) return Error::too_long;
  std::vector<ByteSpan> records(count);
  for (ByteSpan& record : records) {
    std::uint32_t length = 0;
    reader& length;
    record = reader.raw(length);
  }
  if (reader.error()) return *reader.error();
  if (reader.remaining() != 0) return Error::trailing_bytes;
  return records;
}

std::array<std::uint8_t, 8> block_key(std::uint64_t height) { return big_endian(height); }
std::array<std::uint8_t, 8> chunk_key(std::uint64_t chunk) { return big_endian(chunk); }

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
