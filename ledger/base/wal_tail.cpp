#include "ledger/base/wal_tail.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace hufu {
namespace {

constexpr std::size_t kBlock = 32'768;
constexpr std::size_t kHeader = 7;
constexpr std::uint8_t kWhole = 1;
constexpr std::uint8_t kBeginning = 2;
constexpr std::uint8_t kEnd = 4;

// Castagnoli's polynomial, reflected.
constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
    table[i] = crc;
  }
  return table;
}
constexpr auto kCrcTable = crc_table();

// RocksDB masks its checksums, so that one of bytes that hold a checksum is not a weak one.
std::uint32_t masked_crc(ByteSpan bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) crc = kCrcTable[(crc ^ byte) & 0xFFU] ^ (crc >> 8);
  crc ^= 0xFFFFFFFFU;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

struct Fragment {
  std::uint8_t type = 0;
  std::size_t bytes = 0;  // with its header
};

// The fragment at this offset, if it is a sound one.
std::optional<Fragment> fragment_at(ByteSpan log, std::size_t at) {
  const std::size_t room = std::min(log.size() - at, kBlock - at % kBlock);
  if (room < kHeader) return std::nullopt;
  const ByteSpan bytes = log.subspan(at, room);
  const Fragment fragment{.type = bytes[6], .bytes = kHeader + (bytes[4] | std::size_t{bytes[5]} << 8)};
  if (fragment.type < kWhole || fragment.type > kEnd || fragment.bytes > room) return std::nullopt;
  std::uint32_t stored = 0;
  for (std::size_t i = 0; i < 4; ++i) stored |= std::uint32_t{bytes[i]} << (8 * i);
  if (masked_crc(bytes.subspan(6, fragment.bytes - 6)) != stored) return std::nullopt;
  return fragment;
}

// Where the first damaged fragment begins; nothing when all are sound. A log that is only too short has none.
std::optional<std::size_t> first_damage(ByteSpan log) {
  std::size_t at = 0;
  while (at < log.size()) {
    const std::size_t room = kBlock - at % kBlock;
    if (room < kHeader) {
      at += room;
      continue;
    }
    const std::optional<Fragment> fragment = fragment_at(log, at);
    if (!fragment) return at;
    at += fragment->bytes;
  }
  return std::nullopt;
}

}  // namespace

bool is_torn_at_its_end(ByteSpan write_ahead_log) {
  const std::optional<std::size_t> damage = first_damage(write_ahead_log);
  if (!damage) return false;
  for (std::size_t at = *damage + 1; at + kHeader <= write_ahead_log.size(); ++at) {
    const std::uint8_t type = write_ahead_log[at + 6];
    if (type != kWhole && type != kBeginning) continue;
    if (fragment_at(write_ahead_log, at)) return false;
  }
  return true;
}

}  // namespace hufu
