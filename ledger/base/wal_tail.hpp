// Is the damage to a RocksDB write-ahead log its torn end, as a power cut leaves it, or a hole in what was written? Pure.
//
// A power cut during a write leaves the log as long as the write would have made it, with zeros or older bytes where blocks had
// not reached the disk: a last record whose checksum is wrong. RocksDB's tolerant mode forgives a log that is too short, not that;
// its point-in-time mode forgives both, and also a damaged record in the middle, with every record after it.
//
//   log    := block of 32,768 bytes…, the last one shorter
//   block  := fragment…, up to 6 bytes that are not used
//   fragment := checksum u32 (masked CRC-32C over type and data), length u16, type u8, data
//   type   := 1 a whole record | 2 its beginning | 3 its middle | 4 its end
//
// Invariants
//   T1  true only if some fragment is damaged and no record begins, soundly, anywhere behind it
//   T2  when every write is synced before the next, what T1 calls torn was never promised. A damaged byte in the very last
//       record looks the same: the high-water file knows of that one (consensus/high_water.hpp)
// In doubt (bytes behind the damage that happen to read as a record) the answer is no, and the log is refused.
#pragma once

#include "ledger/base/bytes.hpp"

namespace hufu {

bool is_torn_at_its_end(ByteSpan write_ahead_log);

}  // namespace hufu
