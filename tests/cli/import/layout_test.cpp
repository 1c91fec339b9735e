// Where the header stands, what the columns are, and the mapping a person may settle them with.
#include <gtest/gtest.h>

#include "tests/cli/import/read_all.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::string_view kHeader =
    "序号,证照名称,证照编号,电子证照标识,持证人,证件号码,发证机关,发证日期,有效期至,状态\n";
const std::string kGood =
    "1,营业执照,A1,1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U,己山,,"
    "某局,2023-01-02,长期,有效\n";

TEST(Layout, TitleAndUnitRowsStandAboveTheHeader) {
  const std::string text = "某市证照台账\n单位：某局,,,\n" + std::string(kHeader) + kGood;
  const auto layout = guess_layout(text, true, nullptr);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->kind, RecordKind::license);
  EXPECT_EQ(layout->header_record, 3u);
  EXPECT_EQ(layout->columns[3], FieldId::certIdentifier);
  const auto rows = rows_of(text);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].record, 4u);
}

TEST(Layout, EveryDelimiterIsGuessed) {
  for (const char delimiter : std::string(",\t;|")) {
    std::string text = std::string(kHeader) + kGood;
    std::replace(text.begin(), text.end(), ',', delimiter);
    const auto layout = guess_layout(text, true, nullptr);
    ASSERT_TRUE(layout) << delimiter;
    EXPECT_EQ(layout->delimiter, delimiter);
    EXPECT_EQ(rows_of(text).size(), 1u);
  }
}

TEST(Layout, TitlesAreReadThroughTheirDecoration) {
  for (const char* title :
       {" 发票号码 ", "*发票号码", "发票\n号码", "发票号码：", "发票号码（必填）", "invoicenumber"}) {
    EXPECT_EQ(guess_field(title, RecordKind::invoice), FieldId::invoiceNumber) << title;
  }
  EXPECT_EQ(guess_field("金额（元）", RecordKind::invoice), FieldId::amount);
  EXPECT_EQ(guess_field("金额（万元）", RecordKind::invoice), FieldId::none) << "ten thousand times as much";
  EXPECT_EQ(guess_field("经办人", RecordKind::license), FieldId::none);
}

TEST(Layout, TheColumnShowsTheOrderOfShortDates) {
  const auto order = [](std::string_view dates) {
    std::string text(kHeader);
    std::size_t from = 0;
    while (from < dates.size()) {
      const auto end = dates.find(' ', from);
      text += "1,营业执照,A,,己山,,某局," + std::string(dates.substr(from, end - from)) + ",长期,有效\n";
      from = end == std::string_view::npos ? dates.size() : end + 1;
    }
    return guess_layout(text, true, nullptr)->date_order;
  };
  EXPECT_EQ(order("2021-05-01 2022-07-01 25/5/21 3/6/22"), DateOrder::day_month_year);
  EXPECT_EQ(order("2021-05-01 2022-07-01 21/5/25 22/6/3"), DateOrder::year_month_day);
  EXPECT_EQ(order("2021-05-01 2022-07-01 5/25/21 6/30/22"), DateOrder::month_day_year);
}

TEST(Layout, AFileWithoutAKnownHeaderIsRefused) {
  for (const char* text : {"", "a,b,c\n1,2,3\n", "备注,状态,序号\n", "\n\n\n"}) {
    const auto reader = Reader::open_memory(text, {});
    ASSERT_FALSE(reader) << text;
    EXPECT_EQ(reader.error(), Error::field_missing);
  }
}

TEST(Mapping, TheGuessCanBeSavedEditedAndGivenBack) {
  const std::string text = std::string(kHeader) + kGood;
  auto reader = Reader::open_memory(text, {});
  ASSERT_TRUE(reader);
  Mapping mapping = *(*reader)->sources().front().mapping;
  mapping.states["99"] = "01";
  std::string why;
  const auto again = parse_mapping(print_mapping(mapping), why);
  ASSERT_TRUE(again) << why;
  EXPECT_EQ(again->kind, mapping.kind);
  EXPECT_EQ(again->header_record, mapping.header_record);
  EXPECT_EQ(again->delimiter, mapping.delimiter);
  EXPECT_EQ(again->encoding, Encoding::utf8);
  EXPECT_EQ(again->date_order, mapping.date_order);
  EXPECT_EQ(again->states, mapping.states);
  EXPECT_EQ(std::map(again->columns.begin(), again->columns.end()),
            std::map(mapping.columns.begin(), mapping.columns.end()));
}

TEST(Mapping, AnyTitleCanBeSaved) {
  Mapping mapping;
  mapping.columns = {{"同名", FieldId::certNumber},
                     {"同名", FieldId::none},
                     {std::string("a\0\"\\\n\x7F", 6), FieldId::state}};
  std::string why;
  const auto again = parse_mapping(print_mapping(mapping), why);
  ASSERT_TRUE(again) << why;
  const std::map columns(again->columns.begin(), again->columns.end());
  EXPECT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns.at("同名"), FieldId::certNumber) << "of two columns with one title the first counts";
  EXPECT_EQ(columns.at(mapping.columns[2].first), FieldId::state);
}

TEST(Mapping, OverridesWhatWouldBeGuessed) {
  std::string why;
  auto mapping = parse_mapping(
      "kind = 'license'\n[columns]\n'我的标识' = 'certIdentifier'\n'持证人' = ''\n[states]\n'99' = '07'\n",
      why);
  ASSERT_TRUE(mapping) << why;
  const std::string text =
      "我的标识,证照编号,持证人,发证日期,有效期至,状态\n"
      "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U,A1,己山,2023-01-02,长期,"
      "99\n";
  const auto rows = rows_of(text, {.mapping = *mapping, .encoding = std::nullopt});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].verdict, Verdict::accept) << notes_of(rows[0]);
  EXPECT_EQ(rows[0].field("state"), "07");
  EXPECT_EQ(rows[0].field("holderName"), "");
}

TEST(Mapping, WhatItDoesNotKnowIsRefusedAndNamed) {
  for (const auto& [text, part] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "kind"},
           {"kind = 'car'", "kind"},
           {"kind = 'license'\ncolour = 'red'", "colour"},
           {"kind = 'license'\n[columns]\n'a' = 'invoiceNumber'", "columns"},
           {"kind = 'license'\n[columns]\n'a' = 3", "columns"},
           {"kind = 'license'\n[states]\n'9' = '08'", "states"},
           {"kind = 'license'\n[more]\n", "more"},
           {"kind = 'license'\nheader_record = 0", "header_record"},
           {"kind = 'license'\ndelimiter = 'x'", "delimiter"},
           {"kind = 'license'\nencoding = 'EBCDIC'", "encoding"},
           {"kind = ", "line 1"}}) {
    std::string why;
    const auto mapping = parse_mapping(text, why);
    ASSERT_FALSE(mapping) << text;
    EXPECT_EQ(mapping.error(), Error::config_invalid);
    EXPECT_NE(why.find(part), std::string::npos) << why;
  }
}

}  // namespace
}  // namespace hufu::cli::importer
