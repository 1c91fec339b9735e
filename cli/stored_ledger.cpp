#include "cli/stored_ledger.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <unordered_set>

namespace hufu::cli {
std::string store_directory(const std::string& directory) {
  std::error_code ignored;
  for (const char* inside : {"ledger", "data/ledger"}) {
    const std::filesystem::path path = std::filesystem::path(directory) / inside;
    if (std::filesystem::exists(path / "CURRENT", ignored)) return path.string();
  }
  return directory;
}

Result<std::optional<Bytes>> StoredBlocks::block(std::uint64_t height) {
  store::Checked<std::optional<Bytes>> bytes = store_.block_bytes(height);
  if (!bytes) {
    detail_ = bytes.error().detail;
    return bytes.error().error;
  }
  return std::move(*bytes);
}

void check_store(store::LedgerStore& store, const Audit& replay, AuditReport& report) {
  const auto fault = [&](std::string what) {
    if (report.fault) return;
    report.fault = AuditFault{.height = report.head.height,
                              .level = AuditLevel::full,
                              .error = Error::storage_corrupt,
                              .what = std::move(what)};
  };
  const auto differs = [&](const store::LoadedRecord& record) {
    const Standing* const replayed = replay.standing(record.path);
    return replayed == nullptr || !(*replayed == record.standing);
  };
  std::uint64_t seen = 0;
  std::uint64_t submissions = 0;
  std::map<SubjectKey, std::uint64_t> registered;
  std::unordered_set<Hash, HashOfHash> different;  // so far: what stands is the last record of a subject
  store::Checked<void> whole = store.load_state([&](const store::LoadedRecord& record) {
    if (record.first) ++seen;
    if (record.key.kind == SubjectKind::request) ++submissions;
    if (is_registered(record.key.kind)) registered.insert_or_assign(record.key, record.chunk);
    if (differs(record)) {
      different.insert(record.path);
    } else if (!different.empty()) {
      different.erase(record.path);
    }
  });
  if (whole && !different.empty()) {
    whole = store.load_state([&](const store::LoadedRecord& record) {
      if (different.contains(record.path) && differs(record))
        fault(fmt::format("the stored standing of {} is not what the blocks make", record.key.text()));
    });
  }
  if (whole && seen != report.subjects)
    fault(fmt::format("{} standings are stored, the blocks make {}", seen, report.subjects));
  if (whole) whole = store.check_whole(submissions, std::move(registered));
  if (!whole) fault(whole.error().detail);
}

}  // namespace hufu::cli
