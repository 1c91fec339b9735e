// The importer against the truth that lies beside each legacy file: same verdict, same identifier, same notes.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "tests/cli/import/read_all.hpp"

namespace hufu::cli::importer {
namespace {

using Confusion = std::map<std::string, std::map<std::string, int>>;

void print(const std::string& title, const Confusion& confusion) {
  std::cout << title << "  (rows: truth, columns: importer)\n           ";
  for (std::size_t v = 0; v < kVerdicts; ++v) std::cout << name_of(static_cast<Verdict>(v)) << '\t';
  for (const auto& [truth, found] : confusion) {
    std::cout << "\n  " << truth << '\t';
    for (std::size_t v = 0; v < kVerdicts; ++v) {
      const auto at = found.find(std::string(name_of(static_cast<Verdict>(v))));
      std::cout << (at == found.end() ? 0 : at->second) << '\t';
    }
  }
  std::cout << std::endl;
}

bool appendable(Verdict verdict) { return verdict <= Verdict::warn; }

// Of a record that was cut short nobody can tell what stood in the lost cells; and of a document written out a second time
// nobody can tell that it was, when the second writing came out like the first.
bool beyond_knowledge(const Row& row, const Truth& truth) {
  return truth.notes.find("RAGGED_SHORT") != std::string::npos ||
         (truth.notes == "DUPLICATE_SAME_NUMBER" && notes_of(row) == "DUPLICATE_EXACT");
}

// `records`: how many of the truth's records the file holds, for a file that is the beginning of another.
void expect_truth(const std::filesystem::path& file, const std::filesystem::path& truth_file,
                  std::uint64_t records) {
  const auto truth = read_truth(truth_file);
  ASSERT_FALSE(truth.empty());
  auto reader = Reader::open(file, {});
  ASSERT_TRUE(reader) << code_of(reader.error());
  Confusion confusion;
  std::uint64_t last = 0;
  std::size_t count = 0;
  for (const Row& row : drain(**reader)) {
    const auto found = truth.find(row.record);
    ASSERT_NE(found, truth.end()) << "record " << row.record << " is in no truth";
    ++confusion[found->second.verdict][std::string(name_of(row.verdict))];
    EXPECT_EQ(name_of(row.verdict), found->second.verdict)
        << "record " << row.record << " truth " << found->second.notes << " found " << notes_of(row);
    if (appendable(row.verdict)) {
      EXPECT_EQ(row.identity, found->second.identity) << "record " << row.record;
    }
    if (!beyond_knowledge(row, found->second)) {
      EXPECT_EQ(notes_of(row), found->second.notes) << "record " << row.record;
    }
    EXPECT_GT(row.record, last);
    last = row.record;
    ++count;
  }
  print(file.filename().string(), confusion);
  std::size_t expected = 0;
  for (const auto& entry : truth) expected += entry.first <= records ? 1 : 0;
  EXPECT_EQ(count, expected) << "a record of the truth was not read";
}

constexpr std::uint64_t kAll = ~std::uint64_t{0};

TEST(Truth, SampleLicensesGb18030) {
  const auto legacy = sample_folder() / "legacy";
  expect_truth(legacy / "证照台账_GB18030.csv", legacy / "licenses_truth.jsonl", kAll);
}

TEST(Truth, SampleInvoicesGb18030) {
  const auto legacy = sample_folder() / "legacy";
  expect_truth(legacy / "发票台账_GB18030.csv", legacy / "invoices_truth.jsonl", kAll);
}

TEST(Truth, SampleInvoicesUtf16) {
  const auto legacy = sample_folder() / "legacy";
  expect_truth(legacy / "发票台账_UTF16.txt", legacy / "invoices_utf16_truth.jsonl", kAll);
}

class SharedTruth : public ::testing::Test {
 protected:
  void SetUp() override {
    legacy_ = shared_folder() / "data" / "legacy";
    if (!std::filesystem::exists(legacy_)) GTEST_SKIP() << legacy_ << " not found; set HUFU_SHARED";
  }
  std::filesystem::path legacy_;
};

TEST_F(SharedTruth, LicensesGb18030) {
  expect_truth(legacy_ / "证照台账_GB18030.csv", legacy_ / "licenses_truth.jsonl", kAll);
}

TEST_F(SharedTruth, InvoicesGb18030) {
  expect_truth(legacy_ / "发票台账_GB18030.csv", legacy_ / "invoices_truth.jsonl", kAll);
}

// The UTF-16 file holds the first records of the GB18030 one, page total included.
TEST_F(SharedTruth, InvoicesUtf16) {
  constexpr std::uint64_t kRecords = 1203;
  expect_truth(legacy_ / "发票台账_UTF16.txt", legacy_ / "invoices_truth.jsonl", kRecords);
}

// What the legacy file says of a license, once repaired, is what the canonical file says of it.
TEST(Truth, RepairedFieldsEqualTheCanonicalOnes) {
  auto canonical_reader = Reader::open(sample_folder() / "canonical" / "licenses.jsonl", {});
  auto legacy_reader = Reader::open(sample_folder() / "legacy" / "证照台账_GB18030.csv", {});
  ASSERT_TRUE(canonical_reader && legacy_reader);
  std::map<std::string, Row> canonical;
  for (Row& row : drain(**canonical_reader)) {
    EXPECT_EQ(row.verdict, Verdict::accept) << row.identity << ' ' << notes_of(row);
    canonical.emplace(row.identity, std::move(row));
  }
  std::size_t compared = 0;
  for (const Row& row : drain(**legacy_reader)) {
    if (!appendable(row.verdict)) continue;
    const auto found = canonical.find(row.identity);
    ASSERT_NE(found, canonical.end()) << row.identity;
    for (const Field& field : row.fields) {
      const bool wrong_in_file = field.name == "holderCode" && row.verdict == Verdict::warn;
      if (field.name == "remark" || wrong_in_file) continue;
      if (found->second.field(field.name).empty()) continue;
      EXPECT_EQ(field.value, found->second.field(field.name)) << row.record << ' ' << field.name;
    }
    EXPECT_FALSE(row.field("validTo").empty());
    EXPECT_FALSE(row.field("certTypeCode").empty());
    EXPECT_FALSE(row.field("areaCode").empty());
    ++compared;
  }
  EXPECT_GT(compared, 90u);
}

TEST(Truth, InvoiceSumsEqualTheCanonicalOnes) {
  auto canonical_reader = Reader::open(sample_folder() / "canonical" / "invoices.jsonl", {});
  auto legacy_reader = Reader::open(sample_folder() / "legacy" / "发票台账_UTF16.txt", {});
  ASSERT_TRUE(canonical_reader && legacy_reader);
  std::map<std::string, Row> canonical;
  for (Row& row : drain(**canonical_reader)) {
    EXPECT_EQ(row.verdict, Verdict::accept) << row.identity << ' ' << notes_of(row);
    canonical.emplace(row.identity, std::move(row));
  }
  for (const Row& row : drain(**legacy_reader)) {
    if (!appendable(row.verdict)) continue;
    const Row& right = canonical.at(row.identity);
    for (const char* name : {"amount", "tax", "buyerTaxId", "buyerName", "blue", "originalInvoice",
                             "redConfirmNo", "kind", "kindCode", "fpzt", "areaCode"}) {
      EXPECT_EQ(row.field(name), right.field(name)) << row.record << ' ' << name;
    }
    EXPECT_EQ(row.field("issueTime"), right.field("issueTime").substr(0, 10)) << row.record;
  }
}

TEST(Truth, XmlSaysWhatTheCanonicalRecordSays) {
  auto canonical_reader = Reader::open(sample_folder() / "canonical" / "invoices.jsonl", {});
  auto xml_reader = Reader::open(sample_folder() / "xml", {});
  ASSERT_TRUE(canonical_reader && xml_reader);
  std::map<std::string, Row> canonical;
  for (Row& row : drain(**canonical_reader)) canonical.emplace(row.identity, std::move(row));
  const auto rows = drain(**xml_reader);
  ASSERT_EQ(rows.size(), 2u);
  for (const Row& row : rows) {
    EXPECT_EQ(row.verdict, Verdict::accept) << notes_of(row);
    const Row& right = canonical.at(row.identity);
    for (const char* name : {"amount", "tax", "total", "totalChinese", "sellerTaxId", "buyerTaxId", "blue",
                             "kindCode", "originalInvoice", "redConfirmNo", "areaCode"}) {
      EXPECT_EQ(row.field(name), right.field(name)) << name;
    }
    EXPECT_TRUE(row.field("lines").starts_with("[{\"item\":\"*"));
  }
}

TEST_F(SharedTruth, CanonicalFilesAreReadWhole) {
  const auto canonical = shared_folder() / "data" / "canonical";
  for (const auto& [name, kind] : std::map<std::string, RecordKind>{{"licenses.jsonl", RecordKind::license},
                                                                    {"licenses.csv", RecordKind::license},
                                                                    {"invoices.jsonl", RecordKind::invoice},
                                                                    {"invoices.csv", RecordKind::invoice}}) {
    auto reader = Reader::open(canonical / name, {});
    ASSERT_TRUE(reader) << name;
    std::size_t appended = 0;
    for (const Row& row : drain(**reader)) {
      EXPECT_EQ(row.kind, kind);
      EXPECT_TRUE(appendable(row.verdict)) << name << ' ' << row.record << ' ' << notes_of(row);
      appended += appendable(row.verdict) ? 1 : 0;
    }
    EXPECT_EQ(appended, 4000u) << name;
  }
}

}  // namespace
}  // namespace hufu::cli::importer
