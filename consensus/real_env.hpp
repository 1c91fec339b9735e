// Env on a real machine: steady clock, the system's randomness, the transport, and one disk thread. The only file of this
// room, with its source, that starts a thread or reads a clock.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "consensus/env.hpp"
#include "consensus/transport.hpp"

namespace hufu::consensus {

// One thread that runs work in order and posts what follows to the loop. The mutex guards the queue between the two.
class DiskThread {
 public:
  explicit DiskThread(boost::asio::io_context& loop);
  ~DiskThread();  // as stop()
  DiskThread(const DiskThread&) = delete;
  DiskThread& operator=(const DiskThread&) = delete;

  void run(std::function<void()> work, std::function<void()> done);
  // Finishes what is queued and joins. What was to be done afterwards is posted, and runs if the loop does.
  void stop();

 private:
  void loop();

  boost::asio::io_context& io_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::pair<std::function<void()>, std::function<void()>>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

class RealEnv final : public Env {
 public:
  RealEnv(DiskThread& disk, Transport& transport);

  std::uint64_t now_ms() override;
  int random(int low, int high) override;
  bool send(NodeId to, Bytes frame) override;
  void disk(std::function<void()> work, std::function<void()> done) override;

 private:
  DiskThread& disk_;
  Transport& transport_;
  std::mt19937_64 generator_;
};

// Calls a function on the loop at a steady interval until stopped or destroyed: Raft::tick, HighWater::sync.
class Ticker {
 public:
  Ticker(boost::asio::io_context& io, std::chrono::milliseconds interval, std::function<void()> on_tick);
  ~Ticker();  // as stop()
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  void start();
  void stop();

 private:
  // Shared with the timer's pending wait, which may outlive the Ticker by one turn of the loop.
  struct State;
  static void arm(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace hufu::consensus
