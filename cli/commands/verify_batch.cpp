#include "cli/commands/verify_batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <map>

#include "cli/clock.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/settings.hpp"
#include "cli/text/lines.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"
#include "node/api/json_reader.hpp"

namespace hufu::cli {
namespace {

constexpr std::size_t kBatchBytes = 1U << 30;
constexpr std::string_view kFaceDigest = "faceDigest";

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

RecordFault fault(Error error, std::string why) { return {.error = error, .why = std::move(why)}; }

class CaseRun {
 public:
  CaseRun(const Verify& options, const Session& session) : options_(options), session_(session) {}

  int go() {
    if (const Try<void> ready = prepare(); !ready) return session_.fail(ready.error());
    const Try<Bytes> content = read_file(options_.batch, kBatchBytes);
    if (!content) return session_.fail(content.error());
    progress_ = session_.progress(std::string(session_.tr("verifying", "核验")),
                                  std::string(session_.tr("cases", "条")));
    const std::string_view text = as_text(*content);
    const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    text::each_line(text, [&](std::size_t number, std::string_view line) {
      if (stopped_) return;
      answer(number, line);
      progress_->update(number, std::max<std::uint64_t>(lines, number));
    });
    progress_->clear();
    if (stopped_) return session_.fail(*stopped_);
    summarise();
    return malformed_ > 0 ? kUsage : kOk;
  }

 private:
  Try<void> prepare() {
    const Try<Settings> settings = load_settings(session_.options().config);
    if (!settings) return settings.error();
    documents_ = options_.documents.empty() ? settings->documents : options_.documents;
    day_ = china_today();
    if (!options_.day.empty()) {
      const Result<CivilDay> day = parse_civil_day(options_.day);
      if (!day)
        return Trouble{.error = Error::usage, .what = fmt::format("--at {} is not a day", options_.day)};
      day_ = *day;
    }
    Try<Genesis> genesis = load_genesis(session_);
    if (!genesis) return genesis.error();
    genesis_ = std::move(*genesis);
    Try<offline::TrustSource> trust = trust_of(options_.trust, session_);
    if (!trust) return trust.error();
    trust_ = std::move(*trust);
    Try<std::unique_ptr<Client>> client = connect(session_, genesis_);
    if (!client) return client.error();
    client_ = std::move(*client);
    return {};
  }

  void answer(std::size_t number, std::string_view line) {
    const Preparing<Case> read = read_case(line);
    if (!read) {
      ++malformed_;
      return print(
          json::object{{"line", number}, {"error", code_of(read.error().error)}, {"why", read.error().why}});
    }
    const Case& asked = *read;
    const CivilDay day = asked.day.value_or(day_);
    const Try<Judgement> judgement = judge(asked, day);
    if (!judgement) {
      stopped_ = judgement.error();
      return;
    }
    ++verdicts_[std::string(name_of(judgement->verdict))];
    print(answer_of(asked, day, *judgement));
  }

  Try<Judgement> judge(const Case& asked, CivilDay day) {
    const Result<SubjectKey> subject = parse_subject(asked.asked);
    if (!subject) {
      return judge_nothing(subject.error() == Error::id_check_char ? Reason::id_check_char
                                                                   : Reason::id_malformed);
    }
    Verification verification;
    verification.asked = asked.asked;
    verification.subject = *subject;
    verification.day = day;
    verification.verifier = asked.verifier;
    verification.scenario = asked.scenario;
    Try<std::optional<Document>> document = document_of(*subject);
    if (!document) return document.error();
    if (*document) verification.document = presented(std::move(**document), asked);
    const Try<offline::Verified> verified =
        ask_and_judge(*client_, genesis_, trust_, std::nullopt, verification, session_);
    if (!verified) return verified.error();
    if (const Try<void> learned = learn(options_.trust, trust_, *verified, session_); !learned)
      return learned.error();
    return std::move(verification.judgement);
  }

  Try<std::optional<Document>> document_of(const SubjectKey& subject) const {
    if (documents_.empty()) return std::optional<Document>();
    const std::string path = documents_ + "/" + document_file_name(subject);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::optional<Document>();
    Try<Document> document = read_document(path);
    if (!document) return document.error();
    return std::optional(std::move(*document));
  }

