// Standings as a disk or a node hands them over.
#include "ledger/record/standing.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto standing = fuzz::decode_canonical<Standing>(data, size)) {
    FUZZ_CHECK(standing->value_hash() == sha256({data, size}));
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  chain.append(testing::kIssuer, {testing::issue_license()});
  chain.append(testing::kPlatform, {testing::issue_invoice()});
  std::vector<Bytes> all;
  for (const auto& [key, standing] : chain.state) all.push_back(encode(standing));
  return all;
}
