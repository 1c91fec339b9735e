#include "cli/commands/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/clock.hpp"
#include "cli/commands/verify_batch.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/proof_file.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

constexpr std::uint64_t kMinute = 60'000;
constexpr std::uint64_t kDay = 1'440 * kMinute;
constexpr std::uint64_t kUsualAgeOnline = 10 * kMinute;
constexpr std::uint64_t kUsualAge = kDay;

// "24h", "90m", "45s", "7d" in milliseconds; nullopt where nothing was said.
Try<std::optional<std::uint64_t>> age_of(const std::string& text) {
  const Trouble bad{.error = Error::usage,
                    .what = fmt::format("--max-age {} is not understood", text::printable(text)),
                    .next = "write it as 24h, 90m, 45s or 7d"};
  if (text.empty()) return std::nullopt;
  if (text.size() < 2 || text.size() > 7) return bad;
  const std::string digits = text.substr(0, text.size() - 1);
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return bad;
  const std::uint64_t number = std::stoull(digits);
  switch (text.back()) {
    case 's':
      return number * 1'000;
    case 'm':
      return number * kMinute;
    case 'h':
      return number * 60 * kMinute;
    case 'd':
      return number * kDay;
    default:
      return bad;
  }
}

// A moment as JSON has it, or a day in China, which is meant to its end.
Try<std::optional<std::uint64_t>> moment_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  constexpr std::int64_t kChinaMs = 8 * 3'600'000;
  if (const Result<CivilDay> day = parse_civil_day(text)) {
    const std::int64_t end = (std::int64_t{*day} + 1) * static_cast<std::int64_t>(kDay) - kChinaMs - 1;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(end, 0));
  }
  if (const Result<std::uint64_t> moment = api::parse_moment(text)) return *moment;
  return Trouble{.error = Error::usage,
                 .what = fmt::format("--known-at {} is not a time", text::printable(text)),
                 .next = "write it as 2025-06-30 or 2025-06-30T08:00:00.000Z"};
}

// What is asked besides WHAT: the day, the moment of knowledge, the province.
Try<Verification> question_in(const Verify& options) {
  Verification verification;
  verification.asked = options.what;
  verification.day = china_today();
  if (!options.day.empty()) {
    const Result<CivilDay> day = parse_civil_day(options.day);
    if (!day) return Trouble{.error = Error::usage, .what = fmt::format("--at {} is not a day", options.day)};
    verification.day = *day;
  }
  const Try<std::optional<std::uint64_t>> known_at = moment_of(options.known_at);
  if (!known_at) return known_at.error();
  verification.known_at_ms = *known_at;
  if (!options.verifier.empty()) {
    if (const Try<void> known = check_provinces({options.verifier}); !known) return known.error();
  } else if (!options.scenario.empty()) {
    return Trouble{.error = Error::usage,
                   .what = "--scenario needs a province",
                   .next = "say with --for in which province it is to count"};
  }
  verification.verifier = options.verifier;
  verification.scenario = options.scenario;
  return verification;
}

// Could a person have meant an identifier by this?
bool looks_like_identifier(const std::string& text) {
  return text.starts_with(kLicenseIdRoot.substr(0, 8)) || text.starts_with("license:") ||
         text.starts_with("invoice:") ||
         (text.size() >= 8 &&
          std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; }));
}

// What was given to be verified; a reason when it is an identifier that cannot exist.
struct Target {
  std::optional<SubjectKey> subject;
  std::optional<Document> document;
  std::optional<offline::Presented> proof;
  std::optional<Reason> malformed;
};

// What has the form of a proof and is none is refused as any other forgery.
Try<void> take_proof(ByteSpan content, const std::string& path, Target& target) {
  Result<offline::Presented> read = offline::read_presented(content);
  if (read) {
    target.proof = std::move(*read);
    return {};
  }
  const bool unread = read.error() == Error::image_unreadable || read.error() == Error::unknown_tag ||
                      read.error() == Error::oversize;
  if (unread) return proof_trouble(read.error(), path);
  target.malformed = Reason::proof_invalid;
  return {};
}

// A document or a proof, by what is in the file.
Try<void> read_target(const std::string& path, Target& target) {
  const Try<Bytes> content = read_file(path, kProofBytes);
  if (!content) return content.error();
  if (offline::form_of(*content) != offline::Form::other) return take_proof(*content, path, target);
  if (content->size() > limits::kDocumentBytes) return file_trouble(Error::oversize, path);
  Try<Document> document = parse_document(as_text(*content), path);
  if (!document) return document.error();
  target.document = std::move(*document);
  return {};
}

