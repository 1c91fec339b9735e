#include "cli/commands/demo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/clock.hpp"
#include "cli/commands/verify.hpp"
#include "cli/demo/stage.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

// A folder that goes when the demo goes, unless it is to be kept.
class Folder {
 public:
  Folder(std::string path, bool kept) : path_(std::move(path)), kept_(kept) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool kept_;
};

Try<std::string> make_folder(const Demo& options) {
  if (!options.keep.empty()) {
    std::error_code ignored;
    if (fs::exists(options.keep, ignored) && !fs::is_empty(options.keep, ignored)) {
      return Trouble{.error = Error::already_exists,
                     .what = fmt::format("{} is not empty", options.keep),
                     .next = "name a new folder; hufu demo --stop ends one that runs there"};
    }
    if (const auto made = make_private_folder(options.keep); !made) return made.error();
    return fs::absolute(options.keep).string();
  }
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "hufu-demo-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    return Trouble{
        .error = Error::file_unwritable, .what = "cannot make a temporary folder", .next = "set TMPDIR"};
  }
  return name;
}

// The commands to try: real ones, with paths that work when pasted.
struct Tries {
  std::vector<std::pair<std::string, std::string>> commands;  // what it shows, the command
};

// A license that is in force today, so that there is something to suspend; nullptr if the last few hundred have all ended.
const demo::Acknowledged* license_in_force(demo::Stage& stage) {
  constexpr std::size_t kLookedAt = 300;
  std::size_t looked_at = 0;
  const auto& records = stage.acknowledged();
  for (auto record = records.rbegin(); record != records.rend() && looked_at < kLookedAt; ++record) {
    if (record->subject.kind != SubjectKind::license) continue;
    ++looked_at;
    const Reply<api::StandingAnswer> answer = stage.client().standing(record->subject, api::ReadWish::local);
    if (answer && answer->standing && status_on(*answer->standing, china_today()) == "VALID") return &*record;
  }
  return nullptr;
}

Tries tries_for(const demo::Founded& founded, demo::Stage& stage, const Session& session) {
  const std::string hufu = fmt::format("{} --config {}", demo::own_program(), founded.settings_file());
  Tries tries;
  const auto add = [&](std::string_view english, std::string_view chinese, std::string command) {
    tries.commands.emplace_back(std::string(session.tr(english, chinese)), hufu + " " + std::move(command));
  };
  const demo::Acknowledged* const license = license_in_force(stage);
  if (license != nullptr) {
    const Result<LicenseId> id = parse_license_id(license->subject.id);
    add("check a holder's document", "核验持证人文件", "verify " + license->document);
    const std::string proof = founded.directory + "/license.hufu";
    add("take its proof along", "取得证明文件",
        fmt::format("proof get {} --out {}", license->subject.id, proof));
    add("check it where no node can be reached", "离线核验",
        fmt::format("verify {} --proof {} --offline --trust {}", license->document, proof,
                    founded.genesis_file()));
    if (id) {
      add("suspend that license, then check it again", "暂扣该证照，再核验一次",
          fmt::format("suspend {} --key {}", license->subject.id, founded.key_file(std::string(id->issuer))));
    }
  } else {
    add("who leads, how far each node is", "查看集群状态", "cluster status");
  }
  add("replay a node's whole ledger", "重放并检查整个账本",
      fmt::format("audit ledger {}/data", founded.nodes.front().folder));
  return tries;
}

json::object report_json(const demo::Founded& founded, const demo::Stage& stage,
                         const demo::Processes& processes, const Tries& tries) {
  json::array nodes;
  for (std::size_t i = 0; i < founded.nodes.size(); ++i) {
    const demo::DemoNode& node = founded.nodes[i];
    nodes.push_back(json::object{{"name", node.name},
                                 {"api", node.api},
                                 {"pid", processes.pid(i)},
                                 {"folder", node.folder},
                                 {"config", node.folder + "/node.toml"},
                                 {"data", node.folder + "/data"},
                                 {"log", node.log()}});
  }
  json::array agencies;
  for (const FoundingAgency& agency : founded.genesis.agencies) {
    agencies.push_back(json::object{{"code", agency.code},
                                    {"name", agency.standing.name},
                                    {"province", agency.standing.province},
                                    {"key", founded.key_file(agency.code)}});
  }
  json::array commands;
  for (const auto& [what, command] : tries.commands) commands.push_back(json::value(command));
  return {{"directory", founded.directory},      {"genesis", founded.genesis_file()},
          {"settings", founded.settings_file()}, {"passphraseFile", founded.passphrase_file()},
          {"keys", founded.keys_folder()},       {"documents", founded.documents()},
          {"nodes", std::move(nodes)},           {"agencies", std::move(agencies)},
          {"import", to_json(stage.imported())}, {"acknowledged", stage.acknowledged().size()},
          {"try", std::move(commands)}};
}

