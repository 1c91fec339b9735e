#include "cli/document_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "node/api/json_reader.hpp"

namespace hufu::cli {
namespace {

constexpr std::string_view kFormat = "document v1";

Field read_field(const json::value& value, std::string pointer, api::Faults& faults) {
  api::ObjectReader reader(value, std::move(pointer), faults);
  Field field;
  field.name = reader.text("name", limits::kFieldName);
  field.value = reader.text("value", limits::kFieldValue);
  field.salt = reader.parsed("salt", from_hex);
  reader.end();
  return field;
}

Hidden read_hidden(const json::value& value, std::string pointer, api::Faults& faults) {
  api::ObjectReader reader(value, std::move(pointer), faults);
  Hidden hidden;
  hidden.count = static_cast<std::uint16_t>(reader.number("count", limits::kFieldsPerDocument));
  hidden.positions = reader.list<std::uint16_t>(
      "positions", limits::kFieldsPerDocument, [&](const json::value& position, const std::string& at) {
        const auto number = position.is_int64() ? position.get_int64() : -1;
        if (number < 0 || number >= hidden.count)
          faults.fail(Error::field_invalid, at, "a position below count is expected");
        return static_cast<std::uint16_t>(number);
      });
  hidden.subtrees = reader.list<Hash>(
      "subtrees", limits::kFieldsPerDocument, [&](const json::value& subtree, const std::string& at) {
        const Result<Hash> hash =
            subtree.is_string() ? hash_from_hex(subtree.get_string()) : Result<Hash>(Error::field_invalid);
        if (!hash) faults.fail(hash.error(), at);
        return hash ? *hash : Hash{};
      });
  reader.end();
  return hidden;
}

json::object hidden_json(const Hidden& hidden) {
  json::array positions(hidden.positions.begin(), hidden.positions.end());
  json::array subtrees;
  for (const Hash& subtree : hidden.subtrees) subtrees.push_back(json::string(to_hex(subtree)));
  return {{"count", hidden.count}, {"positions", std::move(positions)}, {"subtrees", std::move(subtrees)}};
}

Trouble not_a_document(const std::string& source, Error error, std::string why) {
  Trouble trouble{
      .error = error, .what = fmt::format("{} is no document file", source), .why = std::move(why)};
  trouble.next = "a document file is what hufu issue or hufu import --documents writes for the holder";
  trouble.exit = kLocal;
  return trouble;
}

}  // namespace

std::string document_text(const Document& document) {
  json::array fields;
  for (const Field& field : document.fields) {
    fields.push_back(
        json::object{{"name", field.name}, {"value", field.value}, {"salt", to_hex(field.salt)}});
  }
  json::object out{{"hufu", kFormat}, {"subject", document.subject.text()}, {"fields", std::move(fields)}};
  if (document.hidden) out["hidden"] = hidden_json(*document.hidden);
  return api::pretty(out);
}

Try<Document> parse_document(std::string_view text, const std::string& source) {
  const api::Parsed<json::value> value = api::parse_json(text);
  if (!value) return not_a_document(source, value.error().error, api::text_of(value.error()));
  api::Faults faults;
  api::ObjectReader reader(*value, "", faults);
  Document document;
  const std::string format = reader.text("hufu", 32);
  document.subject = reader.parsed("subject", parse_subject);
  document.fields = reader.list<Field>(
      "fields", limits::kFieldsPerDocument,
      [&](const json::value& field, std::string at) { return read_field(field, std::move(at), faults); });
  if (const json::value* const hidden = reader.find("hidden"))
    document.hidden = read_hidden(*hidden, reader.pointer_of("hidden"), faults);
  reader.end();
  if (faults.any()) {
    const api::JsonFault fault = faults.take();
    return not_a_document(source, fault.error, api::text_of(fault));
  }
  if (format != kFormat) return not_a_document(source, Error::unknown_tag, "\"hufu\" is not \"document v1\"");
  const Result<Hash> whole = commitment(document);
  if (!whole)
    return not_a_document(source, whole.error(), "the fields are not sorted, unique, salted and whole");
  return document;
}

Try<Document> read_document(const std::string& path) {
  const Try<Bytes> content = read_file(path, limits::kDocumentBytes);
  if (!content) return content.error();
  return parse_document(as_text(*content), path);
}

Try<void> write_document(const std::string& path, const Document& document, Durable durable) {
  const std::string text = document_text(document);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    const Try<Bytes> there = read_file(path, limits::kDocumentBytes);
    if (there && as_text(*there) == text) return {};
    return Trouble{.error = Error::already_exists,
                   .what = fmt::format("{} holds another document", path),
                   .next = "choose another name for the document file"};
  }
  return write_new_file(path, as_bytes(text), 0600, durable);
}

std::string document_file_name(const SubjectKey& subject) { return subject.id + ".json"; }

}  // namespace hufu::cli
