#include "cli/audited_ledger.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <future>
#include <thread>

#include "cli/backup_file.hpp"
#include "cli/client/node_blocks.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/stored_ledger.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;

using Conclude = std::function<int(const AuditedLedger&)>;

// As many threads as there are cores, for the questions that a block answers alone.
class AllCores {
 public:
  AskAhead ahead() {
    return {.start =
                [this](AskAhead::Question question) {
                  std::packaged_task<CheckedBlock()> task(std::move(question));
                  auto answer = std::make_shared<std::future<CheckedBlock>>(task.get_future());
                  asio::post(threads_, std::move(task));
                  return [answer] { return answer->get(); };
                },
            .blocks = 8 * count_};
  }

 private:
  const std::size_t count_ = std::max(1U, std::thread::hardware_concurrency());
  asio::thread_pool threads_{count_};
};

Try<Genesis> genesis_for(const std::string& directory, const Session& session) {
  if (!session.options().genesis.empty()) return load_genesis(session);
  // Beside the data a node keeps the file it was founded with; an auditor passes one of their own with --genesis.
  for (const fs::path& folder : {fs::path(directory), fs::path(directory).parent_path()}) {
    std::error_code ignored;
    const fs::path beside = folder / "ledger.genesis";
    if (fs::exists(beside, ignored)) {
      session.warn(fmt::format(fmt::runtime(session.tr("trusting the genesis file beside the data: {}",
                                                       "使用数据旁的创世文件：{}")),
                               beside.string()));
      return read_genesis(beside.string());
    }
  }
  return load_genesis(session);
}

std::string fault_text(const AuditFault& fault) {
  std::string place = fmt::format("block {}", fault.height);
  if (fault.submission) place += fmt::format(", submission {}", *fault.submission);
  return fmt::format("{}: {}", place, fault.what);
}

AuditReport replay(Audit& audit, BlockSource& source, std::uint64_t height, const Session& session,
                   StatedCheckpoint* checkpoint = nullptr) {
  AllCores cores;
  const auto progress = session.progress(std::string(session.tr("auditing", "审计")),
                                         std::string(session.tr("blocks", "区块")));
  AuditReport report = hufu::audit(
      audit, source,
      [&](const AuditReport& so_far) {
        progress->update(so_far.blocks, height + 1);
        if (checkpoint != nullptr) checkpoint->see(so_far);
      },
      cores.ahead());
  progress->clear();
  return report;
}

// What the caller does before the first block.
Try<void> begin(const AuditOrder& order, const Genesis& genesis, const StatedCheckpoint* checkpoint) {
  return order.begin ? order.begin(genesis, checkpoint) : Try<void>();
}

// Of a folder, which holds none itself.
Try<std::optional<StatedCheckpoint>> given_checkpoint(const AuditOrder& order, const Genesis& genesis) {
  if (order.checkpoint.empty()) return std::optional<StatedCheckpoint>();
  const Try<Bytes> note = read_file(order.checkpoint, kNoteBytes);
  if (!note) return note.error();
  return std::optional(StatedCheckpoint(genesis.origin, std::string(as_text(*note))));
}

int audit_directory(const AuditOrder& options, const Conclude& conclude, const Session& session) {
  std::error_code ignored;
  if (!fs::is_directory(options.directory, ignored)) {
    return session.fail(file_trouble(Error::file_missing, options.directory, "the data folder"));
  }
  const std::string directory = store_directory(options.directory);
  const Try<Genesis> genesis = genesis_for(directory, session);
  if (!genesis) return session.fail(genesis.error());
  const auto opened = store::LedgerStore::open(directory, *genesis, store::Mode::read_only);
  if (!opened) {
    return session.fail({.error = opened.error().error,
                         .what = fmt::format("cannot audit {}", directory),
                         .why = opened.error().detail});
  }
  Try<std::optional<StatedCheckpoint>> checkpoint = given_checkpoint(options, *genesis);
  if (!checkpoint) return session.fail(checkpoint.error());
  StatedCheckpoint* const stated = *checkpoint ? &**checkpoint : nullptr;
  if (const auto begun = begin(options, *genesis, stated); !begun) return session.fail(begun.error());
  const std::uint64_t height = (*opened)->head().height;
  Audit audit(*genesis, options.level);
  audit.watch(options.watch);
  StoredBlocks blocks(**opened);
  AuditReport report = replay(audit, blocks, height, session, stated);
  if (!report.fault && report.head.height < height) {
    report.fault =
        AuditFault{.height = report.blocks,
                   .error = Error::height_gap,
                   .what = fmt::format("the stored head is block {}, the blocks end before", height)};
  }
  if (!report.fault && options.level == AuditLevel::full) check_store(**opened, audit, report);
  if (report.fault && !blocks.detail().empty()) session.warn(blocks.detail());
  if (stated != nullptr && !report.fault) report.fault = stated->judge(*genesis, audit);
  return conclude({.genesis = *genesis,
                   .audit = audit,
                   .report = std::move(report),
                   .kind = "directory",
                   .where = directory,
                   .checkpoint = stated,
                   .next = "keep the disk as it is, and rebuild this node from its peers"});
}

