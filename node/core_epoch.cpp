// From one epoch into the next.
#include <algorithm>

#include "node/core.hpp"
#include "node/fault_of.hpp"
#include "node/promised.hpp"

namespace hufu::node {
namespace {

std::vector<consensus::Member> group_members(const RosterStanding& roster) {
  std::vector<consensus::Member> members;
  for (const Member& member : roster.members) {
    members.push_back({member.id, member.peer.host + ":" + std::to_string(member.peer.port)});
  }
  return members;
}

}  // namespace

consensus::Checked<void> Core::open() {
  if (auto rebuilt = replica_.start(); !rebuilt) return fault_of(rebuilt.error());
  if (auto entered = enter_epoch(); !entered) return fault_of(entered.error());
  if (auto opened = open_group(); !opened) return opened;
  if (auto attests = attestor_->start(); !attests) return fault_of(attests.error());
  admit_members();
  return {};
}

consensus::Checked<void> Core::start() {
  started_ = true;
  return start_group();
}

// E3, and what was promised of the ledger.
consensus::Checked<void> Core::check_group(const GroupLog& log, std::uint64_t epoch) const {
  const consensus::Mark mark = log.mark();
  if (auto promised = check_promised(mark, parts_.store); !promised) return promised;
  const auto begun = parts_.store.begun_epoch();
  if (!begun) return fault_of(begun.error());
  if (mark.hard.term == 0 && *begun >= epoch) {
    return consensus::Fault{
        Error::storage_rolled_back,
        "the Raft log of epoch " + std::to_string(epoch) +
            " is empty, but this node has taken part in it: the votes and the log of this node are lost"};
  }
  return {};
}

// E1. Nothing to open for who is no member.
consensus::Checked<void> Core::open_group() {
  if (find_member(*group_roster_, parts_.keys.member) == nullptr) return {};
  const std::uint64_t epoch = group_roster_->epoch;
  auto log = parts_.open_log(epoch);
  if (!log) return log.error();
  if (auto checked = check_group(**log, epoch); !checked) return checked;
  auto group = std::make_unique<Group>();
  group->epoch = epoch;
  group->log = std::move(*log);
  consensus::RaftOptions options = parts_.raft;
  options.group = epoch;
  if (led_before_) options.first_election_ms = 2 * options.heartbeat_ms;
  options.on_role_change = [this] {
    if (!group_) return;
    parts_.log.info("role", {{"leads", leads()},
                             {"ready", leads_ready()},
                             {"leader", leader()},
                             {"epoch", group_->epoch},
                             {"term", group_->raft->term()}});
    sequencer_->on_role_change();
    admission_->on_role_change();
  };
  group->raft = std::make_unique<consensus::Raft>(parts_.keys.member, std::move(options), parts_.env,
                                                  group->log->log(), replica_, parts_.fatal);
  group_ = std::move(group);
  return {};
}

consensus::Checked<void> Core::start_group() {
  replica_.enter(group_roster_->epoch);
  if (!group_) return {};
  if (auto begun = group_->raft->start(group_members(*group_roster_)); !begun) return begun;
  // The log is no longer empty, and nothing has been voted for yet: a crash on either side of this is no loss of votes.
  if (auto marked = parts_.store.mark_begun(group_->epoch); !marked) return fault_of(marked.error());
  return {};
}

// Called from inside Raft or the fetcher: what is left to do waits for the next turn.
void Core::roster_changed() {
  parts_.log.info("epoch over", {{"next", roster().epoch},
                                 {"block", replica_.head().height},
                                 {"members", std::uint64_t{roster().members.size()}}});
  // At once: no checkpoint beyond this block is signed for the roster that ended, nor for the next one before it.
  if (auto entered = enter_epoch(); !entered) return parts_.fatal(entered.error().detail);
  leave_group_later();
}

// E5. Its leader still tells the others what is committed, and they elect another one if it dies.
void Core::leave_group_later() {
  const bool stays = group_ && group_->epoch == group_roster_->epoch;
  if (changing_ || !started_ || stays) return;
  changing_ = true;
  parts_.world.post([self = self_] {
    if (*self != nullptr && !(*self)->stopped_) (*self)->next_epoch();
  });
}

// E2. The log of the old group is let go of behind the disk step that may still write to it.
void Core::next_epoch() {
  replica_.sync();
  if (replica_.dead()) return;
  led_before_ = leads();
  if (group_) group_->raft->stop();
  auto old = std::shared_ptr<Group>(std::move(group_));
  sequencer_->on_role_change();
  admission_->on_role_change();
  admit_members();
  parts_.env.disk([] {},
                  [self = self_, old]() mutable {
                    old.reset();
                    if (*self != nullptr && !(*self)->stopped_) (*self)->begin_epoch();
                  });
}

void Core::begin_epoch() {
  changing_ = false;
  if (auto opened = open_group(); !opened) return fatal(opened.error());
  if (auto begun = start_group(); !begun) return fatal(begun.error());
  parts_.log.info("epoch", {{"epoch", roster().epoch},
                            {"member", is_member()},
                            {"quorum", std::uint64_t{roster().quorum()}},
                            {"members", std::uint64_t{roster().members.size()}}});
}

// H1, X5: by what the ledger says, at start and whenever the roster or a handover has changed.
store::Checked<void> Core::enter_epoch() {
  const auto ended = ended_epochs(parts_.store, parts_.genesis);
  if (!ended) return ended.error();
  std::deque<Attestor::Ending> open;
  std::optional<std::uint64_t> wanted;
  for (const EndedEpoch& each : *ended) {
    const std::uint64_t epoch = each.roster.epoch;
    const auto kept = kept_handover(parts_.store, epoch);
    if (!kept) return kept.error();
    if (*kept || each.lost) continue;
    if (replica_.head().height == each.height) {
      if (auto drafted = draft_handover(parts_.store, replica_, epoch); !drafted) return drafted;
    }
    if (!wanted) wanted = epoch;
    open.push_back({std::make_shared<const RosterStanding>(each.roster), each.height + 1});
  }
  catch_up_->want_handover(wanted);
  group_roster_ = open.empty() ? std::make_shared<const RosterStanding>(roster()) : open.front().roster;
  attestor_->enter(roster(), ended->empty() ? 0 : ended->back().height + 1, std::move(open));
  return {};
}

void Core::handed_over() {
  parts_.log.info("handed over", {{"epoch", roster().epoch}});
  if (auto entered = enter_epoch(); !entered) return parts_.fatal(entered.error().detail);
  leave_group_later();
}

// E4
void Core::admit_members() {
  const auto ended = ended_epochs(parts_.store, parts_.genesis);
  if (!ended) return parts_.fatal(ended.error().detail);
  auto coming = candidates(parts_.store, roster());
  if (!coming) return parts_.fatal(coming.error().detail);
  std::vector<Member> all = roster().members;
  const auto add = [&](const Member& member) {
    const bool there = std::any_of(all.begin(), all.end(), [&](const Member& other) {
      return other.id == member.id || other.tls_key == member.tls_key;
    });
    if (!there) all.push_back(member);
  };
  if (!ended->empty()) {
    for (const Member& member : ended->back().roster.members) add(member);
  }
  coming_ = std::move(*coming);
  for (const Member& member : coming_) add(member);
  if (!is_member()) {
    for (const Member& member : parts_.told) add(member);
  }
  parts_.admit(all);
  std::vector<consensus::NodeId> others;
  for (const Member& member : all) {
    if (member.id != parts_.keys.member) others.push_back(member.id);
  }
  fetcher_->set_members(others);
  catch_up_->set_members(std::move(others));
}

}  // namespace hufu::node
