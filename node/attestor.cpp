#include "node/attestor.hpp"

#include <algorithm>

#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"
#include "node/fork_evidence.hpp"

namespace hufu::node {
namespace {

// X3. Another root of the same size is news, of the worst kind.
bool is_newer(const Attestation& next, const std::optional<Attestation>& known) {
  if (!known) return true;
  const Checkpoint& a = next.checkpoint;
  const Checkpoint& b = known->checkpoint;
  if (a.size != b.size) return a.size > b.size;
  return a.root != b.root || next.cosignature.time_s > known->cosignature.time_s;
}

std::vector<Cosignature> cosignatures_of(const std::vector<Attestation>& attestations) {
  std::vector<Cosignature> cosignatures;
  for (const Attestation& each : attestations) cosignatures.push_back(each.cosignature);
  return cosignatures;
}

// Z2: the latest moment at which, or later, a quorum has signed.
std::uint64_t quorum_time(const std::vector<Attestation>& attestations, std::size_t quorum) {
  std::vector<std::uint64_t> times;
  for (const Attestation& each : attestations) times.push_back(each.cosignature.time_s);
  std::sort(times.rbegin(), times.rend());
  return times.at(quorum - 1);
}

}  // namespace

CertifiedCheckpoint Certified::cosigned() const { return {checkpoint(), cosignatures_of(attestations)}; }

Attestor::Attestor(AttestorParts parts) : parts_(std::move(parts)), self_(std::make_shared<Attestor*>(this)) {
  parts_.metrics.gauge("hufu_certified_height", "Height of the newest block under a certified checkpoint.",
                       [this] { return certified_ ? static_cast<double>(certified_size() - 1) : -1.0; });
  parts_.metrics.gauge("hufu_certified_lag_blocks", "Blocks executed and not yet certified.",
                       [this] { return static_cast<double>(executed() - certified_size()); });
  parts_.metrics.gauge("hufu_certified_age_seconds",
                       "Since the quorum signed the newest certified checkpoint.", [this] {
                         const double now = static_cast<double>(parts_.wall_clock_ms()) / 1000;
                         return certified_ ? now - static_cast<double>(certified_->time_s) : -1.0;
                       });
}

Attestor::~Attestor() { *self_ = nullptr; }

void Attestor::enter(const RosterStanding& roster, std::uint64_t since, std::deque<Ending> endings) {
  since_ = since;
  roster_ = std::make_shared<const RosterStanding>(roster);
  endings_ = std::move(endings);
  RosterStanding known = roster;
  for (const Ending& ending : endings_) {
    for (const Member& member : ending.roster->members) {
      if (find_member(known, member.id) == nullptr) known.members.push_back(member);
    }
  }
  std::erase_if(peers_, [&](const auto& peer) { return find_member(known, peer.first) == nullptr; });
  for (const Member& member : known.members) {
    if (member.id != parts_.keys.member) peers_[member.id];
  }
  known_ = std::make_shared<const RosterStanding>(std::move(known));
  consider_later();
}

std::shared_ptr<const RosterStanding> Attestor::roster_for(std::uint64_t size) const {
  const auto ending = std::find_if(endings_.begin(), endings_.end(),
                                   [size](const Ending& each) { return size <= each.size; });
  if (ending != endings_.end()) return ending->roster;
  return size >= since_ ? roster_ : nullptr;
}

store::Checked<void> Attestor::start() {
  auto mark = parts_.store.signed_mark();
  if (!mark) return mark.error();
  mark_ = *mark;
  if (mark_ && mark_->size <= executed()) {
    const auto root = root_at(parts_.store, mark_->size);
    if (!root || *root != mark_->root) {
      return store::StoreFault{Error::storage_rolled_back,
                               "a log of " + std::to_string(mark_->size) + " blocks was signed with root " +
                                   short_hex(mark_->root) + ", but the one on disk has another; it holds " +
                                   std::to_string(executed()) + " blocks"};
    }
  }
  auto read_back = Frontier::load(parts_.store, mark_ ? std::min(mark_->size, executed()) : 0);
  if (!read_back) return store::StoreFault{read_back.error(), "the log of blocks cannot be read"};
  checked_ = std::move(*read_back);
  on_executed();
  return {};
}

void Attestor::on_executed() {
  const Frontier& log = parts_.replica.log_of_blocks();
  heads_.executed({.header = parts_.replica.head(),
                   .checkpoint = {.size = log.size(), .root = log.root()},
                   .state = parts_.replica.state()});
  if (uncertified_.size() < kWatchedBlocks) uncertified_.emplace_back(log.size(), StageClock::now());
  consider_later();
}

// ---- what peers signed ----

void Attestor::receive(std::uint64_t from, const Attestation& attestation) {
  const auto peer = peers_.find(from);
  if (stopped_ || peer == peers_.end()) return;
  if (attestation.cosignature.member != from) return refuse(from, "member");
  if (attestation.checkpoint.size == 0) return refuse(from, "size");
  if (!is_newer(attestation, peer->second.newest) || !is_newer(attestation, peer->second.waiting)) return;
  peer->second.waiting = attestation;
  if (!can_wait(attestation.checkpoint)) check_next(from);
}

// The quorum has signed the same, or will have as soon as what is under way has ended well.
bool Attestor::can_wait(const Checkpoint& checkpoint) const {
  const auto head = heads_.find(checkpoint.size);
  const auto roster = roster_for(checkpoint.size);
  if (!head || head->checkpoint != checkpoint || !roster) return false;
  if (checkpoint.size < certified_size()) return true;
  const auto is_sure = [&](const Member& member) {
    if (member.id == parts_.keys.member)
      return signing_ == checkpoint.size || (mine_ && mine_->checkpoint == checkpoint);
    const auto peer = peers_.find(member.id);
    if (peer == peers_.end()) return false;
    const auto& newest = peer->second.newest;
    return peer->second.checking == checkpoint || (newest && newest->checkpoint == checkpoint);
  };
  const auto sure = std::count_if(roster->members.begin(), roster->members.end(), is_sure);
  return static_cast<std::size_t>(sure) >= roster->quorum();
}

void Attestor::check_what_is_needed() {
  for (const auto& [member, peer] : peers_) {
    if (peer.waiting && !can_wait(peer.waiting->checkpoint)) check_next(member);
  }
}

void Attestor::check_what_waits() {
  for (const auto& [member, peer] : peers_) check_next(member);
}

void Attestor::check_next(std::uint64_t from) {
  const auto found = peers_.find(from);
  if (found == peers_.end()) return;
  Peer& peer = found->second;
  if (peer.waiting && !is_newer(*peer.waiting, peer.newest)) peer.waiting.reset();  // it came twice
  if (peer.checking || !peer.waiting) return;
  peer.checking = peer.waiting->checkpoint;
  parts_.work(
      [this_ = self_, &parts = parts_, known = known_, from, attestation = *std::exchange(peer.waiting, {})] {
        const bool valid = check_attestation(parts.ledger.origin, *known, attestation).has_value() ||
                           mutated("attestation_unchecked");
        parts.post([this_, from, attestation, valid] {
          if (*this_ != nullptr) (*this_)->checked(from, attestation, valid);
        });
      });
}

void Attestor::checked(std::uint64_t from, const Attestation& attestation, bool valid) {
  const auto found = peers_.find(from);
  if (found == peers_.end()) return;  // it has left the roster meanwhile
  Peer& peer = found->second;
  peer.checking.reset();
  if (!valid) {
    refuse(from, "signature");
  } else if (is_newer(attestation, peer.newest)) {
    if (mine_ && attestation.checkpoint == mine_->checkpoint && age_ms() >= kAnswerIdleMs) again_ = true;
    peer.newest = attestation;
    peer.verdict = Verdict::open;
    consider();
  }
  check_what_is_needed();
}

void Attestor::refuse(std::uint64_t from, std::string_view why) {
  parts_.metrics
      .counter("hufu_attestations_refused_total", "Attestations of peers that do not count.",
               {{"why", std::string(why)}})
      .add();
  parts_.log.warning("attestation refused", {{"peer", from}, {"why", std::string(why)}});
}

void Attestor::judge(std::uint64_t member, Peer& peer) {
  if (!peer.newest || peer.newest->checkpoint.size > executed()) return;
  if (peer.verdict == Verdict::open) {
    const auto root = root_at(parts_.store, peer.newest->checkpoint.size);
    if (!root) return parts_.fatal("the log of blocks cannot be read");
    peer.verdict = *root == peer.newest->checkpoint.root ? Verdict::ours : Verdict::differs;
  }
  // X4. Our own signature of that size first: without it the evidence has one side only.
  if (peer.verdict == Verdict::differs && mine_ && mine_->checkpoint.size >= peer.newest->checkpoint.size) {
    report_fork(member, peer);
  }
}

void Attestor::report_fork(std::uint64_t member, Peer& peer) {
  peer.verdict = Verdict::reported;
  refuse(member, "fork");
  const std::uint64_t size = peer.newest->checkpoint.size;
  // The quorum's word where there is one, else our own.
  const CertifiedCheckpoint ours = certified_size() >= size
                                       ? certified_->cosigned()
                                       : CertifiedCheckpoint{mine_->checkpoint, {mine_->cosignature}};
  std::string file = "none: there are enough";
  if (fork_files_ < kForkFiles) {
    ++fork_files_;
    const auto kept = keep_fork(parts_.evidence, parts_.ledger, parts_.store, ours, *peer.newest);
    file = kept ? *kept : "none: " + std::string(code_of(kept.error()));
  }
  parts_.log.error("fork: a member signed another history",
                   {{"member", member},
                    {"size", size},
                    {"root", short_hex(peer.newest->checkpoint.root)},
                    {"evidence", file}});
}

// ---- what is certified ----

// Our own attestation and those of the peers that are of this checkpoint and may be, by member.
std::vector<Attestation> Attestor::signed_alike(const Checkpoint& checkpoint) const {
  const auto roster = roster_for(checkpoint.size);
  std::vector<Attestation> alike;
  if (!roster) return alike;
  if (mine_ && mine_->checkpoint == checkpoint) alike.push_back(*mine_);
  for (const auto& [member, peer] : peers_) {
    if (peer.verdict == Verdict::ours && peer.newest->checkpoint == checkpoint) alike.push_back(*peer.newest);
  }
  std::erase_if(alike, [&](const Attestation& each) {
    return find_member(*roster, each.cosignature.member) == nullptr;
  });
  std::sort(alike.begin(), alike.end(), [](const Attestation& a, const Attestation& b) {
    return a.cosignature.member < b.cosignature.member;
  });
  return alike;
}

std::optional<CertifiedCheckpoint> Attestor::gathered() const {
  if (!mine_) return std::nullopt;
  return CertifiedCheckpoint{mine_->checkpoint, cosignatures_of(signed_alike(mine_->checkpoint))};
}

void Attestor::certify() {
  std::vector<Checkpoint> candidates;
  if (mine_) candidates.push_back(mine_->checkpoint);
  for (const auto& [member, peer] : peers_) {
    if (peer.verdict == Verdict::ours) candidates.push_back(peer.newest->checkpoint);
  }
  std::optional<Certified> best;
  for (const Checkpoint& candidate : candidates) {
    if (candidate.size < certified_size() || (best && candidate.size <= best->checkpoint().size)) continue;
    if (candidate.size > limit()) continue;  // X5
    std::vector<Attestation> alike = signed_alike(candidate);
    const auto roster = roster_for(candidate.size);
    if (!roster) continue;  // an epoch that is over and handed over
    const std::size_t quorum = roster->quorum() - (mutated("certified_one_less") ? 1 : 0);
    if (alike.size() < quorum) continue;
    const std::uint64_t time_s = quorum_time(alike, quorum);
    best = Certified{.roster = roster, .attestations = std::move(alike), .time_s = time_s};
  }
  if (!best) return;
  const bool larger = best->checkpoint().size > certified_size();
  const bool fresher =
      !larger &&
      (best->time_s > certified_->time_s ||
       (best->time_s == certified_->time_s && best->attestations.size() > certified_->attestations.size()));
  if (!larger && !fresher) return;  // X2
  certified_ = std::move(best);
  observe_certified();
  if (auto head = heads_.find(certified_size())) {
    provable_ = Provable{.head = *std::move(head),
                         .epoch = certified_->roster->epoch,
                         .cosignatures = cosignatures_of(certified_->attestations)};
  } else if (provable_ && provable_->head.checkpoint.size == certified_size()) {
    provable_->cosignatures = cosignatures_of(certified_->attestations);
  }
  if (certified_size() == limit()) parts_.handed_over();
  failpoint("attest.certified");
  parts_.certified();
}

void Attestor::observe_certified() {
  const auto now = StageClock::now();
  while (!uncertified_.empty() && uncertified_.front().first <= certified_size()) {
    parts_.metrics
        .histogram("hufu_certify_seconds", "From a block's execution to its quorum of cosignatures.",
                   kStageBounds)
        .observe(seconds_between(uncertified_.front().second, now));
    uncertified_.pop_front();
  }
}

// ---- what is signed ----

void Attestor::consider_later() {
  if (posted_) return;
  posted_ = true;
  parts_.post([this_ = self_] {
    if (*this_ == nullptr) return;
    (*this_)->posted_ = false;
    (*this_)->consider();
  });
}

void Attestor::consider() {
  if (stopped_ || parts_.replica.dead() || !reached_mark()) return;
  for (auto& [member, peer] : peers_) judge(member, peer);
  certify();
  if (ordered_) return;
  if (const auto size = next_size()) order(*size);
}

// X1
bool Attestor::reached_mark() {
  if (mark_reached_ || !mark_) return true;
  if (executed() < mark_->size) return false;
  const auto root = root_at(parts_.store, mark_->size);
  if (!root || *root != mark_->root) {
    stopped_ = true;
    parts_.fatal("a log of " + std::to_string(mark_->size) + " blocks was signed with root " +
                 short_hex(mark_->root) + ", and what Raft replayed gives another");
    return false;
  }
  return mark_reached_ = true;
}

std::uint64_t Attestor::age_ms() const {
  const std::uint64_t now = parts_.wall_clock_ms();
  return now >= signed_ms_ ? now - signed_ms_ : kIdleMs;  // the clock was put back: sign by the new one
}

// X5
std::optional<std::uint64_t> Attestor::next_size() const {
  auto size = wanted_size();
  if (size) size = std::min(*size, limit());
  // Below what was signed: only after an ending that another run has passed already.
  if (!size || *size < signed_size()) return std::nullopt;
  if (*size == signed_size() && mine_ && !again_ && age_ms() < kIdleMs) return std::nullopt;
  const auto roster = roster_for(*size);
  if (!roster || find_member(*roster, parts_.keys.member) == nullptr) return std::nullopt;
  return size;
}

std::optional<std::uint64_t> Attestor::wanted_size() const {
  const std::uint64_t ours = signed_size();
  std::uint64_t followed = 0;
  for (const auto& [member, peer] : peers_) {
    const bool known = peer.verdict == Verdict::ours || peer.verdict == Verdict::differs;
    if (known && peer.newest->checkpoint.size > ours)
      followed = std::max(followed, peer.newest->checkpoint.size);
  }
  if (followed > 0) return followed;
  if (!mine_) return executed();
  if (executed() > ours && (certified_size() >= ours || age_ms() >= kStalledMs)) return executed();
  if (again_ || age_ms() >= kIdleMs) return ours;
  return std::nullopt;
}

void Attestor::order(std::uint64_t size) {
  ordered_ = true;
  // What was read back on the way to a larger size is signed rather than one below it.
  const std::uint64_t wanted = std::max(size, checked_.size());
  const std::uint64_t until = std::min(wanted, checked_.size() + kBlocksAtOnce);
  const std::uint64_t now_ms = parts_.wall_clock_ms();
  AttestOrder order{.checked = std::move(checked_), .until = until, .expected = {}, .sign_at_s = {}};
  if (const auto head = heads_.find(until)) order.expected = head->checkpoint.root;
  if (until == wanted) {
    again_ = false;
    order.sign_at_s = now_ms / 1000;
    signing_ = until;
  }
  parts_.work([this_ = self_, &parts = parts_, now_ms, order = std::move(order)]() mutable {
    auto report = std::make_shared<AttestReport>(carry_out(parts.store, parts.keys, std::move(order)));
    parts.post([this_, report, now_ms] {
      if (*this_ != nullptr) (*this_)->carried_out(std::move(*report), now_ms);
    });
  });
}

void Attestor::carried_out(AttestReport report, std::uint64_t ordered_ms) {
  ordered_ = false;
  signing_ = 0;
  checked_ = std::move(report.checked);
  if (!report.damage.empty()) {
    stopped_ = true;
    return parts_.fatal(report.damage);
  }
  if (stopped_) return;
  if (report.attestation) {
    mine_ = std::move(report.attestation);
    signed_ms_ = ordered_ms;
    heads_.was_signed(mine_->checkpoint.size);
    send_to_all();
  }
  consider();
  check_what_is_needed();
}

void Attestor::send_to_all() {
  sent_ms_ = parts_.wall_clock_ms();
  failpoint("attest.before_send");
  for (const auto& [member, peer] : peers_) parts_.send(member, *mine_);
  failpoint("attest.after_send");
}

void Attestor::tick() {
  if (stopped_) return;
  check_what_waits();
  consider();
  const std::uint64_t now = parts_.wall_clock_ms();
  const bool due = now < sent_ms_ || now - sent_ms_ >= kRepeatMs;
  if (mine_ && certified_size() < mine_->checkpoint.size && due) send_to_all();
}

}  // namespace hufu::node
