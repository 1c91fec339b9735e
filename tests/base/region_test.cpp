#include "ledger/base/region.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hufu {
namespace {

TEST(Region, IsZeroedAndKeepsWhatIsWritten) {
  constexpr std::size_t kBytes = 10'000;
  const Region region = map_region(kBytes);
  EXPECT_TRUE(
      std::all_of(region.get(), region.get() + kBytes, [](std::byte byte) { return byte == std::byte{}; }));
  std::memset(region.get(), 7, kBytes);
  EXPECT_EQ(region[kBytes - 1], std::byte{7});
}

TEST(Region, AHugeOneBeginsAtAHugePageAndIsWholeToItsEnd) {
  for (std::size_t pages = 1; pages <= 3; ++pages) {
    const Region region = map_huge_region(pages * kHugePage);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(region.get()) % kHugePage, 0U);
    std::memset(region.get(), 7, pages * kHugePage);
    EXPECT_EQ(region[pages * kHugePage - 1], std::byte{7});
  }
}

}  // namespace
}  // namespace hufu
