// Every bound of this room. What crosses one is refused before memory is taken for it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hufu::consensus {

// One entry of the log: the largest thing that can be proposed.
inline constexpr std::size_t kMaxEntryBytes = 8U << 20;
// One AppendEntries message: so many entries, and so many bytes unless its first entry alone is larger.
inline constexpr std::size_t kMaxAppendEntries = 4096;
inline constexpr std::size_t kMaxAppendBytes = 8U << 20;
// A snapshot is a pointer into the application's own store, never the bulk.
inline constexpr std::size_t kMaxSnapshotPointer = 4096;
inline constexpr std::size_t kMaxMembers = 64;
inline constexpr std::size_t kMaxAddressBytes = 255;

// A frame on the raft channel: header, fixed fields, entries (8 + 1 + 4 bytes each before their data).
inline constexpr std::size_t kMaxRaftFrame = 256 + kMaxAppendEntries * 13 + kMaxAppendBytes +
                                             kMaxSnapshotPointer + kMaxMembers * (kMaxAddressBytes + 16);
// A frame on one of the application's channels.
inline constexpr std::size_t kMaxAppFrame = 16U << 20;

static_assert(kMaxEntryBytes <= kMaxAppendBytes, "one entry must always fit into one message");
static_assert(kMaxAppendEntries <= 0xFFFF && kMaxMembers <= 0xFF, "list lengths are u16 and u8 on the wire");

}  // namespace hufu::consensus
