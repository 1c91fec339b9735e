// What other people's mirrors ask for and hand out: tile paths and entry bundles. Both have one form.
#include "ledger/checkpoint/tiles.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteSpan bytes{data, size};
  if (const Result<Tile> tile = parse_tile_path(as_text(bytes))) {
    FUZZ_CHECK(tile_path(*tile) == as_text(bytes));
    FUZZ_CHECK(!has_tile(*tile, 0));
    FUZZ_CHECK(!has_tile(*tile, ~std::uint64_t{0}) || tile->level.value_or(0) < 8);
  }
  if (const auto headers = parse_entry_bundle(bytes)) FUZZ_CHECK(entry_bundle(*headers) == to_bytes(bytes));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  std::vector<Bytes> all;
  for (const std::string_view path :
       {"tile/0/000", "tile/2/x001/x234/067", "tile/63/999.p/1", "tile/entries/273.p/112",
        "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"}) {
    all.push_back(to_bytes(as_bytes(path)));
  }
  for (const std::size_t count : {1U, 2U, 256U}) {
    const std::vector<BlockHeader> headers(count);
    all.push_back(entry_bundle(headers));
  }
  return all;
}
