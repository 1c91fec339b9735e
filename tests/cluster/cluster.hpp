// The three nodes of `hufu demo`, as processes of their own that a test ends and starts again.
#pragma once

#include <signal.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>

#include "tests/cluster/process.hpp"
#include "tests/cluster/records.hpp"

namespace hufu::testing {

using namespace std::chrono_literals;
namespace json = boost::json;

inline std::size_t from_environment(const char* name, std::size_t usual) {
  const char* value = std::getenv(name);
  return value == nullptr ? usual : std::strtoull(value, nullptr, 10);
}

class Cluster {
 public:
  explicit Cluster(const std::filesystem::path& folder) : folder_(folder) {
    const Ended made =
        hufu({"demo", "--detach", "--no-import", "--keep", (folder / "demo").string(), "--json"});
    if (made.exit != 0) throw std::runtime_error("hufu demo: " + made.err);
    report_ = json::parse(made.out);
    settings_ = text(report_, "settings");
    for (const auto& node : report_.at("nodes").as_array()) {
      pids_.push_back(static_cast<pid_t>(node.at("pid").to_number<std::int64_t>()));
    }
    restarted_.resize(pids_.size());
  }
  ~Cluster() { hufu({"demo", "--stop", (folder_ / "demo").string()}); }

  static std::string text(const json::value& value, const char* name) {
    return std::string(value.at(name).as_string());
  }
  Ended hufu(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), HUFU_BINARY);
    return run(folder_, arguments);
  }
  std::unique_ptr<Process> start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {HUFU_BINARY, "--config", settings_});
    return std::make_unique<Process>(folder_, arguments);
  }
  std::vector<std::string> import_of(const RecordFiles& files) const {
    return {"--json", "--timeout",          "120", "import", files.licenses.string(), files.invoices.string(),
            "--key",  text(report_, "keys")};
  }
  std::size_t size() const { return pids_.size(); }
  // As `hufu demo --json` tells it.
  const json::value& report() const { return report_; }

  void end(std::size_t node, int signal) {
    if (restarted_[node]) {
      // One that has ended already has no pid any more, and kill(-1) would be everybody.
      if (restarted_[node]->running()) ::kill(restarted_[node]->pid(), signal);
      restarted_[node]->wait();
      restarted_[node].reset();
      return;
    }
    ::kill(pids_[node], signal);
    eventually(10s, [&] { return ::kill(pids_[node], 0) != 0; });
  }
  // With a failpoint ("name:n", ledger/base/failpoint.hpp) it dies there.
  void restart(std::size_t node, const std::string& failpoint = {}) {
    std::vector<std::string> arguments{HUFU_BINARY, "node", "start",
                                       text(report_.at("nodes").at(node), "config")};
    if (!failpoint.empty())
      arguments.insert(arguments.begin(), {"/usr/bin/env", "HUFU_FAILPOINT=" + failpoint});
    restarted_[node] = std::make_unique<Process>(folder_, arguments);
  }
  void signal(std::size_t node, int signal) {
    if (running(node)) ::kill(restarted_[node]->pid(), signal);
  }
  // Of a node that restart() has started.
  bool running(std::size_t node) const { return restarted_[node] && restarted_[node]->running(); }
  Ended wait(std::size_t node) {
    Ended ended = restarted_[node]->wait();
    restarted_[node].reset();
    return ended;
  }
  std::string url(std::size_t node) const { return text(report_.at("nodes").at(node), "api"); }
  std::string config(std::size_t node) const { return text(report_.at("nodes").at(node), "config"); }
  std::string data(std::size_t node) const { return text(report_.at("nodes").at(node), "data"); }

  // The cluster as any of its nodes sees it; nothing when none answers.
  std::optional<json::value> status() const {
    const Ended asked = hufu({"--config", settings_, "--json", "--timeout", "5", "cluster", "status"});
    boost::system::error_code error;
    json::value value = json::parse(asked.out, error);
    if (error || !value.is_object() || !value.as_object().contains("members")) return std::nullopt;
    return value;
  }
  std::optional<std::size_t> leader() const {
    const auto seen = status();
    if (!seen) return std::nullopt;
    const json::array& members = seen->at("members").as_array();
    for (std::size_t i = 0; i < members.size(); ++i) {
      const json::value& node = members[i].at("status");
      if (node.is_object() && text(node, "role") == "leader") return i;
    }
    return std::nullopt;
  }
  // Heads of the nodes that answer.
  std::multiset<std::string> heads() const {
    std::multiset<std::string> heads;
    const auto seen = status();
    if (!seen) return heads;
    for (const auto& member : seen->at("members").as_array()) {
      if (member.at("status").is_object()) heads.insert(json::serialize(member.at("status").at("head")));
    }
    return heads;
  }
  // Does every node know a certified checkpoint over its newest block?
  bool all_certified() const {
    const auto seen = status();
    if (!seen) return false;
    const json::array& members = seen->at("members").as_array();
    return std::all_of(members.begin(), members.end(), [](const json::value& member) {
      const json::value& node = member.at("status");
      return node.is_object() && node.at("certified").is_object() &&
             node.at("certified").at("height") == node.at("head").at("height");
    });
  }

 private:
  std::filesystem::path folder_;
  json::value report_;
  std::string settings_;
  std::vector<pid_t> pids_;
  std::vector<std::unique_ptr<Process>> restarted_;
};

}  // namespace hufu::testing