// Checks a few of the holders' documents, each in a line.
Try<void> verify_some(demo::Stage& stage, const demo::Founded& founded, const Session& session) {
  offline::TrustSource trust = trust_in(founded.genesis);
  const std::size_t count = stage.acknowledged().size();
  for (const std::size_t at : {std::size_t{0}, count / 2, count - 1}) {
    if (count == 0) return {};
    const demo::Acknowledged& record = stage.acknowledged()[at];
    Try<Document> document = read_document(record.document);
    if (!document) return document.error();
    Verification verification{
        .asked = record.subject.id, .subject = record.subject, .document = std::move(*document)};
    verification.day = china_today();
    const auto judged =
        ask_and_judge(stage.client(), founded.genesis, trust, std::nullopt, verification, stage.session());
    if (!judged) return judged.error();
    const Judgement& judgement = verification.judgement;
    const auto passed = std::count_if(judgement.checks.begin(), judgement.checks.end(),
                                      [](const Check& check) { return check.result == Check::Result::pass; });
    std::string reasons;
    for (const Reason reason : judgement.reasons) reasons += fmt::format(" {}", code_of(reason));
    session.say(fmt::format(
        "  {}{}  {}  ({} {})",
        session.paint_message(judgement.verdict == Verdict::accept ? Paint::good : Paint::doubtful,
                              name_of(judgement.verdict)),
        reasons, record.subject.id, passed, session.tr("checks passed", "项检查通过")));
  }
  return {};
}

int stop_demo(const Demo& options, const Session& session) {
  const Try<unsigned> stopped = demo::stop_by_pid_files(options.stop);
  if (!stopped) return session.fail(stopped.error());
  if (session.options().json) {
    session.print_json(json::object{{"directory", options.stop}, {"stopped", *stopped}, {"exit", kOk}});
  } else {
    session.print(fmt::format(fmt::runtime(session.tr("{} node(s) stopped; the folder {} is left as it is\n",
                                                      "已停止 {} 个节点；目录 {} 保留\n")),
                              *stopped, options.stop));
  }
  return kOk;
}

class Play {
 public:
  Play(const Demo& options, const Session& session) : options_(options), session_(session) {}

  int go() {
    demo::Signals signals;
    const Try<std::string> path = make_folder(options_);
    if (!path) return session_.fail(path.error());
    const Folder folder(*path, !options_.keep.empty());
    const Try<demo::DataSet> data = load_data(folder.path());
    if (!data) return session_.fail(data.error());
    session_.say(fmt::format(
        fmt::runtime(session_.tr("founding a ledger: {} provinces, {} agencies, {} nodes, keys and all in {}",
                                 "创立账本：{} 个省份、{} 个机构、{} 个节点，密钥等均在 {}")),
        data->provinces.size(), data->agencies.size() + data->provinces.size(), options_.nodes,
        folder.path()));
    const Try<demo::Founded> founded = demo::found_ledger(*data, options_.nodes, folder.path(), session_);
    if (!founded) return session_.fail(founded.error());
    demo::Processes processes(*founded, options_.detach);
    demo::Stage stage(*founded, *data, processes, signals, session_);
    const int exit = play(*data, *founded, processes, stage, signals);
    if (!options_.detach || exit != kOk) processes.stop_all(signals);
    return exit;
  }

 private:
  Try<demo::DataSet> load_data(const std::string& folder) {
    if (!options_.data.empty()) return demo::load_data_set(options_.data);
    if (const auto unpacked = demo::unpack_sample(folder + "/data"); !unpacked) return unpacked.error();
    return demo::load_data_set(folder + "/data");
  }

  int play(const demo::DataSet& data, const demo::Founded& founded, demo::Processes& processes,
           demo::Stage& stage, demo::Signals& signals) {
    if (const auto started = processes.start_all(); !started) return session_.fail(started.error());
    if (const auto ready = stage.wait_until_ready(true); !ready) return session_.fail(ready.error());
    session_.say(session_.tr("the nodes are up and have elected a leader", "节点已启动并选出主节点"));
    if (!options_.no_import) {
      const std::size_t first = options_.self_check ? 1 : data.exports.size();
      if (const auto imported = stage.import(0, first); !imported) return session_.fail(imported.error());
      say_imported(stage);
      if (const auto verified = verify_some(stage, founded, session_); !verified)
        return session_.fail(verified.error());
    }
    if (options_.self_check) return check(data, founded, processes, stage);
    const Tries tries = tries_for(founded, stage, session_);
    show(founded, stage, processes, tries);
    if (!options_.detach) wait(processes, founded, signals);
    return kOk;
  }

