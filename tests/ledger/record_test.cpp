#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

TEST(Subject, TextAndKeyRoundTrip) {
  for (const std::string& text : {"license:" + kLicense, "invoice:" + kInvoice, "agency:" + kIssuer,
                                  std::string("province:330000"), std::string("roster:")}) {
    EXPECT_EQ(parse_subject(text)->text(), text);
  }
  EXPECT_EQ(parse_subject(kLicense)->kind, SubjectKind::license);
  EXPECT_EQ(parse_subject(kInvoice)->kind, SubjectKind::invoice);
}

TEST(Subject, MistypedIdentifiersAreNamedAsSuch) {
  std::string wrong = kLicense;
  wrong.back() = 'Z';
  EXPECT_EQ(parse_subject(wrong).error(), Error::id_check_char);
  for (const char* text : {"", "x", "licence:1", "invoice:12", "1.2.156.3005.2.x"}) {
    EXPECT_EQ(parse_subject(text).error(), Error::id_malformed) << text;
  }
}

TEST(Subject, PathIsTheHashOfTheEncodedKey) {
  EXPECT_EQ((SubjectKey{SubjectKind::province, "330000"}.path()),
            sha256(from_hex("0406333330303030").value()));
}

TEST(Document, FieldsAreSortedAndSaltedApart) {
  const Document document =
      make_document({SubjectKind::license, kLicense}, {{"b", "1"}, {"a", "1"}}, seed_of("s")).value();
  EXPECT_EQ(document.fields[0].name, "a");
  EXPECT_NE(document.fields[0].salt, document.fields[1].salt);
  EXPECT_EQ(document.find("b")->value, "1");
  EXPECT_EQ(document.find("c"), nullptr);
}

TEST(Party, TheSaltCannotRunIntoTheCode) {
  const Bytes salt = to_bytes(as_bytes("0123456789abcdef"));
  Bytes longer = salt;
  longer.push_back('9');
  EXPECT_NE(party(salt, "91330105XT0029853W"), party(longer, "1330105XT0029853W"));
  EXPECT_NE(party(salt, "91330105XT0029853W"), party(longer, "91330105XT0029853W"));
}

TEST(Submission, AnAgencyIsNamedByPlainCharactersOnly) {
  for (const char* code : {"A", "11330302XT00001376", "12345678901234567890123456789012"}) {
    EXPECT_TRUE(is_agency_code(code)) << code;
  }
  for (const char* code :
       {"", "a", "A B", "A\n", "A/B", "机关", "123456789012345678901234567890123", "\x1b[2J"}) {
    EXPECT_FALSE(is_agency_code(code)) << code;
  }
  // Signed or not, such a code is shown to nobody.
  Chain chain;
  const Submission odd =
      sign_submission(chain.ledger, "A\x1b[2J", key_of("A"), request(1), {issue_license()});
  EXPECT_EQ(check_signed(chain.ledger, odd).error(), Error::text_malformed);
}

// S3 is asked without S1 and S2 where these were asked before, and then of the same header.
TEST(Submission, S3TheSignatureIsAskedAloneAsWithTheRest) {
  Chain chain;
  const Submission good = chain.sign(kIssuer, {issue_license()});
  EXPECT_TRUE(check_signature(chain.ledger, good));
  Submission bad = good;
  bad.header.version = 2;
  EXPECT_EQ(check_signature(chain.ledger, bad).error(), Error::unknown_tag);
  bad = good;
  bad.header.genesis.bytes[0] ^= 1;
  EXPECT_EQ(check_signature(chain.ledger, bad).error(), Error::foreign_origin);
  bad = good;
  bad.header.agency = "a";
  EXPECT_EQ(check_signature(chain.ledger, bad).error(), Error::text_malformed);
  for (const auto damage : {+[](Submission& each) { each.header.root.bytes[31] ^= 1; },
                            +[](Submission& each) { each.signature.bytes[40] ^= 1; }}) {
    bad = good;
    damage(bad);
    EXPECT_EQ(check_signature(chain.ledger, bad).error(), Error::signature_invalid);
  }
}

TEST(Document, SameSecretSubjectAndNameGiveTheSameCommitment) {
  EXPECT_EQ(commitment(license_document()).value(), commitment(license_document()).value());
  const Document other =
      make_document({SubjectKind::license, kLicense},
                    {{"certIdentifier", kLicense}, {"holderName", "某公司"}}, seed_of("other"))
          .value();
  EXPECT_NE(commitment(license_document()).value(), commitment(other).value());
}

