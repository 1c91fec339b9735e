// Key files: what is accepted re-encodes to itself and asks for no more memory and time than the ceiling.
#include "ledger/base/key_file.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hufu::ByteSpan input(data, size);
  const auto sealed = hufu::decode_sealed_key(input);
  if (!sealed) return 0;
  FUZZ_CHECK(hufu::encode(*sealed) == hufu::to_bytes(input));
  FUZZ_CHECK(sealed->cost.passes <= hufu::kMaxCost.passes);
  FUZZ_CHECK(sealed->cost.memory_kib <= hufu::kMaxCost.memory_kib);
  // Opening costs what the file asks for: only the cheap ones are opened here.
  if (sealed->cost.passes > 2 || sealed->cost.memory_kib > 256) return 0;
  if (const auto key = hufu::unseal_key(input, "tally"))
    FUZZ_CHECK(key->label.size() <= hufu::KeyFile::kLabel);
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  std::vector<Bytes> all;
  for (const KeyCost& cost : {kMinCost, kRandomPassphrase}) {
    for (const char* const label : {"", "agency 甲"}) {
      all.push_back(seal_key({.label = label, .seed = Seed()}, "tally", cost).value());
    }
  }
  return all;
}
