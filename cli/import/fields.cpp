#include "cli/import/fields.hpp"

#include <algorithm>
#include <span>

#include "cli/import/cells.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::array<std::string_view, kFieldIds> kNames = {"certIdentifier", "certTypeCode",
                                                            "certTypeName",   "certNumber",
                                                            "certVersion",    "issuerName",
                                                            "issuerCode",     "issueDate",
                                                            "firstIssueDate", "holderName",
                                                            "holderCode",     "holderTypeCode",
                                                            "holderTypeName", "validFrom",
                                                            "validTo",        "associatedCertId",
                                                            "state",          "stateName",
                                                            "assurance",      "faceDigest",
                                                            "fileDigest",     "invoiceCode",
                                                            "invoiceNumber",  "checkCode",
                                                            "kindCode",       "kind",
                                                            "blue",           "issueTime",
                                                            "sellerName",     "sellerTaxId",
                                                            "buyerName",      "buyerTaxId",
                                                            "amount",         "tax",
                                                            "total",          "totalChinese",
                                                            "lines",          "originalInvoice",
                                                            "redConfirmNo",   "fpzt",
                                                            "rzzt",           "redLock",
                                                            "digest",         "remark",
                                                            "areaCode",       "salt",
                                                            "digitalNumber",  "validity",
                                                            "status",         "sequence"};

struct Title {
  std::string_view text;
  FieldId field;
};

// Whole titles. A title that means different things in the two kinds of table stands in both lists.
constexpr Title kLicenseTitles[] = {
    {"电子证照标识", FieldId::certIdentifier},
    {"电子证照标识码", FieldId::certIdentifier},
    {"证照标识", FieldId::certIdentifier},
    {"证照标识码", FieldId::certIdentifier},
    {"证照名称", FieldId::certTypeName},
    {"证照类型", FieldId::certTypeName},
    {"证照类型名称", FieldId::certTypeName},
    {"证书名称", FieldId::certTypeName},
    {"证件名称", FieldId::certTypeName},
    {"证照类型代码", FieldId::certTypeCode},
    {"证照目录编码", FieldId::certTypeCode},
    {"证照编号", FieldId::certNumber},
    {"证照号码", FieldId::certNumber},
    {"证照号", FieldId::certNumber},
    {"证书编号", FieldId::certNumber},
    {"许可证号", FieldId::certNumber},
    {"许可证编号", FieldId::certNumber},
    {"证照版本", FieldId::certVersion},
    {"版本号", FieldId::certVersion},
    {"持证人", FieldId::holderName},
    {"持证主体", FieldId::holderName},
    {"持证主体名称", FieldId::holderName},
    {"持证人名称", FieldId::holderName},
    {"持证者", FieldId::holderName},
    {"持证者名称", FieldId::holderName},
    {"持有人", FieldId::holderName},
    {"姓名", FieldId::holderName},
    {"企业名称", FieldId::holderName},
    {"单位名称", FieldId::holderName},
    {"证件号码/统一社会信用代码", FieldId::holderCode},
    {"统一社会信用代码/证件号码", FieldId::holderCode},
    {"统一社会信用代码", FieldId::holderCode},
    {"证件号码", FieldId::holderCode},
    {"身份证号", FieldId::holderCode},
    {"身份证号码", FieldId::holderCode},
    {"持证主体代码", FieldId::holderCode},
    {"持证人代码", FieldId::holderCode},
    {"持证者号码", FieldId::holderCode},
    {"持证主体代码类型", FieldId::holderTypeName},
    {"证件类型", FieldId::holderTypeName},
    {"发证机关", FieldId::issuerName},
    {"发证机构", FieldId::issuerName},
    {"发证单位", FieldId::issuerName},
    {"颁发机关", FieldId::issuerName},
    {"颁发机构", FieldId::issuerName},
    {"签发机关", FieldId::issuerName},
    {"证照颁发机构", FieldId::issuerName},
    {"发证机关代码", FieldId::issuerCode},
    {"颁发机构代码", FieldId::issuerCode},
    {"证照颁发机构代码", FieldId::issuerCode},
    {"发证日期", FieldId::issueDate},
    {"颁发日期", FieldId::issueDate},
    {"签发日期", FieldId::issueDate},
    {"证照颁发日期", FieldId::issueDate},
    {"制证日期", FieldId::issueDate},
    {"首次发证日期", FieldId::firstIssueDate},
    {"有效期起", FieldId::validFrom},
    {"有效期自", FieldId::validFrom},
    {"有效期始", FieldId::validFrom},
    {"有效期起始日期", FieldId::validFrom},
    {"生效日期", FieldId::validFrom},
    {"有效期至", FieldId::validTo},
    {"有效期止", FieldId::validTo},
    {"有效期截止日期", FieldId::validTo},
    {"截止日期", FieldId::validTo},
    {"到期日期", FieldId::validTo},
    {"有效期", FieldId::validity},
    {"有效期限", FieldId::validity},
    {"状态", FieldId::state},
    {"证照状态", FieldId::state},
    {"状态名称", FieldId::stateName},
    {"备注", FieldId::remark},
    {"序号", FieldId::sequence},
    {"行政区划", FieldId::areaCode},
    {"行政区划代码", FieldId::areaCode},
};

