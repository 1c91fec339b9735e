#include "consensus/real_env.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace hufu::consensus {

DiskThread::DiskThread(boost::asio::io_context& loop) : io_(loop), thread_([this] { this->loop(); }) {}

DiskThread::~DiskThread() { stop(); }

void DiskThread::run(std::function<void()> work, std::function<void()> done) {
  {
    const std::lock_guard lock(mutex_);
    queue_.emplace_back(std::move(work), std::move(done));
  }
  wake_.notify_one();
}

void DiskThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void DiskThread::loop() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto [work, done] = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;  // what it holds is let go before the loop can know that it is done
    boost::asio::post(io_, std::move(done));
  }
}

RealEnv::RealEnv(DiskThread& disk_thread, Transport& transport)
    : disk_(disk_thread), transport_(transport), generator_(std::random_device{}()) {}

std::uint64_t RealEnv::now_ms() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since_boot).count());
}

int RealEnv::random(int low, int high) {
  return std::uniform_int_distribution<int>(low, high - 1)(generator_);
}

bool RealEnv::send(NodeId to, Bytes frame) { return transport_.send(to, Channel::raft, std::move(frame)); }

void RealEnv::disk(std::function<void()> work, std::function<void()> done) {
  disk_.run(std::move(work), std::move(done));
}

struct Ticker::State {
  State(boost::asio::io_context& io, std::chrono::milliseconds every, std::function<void()> tick)
      : timer(io), interval(every), on_tick(std::move(tick)) {}

  boost::asio::steady_timer timer;
  const std::chrono::milliseconds interval;
  const std::function<void()> on_tick;
  bool running = false;
};

Ticker::Ticker(boost::asio::io_context& io, std::chrono::milliseconds interval, std::function<void()> on_tick)
    : state_(std::make_shared<State>(io, interval, std::move(on_tick))) {}
Ticker::~Ticker() { stop(); }

void Ticker::start() {
  if (!std::exchange(state_->running, true)) arm(state_);
}

void Ticker::stop() {
  state_->running = false;
  state_->timer.cancel();
}

void Ticker::arm(const std::shared_ptr<State>& state) {
  state->timer.expires_after(state->interval);
  state->timer.async_wait([state](boost::system::error_code cancelled) {
    if (cancelled || !state->running) return;
    state->on_tick();
    if (state->running) arm(state);
  });
}

}  // namespace hufu::consensus
