// hufu restore: a backup becomes the ledger in a node's data folder.
//
// The new folder is built beside the old one, whole and checked, and takes its place by a rename. It holds the ledger alone: no
// votes, no log of Raft, no marks of what was signed; a node refuses to start from it as if nothing had happened.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "cli/audited_ledger.hpp"
#include "cli/clock.hpp"
#include "cli/commands/backup.hpp"
#include "cli/files.hpp"
#include "cli/stored_ledger.hpp"
#include "cli/sync_folder.hpp"
#include "cli/text/width.hpp"
#include "ledger/rocksdb/rebuild.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

Trouble store_trouble(const store::StoreFault& fault, std::string_view what) {
  return {.error = fault.error, .what = std::string(what), .why = fault.detail};
}
Trouble system_trouble(const std::string& path, const std::error_code& error) {
  return {.error = Error::file_unwritable,
          .what = fmt::format("cannot replace {}", path),
          .why = error.message()};
}

// Held while the folder is exchanged, as a running node holds it.
class FolderLock {
 public:
  static Try<FolderLock> take(const fs::path& folder) {
    const std::string file = (folder / "lock").string();
    FolderLock lock(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (lock.descriptor_ < 0 && errno != ENOENT && errno != ENOTDIR) {
      return system_trouble(file, std::error_code(errno, std::generic_category()));
    }
    if (lock.descriptor_ >= 0 && ::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
      return Trouble{.error = Error::file_unwritable,
                     .what = fmt::format("a node runs on {}", folder.string()),
                     .next = "stop the node first"};
    }
    return lock;
  }
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;  // -1: nobody has run a node here
};

// The folder that a restore fills; gone unless it took its place.
class FreshFolder {
 public:
  explicit FreshFolder(fs::path target)
      : target_(std::move(target)), path_(fmt::format("{}.restore-{}", target_.string(), ::getpid())) {}
  ~FreshFolder() {
    std::error_code ignored;
    if (!placed_) fs::remove_all(path_, ignored);
  }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;

  const fs::path& path() const { return path_; }
  fs::path ledger() const { return path_ / "ledger"; }

  // Gives the name under which what was there is kept; empty: nothing was there.
  Try<std::string> place() {
    for (const fs::path& folder : {ledger(), path_}) {
      if (auto synced = sync_folder(folder.string()); !synced) return synced.error();
    }
    std::string aside;
    std::error_code error;
    if (fs::exists(target_, error) && !fs::is_empty(target_, error)) {
      aside = fmt::format("{}.replaced-{}", target_.string(), now_ms());
      fs::rename(target_, aside, error);
      if (error) return system_trouble(target_.string(), error);
    }
    fs::rename(path_, target_, error);  // over an empty folder too
    if (error) {
      Trouble trouble = system_trouble(target_.string(), error);
      if (!aside.empty()) fs::rename(aside, target_, error);
      // Somebody made a folder of that name meanwhile.
      if (!aside.empty() && error) trouble.why += "; what was there is now " + aside;
      return trouble;
    }
    placed_ = true;
    if (auto synced = sync_folder(target_.parent_path().string()); !synced) return synced.error();
    return aside;
  }

 private:
  const fs::path target_;
  const fs::path path_;
  bool placed_ = false;
};

class Restoring {
 public:
  Restoring(const Restore& options, fs::path target, const Session& session)
      : options_(options), session_(session), fresh_(std::move(target)) {}

  Try<void> begin(const Genesis& genesis) {
    if (options_.dry_run) return {};
    if (auto made = make_private_folder(fresh_.path().string()); !made) return made;
    auto begun = store::Rebuild::begin(fresh_.ledger(), genesis);
    if (!begun) return store_trouble(begun.error(), "cannot build the ledger");
    rebuild_ = std::move(*begun);
    return {};
  }

  void block(const Block& block) {
    if (!rebuild_ || fault_ || block.header.height == 0) return;
    if (auto appended = rebuild_->append(block); !appended) fault_ = appended.error();
  }

  int conclude(const AuditedLedger& ledger) {
    if (ledger.report.fault) return session_.fail(unsound(ledger));
    if (fault_) return session_.fail(store_trouble(*fault_, "cannot build the ledger"));
    const auto& certified = ledger.checkpoint->certified();
    const std::uint64_t covered = certified ? certified->size : 0;
    if (covered != ledger.report.blocks && !options_.uncertified)
      return session_.fail(uncertified(ledger, covered));
    if (options_.dry_run) return tell(ledger, covered, "");
    if (auto written = finish(ledger); !written) return session_.fail(written.error());
    Try<std::string> aside = fresh_.place();
    if (!aside) return session_.fail(aside.error());
    return tell(ledger, covered, *aside);
  }

