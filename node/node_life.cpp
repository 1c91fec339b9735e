// Starting, running and stopping a node.
#include <boost/asio/post.hpp>

#include "node/node.hpp"

namespace hufu::node {

consensus::Checked<void> Node::start() {
  disk_watch_->tick();  // a full disk is known before the first client is
  if (auto listening = transport_->start(); !listening) return listening.error();
  if (auto started = core_->start(); !started) return started.error();
  raft_ticker_->start();
  node_ticker_->start();
  sync_ticker_->start();
  if (setup_.frontend) {
    if (auto served = setup_.frontend->start(*service_, loop_); !served) {
      return consensus::Fault{Error::config_invalid, served.error()};
    }
  }
  log_.info("started", {{"id", self_.id},
                        {"origin", ledger_.origin},
                        {"genesis", short_hex(ledger_.genesis)},
                        {"peer_port", std::uint64_t{transport_->port()}},
                        {"api", address()}});
  return {};
}

void Node::run() { loop_.run(); }

void Node::tick() {
  disk_watch_->tick();
  core_->tick();
  recorder_->tick();
  service_->tick();
}

void Node::stop() {
  boost::asio::post(loop_, [this] { halt(); });
}

void Node::halt() {
  if (halted_) return;
  halted_ = true;
  if (service_) {
    log_.info("stopping");
    if (setup_.frontend) setup_.frontend->stop();
    core_->stop();
    recorder_->stop();
    service_->stop();
    for (auto* ticker : {raft_ticker_.get(), node_ticker_.get(), sync_ticker_.get()}) {
      if (ticker != nullptr) ticker->stop();
    }
    transport_->stop();
    // What the pool still computes is answered below, by the loop's last turns.
    pool_->join();
    disk_->stop();
    if (auto synced = core_->sync(); !synced) fatal(synced.error().detail);
    log_.info("stopped", {{"height", store_->head().height}, {"head", short_hex(store_->head_hash())}});
  }
  stay_.reset();
  // Behind whatever the pool and the disk thread have posted.
  boost::asio::post(loop_, [this] { loop_.stop(); });
}

void Node::fatal(std::string_view why) {
  log_.error("fatal", {{"why", std::string(why)}});
  setup_.fatal(why);
}

}  // namespace hufu::node
