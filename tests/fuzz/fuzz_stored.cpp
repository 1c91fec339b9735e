// What a node reads back from its own disk: chunks of the state, their records, and places.
#include "ledger/rocksdb/schema.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::decode_canonical<store::StoredRecord>(data, size);
  const auto whole = decode<store::StoredRecord>({data, size});
  const auto read = store::read_record({data, size});
  FUZZ_CHECK(whole.has_value() == read.has_value());
  if (read) FUZZ_CHECK(read->record == *whole && to_bytes(read->standing) == encode(whole->standing));
  if (const auto records = store::records_of({data, size})) {
    store::ChunkWriter again;
    for (const ByteSpan record : *records) again.add(record);
    FUZZ_CHECK(again.empty() ? size == 1 : again.take() == Bytes(data, data + size));
  }
  fuzz::decode_canonical<Place>(data, size);
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  chain.append(testing::kPlatform, {testing::issue_invoice()});
  std::vector<Bytes> all = {encode(Place{.height = 3, .submission = 1})};
  store::ChunkWriter chunk;
  for (const auto& [key, standing] : chain.state) {
    all.push_back(
        encode(store::StoredRecord{key, standing, 3, 2, {{.height = 1, .submission = 0, .operation = 0}}}));
    if (!chunk.full()) chunk.add(all.back());
  }
  all.push_back(chunk.take());
  return all;
}
