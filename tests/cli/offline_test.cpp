#include <gtest/gtest.h>

#include "cli/offline/qr.hpp"
#include "cli/offline/verify.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu::offline {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

constexpr std::uint64_t kHourMs = 3'600'000;

class OfflineVerification : public ::testing::Test {
 protected:
  TrustSource founding() const { return read_trust(encode_genesis(nodes_.genesis)).value(); }
  TrustSource remembering() const {
    TrustSource source = founding();
    source.remembers = true;
    return source;
  }
  Proof proof(const SubjectKey& key = kLicenseKey) const { return nodes_.proof(key, {1, 2, 3}); }
  CompactProof compact() const { return make_compact(proof(), nodes_.genesis.roster).value(); }
  Question question(const SubjectKey& key = kLicenseKey) const {
    return {.subject = key,
            .document = nullptr,
            .day = day("2026-11-22"),
            .freshness = {.confirmed = false, .now_ms = nodes_.now_s() * 1000, .max_age_ms = kHourMs}};
  }
  // From the bytes that somebody hands over, whatever their form.
  Verified verified(ByteSpan file, const Question& asked) const {
    TrustSource source = founding();
    return verify(source, asked, read_presented(file).value());
  }
  Bytes code_png() const { return write_png(draw(make_qr(compact_text(compact())).value(), 6)); }

  Nodes nodes_ = grown_nodes();
};

TEST_F(OfflineVerification, EveryFormIsAcceptedFromTheFoundingDocumentAlone) {
  const Document document = license_document();
  Question asked = question();
  asked.document = &document;
  const std::string text = compact_text(compact());
  EXPECT_EQ(verified(encode_proof(proof()), asked).judgement.verdict, Verdict::accept);
  EXPECT_EQ(verified(as_bytes(text), asked).judgement.verdict, Verdict::accept);
  EXPECT_EQ(verified(as_bytes(text + "\n"), asked).judgement.verdict, Verdict::accept);
  EXPECT_EQ(verified(code_png(), asked).judgement.verdict, Verdict::accept);
}

TEST_F(OfflineVerification, AnAlteredDocumentIsRefused) {
  const Document altered = license_document(kLicense, "另一公司");
  Question asked = question();
  asked.document = &altered;
  for (const Bytes& file : {encode_proof(proof()), code_png()}) {
    const Judgement judgement = verified(file, asked).judgement;
    EXPECT_EQ(judgement.verdict, Verdict::refuse);
    EXPECT_EQ(judgement.reasons, std::vector<Reason>{Reason::content_mismatch});
  }
}

TEST_F(OfflineVerification, StaleIsUndeterminedNotForged) {
  Question asked = question();
  asked.freshness.max_age_ms = 0;
  asked.freshness.now_ms += 1;
  for (const Bytes& file : {encode_proof(proof()), code_png()}) {
    EXPECT_EQ(verified(file, asked).judgement.verdict, Verdict::undetermined);
  }
}

TEST_F(OfflineVerification, AnotherLedgersFoundersAreNotTrusted) {
  const Nodes others({4, 5, 6});
  TrustSource source = read_trust(encode_genesis(others.genesis)).value();
  for (const Presented& presented : {Presented(proof()), Presented(compact())}) {
    const Verified found = verify(source, question(), presented);
    EXPECT_EQ(found.judgement.verdict, Verdict::refuse);
    EXPECT_FALSE(found.remembered);
  }
}

TEST_F(OfflineVerification, AProofOfAnotherSubjectAnswersNothing) {
  EXPECT_EQ(verified(encode_proof(proof(kInvoiceKey)), question()).judgement.verdict, Verdict::refuse);
}

TEST_F(OfflineVerification, WithoutAQuorumNothingIsRememberedNorAccepted) {
  TrustSource source = remembering();
  const Verified found = verify(source, question(), nodes_.proof(kLicenseKey, {2}));
  EXPECT_NE(found.judgement.verdict, Verdict::accept);
  EXPECT_FALSE(found.remembered);
  EXPECT_FALSE(source.trust.ledgers.front().pinned);
}

