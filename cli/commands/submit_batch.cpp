#include "cli/commands/submit_batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <map>

#include "cli/clock.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/keyring.hpp"
#include "cli/play/act.hpp"
#include "cli/settings.hpp"
#include "cli/text/lines.hpp"
#include "ledger/proof/receipt.hpp"

namespace hufu::cli {
namespace {

constexpr std::size_t kBatchBytes = 1U << 30;

// What the nodes, the keys and the folder of documents tell of one event's subjects.
class AskedOf final : public play::Surroundings {
 public:
  AskedOf(Client& client, const Keyring& ring, std::string documents)
      : client_(client), ring_(ring), documents_(std::move(documents)) {}

  // Asks a node for the standings that this event meets.
  Reply<void> look_up(const play::Event& event) {
    standings_.clear();
    for (const SubjectKey& subject : {event.subject, event.other.value_or(event.subject)}) {
      if (standings_.contains(subject)) continue;
      // What is no identifier has no standing; the ledger says so when it is sent.
      if (!parse_subject(subject.text())) continue;
      Reply<api::StandingAnswer> answer = client_.standing(subject);
      if (!answer) return answer.error();
      if (answer->standing) standings_.emplace(subject, std::move(*answer->standing));
    }
    return {};
  }

  const Standing* standing(const SubjectKey& subject) const override {
    const auto found = standings_.find(subject);
    return found == standings_.end() ? nullptr : &found->second;
  }
  std::optional<Document> document(const SubjectKey& subject, const std::string&) const override {
    if (documents_.empty() || !parse_subject(subject.text())) return std::nullopt;
    const std::string path = documents_ + "/" + document_file_name(subject);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::nullopt;
    Try<Document> document = read_document(path);
    if (!document || document->subject != subject) return std::nullopt;
    return std::move(*document);
  }
  std::string platform_of(const std::string& province) const override {
    const Signatory* const platform = ring_.invoices_of(province);
    return platform == nullptr ? std::string() : platform->agency;
  }
  const Seed* salts_of(const std::string& agency) const override {
    const Signatory* const signatory = ring_.agency(agency);
    if (signatory == nullptr) return nullptr;
    return &salts_.try_emplace(agency, signatory->salt_secret()).first->second;
  }

 private:
  Client& client_;
  const Keyring& ring_;
  std::string documents_;
  std::map<SubjectKey, Standing> standings_;
  mutable std::map<std::string, Seed> salts_;
};

// What became of one line.
struct Answer {
  std::optional<play::Event> event;
  bool accepted = false;
  std::optional<Error> error;
  std::string why;
  std::optional<Place> place;
};

json::object to_json(std::size_t line, const Answer& answer) {
  json::object object{{"line", line}};
  if (answer.event) {
    object["event"] = play::name_of(answer.event->kind);
    object[play::is_of_license(answer.event->kind) ? "certIdentifier" : "invoiceNumber"] =
        answer.event->subject.id;
  }
  object["accepted"] = answer.accepted;
  object["reason"] = answer.error ? json::value(code_of(*answer.error)) : json::value();
  if (!answer.why.empty()) object["why"] = answer.why;
  object["place"] =
      answer.place ? json::value{{"height", answer.place->height}, {"submission", answer.place->submission}}
                   : json::value();
  return object;
}

class BatchRun {
 public:
  BatchRun(const SubmitBatch& options, const Session& session) : options_(options), session_(session) {}

  int go() {
    if (const Try<void> ready = prepare(); !ready) return session_.fail(ready.error());
    const Try<Bytes> content = read_file(options_.batch, kBatchBytes);
    if (!content) return session_.fail(content.error());
    text::each_line(as_text(*content), [&](std::size_t number, std::string_view line) {
      if (!stopped_) tell(number, play_line(line));
    });
    if (stopped_) return session_.fail(*stopped_);
    session_.say(fmt::format(fmt::runtime(session_.tr("{} accepted, {} refused, {} lines are no events",
                                                      "接受 {} 条，拒绝 {} 条，{} 行不是事件")),
                             accepted_, refused_, malformed_));
    if (malformed_ > 0) return kUsage;
    return refused_ > 0 ? kRules : kOk;
  }

