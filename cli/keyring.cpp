#include "cli/keyring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "cli/files.hpp"
#include "cli/settings.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

Try<std::vector<std::string>> key_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == ".key") inside.push_back(entry->path().string());
    }
    if (error || inside.empty()) {
      return Trouble{.error = Error::file_missing,
                     .what = fmt::format("{} holds no key files (*.key)", path)};
    }
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

std::optional<std::string> holder_of(const PublicKey& key, const Agencies& agencies) {
  for (const auto& [code, agency] : agencies) {
    const bool holds = std::any_of(agency.keys.begin(), agency.keys.end(),
                                   [&](const AgencyKey& held) { return held.key == key; });
    if (holds) return code;
  }
  return std::nullopt;
}

bool may_issue_invoices(const AgencyStanding& agency) {
  return std::any_of(agency.grants.begin(), agency.grants.end(), [](const Grant& grant) {
    return grant.type == kInvoiceType && (grant.actions & action::kIssue) != 0;
  });
}

}  // namespace

Try<Keyring> Keyring::load(const std::vector<std::string>& paths, const PassphraseSource& source,
                           const std::string& agency, const Genesis& genesis, const AskAgencies& registered,
                           const Session& session) {
  const Try<Settings> settings = load_settings(session.options().config);
  if (!settings) return settings.error();
  std::vector<std::string> named = paths;
  if (named.empty() && !settings->keys.empty()) named.push_back(settings->keys);
  if (named.empty() && !settings->key.empty()) named.push_back(settings->key);
  if (named.empty()) {
    return Trouble{.error = Error::usage,
                   .what = "records are signed, and no key is named",
                   .next = "pass --key FILE or --key FOLDER; a dry run needs none"};
  }
  const Try<std::vector<std::string>> files = key_files(named);
  if (!files) return files.error();
  PassphraseSource chosen = source;
  if (chosen.descriptor < 0 && chosen.file.empty()) chosen.file = settings->passphrase_file;
  const Try<std::string> phrase = passphrase(chosen, "the keys", session);
  if (!phrase) return phrase.error();

  Keyring ring;
  Agencies agencies;
  for (const FoundingAgency& founding : genesis.agencies) agencies.emplace(founding.code, founding.standing);
  bool asked = false;
  for (const std::string& file : *files) {
    const Result<KeyFile> key = open_key_file(file, *phrase);
    if (!key) return file_trouble(key.error(), file, "the key file");
    SigningKey signing(key->seed);
    std::optional<std::string> code = agency_of(genesis, signing.public_key());
    if (!code && !agency.empty()) code = agency;
    if (!code && !std::exchange(asked, true)) {
      Try<Agencies> now = registered();
      if (!now) return now.error();
      agencies = std::move(*now);
    }
    if (!code) code = holder_of(signing.public_key(), agencies);
    if (!code) {
      return Trouble{.error = Error::key_unknown,
                     .what = fmt::format("no agency of the ledger holds the key in {}", file),
                     .next = "hufu agency list tells who may sign; or pass --agency CODE",
                     .exit = kLocal};
    }
    ring.keys_.emplace(*code, Signatory{.agency = *code, .seed = key->seed, .key = std::move(signing)});
  }
  for (const auto& [code, standing] : agencies) {
    if (!ring.keys_.contains(code) || !may_issue_invoices(standing)) continue;
    ring.invoices_.emplace(standing.province, code);
  }
  return ring;
}

Try<Agencies> registered_agencies(Client& client, const Session& session) {
  Reply<api::RegistryAnswer> answer = client.registry(SubjectKind::agency);
  if (!answer) return trouble_of(answer.error(), session, "cannot ask which agencies there are");
  Agencies agencies;
  for (api::RegistryEntry& entry : answer->entries) {
    if (auto* const agency = std::get_if<AgencyStanding>(&entry.standing.detail))
      agencies.emplace(entry.key.id, std::move(*agency));
  }
  return agencies;
}

const Signatory* Keyring::agency(const std::string& code) const {
  const auto found = keys_.find(code);
  return found == keys_.end() ? nullptr : &found->second;
}

const Signatory* Keyring::invoices_of(const std::string& province) const {
  const auto found = invoices_.find(province);
  return found == invoices_.end() ? nullptr : agency(found->second);
}

}  // namespace hufu::cli