  void print(const json::object& answer) const {
    if (session_.options().json) return session_.print(json::serialize(answer) + "\n");
    std::string line;
    for (const auto& [name, value] : answer) {
      if (!line.empty()) line += "  ";
      line += value.is_string() ? text::printable(std::string(value.get_string())) : json::serialize(value);
    }
    session_.print(line + "\n");
  }

  void summarise() const {
    std::string counts;
    for (const auto& [verdict, count] : verdicts_) {
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", verdict, count);
    }
    if (malformed_ > 0)
      counts += fmt::format(fmt::runtime(session_.tr("; {} lines are no cases", "；{} 行不是核验请求")),
                            malformed_);
    session_.say(counts);
  }

  const Verify& options_;
  const Session& session_;
  std::string documents_;
  CivilDay day_ = 0;
  Genesis genesis_;
  offline::TrustSource trust_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<text::Progress> progress_;
  std::map<std::string, std::uint64_t> verdicts_;
  std::uint64_t malformed_ = 0;
  std::optional<Trouble> stopped_;
};

}  // namespace

int run_batch(const Verify& options, const Session& session) { return CaseRun(options, session).go(); }

Preparing<Case> read_case(std::string_view line) {
  const api::Parsed<json::value> value = api::parse_json(line);
  if (!value) return fault(value.error().error, api::text_of(value.error()));
  if (!value->is_object()) return fault(Error::json_malformed, "no JSON object");
  const json::object& object = value->get_object();
  Case asked{.asked = text_of(object, "certIdentifier")};
  if (asked.asked.empty()) {
    asked.asked = text_of(object, "invoiceNumber");
    asked.invoice = true;
  }
  if (asked.asked.empty()) return fault(Error::field_missing, "certIdentifier: nothing is asked without it");
  asked.verifier = text_of(object, "verifier");
  if (!asked.verifier.empty() && !is_province_code(asked.verifier))
    return fault(Error::field_invalid, "verifier: no province's code");
  asked.scenario = text_of(object, "scenario");
  if (asked.scenario.size() > limits::kScenario) return fault(Error::too_long, "scenario: too long");
  if (const std::string at = text_of(object, "at"); !at.empty()) {
    const Result<CivilDay> day = parse_civil_day(std::string_view(at).substr(0, 10));
    if (!day) return fault(day.error(), "at: a day YYYY-MM-DD is expected");
    asked.day = *day;
  }
  if (const std::string digest = text_of(object, "presentedFaceDigest"); !digest.empty())
    asked.face_digest = digest;
  return asked;
}

Document presented(Document document, const Case& asked) {
  if (!asked.face_digest || asked.face_digest->size() > limits::kFieldValue) return document;
  const auto at =
      std::lower_bound(document.fields.begin(), document.fields.end(), kFaceDigest,
                       [](const Field& field, std::string_view name) { return field.name < name; });
  if (at != document.fields.end() && at->name == kFaceDigest) {
    at->value = *asked.face_digest;
  } else {
    // The issued one has no such field: with one it is another document.
    document.fields.insert(at, Field{.name = std::string(kFaceDigest),
                                     .value = *asked.face_digest,
                                     .salt = Bytes(limits::kSaltMin)});
  }
  return document;
}

json::object answer_of(const Case& asked, CivilDay day, const Judgement& judgement) {
  json::array reasons;
  for (const Reason reason : judgement.reasons) reasons.push_back(json::value(code_of(reason)));
  json::value maps_to;
  if (judgement.recognition && judgement.recognition->maps_to != judgement.recognition->type)
    maps_to = judgement.recognition->maps_to;
  return {{asked.invoice ? "invoiceNumber" : "certIdentifier", asked.asked},
          {"verifier", asked.verifier},
          {"at", format_civil_day(day)},
          {"verdict", name_of(judgement.verdict)},
          {"reasons", std::move(reasons)},
          {"mapsTo", std::move(maps_to)}};
}

}  // namespace hufu::cli