Try<void> read_what(const Verify& options, Target& target) {
  Result<SubjectKey> subject =
      options.what == "-" ? Result<SubjectKey>(Error::usage) : parse_subject(options.what);
  if (subject) {
    target.subject = std::move(*subject);
    return {};
  }
  std::error_code ignored;
  if (options.what == "-" || std::filesystem::exists(options.what, ignored))
    return read_target(options.what, target);
  if (looks_like_identifier(options.what)) {
    target.malformed = subject.error() == Error::id_check_char ? Reason::id_check_char : Reason::id_malformed;
    return {};
  }
  Trouble trouble = file_trouble(Error::file_missing, options.what);
  trouble.why = "neither an identifier nor a file";
  return trouble;
}

Try<Target> target_of(const Verify& options) {
  Target target;
  if (const Try<void> read = read_what(options, target); !read) return read.error();
  if (!options.document.empty()) {
    Try<Document> document = read_document(options.document);
    if (!document) return document.error();
    target.document = std::move(*document);
  }
  if (!options.proof.empty()) {
    const Try<Bytes> content = read_file(options.proof, kProofBytes);
    if (!content) return content.error();
    if (const Try<void> taken = take_proof(*content, options.proof, target); !taken) return taken.error();
  }
  // What is asked is what was presented first: an identifier, a document, and only then the proof itself.
  if (!target.subject && target.document) target.subject = target.document->subject;
  if (!target.subject && target.proof) target.subject = offline::subject_of(*target.proof);
  return target;
}

// The failures of asking that leave the question open; others are troubles.
bool leaves_open(Error error) {
  return error == Error::ledger_unavailable || error == Error::no_quorum || error == Error::timed_out ||
         error == Error::not_leader || error == Error::overloaded || error == Error::rate_limited ||
         error == Error::outcome_unknown || error == Error::tls_failed;
}

// A node is there, and may hold what the quorum cosigned before.
bool has_older(Error error) {
  return error == Error::not_certified || error == Error::no_quorum || error == Error::not_leader ||
         error == Error::timed_out;
}

Question question_of(const Verification& verification, std::uint64_t max_age_ms) {
  return {.subject = *verification.subject,
          .document = verification.document ? &*verification.document : nullptr,
          .day = verification.day,
          .freshness = {.confirmed = false, .now_ms = now_ms(), .max_age_ms = max_age_ms},
          .verifier = verification.verifier,
          .scenario = verification.scenario,
          .known_at_ms = verification.known_at_ms};
}

offline::Verified judge(const offline::Presented& proof, std::uint64_t max_age_ms,
                        offline::TrustSource& trust, Verification& verification) {
  offline::Verified verified = offline::verify(trust, question_of(verification, max_age_ms), proof);
  // Nothing is told from what does not hold, or answers another question.
  if (verified.judgement.scope && offline::subject_of(proof) == *verification.subject)
    verification.found = found_in(proof, verification.day);
  verification.origin = verified.origin;
  verification.judgement = verified.judgement;
  return verified;
}

// A node without any checkpoint of the quorum: what it says is shown, and is not enough to accept anything.
void judge_word_of_node(Client& client, const Genesis& genesis, std::uint64_t max_age_ms,
                        Verification& verification) {
  const Reply<Evidence> evidence = client.evidence(*verification.subject);
  if (!evidence) return;  // stays open
  const Reply<api::Head> head = client.head();
  Question question = question_of(verification, max_age_ms);
  question.freshness.confirmed = head && head->confirmed && head->header.height <= evidence->head.height;
  verification.node = client.last_url();
  verification.found = found_in(*evidence, verification.day);
  verification.judgement = judge_evidence(genesis, question, *evidence);
  if (verification.judgement.verdict != Verdict::accept) return;
  verification.judgement.verdict = Verdict::undetermined;
  verification.judgement.reasons = {Reason::not_certified};
}

// The one ledger of the trust file, or the one that the settings name.
Try<Genesis> genesis_to_ask(const offline::TrustSource& trust, const Session& session) {
  if (trust.trust.ledgers.size() == 1) return offline::genesis_of(trust.trust.ledgers.front());
  return load_genesis(session);
}

// With --trace nothing is told before it was written down that it was asked.
int conclude(const Verify& options, Client& client, const Genesis& genesis, const Verification& verification,
             const Session& session) {
  if (!options.trace.reason.empty()) {
    const Try<SignedEntry> entry = leave_trace(client, genesis, *verification.subject,
                                               verification.judgement.verdict, options.trace, session);
    if (!entry) return session.fail(entry.error());
    session.say(fmt::format(fmt::runtime(session.tr("recorded by {} as entry {} of its access log",
                                                    "已由 {} 留痕，访问日志第 {} 条")),
                            client.last_url(), entry->entry.seq));
  }
  return show(verification, session);
}

