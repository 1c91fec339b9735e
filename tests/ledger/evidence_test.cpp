#include "ledger/proof/evidence.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const SubjectKey kSubject{SubjectKind::license, kLicense};

// A license suspended and resumed among other records, in several blocks.
Chain make_chain() {
  Chain chain;
  chain.append(kPlatform, {issue_invoice()});
  chain.append(kIssuer,
               {issue_license(
                    "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000002.001." +
                    std::string(1, mod37_36("11100000MB0143028R00111330302XT000013762019000002001").value())),
                issue_license()});
  chain.append(kIssuer, {change_license(LicenseAction::suspend, *chain.find(kSubject))});
  chain.append(kPlatform, {claim_invoice(*chain.find({SubjectKind::invoice, kInvoice}))});
  chain.append(kIssuer, {change_license(LicenseAction::resume, *chain.find(kSubject))});
  return chain;
}

class EvidenceTest : public ::testing::Test {
 protected:
  std::string failing(const Evidence& evidence) const {
    return failed(check_evidence(chain_.genesis, evidence));
  }

  Chain chain_ = make_chain();
  Evidence evidence_ = chain_.evidence(kSubject);
};

TEST_F(EvidenceTest, HonestEvidencePasses) {
  EXPECT_EQ(failing(evidence_), "");
  EXPECT_EQ(evidence_.operations.size(), 3U);
  EXPECT_EQ(failing(decode<Evidence>(encode(evidence_)).value()), "");
}

TEST_F(EvidenceTest, AbsenceIsProved) {
  const Evidence absent = chain_.evidence({SubjectKind::invoice, "24332000000306111420"});
  EXPECT_FALSE(absent.subject.standing);
  EXPECT_EQ(failing(absent), "");
}

TEST_F(EvidenceTest, AbsenceOfAnIncludedSubjectIsNot) {
  evidence_.subject.standing.reset();
  evidence_.operations.clear();
  EXPECT_EQ(failing(evidence_), "inclusion");
  evidence_.subject.proof = chain_.evidence({SubjectKind::invoice, "24332000000306111420"}).subject.proof;
  EXPECT_EQ(failing(evidence_), "inclusion");
}

TEST_F(EvidenceTest, E1AnotherLedgerOrAnOldHeadIsRefused) {
  Evidence bad = evidence_;
  bad.ledger.genesis.bytes[0] ^= 1;
  EXPECT_EQ(failing(bad), "ledger");
  bad = evidence_;
  bad.head = chain_.blocks[2].header;
  EXPECT_EQ(failing(bad), "ledger");
  bad = evidence_;
  bad.log_size += 1;
  EXPECT_EQ(failing(bad), "ledger");
}

TEST_F(EvidenceTest, E2AChangedStandingIsRefused) {
  Evidence bad = evidence_;
  std::get<LicenseStanding>(bad.subject.standing->detail).state = LicenseState::revoked;
  EXPECT_EQ(failing(bad), "inclusion");
}

TEST_F(EvidenceTest, E2AForgedAgencyIsRefused) {
  Evidence bad = evidence_;
  std::get<AgencyStanding>(bad.support[0].standing.standing->detail).keys[0].key =
      key_of("forger").public_key();
  EXPECT_EQ(failing(bad), "inclusion");
  bad.support.clear();
  EXPECT_EQ(failing(bad), "issuer authority");
}

TEST_F(EvidenceTest, E3PathsAndPlacesMustLeadUp) {
  Evidence bad = evidence_;
  bad.operations[0].index = 0;
  EXPECT_EQ(failing(bad), "inclusion");
  bad = evidence_;
  bad.operations[1].log_path.pop_back();
  EXPECT_EQ(failing(bad), "inclusion");
  bad = evidence_;
  bad.operations[1].place.height += 1;
  EXPECT_EQ(failing(bad), "inclusion");
  bad = evidence_;
  std::swap(bad.operations[0].log_path, bad.operations[1].log_path);
  EXPECT_EQ(failing(bad), "inclusion");
}

