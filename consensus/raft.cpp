#include "consensus/raft.hpp"

#include <utility>

#include "consensus/engine/adapter.hpp"

namespace hufu::consensus {

Raft::Raft(NodeId self, RaftOptions options, Env& env, LogStore& store, StateMachine& machine,
           FatalHandler fatal)
    : adapter_(std::make_shared<Adapter>(self, std::move(options), env, store, machine, std::move(fatal))) {}
Raft::~Raft() { adapter_->stop(); }

Checked<void> Raft::start(std::span<const Member> members) { return adapter_->start(members); }
void Raft::stop() { adapter_->stop(); }
void Raft::tick() { adapter_->tick(); }
void Raft::deliver(NodeId from, Bytes frame) { adapter_->deliver(from, std::move(frame)); }
void Raft::bulk_ready() { adapter_->bulk_ready(); }
void Raft::propose(Bytes entry, ProposeCallback done) {
  adapter_->propose(std::move(entry), std::move(done));
}
void Raft::read_barrier(ReadCallback done) { adapter_->read_barrier(std::move(done)); }

bool Raft::is_leader() const { return adapter_->leads(); }
bool Raft::is_ready_leader() const { return adapter_->ready(); }
NodeId Raft::leader_hint() const { return adapter_->leader(); }
std::uint64_t Raft::term() const { return adapter_->term(); }
std::uint64_t Raft::applied_index() const { return adapter_->applied(); }
RaftStatus Raft::status() const { return adapter_->status(); }

}  // namespace hufu::consensus
