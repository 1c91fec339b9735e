// The standings that a proposal touches, as they are while it is executed: the submission at hand over those before it over
// the state. The working memory of execute.cpp. Pure.
//
// The subjects that requests and operations name are known before the first is judged. They lie side by side in the order of
// their paths: an operation has the number of its own, everybody else searches. No table is addressed by the bits of a path:
// agencies choose their ids, and could grind them until all fall into one place of a table. Sorting does not mind.
//
// Invariants
//   T1  what the submission at hand stages is kept whole or dropped whole (X1)
//   T2  a standing that was found stays what and where it is until the submission is kept or dropped; one that this very
//       submission staged, until it stages the subject again
#pragma once

#include <map>
#include <memory>
#include <span>

#include "ledger/chain/execute.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu {

class Staging final : public rules::Surroundings {
 public:
  struct Subject {
    Subject(const Hash& at, const SubjectKey& named) : path(at), key(named) {}

    Hash path;
    SubjectKey key;
    bool read = false;                  // `settled` is known
    bool changed = false;               // by a submission that was kept
    std::unique_ptr<Standing> settled;  // as the state gives it, or the last submission that was kept
    std::unique_ptr<Standing> staged;   // by the submission at hand
    Change::Operations operations;
  };

  // `submissions`: all that will be at hand.
  Staging(const StateReader& state, std::span<const Submission> submissions);

  // The next of them is at hand; `index` is its own in the block, if it is included.
  void next(const Submission& submission, std::uint32_t index);
  void keep();
  void drop();

  // Subjects of the submission at hand: of its request, and of one of its operations.
  Subject& request() { return subjects_[numbers_[begin_]]; }
  Subject& own(std::uint32_t operation) { return subjects_[numbers_[begin_ + 1 + operation]]; }
  Subject& at(const SubjectKey& key);

  // nullptr: it has no standing. T2.
  const Standing* find(Subject& subject) const;  // of this staging
  const Standing* find(const SubjectKey& key) const override;
  // `operation`: the one that leads to it, if one of the subject's own does.
  void stage(Subject& subject, Standing standing, std::optional<std::uint32_t> operation);

  // Of all that was kept. The last that is asked.
  Changes take_changes();

 private:
  Subject* find_known(const Hash& path) const;

  const StateReader& state_;
  // Whoever asks for a standing may be the first: then it is read.
  mutable std::vector<Subject> subjects_;   // that submissions name, by path
  mutable std::map<Hash, Subject> others_;  // that were asked for besides
  // In subjects_; for each submission that of its request, then those of its operations.
  std::vector<std::uint32_t> numbers_;
  std::size_t begin_ = 0;  // in numbers_: the submission at hand
  std::size_t end_ = 0;
  std::uint32_t index_ = 0;  // in the block
  std::vector<Subject*> staged_;
};

}  // namespace hufu
