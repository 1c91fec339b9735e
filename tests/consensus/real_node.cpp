#include "tests/consensus/real_node.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fstream>
#include <iterator>

#include "ledger/base/check.hpp"
#include "ledger/base/codec.hpp"
#include "tests/consensus/scratch.hpp"

namespace hufu::consensus {

namespace {

struct Pointer {
  std::uint64_t last = 0;
  std::vector<std::string> entries;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    std::uint32_t count = static_cast<std::uint32_t>(entries.size());
    archive& last& count;
    entries.resize(count);
    for (std::string& entry : entries) {
      auto text = bounded<255>(entry);
      archive& text;
    }
  }
};

}  // namespace

void RealNode::Machine::apply(std::uint64_t index, ByteSpan entry) {
  if (index <= last) return;
  entries.emplace_back(as_text(entry));
  last = index;
}

// The entries go to a file; the pointer names how far it reaches.
Bytes RealNode::Machine::snapshot() {
  const Bytes bytes = encode(Pointer{last, entries});
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<long>(bytes.size()));
  return encode(last);
}

void RealNode::Machine::restore(ByteSpan pointer) {
  const auto wanted = decode<std::uint64_t>(pointer);
  HUFU_CHECK(wanted);
  if (*wanted <= last) return;
  // Own snapshot at start, or a copy of a peer's that ready_for found.
  for (const auto& candidate : std::filesystem::directory_iterator(file.parent_path())) {
    if (candidate.path().extension() != ".state") continue;
    std::ifstream in(candidate.path(), std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const auto state = decode<Pointer>(bytes);
    if (!state || state->last < *wanted) continue;
    entries = state->entries;
    last = state->last;
    return;
  }
  HUFU_CHECK(false);
}

bool RealNode::Machine::ready_for(ByteSpan /*pointer*/) { return true; }

RealNode::RealNode(NodeId id, std::vector<Peer> roster, std::filesystem::path directory,
                   RaftOptions options) {
  machine_.file = directory.parent_path() / (std::to_string(id) + ".state");
  TransportOptions transport;
  transport.self = id;
  std::vector<Member> members;
  for (const Peer& peer : roster) {
    members.push_back({peer.id, peer.host + ":" + std::to_string(peer.port)});
    if (peer.id == id) transport.listen_port = peer.port;
  }
  transport_ = std::make_unique<Transport>(io_, test_seed(static_cast<std::uint8_t>(id)), std::move(roster),
                                           transport);
  disk_ = std::make_unique<DiskThread>(io_);
  env_ = std::make_unique<RealEnv>(*disk_, *transport_);
  auto store = RocksLogStore::open(directory, options.group);
  HUFU_CHECK(store);
  store_ = std::move(*store);
  raft_ = std::make_unique<Raft>(id, options, *env_, *store_, machine_,
                                 [this](std::string_view what) { fatal_ = what; });
  transport_->on_frame([this](NodeId from, Channel channel, Bytes frame) {
    if (channel == Channel::raft) raft_->deliver(from, std::move(frame));
  });
  HUFU_CHECK(transport_->start());
  HUFU_CHECK(raft_->start(members));
  ticker_ = std::make_unique<Ticker>(io_, std::chrono::milliseconds(10), [this] { raft_->tick(); });
  ticker_->start();
  thread_ = std::thread([this] {
    const auto stay = boost::asio::make_work_guard(io_);
    io_.run();
  });
}

RealNode::~RealNode() {
  ask([this] {
    ticker_->stop();
    raft_->stop();
    transport_->stop();
    return true;
  });
  io_.stop();
  thread_.join();
  disk_->stop();
}

Outcome RealNode::propose(const std::string& entry) {
  std::promise<Outcome> answer;
  boost::asio::post(io_, [&] {
    raft_->propose(to_bytes(as_bytes(entry)), [&](Outcome outcome) { answer.set_value(outcome); });
  });
  return answer.get_future().get();
}

bool RealNode::read_barrier() {
  std::promise<bool> answer;
  boost::asio::post(io_, [&] { raft_->read_barrier([&](bool granted) { answer.set_value(granted); }); });
  return answer.get_future().get();
}

}  // namespace hufu::consensus
