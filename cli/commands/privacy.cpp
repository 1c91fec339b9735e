#include "cli/commands/privacy.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/document_file.hpp"
#include "cli/ledger_access.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"
#include "ledger/record/blinding.hpp"

namespace hufu::cli {
namespace {

std::vector<std::string> names_of(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

Trouble not_shown(const Document& document, const std::vector<std::string>& names, const std::string& path) {
  std::vector<std::string> there;
  for (const Field& field : document.fields) there.push_back(field.name);
  for (const std::string& name : names) {
    if (document.find(name) != nullptr) continue;
    const auto near = text::nearest(name, there);
    return {.error = Error::field_unknown,
            .what = fmt::format("{} shows no field {}", path, text::printable(name)),
            .next = near ? fmt::format("did you mean {}?", *near)
                         : fmt::format("it shows: {}", fmt::join(there, ", ")),
            .exit = kUsage};
  }
  return {.error = Error::usage, .what = "--fields names no field", .next = "--fields name,validTo"};
}

// "ID.json" -> "ID.part.json"
std::string beside(const std::string& path) {
  std::filesystem::path part(path);
  part.replace_extension(".part" + part.extension().string());
  return part.string();
}

}  // namespace

int run(const Disclose& options, const Session& session) {
  const Try<Document> document = read_document(options.path);
  if (!document) return session.fail(document.error());
  const std::vector<std::string> names = names_of(options.fields);
  const Result<Document> part = disclose(*document, names);
  if (!part) return session.fail(not_shown(*document, names, options.path));
  const std::string out = options.out.empty() ? beside(options.path) : options.out;
  if (const Try<void> written = write_document(out, *part); !written) return session.fail(written.error());
  if (session.options().json) {
    json::array shown;
    for (const Field& field : part->fields) shown.push_back(json::string(field.name));
    session.print_json(json::object{{"file", out},
                                    {"subject", part->subject.text()},
                                    {"shown", std::move(shown)},
                                    {"fields", part->count()},
                                    {"exit", kOk}});
    return kOk;
  }
  session.print(
      fmt::format(fmt::runtime(session.tr("{}: {} of {} fields shown\n", "{}：出示 {} 项，共 {} 项\n")), out,
                  part->fields.size(), part->count()));
  session.say(session.tr(
      "whoever gets it can have it verified, and learns nothing of the rest but how many fields there are",
      "收到者可核验此文件；未出示的内容除项数外均不可知"));
  return kOk;
}

int run(const Blind& options, const Session& session) {
  const Try<KeyFile> key =
      chosen_key({.key = options.key, .agency = {}, .passphrase = options.passphrase}, session);
  if (!key) return session.fail(key.error());
  const Result<std::string> blinded = blind_license_id(options.id, blinding_secret(key->seed));
  if (!blinded) {
    return session.fail({.error = blinded.error(),
                         .what = fmt::format("{} is not a license identifier", text::printable(options.id))});
  }
  if (session.options().json) {
    session.print_json(json::object{{"certIdentifier", options.id}, {"blinded", *blinded}, {"exit", kOk}});
  } else {
    session.print(*blinded + "\n");
  }
  return kOk;
}

}  // namespace hufu::cli
