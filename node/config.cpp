#include "node/config.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <set>

#include "node/api/json.hpp"

namespace hufu::node {
namespace {

constexpr std::size_t kMaxConfigBytes = 256 * 1024;

std::string text_of(const toml::parse_error& error) {
  return std::string(error.description()) + ", line " + std::to_string(error.source().begin.line);
}

// Takes what it knows out of one table and reports the rest.
class Section {
 public:
  Section(const toml::table* table, std::string prefix, std::vector<std::string>& faults)
      : table_(table), prefix_(std::move(prefix)), faults_(faults) {}
  ~Section() {
    if (table_ == nullptr) return;
    for (const auto& [key, value] : *table_) {
      if (!known_.contains(std::string(key.str()))) fault(std::string(key.str()), "unknown key");
    }
  }
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  std::optional<std::string> text(const std::string& key, bool required = false) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      if (required) fault(key, "missing");
      return std::nullopt;
    }
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) {
      fault(key, "not a text");
      return std::nullopt;
    }
    return value;
  }
  void flag(const std::string& key, bool& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<bool>();
    if (!value) return fault(key, "not true or false");
    out = *value;
  }
  template <class Number>
  void number(const std::string& key, Number& out, std::int64_t least, std::int64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      return fault(key,
                   "not a whole number between " + std::to_string(least) + " and " + std::to_string(most));
    }
    out = static_cast<Number>(*value);
  }
  void endpoint(const std::string& key, std::optional<Endpoint>& out) {
    const auto value = text(key);
    if (!value) return;
    const auto parsed = api::parse_endpoint(*value);
    if (!parsed) return fault(key, "not host:port");
    out = *parsed;
  }
  const toml::table* table(const std::string& key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fault(key, "not a table");
    return node->as_table();
  }
  void fault(const std::string& key, const std::string& what) {
    faults_.push_back(prefix_ + key + ": " + what);
  }

 private:
  const toml::node* find(const std::string& key) {
    known_.insert(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }

  const toml::table* table_;
  const std::string prefix_;
  std::vector<std::string>& faults_;
  std::set<std::string> known_;
};

void read_listen(const toml::table* table, Config& config, std::vector<std::string>& faults) {
  Section listen(table, "listen.", faults);
  listen.endpoint("peer", config.listen_peer);
  listen.endpoint("api", config.listen_api);
  listen.endpoint("api_plain", config.listen_api_plain);
}

void read_joining(const toml::table* table, const std::filesystem::path& directory, Config& config,
                  std::vector<std::string>& faults) {
  if (table == nullptr) return;
  Section joining(table, "joining.", faults);
  Joining own;
  std::optional<Endpoint> peer;
  std::optional<Endpoint> api;
  joining.number("id", own.id, 1, std::numeric_limits<std::int64_t>::max());
  own.province = joining.text("province", true).value_or("");
  joining.endpoint("peer", peer);
  joining.endpoint("api", api);
  if (const auto roster = joining.text("roster", false)) own.roster = directory / *roster;
  if (own.id == 0) joining.fault("id", "is missing");
  if (!peer) joining.fault("peer", "is missing");
  if (!api) joining.fault("api", "is missing");
  own.peer = peer.value_or(Endpoint{});
  own.api = api.value_or(Endpoint{});
  config.joining = std::move(own);
}

void read_raft(const toml::table* table, Config& config, std::vector<std::string>& faults) {
  Section raft(table, "raft.", faults);
  raft.number("election_timeout_ms", config.raft.election_timeout_ms, 50, 60'000);
  raft.number("heartbeat_ms", config.raft.heartbeat_ms, 5, 20'000);
  raft.number("disk_stall_ms", config.raft.disk_stall_ms, 0, 600'000);
  if (config.raft.heartbeat_ms * 3 > config.raft.election_timeout_ms) {
    raft.fault("heartbeat_ms", "more than a third of election_timeout_ms");
  }
}

void read_limits(const toml::table* table, Config& config, std::vector<std::string>& faults) {
  Section limits(table, "limits.", faults);
  limits.number("block_bytes", config.limits.block_bytes, 1024, limits::kSubmissionBytes);
  limits.number("block_submissions", config.limits.block_submissions, 1, limits::kSubmissionsPerBlock);
  limits.number("pending_bytes", config.limits.pending_bytes, limits::kSubmissionBytes, 1LL << 34);
  limits.number("pending_submissions", config.limits.pending_submissions, 1, 1'000'000);
  limits.number("verify_threads", config.limits.verify_threads, 1, 64);
  limits.number("state_memory_mb", config.limits.state_memory_mb, 4, 4096);
  limits.number("cache_mb", config.limits.cache_mb, 4, 65'536);
  limits.number("disk_floor_mb", config.limits.disk_floor_mb, 0, 1LL << 30);
  limits.number("disk_warn_mb", config.limits.disk_warn_mb, 0, 1LL << 30);
}

void read_rates(const toml::table* table, Config& config, std::vector<std::string>& faults) {
  Section rates(table, "rates.", faults);
  rates.number("address_per_second", config.rates.address.per_second, 0, 1'000'000'000);
  rates.number("address_burst", config.rates.address.burst, 1, 1'000'000'000);
  rates.number("agency_per_second", config.rates.agency.per_second, 0, 1'000'000'000);
  rates.number("agency_burst", config.rates.agency.burst, 1, 1'000'000'000);
}

void read_traces(const toml::table* table, Config& config, std::vector<std::string>& faults) {
  Section traces(table, "traces.", faults);
  traces.flag("signed_only", config.traces.signed_only);
  traces.number("address_per_second", config.traces.address.per_second, 0, 1'000'000'000);
  traces.number("address_burst", config.traces.address.burst, 1, 1'000'000'000);
}

void read_root(const toml::table& table, const std::filesystem::path& directory, Config& config,
               std::vector<std::string>& faults) {
  Section root(&table, "", faults);
  const auto path = [&](const char* key) {
    const auto value = root.text(key, true);
    return value ? directory / *value : std::filesystem::path();
  };
  config.node = root.text("node", true).value_or("");
  config.data = path("data");
  config.genesis = path("genesis");
  config.key = path("key");
  config.passphrase = path("passphrase");
  if (const auto level = root.text("log_level")) {
    bool known = false;
    for (const LogLevel each : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
      if (name_of(each) != *level) continue;
      config.log_level = each;
      known = true;
    }
    if (!known) root.fault("log_level", "not debug, info, warning or error");
  }
  read_listen(root.table("listen"), config, faults);
  read_joining(root.table("joining"), directory, config, faults);
  read_raft(root.table("raft"), config, faults);
  read_limits(root.table("limits"), config, faults);
  read_rates(root.table("rates"), config, faults);
  read_traces(root.table("traces"), config, faults);
}

}  // namespace

void throw_exception_from_error(const ConfigFaults& /*faults*/, const boost::source_location& where) {
  throw_exception_from_error(Error::config_invalid, where);
}

ParsedConfig parse_config(std::string_view toml, const std::filesystem::path& directory) {
  Config config;
  ConfigFaults faults;
  try {
    read_root(toml::parse(toml), directory, config, faults.lines);
  } catch (const toml::parse_error& error) {
    faults.lines.push_back(text_of(error));
  }
  if (!faults.lines.empty()) return faults;
  return config;
}

ParsedConfig read_config(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return ConfigFaults{{file.string() + ": cannot be read"}};
  std::string text(kMaxConfigBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxConfigBytes) return ConfigFaults{{file.string() + ": too large"}};
  return parse_config(text, file.parent_path());
}

}  // namespace hufu::node
