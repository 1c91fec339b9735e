#include "cli/commands/demo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/clock.hpp"
#include "cli/commands/verify.hpp"
#include "cli/demo/folder.hpp"
#include "cli/demo/report.hpp"
#include "cli/demo/stage.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

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
  return demo::make_temporary_folder("", "hufu-demo");
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
    const demo::Folder folder(*path, !options_.keep.empty());
    const Try<demo::DataSet> data = load_data(folder.path());
    if (!data) return session_.fail(data.error());
    session_.say(fmt::format(
        fmt::runtime(session_.tr("founding a ledger: {} provinces, {} agencies, {} nodes, keys and all in {}",
                                 "创立账本：{} 个省份、{} 个机构、{} 个节点，密钥等均在 {}")),
        data->provinces.size(), data->agencies.size() + data->provinces.size(), options_.nodes,
        folder.path()));
    if (data->older > 0) {
      session_.say(fmt::format(
          fmt::runtime(session_.tr(
              "{} licenses are older than their agency's validFrom: its authority begins with them",
              "{} 张证照早于其机构的授权起始日：授权自其最早一张起算")),
          data->older));
    }
    const Try<demo::Founded> founded = demo::found_ledger(*data, options_.nodes, folder.path(), session_);
    if (!founded) return session_.fail(founded.error());
    demo::Processes processes(*founded, options_.detach);
    demo::Stage stage(*founded, *data, processes, signals, session_);
    const int exit = play(*data, *founded, processes, stage, signals);
    const bool runs_on = options_.detach && (exit == kOk || exit == kRefused);  // some events were refused
    if (!runs_on) processes.stop_all(signals);
    return exit;
  }

 private:
  Try<demo::DataSet> load_data(const std::string& folder) {
    if (!options_.data.empty()) return demo::load_data_set(options_.data);
    if (const auto unpacked = demo::unpack_example(options_.example, folder + "/data"); !unpacked)
      return unpacked.error();
    return demo::load_data_set(folder + "/data");
  }

  int play(const demo::DataSet& data, const demo::Founded& founded, demo::Processes& processes,
           demo::Stage& stage, demo::Signals& signals) {
    if (const auto started = processes.start_all(); !started) return session_.fail(started.error());
    if (const auto ready = stage.wait_until_ready(true); !ready) return session_.fail(ready.error());
    session_.say(session_.tr("the nodes are up and have elected a leader", "节点已启动并选出主节点"));
    if (!options_.no_import) {
      if (const auto filled = fill(data, stage); !filled) return session_.fail(filled.error());
      if (const auto verified = verify_some(stage, founded, session_); !verified)
        return session_.fail(verified.error());
    }
    if (options_.self_check) return check(data, founded, processes, stage);
    const demo::Tries tries = demo::tries_for(founded, stage, session_);
    show(founded, stage, processes, tries);
    if (!options_.detach) wait(processes, founded, signals);
    return exit_of(stage);
  }

  // Records on the ledger: whole lives where the data set tells them, else what its offices export.
  Try<void> fill(const demo::DataSet& data, demo::Stage& stage) {
    const bool lives = data.has_events() && !options_.self_check;
    if (!lives) {
      const std::size_t first = options_.self_check ? 1 : data.exports.size();
      if (const auto imported = stage.import(0, first); !imported) return imported;
      demo::say_imported(stage.imported(), session_);
    }
    if (options_.self_check) return {};
    if (const auto played = stage.play(); !played) return played;
    demo::say_played(stage.played(), session_);
    return {};
  }

  static int exit_of(const demo::Stage& stage) { return stage.played().refused.empty() ? kOk : kRefused; }

  int check(const demo::DataSet& data, const demo::Founded& founded, demo::Processes& processes,
            demo::Stage& stage) {
    session_.say(session_.tr("self-check:", "自检："));
    const auto checks = demo::self_check(stage, founded, data, processes, session_);
    if (!checks) return session_.fail(checks.error());
    const bool passed =
        std::all_of(checks->begin(), checks->end(), [](const demo::SelfCheck& one) { return one.passed; });
    const int exit = passed ? kOk : kIntegrityAlarm;
    if (session_.options().json) {
      json::object document = demo::report_json(founded, stage, processes, {});
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
            const demo::Tries& tries) const {
    if (session_.options().json) {
      json::object document = demo::report_json(founded, stage, processes, tries);
      document["exit"] = exit_of(stage);
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
