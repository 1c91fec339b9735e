#include <fmt/format.h>

#include "cli/commands/trust.hpp"
#include "cli/confirm.hpp"
#include "cli/decision_text.hpp"
#include "cli/files.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"
#include "cli/trust_text.hpp"
#include "ledger/proof/recovered.hpp"

namespace hufu::cli {
namespace {

Trouble not_taken(Error error, const TrustRecover& options) {
  Trouble trouble{.error = error, .what = fmt::format("{} cannot take {}", options.path, options.recovery)};
  if (error == Error::foreign_origin) trouble.why = "it is of a ledger that this file does not trust";
  if (error == Error::content_mismatch) {
    trouble.why = "it is not complete: the last authority has not enacted it";
    trouble.next = "hufu recovery sign FILE --enact";
  }
  if (error == Error::already_exists) trouble.why = "the file trusts these nodes or later ones";
  if (error == Error::config_invalid)
    trouble.why = "its nodes are not those that could go on: a name, a key or an id is another's";
  if (error == Error::storage_rolled_back) {
    trouble.why =
        "it goes on behind blocks that this file has seen certified: either they are not on its ledger any "
        "more, or this file has "
        "followed the nodes that go on already";
    trouble.next = "ask the provinces what became of them; hufu trust pin NEWFILE begins without this memory";
  }
  return trouble;
}

std::string recovery_text(const RecoveryFinding& finding, const Session& session) {
  text::Table table;
  for (auto& [label, value] : decision_facts(finding.decision, nullptr, session)) table.add({label, value});
  for (const RecoverySigner& signer : finding.signers) {
    table.add({std::string(session.tr("signed by", "签名")),
               fmt::format("{} {}{}", signer.province, to_hex(signer.key),
                           signer.founding ? ""
                                           : session.tr(" (not a key of the founding document)",
                                                        "（非创世文件所载密钥）"))});
  }
  table.add(
      {std::string(session.tr("agree", "同意省份")), fmt::format("{} / {}", finding.agreed, finding.needed)});
  if (finding.later_roster) {
    table.add(
        {std::string(session.tr("counted", "计数依据")),
         std::string(session.tr("by the nodes that this file trusts; who ran nodes since, it does not know",
                                "按本文件所信任的节点计；此后的节点变化未知"))});
  }
  return table.str();
}

// What the file itself cannot tell is for its owner to ask, and to say that it was asked.
Try<void> agreed_or_told(const RecoveryFinding& finding, const TrustRecover& options) {
  if (finding.agreed_by_founding_keys()) return {};
  if (finding.spoke < finding.needed) {
    return Trouble{.error = Error::quorum_missing,
                   .what = fmt::format("{} of {} provinces have signed", finding.spoke, finding.needed),
                   .why = "a recovery needs more than half of the provinces that ran nodes",
                   .next = "hufu trust update first, if this file is older than the nodes that were lost"};
  }
  if (options.unknown_keys) return {};
  return Trouble{.error = Error::quorum_missing,
                 .what = fmt::format(
                     "{} of {} provinces have signed with keys of the founding document{}", finding.agreed,
                     finding.needed,
                     finding.later_roster ? ", and the nodes have changed since this file was updated" : ""),
                 .why = "whether the keys above are theirs this file cannot know",
                 .next = "ask each province for its keys, whole; then again with --unknown-keys"};
}

class Recovering {
 public:
  Recovering(const TrustRecover& options, const Session& session) : options_(options), session_(session) {}

  // Reads the trust file, and what the recovery means for it.
  Try<RecoveryFinding> look(const Proposal& recovery) {
    Try<offline::TrustSource> source = read_remembering(options_.path);
    if (!source) return source.error();
    source_ = std::move(*source);
    ledger_ = find_ledger(source_.trust, recovery.submissions.front().header.genesis);
    if (ledger_ == nullptr) return not_taken(Error::foreign_origin, options_);
    Result<RecoveryFinding> finding = check_recovery(*ledger_, recovery);
    if (!finding) return not_taken(finding.error(), options_);
    return *std::move(finding);
  }
  // The trust file as it was stays beside it: it knows the keys of the nodes that are gone, by which they can be accused.
  Try<void> take(const RecoveryFinding& finding) {
    const std::string before = fmt::format("{}.before-epoch-{}", options_.path, finding.roster().epoch);
    if (const Try<void> kept = save_trust(before, source_); !kept) return kept.error();
    take_recovery(*ledger_, finding);
    if (const Try<void> saved = save_trust(options_.path, source_); !saved) return saved.error();
    session_.say(
        fmt::format(fmt::runtime(session_.tr("as it was: {}, for evidence against nodes that are gone",
                                             "原文件：{}，用于追究已离开节点的责任")),
                    before));
    return {};
  }
  const offline::TrustSource& source() const { return source_; }

 private:
  const TrustRecover& options_;
  const Session& session_;
  offline::TrustSource source_;
  TrustedLedger* ledger_ = nullptr;
};

Try<bool> asked_to_trust(const RecoveryFinding& finding, const TrustRecover& options,
                         const Session& session) {
  const std::string text = recovery_text(finding, session);
  if (options.yes) {
    session.say(text);
    return true;
  }
  return confirmed(text + std::string(session.tr("no proof leads to these nodes; trust them?",
                                                 "没有证明可导向这些节点；是否信任？")),
                   session);
}

}  // namespace

int run(const TrustRecover& options, const Session& session) {
  const Try<Bytes> content = read_file(options.recovery, kRecoveryBytes);
  if (!content) return session.fail(content.error());
  const Result<Proposal> recovery = decode_recovery(*content);
  if (!recovery) {
    return session.fail(
        {.error = recovery.error(), .what = fmt::format("{} is no recovery", options.recovery)});
  }
  Recovering recovering(options, session);
  Try<RecoveryFinding> finding = recovering.look(*recovery);
  if (!finding) return session.fail(finding.error());
  if (const Try<void> agreed = agreed_or_told(*finding, options); !agreed) {
    session.warn(recovery_text(*finding, session));
    return session.fail(agreed.error());
  }
  const Try<bool> yes = asked_to_trust(*finding, options, session);
  if (!yes) return session.fail(yes.error());
  if (!*yes) return kRefused;
  // While somebody thought about it the file may have learned more.
  finding = recovering.look(*recovery);
  if (!finding) return session.fail(finding.error());
  if (const Try<void> taken = recovering.take(*finding); !taken) return session.fail(taken.error());
  return show_trust(options.path, recovering.source(), session);
}

}  // namespace hufu::cli
