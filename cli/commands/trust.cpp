#include "cli/commands/trust.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/confirm.hpp"
#include "cli/decision_text.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/proof_file.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"
#include "ledger/proof/recovered.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

const SubjectKey kRoster{SubjectKind::roster, ""};

Trouble not_a_trust_file(const std::string& path) {
  return {.error = Error::unknown_tag,
          .what = fmt::format("{} is a founding document, not a trust file", path),
          .why = "a founding document remembers nothing",
          .next = fmt::format("hufu trust pin FILE --genesis {}", path),
          .exit = kLocal};
}

Try<offline::TrustSource> read_remembering(const std::string& path) {
  Try<offline::TrustSource> source = read_trust_source(path);
  if (source && !source->remembers) return not_a_trust_file(path);
  return source;
}

Trouble fork_trouble(const Genesis& genesis, const std::string& evidence) {
  return {.error = Error::fork_detected,
          .what = fmt::format("two histories of {} are cosigned", genesis.origin),
          .why = fmt::format("the evidence is {}; the trust file is left as it was", evidence),
          .next = fmt::format("hufu audit evidence {} names who signed both: show it to the other provinces",
                              evidence)};
}

// Follows one ledger: what is pinned and all that was seen since gets linked to what the nodes show now, or is caught.
class Follower {
 public:
  Follower(TrustedLedger& ledger, Client& client, const Session& session)
      : ledger_(ledger), genesis_(offline::genesis_of(ledger)), client_(client), session_(session) {}

  Try<std::optional<Fork>> follow() {
    Try<CheckedProof> now = ask(ledger_.pinned ? ledger_.pinned->checkpoint.size : 0);
    if (!now) return now.error();
    for (const CertifiedCheckpoint& seen : ledger_.seen) {
      if (seen.checkpoint.size >= now->proof.evidence.log_size) continue;
      const Try<LogLink> link = link_from(seen.checkpoint, now->proof.checkpoint().checkpoint);
      if (!link) return link.error();
      now->proof.links.push_back(*link);
    }
    Result<Remembered> remembered = remember_proof(ledger_, now->proof, now->finding);
    if (!remembered) return cannot_link(remembered.error());
    return std::move(remembered->fork);
  }

 private:
  Try<CheckedProof> ask(std::uint64_t since) {
    return fetch_proof(client_, {.genesis = &genesis_, .roster = ledger_.roster}, kRoster, {.since = since},
                       session_);
  }
  Trouble cannot_link(Error error) const {
    return {.error = error,
            .what = fmt::format("cannot link what is remembered of {}", genesis_.origin),
            .why = fmt::format("the paths that {} gives do not hold", client_.last_url()),
            .next = "ask another node with --node"};
  }

  // What the log of `now` was when it was as long as `seen`. A node that cannot link the root that is remembered has to
  // show another one.
  Try<LogLink> link_from(const Checkpoint& seen, const Checkpoint& now) {
    const Reply<std::vector<Hash>> path = client_.consistency(seen.size, now.size);
    if (!path) return trouble_of(path.error(), session_, "cannot link what is remembered");
    LogLink link{.size = seen.size, .root = seen.root, .consistency = *path};
    if (check_link(link, now)) return link;
    const Try<CheckedProof> other = ask(seen.size);
    if (!other) return other.error();
    if (other->proof.links.empty() || other->proof.evidence.log_size != now.size)
      return cannot_link(Error::proof_invalid);
    return other->proof.links.front();
  }

  TrustedLedger& ledger_;
  const Genesis genesis_;
  Client& client_;
  const Session& session_;
};

Try<void> follow(TrustedLedger& ledger, const std::string& path, const Session& session) {
  const Genesis genesis = offline::genesis_of(ledger);
  const Try<std::unique_ptr<Client>> client = connect(session, genesis);
  if (!client) return client.error();
  const Try<std::optional<Fork>> fork = Follower(ledger, **client, session).follow();
  if (!fork) return fork.error();
  if (!*fork) return {};
  const Try<std::string> evidence = write_evidence(path, **fork);
  if (!evidence) return evidence.error();
  return fork_trouble(genesis, *evidence);
}

