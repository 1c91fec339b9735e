#include "tests/sim/clients.hpp"

#include "tests/ledger/law.hpp"
#include "tests/sim/simulation.hpp"

namespace hufu::sim {
namespace {

constexpr std::uint64_t kThinkMs = 400;
constexpr std::uint64_t kRetryMs = 300;
constexpr std::size_t kRemembered = 64;

std::string invoice_number(std::uint64_t number) {
  return "2433200000030" + std::to_string(1'000'000 + number);
}
Operation claim(const std::string& number, const Hash& issued) {
  return {
      .subject = {SubjectKind::invoice, number},
      .previous = issued,
      .effective = testing::day("2024-06-01"),
      .payload = InvoiceClaim{
          .entity = testing::buyer_of(testing::invoice_document(number)), .period = 202406, .voucher = {}}};
}

bool stands(const api::Submitted& submitted) {
  const auto* refusal = std::get_if<api::Refusal>(&submitted);
  return refusal == nullptr || !is_open(refusal->error);
}

}  // namespace

Clients::Clients(Simulation& simulation, std::size_t count) : simulation_(simulation), count_(count) {}

void Clients::begin() {
  for (std::size_t client = 0; client < count_; ++client) think(client);
}

void Clients::think(std::size_t client) {
  simulation_.time().after(1 + simulation_.time().pick(kThinkMs), [this, client] {
    if (finishing_) return;
    if (simulation_.time().pick(4) == 0) look();
    const auto job = next_piece();
    const auto learned = job->learned;
    job->learned = [this, client, learned](const api::Submitted& submitted) {
      if (learned) learned(submitted);
      think(client);
    };
    ask(job, any_machine());
  });
}

Submission Clients::sign(const std::string& agency, const std::string& key,
                         std::vector<Operation> operations) {
  return sign_submission(simulation_.ledger(), agency, testing::key_of(key),
                         testing::request(next_request_++), std::move(operations));
}

Submission Clients::issue(std::uint64_t number) {
  return sign(testing::kPlatform, testing::kPlatform, {testing::issue_invoice(invoice_number(number))});
}

std::shared_ptr<Job> Clients::prepare(Submission submission,
                                      std::function<void(const api::Submitted&)> learned) {
  auto job = std::make_shared<Job>();
  job->bytes = encode(submission);
  job->sent = simulation_.checker().sending(submission_id(simulation_.ledger(), submission.header));
  job->submission = std::move(submission);
  job->learned = std::move(learned);
  job->wait_ms = 300 + simulation_.time().pick(4'000);
  ++unanswered_;
  return job;
}

std::shared_ptr<Job> Clients::send(Submission submission, Machine* to,
                                   std::function<void(const api::Submitted&)> learned) {
  auto job = prepare(std::move(submission), std::move(learned));
  ask(job, to != nullptr ? *to : any_machine());
  return job;
}

std::shared_ptr<Job> Clients::send_once(Submission submission, Machine& to, std::uint64_t wait_ms) {
  auto job = prepare(std::move(submission), {});
  job->persistent = false;
  job->wait_ms = wait_ms;
  --unanswered_;
  ask(job, to);
  return job;
}

std::shared_ptr<Job> Clients::next_piece() {
  Timeline& time = simulation_.time();
  const std::uint64_t choice = time.pick(20);
  if (choice >= 12 && !issued_.empty()) {
    const Issued invoice = issued_[time.pick(issued_.size())];
    if (choice < 15) return claim_invoice(invoice);
    if (choice == 15) return repeat_issue(invoice);
    if (choice == 16) return take_request(invoice);
  }
  if (choice >= 17 && (license_last_ || !license_asked_)) return license_step();
  return issue_invoice();
}

std::shared_ptr<Job> Clients::issue_invoice() {
  const std::string number = invoice_number(next_invoice_++);
  const Operation operation = testing::issue_invoice(number);
  const RequestId request = testing::request(next_request_);
  return prepare(sign(testing::kPlatform, testing::kPlatform, {operation}),
                 [this, number, operation, request](const api::Submitted& submitted) {
                   if (!std::holds_alternative<api::Accepted>(submitted)) return;
                   issued_.push_back({number, operation.hash(), request});
                   if (issued_.size() > kRemembered) issued_.pop_front();
                 });
}

// By several: the first wins for ever.
std::shared_ptr<Job> Clients::claim_invoice(const Issued& invoice) {
  return prepare(sign(testing::kPlatform, testing::kPlatform, {claim(invoice.number, invoice.operation)}),
                 {});
}

std::shared_ptr<Job> Clients::repeat_issue(const Issued& invoice) {
  return prepare(sign(testing::kPlatform, testing::kPlatform, {testing::issue_invoice(invoice.number)}), {});
}

// Other contents under a request id that is taken.
std::shared_ptr<Job> Clients::take_request(const Issued& invoice) {
  return prepare(
      sign_submission(simulation_.ledger(), testing::kPlatform, testing::key_of(testing::kPlatform),
                      invoice.request, {testing::issue_invoice(invoice_number(next_invoice_++))}),
      {});
}

// Several at a time may follow the same step: one of them wins, the others are refused.
std::shared_ptr<Job> Clients::license_step() {
  Operation operation = testing::issue_license();
  if (license_asked_) {
    operation = {.subject = {SubjectKind::license, testing::kLicense},
                 .previous = license_last_,
                 .effective = testing::day("2020-01-01"),
                 .payload = LicenseChange{license_valid_ ? LicenseAction::suspend : LicenseAction::resume}};
  }
  license_asked_ = true;
  return prepare(sign(testing::kIssuer, testing::kIssuer, {operation}), [this, operation](
                                                                            const api::Submitted& submitted) {
    if (!std::holds_alternative<api::Accepted>(submitted) || license_last_ != operation.previous) return;
    license_valid_ = !license_last_ || !license_valid_;
    license_last_ = operation.hash();
  });
}

// V8, on whoever believes that it leads.
void Clients::look() {
  const auto id = simulation_.checker().any_acknowledged(simulation_.time().pick(1'000'000));
  Machine& at = any_machine();
  if (!id || !at.up() || at.paused()) return;
  at.enter([&] {
    at.core().read_barrier([this, &at, life = at.life(), id = *id](bool granted) {
      if (granted && at.life() == life) simulation_.checker().read(at.id(), at.store(), id);
    });
  });
}

Machine& Clients::any_machine() {
  std::vector<Machine*> likely;
  for (const auto& machine : simulation_.machines()) {
    if (simulation_.in_roster(*machine) && !machine->damaged()) likely.push_back(machine.get());
  }
  const auto& all = simulation_.machines();
  if (likely.empty() || simulation_.time().pick(20) == 0) return *all[simulation_.time().pick(all.size())];
  return *likely[simulation_.time().pick(likely.size())];
}

void Clients::ask(const std::shared_ptr<Job>& job, Machine& to) {
  const std::uint64_t attempt = ++job->attempt;
  simulation_.time().after(1 + simulation_.time().pick(10),
                           [this, job, attempt, &to] { arrived(job, attempt, to); });
  // It listens no longer than that.
  retry(job, attempt, job->wait_ms + 200);
}

void Clients::arrived(const std::shared_ptr<Job>& job, std::uint64_t attempt, Machine& at) {
  if (!at.up()) return retry(job, attempt, 1 + simulation_.time().pick(kRetryMs));
  const auto done = [this, job, attempt, &at](const api::Submitted& submitted) {
    simulation_.time().after(1 + simulation_.time().pick(10),
                             [this, job, attempt, node = at.id(), submitted] {
                               if (simulation_.time().chance(forgetful)) return;
                               answered(job, attempt, node, submitted);
                             });
  };
  at.enter([job, done, &at] {
    at.core().admission().submit(job->bytes, "client", std::chrono::milliseconds(job->wait_ms),
                                 [done, &at, life = at.life()](const api::Submitted& submitted) {
                                   if (at.life() == life) done(submitted);  // what is dead says nothing
                                 });
  });
}

void Clients::answered(const std::shared_ptr<Job>& job, std::uint64_t attempt, std::uint64_t node,
                       const api::Submitted& submitted) {
  const auto* refusal = std::get_if<api::Refusal>(&submitted);
  simulation_.time().note(20, node, refusal == nullptr ? 0 : static_cast<std::uint64_t>(refusal->error));
  simulation_.checker().answered(node, job->sent, submitted);
  if (job->answer && job->persistent) return;
  if (!job->persistent) {
    job->answer = submitted;
    return;
  }
  if (!stands(submitted)) return retry(job, attempt, 20 + simulation_.time().pick(kRetryMs));
  job->answer = submitted;
  --unanswered_;
  if (job->learned) job->learned(submitted);
}

void Clients::retry(const std::shared_ptr<Job>& job, std::uint64_t attempt, std::uint64_t after_ms) {
  if (!job->persistent) return;
  simulation_.time().after(after_ms, [this, job, attempt] {
    if (job->answer || job->attempt != attempt) return;
    ++simulation_.report().unanswered;
    ask(job, any_machine());
  });
}

}  // namespace hufu::sim
