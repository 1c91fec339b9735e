#include "cli/import/xml_invoice.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <pugixml.hpp>
#include <string>

#include "cli/import/limits.hpp"

namespace hufu::cli::importer {
namespace {

struct Tag {
  FieldId field;
  const char* path;
};
constexpr Tag kTags[] = {
    {FieldId::kindCode, "Header/InherentLabel/GeneralOrSpecialVAT/LabelCode"},
    {FieldId::sellerTaxId, "EInvoiceData/SellerInformation/SellerIdNum"},
    {FieldId::sellerName, "EInvoiceData/SellerInformation/SellerName"},
    {FieldId::buyerTaxId, "EInvoiceData/BuyerInformation/BuyerIdNum"},
    {FieldId::buyerName, "EInvoiceData/BuyerInformation/BuyerName"},
    {FieldId::amount, "EInvoiceData/BasicInformation/TotalAmWithoutTax"},
    {FieldId::tax, "EInvoiceData/BasicInformation/TotalTaxAm"},
    {FieldId::total, "EInvoiceData/BasicInformation/TotalTax-includedAmount"},
    {FieldId::totalChinese, "EInvoiceData/BasicInformation/TotalTax-includedAmountInChinese"},
    {FieldId::originalInvoice, "EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode"},
    {FieldId::redConfirmNo, "EInvoiceData/SpecificInformation/RedEInvoice/CreditNoteNumber"},
    {FieldId::remark, "EInvoiceData/AdditionalInformation/Remark"},
    {FieldId::invoiceNumber, "TaxSupervisionInfo/InvoiceNumber"},
    {FieldId::issueTime, "TaxSupervisionInfo/IssueTime"},
};

struct ItemTag {
  const char* key;
  const char* tag;
};
constexpr ItemTag kItemTags[] = {{"item", "ItemName"}, {"qty", "Quantity"},    {"unitPrice", "UnPrice"},
                                 {"amount", "Amount"}, {"taxRate", "TaxRate"}, {"tax", "ComTaxAm"}};

// The item lines in the form the canonical files give them; empty when there is none.
std::string item_lines(const pugi::xml_node& data) {
  boost::json::array lines;
  for (const pugi::xml_node& item : data.children("IssuItemInformation")) {
    if (lines.size() == kXmlLinesMax) break;
    boost::json::object line;
    for (const ItemTag& tag : kItemTags) line[tag.key] = item.child(tag.tag).text().get();
    lines.push_back(std::move(line));
  }
  return lines.empty() ? std::string() : boost::json::serialize(lines);
}

Result<std::string> whole_text(TextSource& text) {
  while (true) {
    if (text.window().size() > kXmlMaxBytes) return Error::oversize;
    const Result<bool> more = text.more();
    if (!more) return more.error();
    if (!*more) return std::string(text.window());
  }
}

}  // namespace

Result<std::unique_ptr<XmlInvoiceReader>> XmlInvoiceReader::open(std::unique_ptr<TextSource> text,
                                                                 Duplicates& seen) {
  const Result<std::string> xml = whole_text(*text);
  if (!xml) return xml.error();
  if (xml->size() > kXmlMaxBytes) return Error::oversize;
  if (xml->find("<!DOCTYPE") != std::string::npos) return Error::text_malformed;
  pugi::xml_document document;
  // The text is UTF-8 by now, whatever its declaration says.
  if (!document.load_buffer(xml->data(), xml->size(), pugi::parse_default, pugi::encoding_utf8)) {
    return Error::text_malformed;
  }
  const pugi::xml_node root = document.child("EInvoice");
  if (!root) return Error::text_malformed;

  RawRecord raw;
  for (const Tag& tag : kTags) {
    if (const pugi::xml_node node = root.first_element_by_path(tag.path))
      raw.set(tag.field, node.text().get());
  }
  const std::string lines = item_lines(root.child("EInvoiceData"));
  if (!lines.empty()) raw.set(FieldId::lines, lines);
  const std::string_view outer = root.first_element_by_path("Header/EIid").text().get();
  if (!raw.holds(FieldId::invoiceNumber)) raw.set(FieldId::invoiceNumber, outer);

  Row row;
  row.record = 1;
  Judge judge(DateOrder::year_month_day, nullptr);
  judge_once(judge, seen, RecordKind::invoice, raw, *xml, row);
  if (!outer.empty() && outer != raw[FieldId::invoiceNumber]) {
    row.add(Note::id_contradicts, name_of(FieldId::invoiceNumber));
  }
  return std::unique_ptr<XmlInvoiceReader>(new XmlInvoiceReader(std::move(row)));
}

Result<std::optional<Row>> XmlInvoiceReader::next() { return std::exchange(row_, std::nullopt); }

}  // namespace hufu::cli::importer
