#include "cli/bench/figures.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "cli/text/width.hpp"

namespace hufu::cli::bench {
namespace {

// What is measured has no more digits than this.
double rounded(double value, double digits) { return std::round(value * digits) / digits; }
double micro(double value) { return rounded(value, 1e6); }

json::object to_json(const Quantiles& quantiles) {
  return {{"p50", micro(quantiles.p50)},
          {"p95", micro(quantiles.p95)},
          {"p99", micro(quantiles.p99)},
          {"max", micro(quantiles.max)}};
}

json::array to_json(const std::vector<double>& values) {
  json::array array;
  for (const double value : values) array.push_back(micro(value));
  return array;
}

std::string quantiles_text(const Quantiles& quantiles) {
  return fmt::format("p50 {:.2f}  p95 {:.2f}  p99 {:.2f}  max {:.2f} ms", quantiles.p50, quantiles.p95,
                     quantiles.p99, quantiles.max);
}

std::string joined(const std::vector<double>& values, const char* unit) {
  std::string text;
  for (const double value : values) text += fmt::format("{}{:.1f}", text.empty() ? "" : ", ", value);
  return text + " " + unit;
}

std::string what_was_done(const Figures& figures, const Session& session) {
  const RoundPlan& plan = figures.plan;
  std::string text = fmt::format(
      fmt::runtime(session.tr("{}, {} nodes, {} in flight over {} connections, {}",
                              "{}，{} 个节点，{} 个在途、{} 个连接，{}")),
      name_of(plan.workload), figures.nodes, plan.flights(), plan.connections(),
      plan.certified ? session.tr("until certified", "等待共签") : session.tr("until committed", "等待提交"));
  if (plan.workload == Workload::submissions)
    text += fmt::format(fmt::runtime(session.tr(", {} records each", "，每次 {} 条")), plan.size);
  if (plan.open_loop())
    text += fmt::format(
        fmt::runtime(session.tr(", on a schedule of {:.0f} records/s", "，按计划每秒 {:.0f} 条")), plan.rate);
  return text;
}

void add_times(text::Table& table, const Figures& figures, const Session& session) {
  const bool import = figures.plan.workload == Workload::import;
  if (!import) {
    table.add({std::string(figures.plan.certified ? session.tr("certified after", "共签用时")
                                                  : session.tr("committed after", "提交用时")),
               quantiles_text(figures.latency)});
  }
  if (figures.verifies)
    table.add({std::string(session.tr("proof after", "证明用时")), quantiles_text(figures.verify)});
  for (const auto& [stage, quantiles] : figures.stages) {
    if (quantiles) table.add({"  " + stage, quantiles_text(*quantiles)});
  }
}

}  // namespace

double Figures::us_per_record_per_node() const {
  if (records == 0 || nodes == 0) return 0;
  return std::accumulate(nodes_cpu.begin(), nodes_cpu.end(), 0.0) * 1e6 / static_cast<double>(records) /
         static_cast<double>(nodes);
}

json::object to_json(const Figures& figures) {
  const RoundPlan& plan = figures.plan;
  const bool import = plan.workload == Workload::import;
  json::object latency{{"committed", nullptr}};
  if (!import) latency[plan.certified ? "certified" : "committed"] = to_json(figures.latency);
  json::object stages;
  for (const auto& [stage, quantiles] : figures.stages)
    stages[stage] = quantiles ? json::value(to_json(*quantiles)) : json::value(nullptr);
  json::object object{
      {"workload", name_of(plan.workload)},
      {"nodes", figures.nodes},
      {"clients", plan.connections()},
      {"in_flight", plan.flights()},
      {"seconds", micro(figures.seconds)},
      {"rate_wanted", plan.open_loop() ? json::value(plan.rate) : json::value(nullptr)},
      {"wait", plan.certified ? "certified" : "committed"},
      {"size", plan.records_each()},
      {"records", figures.records},
      {"submissions", figures.submissions},
      {"refused", figures.refused},
      {"errors", figures.errors},
      {"records_per_s", rounded(figures.records_per_s(), 10)},
      {"submissions_per_s", rounded(figures.submissions_per_s(), 10)},
  };
  if (figures.verifies) {
    object["verifies_per_s"] =
        figures.seconds > 0 ? rounded(static_cast<double>(*figures.verifies) / figures.seconds, 10) : 0;
    latency["verify"] = to_json(figures.verify);
  }
  if (import) object["rows_per_s"] = rounded(figures.records_per_s(), 10);
  object["latency_ms"] = std::move(latency);
  object["stages_ms"] = std::move(stages);
  object["cpu"] = json::object{{"nodes_s", to_json(figures.nodes_cpu)},
                               {"client_s", micro(figures.client_cpu)},
                               {"us_per_record_per_node", rounded(figures.us_per_record_per_node(), 100)}};
  object["foreign_cpu_share"] = rounded(figures.foreign_share, 1000);
  object["flush_us"] = rounded(figures.flush_us, 10);
  object["disk_bytes_per_record"] = rounded(figures.disk_bytes_per_record, 10);
  object["rss_mb"] = to_json(figures.rss_mb);
  object["limits"] =
      json::object{{"verify_per_s", std::round(figures.primitives.verify_per_s)},
                   {"sign_per_s", std::round(figures.primitives.sign_per_s)},
                   {"sha256_65_per_s", std::round(figures.primitives.sha256_65_per_s)},
                   {"cores", cores()},
                   {"singles_limit_per_s", std::round(singles_limit(figures.primitives, figures.nodes))}};
  return object;
}

void print(const Figures& figures, const Session& session) {
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese, std::string text) {
    table.add({std::string(session.tr(english, chinese)), std::move(text)});
  };
  row("round", "本轮", what_was_done(figures, session));
  row("records", "记录",
      fmt::format(fmt::runtime(session.tr("{} in {:.2f} s; refused {}, errors {}",
                                          "{} 条，{:.2f} 秒；被拒 {}，出错 {}")),
                  text::grouped(figures.records), figures.seconds, figures.refused, figures.errors));
  row("rate", "速率",
      session.paint(
          Paint::strong,
          fmt::format(fmt::runtime(session.tr("{}/s", "每秒 {} 条")),
                      text::grouped(static_cast<std::uint64_t>(std::llround(figures.records_per_s()))))));
  if (figures.verifies) row("proofs", "证明", text::grouped(*figures.verifies));
  add_times(table, figures, session);
  row("CPU of nodes", "节点 CPU",
      fmt::format(fmt::runtime(session.tr("{}; {:.1f} us a record and node", "{}；每条每节点 {:.1f} 微秒")),
                  joined(figures.nodes_cpu, "s"), figures.us_per_record_per_node()));
  row("CPU elsewhere", "其他 CPU",
      fmt::format(fmt::runtime(session.tr("client {:.1f} s; others on this machine {:.0f} %",
                                          "客户端 {:.1f} 秒；本机其他占 {:.0f} %")),
                  figures.client_cpu, figures.foreign_share * 100));
  row("memory", "内存", joined(figures.rss_mb, "MiB"));
  row("disk", "磁盘",
      fmt::format(fmt::runtime(session.tr("{:.0f} bytes a record and node; a flush takes {:.0f} us",
                                          "每条每节点 {:.0f} 字节；一次刷盘 {:.0f} 微秒")),
                  figures.disk_bytes_per_record, figures.flush_us));
  row("limits", "极限",
      fmt::format(
          fmt::runtime(session.tr("verify {:.0f}/s, sign {:.0f}/s, hash {:.0f}/s a core; singles {:.0f}/s",
                                  "每核验签 {:.0f}、签名 {:.0f}、散列 {:.0f}；单条极限 {:.0f}")),
          figures.primitives.verify_per_s, figures.primitives.sign_per_s, figures.primitives.sha256_65_per_s,
          singles_limit(figures.primitives, figures.nodes)));
  session.print(table.str());
}

}  // namespace hufu::cli::bench
