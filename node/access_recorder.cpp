#include "node/access_recorder.hpp"

#include <algorithm>

#include "node/api/wire.hpp"
#include "node/metrics.hpp"

namespace hufu::node {

// One piece of work: what goes to the disk, then what is read from it.
struct AccessRecorder::Batch {
  std::vector<AccessRecord> records;
  std::vector<Waiting> traces;  // the first records are theirs
  std::deque<Reading> reads;
  std::uint64_t time_ms = 0;

  std::optional<consensus::Checked<std::vector<SignedEntry>>> written;
  std::vector<consensus::Checked<AccessPage>> pages;
};

AccessRecorder::AccessRecorder(RecorderParts parts)
    : parts_(std::move(parts)),
      counting_since_ms_(parts_.wall_clock_ms()),
      self_(std::make_shared<AccessRecorder*>(this)) {
  parts_.metrics.gauge("hufu_access_log_waiting", "Traces on their way to the access log.",
                       [this] { return static_cast<double>(waiting_.size()); });
}

AccessRecorder::~AccessRecorder() { *self_ = nullptr; }

void AccessRecorder::forget_old(std::uint64_t now_ms) {
  while (!by_age_.empty() && by_age_.front().first + 2 * kClockDifferenceMs < now_ms) {
    remembered_.erase(by_age_.front().second);
    by_age_.pop_front();
  }
}

void AccessRecorder::record(SignedTrace trace, Done<SignedEntry> done) {
  if (stopped_) return done(Error::ledger_unavailable);
  if (const Result<void> checked = check_trace(parts_.genesis, trace); !checked) return done(checked.error());
  const std::uint64_t now = parts_.wall_clock_ms();
  const std::uint64_t time = trace.trace.time_ms;
  if (std::max(now, time) - std::min(now, time) > kClockDifferenceMs) return done(Error::field_invalid);
  forget_old(now);
  if (const auto known = remembered_.find(trace.trace.id); known != remembered_.end()) {
    if (!known->second.seq) return done(Error::overloaded);  // it comes again
    return read(*known->second.seq, 1, [trace, done = std::move(done)](Result<AccessPage> page) {
      if (!page) return done(page.error());
      const auto* written = std::get_if<SignedTrace>(&page->entries.front().entry.record);
      if (written == nullptr || *written != trace) return done(Error::request_id_reused);
      done(page->entries.front());
    });
  }
  if (waiting_.size() >= kMaxWaiting || remembered_.size() >= kMaxRemembered) return done(Error::overloaded);
  remembered_.emplace(trace.trace.id, Remembered{.time_ms = now, .seq = std::nullopt});
  by_age_.emplace_back(now, trace.trace.id);
  waiting_.push_back({std::move(trace), std::move(done)});
  go();
}

void AccessRecorder::read(std::uint64_t from, std::size_t limit, Done<AccessPage> done) {
  if (stopped_) return done(Error::ledger_unavailable);
  if (reading_.size() >= kMaxWaiting) return done(Error::overloaded);
  // Who reads wants to see what was refused up to now.
  const std::uint64_t now = parts_.wall_clock_ms();
  if (tallied_.empty() && from == 0 && now >= counting_since_ms_ + kReadTallyMs) take_tallies(now);
  reading_.push_back({from, limit, std::move(done)});
  go();
}

void AccessRecorder::refused(const std::string& agency, const api::Refusal& refusal) {
  if (api::is_passing(refusal.error)) return;  // says nothing of what was asked
  const auto count = [&](Error error) {
    const auto key = std::make_pair(agency, error);
    if (counted_.size() < kMaxTallies || counted_.contains(key)) ++counted_[key];
  };
  for (const api::OperationFault& fault : refusal.faults) count(fault.error);
  if (refusal.faults.empty()) count(refusal.error);
}

void AccessRecorder::take_tallies(std::uint64_t now_ms) {
  for (const auto& [what, count] : counted_) {
    tallied_.push_back({.from_ms = counting_since_ms_,
                        .to_ms = now_ms,
                        .agency = what.first,
                        .error = static_cast<std::uint16_t>(what.second),
                        .count = count});
  }
  counted_.clear();
  counting_since_ms_ = now_ms;
}

void AccessRecorder::tick() {
  const std::uint64_t now = parts_.wall_clock_ms();
  const bool due = now >= counting_since_ms_ + kTallyMs || now < counting_since_ms_;
  if (stopped_ || !due || !tallied_.empty()) return;
  take_tallies(now);
  go();
}

void AccessRecorder::go() {
  if (busy_ || (waiting_.empty() && tallied_.empty() && reading_.empty())) return;
  auto batch = std::make_shared<Batch>();
  batch->time_ms = parts_.wall_clock_ms();
  for (; !waiting_.empty() && batch->records.size() < AccessLog::kBatchEntries; waiting_.pop_front()) {
    batch->records.emplace_back(waiting_.front().trace);
    batch->traces.push_back(std::move(waiting_.front()));
  }
  for (; !tallied_.empty() && batch->records.size() < AccessLog::kBatchEntries; tallied_.pop_front())
    batch->records.emplace_back(std::move(tallied_.front()));
  batch->reads.swap(reading_);
  busy_ = true;
  parts_.work([&log = parts_.log, post = parts_.post, self = self_, batch] {
    if (!batch->records.empty()) batch->written = log.append(std::move(batch->records), batch->time_ms);
    for (const Reading& read : batch->reads) batch->pages.push_back(log.read(read.from, read.limit));
    post([self, batch] {
      if (*self != nullptr) (*self)->done(*batch);
    });
  });
}

void AccessRecorder::done(Batch& batch) {
  busy_ = false;
  const auto broken = [this](const consensus::Fault& fault) {
    if (fault.error != Error::overloaded) parts_.fatal(fault.detail);
    return fault.error == Error::overloaded ? Error::overloaded : Error::ledger_unavailable;
  };
  const std::uint64_t count = batch.traces.size();
  parts_.metrics.counter("hufu_traces_total", "Traces of use that were written down.")
      .add(batch.written && *batch.written ? count : 0);
  for (std::size_t i = 0; i < batch.traces.size(); ++i) {
    Waiting& waiting = batch.traces[i];
    if (!*batch.written) {
      remembered_.erase(waiting.trace.trace.id);
      waiting.done(broken(batch.written->error()));
      continue;
    }
    SignedEntry& entry = (**batch.written)[i];
    const auto known = remembered_.find(waiting.trace.trace.id);
    if (known != remembered_.end()) known->second.seq = entry.entry.seq;
    waiting.done(std::move(entry));
  }
  if (batch.traces.empty() && batch.written && !*batch.written) broken(batch.written->error());
  for (std::size_t i = 0; i < batch.reads.size(); ++i) {
    auto& page = batch.pages[i];
    page ? batch.reads[i].done(std::move(*page)) : batch.reads[i].done(broken(page.error()));
  }
  go();
}

void AccessRecorder::stop() {
  if (stopped_) return;
  take_tallies(parts_.wall_clock_ms());
  stopped_ = true;
  auto waiting = std::move(waiting_);
  auto reading = std::move(reading_);
  waiting_.clear();
  reading_.clear();
  for (Waiting& each : waiting) each.done(Error::ledger_unavailable);
  for (Reading& each : reading) each.done(Error::ledger_unavailable);
  // Nothing comes back from here: a log that cannot be written any more loses these tallies, as a crash would.
  parts_.work([&log = parts_.log, tallies = std::move(tallied_), now = parts_.wall_clock_ms()] {
    for (std::size_t at = 0; at < tallies.size(); at += AccessLog::kBatchEntries) {
      const std::size_t end = std::min(tallies.size(), at + AccessLog::kBatchEntries);
      std::vector<AccessRecord> records(tallies.begin() + static_cast<std::ptrdiff_t>(at),
                                        tallies.begin() + static_cast<std::ptrdiff_t>(end));
      if (!log.append(std::move(records), now)) return;
    }
  });
  tallied_.clear();
}

}  // namespace hufu::node
