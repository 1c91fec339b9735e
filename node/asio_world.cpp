#include "node/asio_world.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace hufu::node {
namespace {

// One that expired and is destroyed before its turn comes is still cancelled: the flag is the timer's life.
struct SteadyTimer final : World::Timer {
  explicit SteadyTimer(boost::asio::io_context& loop) : timer(loop) {}
  ~SteadyTimer() override { *alive = false; }

  boost::asio::steady_timer timer;
  const std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

}  // namespace

AsioWorld::AsioWorld(boost::asio::io_context& loop, boost::asio::thread_pool& pool,
                     std::function<std::uint64_t()> wall_clock_ms)
    : loop_(loop), pool_(pool), wall_clock_ms_(std::move(wall_clock_ms)) {}

std::uint64_t AsioWorld::now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void AsioWorld::post(std::function<void()> turn) { boost::asio::post(loop_, std::move(turn)); }

std::unique_ptr<World::Timer> AsioWorld::after(std::uint64_t ms, std::function<void()> turn) {
  auto timer = std::make_unique<SteadyTimer>(loop_);
  timer->timer.expires_after(std::chrono::milliseconds(ms));
  timer->timer.async_wait(
      [alive = timer->alive, turn = std::move(turn)](const boost::system::error_code& cancelled) {
        if (!cancelled && *alive) turn();
      });
  return timer;
}

void AsioWorld::work(std::function<void()> piece) { boost::asio::post(pool_, std::move(piece)); }

}  // namespace hufu::node
