#include "ledger/base/region.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

std::byte* map_anonymous(std::size_t bytes) {
  void* const first = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (first == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::byte*>(first);
}

}  // namespace

void Unmap::operator()(std::byte* first) const {
  // Where a process has as many mappings as it may, one more hole is refused: then the pages go back and the addresses stay.
  if (munmap(first, bytes) != 0) HUFU_CHECK(madvise(first, bytes, MADV_DONTNEED) == 0);
}

Region map_region(std::size_t bytes) { return Region(map_anonymous(bytes), Unmap{bytes}); }

Region map_huge_region(std::size_t bytes) {
  HUFU_CHECK(bytes > 0 && bytes % kHugePage == 0);
  // A page more than needed, so that a whole number of pages lies in it; the rest goes back.
  std::byte* const start = map_anonymous(bytes + kHugePage);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(start) % kHugePage) % kHugePage;
  if (before > 0) Unmap{before}(start);
  if (before < kHugePage) Unmap{kHugePage - before}(start + before + bytes);
  Region region(start + before, Unmap{bytes});
  (void)madvise(region.get(), bytes, MADV_HUGEPAGE);  // advice: where it is not taken, the pages are small
  return region;
}

}  // namespace hufu
