#include "cli/keyring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

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

bool may_issue_invoices(const AgencyStanding& agency) {
  return std::any_of(agency.grants.begin(), agency.grants.end(), [](const Grant& grant) {
    return grant.type == kInvoiceType && (grant.actions & action::kIssue) != 0;
  });
}

}  // namespace

Try<Keyring> Keyring::load(const std::vector<std::string>& paths, const PassphraseSource& source,
                           const std::string& agency, const Genesis& genesis, const Session& session) {
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
  for (const std::string& file : *files) {
    const Result<KeyFile> key = open_key_file(file, *phrase);
    if (!key) return file_trouble(key.error(), file, "the key file");
    SigningKey signing(key->seed);
    std::optional<std::string> code = agency_of(genesis, signing.public_key());
    if (!code && !agency.empty()) code = agency;
    if (!code) {
      return Trouble{.error = Error::key_unknown,
                     .what = fmt::format("no founding agency holds the key in {}", file),
                     .next = "pass --agency CODE if the agency was registered later",
                     .exit = kLocal};
    }
    ring.keys_.emplace(*code, Signatory{.agency = *code, .seed = key->seed, .key = std::move(signing)});
  }
  for (const FoundingAgency& founding : genesis.agencies) {
    if (!ring.keys_.contains(founding.code) || !may_issue_invoices(founding.standing)) continue;
    ring.invoices_.emplace(founding.standing.province, founding.code);
  }
  return ring;
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
