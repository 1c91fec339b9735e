// Memory straight from the system, given back to it as a whole: for what is large, or large for a moment. What malloc has had
// stays in the process more often than not.
#pragma once

#include <cstddef>
#include <memory>

namespace hufu {

struct Unmap {
  std::size_t bytes = 0;
  void operator()(std::byte* first) const;
};
// Zeroed, and not there before it is touched.
using Region = std::unique_ptr<std::byte[], Unmap>;

// bytes > 0. Throws std::bad_alloc.
Region map_region(std::size_t bytes);

// In pages of 2 MiB, if the system has them (transparent huge pages, madvise): what is read here and there over hundreds of
// megabytes otherwise waits for the table of pages before it waits for the memory.
inline constexpr std::size_t kHugePage = 2U << 20;
// bytes: a multiple of kHugePage, > 0. Throws std::bad_alloc.
Region map_huge_region(std::size_t bytes);

}  // namespace hufu