 private:
  static Trouble uncertified(const AuditedLedger& ledger, std::uint64_t covered) {
    return {.error = Error::not_certified,
            .what = fmt::format("the quorum vouches for {} of the {} blocks in {}", covered,
                                ledger.report.blocks, ledger.where),
            .next =
                "use a backup taken from a running node, or pass --uncertified if you trust whoever made "
                "this one"};
  }

  // What will be read is what was written, and that is what the blocks make.
  Try<void> finish(const AuditedLedger& ledger) {
    if (auto finished = rebuild_->finish(); !finished)
      return store_trouble(finished.error(), "cannot build the ledger");
    rebuild_.reset();
    const auto stored = store::LedgerStore::open(fresh_.ledger(), ledger.genesis, store::Mode::read_only);
    if (!stored) return store_trouble(stored.error(), "what was built cannot be read");
    AuditReport report = ledger.report;
    if ((*stored)->head() != report.head) {
      return Trouble{.error = Error::storage_corrupt, .what = "what was built ends at another block"};
    }
    check_store(**stored, ledger.audit, report);
    if (report.fault) {
      return Trouble{
          .error = report.fault->error, .what = "what was built is damaged", .why = report.fault->what};
    }
    return {};
  }

  int tell(const AuditedLedger& ledger, std::uint64_t covered, const std::string& aside) const {
    const AuditReport& report = ledger.report;
    const char* const next =
        options_.dry_run
            ? "hufu restore without --dry-run"
            : "one node of a running cluster: hufu node replace; a whole cluster lost: hufu recovery draft";
    if (session_.options().json) {
      session_.print_json(
          json::object{{"backup", ledger.where},
                       {"restored", options_.dry_run ? json::value() : json::value(options_.to)},
                       {"aside", aside.empty() ? json::value() : json::value(aside)},
                       {"blocks", report.blocks},
                       {"certifiedBlocks", covered},
                       {"height", report.head.height},
                       {"headHash", to_hex(report.head_hash)},
                       {"next", next},
                       {"exit", kOk}});
      return kOk;
    }
    text::Table table;
    table.add({std::string(session_.tr("backup", "备份")), ledger.where});
    table.add({std::string(session_.tr("blocks", "区块")), text::grouped(report.blocks)});
    table.add(
        {std::string(session_.tr("certified", "已联署")), fmt::format("{} blocks", text::grouped(covered))});
    table.add({std::string(session_.tr("head", "最新区块")),
               fmt::format("{}, {}, {}", report.head.height, api::moment_text(report.head.time_ms),
                           to_hex(report.head_hash))});
    table.add(
        {std::string(session_.tr("restored", "已恢复")),
         options_.dry_run ? std::string(session_.tr("nothing (a dry run)", "未恢复（演练）")) : options_.to});
    if (!aside.empty()) table.add({std::string(session_.tr("kept aside", "原目录")), aside});
    session_.print(table.str());
    session_.say(fmt::format("→ {}", next));
    return kOk;
  }

  const Restore& options_;
  const Session& session_;
  FreshFolder fresh_;
  std::unique_ptr<store::Rebuild> rebuild_;
  std::optional<store::StoreFault> fault_;
};

}  // namespace

int run(const Restore& options, const Session& session) {
  fs::path target = fs::path(options.to).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  std::error_code ignored;
  const bool filled =
      fs::exists(target, ignored) && !(fs::is_directory(target, ignored) && fs::is_empty(target, ignored));
  if (filled && !options.replace && !options.dry_run) {
    return session.fail(
        {.error = Error::already_exists,
         .what = fmt::format("{} holds something already", target.string()),
         .next =
             "another folder with --to, or --replace: what is there is then kept aside under another name"});
  }
  const Try<FolderLock> lock = FolderLock::take(target);
  if (!lock && !options.dry_run) return session.fail(lock.error());
  Restoring restoring(options, target, session);
  AuditOrder order{.directory = "", .watch = [&](const Block& block) { restoring.block(block); }};
  order.backup = options.file;
  order.begin = [&](const Genesis& genesis, const StatedCheckpoint*) { return restoring.begin(genesis); };
  return audit_ledger(
      order, [&](const AuditedLedger& ledger) { return restoring.conclude(ledger); }, session);
}

}  // namespace hufu::cli
