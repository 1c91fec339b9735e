#include "cli/commands/issue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>

#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/import/fields.hpp"
#include "cli/private_types.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"
#include "node/api/json_reader.hpp"

namespace hufu::cli {
namespace {

// The canonical names of a kind.
std::vector<std::string> field_names(bool license) {
  const importer::RecordKind kind = license ? importer::RecordKind::license : importer::RecordKind::invoice;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < importer::kFieldIds; ++i) {
    const auto field = static_cast<importer::FieldId>(i);
    if (importer::belongs_to(field, kind)) names.emplace_back(importer::name_of(field));
  }
  return names;
}

Trouble unknown_field(const std::string& name, const std::vector<std::string>& names) {
  const auto near = text::nearest(name, names);
  return {.error = Error::field_unknown,
          .what = fmt::format("{} is not a field of such a record", text::printable(name)),
          .next = near ? fmt::format("did you mean {}?", *near) : "see the names in the README"};
}

Try<FieldList> fields_from_json(const std::string& path) {
  const Try<Bytes> content = read_file(path, limits::kDocumentBytes);
  if (!content) return content.error();
  const api::Parsed<json::value> value = api::parse_json(as_text(*content));
  if (!value || !value->is_object()) {
    return Trouble{.error = Error::json_malformed,
                   .what = fmt::format("{} is no JSON object of fields", path),
                   .why = value ? std::string() : api::text_of(value.error())};
  }
  FieldList fields;
  for (const auto& member : value->get_object()) {
    const std::string name(member.key());
    if (member.value().is_null()) continue;
    if (!member.value().is_string()) {
      return Trouble{.error = Error::field_invalid,
                     .what = fmt::format("{} in {} is not a text", name, path),
                     .next = "write every value in quotation marks, sums as \"12.30\""};
    }
    fields.emplace_back(name, std::string(member.value().get_string()));
  }
  return fields;
}

// Was this very record issued before? Then there is nothing to do.
bool stands_already(Desk& desk, const PreparedRecord& record) {
  const Reply<api::StandingAnswer> answer = desk.client->standing(record.document.subject);
  if (!answer || !answer->standing) return false;
  const Hash made = commitment(record.document).value();
  if (const auto* license = std::get_if<LicenseStanding>(&answer->standing->detail)) {
    return license->commitment == made && license->issuer == desk.signatory.agency;
  }
  const auto* invoice = std::get_if<InvoiceStanding>(&answer->standing->detail);
  return invoice != nullptr && invoice->commitment == made && invoice->issuer == desk.signatory.agency;
}

int report_standing_already(const PreparedRecord& record, const std::string& path, const Session& session) {
  if (session.options().json) {
    session.print_json(json::object{{"subject", record.document.subject.text()},
                                    {"action", "issue"},
                                    {"repeated", true},
                                    {"document", path},
                                    {"exit", kOk}});
  } else {
    session.print(fmt::format(
        fmt::runtime(session.tr("already registered: {} stands on the ledger with this very content\n",
                                "已登记：{} 已按相同内容存证\n")),
        record.document.subject.id));
  }
  return kOk;
}

std::string path_of(const std::string& wished, const Document& document) {
  return wished.empty() ? document_file_name(document.subject) : wished;
}

}  // namespace

Try<std::optional<Seed>> blinding_for(bool hidden, bool open, const FieldList& fields, const Desk& desk,
                                      const Session& session) {
  const Try<Blinding> wish = blinding_of(hidden, open);
  if (!wish) return wish.error();
  const auto id = std::find_if(fields.begin(), fields.end(),
                               [](const auto& field) { return field.first == "certIdentifier"; });
  if (id == fields.end()) return std::optional<Seed>();
  const Result<LicenseId> parsed = parse_license_id(id->second);
  if (!parsed) return std::optional<Seed>();  // refused for it where the record is prepared
  PrivateTypes types(*desk.client, *wish, session);
  const Try<bool> is_private = types.has(desk.signatory.agency, std::string(parsed->type));
  if (!is_private) return is_private.error();
  return *is_private ? std::optional<Seed>(desk.signatory.blinding_secret()) : std::nullopt;
}

Trouble trouble_of(const RecordFault& fault, std::string what) {
  Trouble trouble{.error = fault.error, .what = std::move(what), .why = fault.why};
  if (exit_of(trouble) == kRefused) trouble.exit = kRules;
  return trouble;
}

Try<Notarised> notarise(Desk& desk, const Document& document, std::vector<Operation> operations,
                        const std::string& path, const std::string& what, const Session& session) {
  const std::string file = path_of(path, document);
  const Try<void> written = write_document(file, document);
  if (!written) return written.error();
  Try<api::Accepted> accepted =
      submit(desk, std::move(operations), fmt::format("{} {}", what, document.subject.id), session);
  if (!accepted) return accepted.error();
  return Notarised{.accepted = std::move(*accepted), .path = file};
}

void print_notarised(const Notarised& notarised, const Desk& desk, const SubjectKey& subject,
                     const std::string& what, const Session& session) {
  print_receipt(notarised.accepted, desk, subject, what, {{"document", notarised.path}}, session);
  session.say(fmt::format(
      fmt::runtime(session.tr("the holder's document is {}: whoever shows it can have it verified",
                              "持证人文件：{}，凭此可供核验")),
      notarised.path));
}

Try<FieldList> fields_of(const std::vector<std::string>& input, bool license) {
  const std::vector<std::string> names = field_names(license);
  FieldList fields;
  for (const std::string& word : input) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      const Try<FieldList> read = fields_from_json(word);
      if (!read) return read.error();
      fields.insert(fields.end(), read->begin(), read->end());
    } else {
      fields.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
  }
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (std::find(names.begin(), names.end(), field->first) == names.end())
      return unknown_field(field->first, names);
    if (std::any_of(fields.begin(), field, [&](const auto& other) { return other.first == field->first; })) {
      return Trouble{.error = Error::field_invalid, .what = fmt::format("{} is given twice", field->first)};
    }
  }
  return fields;
}

int run(const Issue& options, const Session& session) {
  const Try<FieldList> fields = fields_of(options.input, options.license);
  if (!fields) return session.fail(fields.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Seed secret = desk->signatory.salt_secret();
  const Try<std::optional<Seed>> blinding =
      options.license ? blinding_for(options.hidden, options.open, *fields, *desk, session)
                      : std::optional<Seed>();
  if (!blinding) return session.fail(blinding.error());
  Preparing<PreparedRecord> record = options.license ? prepare_license(*fields, secret, desk->day, *blinding)
                                                     : prepare_invoice(*fields, secret);
  if (!record) return session.fail(trouble_of(record.error(), "cannot issue this record"));
  const Try<Notarised> notarised =
      notarise(*desk, record->document, record->operations, options.document, "issue", session);
  if (!notarised) {
    const Error error = notarised.error().error;
    const bool duplicate = error == Error::lic_duplicate_issue || error == Error::inv_duplicate_issue;
    if (duplicate && stands_already(*desk, *record))
      return report_standing_already(*record, path_of(options.document, record->document), session);
    return session.fail(notarised.error());
  }
  print_notarised(*notarised, *desk, record->document.subject, "issue", session);
  return kOk;
}

}  // namespace hufu::cli
