#include "ledger/record/subject.hpp"

#include <array>

#include "ledger/record/identifiers.hpp"

namespace hufu {
namespace {

constexpr std::array<std::pair<SubjectKind, std::string_view>, 10> kNames = {
    {{SubjectKind::license, "license"},
     {SubjectKind::invoice, "invoice"},
     {SubjectKind::agency, "agency"},
     {SubjectKind::province, "province"},
     {SubjectKind::roster, "roster"},
     {SubjectKind::request, "request"},
     {SubjectKind::lineage, "lineage"},
     {SubjectKind::decision, "decision"},
     {SubjectKind::agreement, "agreement"},
     {SubjectKind::catalogue, "catalogue"}}};

// The identifier's own form, for the kinds whose form the field fixes.
Result<void> check_form(SubjectKind kind, const std::string& id) {
  if (id.size() > limits::kSubjectId) return Error::id_malformed;
  if (kind == SubjectKind::license) {
    const Result<LicenseId> parsed = parse_license_id(id);
    if (!parsed) return parsed.error();
  }
  if (kind == SubjectKind::invoice) {
    const Result<InvoiceNumber> parsed = parse_invoice_key(id);
    if (!parsed) return parsed.error();
  }
  return {};
}

}  // namespace

bool is_known(SubjectKind kind) { return kind >= SubjectKind::license && kind <= SubjectKind::catalogue; }

Hash SubjectKey::path() const { return sha256(encode(*this)); }

std::string SubjectKey::text() const {
  for (const auto& [named, name] : kNames) {
    if (named == kind) return std::string(name) + ":" + id;
  }
  HUFU_CHECK(false);
}

Result<SubjectKey> parse_subject(std::string_view text) {
  SubjectKey key;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    key.id = text;
    const bool license = text.starts_with(kLicenseIdRoot);
    key.kind = license ? SubjectKind::license : SubjectKind::invoice;
  } else {
    bool known = false;
    for (const auto& [kind, name] : kNames) {
      if (text.substr(0, colon) != name) continue;
      key.kind = kind;
      known = true;
    }
    if (!known) return Error::id_malformed;
    key.id = text.substr(colon + 1);
  }
  const Result<void> form = check_form(key.kind, key.id);
  if (!form) return form.error();
  return key;
}

}  // namespace hufu
