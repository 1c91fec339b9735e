#include "cli/bench/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/bench/judge.hpp"
#include "cli/client/tls.hpp"

namespace hufu::cli::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kTrialSeconds = 0.5;
// More than any machine does: what a trial of submissions is built for.
constexpr double kMostRecords = 400'000;
// Built beyond what was seen before, so that load does not run out.
constexpr double kSpare = 1.5;
constexpr std::size_t kPreloadAtOnce = 200'000;
constexpr std::size_t kPreloadEach = 1'000;
constexpr double kMostProofs = 20'000;  // a second

Trouble alarm(Error error, std::string what) {
  return {.error = error, .what = std::move(what), .exit = kIntegrityAlarm};
}

using Lines = std::vector<std::unique_ptr<Line>>;

Try<Lines> connect_lines(boost::asio::io_context& loop, boost::asio::ssl::context& tls,
                         const Address& address, std::size_t count) {
  Lines lines;
  while (lines.size() < count) {
    auto line = std::make_unique<Line>(loop, tls, address);
    if (const auto why = line->connect())
      return Trouble{.error = Error::ledger_unavailable, .what = "cannot connect", .why = *why};
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

Measurement::Usage Measurement::usage() const {
  return {.nodes = cluster_.cpu_seconds(),
          .client = own_cpu_seconds(),
          .machine = busy_seconds_of_machine(),
          .at = Clock::now()};
}

// ---- one run of load ----

Try<void> Measurement::run_flows(const Load& load, const std::vector<Request>& appends,
                                 const std::vector<Request>& proofs, Pass& pass) {
  const Genesis& genesis = cluster_.founded().genesis;
  const Address& address = cluster_.address(pass.leader);
  const auto tls = client_tls_context();
  boost::asio::io_context loop(1);
  Try<Lines> lines = connect_lines(loop, *tls, address, load.lines);
  if (!lines) return lines.error();
  Try<Lines> proof_lines = connect_lines(loop, *tls, address, load.proofs ? load.lines : 0);
  if (!proof_lines) return proof_lines.error();

  Flow::Rules rules{.depth = load.depth, .time = std::nullopt, .per_second = load.per_second};
  if (load.seconds > 0)
    rules.time = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load.seconds));
  AppendJudge append_judge(genesis, appends, load.size.certified);
  Flow append_flow(loop, *lines, appends, rules,
                   [&](std::size_t request, const Answer& answer, std::string& why) {
                     return append_judge.judge(request, answer, why);
                   });
  ProofJudge proof_judge(genesis);
  rules.per_second = 0;
  Flow proof_flow(
      loop, *proof_lines, proofs, rules,
      [&](std::size_t, const Answer& answer, std::string& why) { return proof_judge.judge(answer, why); });
  boost::asio::steady_timer watch(loop);
  watch_signals(watch, append_flow);
  int open = 2;
  const auto ended = [&] {
    if (--open == 0) loop.stop();
  };
  pass.begun = usage();
  proof_flow.begin(ended);  // at once where there are none
  append_flow.begin([&] {
    pass.answered = usage();
    proof_flow.stop();
    ended();
  });
  loop.run();
  pass.appends = append_flow.take_result();
  if (load.proofs) pass.proofs = proof_flow.take_result();
  for (const Result<void>& checked : {append_judge.check_kept(), proof_judge.check_kept()}) {
    if (!checked) return alarm(checked.error(), "an answer of a node does not hold");
  }
  if (cluster_.stop_asked())
    return Trouble{.error = Error::usage, .what = "stopped by a signal", .exit = kLocal};
  return {};
}

void Measurement::watch_signals(boost::asio::steady_timer& timer, Flow& flow) {
  timer.expires_after(std::chrono::milliseconds(200));
  timer.async_wait([this, &timer, &flow](const boost::system::error_code& code) {
    if (code) return;
    if (cluster_.stop_asked()) return flow.stop();
    watch_signals(timer, flow);
  });
}

