// What a scenario asks of the ledger: submissions, changes of the roster, reads, and what is expected of them.
#include <algorithm>

#include "tests/ledger/law.hpp"
#include "tests/sim/scenario.hpp"

namespace hufu::sim {

Job& Scenario::job(const std::string& name) {
  static Job none;
  const auto found = jobs_.find(name);
  if (found != jobs_.end()) return *found->second;
  fail("nothing is called " + name);
  return none;
}

// submit x to A
void Scenario::submit(const Words& words) {
  Submission submission = sim().clients().issue(++invoices_);
  jobs_[words.at(1)] = sim().clients().send_once(std::move(submission), machine(words.at(3)));
}

// again x to A
void Scenario::again(const Words& words) {
  Job& same = job(words.at(1));
  same.answer.reset();
  sim().clients().again(jobs_[words.at(1)], machine(words.at(3)));
}

// persist x [to A]
void Scenario::persist(const Words& words) {
  Machine* const to = words.size() > 3 ? &machine(words[3]) : nullptr;
  jobs_[words.at(1)] = sim().clients().send(sim().clients().issue(++invoices_), to);
}

// conflict y with x to A
void Scenario::conflict(const Words& words) {
  const RequestId request = job(words.at(3)).submission.header.request_id;
  const Operation other = sim().clients().issue(++invoices_).operations.front();
  jobs_[words.at(1)] =
      sim().clients().send_once(sign_submission(sim().ledger(), testing::kPlatform,
                                                testing::key_of(testing::kPlatform), request, {other}),
                                machine(words.at(5)));
}

// claim y of x to A
void Scenario::claim(const Words& words) {
  const Operation issued = job(words.at(3)).submission.operations.front();
  const Operation claim{
      .subject = issued.subject,
      .previous = issued.hash(),
      .effective = testing::day("2024-06-01"),
      .payload = InvoiceClaim{.entity = testing::buyer_of(testing::invoice_document(issued.subject.id)),
                              .period = 202406,
                              .voucher = {}}};
  jobs_[words.at(1)] = sim().clients().send_once(
      sim().clients().sign(testing::kPlatform, testing::kPlatform, {claim}), machine(words.at(5)));
}

// busy 20 to A
void Scenario::busy(const Words& words) {
  for (std::uint64_t count = std::stoull(words.at(1)); count > 0 && failure_.empty(); --count) {
    const auto each = sim().clients().send(sim().clients().issue(++invoices_), &machine(words.at(3)));
    wait_for([&] { return each->accepted(); }, "an acknowledgement");
  }
}

// remove A | add | replace A
void Scenario::change(const Words& words) {
  wait_for([this] { return sim().operations().idle(); }, "the change before");
  std::optional<std::uint64_t> leaves;
  if (words.size() > 1) leaves = machine(words[1]).id();
  if (!sim().operations().change(leaves, words.front() != "remove")) fail("a change is under way");
}

// read x on A
void Scenario::read(const Words& words) {
  Machine& at = machine(words.at(3));
  read_.reset();
  at.enter([&] {
    at.core().read_barrier([this, &at, life = at.life(), id = job(words.at(1)).sent.id](bool granted) {
      if (at.life() != life) return;
      read_ = granted;
      if (granted) sim().checker().read(at.id(), at.store(), id);
    });
  });
}

void Scenario::wait(const Words& words) {
  const std::string& what = words.at(1);
  if (what == "epoch") {
    const std::uint64_t epoch = std::stoull(words.at(2));
    wait_for([&] { return sim().roster().epoch >= epoch && sim().leader() != nullptr; }, "the epoch");
  } else if (what == "settled") {
    wait_for([this] { return sim().settled(); }, "one certified head");
  } else if (what == "down") {
    wait_for([&] { return !machine(words.at(2)).up(); }, words.at(2) + " to go down");
  } else if (what == "follows") {
    wait_for([&] { return machine(words.at(2)).up() && machine(words.at(2)).core().leader() != 0; },
             "a leader");
  } else if (what == "proposed") {
    wait_for([this] { return sim().operations().proposed(); }, "the proposal of a roster");
  } else if (what == "enacted") {
    // By this node, which may be the first.
    Machine& first = machine(words.at(2));
    wait_for([&, epoch = first.up() ? first.core().roster().epoch
                                    : 0] { return first.up() && first.core().roster().epoch > epoch; },
             "the next epoch on " + words.at(2));
  } else if (what == "read") {
    wait_for([this] { return read_.has_value(); }, "the read");
  } else if (what == "voted") {
    // For another than itself, in the term that begins now.
    Machine& voter = machine(words.at(2));
    const auto hard = [&voter, epoch = sim().roster().epoch] {
      const auto* log = voter.raft_disk().find(epoch);
      return log == nullptr ? consensus::HardState{} : log->platter.hard_state();
    };
    const std::uint64_t term = hard().term;
    wait_for([&] { return hard().term > term && hard().vote != 0; }, "a vote of " + words.at(2));
  } else {
    wait_for([&] { return job(what).answer.has_value(); }, "an answer to " + what);
  }
}

void Scenario::expect(const Words& words) {
  const std::string& who = words.at(1);
  const std::string& what = words.at(2);
  bool so = false;
  if (who == "read") {
    so = read_ == (what == "granted");
  } else if (who == "epoch") {
    so = sim().roster().epoch == std::stoull(what);
  } else if (machines_.contains(who)) {
    Machine& asked = machine(who);
    so = what == "up"          ? asked.up()
         : what == "down"      ? !asked.up()
         : what == "leads"     ? asked.up() && asked.core().leads_ready()
         : what == "refuses"   ? !asked.up() && !asked.why().empty()
         : what == "snapshots" ? asked.up() && asked.core().raft_status().snapshots_installed > 0
         : what == "member"    ? sim().in_roster(asked)
         : what == "outside"   ? !sim().in_roster(asked)
         : what == "complete"  ? asked.up() && asked.store().head().height == sim().checker().height()
         : what == "behind"    ? asked.up() && asked.store().head().height < sim().checker().height()
                               : false;
  } else {
    const Job& asked = job(who);
    const auto* accepted = asked.answer ? std::get_if<api::Accepted>(&*asked.answer) : nullptr;
    const auto* refusal = asked.answer ? std::get_if<api::Refusal>(&*asked.answer) : nullptr;
    so = what == "accepted"    ? accepted != nullptr
         : what == "repeated"  ? accepted != nullptr && accepted->repeated
         : what == "open"      ? accepted == nullptr && (refusal == nullptr || is_open(refusal->error))
         : what == "refused"   ? refusal != nullptr && !is_open(refusal->error)
         : what == "on-ledger" ? sim().checker().place_of(asked.sent.id).has_value()
         : what == "nowhere"   ? !sim().checker().place_of(asked.sent.id).has_value()
                               : refusal != nullptr && code_of(refusal->error) == what;
  }
  if (!so) fail("it is not so");
}

}  // namespace hufu::sim
