#include "ledger/record/document.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "ledger/merkle/log_tree.hpp"

namespace hufu {
namespace {

constexpr std::string_view kFieldTag = "hufu/field/v1\n";
constexpr std::string_view kDocumentTag = "hufu/document/v1";
constexpr std::size_t kSaltBytes = 16;

Bytes derive_salt(ByteSpan subject, std::string_view name, const Seed& secret) {
  const std::array<std::uint8_t, 1> separator{0};
  const Hash mac = hmac_sha256(secret.bytes(), {subject, separator, as_bytes(name)});
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

// Does not look whether there are as many hashes as there should be: the walk does.
Result<void> check_hidden_form(const Document& document) {
  const Hidden& hidden = *document.hidden;
  if (hidden.count > limits::kFieldsPerDocument) return Error::oversize;
  if (hidden.positions.size() != document.fields.size() || hidden.count <= document.fields.size())
    return Error::field_invalid;
  const bool rising = std::adjacent_find(hidden.positions.begin(), hidden.positions.end(),
                                         std::greater_equal<>()) == hidden.positions.end();
  if (!rising || hidden.positions.back() >= hidden.count) return Error::field_invalid;
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
  return document.hidden ? check_hidden_form(document) : Result<void>();
}

// Goes down the tree of all leaves, from left to right, once.
class Walk {
 public:
  explicit Walk(const Document& document) : document_(document) {}

  bool shows_any(std::size_t begin, std::size_t end) const {
    return next_shown_ < document_.fields.size() && position(next_shown_) >= begin &&
           position(next_shown_) < end;
  }
  // The root over the leaves [begin, end), which is what the tree is asked for next. Error::field_invalid when no hash is
  // left for what is hidden.
  Result<Hash> root(std::size_t begin, std::size_t end) {
    if (!shows_any(begin, end)) return next_subtree();
    if (end - begin == 1) return document_.fields[next_shown_++].leaf();
    const std::size_t middle = begin + left_width(end - begin);
    const Result<Hash> left = root(begin, middle);
    if (!left) return left;
    const Result<Hash> right = root(middle, end);
    if (!right) return right;
    return node_hash(*left, *right);
  }
  bool at_end() const { return !document_.hidden || next_hidden_ == document_.hidden->subtrees.size(); }

 private:
  std::size_t position(std::size_t shown) const {
    return document_.hidden ? document_.hidden->positions[shown] : shown;
  }
  Result<Hash> next_subtree() {
    if (at_end()) return Error::field_invalid;
    return document_.hidden->subtrees[next_hidden_++];
  }

  const Document& document_;
  std::size_t next_shown_ = 0;
  std::size_t next_hidden_ = 0;
};

// The roots of the largest subtrees in [begin, end) that hold none of the kept positions.
Result<void> cut(Walk& walk, std::size_t begin, std::size_t end, const std::vector<std::uint16_t>& kept,
                 std::vector<Hash>& subtrees) {
  const auto first = std::lower_bound(kept.begin(), kept.end(), begin);
  const bool keeps_any = first != kept.end() && *first < end;
  if (!keeps_any || end - begin == 1) {
    const Result<Hash> root = walk.root(begin, end);
    if (!root) return root.error();
    if (!keeps_any) subtrees.push_back(*root);
    return {};
  }
  const std::size_t middle = begin + left_width(end - begin);
  if (const Result<void> left = cut(walk, begin, middle, kept, subtrees); !left) return left;
  return cut(walk, middle, end, kept, subtrees);
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
  const Bytes encoded = encode(subject);
  for (auto& [name, value] : fields) {
    Bytes salt = derive_salt(encoded, name, secret);
    document.fields.push_back({std::move(name), std::move(value), std::move(salt)});
  }
  const Result<void> checked = check_document_form(document);
  if (!checked) return checked.error();
  return document;
}

Result<Hash> commitment(const Document& document) {
  const Result<void> checked = check_document_form(document);
  if (!checked) return checked.error();
  Walk walk(document);
  const Result<Hash> root = walk.root(0, document.count());
  if (!root) return root;
  if (!walk.at_end()) return Error::field_invalid;
  const Bytes count = encode(static_cast<std::uint16_t>(document.count()));
  return tagged_hash(kDocumentTag, {count, *root});
}

Result<Document> disclose(const Document& document, const std::vector<std::string>& names) {
  const Result<Hash> whole = commitment(document);
  if (!whole) return whole.error();
  if (names.empty()) return Error::field_missing;
  std::set<std::string_view> wanted(names.begin(), names.end());
  Document part{.subject = document.subject, .fields = {}};
  Hidden hidden{.count = static_cast<std::uint16_t>(document.count()), .positions = {}, .subtrees = {}};
  for (std::size_t i = 0; i < document.fields.size(); ++i) {
    if (wanted.erase(document.fields[i].name) == 0) continue;
    part.fields.push_back(document.fields[i]);
    hidden.positions.push_back(document.hidden ? document.hidden->positions[i]
                                               : static_cast<std::uint16_t>(i));
  }
  if (!wanted.empty()) return Error::field_unknown;
  if (part.fields.size() == document.count()) return document;
  Walk walk(document);
  if (const Result<void> done = cut(walk, 0, document.count(), hidden.positions, hidden.subtrees); !done)
    return done.error();
  part.hidden = std::move(hidden);
  return part;
}

Hash party(ByteSpan salt, std::string_view code) {
  Bytes bytes = to_bytes(salt);
  Writer delimited;
  delimited& bounded<limits::kSaltMax>(bytes);
  return tagged_hash("hufu/party/v1", {delimited.bytes(), as_bytes(code)});
}

}  // namespace hufu
