#include "cli/commands/trust.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/proof_file.hpp"
#include "cli/trust_file.hpp"
#include "cli/trust_text.hpp"

namespace hufu::cli {
namespace {

const SubjectKey kRoster{SubjectKind::roster, ""};

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

Try<Genesis> genesis_to_pin(const TrustPin& options, const Session& session) {
  return options.genesis.empty() ? load_genesis(session) : read_genesis(options.genesis);
}

}  // namespace

int run(const TrustShow& options, const Session& session) {
  const Try<offline::TrustSource> source = read_remembering(options.path);
  if (!source) return session.fail(source.error());
  return show_trust(options.path, *source, session);
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
  return show_trust(options.path, *source, session);
}

int run(const TrustUpdate& options, const Session& session) {
  Try<offline::TrustSource> source = read_remembering(options.path);
  if (!source) return session.fail(source.error());
  for (TrustedLedger& ledger : source->trust.ledgers) {
    const Try<void> followed = follow(ledger, options.path, session);
    if (!followed) return session.fail(followed.error());
    if (const Try<void> saved = save_trust(options.path, *source); !saved) return session.fail(saved.error());
  }
  return show_trust(options.path, *source, session);
}

}  // namespace hufu::cli
