#include "node/asio_world.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace hufu::node {
namespace {

struct SteadyTimer final : World::Timer {
  explicit SteadyTimer(boost::asio::io_context& loop) : timer(loop) {}
  boost::asio::steady_timer timer;
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
  // A timer that expired and was destroyed before its turn came is still cancelled: the flag is the timer's life.
  const auto alive = std::make_shared<bool>(true);
  struct Guarded final : Timer {
    std::unique_ptr<SteadyTimer> timer;
    std::shared_ptr<bool> alive;
    ~Guarded() override { *alive = false; }
  };
  timer->timer.async_wait([alive, turn = std::move(turn)](const boost::system::error_code& cancelled) {
    if (!cancelled && *alive) turn();
  });
  auto guarded = std::make_unique<Guarded>();
  guarded->timer = std::move(timer);
  guarded->alive = alive;
  return guarded;
}

void AsioWorld::work(std::function<void()> piece) { boost::asio::post(pool_, std::move(piece)); }

}  // namespace hufu::node
