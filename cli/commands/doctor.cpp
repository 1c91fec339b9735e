#include "cli/commands/doctor.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cli/clock.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/settings.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDiskWarn = 5ULL << 30;
constexpr std::uint64_t kDiskFail = 256ULL << 20;
constexpr std::uint64_t kSkewWarnMs = 2'000;
constexpr std::uint64_t kSkewFailMs = 60'000;

class Examination {
 public:
  explicit Examination(const Session& session) : session_(session) {}

  void machine() {
    utsname system{};
    ::uname(&system);
    add(Health::ok, "machine",
        fmt::format("{} {}, {} cores", system.sysname, system.machine, std::thread::hardware_concurrency()));
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < 1024) {
      add(Health::warn, "open files", fmt::format("limit {}", files.rlim_cur), "ulimit -n 4096");
    } else {
      add(Health::ok, "open files", fmt::format("limit {}", files.rlim_cur));
    }
    // No clock of a sane machine stands before this program was made.
    const bool sane = china_today() >= parse_civil_day("2024-01-01").value();
    add(sane ? Health::ok : Health::fail, "clock", api::moment_text(now_ms()),
        sane ? "" : "timedatectl set-ntp true");
  }

  void disk(const std::string& path) {
    std::error_code error;
    const fs::space_info space = fs::space(path, error);
    if (error) return add(Health::fail, "disk", error.message(), fmt::format("check {}", path));
    const Health health = space.available < kDiskFail   ? Health::fail
                          : space.available < kDiskWarn ? Health::warn
                                                        : Health::ok;
    add(health, "disk", fmt::format("{} free at {}", text::bytes_size(space.available), path),
        health == Health::ok ? "" : fmt::format("df -h {}", path));
  }

  void settings() {
    const Try<Settings> settings = load_settings(session_.options().config);
    if (!settings) return add(Health::fail, "settings", settings.error().why, settings.error().next);
    add(Health::ok, "settings", settings->path.empty() ? "none; defaults count" : settings->path);
    if (!settings->key.empty()) secret("agency key", settings->key);
    if (!settings->passphrase_file.empty()) secret("passphrase", settings->passphrase_file);
  }

  void secret(std::string what, const std::string& path) {
    const Result<Bytes> content = read_secret_file(path, KeyFile::kMaxBytes + 1024);
    if (content) return add(Health::ok, std::move(what), fmt::format("{}, mode 600", path));
    const Trouble trouble = file_trouble(content.error(), path);
    const ErrorInfo& info = describe(content.error());
    add(Health::fail, std::move(what), fmt::format("{}: {}", path, info.en),
        trouble.next.empty() ? std::string(info.next) : trouble.next);
  }

  void node_folder(const std::string& folder) {
    for (const char* name : {"node.toml", "ledger.genesis"}) {
      std::error_code ignored;
      const std::string path = folder + "/" + name;
      const bool there = fs::exists(path, ignored);
      add(there ? Health::ok : Health::fail, name, there ? path : "missing",
          there ? "" : fmt::format("hufu node init {} --genesis FILE", folder));
    }
    secret("node key", folder + "/node.key");
    secret("node passphrase", folder + "/node.passphrase");
    disk(folder);
  }

  void ledger() {
    const Try<Genesis> genesis = load_genesis(session_);
    if (!genesis) {
      return add(session_.options().genesis.empty() ? Health::warn : Health::fail, "genesis",
                 genesis.error().what, genesis.error().next);
    }
    add(Health::ok, "genesis", fmt::format("{}, {}", genesis->origin, short_hex(genesis_hash(*genesis))));
    const Try<std::unique_ptr<Client>> client = connect(session_, *genesis);
    if (!client) return add(Health::fail, "nodes", client.error().why, "check --node");
    const std::uint64_t asked = now_ms();
    std::size_t up = 0;
    std::uint64_t highest = 0;
    const std::vector<NodeReply> replies = (*client)->status_of_each();
    for (const NodeReply& reply : replies) {
      if (reply.status) highest = std::max(highest, reply.status->head.height);
    }
    for (const NodeReply& reply : replies) up += node(reply, highest, asked);
    const std::size_t needed = session_.options().nodes.empty() ? genesis->roster.quorum() : 1;
    add(up >= needed ? Health::ok : Health::fail, "quorum",
        fmt::format("{} of {} nodes up; {} needed", up, replies.size(), needed),
        up >= needed ? "" : "hufu node start on the nodes that are down");
  }

  int finish() const {
    const bool failed = std::any_of(symptoms_.begin(), symptoms_.end(),
                                    [](const Symptom& s) { return s.health == Health::fail; });
    const int exit = failed ? kLocal : kOk;
    if (session_.options().json) {
      json::array list;
      for (const Symptom& symptom : symptoms_) {
        list.push_back(json::object{{"health", name_of(symptom.health)},
                                    {"what", symptom.what},
                                    {"found", symptom.found},
                                    {"next", symptom.next}});
      }
      session_.print_json(json::object{{"checks", std::move(list)}, {"exit", exit}});
      return exit;
    }
    text::Table table;
    for (const Symptom& symptom : symptoms_) {
      const Paint paint = symptom.health == Health::ok     ? Paint::good
                          : symptom.health == Health::warn ? Paint::doubtful
                                                           : Paint::bad;
      table.add({session_.paint(paint, name_of(symptom.health)), symptom.what, text::printable(symptom.found),
                 symptom.next.empty() ? "" : "→ " + symptom.next});
    }
    session_.print(table.str());
    return exit;
  }

 private:
  void add(Health health, std::string what, std::string found, std::string next = "") {
    symptoms_.push_back(
        {.health = health, .what = std::move(what), .found = std::move(found), .next = std::move(next)});
  }

  // 1 when it is up.
  std::size_t node(const NodeReply& reply, std::uint64_t highest, std::uint64_t asked) {
    if (!reply.status) {
      const std::string& why = reply.status.error().problem.why;
      const Error error = reply.status.error().problem.refusal.error;
      add(Health::fail, reply.url, why.empty() ? std::string(describe(error).en) : why,
          std::string(describe(error).next));
      return 0;
    }
    const api::NodeStatus& status = *reply.status;
    add(status.ready ? Health::ok : Health::warn, reply.url,
        fmt::format("{} {} at block {}, {}", status.name, api::name_of(status.role), status.head.height,
                    status.version),
        status.ready ? "" : "hufu cluster status");
    if (status.head.height + 100 < highest) {
      add(Health::warn, status.name, fmt::format("{} blocks behind", highest - status.head.height),
          "wait, or see its log");
    }
    if (status.disk_free < kDiskWarn) {
      add(status.disk_free < kDiskFail ? Health::fail : Health::warn, status.name + " disk",
          text::bytes_size(status.disk_free) + " free", "give it more space");
    }
    // The newest block's time is the leader's clock: it can lie before now by any amount, never after.
    if (status.head.time_ms > asked + kSkewWarnMs) {
      const std::uint64_t ahead = status.head.time_ms - asked;
      add(ahead > kSkewFailMs ? Health::fail : Health::warn, "clock skew",
          fmt::format("the ledger's newest block is {} ahead of this machine's clock",
                      text::duration(static_cast<double>(ahead) / 1000)),
          "timedatectl set-ntp true");
    }
    return 1;
  }

  const Session& session_;
  std::vector<Symptom> symptoms_;
};

}  // namespace

std::string_view name_of(Health health) {
  return health == Health::ok ? "ok" : health == Health::warn ? "warn" : "fail";
}

int run(const Doctor& options, const Session& session) {
  Examination examination(session);
  examination.machine();
  examination.settings();
  options.directory.empty() ? examination.disk(".") : examination.node_folder(options.directory);
  examination.ledger();
  return examination.finish();
}

}  // namespace hufu::cli
