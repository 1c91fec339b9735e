// What a node answers, as the client decodes it: canonical or refused; and whatever was accepted, however odd, can be written as
// JSON in UTF-8 (J5). The first byte says which answer.
#include <boost/json/parse.hpp>

#include "node/api/json.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::fuzz {
namespace {

template <class T>
void try_as(const std::uint8_t* data, std::size_t size) {
  const auto value = decode_canonical<T>(data, size);
  if (!value) return;
  const std::string text = api::pretty(api::to_json(*value));
  FUZZ_CHECK(is_utf8(text));
  boost::system::error_code code;
  const auto parsed = boost::json::parse(text, code);
  FUZZ_CHECK(!code && parsed.is_object());
}

template <class T>
Bytes seed(std::uint8_t which, const T& value) {
  Bytes bytes = encode(value);
  bytes.insert(bytes.begin(), which);
  return bytes;
}

}  // namespace
}  // namespace hufu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hufu;
  if (size == 0) return 0;
  const std::uint8_t which = data[0];
  ++data;
  --size;
  if (which == 0) fuzz::try_as<api::Problem>(data, size);
  if (which == 1) fuzz::try_as<api::Accepted>(data, size);
  if (which == 2) fuzz::try_as<api::StandingAnswer>(data, size);
  if (which == 3) fuzz::try_as<api::HistoryAnswer>(data, size);
  if (which == 4) fuzz::try_as<api::ReceiptAnswer>(data, size);
  if (which == 5) fuzz::try_as<api::Head>(data, size);
  if (which == 6) fuzz::try_as<api::NodeStatus>(data, size);
  if (which == 7) fuzz::try_as<api::ClusterStatus>(data, size);
  if (which == 8) fuzz::try_as<Evidence>(data, size);
  if (which == 9) fuzz::try_as<Genesis>(data, size);
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  using namespace testing;
  Chain chain;
  (void)chain.append(kPlatform, {issue_invoice()});
  const SubjectKey key{SubjectKind::invoice, kInvoice};
  const Submission& submission = chain.blocks[1].submissions[0];
  const Receipt receipt{.ledger = chain.ledger, .header = submission.header, .block = chain.head()};
  api::Problem problem = api::problem(Error::inv_already_claimed, "虎");
  problem.refusal.faults = {{.operation = 1, .error = Error::inv_already_claimed, .place = Place{1, 0}}};
  api::HistoryAnswer history{.key = key, .entries = {}, .total = 1, .as_of = {}};
  history.entries.push_back({.operation = submission.operations[0], .agency = kPlatform});
  const api::NodeStatus status{
      .name = "node-1", .id = 1, .peers = {{.id = 2, .name = "node-2", .connected = true}}};
  const api::ClusterStatus cluster{.members = {{.member = chain.genesis.roster.members[0], .status = status}},
                                   .quorum = 1,
                                   .reachable = 1};
  return {seed(0, problem),
          seed(1, api::Accepted{.receipt = receipt, .repeated = true, .cosignatures = {}}),
          seed(2, api::StandingAnswer{.key = key, .standing = chain.find(key), .as_of = {}}),
          seed(3, history),
          seed(4, api::ReceiptAnswer{.receipt = receipt, .as_of = {}}),
          seed(5, api::Head{.header = chain.head()}),
          seed(6, status),
          seed(7, cluster),
          seed(8, chain.evidence(key)),
          seed(9, chain.genesis)};
}