// What the node says of its newest block must be what its blocks make.
void check_claim(const api::Head& claim, AuditReport& report) {
  if (report.fault) return;
  if (claim.hash == report.head_hash && claim.log_size == report.blocks &&
      claim.log_root == report.log_root) {
    return;
  }
  report.fault = AuditFault{.height = report.head.height,
                            .level = AuditLevel::chain,
                            .error = Error::root_mismatch,
                            .what = "the head that the node states is not what its blocks make"};
}

// Of the node's surroundings rather than of its ledger: nothing is known then, neither good nor bad.
bool is_out_of_reach(Error error) { return static_cast<int>(error) / 100 == 7; }

// The node that answers with the newest certified checkpoint comes first.
Try<void> newest_first(ClientOptions& options, const Session& session) {
  const Reply<std::unique_ptr<Client>> client = Client::make(options);
  if (!client) return trouble_of(client.error(), session, "cannot reach the ledger");
  std::uint64_t newest = 0;
  std::string best;
  for (const NodeReply& reply : (*client)->status_of_each()) {
    if (!reply.status || reply.status->certified_size <= newest) continue;
    newest = reply.status->certified_size;
    best = reply.url;
  }
  if (!best.empty()) options.urls = {best};
  return {};
}

int audit_node(const AuditOrder& order, const Conclude& conclude, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  Try<ClientOptions> options = client_options(session, *genesis);
  if (!options) return session.fail(options.error());
  if (order.certified_only) {
    if (const auto chosen = newest_first(*options, session); !chosen) return session.fail(chosen.error());
  }
  const auto blocks = NodeBlocks::open(*options);
  if (!blocks) return session.fail(trouble_of(blocks.error(), session, "cannot audit the ledger"));
  NodeBlocks& source = **blocks;
  Audit audit(*genesis, order.level);
  audit.watch(order.watch);
  StatedCheckpoint checkpoint(genesis->origin, source.checkpoint_note());
  if (order.certified_only) {
    if (checkpoint.size() == 0) {
      return session.fail({.error = Error::not_certified,
                           .what = fmt::format("{} has no checkpoint that a quorum certified", source.url()),
                           .next = "hufu doctor"});
    }
    source.end_at(checkpoint.size());
  }
  if (const auto begun = begin(order, *genesis, &checkpoint); !begun) return session.fail(begun.error());
  AuditReport report = replay(audit, source, source.head().header.height, session, &checkpoint);
  if (report.fault && source.failure() && is_out_of_reach(report.fault->error)) {
    return session.fail(
        trouble_of(*source.failure(), session, fmt::format("the audit stopped at block {}", report.blocks)));
  }
  if (order.level >= AuditLevel::chain) {
    if (!report.fault) report.fault = checkpoint.judge(*genesis, audit);
    if (!order.certified_only) check_claim(source.head(), report);
  }
  return conclude({.genesis = *genesis,
                   .audit = audit,
                   .report = std::move(report),
                   .kind = "node",
                   .where = source.url(),
                   .checkpoint = &checkpoint,
                   .next = "audit another node, and keep what this one says"});
}

int audit_backup(const AuditOrder& order, const Conclude& conclude, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<BackupBlocks>> opened = BackupBlocks::open(order.backup);
  if (!opened) return session.fail(opened.error());
  BackupBlocks& source = **opened;
  if (genesis_hash(source.genesis()) != genesis_hash(*genesis)) {
    return session.fail(
        {.error = Error::genesis_mismatch,
         .what = fmt::format("{} is a backup of another ledger, {} ({})", order.backup,
                             source.genesis().origin, short_hex(genesis_hash(source.genesis()))),
         .next = "pass the founding document of that ledger with --genesis"});
  }
  Audit audit(*genesis, order.level);
  audit.watch(order.watch);
  StatedCheckpoint checkpoint(genesis->origin, source.checkpoint_note());
  if (const auto begun = begin(order, *genesis, &checkpoint); !begun) return session.fail(begun.error());
  const std::uint64_t last = checkpoint.size() == 0 ? 0 : checkpoint.size() - 1;
  AuditReport report = replay(audit, source, last, session, &checkpoint);
  if (report.fault && !source.detail().empty()) session.warn(source.detail());
  if (!report.fault) report.fault = checkpoint.judge(*genesis, audit);
  return conclude({.genesis = *genesis,
                   .audit = audit,
                   .report = std::move(report),
                   .kind = "backup",
                   .where = order.backup,
                   .checkpoint = &checkpoint,
                   .next = "use another backup, and keep this one for whoever asks what happened to it"});
}

}  // namespace

Trouble unsound(const AuditedLedger& ledger) {
  const AuditFault& fault = *ledger.report.fault;
  return {.error = fault.error,
          .what = fmt::format("the ledger of {} is not sound", ledger.where),
          .why = fault_text(fault),
          .next = ledger.next,
          .exit = kIntegrityAlarm};
}

int audit_ledger(const AuditOrder& order, const Conclude& conclude, const Session& session) {
  if (!order.backup.empty()) return audit_backup(order, conclude, session);
  if (order.directory.empty()) return audit_node(order, conclude, session);
  if (!session.options().nodes.empty()) {
    return session.fail({.error = Error::usage,
                         .what = std::string(session.tr("a folder or a node can be audited, not both at once",
                                                        "目录与节点只能审计其一"))});
  }
  return audit_directory(order, conclude, session);
}

}  // namespace hufu::cli