  void say_imported(const demo::Stage& stage) const {
    const ImportTotals& totals = stage.imported().totals;
    session_.say(fmt::format(
        fmt::runtime(session_.tr(
            "imported an office's exports: {} rows read, {} on the ledger, {} left for a person, {} left out",
            "已导入台账：读取 {} 行，存证 {} 行，待人工 {} 行，其余 {} 行")),
        totals.total, totals.of(RowOutcome::appended), totals.of(importer::Verdict::review),
        totals.total - totals.of(RowOutcome::appended) - totals.of(importer::Verdict::review)));
  }

  int check(const demo::DataSet& data, const demo::Founded& founded, demo::Processes& processes,
            demo::Stage& stage) {
    session_.say(session_.tr("self-check:", "自检："));
    const auto checks = demo::self_check(stage, founded, data, processes, session_);
    if (!checks) return session_.fail(checks.error());
    const bool passed =
        std::all_of(checks->begin(), checks->end(), [](const demo::SelfCheck& one) { return one.passed; });
    const int exit = passed ? kOk : kIntegrityAlarm;
    if (session_.options().json) {
      json::object document = report_json(founded, stage, processes, {});
      json::array list;
      for (const demo::SelfCheck& one : *checks) {
        list.push_back(json::object{{"what", one.what}, {"passed", one.passed}, {"found", one.found}});
      }
      document["selfCheck"] = std::move(list);
      document["exit"] = exit;
      session_.print_json(document);
    } else {
      session_.print(passed ? session_.tr("self-check passed: the leader was killed and nothing was lost\n",
                                          "自检通过：主节点被强制终止，未丢失任何记录\n")
                            : session_.tr("self-check FAILED\n", "自检未通过\n"));
    }
    return exit;
  }

  void show(const demo::Founded& founded, const demo::Stage& stage, const demo::Processes& processes,
            const Tries& tries) const {
    if (session_.options().json) {
      json::object document = report_json(founded, stage, processes, tries);
      document["exit"] = kOk;
      return session_.print_json(document);
    }
    text::Table nodes;
    for (std::size_t i = 0; i < founded.nodes.size(); ++i) {
      nodes.add({founded.nodes[i].name, founded.nodes[i].api, fmt::format("pid {}", processes.pid(i))});
    }
    session_.print("\n" + nodes.str("  "));
    session_.print(fmt::format(
        "\n{}\n",
        session_.paint(Paint::strong, session_.tr("Try, in another terminal:", "在另一个终端试试："))));
    for (const auto& [what, command] : tries.commands) {
      session_.print(fmt::format("\n  {}\n    {}\n", session_.paint(Paint::faint, "# " + what), command));
    }
    session_.print(
        options_.detach
            ? fmt::format(
                  fmt::runtime(session_.tr("\nIt goes on running; end it with\n    {} demo --stop {}\n",
                                           "\n节点继续运行；停止请执行\n    {} demo --stop {}\n")),
                  demo::own_program(), founded.directory)
            : std::string(session_.tr("\nCtrl-C ends it and cleans up.\n", "\n按 Ctrl-C 结束并清理。\n")));
  }

  void wait(demo::Processes& processes, const demo::Founded& founded, demo::Signals& signals) const {
    while (!signals.stop_asked()) {
      if (const auto node = processes.ended()) {
        session_.warn(fmt::format(fmt::runtime(session_.tr("{} ended; its log is {}", "{} 已退出，日志：{}")),
                                  founded.nodes[*node].name, founded.nodes[*node].log()));
        continue;
      }
      signals.wait_for(std::chrono::hours(1));
    }
    session_.say(session_.tr("stopping the nodes", "正在停止节点"));
  }

  const Demo& options_;
  const Session& session_;
};

}  // namespace

int run(const Demo& options, const Session& session) {
  if (!options.stop.empty()) return stop_demo(options, session);
  if (options.detach && options.keep.empty()) {
    return session.fail({.error = Error::usage,
                         .what = "--detach needs a folder that stays",
                         .next = "hufu demo --detach --keep DIR"});
  }
  if (options.self_check && (options.detach || options.no_import)) {
    return session.fail({.error = Error::usage,
                         .what = "--self-check plays alone, with records",
                         .next = "hufu demo --self-check"});
  }
  return Play(options, session).go();
}

}  // namespace hufu::cli