TEST_F(EvidenceTest, E5NothingCanBeLeftOut) {
  Evidence bad = evidence_;
  bad.operations.pop_back();
  EXPECT_EQ(failing(bad), "history");
  bad = evidence_;
  bad.operations.erase(bad.operations.begin() + 1);
  EXPECT_EQ(failing(bad), "history");
  bad = evidence_;
  bad.operations.clear();
  EXPECT_EQ(failing(bad), "history");
  bad = evidence_;
  bad.operations.push_back(chain_.evidence({SubjectKind::invoice, kInvoice}).operations[0]);
  bad.support.push_back(chain_.evidence({SubjectKind::invoice, kInvoice}).support[0]);
  std::sort(bad.support.begin(), bad.support.end(), [](auto& a, auto& b) { return a.key() < b.key(); });
  EXPECT_EQ(failing(bad), "history");
}

// Every byte of the evidence matters: nothing in it can be changed and still pass as evidence of something else.
TEST_F(EvidenceTest, NoFlippedBitIsAccepted) {
  const Bytes good = encode(evidence_);
  std::size_t tried = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    const Result<Evidence> decoded = decode<Evidence>(bad);
    ++tried;
    if (!decoded || decoded->subject.key != kSubject)
      continue;  // the caller sees that it is not what was asked
    ASSERT_NE(failing(*decoded), "") << "bit " << bit;
  }
  RecordProperty("bits", static_cast<int>(tried));
  EXPECT_GT(tried, 20000U);
}

// A node that makes up a whole ledger of its own, consistent in itself, still cannot make up an agency's signature.
class LyingNode : public Chain {
 public:
  void plant(const SubjectKey& key, Standing standing) {
    state[key] = std::move(standing);
    extend({});  // a block whose state root covers it
  }
};

TEST(LyingNodeTest, ALicenseThatNobodySignedIsRefused) {
  LyingNode node;
  node.plant(kSubject, {.count = 0,
                        .last = {},
                        .detail = LicenseStanding{.issuer = kIssuer,
                                                  .commitment = commitment(license_document()).value()}});
  EXPECT_EQ(failed(check_evidence(node.genesis, node.evidence(kSubject))), "history");
}

TEST(LyingNodeTest, AnAgencyKeyThatTheGenesisDoesNotFoundIsRefused) {
  LyingNode node;
  const SubjectKey agency{SubjectKind::agency, kIssuer};
  Standing standing = *node.find(agency);
  std::get<AgencyStanding>(standing.detail).keys[0].key = key_of("forger").public_key();
  node.plant(agency, standing);
  const Submission forged =
      sign_submission(node.ledger, kIssuer, key_of("forger"), request(1), {issue_license()});
  ASSERT_TRUE(applied(node.extend({forged}).outcomes[0]));
  EXPECT_EQ(failed(check_evidence(node.genesis, node.evidence(kSubject))), "issuer authority");
}

TEST(LyingNodeTest, AStandingOfAnotherKindIsRefused) {
  LyingNode node;
  node.plant(kSubject, {.count = 0, .last = {}, .detail = ProvinceStanding{.name = "x"}});
  EXPECT_EQ(failed(check_evidence(node.genesis, node.evidence(kSubject))), "inclusion");
}

TEST_F(EvidenceTest, DocumentsAreComparedByTheirCommitment) {
  EXPECT_EQ(check_document(*evidence_.subject.standing, license_document()).result, Check::Result::pass);
  const Check other = check_document(*evidence_.subject.standing, license_document(kLicense, "别的公司"));
  EXPECT_EQ(other.error, Error::content_mismatch);
  const Standing agency = *evidence_.support[0].standing.standing;
  EXPECT_EQ(check_document(agency, license_document()).result, Check::Result::fail);
}

}  // namespace
}  // namespace hufu
