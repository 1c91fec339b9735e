#include "ledger/chain/staging.hpp"

#include <algorithm>
#include <numeric>

#include "ledger/base/hash_batch.hpp"

namespace hufu {

Staging::Staging(const StateReader& state, std::span<const Submission> submissions) : state_(state) {
  std::vector<SubjectKey> requests;
  requests.reserve(submissions.size());
  std::vector<const SubjectKey*> keys;
  for (const Submission& each : submissions) {
    keys.push_back(&requests.emplace_back(request_subject(each.header.agency, each.header.request_id)));
    for (const Operation& operation : each.operations) keys.push_back(&operation.subject);
  }
  EncodedBatch encodings;
  for (const SubjectKey* const key : keys) encodings.add(*key);  // SubjectKey::path()
  const std::vector<Hash> paths = encodings.finish();

  std::vector<std::uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return paths[a] < paths[b]; });
  numbers_.resize(keys.size());
  subjects_.reserve(keys.size());
  for (const std::uint32_t i : order) {
    if (subjects_.empty() || subjects_.back().path != paths[i]) subjects_.emplace_back(paths[i], *keys[i]);
    numbers_[i] = static_cast<std::uint32_t>(subjects_.size() - 1);
  }
}

void Staging::next(const Submission& submission, std::uint32_t index) {
  begin_ = end_;
  end_ += 1 + submission.operations.size();
  HUFU_CHECK(end_ <= numbers_.size());
  index_ = index;
}

Staging::Subject* Staging::find_known(const Hash& path) const {
  const auto named =
      std::lower_bound(subjects_.begin(), subjects_.end(), path,
                       [](const Subject& subject, const Hash& at) { return subject.path < at; });
  if (named != subjects_.end() && named->path == path) return &*named;
  const auto other = others_.find(path);
  return other == others_.end() ? nullptr : &other->second;
}

Staging::Subject& Staging::at(const SubjectKey& key) {
  const Hash path = key.path();
  Subject* const known = find_known(path);
  return known != nullptr ? *known : others_.try_emplace(path, path, key).first->second;
}

const Standing* Staging::find(Subject& subject) const {
  if (subject.staged) return subject.staged.get();
  if (!subject.read) {
    if (auto read = state_.find_under(subject.path, subject.key))
      subject.settled = std::make_unique<Standing>(std::move(*read));
    subject.read = true;
  }
  return subject.settled.get();
}

const Standing* Staging::find(const SubjectKey& key) const {
  const Hash path = key.path();
  if (Subject* const known = find_known(path)) return find(*known);
  auto read = state_.find_under(path, key);
  if (!read) return nullptr;  // as most lineages: not worth a place
  Subject& other = others_.try_emplace(path, path, key).first->second;
  other.settled = std::make_unique<Standing>(std::move(*read));
  other.read = true;
  return other.settled.get();
}

void Staging::stage(Subject& subject, Standing standing, std::optional<std::uint32_t> operation) {
  if (!subject.staged) staged_.push_back(&subject);
  subject.staged = std::make_unique<Standing>(std::move(standing));
  if (operation) subject.operations.emplace_back(index_, *operation);
}

void Staging::keep() {
  for (Subject* const subject : staged_) {
    subject->settled = std::move(subject->staged);
    subject->read = subject->changed = true;
  }
  staged_.clear();
}

void Staging::drop() {
  for (Subject* const subject : staged_) {
    subject->staged.reset();
    Change::Operations& operations = subject->operations;
    while (!operations.empty() && operations.back().first == index_) operations.pop_back();
  }
  staged_.clear();
}

Changes Staging::take_changes() {
  Changes::sequence_type changes;
  changes.reserve(subjects_.size() + others_.size());
  const auto take = [&changes](Subject& subject) {
    if (!subject.changed) return;
    changes.emplace_back(subject.path, Change{.key = std::move(subject.key),
                                              .standing = std::move(*subject.settled),
                                              .operations = std::move(subject.operations)});
  };
  auto other = others_.begin();
  for (Subject& subject : subjects_) {
    for (; other != others_.end() && other->first < subject.path; ++other) take(other->second);
    take(subject);
  }
  for (; other != others_.end(); ++other) take(other->second);
  Changes sorted;
  sorted.adopt_sequence(boost::container::ordered_unique_range, std::move(changes));
  return sorted;
}

}  // namespace hufu