Try<Measurement::Pass> Measurement::send(const Load& load) {
  // B1
  const std::vector<Request> appends = maker_.submissions(load.size);
  const std::vector<Request> proofs =
      load.proofs ? maker_.proofs(standing_, static_cast<std::size_t>(kMostProofs * load.seconds) + 1)
                  : std::vector<Request>();
  next_number_ = load.size.first + load.size.submissions * load.size.records_each;
  const Try<std::uint64_t> from = cluster_.drained();  // B2
  if (!from) return from.error();
  Pass pass;
  const Try<std::size_t> leader = cluster_.leader();
  if (!leader) return leader.error();
  pass.leader = *leader;
  const Try<StageTimes> before = cluster_.stages(pass.leader);
  if (!before) return before.error();
  if (const auto ran = run_flows(load, appends, proofs, pass); !ran) return ran.error();
  const Try<std::uint64_t> to = cluster_.drained();
  if (!to) return to.error();
  pass.drained = usage();
  const Try<StageTimes> after = cluster_.stages(pass.leader);
  if (!after) return after.error();
  pass.stages_before = *before;
  pass.stages_after = *after;
  if (const auto sound = check_pass(load, *from, *to, pass); !sound) return sound.error();
  standing_.push_back(load.size);
  standing_.back().submissions = pass.appends.accepted;
  return pass;
}

// B3
Try<void> Measurement::check_pass(const Load& load, std::uint64_t from, std::uint64_t to, Pass& pass) {
  const FlowResult& appends = pass.appends;
  pass.records = appends.accepted * load.size.records_each;
  const std::uint64_t bad_proofs = pass.proofs ? pass.proofs->refused + pass.proofs->failed : 0;
  if (appends.refused + appends.failed + bad_proofs > 0) {
    const std::string& trouble = appends.trouble.empty() ? pass.proofs->trouble : appends.trouble;
    return Trouble{.error = Error::ledger_unavailable,
                   .what = fmt::format(
                       "of the round's load {} were accepted, {} refused, {} failed; of its reads {} failed",
                       appends.accepted, appends.refused, appends.failed, bad_proofs),
                   .why = trouble,
                   .next = "this is no measurement: see the nodes' logs with --keep"};
  }
  const Try<OnLedger> counted = cluster_.count(from, to);
  if (!counted) return counted.error();
  if (counted->records != pass.records || counted->submissions != appends.accepted) {
    return alarm(
        Error::content_mismatch,
        fmt::format("{} records in {} submissions were acknowledged, and {} in {} stand in the blocks",
                    pass.records, appends.accepted, counted->records, counted->submissions));
  }
  return {};
}

// ---- rounds ----

Try<void> Measurement::preload(std::uint64_t records) {
  const auto progress = session_.progress(std::string(session_.tr("preloading", "预载")), "records");
  for (std::uint64_t done = 0; done < records;) {
    const std::uint64_t now = std::min<std::uint64_t>(records - done, kPreloadAtOnce);
    Load load{.size = {.first = next_number_,
                       .submissions = static_cast<std::size_t>((now + kPreloadEach - 1) / kPreloadEach),
                       .records_each = std::min<std::size_t>(kPreloadEach, static_cast<std::size_t>(now))}};
    load.lines = 8;
    const Try<Pass> pass = send(load);
    if (!pass) return pass.error();
    done += pass->records;
    progress->update(done, records);
  }
  return {};
}

Measurement::Load Measurement::load_of(const RoundPlan& plan, double pace) const {
  Load load;
  const std::size_t each = plan.records_each();
  load.lines = plan.connections();
  load.depth = plan.depth();
  load.seconds = plan.seconds;
  const double wanted = plan.open_loop() ? plan.rate * plan.seconds : pace * plan.seconds;
  load.size = {.first = next_number_,
               .submissions = static_cast<std::size_t>(std::ceil(wanted / static_cast<double>(each))),
               .records_each = each,
               .certified = plan.certified};
  if (plan.open_loop()) {
    load.per_second = plan.rate / static_cast<double>(each);
  } else {
    load.size.submissions += plan.flights();
  }
  if (plan.workload == Workload::mixed) {
    load.proofs = true;
    load.lines = std::max<std::size_t>(1, load.lines / 2);
  }
  return load;
}

