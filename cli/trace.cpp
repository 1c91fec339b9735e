#include "cli/trace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock.hpp"

namespace hufu::cli {
namespace {

TracedVerdict traced(Verdict verdict) {
  switch (verdict) {
    case Verdict::accept:
      return TracedVerdict::accept;
    case Verdict::authentic_not_recognized:
      return TracedVerdict::authentic_not_recognized;
    case Verdict::refuse:
      return TracedVerdict::refuse;
    case Verdict::undetermined:
      break;
  }
  return TracedVerdict::undetermined;
}

Try<SignedTrace> signed_by(const KeyOptions& key, Trace trace, const Genesis& genesis,
                           const Session& session) {
  if (key.key.empty()) return SignedTrace{.trace = std::move(trace), .signature = {}};
  const Try<Signatory> signatory = load_signatory(key, genesis, session);
  if (!signatory) return signatory.error();
  trace.agency = signatory->agency;
  return sign_trace(std::move(trace), signatory->key);
}

bool is_of_roster(const Genesis& genesis, const Hash& genesis_hash, const SignedEntry& entry) {
  const auto& members = genesis.roster.members;
  return std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return check_entry({.genesis = genesis_hash, .member = member.id}, entry, member.cosign_key).has_value();
  });
}

}  // namespace

Try<SignedEntry> leave_trace(Client& client, const Genesis& genesis, const SubjectKey& subject,
                             Verdict verdict, const TraceWish& wish, const Session& session) {
  const Hash genesis_hash = ledger_id(genesis).genesis;
  const Try<SignedTrace> trace = signed_by(wish.key,
                                           {.genesis = genesis_hash,
                                            .id = random_request_id(),
                                            .time_ms = now_ms(),
                                            .subject = subject.path(),
                                            .verdict = traced(verdict),
                                            .reason = wish.reason},
                                           genesis, session);
  if (!trace) return trace.error();
  if (wish.reason.size() > kTraceReason || !check_trace(genesis_hash, *trace)) {
    return Trouble{.error = Error::usage,
                   .what = fmt::format("--trace is one line of at most {} bytes", kTraceReason)};
  }
  const Reply<SignedEntry> entry = client.record_trace(*trace);
  if (!entry) {
    Trouble trouble = trouble_of(entry.error(), session, "the verification could not be recorded");
    if (trouble.error == Error::issuer_not_authorized && wish.key.key.empty())
      trouble.next = "this node wants to know who verifies: pass --key FILE";
    return trouble;
  }
  if (!is_of_roster(genesis, genesis_hash, *entry)) {
    return Trouble{
        .error = Error::signature_invalid,
        .what = fmt::format("no node of the roster signed the entry that {} gave", client.last_url()),
        .exit = kIntegrityAlarm};
  }
  return *entry;
}

}  // namespace hufu::cli
