// What a fuzz target is: a file fuzz_NAME.cpp in this folder that defines both functions below and has its line in
// CMakeLists.txt. Built by clang it becomes a libFuzzer program; built by any compiler, a ctest that replays the seeds,
// the corpus and a few thousand mutations of them, the same ones every time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/base/codec.hpp"

// Feeds the bytes to the decoder under test and stops the process (FUZZ_CHECK) on anything wrong. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#define FUZZ_CHECK(condition) \
  do {                        \
    if (!(condition)) {       \
      __builtin_trap();       \
    }                         \
  } while (false)

namespace hufu::fuzz {

// Well-formed inputs to start from, made by the project's own encoders: they cannot go stale.
std::vector<Bytes> seeds();

// K1: whatever is accepted encodes to the very same bytes.
template <class T>
std::optional<T> decode_canonical(const std::uint8_t* data, std::size_t size) {
  auto value = decode<T>({data, size});
  if (!value) return std::nullopt;
  FUZZ_CHECK(encode(*value) == to_bytes({data, size}));
  return std::move(*value);
}

}  // namespace hufu::fuzz
