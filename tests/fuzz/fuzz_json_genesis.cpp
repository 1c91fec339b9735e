// A founding document's draft: strict reading, and what is accepted writes and reads back to itself.
#include "node/api/json.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = hufu::api::genesis_from_json(hufu::as_text({data, size}));
  if (!read) return 0;
  const auto again = hufu::api::genesis_from_json(hufu::api::pretty(hufu::api::to_json(*read)));
  FUZZ_CHECK(again.has_value() && *again == *read);
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  Genesis genesis = testing::make_genesis();
  genesis.agencies.resize(1);
  boost::json::object draft = api::to_json(genesis);
  draft.erase("hash");
  return {to_bytes(as_bytes(api::pretty(draft))), to_bytes(as_bytes(api::pretty(api::to_json(genesis))))};
}
