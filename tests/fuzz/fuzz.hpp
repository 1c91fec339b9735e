// What a fuzz target is: a file fuzz_NAME.cpp in this folder that defines both functions below and has its line in
// CMakeLists.txt. Built by clang it becomes a libFuzzer program; built by any compiler, a ctest that replays the seeds,
// the corpus and a few thousand mutations of them, the same ones every time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ledger/base/bytes.hpp"

// Feeds the bytes to the decoder under test and stops the process (FUZZ_CHECK) on anything wrong. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace hufu::fuzz {

// Well-formed inputs to start from, made by the project's own encoders: they cannot go stale.
std::vector<Bytes> seeds();

}  // namespace hufu::fuzz

#define FUZZ_CHECK(condition) \
  do {                        \
    if (!(condition)) {       \
      __builtin_trap();       \
    }                         \
  } while (false)
