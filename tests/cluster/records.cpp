#include "tests/cluster/records.hpp"

#include <boost/json.hpp>
#include <fstream>

#include "ledger/base/hash.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu::testing {
namespace {

struct Agency {
  std::string code, name, province, type;
};

// One agency for each (agency, type) that is granted.
std::vector<Agency> read_agencies(const std::filesystem::path& reference) {
  std::vector<Agency> agencies;
  std::ifstream file(reference / "agencies.jsonl");
  for (std::string line; std::getline(file, line);) {
    const boost::json::value agency = boost::json::parse(line);
    const auto text = [&](const char* name) { return std::string(agency.at(name).as_string()); };
    if (text("status") != "granted") continue;
    for (const auto& type : agency.at("typeCodes").as_array()) {
      agencies.push_back({text("code"), text("name"), text("province"), std::string(type.as_string())});
    }
  }
  return agencies;
}

std::string digits(std::size_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

std::string organisation(std::size_t number) {
  const std::string body = "91330105XT" + digits(number % 10'000'000, 7);
  return body + uscc_check_char(body).value();
}

std::string digest(const std::string& text) { return to_hex(sha256(as_bytes(text))); }

std::string license_line(const Agency& agency, std::size_t number, std::string& id) {
  const std::string serial = "2024" + digits(number, 8);
  const std::string parts = agency.type + agency.code + serial + "001";
  id = std::string(kLicenseIdRoot) + agency.type + "." + agency.code + "." + serial + ".001." +
       mod37_36(parts).value();
  return id + "," + agency.type + ",测试证照,T" + serial + ",001," + agency.name + "," + agency.code +
         ",2024-03-01,2024-03-01,测试单位" + serial + "," + organisation(number) +
         ",001,统一社会信用代码,2024-03-01,长期," + agency.province + "," +
         digest("salt" + id).substr(0, 32) + "," + digest("face" + id) + "," + digest("file" + id) +
         ",,01,有效,L2\n";
}

std::string invoice_line(const std::string& province, std::size_t number, std::string& key) {
  key = "24" + province.substr(0, 2) + "2" + digits(number, 15);
  return key + ",02,电子发票（普通发票）,True,2024-05-12T09:35:59+08:00,测试销方," + organisation(number) +
         ",测试购方," + organisation(number + 1) + ",100.00,6.00,106.00,壹佰零陆圆整,,,,0,02,N," + province +
         "," + digest("invoice" + key) + "\n";
}

constexpr const char* kLicenseColumns =
    "certIdentifier,certTypeCode,certTypeName,certNumber,certVersion,issuerName,issuerCode,issueDate,"
    "firstIssueDate,"
    "holderName,holderCode,holderTypeCode,holderTypeName,validFrom,validTo,areaCode,salt,faceDigest,"
    "fileDigest,"
    "associatedCertId,state,stateName,assurance\n";
constexpr const char* kInvoiceColumns =
    "invoiceNumber,kindCode,kind,blue,issueTime,sellerName,sellerTaxId,buyerName,buyerTaxId,amount,tax,total,"
    "totalChinese,remark,originalInvoice,redConfirmNo,fpzt,rzzt,redLock,areaCode,digest\n";

}  // namespace

RecordFiles write_records(const std::filesystem::path& folder, const std::filesystem::path& reference,
                          std::size_t licenses, std::size_t invoices, std::size_t first) {
  const std::vector<Agency> agencies = read_agencies(reference);
  std::filesystem::create_directories(folder);
  RecordFiles files{folder / "licenses.csv", folder / "invoices.csv", {}, {}};
  std::ofstream license_file(files.licenses);
  license_file << kLicenseColumns;
  for (std::size_t i = 0; i < licenses; ++i) {
    license_file << license_line(agencies[i % agencies.size()], first + i, files.license_ids.emplace_back());
  }
  std::ofstream invoice_file(files.invoices);
  invoice_file << kInvoiceColumns;
  for (std::size_t i = 0; i < invoices; ++i) {
    const std::string& province = agencies[i % agencies.size()].province;
    invoice_file << invoice_line(province, first + i, files.invoice_numbers.emplace_back());
  }
  return files;
}

}  // namespace hufu::testing
