#include "cli/records.hpp"

#include <gtest/gtest.h>

#include "ledger/record/blinding.hpp"

namespace hufu::cli {
namespace {

const Seed kSecret(std::array<std::uint8_t, 32>{1});
const std::string kLicense = "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000001.001.5";
const std::string kInvoice = "24332000000306111419";
const CivilDay kToday = 20000;

FieldList license() {
  return {{"certIdentifier", kLicense},
          {"holderName", "某公司"},
          {"issueDate", "2019-01-02"},
          {"validTo", "长期"},
          {"state", "01"},
          {"stateName", "有效"},
          {"assurance", "L2"},
          {"salt", "00"}};
}
FieldList invoice() {
  return {{"invoiceNumber", kInvoice}, {"issueTime", "2024-05-12T09:35:59+08:00"}, {"amount", "6181.77"},
          {"tax", "370.91"},           {"buyerTaxId", "91330105XT0029853W"},       {"blue", "true"}};
}
FieldList with(FieldList fields, const std::string& name, const std::string& value) {
  for (auto& field : fields) {
    if (field.first == name) {
      field.second = value;
      return fields;
    }
  }
  fields.emplace_back(name, value);
  return fields;
}

TEST(PrepareLicense, MakesTheIssueAndTheDocumentWithoutStateAndForeignSalt) {
  const PreparedRecord record = prepare_license(license(), kSecret, kToday).value();
  ASSERT_EQ(record.operations.size(), 1U);
  const auto& issue = std::get<LicenseIssue>(record.operations[0].payload);
  EXPECT_EQ(issue.commitment, commitment(record.document).value());
  EXPECT_EQ(format_civil_day(issue.valid_from), "2019-01-02");
  EXPECT_FALSE(issue.valid_to);
  EXPECT_EQ(issue.assurance, Assurance::l2);
  EXPECT_EQ(record.document.find("state"), nullptr);
  EXPECT_EQ(record.document.find("salt"), nullptr);
  EXPECT_NE(record.document.find("holderName"), nullptr);
}

TEST(PrepareLicense, TheSameRecordGivesTheSameCommitment) {
  EXPECT_EQ(prepare_license(license(), kSecret, kToday)->operations,
            prepare_license(license(), kSecret, kToday)->operations);
  const Seed other(std::array<std::uint8_t, 32>{2});
  EXPECT_NE(prepare_license(license(), kSecret, kToday)->operations,
            prepare_license(license(), other, kToday)->operations);
}

TEST(PrepareLicense, ARevokedOneIsNeverPutThereAsValid) {
  const std::pair<const char*, LicenseAction> cases[] = {{"02", LicenseAction::suspend},
                                                         {"03", LicenseAction::rescind},
                                                         {"04", LicenseAction::cancel},
                                                         {"07", LicenseAction::revoke}};
  for (const auto& [code, action] : cases) {
    const PreparedRecord record = prepare_license(with(license(), "state", code), kSecret, kToday).value();
    ASSERT_EQ(record.operations.size(), 2U) << code;
    EXPECT_EQ(std::get<LicenseChange>(record.operations[1].payload).action, action);
    EXPECT_EQ(record.operations[1].previous, record.operations[0].hash());
    EXPECT_EQ(record.operations[1].effective, kToday);
  }
}

TEST(PrepareLicense, WhatRanOutNeedsNoEventWhatWasSupersededIsHeld) {
  const FieldList ended = with(with(license(), "state", "05"), "validTo", "2020-01-01");
  EXPECT_EQ(prepare_license(ended, kSecret, kToday)->operations.size(), 1U);
  const auto held = prepare_license(with(license(), "state", "05"), kSecret, kToday);
  ASSERT_FALSE(held);
  EXPECT_TRUE(held.error().held);
}

TEST(PrepareLicense, WhatWasTransferredLeavesWithoutSayingWhere) {
  const auto record = prepare_license(with(license(), "state", "06"), kSecret, kToday);
  ASSERT_EQ(record->operations.size(), 2U);
  EXPECT_EQ(std::get<LicenseTransferOut>(record->operations[1].payload), LicenseTransferOut{});
}

TEST(PrepareLicense, FaultsNameTheirField) {
  const auto why = [](const char* field, const char* value) {
    const auto record = prepare_license(with(license(), field, value), kSecret, kToday);
    return record ? std::string("accepted") : record.error().why.substr(0, record.error().why.find(':'));
  };
  EXPECT_EQ(why("certIdentifier", "nonsense"), "certIdentifier");
  EXPECT_EQ(why("issueDate", "02/01/2019"), "issueDate");
  EXPECT_EQ(why("validTo", "2020-13-01"), "validTo");
  EXPECT_EQ(why("assurance", "L9"), "assurance");
  EXPECT_EQ(prepare_license(with(license(), "certIdentifier", kLicense.substr(0, kLicense.size() - 1) + "6"),
                            kSecret, kToday)
                .error()
                .error,
            Error::id_check_char);
}

TEST(PrepareInvoice, SumsDayAndBuyerComeFromTheFields) {
  const PreparedRecord record = prepare_invoice(invoice(), kSecret).value();
  ASSERT_EQ(record.operations.size(), 1U);
  EXPECT_EQ(format_civil_day(record.operations[0].effective), "2024-05-12");
  const auto& issue = std::get<InvoiceIssue>(record.operations[0].payload);
  EXPECT_TRUE(issue.blue);
  EXPECT_EQ(issue.amount_fen, 618177);
  EXPECT_EQ(issue.tax_fen, 37091);
  EXPECT_EQ(issue.buyer, party(party_field(record.document)->salt, "91330105XT0029853W"));
}

TEST(PrepareInvoice, ARedOneNamesWhatItTakesBack) {
  FieldList red = with(with(with(invoice(), "blue", "false"), "amount", "-6181.77"), "tax", "-370.91");
  red = with(red, "originalInvoice", "24332000000306111420");
  const PreparedRecord record = prepare_invoice(red, kSecret).value();
  const auto& issue = std::get<InvoiceIssue>(record.operations[0].payload);
  EXPECT_FALSE(issue.blue);
  ASSERT_TRUE(issue.original);
  EXPECT_EQ(issue.original->id, "24332000000306111420");
}

TEST(PrepareInvoice, ThePartyIsNamedByTheNumberWhenThereIsNoBuyer) {
  const PreparedRecord record = prepare_invoice(with(invoice(), "buyerTaxId", ""), kSecret).value();
  EXPECT_FALSE(std::get<InvoiceIssue>(record.operations[0].payload).buyer);
  EXPECT_EQ(party_field(record.document)->name, "invoiceNumber");
}

TEST(InvoiceProvince, IsReadFromEveryKindOfNumber) {
  const auto province = [](const char* code, const char* number) {
    return province_of_invoice(parse_invoice_number(code, number).value());
  };
  EXPECT_EQ(province("", "24332000000306111419"), "330000");
  EXPECT_EQ(province("", "24932000000306111419"), "370000");  // Qingdao, a city with an area of its own
  EXPECT_EQ(province("3100164320", "12345678"), "310000");
  EXPECT_EQ(province("031001900111", "12345678"), "310000");
}

TEST(Records, APrivateLicenseIsOnTheLedgerUnderItsBlindedIdentifier) {
  const Seed secret(std::array<std::uint8_t, 32>{2});
  const FieldList fields = {{"certIdentifier", kLicense}, {"issueDate", "2019-01-02"}};
  const PreparedRecord open = prepare_license(fields, kSecret, kToday).value();
  const PreparedRecord hidden = prepare_license(fields, kSecret, kToday, secret).value();
  EXPECT_EQ(open.document.subject.id, kLicense);
  EXPECT_EQ(hidden.document.subject.id, blind_license_id(kLicense, secret).value());
  EXPECT_EQ(hidden.operations.front().subject, hidden.document.subject);
  EXPECT_EQ(hidden.document.find("certIdentifier")->value, kLicense);
}

TEST(Records, ThePartyOfAPartIsNotGuessed) {
  const Document whole =
      make_document({SubjectKind::invoice, kInvoice},
                    {{"invoiceNumber", kInvoice}, {"buyerTaxId", "91330105XT0029853W"}}, kSecret)
          .value();
  EXPECT_EQ(party_field(disclose(whole, {"invoiceNumber"}).value()), nullptr);
  EXPECT_EQ(party_field(disclose(whole, {"buyerTaxId"}).value())->name, "buyerTaxId");
}

}  // namespace
}  // namespace hufu::cli
