#include "cli/commands/doctor.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "cli/client/ask_text.hpp"
#include "cli/clock.hpp"
#include "cli/doctor/keys.hpp"
#include "cli/doctor/node_folder.hpp"
#include "cli/doctor/nodes.hpp"
#include "cli/keyring.hpp"
#include "cli/ledger_access.hpp"
#include "cli/settings.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

constexpr std::chrono::milliseconds kMetricsTimeout{2'000};

void examine_machine(Symptoms& symptoms) {
  utsname system{};
  ::uname(&system);
  symptoms.push_back(
      {Health::ok, "machine",
       fmt::format("{} {}, {} cores", system.sysname, system.machine, std::thread::hardware_concurrency()),
       ""});
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const bool enough = files.rlim_max >= 16'384;  // a node takes what it may have
  symptoms.push_back({enough ? Health::ok : Health::warn, "open files",
                      fmt::format("limit {}", files.rlim_max), enough ? "" : "ulimit -Hn 65536"});
  // No clock of a sane machine stands before this program was made.
  const bool sane = china_today() >= parse_civil_day("2024-01-01").value();
  symptoms.push_back({sane ? Health::ok : Health::fail, "clock", api::moment_text(now_ms()),
                      sane ? "" : "timedatectl set-ntp true"});
}

void examine_settings(const Session& session, Symptoms& symptoms) {
  const Try<Settings> settings = load_settings(session.options().config);
  if (!settings)
    return symptoms.push_back({Health::fail, "settings", settings.error().why, settings.error().next});
  symptoms.push_back(
      {Health::ok, "settings", settings->path.empty() ? "none; defaults count" : settings->path, ""});
  if (!settings->key.empty()) symptoms.push_back(examine_secret("agency key", settings->key));
  if (!settings->passphrase_file.empty())
    symptoms.push_back(examine_secret("passphrase", settings->passphrase_file));
}

Samples samples_of(const std::string& url, const Genesis& genesis) {
  const auto address = parse_address(url, &genesis);
  if (!address) return {};
  const auto metrics = ask_metrics(*address, kMetricsTimeout);
  return metrics ? parse_samples(*metrics) : Samples();
}

NodeReport report_of(const NodeReply& reply, const Genesis& genesis) {
  NodeReport report{
      .url = reply.url, .status = {}, .why = {}, .next = {}, .metrics = {}, .asked_ms = now_ms()};
  if (reply.status) {
    report.status = *reply.status;
    const std::uint64_t before = now_ms();
    report.metrics = samples_of(reply.url, genesis);
    report.asked_ms = before + (now_ms() - before) / 2;
    return report;
  }
  const api::Problem& problem = reply.status.error().problem;
  const ErrorInfo& info = describe(problem.refusal.error);
  report.why = problem.why.empty() ? std::string(info.en) : problem.why;
  if (problem.refusal.error != Error::ledger_unavailable) report.next = info.next;
  return report;
}

void examine_nodes_and_keys(const Session& session, Symptoms& symptoms) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) {
    return symptoms.push_back({session.options().genesis.empty() ? Health::warn : Health::fail, "genesis",
                               genesis.error().what, genesis.error().next});
  }
  symptoms.push_back(
      {Health::ok, "genesis", fmt::format("{}, {}", genesis->origin, short_hex(genesis_hash(*genesis))), ""});
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return symptoms.push_back({Health::fail, "nodes", client.error().why, "check --node"});
  std::vector<NodeReport> reports;
  for (const NodeReply& reply : (*client)->status_of_each()) reports.push_back(report_of(reply, *genesis));
  const bool whole = session.options().nodes.empty() && reports.size() == genesis->roster.members.size();
  const Symptoms found = examine_nodes(reports, genesis->roster, whole);
  symptoms.insert(symptoms.end(), found.begin(), found.end());
  const bool any =
      std::any_of(reports.begin(), reports.end(), [](const NodeReport& one) { return one.status; });
  if (!any) return;
  const Try<Agencies> agencies = registered_agencies(**client, session);
  if (!agencies) {
    return symptoms.push_back({Health::warn, "agency keys", agencies.error().why, "hufu agency list"});
  }
  const Symptoms keys = examine_keys(*agencies, now_ms());
  symptoms.insert(symptoms.end(), keys.begin(), keys.end());
}

int tell(const Symptoms& symptoms, const Session& session) {
  const bool failed = std::any_of(symptoms.begin(), symptoms.end(),
                                  [](const Symptom& s) { return s.health == Health::fail; });
  const int exit = failed ? kLocal : kOk;
  if (session.options().json) {
    json::array list;
    for (const Symptom& symptom : symptoms) {
      list.push_back(json::object{{"health", name_of(symptom.health)},
                                  {"what", symptom.what},
                                  {"found", symptom.found},
                                  {"next", symptom.next}});
    }
    session.print_json(json::object{{"checks", std::move(list)}, {"exit", exit}});
    return exit;
  }
  text::Table table;
  for (const Symptom& symptom : symptoms) {
    const Paint paint = symptom.health == Health::ok     ? Paint::good
                        : symptom.health == Health::warn ? Paint::doubtful
                                                         : Paint::bad;
    table.add({session.paint(paint, name_of(symptom.health)), text::printable(symptom.what),
               text::printable(symptom.found),
               symptom.next.empty() ? "" : "→ " + text::printable(symptom.next)});
  }
  session.print(table.str());
  return exit;
}

}  // namespace

int run(const Doctor& options, const Session& session) {
  Symptoms symptoms;
  examine_machine(symptoms);
  examine_settings(session, symptoms);
  if (options.directory.empty()) {
    symptoms.push_back(examine_space("."));
  } else {
    const Symptoms found = examine_folder(options.directory, session);
    symptoms.insert(symptoms.end(), found.begin(), found.end());
  }
  examine_nodes_and_keys(session, symptoms);
  return tell(symptoms, session);
}

}  // namespace hufu::cli
