// Files that strangers hand to the importer: tables in any encoding, JSON lines, XML. Whatever they hold, rows come out that
// keep the promises of cli/import/row.hpp, and the reader ends.
#include <algorithm>
#include <string>
#include <string_view>

#include "cli/import/reader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace hufu;
using namespace hufu::cli::importer;

namespace {

void check_row(const Row& row) {
  Verdict gravest = Verdict::accept;
  for (const FieldNote& note : row.notes) {
    gravest = std::max(gravest, describe(note.note).verdict);
    FUZZ_CHECK(note.field.empty() || field_named(note.field));
  }
  FUZZ_CHECK(row.verdict >= gravest);
  FUZZ_CHECK(row.verdict == gravest || row.verdict == Verdict::reject);
  FieldId last = FieldId::none;
  for (const Field& field : row.fields) {
    const auto id = field_named(field.name);
    FUZZ_CHECK(id && !field.value.empty());
    FUZZ_CHECK(last == FieldId::none || last < *id);
    last = *id;
  }
  // What may be appended without a person has an identity that the ledger knows how to read.
  if (row.verdict > Verdict::warn) return;
  FUZZ_CHECK(row.kind == RecordKind::license ? parse_license_id(std::string_view(row.identity)).has_value()
                                             : parse_invoice_key(row.identity).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto reader = cli::importer::Reader::open_memory(bytes, {});
  if (!reader) return 0;
  for (const Source& source : (*reader)->sources()) {
    if (!source.mapping) continue;
    std::string why;
    FUZZ_CHECK(parse_mapping(print_mapping(*source.mapping), why).has_value());
  }
  std::uint64_t last = 0;
  std::size_t rows = 0;
  while (true) {
    auto row = (*reader)->next();
    FUZZ_CHECK(row.has_value());  // memory cannot fail to be read
    if (!*row) return 0;
    FUZZ_CHECK((*row)->record > last);
    last = (*row)->record;
    FUZZ_CHECK(++rows <= size + 1);
    check_row(**row);
  }
}

std::vector<Bytes> fuzz::seeds() {
  const std::string licenses =
      "某市证照台账\r\n序号,证照名称,证照编号,电子证照标识,持证人,证件号码,发证机关,发证日期,有效期至,状态,"
      "备注\r\n"
      "1,营业执照,A1,1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U,己山,"
      "91350100M000100Y43,某局,2023-01-02,长期,有效,\"多行\n\"\"备注\"\"\"\r\n"
      "2,营业执照,A2,'1.2.156.3005.2.11100000000013338w011.11430000006122244L.20230000403.002, 甲(公司)　,"
      "９1350100M000100Y43,某局,44928,16/4/"
      "28,1,—\r\n,,,,,,,,,,\r\n小计,,,,2,,,,,,\r\n以上数据仅供内部使用\r\n";
  const std::string invoices =
      "发票代码\t发票号码\t发票种类\t开票日期\t发票状态\t购方名称\t购方税号\t销方名称\t销方税号\t不含税金额\t"
      "税额\t价税合计\t备注\n"
      "\t2433 20000007 "
      "62920616\t数电票（普通发票）\t2024年4月3日\t正常\t己山\t\t甲公司\t91350100M000100Y43\t￥1,100.00\t6."
      "00元\t"
      "1106.00\t\n\t2.43320E+19\t电子发票（普通发票）\t3/4/"
      "24\t正常\t己山\t\t甲公司\t91350100M000100Y43\t(1.00)\t0\t-1\t"
      "被红冲蓝字数电票号码：24332000000762920616 "
      "红字发票信息确认单编号：1\n本页合计\t\t\t\t\t\t\t\t\t\t\t1\t\n";
  const std::string json =
      "{\"invoiceNumber\":\"24332000000762920616\",\"issueTime\":\"2024-04-03T17:53:35+08:00\",\"amount\":"
      "\"1.00\","
      "\"tax\":\"0.06\",\"total\":\"1.06\",\"lines\":[{\"qty\":1.5}],\"fpzt\":\"0\"}\n{}\n[1]\n";
  const std::string xml =
      "<?xml "
      "version=\"1.0\"?><EInvoice><Header><EIid>24332000000762920616</EIid></"
      "Header><EInvoiceData><BasicInformation>"
      "<TotalTax-includedAmount>1.06</TotalTax-includedAmount></"
      "BasicInformation><IssuItemInformation><ItemName>*a*b</ItemName>"
      "</IssuItemInformation></EInvoiceData><TaxSupervisionInfo><InvoiceNumber>24332000000762920616</"
      "InvoiceNumber>"
      "<IssueTime>2024-10-16</IssueTime></TaxSupervisionInfo></EInvoice>";
  std::vector<Bytes> all;
  for (const std::string& text : {licenses, invoices, json, xml}) all.emplace_back(text.begin(), text.end());
  // The same table as UTF-16 without a mark: ASCII and Chinese alike in two bytes, little end first.
  const std::string plain = "certIdentifier,certNumber,holderName,issueDate,state\nx,1,a,2024-01-01,1\n";
  Bytes wide;
  for (const char c : plain) wide.insert(wide.end(), {static_cast<std::uint8_t>(c), 0});
  all.push_back(wide);
  return all;
}
