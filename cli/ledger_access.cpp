#include "cli/ledger_access.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/files.hpp"
#include "cli/settings.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {

Try<Genesis> read_genesis(const std::string& path) {
  const Try<Bytes> content = read_file(path, limits::kGenesisBytes);
  if (!content) return content.error();
  Result<Genesis> genesis = decode_genesis(*content);
  if (!genesis) {
    Trouble trouble = file_trouble(genesis.error(), path, "the genesis file");
    trouble.next = fmt::format("hufu genesis show {}", path);
    return trouble;
  }
  return std::move(*genesis);
}

Try<Genesis> load_genesis(const Session& session) {
  if (!session.options().genesis.empty()) return read_genesis(session.options().genesis);
  const Try<Settings> settings = load_settings(session.options().config);
  if (!settings) return settings.error();
  if (!settings->genesis.empty()) return read_genesis(settings->genesis);
  return Trouble{
      .error = Error::usage,
      .what = std::string(session.tr("which ledger? no genesis file is named", "未指定创世文件")),
      .why = std::string(session.tr("the genesis file says whom to trust, and is never asked from a node",
                                    "创世文件决定信任谁，不能向节点索取")),
      .next = std::string(session.tr("pass --genesis FILE, or settle it in ~/.config/hufu/config.toml",
                                     "使用 --genesis 文件，或写入 ~/.config/hufu/config.toml"))};
}

Try<ClientOptions> client_options(const Session& session, const Genesis& genesis,
                                  std::chrono::milliseconds patience) {
  ClientOptions options;
  options.urls = session.options().nodes;
  if (options.urls.empty()) {
    const Try<Settings> settings = load_settings(session.options().config);
    if (!settings) return settings.error();
    options.urls = settings->nodes;
  }
  options.genesis = genesis;
  options.timeout = std::chrono::seconds(session.options().timeout_seconds);
  options.patience = std::max<std::chrono::milliseconds>(patience, options.timeout);
  return options;
}

Try<std::unique_ptr<Client>> connect(const Session& session, const Genesis& genesis,
                                     std::chrono::milliseconds patience) {
  Try<ClientOptions> options = client_options(session, genesis, patience);
  if (!options) return options.error();
  Reply<std::unique_ptr<Client>> client = Client::make(*std::move(options));
  if (!client) return trouble_of(client.error(), session, "cannot reach the ledger");
  return std::move(*client);
}

Trouble trouble_of(const Failure& failure, const Session& session, std::string what) {
  const api::Refusal& refusal = failure.problem.refusal;
  Trouble trouble{
      .error = refusal.error, .what = std::move(what), .why = text::printable(failure.problem.why)};
  for (const Attempt& attempt : failure.attempts) {
    session.warn(fmt::format("{}: {}", attempt.url, text::printable(attempt.why)));
  }
  if (trouble.why.empty()) trouble.why = session.tr(describe(refusal.error).en, describe(refusal.error).zh);
  return trouble;
}

std::optional<std::string> agency_of(const Genesis& genesis, const PublicKey& key) {
  for (const FoundingAgency& agency : genesis.agencies) {
    for (const AgencyKey& held : agency.standing.keys) {
      if (held.key == key) return agency.code;
    }
  }
  for (const FoundingProvince& province : genesis.provinces) {
    const std::vector<PublicKey>& keys = province.standing.authority_keys;
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) return province.code;
  }
  return std::nullopt;
}

Try<KeyFile> chosen_key(const KeyOptions& options, const Session& session) {
  KeyOptions chosen = options;
  const Try<Settings> settings = load_settings(session.options().config);
  if (!settings) return settings.error();
  if (chosen.key.empty()) chosen.key = settings->key;
  if (chosen.passphrase.file.empty() && chosen.passphrase.descriptor < 0) {
    chosen.passphrase.file = settings->passphrase_file;
  }
  if (chosen.key.empty()) {
    return Trouble{
        .error = Error::usage,
        .what = std::string(session.tr("a key is needed, and none is named", "需要密钥，但未指定")),
        .next = std::string(session.tr("pass --key FILE", "使用 --key 文件"))};
  }
  return open_key(chosen.key, chosen.passphrase, session);
}

Try<Signatory> load_signatory(const KeyOptions& options, const Genesis& genesis, const Session& session) {
  const Try<KeyFile> file = chosen_key(options, session);
  if (!file) return file.error();
  const SigningKey key(file->seed);
  std::string agency = options.agency;
  if (agency.empty()) {
    const std::optional<std::string> found = agency_of(genesis, key.public_key());
    if (!found) {
      return Trouble{.error = Error::key_unknown,
                     .what = "no founding agency or authority holds this key",
                     .next = "pass --agency CODE if the key was registered later",
                     .exit = kLocal};
    }
    agency = *found;
  }
  return Signatory{.agency = std::move(agency), .seed = file->seed, .key = key};
}

Try<SubjectKey> subject_of(const std::string& text) {
  Result<SubjectKey> key = parse_subject(text);
  if (!key) {
    return Trouble{.error = key.error(), .what = fmt::format("{} is not understood", text::printable(text))};
  }
  return std::move(*key);
}

namespace {
Try<SubjectKey> named(const std::string& text, SubjectKind kind, std::string_view wanted) {
  Try<SubjectKey> subject = subject_of(text);
  if (!subject || subject->kind == kind) return subject;
  return Trouble{.error = Error::id_malformed,
                 .what = fmt::format("{} is not {}", text::printable(text), wanted)};
}

bool is_of(const Detail& detail, SubjectKind kind) {
  return std::visit([](const auto& alternative) { return alternative.kTag; }, detail) ==
         static_cast<std::uint8_t>(kind);
}
}  // namespace

Try<SubjectKey> license_named(const std::string& text) {
  return named(text, SubjectKind::license, "a license identifier");
}
Try<SubjectKey> invoice_named(const std::string& text) {
  return named(text, SubjectKind::invoice, "an invoice number");
}

Try<std::optional<Standing>> find_standing(Client& client, const SubjectKey& subject,
                                           const Session& session) {
  Reply<api::StandingAnswer> answer = client.standing(subject);
  if (!answer) return trouble_of(answer.error(), session, fmt::format("cannot look up {}", subject.id));
  const bool fits =
      answer->key == subject && (!answer->standing || is_of(answer->standing->detail, subject.kind));
  if (!fits) {
    return Trouble{
        .error = Error::proof_invalid,
        .what = fmt::format("{} answered for something else than {}", client.last_url(), subject.id),
        .next = "ask another node with --node; report this one to its operator",
        .exit = kIntegrityAlarm};
  }
  return std::move(answer->standing);
}

}  // namespace hufu::cli
