#include "cli/commands/bench.hpp"

#include <fmt/format.h>
#include <sys/poll.h>
#include <unistd.h>

#include <array>
#include <boost/json/serialize.hpp>

#include "cli/bench/measurement.hpp"
#include "cli/demo/folder.hpp"

namespace hufu::cli {
namespace {

Try<bench::RoundPlan> plan_of(const Bench& options) {
  bench::RoundPlan plan;
  const Try<bench::Workload> workload = bench::workload_named(options.workload);
  if (!workload) return workload.error();
  const Try<double> seconds = bench::number_of(options.seconds, "--seconds");
  if (!seconds) return seconds.error();
  if (!options.rate.empty()) {
    const Try<double> rate = bench::number_of(options.rate, "--rate");
    if (!rate) return rate.error();
    plan.rate = *rate;
  }
  plan.workload = *workload;
  plan.size = options.size;
  plan.clients = options.clients;
  plan.in_flight = options.in_flight;
  plan.seconds = *seconds;
  plan.records = options.records;
  plan.certified = options.wait == "certified";
  if (const auto sound = bench::check_plan(plan); !sound) return sound.error();
  return plan;
}

// Lines of standard input, one by one; a signal ends the wait for the next.
class InputLines {
 public:
  explicit InputLines(bench::Cluster& cluster) : cluster_(cluster) {}

  std::optional<std::string> next() {
    while (true) {
      const std::size_t end = waiting_.find('\n');
      if (end != std::string::npos) {
        std::string line = waiting_.substr(0, end);
        waiting_.erase(0, end + 1);
        return line;
      }
      if (over_) return waiting_.empty() ? std::nullopt : std::optional(std::exchange(waiting_, {}));
      if (cluster_.stop_asked()) return std::nullopt;
      read_some();
    }
  }

 private:
  void read_some() {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (::poll(&input, 1, 200) <= 0) return;
    std::array<char, 4096> some{};
    const ssize_t count = ::read(STDIN_FILENO, some.data(), some.size());
    if (count <= 0) {
      over_ = true;
    } else {
      waiting_.append(some.data(), static_cast<std::size_t>(count));
    }
  }

  bench::Cluster& cluster_;
  std::string waiting_;
  bool over_ = false;
};

class Benching {
 public:
  Benching(const Bench& options, const bench::RoundPlan& plan, const Session& session)
      : options_(options), plan_(plan), session_(session) {}

  int go() {
    demo::Signals signals;  // before any thread
    const Try<std::string> path = demo::make_temporary_folder(options_.data, "hufu-bench");
    if (!path) return session_.fail(path.error());
    const demo::Folder folder(*path, options_.keep);
    const demo::DataSet data = bench::bench_data();
    const Try<demo::Founded> founded = demo::found_ledger(data, options_.nodes, folder.path(), session_);
    if (!founded) return session_.fail(founded.error());
    bench::Cluster cluster(*founded, data, signals, session_);
    const int exit = measure(cluster, data);
    cluster.stop();
    return exit;
  }

 private:
  int measure(bench::Cluster& cluster, const demo::DataSet& data) {
    if (const auto started = cluster.start(); !started) return session_.fail(started.error());
    const SubjectKind kind = options_.kind == "license" ? SubjectKind::license : SubjectKind::invoice;
    const Try<bench::LoadMaker> maker =
        bench::LoadMaker::make(cluster.founded(), data, kind, cluster.session());
    if (!maker) return session_.fail(maker.error());
    bench::Measurement measurement(cluster, *maker, session_);
    if (const auto loaded = measurement.preload(options_.subjects); !loaded)
      return session_.fail(loaded.error());
    return options_.rounds_from_stdin ? rounds(cluster, measurement) : one(measurement);
  }

  int one(bench::Measurement& measurement) {
    session_.say(session_.tr("measuring", "开始测量"));
    const Try<bench::Figures> figures = measurement.round(plan_);
    if (!figures) return session_.fail(figures.error());
    if (session_.options().json) {
      session_.print_json(bench::to_json(*figures));
    } else {
      bench::print(*figures, session_);
    }
    return kOk;
  }

  int rounds(bench::Cluster& cluster, bench::Measurement& measurement) {
    session_.say(session_.tr("ready: a line of input is a round", "就绪：每输入一行测一轮"));
    InputLines lines(cluster);
    while (const auto line = lines.next()) {
      const Try<bench::RoundPlan> plan = bench::parse_round(*line, plan_);
      if (!plan) return session_.fail(plan.error());
      const Try<bench::Figures> figures = measurement.round(*plan);
      if (!figures) return session_.fail(figures.error());
      session_.print(json::serialize(bench::to_json(*figures)) + "\n");
    }
    return kOk;
  }

  const Bench& options_;
  const bench::RoundPlan& plan_;
  const Session& session_;
};

}  // namespace

int run(const Bench& options, const Session& session) {
  const Try<bench::RoundPlan> plan = plan_of(options);
  if (!plan) return session.fail(plan.error());
  return Benching(options, *plan, session).go();
}

}  // namespace hufu::cli
