// Textual forms of byte strings: what is accepted reads back to the same bytes; base64 has one spelling a value.
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hufu::as_text({data, size});
  if (const auto bytes = hufu::from_base64(text)) FUZZ_CHECK(hufu::to_base64(*bytes) == text);
  if (const auto bytes = hufu::from_hex(text))
    FUZZ_CHECK(hufu::from_hex(hufu::to_hex(*bytes)).value() == *bytes);
  FUZZ_CHECK(hufu::from_base64(hufu::to_base64({data, size})).value() == hufu::to_bytes({data, size}));
  // Well-formed UTF-8 stays so when put together, and never ends inside a character.
  if (hufu::is_utf8(text)) FUZZ_CHECK(hufu::is_utf8(std::string(text) + std::string(text)));
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  std::vector<Bytes> all;
  for (const std::string_view text :
       {"", "00ff", "DEADbeef", "AA==", "AAE=", "AAEC", "/+8=", "虎符 tally", "\xF0\x9F\x90\x85"}) {
    all.push_back(to_bytes(as_bytes(text)));
  }
  return all;
}
