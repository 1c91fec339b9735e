// What an operator tells a node: a TOML file, checked whole before anything is opened.
//
//   node       = "node-1"                 which member of the roster this is
//   data       = "data"                   directory; paths are relative to the file's own directory
//   genesis    = "ledger.genesis"
//   key        = "node-1.key"             sealed seed, mode 0600
//   passphrase = "node-1.passphrase"      file, mode 0600, first line
//   log_level  = "info"                   debug, info, warning, error
//
//   [listen]                              default: the addresses of the roster
//   peer = "0.0.0.0:7001"
//   api  = "0.0.0.0:8001"
//   api_plain = "127.0.0.1:8081"          besides, without TLS; loopback only
//
//   [joining]                             who is not in the genesis: as the decision that brings it in names it
//   id = 2001
//   province = "330000"
//   peer = "node-4.example:7001"
//   api  = "node-4.example:8001"
//   roster = "roster"                     the nodes as they were when the folder was made; those of the genesis are asked anyway
//
//   [raft]
//   election_timeout_ms = 1000            a leader is missed after one to two times this
//   heartbeat_ms = 100                    at most a third of it
//   disk_stall_ms = 0                     a leader whose disk takes longer gives up; 0: twice the election timeout, at least 2 s
//
//   [limits]
//   block_bytes, block_submissions, pending_bytes, pending_submissions, verify_threads, state_memory_mb, cache_mb
//   disk_floor_mb = 256                   with less than this free no submission is taken
//   disk_warn_mb = 5120                   with less than this, or than a tenth of the disk, a warning is logged
//
//   [rates]                               submissions a second; 0: no limit
//   address_per_second, address_burst, agency_per_second, agency_burst
//
//   [traces]                              of use: the access log (node/access_recorder.hpp)
//   signed_only = false                   true: a trace names the agency that verifies, and is signed by it
//   address_per_second, address_burst
//
// Everything but the first five has a default. Unknown keys are refused.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/limits.hpp"
#include "ledger/record/standing.hpp"
#include "node/logging.hpp"

namespace hufu::node {

struct RaftTiming {
  unsigned election_timeout_ms = 1000;
  unsigned heartbeat_ms = 100;
  unsigned disk_stall_ms = 0;
};

struct NodeLimits {
  // A block is closed by whichever comes first; one submission always fits.
  std::size_t block_bytes = 1U << 20;
  std::size_t block_submissions = 1024;
  // Submissions that wait for their outcome on this node.
  std::size_t pending_bytes = 128U << 20;
  std::size_t pending_submissions = 20'000;
  std::size_t verify_threads = 2;
  std::size_t state_memory_mb = 64;
  std::size_t cache_mb = 64;
  std::uint64_t disk_floor_mb = 256;
  std::uint64_t disk_warn_mb = 5120;
};

// Token buckets: so many submissions a second, so many at once. 0: no limit.
struct Rate {
  double per_second = 0;
  double burst = 0;
};
struct Rates {
  Rate address{20'000, 40'000};
  Rate agency{20'000, 40'000};
};

// A node that the genesis does not know, until the roster does.
struct Joining {
  std::uint64_t id = 0;
  std::string province;
  Endpoint peer;
  Endpoint api;
  std::filesystem::path roster;  // empty: none
};

struct TraceRules {
  bool signed_only = false;
  Rate address{1'000, 5'000};
};

struct Config {
  std::string node;
  std::filesystem::path data;
  std::filesystem::path genesis;
  std::filesystem::path key;
  std::filesystem::path passphrase;
  LogLevel log_level = LogLevel::info;
  std::optional<Endpoint> listen_peer;
  std::optional<Endpoint> listen_api;
  std::optional<Endpoint> listen_api_plain;
  std::optional<Joining> joining;
  RaftTiming raft;
  NodeLimits limits;
  Rates rates;
  TraceRules traces;
};

// "limits.block_bytes: not between 1024 and 8388608"
struct ConfigFaults {
  std::vector<std::string> lines;
};
[[noreturn]] void throw_exception_from_error(const ConfigFaults& faults, const boost::source_location& where);

using ParsedConfig = boost::system::result<Config, ConfigFaults>;
ParsedConfig parse_config(std::string_view toml, const std::filesystem::path& directory);
ParsedConfig read_config(const std::filesystem::path& file);

}  // namespace hufu::node
