// Part of every libFuzzer program: with HUFU_FUZZ_SEEDS=FOLDER in the environment it writes the target's seeds there, as
// files for libFuzzer to start from, and ends.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* const folder = std::getenv("HUFU_FUZZ_SEEDS");
  if (folder == nullptr) return 0;
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const hufu::Bytes& seed : hufu::fuzz::seeds()) {
    std::ofstream out(std::filesystem::path(folder) / ("seed-" + std::to_string(number++)), std::ios::binary);
    out.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
  }
  std::exit(0);
}