// When the quorum had signed what is pinned, in milliseconds.
std::uint64_t pinned_ms(const TrustedLedger& ledger, const Genesis& genesis) {
  const Result<std::uint64_t> time_s = check_certified(genesis.origin, ledger.roster, *ledger.pinned);
  return time_s ? std::min<std::uint64_t>(*time_s, limits::kTimeMs / 1000) * 1000 : 0;
}

json::object view(const TrustedLedger& ledger) {
  const Genesis genesis = offline::genesis_of(ledger);
  json::object out{{"origin", genesis.origin},
                   {"genesis", to_hex(genesis_hash(genesis))},
                   {"epoch", api::number_json(ledger.roster.epoch)},
                   {"nodes", ledger.roster.members.size()},
                   {"pinned", nullptr},
                   {"seen", ledger.seen.size()}};
  if (ledger.pinned) {
    out["pinned"] = json::object{{"logSize", api::number_json(ledger.pinned->checkpoint.size)},
                                 {"logRoot", to_hex(ledger.pinned->checkpoint.root)},
                                 {"time", api::moment_text(pinned_ms(ledger, genesis))}};
  }
  return out;
}

void add_rows(text::Table& table, const TrustedLedger& ledger, const Session& session) {
  const Genesis genesis = offline::genesis_of(ledger);
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("ledger", "账本", genesis.origin);
  row("genesis", "创世哈希", to_hex(genesis_hash(genesis)));
  row("roster", "名册", fmt::format("epoch {}, {} nodes", ledger.roster.epoch, ledger.roster.members.size()));
  if (ledger.pinned) {
    row("pinned", "已固定",
        fmt::format("{} blocks, cosigned {}", ledger.pinned->checkpoint.size,
                    api::moment_text(pinned_ms(ledger, genesis))));
    row("log root", "日志根", to_hex(ledger.pinned->checkpoint.root));
  } else {
    row("pinned", "已固定", std::string(session.tr("nothing yet", "尚无")));
  }
  if (!ledger.seen.empty()) {
    row("seen", "待关联",
        fmt::format("{} checkpoints, to be linked by hufu trust update", ledger.seen.size()));
  }
}

int show_all(const std::string& path, const offline::TrustSource& source, const Session& session) {
  if (session.options().json) {
    json::array ledgers;
    for (const TrustedLedger& ledger : source.trust.ledgers) ledgers.push_back(view(ledger));
    session.print_json(json::object{{"file", path}, {"ledgers", std::move(ledgers)}, {"exit", kOk}});
    return kOk;
  }
  text::Table table;
  for (const TrustedLedger& ledger : source.trust.ledgers) add_rows(table, ledger, session);
  session.print(table.str());
  return kOk;
}

Try<Genesis> genesis_to_pin(const TrustPin& options, const Session& session) {
  return options.genesis.empty() ? load_genesis(session) : read_genesis(options.genesis);
}

// ---- recover ----

Trouble not_taken(Error error, const TrustRecover& options) {
  Trouble trouble{.error = error, .what = fmt::format("{} cannot take {}", options.path, options.recovery)};
  if (error == Error::foreign_origin) trouble.why = "it is of a ledger that this file does not trust";
  if (error == Error::content_mismatch) {
    trouble.why = "it is not complete: the last authority has not enacted it";
    trouble.next = "hufu recovery sign FILE --enact";
  }
  if (error == Error::already_exists) trouble.why = "the file trusts these nodes or later ones";
  if (error == Error::storage_rolled_back) {
    trouble.why =
        "it goes on behind blocks that this file has seen certified: they are not on its ledger any more";
    trouble.next = "ask the provinces what became of them; hufu trust pin NEWFILE begins without this memory";
  }
  return trouble;
}

std::string recovery_text(const RecoveryFinding& finding, const Session& session) {
  text::Table table;
  for (auto& [label, value] : decision_facts(finding.decision, nullptr, session)) table.add({label, value});
  for (const RecoverySigner& signer : finding.signers) {
    table.add({std::string(session.tr("signed by", "签名")),
               fmt::format("{} {}{}", signer.province, to_hex(ByteSpan(signer.key).first(4)),
                           signer.founding ? ""
                                           : session.tr(" (not a key of the founding document)",
                                                        "（非创世文件所载密钥）"))});
  }
  table.add(
      {std::string(session.tr("agree", "同意省份")), fmt::format("{} / {}", finding.agreed, finding.needed)});
  return table.str();
}

