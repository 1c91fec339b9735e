#include "cli/import/cells.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/record/identifiers.hpp"

namespace hufu::cli::importer {
namespace {

TEST(Cells, ACodeIsFreedOfWhatSpreadsheetsDoToIt) {
  const Code full = read_code("９１３1０１１５ＸＴ");
  EXPECT_EQ(full.text, "91310115XT");
  EXPECT_TRUE(full.fullwidth);
  EXPECT_TRUE(read_code("'0012").apostrophe);
  EXPECT_EQ(read_code("'0012").text, "0012");
  EXPECT_EQ(read_code("=\"0012\"").text, "0012");
  EXPECT_TRUE(read_code("=\"0012\"").apostrophe);
  EXPECT_TRUE(read_code("ab1").lowercase);
  EXPECT_EQ(read_code("ab1").text, "AB1");
  EXPECT_TRUE(read_code("2433 2000\u00a01").spaced);
  EXPECT_EQ(read_code("2433 2000\u00a01").text, "243320001");
}

TEST(Cells, WhiteSpaceAroundACodeIsNobodysConcern) {
  const Code code = read_code(" \t\u3000AB1\u200b\r\n");
  EXPECT_EQ(code.text, "AB1");
  EXPECT_FALSE(code.spaced || code.fullwidth || code.lowercase || code.apostrophe);
}

TEST(Cells, ANumberThatBecameFloatingIsRecognised) {
  for (const char* lost : {"9.99659E+17", "2E+19", "2.4317E+19"}) EXPECT_TRUE(is_scientific(lost)) << lost;
  for (const char* whole : {"E+17", "9.9E17", "9.9.9E+1", "1100E", "91310115XT0028E+7", "9E+", ""}) {
    EXPECT_FALSE(is_scientific(whole)) << whole;
  }
}

TEST(Cells, NamesGetOneSpellingOfBracketsAndNoOuterSpace) {
  const Name name = read_name(" 温州电气(集团)有限公司\u3000");
  EXPECT_EQ(name.text, "温州电气（集团）有限公司");
  EXPECT_TRUE(name.changed);
  EXPECT_FALSE(read_name("温州电气（集团）有限公司").changed);
  EXPECT_EQ(read_name("己㛃").text, "己㛃");
  EXPECT_EQ(read_name("—").text, "");
}

TEST(Cells, NamesAreNormalisedToNfc) {
  const Name name = read_name("Cafe\u0301");
  EXPECT_EQ(name.text, "Caf\u00e9");
  EXPECT_TRUE(name.changed);
}

TEST(Cells, WhatPeopleWriteForNothing) {
  for (const char* nothing : {"", " ", "NULL", "null", "—", "--", "----", "N/A", "无", "/", "\u3000"}) {
    EXPECT_TRUE(says_nothing(nothing)) << '"' << nothing << '"';
  }
  for (const char* something : {"0", "-1", "无锡", "NULLABLE", "- -"})
    EXPECT_FALSE(says_nothing(something)) << something;
}

TEST(Cells, SumsInTheShapesOfficesWrite) {
  for (const auto& [text, fen] :
       std::initializer_list<std::pair<const char*, std::int64_t>>{{"6181.77", 618177},
                                                                   {"￥370.91", 37091},
                                                                   {"¥370.91", 37091},
                                                                   {"-6552.68元", -655268},
                                                                   {"6,181.77", 618177},
                                                                   {"(4770.07)", -477007},
                                                                   {"（4,770.07）", -477007},
                                                                   {"￥-76664.12", -7666412},
                                                                   {"-￥1", -100},
                                                                   {"0", 0},
                                                                   {"1.5", 150},
                                                                   {"１２．３４", 1234},
                                                                   {"33242.9400000", 3324294},
                                                                   {"人民币100元整", 10000},
                                                                   {" 12.00 ", 1200},
                                                                   {"'12.00", 1200},
                                                                   {"1,234,567.89", 123456789}}) {
    ASSERT_TRUE(read_amount(text)) << text;
    EXPECT_EQ(*read_amount(text), fen) << text;
  }
}

TEST(Cells, SumsThatCouldMeanTwoThingsAreNotRead) {
  for (const char* text : {"", "—", "1,23", "12,34.00", ",123", "1.234.567", "1.005", "1e5", "12万", "(-5)",
                           "--5", "５元角", ".", "5.", "1234567890123456.00", "1,2345"}) {
    EXPECT_FALSE(read_amount(text)) << text;
  }
}

RC_GTEST_PROP(Cells, EverySumIsReadBackAsWritten, ()) {
  const auto fen = *rc::gen::inRange<std::int64_t>(-100'000'000'000'000, 100'000'000'000'000);
  RC_ASSERT(read_amount(format_yuan(fen)) == fen);
  RC_ASSERT(read_amount("￥" + format_yuan(fen) + "元") == fen);
}

RC_GTEST_PROP(Cells, NoTextBreaksThem, (const std::string& text)) {
  read_code(text);
  fold_width(text);
  read_amount(text);
  RC_ASSERT(trim(trim(text)) == trim(text));
}

TEST(Cells, DamageIsSeen) {
  EXPECT_TRUE(damaged("ab\xEF\xBF\xBD"));
  EXPECT_TRUE(damaged(std::string_view("a\0b", 3)));
  EXPECT_FALSE(damaged("多行\n备注\t，\r\n"));
}

}  // namespace
}  // namespace hufu::cli::importer