// What was judged without a node is written down by one.
int conclude_offline(const Verify& options, const offline::TrustSource& trust,
                     const Verification& verification, const Session& session) {
  if (options.trace.reason.empty()) return show(verification, session);
  const Try<Genesis> genesis = genesis_to_ask(trust, session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  return conclude(options, **client, *genesis, verification, session);
}

int judge_offline(const Target& target, const Verify& options, std::uint64_t max_age_ms,
                  offline::TrustSource& trust, Verification& verification, const Session& session) {
  const offline::Verified verified = judge(*target.proof, max_age_ms, trust, verification);
  if (const Try<void> learned = learn(options.trust, trust, verified, session); !learned)
    return session.fail(learned.error());
  return conclude_offline(options, trust, verification, session);
}

}  // namespace

Try<offline::Verified> ask_and_judge(Client& client, const Genesis& genesis, offline::TrustSource& trust,
                                     std::optional<std::uint64_t> max_age_ms, Verification& verification,
                                     const Session& session) {
  verification.origin = genesis.origin;
  api::ProofWish wish;
  if (!verification.verifier.empty()) wish.verifiers = {verification.verifier};
  Reply<Proof> proof = client.proof(*verification.subject, api::ReadWish::settled, wish);
  if (!proof && has_older(proof.error().problem.refusal.error)) {
    session.detail(
        session.tr("the quorum vouches for nothing newer; asking for the newest that it has vouched for",
                   "法定多数未签署更新的内容；改取已签署的最新证明"));
    proof = client.proof(*verification.subject, api::ReadWish::local, wish);
  }
  if (proof) {
    verification.node = client.last_url();
    return judge(std::move(*proof), max_age_ms.value_or(kUsualAgeOnline), trust, verification);
  }
  const Trouble told =
      trouble_of(proof.error(), session, fmt::format("cannot verify {}", verification.asked));
  verification.judgement = judge_nothing(Reason::ledger_unavailable);
  if (told.error == Error::not_certified) {
    judge_word_of_node(client, genesis, max_age_ms.value_or(kUsualAge), verification);
  } else if (!leaves_open(told.error)) {
    return told;
  }
  session.warn(told.why);
  return offline::Verified{};
}

int run(const Verify& options, const Session& session) {
  if (options.batch.empty() == options.what.empty()) {
    return session.fail({.error = Error::usage,
                         .what = "say what to verify",
                         .next = "name an identifier, a document or a proof; or --batch FILE, without one"});
  }
  if (!options.batch.empty()) {
    if (!options.trace.reason.empty())
      return session.fail({.error = Error::usage, .what = "--trace is of one verification, not of a batch"});
    return run_batch(options, session);
  }
  const Try<std::optional<std::uint64_t>> max_age = age_of(options.max_age);
  if (!max_age) return session.fail(max_age.error());
  if (options.offline && !options.trace.reason.empty()) {
    return session.fail({.error = Error::usage,
                         .what = "--trace needs a node, and --offline asks none",
                         .next = "leave --offline away; a proof is judged without a node all the same"});
  }
  Try<Verification> asked = question_in(options);
  if (!asked) return session.fail(asked.error());
  Verification& verification = *asked;
  Try<Target> target = target_of(options);
  if (!target) return session.fail(target.error());
  verification.subject = target->subject;
  verification.document = std::move(target->document);
  if (target->malformed) {
    verification.judgement = judge_nothing(*target->malformed);
    return show(verification, session);
  }
  Try<offline::TrustSource> trust = trust_of(options.trust, session);
  if (!trust) return session.fail(trust.error());
  if (target->proof) {
    return judge_offline(*target, options, max_age->value_or(kUsualAge), *trust, verification, session);
  }
  if (options.offline) {
    return session.fail({.error = Error::usage,
                         .what = "--offline needs a proof",
                         .why = "what is not asked from a node must be presented",
                         .next = "pass --proof FILE; a holder gets it by hufu proof get ID"});
  }
  const Try<Genesis> genesis = genesis_to_ask(*trust, session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  const Try<offline::Verified> verified =
      ask_and_judge(**client, *genesis, *trust, *max_age, verification, session);
  if (!verified) return session.fail(verified.error());
  if (const Try<void> learned = learn(options.trust, *trust, *verified, session); !learned)
    return session.fail(learned.error());
  return conclude(options, **client, *genesis, verification, session);
}

}  // namespace hufu::cli
