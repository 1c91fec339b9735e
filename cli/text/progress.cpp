#include "cli/text/progress.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "cli/text/width.hpp"

namespace hufu::cli::text {
namespace {

constexpr std::size_t kBar = 20;

std::string bar(std::uint64_t done, std::uint64_t total) {
  const std::size_t full = total == 0 ? 0 : static_cast<std::size_t>(done * kBar / total);
  std::string out = "[";
  for (std::size_t i = 0; i < kBar; ++i) out += i < full ? '#' : '.';
  return out + "]";
}

}  // namespace

std::string progress_line(std::string_view title, std::uint64_t done, std::uint64_t total, double seconds,
                          std::string_view unit, bool chinese) {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string pace = fmt::format("{} {}/s", grouped(static_cast<std::uint64_t>(rate)), unit);
  if (total == 0) return fmt::format("{}  {} {}  {}", title, grouped(done), unit, pace);
  const std::uint64_t percent = done >= total ? 100 : done * 100 / total;
  std::string line = fmt::format("{} {} {:3}%  {}/{} {}  {}", title, bar(done, total), percent, grouped(done),
                                 grouped(total), unit, pace);
  if (done < total && rate > 0) {
    const std::string left = duration(static_cast<double>(total - done) / rate);
    line += chinese ? fmt::format("  剩余 {}", left) : fmt::format("  {} left", left);
  }
  return line;
}

Progress::Progress(std::string title, std::string unit, bool shown, bool terminal, bool chinese)
    : title_(std::move(title)),
      unit_(std::move(unit)),
      shown_(shown),
      terminal_(terminal),
      chinese_(chinese) {}

Progress::~Progress() { clear(); }

void Progress::update(std::uint64_t done, std::uint64_t total) {
  if (!shown_) return;
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5'000);
  if (last_ != Clock::time_point{} && now - last_ < pause && done != total) return;
  if (last_ == Clock::time_point{} && !terminal_ && now - start_ < pause) return;
  last_ = now;
  const std::string line = progress_line(title_, done, total, seconds(), unit_, chinese_);
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[2K{}", line);
    drawn_ = true;
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  std::fflush(stderr);
}

void Progress::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[2K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace hufu::cli::text
