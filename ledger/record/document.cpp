#include "ledger/record/document.hpp"

#include <algorithm>

#include "ledger/merkle/log_tree.hpp"

namespace hufu {
namespace {

constexpr std::string_view kFieldTag = "hufu/field/v1\n";
constexpr std::size_t kSaltBytes = 16;

Bytes derive_salt(const SubjectKey& subject, std::string_view name, const Seed& secret) {
  const Bytes key = encode(subject);
  const std::array<std::uint8_t, 1> separator{0};
  const Hash mac = hmac_sha256(secret.bytes(), {key, separator, as_bytes(name)});
  return {mac.bytes.begin(), mac.bytes.begin() + kSaltBytes};
}

Result<void> check_field(const Field& field) {
  if (field.name.empty() || !is_utf8(field.name) || !is_utf8(field.value)) return Error::field_invalid;
  if (field.name.size() > limits::kFieldName || field.value.size() > limits::kFieldValue)
    return Error::too_long;
  if (field.salt.size() < limits::kSaltMin || field.salt.size() > limits::kSaltMax)
    return Error::field_invalid;
  return {};
}

Result<void> check_document_form(const Document& document) {
  if (document.fields.empty()) return Error::field_missing;
  if (document.fields.size() > limits::kFieldsPerDocument) return Error::oversize;
  for (const Field& field : document.fields) {
    const Result<void> checked = check_field(field);
    if (!checked) return checked.error();
  }
  const auto unsorted = [](const Field& a, const Field& b) { return a.name >= b.name; };
  if (std::adjacent_find(document.fields.begin(), document.fields.end(), unsorted) != document.fields.end()) {
    return Error::field_invalid;
  }
  return {};
}

}  // namespace

Hash Field::leaf() const {
  Writer writer;
  writer.raw(as_bytes(kFieldTag));
  writer&* this;
  return leaf_hash(writer.bytes());
}

const Field* Document::find(std::string_view name) const {
  const auto at =
      std::lower_bound(fields.begin(), fields.end(), name,
                       [](const Field& field, std::string_view wanted) { return field.name < wanted; });
  return at != fields.end() && at->name == name ? &*at : nullptr;
}

Result<Document> make_document(const SubjectKey& subject,
                               std::vector<std::pair<std::string, std::string>> fields, const Seed& secret) {
  Document document{.subject = subject, .fields = {}};
  std::sort(fields.begin(), fields.end());
  document.fields.reserve(fields.size());
  for (auto& [name, value] : fields) {
    Bytes salt = derive_salt(subject, name, secret);
    document.fields.push_back({std::move(name), std::move(value), std::move(salt)});
  }
  const Result<void> checked = check_document_form(document);
  if (!checked) return checked.error();
  return document;
}

Result<Hash> commitment(const Document& document) {
  const Result<void> checked = check_document_form(document);
  if (!checked) return checked.error();
  std::vector<Hash> leaves;
  leaves.reserve(document.fields.size());
  for (const Field& field : document.fields) leaves.push_back(field.leaf());
  return tree_root(leaves);
}

Hash party(ByteSpan salt, std::string_view code) {
  Bytes bytes = to_bytes(salt);
  Writer delimited;
  delimited& bounded<limits::kSaltMax>(bytes);
  return tagged_hash("hufu/party/v1", {delimited.bytes(), as_bytes(code)});
}

}  // namespace hufu
