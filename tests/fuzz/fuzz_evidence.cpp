// Evidence from a node that may lie: if every check passes against the true log root, the standing it shows is the true one.
#include "ledger/proof/evidence.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

namespace {

const SubjectKey kLicense{SubjectKind::license, testing::kLicense};
const SubjectKey kInvoice{SubjectKind::invoice, testing::kInvoice};

testing::Chain grown() {
  testing::Chain chain;
  chain.append(testing::kIssuer, {testing::issue_license()});
  chain.append(testing::kPlatform, {testing::issue_invoice()});
  chain.append(testing::kIssuer, {testing::change_license(LicenseAction::suspend, *chain.find(kLicense))});
  return chain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Chain chain = grown();
  static const Hash true_root = chain.evidence(kLicense).log_root;
  const auto evidence = fuzz::decode_canonical<Evidence>(data, size);
  if (!evidence) return 0;
  const auto checks = check_evidence(chain.genesis, *evidence);
  const bool passed = std::none_of(checks.begin(), checks.end(),
                                   [](const Check& check) { return check.result == Check::Result::fail; });
  if (passed && evidence->log_root == true_root) {
    FUZZ_CHECK(evidence->subject.standing == chain.find(evidence->subject.key));
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  const testing::Chain chain = grown();
  std::vector<Bytes> all;
  for (const SubjectKey& key :
       {kLicense, kInvoice, SubjectKey{SubjectKind::invoice, "24932000000306111420"}}) {
    all.push_back(encode(chain.evidence(key)));
  }
  return all;
}
