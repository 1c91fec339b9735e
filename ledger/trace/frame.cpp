#include "ledger/trace/frame.hpp"

#include <algorithm>

namespace hufu {
namespace {

constexpr std::size_t kChecksumBytes = kFrameHeadBytes - 4;
// version, genesis, agency, key, id, time, subject, verdict, reason, signature; seq, previous, time, tag; signature.
constexpr std::size_t kLongestEntry =
    (1 + 32 + 1 + limits::kAgencyCode + 32 + 16 + 8 + 32 + 1 + 1 + kTraceReason + 64) + (8 + 32 + 8 + 1) + 64;
static_assert(kFrameHeadBytes + kLongestEntry <= kFrameBytes);

}  // namespace

void put_frame(Bytes& out, ByteSpan payload) {
  const auto length = static_cast<std::uint16_t>(payload.size());
  Writer head;
  head& length& static_cast<std::uint16_t>(~length);
  out.insert(out.end(), head.bytes().begin(), head.bytes().end());
  const Hash checksum = sha256(payload);
  out.insert(out.end(), checksum.bytes.begin(), checksum.bytes.begin() + kChecksumBytes);
  out.insert(out.end(), payload.begin(), payload.end());
}

std::optional<ByteSpan> frame_at(ByteSpan bytes) {
  if (bytes.size() < kFrameHeadBytes) return std::nullopt;
  std::uint16_t length = 0;
  std::uint16_t complement = 0;
  Reader head(bytes);
  head& length& complement;
  if (static_cast<std::uint16_t>(~length) != complement || length > bytes.size() - kFrameHeadBytes)
    return std::nullopt;
  const ByteSpan payload = bytes.subspan(kFrameHeadBytes, length);
  const Hash checksum = sha256(payload);
  if (!std::equal(checksum.bytes.begin(), checksum.bytes.begin() + kChecksumBytes, bytes.begin() + 4))
    return std::nullopt;
  return payload;
}

bool any_frame_in(ByteSpan bytes) {
  for (; bytes.size() >= kFrameHeadBytes; bytes = bytes.subspan(1)) {
    if (frame_at(bytes)) return true;
  }
  return false;
}

}  // namespace hufu
