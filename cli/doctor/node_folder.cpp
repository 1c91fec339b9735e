#include "cli/doctor/node_folder.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/doctor/nodes.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRebuild = "keep the disk as it is: docs/operations.md, \"A disk is lost\"";

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The data folder: named data beside node.toml, unless this is one already.
fs::path data_of(const std::string& folder) {
  return is_there(fs::path(folder) / "ledger" / "CURRENT") ? fs::path(folder) : fs::path(folder) / "data";
}

void examine_files(const std::string& folder, Symptoms& symptoms) {
  for (const char* name : {"node.toml", "ledger.genesis"}) {
    const std::string path = folder + "/" + name;
    const bool there = is_there(path);
    symptoms.push_back({there ? Health::ok : Health::fail, name, there ? path : "missing",
                        there ? "" : fmt::format("hufu node init {} --genesis FILE", folder)});
  }
  symptoms.push_back(examine_secret("node key", folder + "/node.key"));
  symptoms.push_back(examine_secret("node passphrase", folder + "/node.passphrase"));
}

// Of the folder's own genesis file, unless the session names another.
Try<Genesis> genesis_of(const std::string& folder, const Session& session) {
  const std::string beside = folder + "/ledger.genesis";
  if (session.options().genesis.empty() && is_there(beside)) return read_genesis(beside);
  return load_genesis(session);
}

void examine_ledger(const fs::path& data, const std::string& folder, const Session& session,
                    Symptoms& symptoms) {
  const fs::path ledger = data / "ledger";
  if (!is_there(ledger)) {
    return symptoms.push_back({Health::ok, "ledger", "none yet: the node fetches it when it starts", ""});
  }
  const Try<Genesis> genesis = genesis_of(folder, session);
  if (!genesis) {
    return symptoms.push_back(
        {Health::warn, "ledger", "cannot be read without a genesis file", "pass --genesis FILE"});
  }
  const auto store = store::LedgerStore::open(ledger, *genesis, store::Mode::read_only);
  if (!store) {
    const bool foreign = store.error().error == Error::genesis_mismatch;
    return symptoms.push_back(
        {Health::fail, "ledger", store.error().detail,
         foreign ? "pass the genesis file that founded this ledger with --genesis" : kRebuild});
  }
  const BlockHeader& head = (*store)->head();
  symptoms.push_back(
      {Health::ok, "ledger",
       fmt::format("{} at block {}, {}", genesis->origin, head.height, short_hex((*store)->head_hash())),
       ""});
  // A node refuses to start on a ledger without its votes: it might give one twice.
  const auto begun = (*store)->begun_epoch();
  if (!begun || *begun == 0) return;
  const fs::path votes = data / "raft" / std::to_string(*begun) / "high-water";
  if (!is_there(votes)) {
    symptoms.push_back(
        {Health::fail, "votes", fmt::format("{} is missing", votes.string()),
         "of a running cluster: hufu node replace; a whole cluster lost: hufu recovery draft"});
  }
}

void examine_evidence(const fs::path& data, Symptoms& symptoms) {
  std::error_code error;
  std::size_t files = 0;
  std::string first;
  for (const auto& entry : fs::directory_iterator(data / "evidence", error)) {
    if (entry.path().extension() != ".hufu") continue;
    if (files++ == 0 || entry.path().string() < first) first = entry.path().string();
  }
  if (files == 0) return;
  symptoms.push_back({Health::fail, "evidence",
                      fmt::format("{} of members that signed another history", files),
                      fmt::format("hufu audit evidence {}", first)});
}

}  // namespace

Symptom examine_secret(std::string what, const std::string& path) {
  const Result<Bytes> content = read_secret_file(path, KeyFile::kMaxBytes + 1024);
  if (content) return {Health::ok, std::move(what), fmt::format("{}, mode 600", path), ""};
  const Trouble trouble = file_trouble(content.error(), path);
  const ErrorInfo& info = describe(content.error());
  return {Health::fail, std::move(what), fmt::format("{}: {}", path, info.en),
          trouble.next.empty() ? std::string(info.next) : trouble.next};
}

Symptom examine_space(const std::string& path) {
  std::error_code error;
  const fs::space_info space = fs::space(path, error);
  if (error)
    return {Health::fail, "disk", fmt::format("{}: {}", path, error.message()),
            fmt::format("check {}", path)};
  Symptom symptom = examine_disk("disk", space.available, space.capacity, fmt::format("df -h {}", path));
  symptom.found += fmt::format(" at {}", path);
  return symptom;
}

Symptoms examine_folder(const std::string& folder, const Session& session) {
  if (!is_there(folder)) {
    return {
        {Health::fail, "folder", folder + ": there is none", "hufu node init, or name the node's folder"}};
  }
  Symptoms symptoms;
  const fs::path data = data_of(folder);
  if (data != fs::path(folder)) examine_files(folder, symptoms);
  symptoms.push_back(examine_space(is_there(data) ? data.string() : folder));
  examine_ledger(data, folder, session, symptoms);
  examine_evidence(data, symptoms);
  return symptoms;
}

}  // namespace hufu::cli
