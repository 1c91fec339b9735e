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

std::string_view name_of(SubjectKind kind) {
  for (const auto& [named, name] : kNames) {
    if (named == kind) return name;
  }
  HUFU_CHECK(false);
}

Result<SubjectKind> parse_subject_kind(std::string_view text) {
  for (const auto& [kind, name] : kNames) {
    if (text == name) return kind;
  }
  return Error::id_malformed;
}

bool is_registered(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::agency:
    case SubjectKind::province:
    case SubjectKind::roster:
    case SubjectKind::decision:
    case SubjectKind::agreement:
    case SubjectKind::catalogue:
      return true;
    case SubjectKind::license:
    case SubjectKind::invoice:
    case SubjectKind::request:
    case SubjectKind::lineage:
      break;
  }
  return false;
}

Hash SubjectKey::path() const { return sha256(encode(*this)); }

std::string SubjectKey::text() const { return std::string(name_of(kind)) + ":" + id; }

Result<SubjectKey> parse_subject(std::string_view text) {
  SubjectKey key;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    key.id = text;
    const bool license = text.starts_with(kLicenseIdRoot);
    key.kind = license ? SubjectKind::license : SubjectKind::invoice;
  } else {
    const Result<SubjectKind> kind = parse_subject_kind(text.substr(0, colon));
    if (!kind) return kind.error();
    key.kind = *kind;
    key.id = text.substr(colon + 1);
  }
  const Result<void> form = check_form(key.kind, key.id);
  if (!form) return form.error();
  return key;
}

}  // namespace hufu
