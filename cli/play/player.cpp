#include "cli/play/player.hpp"

#include <algorithm>

namespace hufu::cli::play {
namespace {

bool meets_lock(const Event& event, const RecordFault& fault) {
  return event.kind == EventKind::inv_claim && fault.error == Error::inv_red_locked;
}

}  // namespace

std::optional<RecordFault> Player::attempt(const Event& event, CivilDay day) {
  Preparing<Act> act = act_of(event, day, known_);
  if (!act) return act.error();
  if (!act->operations.empty()) {
    const Result<void> lawful = mirror_.append(act->agency, act->operations);
    if (!lawful) return RecordFault{.error = lawful.error(), .why = std::string(describe(lawful.error()).en)};
  }
  accept(event, *act);
  if (!act->operations.empty()) sink_(std::move(*act));
  return std::nullopt;
}

void Player::accept(const Event& event, const Act& act) {
  PlayCounts& counts = counts_of(event.subject.kind);
  ++counts.accepted;
  if (act.operations.empty()) ++counts.derived;
}

void Player::play(const Event& event, const std::string& file, std::size_t line) {
  ++counts_of(event.subject.kind).total;
  Entry entry{.event = event, .file = file, .line = line};
  if (!event.day) return tell(entry, {.error = Error::field_missing, .why = "at: the event has no day"});
  const auto waiting = waiting_.find(event.life());
  const std::optional<RecordFault> fault = attempt(event, *event.day);
  if (waiting != waiting_.end()) {
    if (fault) {
      waiting->second.push_back(std::move(entry));
      return;
    }
    again(waiting->second, *event.day);
    if (waiting->second.empty()) waiting_.erase(waiting);
    return;
  }
  if (!fault) return;
  if (!meets_lock(event, *fault)) return tell(entry, *fault);
  waiting_[event.life()].push_back(std::move(entry));
}

// In order, as far as the law goes along.
void Player::again(Waiting& waiting, CivilDay day) {
  while (!waiting.empty()) {
    const Event& event = waiting.front().event;
    if (attempt(event, std::max(day, *event.day))) return;
    ++counts_of(event.subject.kind).deferred;
    waiting.pop_front();
  }
}

CivilDay Player::end_of_lock(const SubjectKey& invoice, CivilDay otherwise) const {
  const Standing* const standing = mirror_.standing(invoice);
  const auto* const detail = standing == nullptr ? nullptr : std::get_if<InvoiceStanding>(&standing->detail);
  if (detail == nullptr || !detail->request || detail->request->confirmed) return otherwise;
  return std::max(otherwise, detail->request->day + kRedRequestDays);
}

void Player::finish() {
  for (auto& [life, waiting] : waiting_) {
    again(waiting, end_of_lock(life, *waiting.front().event.day));
    for (const Entry& entry : waiting) {
      const std::optional<RecordFault> fault = attempt(entry.event, *entry.event.day);
      if (fault) tell(entry, *fault);
    }
  }
  waiting_.clear();
}

void Player::tell(const Entry& entry, const RecordFault& fault) {
  ++counts_of(entry.event.subject.kind).refused;
  refused_.push_back({.file = entry.file,
                      .line = entry.line,
                      .event = std::string(name_of(entry.event.kind)),
                      .subject = entry.event.subject,
                      .error = fault.error,
                      .why = fault.why});
}

void Player::refuse(RefusedEvent refused) {
  PlayCounts& counts = counts_of(refused.subject.kind);
  ++counts.total;
  ++counts.refused;
  refused_.push_back(std::move(refused));
}

}  // namespace hufu::cli::play