 private:
  Try<void> prepare() {
    if (!options_.day.empty()) {
      const Result<CivilDay> day = parse_civil_day(options_.day);
      if (!day)
        return Trouble{.error = Error::usage, .what = fmt::format("--day {} is not a day", options_.day)};
      day_ = *day;
    }
    const Try<Settings> settings = load_settings(session_.options().config);
    if (!settings) return settings.error();
    documents_ = options_.documents.empty() ? settings->documents : options_.documents;
    const Try<Genesis> genesis = load_genesis(session_);
    if (!genesis) return genesis.error();
    ledger_ = ledger_id(*genesis);
    Try<std::unique_ptr<Client>> client = connect(session_, *genesis);
    if (!client) return client.error();
    client_ = std::move(*client);
    Try<Keyring> ring = Keyring::load(
        options_.keys, options_.passphrase, {}, *genesis,
        [this] { return registered_agencies(*client_, session_); }, session_);
    if (!ring) return ring.error();
    ring_ = std::move(*ring);
    known_ = std::make_unique<AskedOf>(*client_, ring_, documents_);
    if (documents_.empty()) return {};
    return make_private_folder(documents_);
  }

  Answer play_line(std::string_view line) {
    Answer answer;
    Preparing<play::Event> event = play::read_event(line);
    if (!event) {
      ++malformed_;
      answer.error = event.error().error;
      answer.why = event.error().why;
      return answer;
    }
    answer.event = std::move(*event);
    if (const Reply<void> asked = known_->look_up(*answer.event); !asked) {
      stop(asked.error(), answer);
      return answer;
    }
    const CivilDay day = play::day_of(*answer.event, day_, *known_, china_today());
    const Preparing<play::Act> act = play::act_of(*answer.event, day, *known_);
    if (!act) {
      ++refused_;
      answer.error = act.error().error;
      answer.why = act.error().why;
      return answer;
    }
    send(*act, answer);
    return answer;
  }

  void send(const play::Act& act, Answer& answer) {
    if (act.operations.empty()) {
      ++accepted_;
      answer.accepted = true;
      return;
    }
    const Signatory* const signatory = ring_.agency(act.agency);
    if (signatory == nullptr) {
      ++refused_;
      answer.error = Error::issuer_unknown;
      answer.why = fmt::format("the key of {} is not here", act.agency);
      return;
    }
    const Submission submission =
        sign_submission(ledger_, act.agency, signatory->key, random_request_id(), act.operations);
    const Reply<api::Accepted> reply = client_->submit(encode(submission), wait_of(options_.wait));
    if (!reply) return take_refusal(reply.error(), answer);
    const Result<void> checked = check_receipt(ledger_, reply->receipt);
    if (!checked || reply->receipt.id() != submission_id(ledger_, submission.header)) {
      answer.error = Error::proof_invalid;
      stopped_ = Trouble{.error = Error::proof_invalid,
                         .what = "a node's receipt does not hold",
                         .next = "report the node to its operator",
                         .exit = kIntegrityAlarm};
      return;
    }
    ++accepted_;
    answer.accepted = true;
    answer.place = reply->receipt.place;
    if (act.document) keep(*act.document);
  }

  void take_refusal(const Failure& failure, Answer& answer) {
    const api::Refusal& refusal = failure.problem.refusal;
    if (api::is_passing(refusal.error) || api::is_outcome_unknown(refusal.error))
      return stop(failure, answer);
    ++refused_;
    answer.error = refusal.error;
    if (!refusal.faults.empty()) {
      // The operation on what stood there first says most: the halves of an act are in that order.
      answer.error = refusal.faults.front().error;
      answer.place = refusal.faults.front().place;
    }
    answer.why = session_.tr(describe(*answer.error).en, describe(*answer.error).zh);
  }

  // Nothing more can be sent, or what was sent may or may not count.
  void stop(const Failure& failure, Answer& answer) {
    stopped_ = trouble_of(failure, session_, "the batch stopped before its end");
    answer.error = stopped_->error;
    answer.why = stopped_->why;
  }

  void keep(const Document& document) {
    if (documents_.empty()) return;
    const Try<void> written =
        write_document(documents_ + "/" + document_file_name(document.subject), document);
    if (!written) session_.warn(fmt::format("{}: {}", written.error().what, written.error().why));
  }

  void tell(std::size_t number, const Answer& answer) const {
    if (session_.options().json) return session_.print(json::serialize(to_json(number, answer)) + "\n");
    session_.print(fmt::format(
        "{:>6}  {}  {}\n", number,
        answer.accepted ? session_.paint(Paint::good, session_.tr("accepted", "接受"))
                        : session_.paint(Paint::bad, answer.error ? code_of(*answer.error) : ""),
        answer.event ? fmt::format("{} {}", play::name_of(answer.event->kind), answer.event->subject.id)
                     : answer.why));
  }

  const SubmitBatch& options_;
  const Session& session_;
  std::optional<CivilDay> day_;
  std::string documents_;
  LedgerId ledger_;
  Keyring ring_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<AskedOf> known_;
  std::optional<Trouble> stopped_;
  std::uint64_t accepted_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t malformed_ = 0;
};

}  // namespace

int run(const SubmitBatch& options, const Session& session) { return BatchRun(options, session).go(); }

}  // namespace hufu::cli
