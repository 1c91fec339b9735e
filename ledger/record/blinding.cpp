#include "ledger/record/blinding.hpp"

#include "ledger/base/hash.hpp"

namespace hufu {
namespace {

constexpr std::string_view kBlindTag = "hufu/blind/v1\n";
constexpr std::size_t kBlindSerialChars = 32;

std::string upper_hex(const Hash& hash) {
  std::string text = to_hex(hash).substr(0, kBlindSerialChars);
  for (char& c : text) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

Result<std::string> blind_license_id(const std::string& id, const Seed& secret) {
  const Result<LicenseId> parsed = parse_license_id(id);
  if (!parsed) return parsed.error();
  const std::string serial =
      upper_hex(hmac_sha256(secret.bytes(), {as_bytes(kBlindTag), as_bytes(parsed->lineage())}));
  LicenseId blinded = *parsed;
  blinded.serial = serial;
  const Result<char> check = license_check_char(blinded);
  if (!check) return check.error();
  blinded.check = *check;
  return blinded.text();
}

}  // namespace hufu