constexpr Title kInvoiceTitles[] = {
    {"发票代码", FieldId::invoiceCode},
    {"票据代码", FieldId::invoiceCode},
    {"发票号码", FieldId::invoiceNumber},
    {"发票号", FieldId::invoiceNumber},
    {"票据号码", FieldId::invoiceNumber},
    {"数电票号码", FieldId::digital_number},
    {"数电发票号码", FieldId::digital_number},
    {"全电发票号码", FieldId::digital_number},
    {"校验码", FieldId::checkCode},
    {"发票种类", FieldId::kind},
    {"发票类型", FieldId::kind},
    {"票种", FieldId::kind},
    {"发票票种", FieldId::kind},
    {"开票日期", FieldId::issueTime},
    {"开票时间", FieldId::issueTime},
    {"发票状态", FieldId::status},
    {"票据状态", FieldId::status},
    {"状态", FieldId::status},
    {"购方名称", FieldId::buyerName},
    {"购买方名称", FieldId::buyerName},
    {"购货方名称", FieldId::buyerName},
    {"购方税号", FieldId::buyerTaxId},
    {"购方识别号", FieldId::buyerTaxId},
    {"购买方识别号", FieldId::buyerTaxId},
    {"购买方税号", FieldId::buyerTaxId},
    {"购方纳税人识别号", FieldId::buyerTaxId},
    {"购买方纳税人识别号", FieldId::buyerTaxId},
    {"销方名称", FieldId::sellerName},
    {"销售方名称", FieldId::sellerName},
    {"销货方名称", FieldId::sellerName},
    {"销方税号", FieldId::sellerTaxId},
    {"销方识别号", FieldId::sellerTaxId},
    {"销售方识别号", FieldId::sellerTaxId},
    {"销售方税号", FieldId::sellerTaxId},
    {"销方纳税人识别号", FieldId::sellerTaxId},
    {"销售方纳税人识别号", FieldId::sellerTaxId},
    {"不含税金额", FieldId::amount},
    {"金额", FieldId::amount},
    {"合计金额", FieldId::amount},
    {"税额", FieldId::tax},
    {"合计税额", FieldId::tax},
    {"价税合计", FieldId::total},
    {"含税金额", FieldId::total},
    {"备注", FieldId::remark},
    {"序号", FieldId::sequence},
};

std::span<const Title> titles_of(RecordKind kind) {
  if (kind == RecordKind::license) return kLicenseTitles;
  return kInvoiceTitles;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

void erase_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.erase(at, what.size());
}

}  // namespace

std::string_view name_of(FieldId field) {
  return field == FieldId::none ? "" : kNames[static_cast<std::size_t>(field)];
}

std::optional<FieldId> field_named(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<FieldId>(found - kNames.begin());
}

bool belongs_to(FieldId field, RecordKind kind) {
  if (field == FieldId::validity) return kind == RecordKind::license;
  if (field == FieldId::digital_number || field == FieldId::status) return kind == RecordKind::invoice;
  if (field >= FieldId::remark) return field != FieldId::none;
  return (field < FieldId::invoiceCode) == (kind == RecordKind::license);
}

std::string plain_title(std::string_view title) {
  std::string out = fold_width(title);
  for (const std::string_view noise :
       {" ", "\n", "\r", "\t", "*", ":", "'", "\"", "(元)", "(必填)", "(选填)"}) {
    erase_all(out, noise);
  }
  return out;
}

FieldId guess_field(std::string_view title, RecordKind kind) {
  const std::string plain = plain_title(title);
  for (const Title& known : titles_of(kind)) {
    if (known.text == plain) return known.field;
  }
  const std::string lower = lower_ascii(plain);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto field = static_cast<FieldId>(i);
    if (belongs_to(field, kind) && lower_ascii(kNames[i]) == lower) return field;
  }
  return FieldId::none;
}

}  // namespace hufu::cli::importer
