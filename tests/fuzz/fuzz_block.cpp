// Blocks as another node or a disk hands them over.
#include "ledger/chain/block.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Chain chain;
  const auto block = fuzz::decode_canonical<Block>(data, size);
  if (!block) return 0;
  const bool whole = check_contents(*block).has_value();
  const bool follows = check_follows(chain.head(), block->header).has_value();
  FUZZ_CHECK(!whole || block->header.count == block->submissions.size());
  FUZZ_CHECK(!follows || block->header.parent == block_hash(chain.head()));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  chain.append(testing::kIssuer, {testing::issue_license()});
  chain.append(testing::kPlatform, {testing::issue_invoice()});
  std::vector<Bytes> all;
  for (const Block& block : chain.blocks) all.push_back(encode(block));
  return all;
}
