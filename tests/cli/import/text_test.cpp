// From bytes to records: encodings, chunks, quotation marks.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unicode/ucnv.h>

#include "cli/import/delimited.hpp"
#include "cli/import/limits.hpp"
#include "cli/import/text_source.hpp"

namespace hufu::cli::importer {
namespace {

std::string encoded(std::string_view utf8, const char* to) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out(utf8.size() * 4 + 16, '\0');
  const int size = ucnv_convert(to, "UTF-8", out.data(), static_cast<int>(out.size()), utf8.data(),
                                static_cast<int>(utf8.size()), &status);
  EXPECT_TRUE(U_SUCCESS(status));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string whole_text(std::string_view bytes, std::optional<Encoding> encoding = std::nullopt) {
  auto text = TextSource::open(open_bytes(bytes), encoding);
  EXPECT_TRUE(text);
  while (*(*text)->more()) {
  }
  return std::string((*text)->window());
}

// Hands out one byte at a time: every boundary falls inside something.
class Drip final : public ByteSource {
 public:
  explicit Drip(std::string_view bytes) : rest_(bytes) {}
  Result<std::size_t> read(char* to, std::size_t) override {
    if (rest_.empty()) return std::size_t{0};
    *to = rest_.front();
    rest_.remove_prefix(1);
    return std::size_t{1};
  }
  std::uint64_t size() const override { return rest_.size(); }

 private:
  std::string_view rest_;
};

constexpr std::string_view kText = "序号,持证人\r\n1,己㛃𬭎\r\n2,甲䶮\r\n";

TEST(Text, EncodingsAreToldApart) {
  EXPECT_EQ(detect_encoding(kText).encoding, Encoding::utf8);
  EXPECT_EQ(detect_encoding(encoded(kText, "GB18030")).encoding, Encoding::gb18030);
  EXPECT_EQ(detect_encoding(encoded(kText, "UTF-16LE")).encoding, Encoding::utf16le)
      << "no mark, NULs in odd places";
  EXPECT_EQ(detect_encoding(encoded(kText, "UTF-16BE")).encoding, Encoding::utf16be);
  EXPECT_EQ(detect_encoding("\xFF\xFE").encoding, Encoding::utf16le);
  EXPECT_EQ(detect_encoding("only ascii").encoding, std::nullopt);
}

TEST(Text, EveryEncodingGivesTheSameText) {
  for (const char* name : {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"})
    EXPECT_EQ(whole_text(encoded(kText, name)), kText) << name;
  EXPECT_EQ(whole_text("\xEF\xBB\xBF" + std::string(kText)), kText);
  EXPECT_EQ(whole_text("\xFF\xFE" + encoded(kText, "UTF-16LE")), kText);
  EXPECT_EQ(whole_text("\xFE\xFF" + encoded(kText, "UTF-16BE")), kText);
}

TEST(Text, AnAsciiBeginningDecidesNothing) {
  const std::string ascii(kReadChunkBytes + 100, 'a');
  EXPECT_EQ(whole_text(ascii + encoded(kText, "GB18030")), ascii + std::string(kText));
  EXPECT_EQ(whole_text(ascii + std::string(kText)), ascii + std::string(kText));
}

TEST(Text, ACharacterCutByTheEndOfAChunkIsWhole) {
  std::string utf8(kReadChunkBytes - 1, 'a');
  for (int i = 0; i < 1000; ++i) utf8 += "己㛃𬭎";
  EXPECT_EQ(whole_text(utf8), utf8);
  EXPECT_EQ(whole_text("己" + utf8), "己" + utf8);
  const std::string gb = encoded("己" + utf8, "GB18030");
  EXPECT_EQ(whole_text(gb), "己" + utf8);
}

TEST(Text, BytesThatAreNoTextBecomeAReplacementCharacter) {
  std::string gb = encoded(kText, "GB18030");
  gb += '\xFF';
  gb += ",\r\n";
  EXPECT_NE(whole_text(gb).find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_TRUE(whole_text(gb).starts_with(kText));
}

using Table = std::vector<std::vector<std::string>>;

Table records_of(std::unique_ptr<ByteSource> bytes, char delimiter = ',') {
  auto text = TextSource::open(std::move(bytes), Encoding::utf8);
  EXPECT_TRUE(text);
  RecordStream stream(**text, delimiter);
  Table table;
  Cells cells;
  while (true) {
    const auto outcome = stream.next(cells);
    EXPECT_TRUE(outcome);
    if (!outcome || *outcome == RecordStream::Outcome::end) return table;
    if (*outcome == RecordStream::Outcome::oversize) table.push_back({"<oversize>"});
    if (*outcome == RecordStream::Outcome::unbalanced) table.push_back({"<unbalanced>"});
    if (*outcome == RecordStream::Outcome::record) table.emplace_back(cells.cell.begin(), cells.cell.end());
    EXPECT_EQ(stream.record_number(), table.size());
  }
}

TEST(Records, CellsLineEndsAndQuotationMarks) {
  EXPECT_EQ(records_of(open_bytes("a,b\r\nc,d\ne,f\rg,h")),
            (Table{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}));
  EXPECT_EQ(records_of(open_bytes("\"a,b\",\"c\"\"d\"\"\",\"e\r\nf\"\n")),
            (Table{{"a,b", "c\"d\"", "e\r\nf"}}));
  EXPECT_EQ(records_of(open_bytes(",,\n\n,")), (Table{{"", "", ""}, {""}, {"", ""}}));
  EXPECT_EQ(records_of(open_bytes("a\"b,\"c\"d,\"\"\n")), (Table{{"a\"b", "cd", ""}}))
      << "strays are ordinary characters";
  EXPECT_EQ(records_of(open_bytes("")), (Table{}));
}

TEST(Records, AnUnclosedQuotationMarkCostsOneRecord) {
  EXPECT_EQ(records_of(open_bytes("a,\"b\nc,d\ne,f\n")), (Table{{"<unbalanced>"}, {"c", "d"}, {"e", "f"}}));
}

TEST(Records, ARecordOverItsBoundCostsOneRecord) {
  const std::string huge(kRecordMaxBytes + 10, 'x');
  const auto table = records_of(open_bytes("a,b\n" + huge + "\nc,d\n"));
  ASSERT_GE(table.size(), 3u);
  EXPECT_EQ(table.front(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table[1].front(), "<oversize>");
  EXPECT_EQ(table.back(), (std::vector<std::string>{"c", "d"}));
  const std::string wide(kColumnsMax + 1, ',');
  EXPECT_EQ(records_of(open_bytes(wide + "\nc,d\n")), (Table{{"<oversize>"}, {"c", "d"}}));
}

RC_GTEST_PROP(Records, WhatIsWrittenIsReadBackOverAnyBoundary, ()) {
  const auto cell = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,\"\r\n;\t ")));
  const auto record =
      rc::gen::suchThat(rc::gen::container<std::vector<std::string>>(cell),
                        [](const std::vector<std::string>& r) { return !r.empty() && r.size() < 20; });
  const auto table = *rc::gen::container<Table>(record);
  std::string text;
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? "\"" : ",\"";
      for (const char c : row[i]) text += c == '"' ? "\"\"" : std::string(1, c);
      text += '"';
    }
    text += "\r\n";
  }
  RC_ASSERT(records_of(open_bytes(text)) == table);
  RC_ASSERT(records_of(std::make_unique<Drip>(text)) == table);
}

}  // namespace
}  // namespace hufu::cli::importer
