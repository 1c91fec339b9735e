// Submissions from anyone: canonical, and none counts as signed that the agency's key did not sign.
#include "ledger/record/submission.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

namespace {

const testing::Chain& chain() {
  static const testing::Chain founded;
  return founded;
}

std::vector<Submission> honest() {
  testing::Chain chain;
  return {chain.sign(testing::kIssuer, {testing::issue_license()}),
          chain.sign(testing::kPlatform,
                     {testing::issue_invoice(), testing::issue_invoice("24932000000306111420")}),
          chain.sign(testing::kPlatform, {testing::claim_invoice(Standing{})})};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Submission> signed_by_the_key = honest();
  const auto submission = fuzz::decode_canonical<Submission>(data, size);
  if (!submission) return 0;
  const auto is_honest = [&](const Submission& one) { return one == *submission; };
  if (check_signed(chain().ledger, *submission)) {
    const auto key = submission->header.key;
    const bool ours = key == testing::key_of(testing::kIssuer).public_key() ||
                      key == testing::key_of(testing::kPlatform).public_key();
    FUZZ_CHECK(!ours || std::any_of(signed_by_the_key.begin(), signed_by_the_key.end(), is_honest));
  }
  for (const Operation& operation : submission->operations) FUZZ_CHECK(!name_of(operation.payload).empty());
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  std::vector<Bytes> all;
  for (const Submission& submission : honest()) all.push_back(encode(submission));
  return all;
}
