#include "cli/commands/audit.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <future>
#include <thread>

#include "cli/client/node_blocks.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/stated_checkpoint.hpp"
#include "cli/stored_ledger.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;

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

// A node's folder holds its ledger under "ledger"; the ledger's own folder is understood too.
std::string store_directory(const std::string& directory) {
  std::error_code ignored;
  for (const char* inside : {"ledger", "data/ledger"}) {
    const fs::path path = fs::path(directory) / inside;
    if (fs::exists(path / "CURRENT", ignored)) return path.string();
  }
  return directory;
}

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

// Whose ledger it is, for people and in JSON.
struct Place {
  const char* name;  // "directory", "node"
  std::string where;
  const StatedCheckpoint* checkpoint = nullptr;  // of a node
};

void print_people(const AuditReport& report, AuditLevel level, const Place& place, const Session& session) {
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("ledger", "账本", place.where);
  row("checked", "检查深度", fmt::format("{} ({})", static_cast<int>(level), name_of(level)));
  row("blocks", "区块", text::grouped(report.blocks));
  row("submissions", "提交", text::grouped(report.submissions));
  row("operations", "操作", text::grouped(report.operations));
  if (level == AuditLevel::full) row("subjects", "主体", text::grouped(report.subjects));
  if (report.blocks > 0) {
    row("head", "最新区块", fmt::format("{}, {}", report.head.height, api::moment_text(report.head.time_ms)));
    row("head hash", "区块哈希", to_hex(report.head_hash));
    row("log root", "日志根", to_hex(report.log_root));
    row("state root", "状态根", to_hex(report.head.state_root));
  }
  if (place.checkpoint != nullptr) {
    const Result<Checkpoint>& certified = place.checkpoint->certified();
    row("certified", "已联署",
        certified ? fmt::format("{} blocks", text::grouped(certified->size))
                  : fmt::format("nothing ({})", code_of(certified.error())));
  }
  row("result", "结果",
      report.fault ? session.paint(Paint::bad, session.tr("FAULT", "发现问题"))
                   : session.paint(Paint::good, session.tr("CLEAN", "无误")));
  session.print(table.str());
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

// The exit code, when everything has been said.
int tell(const AuditReport& report, AuditLevel level, const Place& place, std::string next,
         const Session& session) {
  if (session.options().json) {
    json::object document = to_json(report, level);
    document[place.name] = place.where;
    if (place.checkpoint != nullptr) {
      const Result<Checkpoint>& certified = place.checkpoint->certified();
      document["certifiedBlocks"] = certified ? json::value(certified->size) : json::value();
    }
    document["exit"] = report.fault ? kIntegrityAlarm : kOk;
    session.print_json(document);
  } else {
    print_people(report, level, place, session);
  }
  if (!report.fault) return kOk;
  if (session.options().json) return kIntegrityAlarm;
  return session.fail({.error = report.fault->error,
                       .what = fmt::format("the ledger of {} is not sound", place.where),
                       .why = fault_text(*report.fault),
                       .next = std::move(next),
                       .exit = kIntegrityAlarm});
}

int audit_directory(const AuditLedger& options, AuditLevel level, const Session& session) {
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
  const std::uint64_t height = (*opened)->head().height;
  Audit audit(*genesis, level);
  StoredBlocks blocks(**opened);
  AuditReport report = replay(audit, blocks, height, session);
  if (!report.fault && report.head.height < height) {
    report.fault =
        AuditFault{.height = report.blocks,
                   .error = Error::height_gap,
                   .what = fmt::format("the stored head is block {}, the blocks end before", height)};
  }
  if (!report.fault && level == AuditLevel::full) check_store(**opened, audit, report);
  if (report.fault && !blocks.detail().empty()) session.warn(blocks.detail());
  return tell(report, level, {"directory", directory},
              "keep the disk as it is, and rebuild this node from its peers", session);
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

int audit_node(AuditLevel level, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<ClientOptions> options = client_options(session, *genesis);
  if (!options) return session.fail(options.error());
  const auto blocks = NodeBlocks::open(*options);
  if (!blocks) return session.fail(trouble_of(blocks.error(), session, "cannot audit the ledger"));
  NodeBlocks& source = **blocks;
  Audit audit(*genesis, level);
  StatedCheckpoint checkpoint(genesis->origin, source.checkpoint_note());
  AuditReport report = replay(audit, source, source.head().header.height, session, &checkpoint);
  if (report.fault && source.failure() && is_out_of_reach(report.fault->error)) {
    return session.fail(
        trouble_of(*source.failure(), session, fmt::format("the audit stopped at block {}", report.blocks)));
  }
  if (level >= AuditLevel::chain) {
    if (!report.fault) report.fault = checkpoint.judge(*genesis, audit);
    check_claim(source.head(), report);
  }
  return tell(report, level, {"node", source.url(), &checkpoint},
              "audit another node, and keep what this one says", session);
}

}  // namespace

json::object to_json(const AuditReport& report, AuditLevel level) {
  json::object out{{"clean", !report.fault.has_value()},
                   {"level", static_cast<int>(level)},
                   {"levelName", name_of(level)},
                   {"blocks", report.blocks},
                   {"submissions", report.submissions},
                   {"operations", report.operations},
                   {"subjects", report.subjects},
                   {"height", report.head.height},
                   {"headHash", to_hex(report.head_hash)},
                   {"logRoot", to_hex(report.log_root)},
                   {"stateRoot", to_hex(report.head.state_root)},
                   {"fault", nullptr}};
  if (report.fault) {
    json::object fault{{"height", report.fault->height},
                       {"level", static_cast<int>(report.fault->level)},
                       {"code", code_of(report.fault->error)},
                       {"what", report.fault->what},
                       {"submission", nullptr}};
    if (report.fault->submission) fault["submission"] = *report.fault->submission;
    out["fault"] = std::move(fault);
  }
  return out;
}

int run(const AuditLedger& options, const Session& session) {
  const auto level = static_cast<AuditLevel>(options.level);
  if (options.directory.empty()) return audit_node(level, session);
  if (!session.options().nodes.empty()) {
    return session.fail({.error = Error::usage,
                         .what = std::string(session.tr("a folder or a node can be audited, not both at once",
                                                        "目录与节点只能审计其一"))});
  }
  return audit_directory(options, level, session);
}

}  // namespace hufu::cli