TEST_F(OfflineVerification, WhatTheQuorumCertifiedIsRememberedWhateverTheVerdict) {
  TrustSource source = remembering();
  Question stale = question();
  stale.freshness.max_age_ms = 0;
  const Verified found = verify(source, stale, proof());
  ASSERT_TRUE(found.remembered);
  EXPECT_EQ(found.remembered->memory, Memory::first);
  EXPECT_EQ(source.trust.ledgers.front().pinned->checkpoint, nodes_.log().newest());
  EXPECT_EQ(verify(source, question(), compact()).remembered->memory, Memory::known);
}

// A trust file demands one log: what could not be compared is never passed over in silence.
TEST_F(OfflineVerification, ALogThatIsNotLinkedIsSaidToBeUnlinked) {
  TrustSource source = remembering();
  const auto consistency = [&](const Presented& presented) {
    const Verified found = verify(source, question(), presented);
    EXPECT_EQ(found.judgement.checks.back().name, "consistency");
    return found;
  };
  EXPECT_EQ(consistency(proof()).judgement.checks.back().result, Check::Result::skip);
  EXPECT_EQ(consistency(compact()).judgement.checks.back().result, Check::Result::pass);
  nodes_.extend({});
  const Verified later = consistency(compact());
  EXPECT_EQ(later.remembered->memory, Memory::unlinked);
  EXPECT_EQ(later.judgement.checks.back().result, Check::Result::skip);
  EXPECT_EQ(later.judgement.scope->not_shown.back().en, "that this log continues the one that is remembered");
  TrustSource bare = founding();
  EXPECT_NE(verify(bare, question(), proof()).judgement.checks.back().name, "consistency");
}

// The same founders, the same number of blocks, another history.
TEST_F(OfflineVerification, ASecondHistoryIsAnAlarmWithEvidence) {
  Nodes other;
  other.append(kIssuer, {issue_license()});
  while (other.blocks.size() < nodes_.blocks.size()) other.extend({});
  const Proof forged = other.proof(kLicenseKey, {2, 3});

  TrustSource source = remembering();
  ASSERT_EQ(verify(source, question(), proof()).judgement.verdict, Verdict::accept);
  const Bytes before = encode_trust(source.trust);
  const Verified found = verify(source, question(), forged);
  EXPECT_EQ(exit_of(found.judgement), 9);
  ASSERT_TRUE(found.remembered && found.remembered->fork);
  EXPECT_EQ(encode_trust(source.trust), before);
  const ForkFinding finding = check_fork(founding_anchor(nodes_.genesis), *found.remembered->fork).value();
  EXPECT_EQ(finding.culprits, (Ids{2, 3}));
}

TEST_F(OfflineVerification, ATrustFileIsReadAgainAsItWasWritten) {
  TrustSource source = remembering();
  ASSERT_TRUE(verify(source, question(), proof()).remembered);
  TrustSource again = read_trust(encode_trust(source.trust)).value();
  EXPECT_TRUE(again.remembers);
  EXPECT_EQ(verify(again, question(), proof()).remembered->memory, Memory::known);
  EXPECT_FALSE(founding().remembers);
}

TEST_F(OfflineVerification, WhatIsNeitherTrustNorProofIsRefused) {
  EXPECT_EQ(read_trust(as_bytes("whom?")).error(), Error::unknown_tag);
  EXPECT_EQ(read_trust(encode_trust(Trust{})).error(), Error::config_invalid);
  EXPECT_EQ(read_presented(as_bytes("{}")).error(), Error::unknown_tag);
  EXPECT_EQ(read_presented(as_bytes("hufu proof v2\n")).error(), Error::unknown_tag);
  EXPECT_EQ(read_presented(as_bytes("HUFU1:")).error(), Error::truncated);
  EXPECT_EQ(read_presented(write_png(draw(make_qr("HTTPS://A.EXAMPLE").value(), 6))).error(),
            Error::image_unreadable);
}

}  // namespace
}  // namespace hufu::offline
