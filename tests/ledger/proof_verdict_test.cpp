// The verdict from a proof and from a code.
#include <gtest/gtest.h>

#include "ledger/proof/verdict.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

std::string codes(const Judgement& judgement) {
  std::string all;
  for (const Reason reason : judgement.reasons)
    all += (all.empty() ? "" : " ") + std::string(code_of(reason));
  return all;
}

class ProofVerdictTest : public ::testing::Test {
 protected:
  ProofVerdictTest() { now_ms_ = nodes_.now_s() * 1000; }

  Question question(const SubjectKey& subject) const {
    return {.subject = subject,
            .document = document_ ? &*document_ : nullptr,
            .day = day_,
            .freshness = {.confirmed = false, .now_ms = now_ms_, .max_age_ms = 60'000}};
  }
  Judgement judge(const Proof& proof, const SubjectKey& subject = kLicenseKey) const {
    return judge_proof(founding_anchor(nodes_.genesis), question(subject), proof);
  }
  Judgement judge(const CompactProof& compact) const {
    return judge_compact(founding_anchor(nodes_.genesis), question(kLicenseKey), compact);
  }
  Proof proof(const Ids& cosigners = {1, 2, 3}) const { return nodes_.proof(kLicenseKey, cosigners); }
  CompactProof compact() const { return make_compact(proof(), nodes_.in_force()).value(); }

  Nodes nodes_ = grown_nodes();
  std::optional<Document> document_;
  CivilDay day_ = day("2024-06-01");
  std::uint64_t now_ms_ = 0;
};

TEST_F(ProofVerdictTest, BothFormsAccept) {
  document_ = license_document();
  for (const Judgement& judgement : {judge(proof()), judge(compact())}) {
    EXPECT_EQ(judgement.verdict, Verdict::accept);
    EXPECT_EQ(codes(judgement), "");
    EXPECT_EQ(judgement.checks.size(), 10U);
    ASSERT_TRUE(judgement.scope);
    EXPECT_EQ(judgement.scope->as_of_ms, nodes_.now_s() * 1000);
    EXPECT_EQ(judgement.scope->height, nodes_.head().height);
  }
}

TEST_F(ProofVerdictTest, ACodeSaysWhatItDoesNotShow) {
  const Judgement judgement = judge(compact());
  for (const Check& check : judgement.checks) {
    const bool not_shown =
        check.name == "issuer signature" || check.name == "issuer authority" || check.name == "history";
    if (!not_shown) continue;
    EXPECT_EQ(check.result, Check::Result::skip);
    EXPECT_NE(check.why.find("the quorum vouches for it"), std::string::npos);
  }
  EXPECT_GT(judgement.scope->not_shown.size(), judge(proof()).scope->not_shown.size());
}

TEST_F(ProofVerdictTest, AnAlteredDocumentIsRefused) {
  document_ = license_document(kLicense, "另一公司");
  EXPECT_EQ(codes(judge(proof())), "CONTENT_MISMATCH");
  EXPECT_EQ(codes(judge(compact())), "CONTENT_MISMATCH");
}

TEST_F(ProofVerdictTest, TooFewCosignaturesAreNoProof) {
  const Judgement judgement = judge(proof({2}));
  EXPECT_EQ(judgement.verdict, Verdict::refuse);
  EXPECT_EQ(codes(judgement), "PROOF_INVALID");
  EXPECT_FALSE(judgement.scope);
  CompactProof small = compact();
  small.cosignatures.pop_back();
  EXPECT_EQ(codes(judge(small)), "PROOF_INVALID");
}

TEST_F(ProofVerdictTest, V3StaleIsUndeterminedNeverForged) {
  const std::uint64_t certified = nodes_.now_s() * 1000;
  const auto both = [&](std::uint64_t now_ms) {
    now_ms_ = now_ms;
    EXPECT_EQ(codes(judge(proof())), codes(judge(compact())));
    EXPECT_EQ(judge(proof()).verdict, judge(compact()).verdict);
    return judge(proof()).verdict;
  };
  EXPECT_EQ(both(certified + 60'000), Verdict::accept);
  EXPECT_EQ(both(certified + 60'001), Verdict::undetermined);
  EXPECT_EQ(codes(judge(proof())), "LEDGER_STALE");
  constexpr std::uint64_t kSkew = 300'000;
  EXPECT_EQ(both(certified - kSkew), Verdict::accept);
  EXPECT_EQ(both(certified - kSkew - 1), Verdict::undetermined);
  EXPECT_EQ(codes(judge(proof())), "LEDGER_STALE");
}

TEST_F(ProofVerdictTest, V6FreshnessCountsFromTheQuorum) {
  // One node whose clock is ahead makes nothing fresher.
  Proof mixed = proof();
  const Checkpoint newest = mixed.checkpoint().checkpoint;
  mixed.cosignatures[0] =
      cosign(nodes_.ledger.origin, newest, 1, key_of("cosign-1"), nodes_.now_s() + 100'000);
  EXPECT_EQ(judge(mixed).scope->as_of_ms, nodes_.now_s() * 1000);
  // Nor does a time beyond every calendar overflow into the present.
  for (std::uint64_t id = 1; id <= 3; ++id) {
    mixed.cosignatures[id - 1] = cosign(nodes_.ledger.origin, newest, id,
                                        key_of("cosign-" + std::to_string(id)), ~std::uint64_t{0} / 1000);
  }
  EXPECT_EQ(codes(judge(mixed)), "LEDGER_STALE");
}

TEST_F(ProofVerdictTest, V6AReplacedRosterIsStale) {
  const Proof before = proof();
  const CompactProof code_before = compact();
  nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  const CompactProof code_after = make_compact(proof({3, 4}), nodes_.in_force()).value();
  const Anchor later{.genesis = &nodes_.genesis, .roster = nodes_.in_force()};
  for (const Judgement& judgement :
       {judge_proof(later, question(kLicenseKey), before),
        judge_compact(later, question(kLicenseKey), code_before), judge(code_after)}) {
    EXPECT_EQ(judgement.verdict, Verdict::undetermined);
    EXPECT_EQ(codes(judgement), "LEDGER_STALE");
  }
  EXPECT_EQ(judge_proof(later, question(kLicenseKey), proof({3, 4})).verdict, Verdict::accept);
  EXPECT_EQ(judge_compact(later, question(kLicenseKey), code_after).verdict, Verdict::accept);
}

TEST_F(ProofVerdictTest, V5NothingIsReadFromWhatDoesNotHold) {
  document_ = license_document();
  CompactProof forged = compact();
  forged.epoch = 7;
  std::get<LicenseStanding>(forged.standing.detail).state = LicenseState::revoked;
  std::get<LicenseStanding>(forged.standing.detail).commitment = {};
  const Judgement judgement = judge(forged);
  EXPECT_EQ(judgement.verdict, Verdict::undetermined);
  EXPECT_EQ(codes(judgement), "LEDGER_STALE");
  Proof part = proof();
  part.evidence.operations.pop_back();  // as if it were still suspended
  EXPECT_EQ(codes(judge(part)), "PROOF_INVALID");
  EXPECT_EQ(judge(part).checks.size(), 10U);
}

TEST_F(ProofVerdictTest, AbsenceIsProvedAndGoesStale) {
  const Proof absent = nodes_.proof(kAbsentKey, {1, 2});
  EXPECT_EQ(judge(absent, kAbsentKey).verdict, Verdict::refuse);
  EXPECT_EQ(codes(judge(absent, kAbsentKey)), "NOT_FOUND");
  now_ms_ += 60'001;
  EXPECT_EQ(judge(absent, kAbsentKey).verdict, Verdict::undetermined);
}

TEST_F(ProofVerdictTest, V4AProofOfAnotherSubjectIsNoAnswer) {
  EXPECT_EQ(codes(judge(nodes_.proof(kInvoiceKey, {1, 2}))), "PROOF_INVALID");
  EXPECT_FALSE(judge(nodes_.proof(kInvoiceKey, {1, 2})).scope);
}

TEST_F(ProofVerdictTest, V7AnEarlierDayNeedsTheHistory) {
  const auto on = [&](const char* text) { day_ = day(text); };
  on("2018-12-31");
  EXPECT_EQ(codes(judge(proof())), "NOT_FOUND");
  EXPECT_EQ(codes(judge(compact())), "NOT_FOUND");
  on("2019-06-01");  // before it was suspended: the code knows only that it is valid since 2020-06-01
  EXPECT_EQ(judge(proof()).verdict, Verdict::accept);
  EXPECT_EQ(judge(compact()).verdict, Verdict::undetermined);
  EXPECT_EQ(codes(judge(compact())), "HISTORY_NOT_SHOWN");
  on("2020-05-31");
  EXPECT_EQ(codes(judge(proof())), "SUSPENDED");
  EXPECT_EQ(codes(judge(compact())), "HISTORY_NOT_SHOWN");
  on("2020-06-01");
  EXPECT_EQ(judge(proof()).verdict, Verdict::accept);
  EXPECT_EQ(judge(compact()).verdict, Verdict::accept);
}

TEST_F(ProofVerdictTest, AForkRaisesTheAlarm) {
  const Judgement judgement = with_fork(judge(proof()));
  EXPECT_EQ(judgement.verdict, Verdict::refuse);
  EXPECT_EQ(codes(judgement), "FORK_DETECTED");
  EXPECT_EQ(exit_of(judgement), 9);
  EXPECT_EQ(exit_of(judge(proof())), 0);
  EXPECT_FALSE(judgement.scope);
  EXPECT_EQ(failed(judgement.checks), "ledger");
  now_ms_ += 60'001;
  EXPECT_EQ(codes(with_fork(judge(proof()))), "LEDGER_STALE FORK_DETECTED");
  EXPECT_EQ(with_fork(judge(proof())).verdict, Verdict::refuse);
}

}  // namespace
}  // namespace hufu
