#include "node/admission.hpp"

#include <algorithm>

#include "ledger/base/failpoint.hpp"

namespace hufu::node {
namespace {

using namespace std::chrono_literals;

constexpr auto kForwardAtLeast = 1000ms;

// Who claims to have sent it; nothing of it is verified yet.
std::string claimed_agency(ByteSpan submission) {
  SubmissionHeader header;
  Reader reader(submission);
  reader& header;
  return header.agency;
}

}  // namespace

Admission::Admission(AdmissionParts parts)
    : parts_(std::move(parts)),
      by_address_(parts_.rates.address, parts_.limits.rate_names),
      by_agency_(parts_.rates.agency, parts_.limits.rate_names),
      admitted_after_(parts_.metrics.histogram(
          "hufu_admission_seconds",
          "On the leader: from arrival to being put in order, examined and verified.", kStageBounds)),
      self_(std::make_shared<Admission*>(this)) {
  parts_.metrics.gauge("hufu_pending_submissions", "Submissions without an answer yet.",
                       [this] { return static_cast<double>(pending_.size()); });
}

Admission::~Admission() { *self_ = nullptr; }

void Admission::submit(Bytes submission, const std::string& address, std::chrono::milliseconds wait,
                       SubmitDone done) {
  if (const auto retry = by_address_.take(address, now_ms()); retry > 0) {
    return done(passing(Error::rate_limited, retry));
  }
  enter(std::move(submission), {.deadline_ms = now_ms() + static_cast<std::uint64_t>(wait.count()),
                                .may_forward = true,
                                .done = std::move(done)});
}

void Admission::submit_for_peer(Bytes submission, std::chrono::milliseconds wait, SubmitDone done) {
  enter(std::move(submission), {.deadline_ms = now_ms() + static_cast<std::uint64_t>(wait.count()),
                                .may_forward = false,
                                .done = std::move(done)});
}

void Admission::enter(Bytes submission, Waiter waiter) {
  if (stopped_) return waiter.done(passing(Error::ledger_unavailable));
  if (submission.size() > limits::kSubmissionBytes) return waiter.done(passing(Error::oversize, 0));
  // A client finds another node; a node that forwards tells its client at once.
  if (parts_.disk_full())
    return waiter.done(passing(waiter.may_forward ? Error::ledger_unavailable : Error::overloaded));
  if (parts_.cut_off())
    return waiter.done(passing(waiter.may_forward ? Error::ledger_unavailable : Error::not_leader));
  const Hash key = sha256(submission);
  if (const auto same = pending_.find(key); same != pending_.end()) {  // D4
    if (same->second.waiters.size() >= parts_.limits.waiters_each)
      return waiter.done(passing(Error::overloaded));
    same->second.waiters.push_back(std::move(waiter));
    return;
  }
  if (pending_.size() >= parts_.limits.pending_submissions ||
      pending_bytes_ + submission.size() > parts_.limits.pending_bytes) {  // D3
    return waiter.done(passing(Error::overloaded));
  }
  Pending& pending = pending_[key];
  pending_bytes_ += submission.size();
  pending.bytes = std::make_shared<const Bytes>(std::move(submission));
  pending.since_ms = now_ms();
  const std::uint64_t ticket = pending.ticket = next_ticket_++;
  pending.waiters.push_back(std::move(waiter));
  std::optional<std::uint64_t> judge_at;
  if (parts_.leads() && !doubts_.none() && doubts_.about(claimed_agency(*pending.bytes)))
    judge_at = std::max(parts_.world.wall_clock_ms(), parts_.replica.head().time_ms + 1);
  parts_.world.work([&world = parts_.world, &ledger = parts_.ledger, &store = parts_.store, self = self_, key,
                     ticket, bytes = pending.bytes, judge_at] {
    auto result = std::make_shared<Examined>(examine(ledger, store, *bytes, judge_at));
    world.post([self, key, ticket, result] {
      if (*self != nullptr) (*self)->examined(key, ticket, std::move(*result));
    });
  });
}

void Admission::examined(const Hash& key, std::uint64_t ticket, Examined result) {
  const auto found = pending_.find(key);
  // Another one of the same bytes waits for an answer of its own: patience ended while this was being examined.
  if (found == pending_.end() || found->second.ticket != ticket) return;
  Pending& pending = found->second;
  if (!result.damage.empty()) {
    parts_.fatal(result.damage);
    return finish(key, passing(Error::ledger_unavailable));
  }
  if (result.error) return finish(key, passing(*result.error, 0));
  failpoint("admission.examined");
  pending.id = result.id;
  pending.agency = result.submission.header.agency;
  by_id_.emplace(result.id, key);
  if (result.advice && std::holds_alternative<Applied>(*result.advice)) {
    return finish(key, submitted_at(std::get<Applied>(*result.advice).place, true));
  }
  parts_.signatures.remember(result.submission);
  // By agency only now: before, anybody could have used up its tokens.
  if (pending.waiters.front().may_forward) {
    if (const auto retry = by_agency_.take(pending.agency, now_ms()); retry > 0) {
      return finish(key, passing(Error::rate_limited, retry));
    }
  }
  if (result.advice && parts_.leads()) return confirm_refusal(key);
  route(key);
}

void Admission::route(const Hash& key) {
  Pending& pending = pending_.at(key);
  pending.stage = Stage::adrift;
  if (parts_.leads()) {
    const auto put = parts_.sequencer.put(pending.id, pending.bytes);
    if (put) {
      if (!pending.handed_over) {
        admitted_after_.observe(seconds_between(pending.since, StageClock::now()));
      }
      pending.stage = Stage::queued;
      pending.handed_over = true;
    } else if (put.error() == Error::overloaded) {
      finish(key, passing(Error::overloaded));
    }
    return;
  }
  drop_peers_waiters(key, pending);
  const auto still = pending_.find(key);
  if (still == pending_.end()) return;
  const consensus::NodeId leader = parts_.leader();
  if (leader != 0 && leader != parts_.self) forward(key, still->second, leader);
}

void Admission::forward(const Hash& key, Pending& pending, consensus::NodeId leader) {
  std::uint64_t deadline = 0;
  for (const Waiter& waiter : pending.waiters) deadline = std::max(deadline, waiter.deadline_ms);
  const std::uint64_t now = now_ms();
  const auto wait = std::max<std::chrono::milliseconds>(
      kForwardAtLeast, std::chrono::milliseconds(deadline > now ? deadline - now : 0));
  pending.stage = Stage::forwarded;
  pending.forwarded_to = leader;
  pending.handed_over = true;
  const std::uint64_t ticket = pending.ticket = next_ticket_++;
  parts_.metrics.counter("hufu_forwarded_total", "Submissions sent on to the leader.").add();
  parts_.peers.ask(
      leader,
      peer::SubmitRequest{.submission = *pending.bytes, .wait_ms = static_cast<std::uint32_t>(wait.count())},
      wait, [self = self_, key, ticket](Result<peer::Response> response) {
        if (*self != nullptr) (*self)->forward_answered(key, ticket, std::move(response));
      });
}

void Admission::forward_answered(const Hash& key, std::uint64_t ticket, Result<peer::Response> response) {
  const auto found = pending_.find(key);
  if (found == pending_.end() || found->second.ticket != ticket || found->second.stage != Stage::forwarded)
    return;
  found->second.stage = Stage::adrift;  // tick() and on_role_change() send it on its way again
  if (!response) return;
  if (const auto* accepted = std::get_if<peer::AcceptedResponse>(&*response)) {
    const Receipt& receipt = accepted->accepted.receipt;
    if (receipt.ledger == parts_.ledger && receipt.id() == found->second.id)
      return finish(key, accepted->accepted);
    parts_.log.warning("foreign receipt", {{"peer", found->second.forwarded_to}});
    return;
  }
  const auto* refused = std::get_if<peer::RefusedResponse>(&*response);
  if (refused == nullptr) return;
  const api::Refusal& refusal = refused->problem.refusal;
  if (refusal.error == Error::overloaded || !api::is_passing(refusal.error)) finish(key, refusal);
}

// D2: asked, then confirmed that this node still leads, then judged again by what is applied now.
void Admission::confirm_refusal(const Hash& key) {
  pending_.at(key).stage = Stage::confirmed;
  parts_.read_barrier([self = self_, key](bool granted) {
    if (*self == nullptr) return;
    const auto found = (*self)->pending_.find(key);
    if (found == (*self)->pending_.end()) return;
    if (granted) return (*self)->confirmed(key);
    found->second.stage = Stage::adrift;
  });
}

void Admission::confirmed(const Hash& key) {
  const Pending& pending = pending_.at(key);
  const std::uint64_t at = std::max(parts_.world.wall_clock_ms(), parts_.replica.head().time_ms + 1);
  const auto submission = decode<Submission>(*pending.bytes);
  HUFU_CHECK(submission);
  std::optional<Outcome> outcome;
  try {
    outcome = judge(parts_.ledger, *submission, parts_.store, at,
                    [this](const LedgerId& ledger, const Submission& each, std::span<const Hash> operations) {
                      return parts_.signatures.check(ledger, each, operations);
                    });
  } catch (const store::StoreFailure& failure) {
    return parts_.fatal(failure.what());
  }
  if (!outcome) return route(key);
  if (const auto* applied = std::get_if<hufu::Applied>(&*outcome))
    return finish(key, submitted_at(applied->place, true));
  finish(key, refusal(std::get<Refused>(*outcome), *pending.bytes));
}

void Admission::drop_peers_waiters(const Hash& key, Pending& pending) {
  std::vector<Waiter> theirs;
  std::erase_if(pending.waiters, [&](Waiter& waiter) {
    if (waiter.may_forward) return false;
    theirs.push_back(std::move(waiter));
    return true;
  });
  if (pending.waiters.empty()) finish(key, passing(Error::not_leader));
  for (const Waiter& waiter : theirs) waiter.done(passing(Error::not_leader));
}

void Admission::on_lost(const Hash& id) {
  const auto [first, last] = by_id_.equal_range(id);
  for (auto at = first; at != last; ++at) pending_.at(at->second).stage = Stage::adrift;
}

void Admission::on_role_change() {
  std::vector<Hash> again;
  const consensus::NodeId leader = parts_.leader();
  for (auto& [key, pending] : pending_) {
    const bool elsewhere = pending.stage == Stage::forwarded && pending.forwarded_to != leader;
    if (pending.stage == Stage::adrift || elsewhere) again.push_back(key);
  }
  // Posted: roles change inside Raft.
  parts_.world.post([self = self_, again] {
    for (const Hash& key : again) {
      if (*self != nullptr && (*self)->pending_.contains(key)) (*self)->route(key);
    }
  });
}

void Admission::tick() {
  const std::uint64_t now = now_ms();
  const bool cut_off = parts_.cut_off();  // then nobody's patience is used up
  std::vector<Hash> adrift;
  std::vector<std::pair<SubmitDone, Error>> late;
  std::vector<Hash> abandoned;
  for (auto& [key, pending] : pending_) {
    std::erase_if(pending.waiters, [&, handed_over = pending.handed_over](Waiter& waiter) {
      if (waiter.deadline_ms > now && !cut_off) return false;
      late.emplace_back(std::move(waiter.done), handed_over ? Error::timed_out : Error::no_quorum);
      return true;
    });
    if (pending.waiters.empty()) {
      abandoned.push_back(key);
    } else if (pending.stage == Stage::adrift) {
      adrift.push_back(key);
    }
  }
  for (const Hash& key : abandoned) finish(key, passing(Error::timed_out));
  for (const auto& [done, error] : late) done(passing(error));
  for (const Hash& key : adrift) {
    if (pending_.contains(key)) route(key);
  }
}

}  // namespace hufu::node
