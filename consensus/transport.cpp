#include "consensus/transport.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "consensus/tls_identity.hpp"
#include "consensus/transport/dialler.hpp"
#include "consensus/transport/listener.hpp"
#include "ledger/base/check.hpp"

namespace hufu::consensus {

class Transport::Impl : public std::enable_shared_from_this<Transport::Impl> {
 public:
  Impl(boost::asio::io_context& io, const Seed& seed, std::vector<Peer> peers, TransportOptions options)
      : io_(io), seed_(seed), peers_(std::move(peers)), options_(std::move(options)) {
    std::erase_if(peers_, [&](const Peer& peer) { return peer.id == options_.self; });
  }

  void on_frame(FrameHandler handler) { handler_ = std::move(handler); }

  Checked<void> start() {
    HUFU_CHECK(handler_ && !listener_);
    const auto in_roster = [this](const PublicKey& key) {
      // Every entry is compared, so that the time taken tells nothing.
      bool found = false;
      for (const Peer& peer : peers_) found |= same_key(peer.tls_key, key);
      return found;
    };
    const auto context = make_tls_context(seed_, TlsSide::mutual, in_roster);
    if (!context) return no_tls();
    const auto on_member = [this](NodeId peer) {  // the listener calls it only until stop()
      for (auto& [slot, dialler] : diallers_) {
        if (slot.first == peer) dialler->hurry();
      }
    };
    listener_ = std::make_shared<Listener>(io_, peers_, options_, *context, handler_, on_member);
    if (auto listening = listener_->start(); !listening) return listening;
    for (const Peer& peer : peers_) {
      if (auto dialled = dial(peer); !dialled) return dialled;
    }
    return {};
  }

  Checked<void> set_peers(std::vector<Peer> peers) {
    std::erase_if(peers, [&](const Peer& peer) { return peer.id == options_.self; });
    const std::vector<Peer> before = std::exchange(peers_, std::move(peers));
    if (!listener_) return {};
    const auto in = [](const std::vector<Peer>& list, const Peer& peer) {
      return std::find(list.begin(), list.end(), peer) != list.end();
    };
    listener_->set_peers(peers_);
    for (const Peer& peer : before) {
      if (!in(peers_, peer)) hang_up(peer.id);
    }
    for (const Peer& peer : peers_) {
      if (in(before, peer)) continue;
      if (auto dialled = dial(peer); !dialled) return dialled;
    }
    return {};
  }

  void stop() {
    if (listener_) listener_->stop();
    for (auto& [slot, dialler] : diallers_) dialler->stop();
    diallers_.clear();
  }

  bool send(NodeId to, Channel channel, const Bytes& frame) {
    const auto dialler = diallers_.find({to, lane_of(channel)});
    const bool taken = dialler != diallers_.end() && dialler->second->send(channel, frame);
    if (!taken) ++frames_dropped_;
    return taken;
  }

  std::uint16_t port() const { return listener_ ? listener_->port() : 0; }

  TransportStatus status() const {
    TransportStatus status;
    status.handshakes_refused = handshakes_refused_;
    status.frames_dropped = frames_dropped_;
    if (!listener_) return status;
    status.unauthenticated = listener_->unauthenticated();
    status.handshakes_refused += listener_->handshakes_refused();
    status.frames_refused = listener_->frames_refused();
    for (const Peer& peer : peers_) {
      TransportStatus::PeerStatus one{peer.id, false, false, false, false, 0};
      one.raft_in = listener_->connected(peer.id, Lane::raft);
      one.app_in = listener_->connected(peer.id, Lane::app);
      for (const Lane lane : {Lane::raft, Lane::app}) {
        const auto dialler = diallers_.find({peer.id, lane});
        if (dialler == diallers_.end()) continue;
        (lane == Lane::raft ? one.raft_out : one.app_out) = dialler->second->up();
        one.queued_bytes += dialler->second->queued_bytes();
      }
      status.peers.push_back(one);
    }
    return status;
  }

 private:
  Fault no_tls() const {
    return {Error::tls_failed, "the TLS identity of node " + std::to_string(options_.self)};
  }

  void hang_up(NodeId peer) {
    for (const Lane lane : {Lane::raft, Lane::app}) {
      const auto dialler = diallers_.find({peer, lane});
      if (dialler == diallers_.end()) continue;
      dialler->second->stop();
      diallers_.erase(dialler);
    }
  }

  Checked<void> dial(const Peer& peer) {
    const auto is_peer = [key = peer.tls_key](const PublicKey& presented) {
      return same_key(key, presented);
    };
    const auto context = make_tls_context(seed_, TlsSide::mutual, is_peer);
    if (!context) return no_tls();
    for (const Lane lane : {Lane::raft, Lane::app}) {
      Dialler::Setup setup;
      setup.peer = peer;
      setup.hello = {options_.self, peer.id, lane, options_.network};
      setup.context = *context;
      setup.max_frames = options_.max_queued_frames;
      setup.max_bytes = lane == Lane::raft ? options_.max_queued_raft_bytes : options_.max_queued_app_bytes;
      setup.options = options_;
      setup.handshakes_refused = &handshakes_refused_;
      setup.keeps_counter = shared_from_this();
      const auto dialler = std::make_shared<Dialler>(io_, std::move(setup));
      diallers_[{peer.id, lane}] = dialler;
      dialler->start();
    }
    return {};
  }

  boost::asio::io_context& io_;
  const Seed seed_;
  std::vector<Peer> peers_;
  const TransportOptions options_;
  FrameHandler handler_;
  std::shared_ptr<Listener> listener_;
  std::map<std::pair<NodeId, Lane>, std::shared_ptr<Dialler>> diallers_;
  std::uint64_t handshakes_refused_ = 0;  // by diallers
  std::uint64_t frames_dropped_ = 0;
};

Transport::Transport(boost::asio::io_context& io, const Seed& tls_seed, std::vector<Peer> peers,
                     TransportOptions options)
    : impl_(std::make_shared<Impl>(io, tls_seed, std::move(peers), std::move(options))) {}
Transport::~Transport() { impl_->stop(); }

void Transport::on_frame(FrameHandler handler) { impl_->on_frame(std::move(handler)); }
Checked<void> Transport::set_peers(std::vector<Peer> peers) { return impl_->set_peers(std::move(peers)); }
Checked<void> Transport::start() { return impl_->start(); }
void Transport::stop() { impl_->stop(); }
bool Transport::send(NodeId to, Channel channel, Bytes frame) { return impl_->send(to, channel, frame); }
std::uint16_t Transport::port() const { return impl_->port(); }
TransportStatus Transport::status() const { return impl_->status(); }

}  // namespace hufu::consensus