TEST(Document, EveryChangeChangesTheCommitment) {
  const Document original = license_document();
  const Hash expected = commitment(original).value();
  Document changed = original;
  changed.fields[1].value += "。";
  EXPECT_NE(commitment(changed).value(), expected);
  changed = original;
  changed.fields[1].salt[0] ^= 1;
  EXPECT_NE(commitment(changed).value(), expected);
  changed = original;
  changed.fields.pop_back();
  EXPECT_NE(commitment(changed).value(), expected);
}

TEST(Document, RefusesWhatHasNoOneForm) {
  Document document = license_document();
  std::swap(document.fields[0], document.fields[1]);
  EXPECT_EQ(commitment(document).error(), Error::field_invalid);
  document = license_document();
  document.fields[0].salt.resize(15);
  EXPECT_EQ(commitment(document).error(), Error::field_invalid);
  document = license_document();
  document.fields[0].value = "\xff";
  EXPECT_EQ(commitment(document).error(), Error::field_invalid);
  const SubjectKey subject{SubjectKind::license, kLicense};
  EXPECT_EQ(make_document(subject, {{"a", "1"}, {"a", "2"}}, seed_of("s")).error(), Error::field_invalid);
  EXPECT_EQ(make_document(subject, {}, seed_of("s")).error(), Error::field_missing);
}

TEST(Submission, S1CountIsThatOfTheOperations) {
  Chain chain;
  Submission submission = chain.sign(kIssuer, {issue_license()});
  submission.header.count = 2;
  EXPECT_EQ(check_signed(chain.ledger, submission).error(), Error::submission_root);
  submission.operations.clear();
  EXPECT_EQ(check_signed(chain.ledger, submission).error(), Error::submission_empty);
}

TEST(Submission, S2RootIsThatOfTheOperations) {
  Chain chain;
  Submission submission = chain.sign(kIssuer, {issue_license()});
  submission.operations[0].effective += 1;
  EXPECT_EQ(check_signed(chain.ledger, submission).error(), Error::submission_root);
}

TEST(Submission, S3TheSignatureCoversEveryHeaderField) {
  Chain chain;
  const Submission good = chain.sign(kIssuer, {issue_license()});
  ASSERT_TRUE(check_signed(chain.ledger, good));
  Submission bad = good;
  bad.header.request_id[0] ^= 1;
  EXPECT_EQ(check_signed(chain.ledger, bad).error(), Error::signature_invalid);
  bad = good;
  bad.header.agency = kOtherIssuer;
  EXPECT_EQ(check_signed(chain.ledger, bad).error(), Error::signature_invalid);
  bad = good;
  bad.header.key = key_of(kOtherIssuer).public_key();
  EXPECT_EQ(check_signed(chain.ledger, bad).error(), Error::signature_invalid);
}

TEST(Submission, S3AnotherLedgerIsForeign) {
  Chain chain;
  const Submission submission = chain.sign(kIssuer, {issue_license()});
  LedgerId other = chain.ledger;
  other.genesis.bytes[0] ^= 1;
  EXPECT_EQ(check_signed(other, submission).error(), Error::foreign_origin);
  other = chain.ledger;
  other.origin += "x";
  EXPECT_EQ(check_signed(other, submission).error(), Error::signature_invalid);
}

TEST(Submission, IdIsIndependentOfTheSignature) {
  Chain chain;
  Submission submission = chain.sign(kIssuer, {issue_license()});
  const Hash id = submission_id(chain.ledger, submission.header);
  submission.signature.bytes[0] ^= 1;
  EXPECT_EQ(submission_id(chain.ledger, submission.header), id);
}

TEST(Operation, SmallOnTheWire) {
  EXPECT_LE(encode(issue_license()).size(), 160U);
  EXPECT_LE(encode(issue_invoice()).size(), 130U);
}

RC_GTEST_PROP(Submission, AcceptedBytesReEncodeToThemselves, ()) {
  Chain chain;
  Bytes bytes = encode(chain.sign(kIssuer, {issue_license(), issue_invoice()}));
  for (int flip = 0; flip < 3; ++flip) {
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<std::uint8_t>();
  }
  const Result<Submission> decoded = decode<Submission>(bytes);
  if (decoded) RC_ASSERT(encode(*decoded) == bytes);
}

}  // namespace
}  // namespace hufu
