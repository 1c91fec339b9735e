// Agencies that submit to any node and ask again, the very same bytes, until they have an answer that stands: an
// acknowledgement or a refusal by the law.
//
// What they submit: invoices, claims of the same invoice by several, one license that is suspended and resumed in turn, what
// has been issued before, and other contents under a request id that is taken.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "tests/sim/checker.hpp"

namespace hufu::sim {

class Simulation;
class Machine;

// One submission under way.
struct Job {
  Submission submission;
  Bytes bytes;
  Checker::Sent sent;
  bool persistent = true;
  std::uint64_t attempt = 0;
  std::uint64_t wait_ms = 2'000;
  std::optional<api::Submitted> answer;  // that stands, or the last one where it is not persistent
  std::function<void(const api::Submitted&)> learned;

  bool accepted() const { return answer && std::holds_alternative<api::Accepted>(*answer); }
};

class Clients {
 public:
  Clients(Simulation& simulation, std::size_t count);

  void begin();
  // Nothing new from now on.
  void finish() { finishing_ = true; }
  bool idle() const { return unanswered_ == 0; }

  // Sent to this machine, to any one after that.
  std::shared_ptr<Job> send(Submission submission, Machine* to = nullptr,
                            std::function<void(const api::Submitted&)> learned = {});
  // Once, and no more.
  std::shared_ptr<Job> send_once(Submission submission, Machine& to, std::uint64_t wait_ms = 2'000);
  // The same bytes once more.
  void again(const std::shared_ptr<Job>& job, Machine& to) { ask(job, to); }

  Submission issue(std::uint64_t number);
  Submission sign(const std::string& agency, const std::string& key, std::vector<Operation> operations);
  // Lost answers.
  double forgetful = 0;

 private:
  struct Issued {
    std::string number;
    Hash operation;
    RequestId request;
  };
  void think(std::size_t client);
  std::shared_ptr<Job> next_piece();
  std::shared_ptr<Job> issue_invoice();
  std::shared_ptr<Job> claim_invoice(const Issued& invoice);
  std::shared_ptr<Job> license_step();
  std::shared_ptr<Job> repeat_issue(const Issued& invoice);
  std::shared_ptr<Job> take_request(const Issued& invoice);
  std::shared_ptr<Job> prepare(Submission submission, std::function<void(const api::Submitted&)> learned);
  void ask(const std::shared_ptr<Job>& job, Machine& to);
  void arrived(const std::shared_ptr<Job>& job, std::uint64_t attempt, Machine& at);
  void answered(const std::shared_ptr<Job>& job, std::uint64_t attempt, std::uint64_t node,
                const api::Submitted& submitted);
  void retry(const std::shared_ptr<Job>& job, std::uint64_t attempt, std::uint64_t after_ms);
  void look();
  Machine& any_machine();

  Simulation& simulation_;
  const std::size_t count_;
  bool finishing_ = false;
  std::size_t unanswered_ = 0;
  std::uint64_t next_request_ = 1;
  std::uint64_t next_invoice_ = 1;
  std::deque<Issued> issued_;
  std::optional<Hash> license_last_;
  bool license_asked_ = false;
  bool license_valid_ = true;
};

}  // namespace hufu::sim
