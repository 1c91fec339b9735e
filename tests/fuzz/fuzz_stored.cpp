// What a node reads back from its own disk: records of the state, and places.
#include "ledger/rocksdb/schema.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::decode_canonical<store::Record>(data, size);
  fuzz::decode_canonical<Place>(data, size);
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  chain.append(testing::kPlatform, {testing::issue_invoice()});
  std::vector<Bytes> all = {encode(Place{.height = 3, .submission = 1})};
  for (const auto& [key, standing] : chain.state) {
    all.push_back(encode(store::Record{key, standing, {{.height = 1, .submission = 0, .operation = 0}}}));
  }
  return all;
}
