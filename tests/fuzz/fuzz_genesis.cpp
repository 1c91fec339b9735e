// Founding documents: what is accepted is whole, so the first state and the first block can be made of it.
#include "ledger/genesis/genesis.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto genesis = decode_genesis({data, size});
  if (!genesis) return 0;
  FUZZ_CHECK(encode_genesis(*genesis) == to_bytes({data, size}));
  FUZZ_CHECK(check_genesis(*genesis).empty());
  const auto state = founding_state(*genesis);
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  FUZZ_CHECK(std::is_sorted(state.begin(), state.end(), by_key));
  FUZZ_CHECK(founding_block(*genesis).parent == genesis_hash(*genesis));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  Genesis two = testing::make_genesis();
  two.roster = testing::roster_of({1, 2});
  return {encode_genesis(testing::make_genesis()), encode_genesis(two)};
}
