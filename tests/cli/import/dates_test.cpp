#include "cli/import/dates.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hufu::cli::importer {
namespace {

std::string day_in(std::string_view cell, DateOrder order = DateOrder::day_month_year) {
  const auto date = read_date(cell, order);
  return date ? format_day(*date) : "unreadable";
}

TEST(Dates, OneDayInManyShapes) {
  for (const char* shape : {"2024-05-12",
                            "2024/5/12",
                            "2024.05.12",
                            "2024年5月12日",
                            "2024 年 5 月 12 日",
                            "20240512",
                            "20240512093559",
                            "2024-05-12 00:00:00",
                            "2024-05-12T00:00:00.000+0800",
                            "2024-05-12T09:35:59+08:00",
                            "2024-5-12 9:05",
                            "45424",
                            "45424.5",
                            "12/5/24",
                            "12-5-24",
                            "12/5/2024",
                            "２０２４年５月１２日",
                            "'2024-05-12",
                            " 2024-05-12\u3000",
                            "二〇二四年五月十二日",
                            "2024-05-11T16:00:00.000Z",
                            "2024-05-11T16:00:00Z"}) {
    EXPECT_EQ(day_in(shape), "2024-05-12") << shape;
  }
  EXPECT_EQ(day_in("二〇二四年十月二十日"), "2024-10-20");
  EXPECT_EQ(day_in("二〇二四年十一月三十日"), "2024-11-30");
}

TEST(Dates, WhatIsNoDateIsNotRead) {
  for (const char* text : {"", "2024-13-01", "2023-02-29", "2024-05", "2024年5月", "45", "999999", "待定",
                           "2024-05-12x", "2024-05-12 25:00", "32/13/24", "12/5/240", "2024--05-12",
                           "20241301", "1/2/3/4", "2024-05-12T09:35:59+8"}) {
    EXPECT_EQ(day_in(text), "unreadable") << text;
  }
}

TEST(Dates, SpreadsheetNumbersAreMarked) {
  EXPECT_TRUE(read_date("45424", DateOrder::day_month_year)->serial);
  EXPECT_FALSE(read_date("20240512", DateOrder::day_month_year)->serial);
  EXPECT_EQ(format_moment(*read_date("45424.5", DateOrder::day_month_year)), "2024-05-12T12:00:00+08:00");
}

TEST(Dates, ShortYearsAreAmbiguousAndFollowTheOrder) {
  EXPECT_EQ(day_in("5/6/24", DateOrder::day_month_year), "2024-06-05");
  EXPECT_EQ(day_in("5/6/24", DateOrder::month_day_year), "2024-05-06");
  EXPECT_EQ(day_in("5/6/24", DateOrder::year_month_day), "2005-06-24");
  EXPECT_TRUE(read_date("5/6/24", DateOrder::day_month_year)->ambiguous);
  EXPECT_TRUE(read_date("30/8/22", DateOrder::day_month_year)->ambiguous);
  EXPECT_EQ(day_in("5/13/24", DateOrder::day_month_year), "2024-05-13") << "only one order makes a day of it";
  EXPECT_FALSE(read_date("13/5/2024", DateOrder::day_month_year)->ambiguous);
  EXPECT_TRUE(read_date("3/5/2024", DateOrder::day_month_year)->ambiguous);
}

TEST(Dates, EndsThatNeverCome) {
  for (const char* cell : {"", "----", "长期", "长期有效", "9999-12-31", "9999/12/31", "99991231",
                           "2099/12/31", "2099-12-31", "永久"}) {
    EXPECT_TRUE(is_open_end(cell)) << cell;
  }
  for (const char* cell : {"2099-12-30", "2028-04-16", "待定", "45424"})
    EXPECT_FALSE(is_open_end(cell)) << cell;
}

RC_GTEST_PROP(Dates, EveryDayIsReadBack, ()) {
  const auto day = *rc::gen::inRange<CivilDay>(-25000, 60000);
  const std::string iso = format_civil_day(day);
  RC_ASSERT(day_in(iso) == iso);
  RC_ASSERT(day_in(iso + "T23:59:59+08:00") == iso);
  std::string compact = iso;
  std::erase(compact, '-');
  RC_ASSERT(day_in(compact) == iso);
}

RC_GTEST_PROP(Dates, NoTextBreaksThem, (const std::string& text)) {
  for (const DateOrder order : kDateOrders) {
    const auto date = read_date(text, order);
    if (date) RC_ASSERT(parse_civil_day(format_day(*date)).has_value());
  }
  is_open_end(text);
}

}  // namespace
}  // namespace hufu::cli::importer