// How many records a second to build for: what such a round reached before, or a short trial that is not reported.
Try<double> Measurement::pace_of(const RoundPlan& plan, const Primitives& primitives) {
  const PaceKey key{plan.workload, plan.size, plan.connections(), plan.flights(), plan.certified};
  if (const auto known = pace_.find(key); known != pace_.end()) return known->second * kSpare;
  RoundPlan trial = plan;
  trial.seconds = kTrialSeconds;
  // Every single one is verified at least once.
  const double most = plan.records_each() == 1 ? cores() * primitives.verify_per_s : kMostRecords;
  const Try<Pass> pass = send(load_of(trial, most));
  if (!pass) return pass.error();
  const double pace = static_cast<double>(pass->records) / std::max(pass->appends.seconds, 1e-3);
  pace_[key] = pace;
  return pace * kSpare;
}

Try<Figures> Measurement::round(const RoundPlan& plan) {
  if (plan.workload == Workload::import) return import_round(plan);
  if (plan.workload == Workload::mixed && standing_.empty()) {
    if (const auto loaded = preload(kPreloadEach); !loaded) return loaded.error();
  }
  Try<Figures> figures = begin_figures(plan);
  if (!figures) return figures.error();
  double pace = 0;
  if (!plan.open_loop()) {
    const Try<double> known = pace_of(plan, figures->primitives);
    if (!known) return known.error();
    pace = *known;
  }
  const std::uint64_t disk = cluster_.disk();
  const Try<Pass> pass = send(load_of(plan, pace));
  if (!pass) return pass.error();
  figures->seconds = pass->appends.seconds;
  figures->records = pass->records;
  figures->submissions = pass->appends.accepted;
  figures->refused = pass->appends.refused;
  figures->errors = pass->appends.failed;
  figures->latency = pass->appends.latencies.quantiles();
  if (pass->proofs) {
    figures->verifies = pass->proofs->accepted;
    figures->verify = pass->proofs->latencies.quantiles();
  }
  set_stages(pass->stages_before, pass->stages_after, *figures);
  end_figures(pass->begun, pass->answered, pass->drained, disk, *figures);
  if (!plan.open_loop()) {
    double& best = pace_[{plan.workload, plan.size, plan.connections(), plan.flights(), plan.certified}];
    best = std::max(best, figures->records_per_s());
  }
  return figures;
}

void Measurement::set_stages(const StageTimes& before, const StageTimes& after, Figures& figures) {
  for (const auto& [stage, times] : after) {
    const auto gained = between(before.at(stage), times);
    figures.stages[stage] =
        gained && gained->count() > 0 ? std::optional(quantiles_of(*gained)) : std::nullopt;
  }
}

// With all nodes drained, and otherwise idle: the same moment for every round.
Try<Figures> Measurement::begin_figures(const RoundPlan& plan) {
  if (const auto idle = cluster_.drained(); !idle) return idle.error();
  Figures figures{.plan = plan, .nodes = cluster_.nodes()};
  figures.primitives = measure_primitives();
  const Try<double> flush = flush_probe(cluster_.data_folder(0));
  if (!flush) return flush.error();
  figures.flush_us = *flush;
  return figures;
}

void Measurement::end_figures(const Usage& begun, const Usage& answered, const Usage& drained,
                              std::uint64_t disk_before, Figures& figures) const {
  for (std::size_t node = 0; node < begun.nodes.size(); ++node)
    figures.nodes_cpu.push_back(drained.nodes[node] - begun.nodes[node]);
  figures.client_cpu = answered.client - begun.client;
  double ours = figures.client_cpu;
  for (std::size_t node = 0; node < begun.nodes.size(); ++node)
    ours += answered.nodes[node] - begun.nodes[node];
  const double lasted = std::chrono::duration<double>(answered.at - begun.at).count() * cores();
  if (lasted > 0)
    figures.foreign_share = std::clamp((answered.machine - begun.machine - ours) / lasted, 0.0, 1.0);
  figures.rss_mb = cluster_.resident();
  const double grown = static_cast<double>(cluster_.disk()) - static_cast<double>(disk_before);
  if (figures.records > 0)
    figures.disk_bytes_per_record =
        grown / static_cast<double>(figures.records) / static_cast<double>(figures.nodes);
}

}  // namespace hufu::cli::bench
