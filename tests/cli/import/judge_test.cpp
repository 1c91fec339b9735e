// One rule at a time: a record that is right, with one thing made wrong.
#include <gtest/gtest.h>

#include "tests/cli/import/read_all.hpp"

namespace hufu::cli::importer {
namespace {

struct License {
  std::string identifier = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";
  std::string number = "A1";
  std::string holder = "己山";
  std::string code = "99010019900101123X";
  std::string issued = "2023-01-02";
  std::string until = "长期";
  std::string state = "有效";
  std::string tail;

  std::string line() const {
    return "1,营业执照," + number + ',' + identifier + ',' + holder + ',' + code + ",某局," + issued + ',' +
           until + ',' + state + tail + '\n';
  }
};

std::vector<Row> judged(const std::vector<License>& licenses) {
  std::string text = "序号,证照名称,证照编号,电子证照标识,持证人,证件号码,发证机关,发证日期,有效期至,状态\n";
  for (const License& license : licenses) text += license.line();
  return rows_of(text);
}

Row judged(const License& license) {
  auto rows = judged(std::vector{license});
  EXPECT_EQ(rows.size(), 1u);
  return rows.empty() ? Row{} : rows.front();
}

std::string said(const Row& row) { return std::string(name_of(row.verdict)) + ' ' + notes_of(row); }

TEST(JudgeLicense, ARightOneIsAccepted) {
  License right;
  right.code = "91350100M000100Y43";
  const Row row = judged(right);
  EXPECT_EQ(said(row), "ACCEPT ");
  EXPECT_EQ(row.identity, right.identifier);
  EXPECT_EQ(row.field("certTypeCode"), "11100000000013338W011");
  EXPECT_EQ(row.field("issuerCode"), "11430000006122244L");
  EXPECT_EQ(row.field("certVersion"), "001");
  EXPECT_EQ(row.field("areaCode"), "430000");
  EXPECT_EQ(row.field("stateName"), "有效");
}

TEST(JudgeLicense, J1Identifier) {
  for (const auto& [identifier, expected] : std::initializer_list<std::pair<const char*, const char*>>{
           {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V",
            "REJECT ID_CHECK_CHAR"},
           {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001",
            "REPAIR ID_CHECK_MISSING"},
           {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.",
            "REPAIR ID_CHECK_MISSING"},
           {"1.2.156.3005.2.11100000000013338w011.11430000006122244l.20230000403.001.u",
            "REPAIR ID_LOWERCASE"},
           {"'1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
            "REPAIR LEADING_APOSTROPHE"},
           {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.2023 0000403.001.U", "REPAIR ID_SPACED"},
           {"１.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U", "REPAIR FULLWIDTH"},
           {"1.2.156.3005.2.11100000000013338W011", "REJECT ID_MALFORMED"},
           {"", "REVIEW ID_MISSING"},
           {"NULL", "REVIEW ID_MISSING"}}) {
    License license;
    license.code = "91350100M000100Y43";
    license.identifier = identifier;
    EXPECT_EQ(said(judged(license)), expected) << identifier;
  }
}

TEST(JudgeLicense, J2AndJ3HolderCode) {
  for (const auto& [code, expected] : std::initializer_list<std::pair<const char*, const char*>>{
           {"91350100M000100Y43", "ACCEPT "},
           {"91350100M000100Y44", "WARN HOLDER_CHECK_CHAR"},
           {"9135O100M00010OY43", "REPAIR HOLDER_CONFUSABLE_O0"},
           {"9135O100M000100Y44", "WARN HOLDER_CHECK_CHAR"},
           {"９1350100M000100Y43", "REPAIR FULLWIDTH"},
           {"91350100m000100y43", "REPAIR ID_LOWERCASE"},
           {"9.13501E+17", "REVIEW SCIENTIFIC_NOTATION_LOSS"},
           {"110105194912310021", "WARN HOLDER_CHECK_CHAR"},
           {"990105194912310020", "WARN HOLDER_CHECK_CHAR"},
           {"E12345678", "ACCEPT "},
           {"", "WARN FIELD_MISSING"}}) {
    License license;
    license.code = code;
    EXPECT_EQ(said(judged(license)), expected) << code;
  }
}

TEST(JudgeLicense, J4State) {
  for (const auto& [state, expected] :
       std::initializer_list<std::pair<const char*, const char*>>{{"有效", "01"},
                                                                  {"1", "01"},
                                                                  {"冻结", "02"},
                                                                  {"已过期", "05"},
                                                                  {"吊销", "07"},
                                                                  {"99", ""},
                                                                  {"03", ""},
                                                                  {"", ""},
                                                                  {"待定", ""}}) {
    License license;
    license.code = "91350100M000100Y43";
    license.state = state;
    const Row row = judged(license);
    EXPECT_EQ(row.field("state"), expected) << state;
    EXPECT_EQ(said(row), *expected == '\0' ? "REVIEW STATE_UNKNOWN" : "ACCEPT ") << state;
  }
}

TEST(JudgeLicense, Dates) {
  for (const auto& [issued, until, expected] :
       std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"2023-01-02", "----", "ACCEPT "},
           {"44928", "2026.1.1", "ACCEPT EXCEL_SERIAL_DATE"},
           {"", "长期", "REVIEW DATE_MISSING"},
           {"去年", "长期", "REVIEW DATE_UNREADABLE"},
           {"2023-01-02", "待定", "REVIEW DATE_UNREADABLE"},
           {"2023-01-02", "2022-12-31", "WARN VALIDITY_REVERSED"}}) {
    License license;
    license.code = "91350100M000100Y43";
    license.issued = issued;
    license.until = until;
    EXPECT_EQ(said(judged(license)), expected) << issued << ' ' << until;
  }
}

TEST(JudgeLicense, RowsOfAnotherLengthThanTheHeader) {
  License license;
  license.code = "91350100M000100Y43";
  license.tail = ",,多余";
  EXPECT_EQ(said(judged(license)), "ACCEPT RAGGED_LONG");
  license.tail = ",,";
  EXPECT_EQ(said(judged(license)), "ACCEPT ") << "empty cells beyond the header say nothing";
  const std::string text =
      "电子证照标识,持证人,发证日期,状态,备注\n"
      "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U,己山,2023-01-02,有效\n"
      "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S,己山,2023-01-02\n";
  const auto rows = rows_of(text);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(said(rows[0]), "ACCEPT ") << "only the remark is missing";
  EXPECT_EQ(said(rows[1]), "REJECT RAGGED_SHORT");
}

TEST(JudgeLicense, TheSameDocumentAgain) {
  License first;
  first.code = "91350100M000100Y43";
  License restyled = first;
  restyled.issued = "2023年1月2日";
  License changed = first;
  changed.state = "注销";
  License other = first;
  other.identifier = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S";
  const auto rows = judged({first, first, restyled, changed, other});
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(said(rows[0]), "ACCEPT ");
  EXPECT_EQ(said(rows[1]), "SKIP DUPLICATE_EXACT");
  EXPECT_EQ(said(rows[2]), "SKIP DUPLICATE_SAME_NUMBER");
  EXPECT_EQ(said(rows[3]), "REVIEW DUPLICATE_CONFLICT");
  EXPECT_EQ(said(rows[4]), "ACCEPT ");
}

TEST(JudgeLicense, R4NotesCarryNoCellText) {
  License license;
  license.code = "990105194912310020";
  for (const FieldNote& note : judged(license).notes) {
    EXPECT_TRUE(note.field.empty() || field_named(note.field)) << note.field;
  }
}

TEST(Rows, WhatIsNoRecordIsSkipped) {
  const std::string header = "发票号码,购方名称,销方名称,销方税号,开票日期,金额,税额,价税合计\n";
  const std::string text =
      header + ",,,,,,,\n\n合 计,,,,,100.00,6.00,106.00\n本页小计：,,,,,,,1\n制表人：某人,,,,,,,\n" + header +
      "以上数据仅供内部使用\n";
  std::string all;
  for (const Row& row : rows_of(text)) {
    EXPECT_EQ(row.verdict, Verdict::skip);
    all += notes_of(row) + ' ';
  }
  EXPECT_EQ(all, "BLANK_ROW BLANK_ROW SUBTOTAL_ROW SUBTOTAL_ROW FOOTER HEADER_REPEATED FOOTER ");
}

struct Invoice {
  std::string code;
  std::string number = "24332000000762920616";
  std::string kind = "电子发票（普通发票）";
  std::string status = "正常";
  std::string seller = "91350100M000100Y43";
  std::string buyer;
  std::string amount = "100.00";
  std::string tax = "6.00";
  std::string total = "106.00";
};

Row judged(const Invoice& invoice) {
  const auto rows = rows_of(
      "发票代码,发票号码,发票种类,开票日期,发票状态,购方名称,购方税号,销方名称,销方税号,不含税金额,税额,"
      "价税合计\n" +
      invoice.code + ',' + invoice.number + ',' + invoice.kind + ",2024-04-03," + invoice.status + ",己山," +
      invoice.buyer + ",甲公司," + invoice.seller + ",\"" + invoice.amount + "\",\"" + invoice.tax + "\",\"" +
      invoice.total + "\"\n");
  EXPECT_EQ(rows.size(), 1u);
  return rows.empty() ? Row{} : rows.front();
}

TEST(JudgeInvoice, Numbers) {
  for (const auto& [code, number, kind, expected] :
       std::initializer_list<std::tuple<const char*, const char*, const char*, const char*>>{
           {"", "24332000000762920616", "电子发票（普通发票）", "ACCEPT "},
           {"", "2433 20000007 62920616", "电子发票（普通发票）", "REPAIR NUMBER_SPACED"},
           {"", "'24332000000762920616", "数电票（普通发票）", "REPAIR LEADING_APOSTROPHE"},
           {"", "2433200000076292061", "电子发票（普通发票）", "REJECT NUMBER_LENGTH"},
           {"", "243320000007629206160", "电子发票（普通发票）", "REJECT NUMBER_LENGTH"},
           {"", "24992000000762920616", "电子发票（普通发票）", "REJECT NUMBER_AREA"},
           {"", "24912000000762920616", "电子发票（普通发票）", "ACCEPT "},
           {"", "2.43320E+19", "电子发票（普通发票）", "REJECT SCIENTIFIC_NOTATION_LOSS"},
           {"", "", "电子发票（普通发票）", "REJECT NUMBER_MISSING"},
           {"", "2433200000O762920616", "电子发票（普通发票）", "REJECT ID_MALFORMED"},
           {"033002400111", "62920616", "电子发票（普通发票）", "REVIEW LEGACY_CODE_8"},
           {"033002400111", "62920616", "增值税电子普通发票", "ACCEPT "},
           {"33060124", "0012345678", "财政电子票据", "ACCEPT "},
           {"033002400111", "24332000000762920616", "电子发票（普通发票）", "REVIEW ID_CONTRADICTS"}}) {
    Invoice invoice;
    invoice.code = code;
    invoice.number = number;
    invoice.kind = kind;
    EXPECT_EQ(said(judged(invoice)), expected) << code << '/' << number;
  }
}

TEST(JudgeInvoice, PartiesAndSums) {
  Invoice invoice;
  invoice.seller = "91350100M000100Y44";
  EXPECT_EQ(said(judged(invoice)), "WARN SELLER_CHECK_CHAR");
  invoice = {};
  invoice.buyer = "91350100M000100Y44";
  EXPECT_EQ(said(judged(invoice)), "WARN BUYER_CHECK_CHAR");
  invoice = {};
  invoice.total = "106.01";
  EXPECT_EQ(said(judged(invoice)), "WARN ARITHMETIC");
  invoice.total = "12万";
  EXPECT_EQ(said(judged(invoice)), "REVIEW AMOUNT_UNREADABLE");
  invoice = {};
  invoice.tax = "免税";
  invoice.total = "￥100.00元";
  EXPECT_EQ(said(judged(invoice)), "ACCEPT ");
  invoice = {};
  invoice.status = "待定";
  EXPECT_EQ(said(judged(invoice)), "REVIEW STATE_UNKNOWN");
  invoice = {};
  invoice.amount = "(1,100.00)";
  invoice.tax = "-6.00";
  invoice.total = "￥-1106.00";
  const Row red = judged(invoice);
  EXPECT_EQ(said(red), "ACCEPT ");
  EXPECT_EQ(red.field("blue"), "false");
  EXPECT_EQ(red.field("total"), "-1106.00");
}

TEST(JudgeInvoice, TheKeyTellsCodedFromDigital) {
  Invoice coded;
  coded.code = "033002400111";
  coded.number = "62920616";
  coded.kind = "增值税电子普通发票";
  EXPECT_EQ(judged(coded).identity, "033002400111-62920616");
  EXPECT_EQ(judged(Invoice{}).identity, "24332000000762920616");
}

}  // namespace
}  // namespace hufu::cli::importer
