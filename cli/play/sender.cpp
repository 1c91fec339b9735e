#include "cli/play/sender.hpp"

#include "ledger/base/check.hpp"

namespace hufu::cli::play {
namespace {

SubjectKey life_of(const SubjectKey& subject) {
  if (subject.kind != SubjectKind::license) return subject;
  const Result<LicenseId> id = split_license_id(subject.id);
  return id ? SubjectKey{SubjectKind::lineage, id->lineage()} : subject;
}

}  // namespace

void Sender::add(Act act) {
  if (stopped_) return;
  std::set<SubjectKey> lives;
  for (const Operation& operation : act.operations) lives.insert(life_of(operation.subject));
  for (const SubjectKey& life : lives) {
    const auto holder = held_.find(life);
    if (holder == held_.end() || holder->second == act.agency) continue;
    const std::string other = holder->second;  // settling forgets it
    settle(other);
  }
  if (stopped_) return;
  const auto filled = filling_.find(act.agency);
  if (filled != filling_.end() &&
      filled->second.operations.size() + act.operations.size() > kOperationsPerSubmission) {
    send(act.agency);
  }
  Batch& batch = filling_[act.agency];
  batch.agency = act.agency;
  for (const SubjectKey& life : lives) held_[life] = act.agency;
  batch.lives.merge(lives);
  std::move(act.operations.begin(), act.operations.end(), std::back_inserter(batch.operations));
  if (act.document) batch.documents.push_back(std::move(*act.document));
}

void Sender::finish() {
  while (!filling_.empty() && !stopped_) send(filling_.begin()->first);
  while (!under_way_.empty() && !stopped_) receive();
}

// Until everything of this agency is answered.
void Sender::settle(const std::string& agency) {
  if (filling_.contains(agency)) send(agency);
  while (busy_.contains(agency) && !stopped_) receive();
}

void Sender::send(const std::string& agency) {
  while ((busy_.contains(agency) || carrier_.full()) && !stopped_) receive();
  if (stopped_) return;
  auto node = filling_.extract(agency);
  Batch batch = std::move(node.mapped());
  const std::uint64_t tag = next_tag_++;
  busy_.insert(agency);
  carrier_.push(tag, batch.agency, std::move(batch.operations));
  under_way_.emplace(tag, std::move(batch));
}

void Sender::receive() {
  Carrier::Answer answer = carrier_.next();
  auto node = under_way_.extract(answer.tag);
  HUFU_CHECK(!node.empty());
  const Batch& batch = node.mapped();
  busy_.erase(batch.agency);
  if (answer.trouble) {
    stopped_ = std::move(answer.trouble);
    return;
  }
  const auto refilled = filling_.find(batch.agency);
  for (const SubjectKey& life : batch.lives) {
    const bool again = refilled != filling_.end() && refilled->second.lives.contains(life);
    if (!again) held_.erase(life);
  }
  for (const Document& document : batch.documents) {
    if (const Try<void> given = handout_(document, answer.height); !given) {
      stopped_ = given.error();
      return;
    }
  }
}

}  // namespace hufu::cli::play
