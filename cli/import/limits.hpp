// Bounds on what an import file may hold, all in one place. Files come from offices and strangers: whatever exceeds a bound
// is refused or rejected record by record, never buffered.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hufu::cli::importer {

inline constexpr std::size_t kReadChunkBytes = 256 << 10;  // one read of the file
inline constexpr std::size_t kRecordMaxBytes = 256 << 10;  // one row of a table as UTF-8
inline constexpr std::size_t kJsonLineMaxBytes = 1 << 20;  // one line of JSON
inline constexpr std::size_t kCellMaxBytes = 64 << 10;     // one cell as UTF-8
inline constexpr std::size_t kColumnsMax = 512;            // cells of one record
inline constexpr std::size_t kSampleBytes = 256 << 10;     // text looked at before the first record is read
inline constexpr std::size_t kSampleRecords = 2000;        // records looked at for the same purpose
inline constexpr std::size_t kHeaderSearchRecords = 30;    // how far down the header may stand
inline constexpr std::size_t kJsonDepthMax = 8;
inline constexpr std::size_t kXmlMaxBytes = 4 << 20;        // one XML invoice, read whole
inline constexpr std::size_t kXmlLinesMax = 2000;           // item lines of one XML invoice
inline constexpr std::size_t kMappingMaxBytes = 256 << 10;  // a mapping file
inline constexpr std::size_t kFilesMax = 100'000;           // files of one directory
inline constexpr int kDirectoryDepthMax = 8;

static_assert(kCellMaxBytes < kRecordMaxBytes);
static_assert(kReadChunkBytes <= kRecordMaxBytes);

}  // namespace hufu::cli::importer
