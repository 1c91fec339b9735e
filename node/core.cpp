#include "node/core.hpp"

#include <algorithm>

namespace hufu::node {
namespace {

// Two generations of the leaves of verified submissions, 64 bytes or so each.
constexpr std::size_t kRememberedSignatures = 65'536;
// For a peer's own newest attestation, which comes at once or not at all.
constexpr std::chrono::milliseconds kAttestationWait{2000};
// The longest a peer may make us hold its question.
constexpr std::chrono::milliseconds kPeerWait{60'000};

}  // namespace

Core::Core(CoreParts parts)
    : parts_(std::move(parts)),
      signatures_(kRememberedSignatures),
      peers_(parts_.world, parts_.send),
      replica_(ReplicaParts{.store = parts_.store,
                            .ledger = parts_.ledger,
                            .signatures = signatures_,
                            .metrics = parts_.metrics,
                            .log = parts_.log,
                            .fatal = parts_.fatal}),
      self_(std::make_shared<Core*>(this)) {
  assemble();
  assemble_admission();
  assemble_attestor();
  wire_up();
}

Core::~Core() { *self_ = nullptr; }

void Core::assemble() {
  fetcher_ = std::make_unique<Fetcher>(FetchParts{.world = parts_.world,
                                                  .peers = peers_,
                                                  .replica = replica_,
                                                  .members = {},
                                                  .log = parts_.log,
                                                  .metrics = parts_.metrics,
                                                  .arrived =
                                                      [this] {
                                                        if (group_) group_->raft->bulk_ready();
                                                      },
                                                  .fatal = parts_.fatal});
  // Two election timeouts without a leader are no election any more.
  const std::uint64_t patience = 2ULL * parts_.raft.election_timeout_ms;
  catch_up_ = std::make_unique<CatchUp>(
      CatchUpParts{.world = parts_.world,
                   .peers = peers_,
                   .replica = replica_,
                   .fetcher = *fetcher_,
                   .store = parts_.store,
                   .genesis = parts_.genesis,
                   .ledger = parts_.ledger,
                   .log = parts_.log,
                   .lost =
                       [this, patience] {
                         const bool waited = parts_.world.now_ms() > leaderless_ms_ + patience;
                         return !group_ || (leader() == 0 && leaderless_ms_ != 0 && waited);
                       },
                   .handed_over =
                       [this](std::uint64_t epoch) {
                         if (epoch < roster().epoch) handed_over();
                       },
                   .fatal = parts_.fatal});
}

void Core::assemble_admission() {
  sequencer_ = std::make_unique<Sequencer>(
      SequencerParts{.ready = [this] { return leads_ready(); },
                     .propose =
                         [this](Bytes entry, consensus::ProposeCallback done) {
                           if (!group_) return done({consensus::Outcome::Kind::not_leader, 0});
                           group_->raft->propose(std::move(entry), std::move(done));
                         },
                     .head = [this]() -> const BlockHeader& { return replica_.head(); },
                     .head_hash = [this]() -> const Hash& { return replica_.head_hash(); },
                     .wall_clock_ms = [this] { return parts_.world.wall_clock_ms(); },
                     .post = [this](std::function<void()> turn) { parts_.world.post(std::move(turn)); },
                     .lost = [this](const Hash& id) { admission_->on_lost(id); },
                     .metrics = parts_.metrics,
                     .limits = parts_.sequencer});
  admission_ = std::make_unique<Admission>(
      AdmissionParts{.world = parts_.world,
                     .store = parts_.store,
                     .ledger = parts_.ledger,
                     .replica = replica_,
                     .sequencer = *sequencer_,
                     .peers = peers_,
                     .signatures = signatures_,
                     .metrics = parts_.metrics,
                     .log = parts_.log,
                     .self = parts_.keys.member,
                     .leads = [this] { return leads_ready(); },
                     .leader = [this] { return leader(); },
                     .read_barrier = [this](consensus::ReadCallback done) { read_barrier(std::move(done)); },
                     .disk_full = parts_.disk_full,
                     .cut_off = [this] { return raft_status().disk_stalled && leader() == 0; },
                     .fatal = parts_.fatal,
                     .refused = parts_.refused,
                     .limits = parts_.admission,
                     .rates = parts_.rates});
}

void Core::assemble_attestor() {
  attestor_ = std::make_unique<Attestor>(AttestorParts{
      .store = parts_.store,
      .replica = replica_,
      .ledger = parts_.ledger,
      .keys = parts_.keys,
      .evidence = parts_.evidence,
      .send =
          [this](consensus::NodeId to, const Attestation& newest) {
            peers_.ask(to, peer::AttestationRequest{newest}, kAttestationWait,
                       [this, to](Result<peer::Response> response) {
                         const auto* attested =
                             response ? std::get_if<peer::AttestedResponse>(&*response) : nullptr;
                         if (attested != nullptr && attested->attestation) {
                           attestor_->receive(to, *attested->attestation);
                         }
                       });
          },
      .work = [this](std::function<void()> piece) { parts_.world.work(std::move(piece)); },
      .post = [this](std::function<void()> turn) { parts_.world.post(std::move(turn)); },
      .wall_clock_ms = [this] { return parts_.world.wall_clock_ms(); },
      .certified = parts_.certified,
      .handed_over =
          [this] {
            const auto& certified = attestor_->certified();
            const std::uint64_t epoch = certified->roster->epoch;
            const auto kept = complete_handover(parts_.store, epoch, certified->cosigned().cosignatures);
            if (!kept) return parts_.fatal(kept.error().detail);
            handed_over();
          },
      .metrics = parts_.metrics,
      .log = parts_.log,
      .fatal = parts_.fatal});
}

// Who is told what.
void Core::wire_up() {
  replica_.on_applied([this](const ProposalResult& result) {
    sequencer_->on_applied(result.ids, replica_.apply_began());
    admission_->on_applied(result);
    if (result.block == nullptr) return;
    attestor_->on_executed();
    const bool proposes = std::any_of(
        result.block->submissions.begin(), result.block->submissions.end(), [](const Submission& each) {
          return std::any_of(each.operations.begin(), each.operations.end(), [](const Operation& operation) {
            return std::holds_alternative<Propose>(operation.payload) &&
                   std::holds_alternative<RosterEntry>(std::get<Propose>(operation.payload).decision.body);
          });
        });
    if (proposes) admit_members();
  });
  replica_.on_durable([this](std::uint64_t height, const Hash& head) {
    if (!group_) return;
    if (auto marked = group_->log->made_durable({height, head}); !marked) fatal(marked.error());
  });
  replica_.on_behind([this](const Pointer& pointer) { fetcher_->go(pointer); });
  replica_.on_roster([this] { roster_changed(); });
  peers_.on_request([this](consensus::NodeId from, peer::Request request, Peers::Reply reply) {
    answer_peer(from, std::move(request), std::move(reply));
  });
}

void Core::read_barrier(consensus::ReadCallback done) {
  if (!in_force()) return done(false);
  group_->raft->read_barrier(std::move(done));
}

consensus::RaftStatus Core::raft_status() const {
  return group_ ? group_->raft->status() : consensus::RaftStatus{};
}

void Core::deliver(consensus::NodeId from, consensus::Channel channel, Bytes frame) {
  if (stopped_) return;
  if (channel != consensus::Channel::raft) return peers_.deliver(from, channel, std::move(frame));
  if (const auto group = consensus::wire::group_of(frame); group && *group > roster().epoch)
    catch_up_->hint(*group);
  if (group_) group_->raft->deliver(from, std::move(frame));
}

void Core::answer_peer(consensus::NodeId from, peer::Request request, Peers::Reply reply) {
  if (auto* submit = std::get_if<peer::SubmitRequest>(&request)) {
    const auto wait =
        std::min<std::chrono::milliseconds>(kPeerWait, std::chrono::milliseconds(submit->wait_ms));
    return admission_->submit_for_peer(
        std::move(submit->submission), wait, [reply = std::move(reply)](api::Submitted submitted) {
          if (auto* accepted = std::get_if<api::Accepted>(&submitted)) {
            return reply(peer::AcceptedResponse{std::move(*accepted)});
          }
          reply(peer::RefusedResponse{{std::get<api::Refusal>(std::move(submitted)), {}}});
        });
  }
  if (const auto* attestation = std::get_if<peer::AttestationRequest>(&request)) {
    attestor_->receive(from, attestation->attestation);
    return reply(peer::AttestedResponse{attestor_->newest()});
  }
  if (std::holds_alternative<peer::StatusRequest>(request)) {
    return reply(peer::StatusResponse{parts_.status()});
  }
  if (const auto* headers = std::get_if<peer::HeadersRequest>(&request)) {
    return reply(answer_headers(parts_.store, *headers));
  }
  if (const auto* way = std::get_if<peer::WayRequest>(&request)) {
    const auto& certified = attestor_->certified();
    return reply(answer_way(parts_.store, *way, certified ? certified->roster.get() : nullptr,
                            certified ? std::optional(certified->cosigned()) : std::nullopt));
  }
  reply(answer_blocks(parts_.store, std::get<peer::BlocksRequest>(request)));
}

void Core::raft_tick() {
  if (group_) group_->raft->tick();
}

void Core::tick() {
  if (const auto failure = parts_.store.failure()) return parts_.fatal(failure->detail);
  if (leader() != 0) {
    leaderless_ms_ = 0;
  } else if (leaderless_ms_ == 0) {
    leaderless_ms_ = parts_.world.now_ms();
  }
  admission_->tick();
  attestor_->tick();
  catch_up_->tick();
}

consensus::Checked<void> Core::sync_marks() {
  if (!group_) return {};
  return group_->log->sync();
}

void Core::stop() {
  if (stopped_) return;
  stopped_ = true;
  admission_->stop();
  attestor_->stop();
  fetcher_->stop();
  catch_up_->stop();
  if (group_) group_->raft->stop();
  peers_.stop();
}

consensus::Checked<void> Core::sync() {
  replica_.sync();
  return sync_marks();
}

}  // namespace hufu::node
