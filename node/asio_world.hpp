// The world of a running process: one loop thread, a worker pool, the steady clock.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/world.hpp"

namespace hufu::node {

class AsioWorld final : public World {
 public:
  // The references must outlive this object and every timer.
  AsioWorld(boost::asio::io_context& loop, boost::asio::thread_pool& pool,
            std::function<std::uint64_t()> wall_clock_ms);

  std::uint64_t now_ms() override;
  std::uint64_t wall_clock_ms() override { return wall_clock_ms_(); }
  void post(std::function<void()> turn) override;
  std::unique_ptr<Timer> after(std::uint64_t ms, std::function<void()> turn) override;
  void work(std::function<void()> piece) override;

 private:
  boost::asio::io_context& loop_;
  boost::asio::thread_pool& pool_;
  const std::function<std::uint64_t()> wall_clock_ms_;
};

}  // namespace hufu::node
