// Load on an etcd cluster: `etcd_load HOST:PORT…`, rounds by standard input (round.hpp). Requests are asynchronous, so that
// one thread keeps any number in flight; it is not what bounds the server.
//
// size=1: one put a request. size=N: N puts in one transaction, on the condition that none of the keys was ever created.
// Keys are new in every round (`key=`), values 200 bytes.
#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <iostream>
#include <memory>

#include "etcd_kv.grpc.pb.h"
#include "tests/bench/peers/round.hpp"

namespace hufu::bench {
namespace {

constexpr std::size_t kValueBytes = 200;

using etcdserverpb::KV;
using Stubs = std::vector<std::unique_ptr<KV::Stub>>;

// A request under way, and the place of the next one: an answer is followed by another request in the same slot.
struct Slot {
  explicit Slot(Pace when) : pace(when) {}

  Pace pace;
  KV::Stub* stub = nullptr;
  Clock::time_point due;
  std::unique_ptr<grpc::ClientContext> context;
  grpc::Status status;
  etcdserverpb::PutResponse put;
  etcdserverpb::TxnResponse txn;
  std::unique_ptr<grpc::ClientAsyncResponseReader<etcdserverpb::PutResponse>> put_reader;
  std::unique_ptr<grpc::ClientAsyncResponseReader<etcdserverpb::TxnResponse>> txn_reader;
  std::unique_ptr<grpc::Alarm> alarm;  // waits for `due`
};

class Round {
 public:
  Round(const RoundPlan& plan, const Stubs& stubs) : plan_(plan), start_(Clock::now()) {
    end_ = start_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.seconds));
    for (std::size_t i = 0; i < plan.in_flight; ++i) {
      slots_.push_back(std::make_unique<Slot>(Pace(plan, i, plan.in_flight, start_)));
      slots_.back()->stub = stubs[i % plan.clients].get();
    }
  }

  Tally run() {
    for (const auto& slot : slots_) next(*slot);
    void* tag = nullptr;
    bool ok = false;
    while (under_way_ > 0 && queue_.Next(&tag, &ok)) {
      --under_way_;
      finished(*static_cast<Slot*>(tag));
    }
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) {
    }
    return tally_;
  }

 private:
  void finished(Slot& slot) {
    if (slot.alarm) {
      slot.alarm.reset();
      return send(slot);
    }
    const bool refused = plan_.size > 1 && slot.status.ok() && !slot.txn.succeeded();
    if (refused) {
      tally_.failed("a key existed");
    } else if (!slot.status.ok()) {
      tally_.failed(slot.status.error_message());
    } else {
      tally_.done(slot.due, Clock::now(), end_);
    }
    next(slot);
  }
  void next(Slot& slot) {
    const Clock::time_point now = Clock::now();
    if (!slot.pace.open()) {
      slot.due = now;
      if (now < end_) send(slot);
      return;
    }
    slot.due = slot.pace.due();
    slot.pace.next();
    if (slot.due >= end_) return;
    if (slot.due <= now) return send(slot);
    slot.alarm = std::make_unique<grpc::Alarm>();
    ++under_way_;
    slot.alarm->Set(&queue_, std::chrono::system_clock::now() + (slot.due - now), &slot);
  }
  void send(Slot& slot) {
    slot.context = std::make_unique<grpc::ClientContext>();
    slot.context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    ++under_way_;
    if (plan_.size == 1) {
      etcdserverpb::PutRequest request;
      fill(request);
      slot.put_reader = slot.stub->AsyncPut(slot.context.get(), request, &queue_);
      return slot.put_reader->Finish(&slot.put, &slot.status, &slot);
    }
    etcdserverpb::TxnRequest request;
    for (std::size_t i = 0; i < plan_.size; ++i) {
      auto& put = *request.add_success()->mutable_request_put();
      fill(put);
      auto& condition = *request.add_compare();
      condition.set_target(etcdserverpb::Compare::CREATE);
      condition.set_key(put.key());
      condition.set_create_revision(0);
    }
    slot.txn.Clear();
    slot.txn_reader = slot.stub->AsyncTxn(slot.context.get(), request, &queue_);
    slot.txn_reader->Finish(&slot.txn, &slot.status, &slot);
  }
  void fill(etcdserverpb::PutRequest& put) {
    ++made_;
    put.set_key(plan_.word + "/" + std::to_string(made_));
    put.set_value(value_of(made_, kValueBytes));
  }

  const RoundPlan plan_;
  const Clock::time_point start_;
  Clock::time_point end_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::size_t under_way_ = 0;
  std::uint64_t made_ = 0;
  Tally tally_;
};

// A connection of its own for each; all at the member named first, which the driver made the leader.
Stubs connect(const std::string& address, std::size_t clients) {
  Stubs stubs;
  for (std::size_t i = 0; i < clients; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs.push_back(
        KV::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
  }
  return stubs;
}

}  // namespace
}  // namespace hufu::bench

int main(int argc, char** argv) {
  using namespace hufu::bench;  // NOLINT(google-build-using-namespace)
  if (argc != 2) {
    std::fprintf(stderr, "usage: etcd_load HOST:PORT, rounds on standard input\n");
    return 2;
  }
  Stubs stubs;
  for (std::string line; std::getline(std::cin, line);) {
    const RoundPlan plan = RoundPlan::read(line);
    if (stubs.size() < plan.clients) stubs = connect(argv[1], plan.clients);
    std::printf("%s\n", json_line(plan, Round(plan, stubs).run()).c_str());
    std::fflush(stdout);
  }
  return 0;
}
