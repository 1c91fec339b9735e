#include "cli/commands/registry.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "cli/clock.hpp"
#include "cli/commands/proof.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/proof_file.hpp"
#include "cli/registry_rows.hpp"
#include "cli/text/csv.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

struct Registry {
  api::RegistryAnswer answer;
  std::map<SubjectKey, std::string> proofs;  // the file of each
};

// Every entry becomes what its proof shows.
Try<void> prove(Registry& registry, const std::string& folder, Client& client, const Genesis& genesis,
                const Session& session) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return file_trouble(Error::file_unwritable, folder, "the folder for proofs");
  const Anchor anchor = founding_anchor(genesis);
  const auto progress =
      session.progress(std::string(session.tr("proofs", "证明")), std::string(session.tr("files", "个文件")));
  for (api::RegistryEntry& entry : registry.answer.entries) {
    Try<CheckedProof> checked = fetch_proof(client, anchor, entry.key, api::ProofWish{}, session);
    if (!checked) return checked.error();
    auto& shown = checked->proof.evidence.subject.standing;
    if (!shown) {
      return Trouble{.error = Error::proof_invalid,
                     .what = fmt::format("{} is in the node's list, and its proof says that it is not there",
                                         text::printable(entry.key.text())),
                     .next = "ask another node with --node, and tell this one's operator"};
    }
    const std::string path = (fs::path(folder) / proof_file_name(entry.key)).string();
    if (auto written = write_proof(path, encode_proof(checked->proof)); !written) return written.error();
    entry.standing = *std::move(shown);
    registry.proofs[entry.key] = path;
    progress->update(registry.proofs.size(), registry.answer.entries.size());
  }
  progress->clear();
  return {};
}

Try<Registry> read_registry(SubjectKind kind, const ListForm& form, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return genesis.error();
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return client.error();
  Reply<api::RegistryAnswer> answer = (*client)->registry(kind);
  if (!answer) return trouble_of(answer.error(), session, "cannot read the registry");
  Registry registry{.answer = *std::move(answer), .proofs = {}};
  if (!form.proofs.empty()) {
    if (auto proved = prove(registry, form.proofs, **client, *genesis, session); !proved)
      return proved.error();
  }
  return registry;
}

json::object document_of(const Registry& registry) {
  json::object document = api::to_json(registry.answer);
  document.erase("next");
  for (json::value& entry : document["entries"].as_array()) {
    const auto key = parse_subject(std::string_view(entry.at("subject").as_string()));
    const auto proof = key ? registry.proofs.find(*key) : registry.proofs.end();
    if (proof != registry.proofs.end()) entry.as_object()["proof"] = proof->second;
  }
  document["exit"] = kOk;
  return document;
}

std::string csv_of(const Registry& registry) {
  std::vector<std::string> names;
  for (const Column& column : registry_columns(registry.answer.kind)) names.emplace_back(column.name);
  std::string out = std::string(text::kCsvBegin) + text::csv_line(names);
  for (const api::RegistryEntry& entry : registry.answer.entries) {
    for (const auto& row : registry_rows(entry.key, entry.standing, china_today()))
      out += text::csv_line(row);
  }
  return out;
}

std::string table_of(const Registry& registry, const Session& session) {
  std::vector<std::string> heads;
  for (const Column& column : registry_columns(registry.answer.kind))
    heads.emplace_back(session.tr(column.english, column.chinese));
  text::Table table(std::move(heads));
  for (const api::RegistryEntry& entry : registry.answer.entries) {
    for (auto& row : registry_rows(entry.key, entry.standing, china_today())) table.add(std::move(row));
  }
  return table.str();
}

int list(SubjectKind kind, const ListForm& form, const Session& session) {
  if (form.csv && session.options().json) {
    return session.fail({.error = Error::usage, .what = "--csv and --json are two forms: choose one"});
  }
  const Try<Registry> registry = read_registry(kind, form, session);
  if (!registry) return session.fail(registry.error());
  if (session.options().json) {
    session.print_json(document_of(*registry));
    return kOk;
  }
  session.print(form.csv ? csv_of(*registry) : table_of(*registry, session));
  const api::AsOf& as_of = registry->answer.as_of;
  session.say(fmt::format(fmt::runtime(session.tr("{} listed as of block {}, {}; {} proofs written",
                                                  "共 {} 项，截至区块 {}，{}；写入证明 {} 份")),
                          registry->answer.entries.size(), as_of.height, api::moment_text(as_of.time_ms),
                          registry->proofs.size()));
  return kOk;
}

}  // namespace

int run(const AgencyList& options, const Session& session) {
  return list(SubjectKind::agency, options.form, session);
}
int run(const CatalogueList& options, const Session& session) {
  return list(SubjectKind::catalogue, options.form, session);
}
int run(const RecognitionList& options, const Session& session) {
  return list(SubjectKind::agreement, options.form, session);
}

}  // namespace hufu::cli