Try<void> agreed_or_told(const RecoveryFinding& finding, const TrustRecover& options) {
  if (finding.agreed_by_founding_keys() || options.unknown_keys) return {};
  return Trouble{.error = Error::quorum_missing,
                 .what = fmt::format("{} of {} provinces have signed with keys of the founding document",
                                     finding.agreed, finding.needed),
                 .why = "the keys of the others this file cannot know",
                 .next = "ask those provinces whether the keys are theirs; then again with --unknown-keys"};
}

}  // namespace

int run(const TrustShow& options, const Session& session) {
  const Try<offline::TrustSource> source = read_remembering(options.path);
  if (!source) return session.fail(source.error());
  return show_all(options.path, *source, session);
}

int run(const TrustPin& options, const Session& session) {
  const Try<Genesis> genesis = genesis_to_pin(options, session);
  if (!genesis) return session.fail(genesis.error());
  Try<offline::TrustSource> source = offline::TrustSource{.trust = {}, .remembers = true};
  std::error_code ignored;
  if (std::filesystem::exists(options.path, ignored)) source = read_remembering(options.path);
  if (!source) return session.fail(source.error());
  const Result<void> added = trust_ledger(source->trust, encode_genesis(*genesis));
  if (!added && added.error() != Error::already_exists) {
    return session.fail(
        {.error = added.error(), .what = fmt::format("{} cannot hold another ledger", options.path)});
  }
  TrustedLedger* const ledger = find_ledger(source->trust, genesis_hash(*genesis));
  const Try<void> followed = follow(*ledger, options.path, session);
  if (!followed && exit_of(followed.error()) == kIntegrityAlarm) return session.fail(followed.error());
  if (!followed) {
    session.warn(
        fmt::format(fmt::runtime(session.tr("nothing newer was pinned: {}; later: hufu trust update {}",
                                            "未固定更新的检查点：{}；稍后执行 hufu trust update {}")),
                    followed.error().why, options.path));
  }
  if (const Try<void> saved = save_trust(options.path, *source); !saved) return session.fail(saved.error());
  return show_all(options.path, *source, session);
}

int run(const TrustUpdate& options, const Session& session) {
  Try<offline::TrustSource> source = read_remembering(options.path);
  if (!source) return session.fail(source.error());
  for (TrustedLedger& ledger : source->trust.ledgers) {
    const Try<void> followed = follow(ledger, options.path, session);
    if (!followed) return session.fail(followed.error());
    if (const Try<void> saved = save_trust(options.path, *source); !saved) return session.fail(saved.error());
  }
  return show_all(options.path, *source, session);
}

int run(const TrustRecover& options, const Session& session) {
  Try<offline::TrustSource> source = read_remembering(options.path);
  if (!source) return session.fail(source.error());
  const Try<Bytes> content = read_file(options.recovery, kRecoveryBytes);
  if (!content) return session.fail(content.error());
  const Result<Proposal> recovery = decode_recovery(*content);
  if (!recovery) {
    return session.fail(
        {.error = recovery.error(), .what = fmt::format("{} is no recovery", options.recovery)});
  }
  TrustedLedger* const ledger = find_ledger(source->trust, recovery->submissions.front().header.genesis);
  if (ledger == nullptr) return session.fail(not_taken(Error::foreign_origin, options));
  const Result<RecoveryFinding> finding = check_recovery(*ledger, *recovery);
  if (!finding) return session.fail(not_taken(finding.error(), options));
  session.say(recovery_text(*finding, session));
  if (const Try<void> agreed = agreed_or_told(*finding, options); !agreed)
    return session.fail(agreed.error());
  if (!options.yes) {
    const Try<bool> yes = confirmed(std::string(session.tr("no proof leads to these nodes; trust them?",
                                                           "没有证明可导向这些节点；是否信任？")),
                                    session);
    if (!yes) return session.fail(yes.error());
    if (!*yes) return kRefused;
  }
  take_recovery(*ledger, *finding);
  if (const Try<void> saved = save_trust(options.path, *source); !saved) return session.fail(saved.error());
  return show_all(options.path, *source, session);
}

}  // namespace hufu::cli
