// How entries of an access log lie in its file, one behind the other. Pure.
//
//   frame := length u16, its complement u16, the first 8 bytes of SHA-256(payload), payload      payload: a signed entry
//
// The checksum finds what a crash left half written; what somebody changed is found by the chain and the signatures.
#pragma once

#include <optional>

#include "ledger/trace/trace.hpp"

namespace hufu {

inline constexpr std::size_t kFrameHeadBytes = 12;
// Of one frame; the longest signed entry is shorter.
inline constexpr std::size_t kFrameBytes = 1024;

void put_frame(Bytes& out, ByteSpan payload);
// The payload of the frame that stands at the beginning; nothing if no whole one does.
std::optional<ByteSpan> frame_at(ByteSpan bytes);
// Does a whole one stand anywhere in it? What a crash left half written at the end holds none. Quadratic at worst: for a few
// batches.
bool any_frame_in(ByteSpan bytes);

}  // namespace hufu
