#include "cli/stored_ledger.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

namespace hufu::cli {
namespace {

// What is registered must be what is there to register.
std::optional<std::string> registry_fault(const store::LedgerStore& store,
                                          const std::set<SubjectKey>& expected) {
  std::set<SubjectKey> listed;
  for (auto kind = SubjectKind::license; is_known(kind);
       kind = static_cast<SubjectKind>(static_cast<int>(kind) + 1)) {
    const store::Checked<std::vector<SubjectKey>> keys =
        store.registry(kind, "", std::numeric_limits<std::size_t>::max());
    if (!keys) return keys.error().detail;
    listed.insert(keys->begin(), keys->end());
  }
  if (listed == expected) return std::nullopt;
  return fmt::format("{} subjects are registered, the blocks make {}, and they are not the same",
                     listed.size(), expected.size());
}

}  // namespace

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
  std::uint64_t seen = 0;
  std::set<SubjectKey> registered;
  std::set<SubjectKey> different;  // so far: what stands is the last record of a subject
  const store::Checked<void> loaded = store.load_state([&](const store::LoadedRecord& record) {
    if (record.first) ++seen;
    if (is_registered(record.key.kind)) registered.insert(record.key);
    const Standing* const replayed = replay.standing(record.path);
    if (replayed != nullptr && *replayed == record.standing) {
      different.erase(record.key);
    } else {
      different.insert(record.key);
    }
  });
  if (!loaded) fault(loaded.error().detail);
  if (!different.empty())
    fault(fmt::format("the stored standing of {} is not what the blocks make", different.begin()->text()));
  if (seen != report.subjects) {
    fault(fmt::format("{} standings are stored, the blocks make {}", seen, report.subjects));
  }
  if (auto wrong = registry_fault(store, registered)) fault(*std::move(wrong));
}

}  // namespace hufu::cli
