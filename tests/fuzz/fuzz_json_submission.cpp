// A submission sent as JSON: strict reading, and what is accepted writes and reads back to itself (J3 of node/api/json.hpp).
#include <boost/json/serialize.hpp>

#include "node/api/json.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = hufu::api::submission_from_json(hufu::as_text({data, size}));
  if (!read) {
    FUZZ_CHECK(!hufu::api::text_of(read.error()).empty());
    return 0;
  }
  FUZZ_CHECK(hufu::decode<hufu::Submission>(hufu::encode(*read)).value() == *read);
  const auto again = hufu::api::submission_from_json(boost::json::serialize(hufu::api::to_json(*read)));
  FUZZ_CHECK(again.has_value() && *again == *read);
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  testing::Chain chain;
  std::vector<Bytes> all;
  for (const Submission& submission : {chain.sign(testing::kIssuer, {testing::issue_license()}),
                                       chain.sign(testing::kPlatform, {testing::issue_invoice()})}) {
    const std::string text = boost::json::serialize(api::to_json(submission));
    all.push_back(to_bytes(as_bytes(text)));
  }
  all.push_back(to_bytes(as_bytes(R"({"genesis":1,"genesis":2,"operations":[{}]})")));
  return all;
}
