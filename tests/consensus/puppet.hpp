// One Raft member among peers that only the test plays: it feeds their messages, sees what is sent, and decides when a disk
// step ends. For situations that a whole simulated cluster reaches only now and then.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "consensus/raft.hpp"
#include "consensus/wire.hpp"
#include "ledger/base/check.hpp"
#include "tests/consensus/sim/platter.hpp"

namespace hufu::consensus {

inline Entry command(std::uint64_t term, std::string_view text) {
  return {term, EntryKind::command, to_bytes(as_bytes(text))};
}

class Puppet final : public Env, public StateMachine {
 public:
  static constexpr std::uint64_t kGroup = 7;

  explicit Puppet(RaftOptions options = {}, std::size_t members = 3) : options_(std::move(options)) {
    options_.group = kGroup;
    options_.election_timeout_ms = 100;
    options_.heartbeat_ms = 20;
    for (NodeId id = 1; id <= members; ++id) members_.push_back({id, "n" + std::to_string(id)});
  }

  void start() {
    raft = std::make_unique<Raft>(1, options_, *this, platter, *this,
                                  [this](std::string_view what) { fatal = what; });
    const auto started = raft->start(members_);
    HUFU_CHECK(started);
  }
  void restart() {
    raft.reset();
    disk_steps.clear();
    start();
  }

  void feed(NodeId from, wire::Message message) {
    raft->deliver(from, wire::encode({kGroup, from, 1, std::move(message)}));
  }
  // An append whose entries live as long as this call.
  void append(NodeId from, std::uint64_t term, std::uint64_t prev_index, std::uint64_t prev_term,
              const std::vector<Entry>& entries, std::uint64_t commit = 0) {
    wire::Append body{term, prev_index, prev_term, commit, {}};
    for (const Entry& entry : entries) body.entries.push_back({entry.term, entry.kind, entry.data});
    feed(from, std::move(body));
  }

  void finish_disk() {
    while (!disk_steps.empty()) {
      const auto step = std::move(disk_steps.front());
      disk_steps.pop_front();
      step.first();
      step.second();
    }
  }
  void pass(std::uint64_t ms) {
    for (std::uint64_t i = 0; i < ms; i += 5) {
      now += 5;
      raft->tick();
    }
  }
  // Node 2 votes for this one, twice as pre-vote asks for.
  void win_election() {
    pass(250);
    const std::uint64_t asked = raft->term() + 1;
    feed(2, wire::Vote{asked, true, wire::PreVote::yes});
    HUFU_CHECK(raft->term() == asked);
    feed(2, wire::Vote{asked, true, wire::PreVote::no});
    HUFU_CHECK(raft->is_leader());
  }

  struct Sent {
    NodeId to;
    Bytes frame;
    // The views of an append stay valid: they refer to the frame kept here.
    wire::Message message() const { return wire::decode(frame)->message; }
  };
  template <class Body>
  std::vector<std::pair<NodeId, Body>> sent_of() const {
    std::vector<std::pair<NodeId, Body>> found;
    for (const Sent& one : sent) {
      const wire::Message message = one.message();
      if (const auto* body = std::get_if<Body>(&message)) found.emplace_back(one.to, *body);
    }
    return found;
  }

  // Env
  std::uint64_t now_ms() override { return now; }
  int random(int low, int /*high*/) override { return low; }
  bool send(NodeId to, Bytes frame) override {
    sent.push_back({to, std::move(frame)});
    return connected;
  }
  void disk(std::function<void()> work, std::function<void()> done) override {
    disk_steps.emplace_back(std::move(work), std::move(done));
  }

  // StateMachine
  std::function<void()> on_apply = [] {};
  void apply(std::uint64_t index, ByteSpan entry) override {
    on_apply();
    applied.emplace_back(index, std::string(as_text(entry)));
  }
  Bytes snapshot() override { return to_bytes(as_bytes("pointer")); }
  void restore(ByteSpan pointer) override { restored.emplace_back(as_text(pointer)); }
  bool ready_for(ByteSpan /*pointer*/) override {
    ++asked_ready;
    return bulk_here;
  }

  sim::Platter platter;
  std::uint64_t now = 1000;
  bool connected = true;
  bool bulk_here = true;
  int asked_ready = 0;
  std::vector<Sent> sent;
  std::deque<std::pair<std::function<void()>, std::function<void()>>> disk_steps;
  std::vector<std::pair<std::uint64_t, std::string>> applied;
  std::vector<std::string> restored;
  std::string fatal;
  std::unique_ptr<Raft> raft;

  const std::vector<Member>& members() const { return members_; }

 private:
  RaftOptions options_;
  std::vector<Member> members_;
};

}  // namespace hufu::consensus
