#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/commands/about.hpp"
#include "cli/commands/audit.hpp"
#include "cli/commands/change.hpp"
#include "cli/commands/demo.hpp"
#include "cli/commands/doctor.hpp"
#include "cli/commands/genesis.hpp"
#include "cli/commands/import.hpp"
#include "cli/commands/issue.hpp"
#include "cli/commands/key.hpp"
#include "cli/commands/show.hpp"
#include "cli/commands/verify.hpp"
#include "cli/settings.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

// One parse: the parser, the options it fills, and the command it chose.
class Parser {
 public:
  explicit Parser(bool chinese, const NodeRunner& run_node) : chinese_(chinese), run_node_(run_node) {
    app_.name("hufu");
    app_.description(
        tr("Notarization ledger for electronic licenses and e-invoices", "电子证照与电子票据存证账本"));
    app_.fallthrough();
    app_.require_subcommand(1);
    app_.failure_message(CLI::FailureMessage::simple);
    add_global();
    add_demo();
    add_key();
    add_genesis();
    add_issue();
    add_changes();
    add_import();
    add_questions();
    add_nodes();
    add_audit();
    add_about();
  }

  CLI::App& app() { return app_; }
  GlobalOptions& global() { return global_; }
  int run(const Session& session) const { return chosen_(session); }

 private:
  const char* tr(const char* english, const char* chinese) const { return chinese_ ? chinese : english; }

  // A group of commands, or a command whose options live as long as the parser.
  CLI::App& group(CLI::App& parent, const char* name, const char* english, const char* chinese) {
    CLI::App* const added = parent.add_subcommand(name, tr(english, chinese));
    added->require_subcommand(1);
    return *added;
  }
  template <class Options>
  std::pair<CLI::App&, Options&> command(CLI::App& parent, const char* name, const char* english,
                                         const char* chinese, Options initial = {}) {
    const auto options = std::make_shared<Options>(std::move(initial));
    CLI::App* const added = parent.add_subcommand(name, tr(english, chinese));
    added->callback([this, options] {
      chosen_ = [options](const Session& session) { return hufu::cli::run(*options, session); };
    });
    return {*added, *options};
  }
  // Each use takes one value, so that what follows stays what it is.
  CLI::Option* list(CLI::App& app, const char* names, std::vector<std::string>& values, const char* summary) {
    return app.add_option(names, values, summary)->allow_extra_args(false);
  }
  void passphrase(CLI::App& app, PassphraseSource& source) {
    app.add_option("--passphrase-file", source.file,
                   tr("read the passphrase from this file (mode 600)", "从文件读取口令（权限 600）"))
        ->type_name("FILE");
    app.add_option("--passphrase-fd", source.descriptor,
                   tr("read the passphrase from this descriptor", "从描述符读取口令"))
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
  }

  void add_global() {
    app_.add_flag("--json", global_.json, tr("one JSON document on stdout", "以 JSON 输出"));
    app_.add_flag("-q,--quiet", global_.quiet, tr("say less", "减少提示"));
    app_.add_flag("-v,--verbose", global_.verbose, tr("say more", "增加提示"));
    app_.add_flag("--progress", global_.progress,
                  tr("show progress without a terminal too", "无终端时也显示进度"));
    app_.add_option("--color", global_.color, tr("auto, always or never", "颜色"))
        ->type_name("WHEN")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app_.add_option("--lang", global_.language,
                    tr("zh or en; else from the locale", "zh 或 en，默认取自区域设置"))
        ->type_name("LANG")
        ->check(CLI::IsMember({"zh", "en"}));
    list(app_, "--node", global_.nodes, tr("address of a node, may be repeated", "节点地址，可重复"))
        ->type_name("URL");
    app_.add_option("--genesis", global_.genesis, tr("the ledger's founding document", "创世文件"))
        ->type_name("FILE");
    app_.add_option("--config", global_.config,
                    tr("settings instead of ~/.config/hufu/config.toml", "设置文件"))
        ->type_name("FILE");
    app_.add_option("--timeout", global_.timeout_seconds,
                    tr("seconds to wait for one answer", "等待答复的秒数"))
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 3600));
    app_.add_flag_callback(
        "--version",
        [this] {
          chosen_ = [](const Session& session) { return hufu::cli::run(Version{}, session); };
          throw CLI::Success();
        },
        tr("print the version", "显示版本"));
  }

  void add_demo() {
    auto [demo, options] =
        command<Demo>(app_, "demo", "a cluster on this machine, with records in it", "在本机演示整个集群");
    demo.add_option("--nodes", options.nodes, tr("how many nodes", "节点数"))
        ->type_name("N")
        ->check(CLI::Range(1, 7));
    demo.add_flag("--self-check", options.self_check,
                  tr("kill the leader and show that nothing is lost", "终止主节点并自检"));
    demo.add_option("--keep", options.keep, tr("keep everything in this folder", "保留于此目录"))
        ->type_name("DIR");
    demo.add_flag("--detach", options.detach, tr("leave it running", "后台运行"));
    demo.add_flag("--no-import", options.no_import, tr("start with an empty ledger", "不导入数据"));
    demo.add_option("--stop", options.stop,
                    tr("end the demo left running in this folder", "停止该目录中的演示"))
        ->type_name("DIR");
    demo.add_option("--data", options.data, tr("another data set than the sample", "使用其他数据集"))
        ->type_name("DIR");
  }

  void add_key() {
    CLI::App& key = group(app_, "key", "keys of agencies and nodes", "机构与节点的密钥");
    auto [fresh, new_options] =
        command<KeyNew>(key, "new", "make a key and seal it with a passphrase", "生成密钥并以口令加密");
    fresh.add_option("FILE", new_options.path, tr("the file to make", "要生成的文件"))->required();
    fresh.add_option("--label", new_options.label, tr("whose key it is, for people", "密钥归属说明"))
        ->type_name("TEXT");
    passphrase(fresh, new_options.passphrase);
    auto [show, show_options] = command<KeyShow>(key, "show", "print the public key", "显示公钥");
    show.add_option("FILE", show_options.path, tr("the key file", "密钥文件"))->required();
    passphrase(show, show_options.passphrase);
  }

  void add_genesis() {
    CLI::App& genesis = group(app_, "genesis", "the founding document of a ledger", "创世文件");
    auto [fresh, options] = command<GenesisNew>(genesis, "new", "write a founding document, checked whole",
                                                "生成并完整检查创世文件");
    fresh.add_option("OUT", options.out, tr("the file to make", "要生成的文件"))->required();
    fresh.add_option("--from", options.draft, tr("a draft in JSON", "JSON 草稿"))->type_name("FILE");
    fresh.add_option("--origin", options.origin, tr("the ledger's name", "账本名称"))->type_name("NAME");
    list(fresh, "--province", options.provinces, tr("a founding province", "创始省份"))
        ->type_name("CODE=NAME");
    list(fresh, "--agency", options.agencies, tr("a founding agency", "创始机构"))
        ->type_name("code=,name=,province=,key=,types=T1+T2");
    list(fresh, "--member", options.nodes, tr("a founding node", "创始节点"))
        ->type_name("id=,name=,province=,log=,cosign=,tls=,peer=,api=");
    auto [show, show_options] =
        command<GenesisShow>(genesis, "show", "show a founding document", "显示创世文件");
    show.add_option("FILE", show_options.path, tr("the file; else that of --genesis", "创世文件"));
  }

  void submitting(CLI::App& app, SubmitOptions& options) {
    app.add_option("--key", options.key.key, tr("the agency's key file", "机构密钥文件"))->type_name("FILE");
    app.add_option("--agency", options.key.agency,
                   tr("the agency, when the genesis does not tell", "机构代码"))
        ->type_name("CODE");
    passphrase(app, options.key.passphrase);
    app.add_option("--day", options.day, tr("when it takes effect; else today", "生效日期，默认今天"))
        ->type_name("YYYY-MM-DD");
    app.add_option("--request-id", options.request_id,
                   tr("repeat a request whose outcome is unknown", "重发结果未知的请求"))
        ->type_name("HEX");
  }

  void add_issue() {
    CLI::App& issue = group(app_, "issue", "notarise one record", "签发并存证一条记录");
    const auto kind = [&](const char* name, const char* english, const char* chinese, bool license) {
      auto [app, options] = command<Issue>(issue, name, english, chinese, Issue{.license = license});
      app.add_option("FIELDS", options.input,
                     tr("a JSON file with the fields, or field=value words", "字段 JSON 文件或 字段=值"))
          ->required();
      app.add_option("--document", options.document,
                     tr("where the holder's document goes", "持证人文件的位置"))
          ->type_name("FILE");
      submitting(app, options.submit);
    };
    kind("license", "issue a license", "签发证照", true);
    kind("invoice", "issue an invoice", "开具发票", false);
  }

  void add_changes() {
    const auto change = [&](const char* name, const char* english, const char* chinese,
                            LicenseAction action) {
      auto [app, options] =
          command<ChangeLicense>(app_, name, english, chinese, ChangeLicense{.action = action});
      app.add_option("ID", options.id, tr("the license's identifier", "证照标识"))->required();
      submitting(app, options.submit);
    };
    change("suspend", "suspend a license", "暂扣证照", LicenseAction::suspend);
    change("resume", "put a suspended license back into force", "恢复证照", LicenseAction::resume);
    change("revoke", "revoke a license, for ever", "吊销证照", LicenseAction::revoke);
    change("rescind", "rescind a license, for ever", "撤销证照", LicenseAction::rescind);
    change("cancel", "cancel a license, for ever", "注销证照", LicenseAction::cancel);

    auto [claim, claim_options] =
        command<ClaimInvoice>(app_, "claim", "book an invoice, once", "发票报销入账");
    claim.add_option("NUMBER", claim_options.number, tr("the invoice number", "发票号码"))->required();
    claim.add_option("--document", claim_options.document, tr("the invoice's document file", "发票文件"))
        ->type_name("FILE")
        ->required();
    claim
        .add_option("--by", claim_options.by, tr("USCC of the accounting entity", "入账单位统一社会信用代码"))
        ->type_name("USCC")
        ->required();
    claim.add_option("--period", claim_options.period, tr("accounting period", "会计期间"))
        ->type_name("YYYYMM")
        ->required();
    claim.add_option("--voucher", claim_options.voucher, tr("voucher number", "凭证号"))
        ->type_name("TEXT")
        ->required();
    submitting(claim, claim_options.submit);
    auto [unclaim, unclaim_options] =
        command<UnclaimInvoice>(app_, "unclaim", "take a booking back", "撤销发票入账");
    unclaim.add_option("NUMBER", unclaim_options.number, tr("the invoice number", "发票号码"))->required();
    unclaim.add_option("--document", unclaim_options.document, tr("the invoice's document file", "发票文件"))
        ->type_name("FILE")
        ->required();
    unclaim.add_option("--by", unclaim_options.by, tr("the entity that booked it", "入账单位"))
        ->type_name("USCC")
        ->required();
    submitting(unclaim, unclaim_options.submit);
  }

  void add_import() {
    auto [import, options] =
        command<Import>(app_, "import", "notarise what an office exports", "导入台账并存证");
    import
        .add_option("PATH", options.paths, tr("files or folders: CSV, TXT, JSON lines, XML", "文件或文件夹"))
        ->required();
    import.add_flag("--dry-run", options.dry_run,
                    tr("read and judge only; nothing is sent", "只检查，不发送"));
    import
        .add_option("--report", options.report,
                    tr("every row's verdict and outcome, .jsonl or .csv", "逐行报告"))
        ->type_name("FILE");
    import.add_option("--mapping", options.mapping, tr("which column is which field", "列映射文件"))
        ->type_name("FILE");
    import
        .add_option("--save-mapping", options.save_mapping,
                    tr("write the mapping that was guessed", "保存推测的映射"))
        ->type_name("FILE");
    import
        .add_option("--documents", options.documents, tr("folder for the holders' documents", "持证人文件夹"))
        ->type_name("DIR");
    list(import, "--key", options.keys,
         tr("an agency's key file or a folder of them, may be repeated", "机构密钥文件或文件夹，可重复"))
        ->type_name("PATH");
    import
        .add_option("--agency", options.agency, tr("the agency, when the genesis does not tell", "机构代码"))
        ->type_name("CODE");
    passphrase(import, options.passphrase);
  }

  void add_questions() {
    auto [show, show_options] =
        command<Show>(app_, "show", "what the ledger says of one subject", "查询主体现状");
    show.add_option("ID", show_options.id, tr("a license, an invoice, or kind:id", "标识"))->required();
    auto [history, history_options] =
        command<History>(app_, "history", "the whole life of one subject", "查询全部历史");
    history.add_option("ID", history_options.id, tr("a license, an invoice, or kind:id", "标识"))->required();
    auto [verify, verify_options] =
        command<Verify>(app_, "verify", "check a document or an identifier", "核验文件或标识");
    verify
        .add_option(
            "WHAT", verify_options.what,
            tr("an identifier, a document file, or - for standard input", "标识、文件，或 - 表示标准输入"))
        ->required();
    verify
        .add_option("--document", verify_options.document,
                    tr("compare this document file too", "同时比对此文件"))
        ->type_name("FILE");
    verify
        .add_option("--at", verify_options.day,
                    tr("the day that is asked for; else today", "核验日期，默认今天"))
        ->type_name("YYYY-MM-DD");
    verify
        .add_option("--max-age", verify_options.max_age,
                    tr("how old an unconfirmed answer may be", "未确认答复的最长时效"))
        ->type_name("AGE");
  }

  void add_nodes() {
    CLI::App& node = group(app_, "node", "run a node", "运行节点");
    auto [init, options] = command<NodeInit>(node, "init", "prepare a node's folder", "准备节点目录");
    init.add_option("DIR", options.directory, tr("the node's folder", "节点目录"))->required();
    init.add_option("--name", options.name, tr("which node of the roster", "节点名称"))->type_name("NAME");
    init.add_flag("--make-key", options.make_key,
                  tr("make the node's key and print its public keys", "生成节点密钥"));
    init.add_flag("--single", options.single,
                  tr("a whole ledger of one node, ready to start", "单节点账本，可直接启动"));
    init.add_option("--origin", options.origin, tr("with --single: the ledger's name", "账本名称"))
        ->type_name("NAME");
    init.add_option("--province", options.province, tr("with --single: the province", "省份"))
        ->type_name("CODE");
    init.add_option("--api", options.api, tr("with --single: address for clients", "客户端地址"))
        ->type_name("HOST:PORT");
    init.add_option("--peer", options.peer, tr("with --single: address for nodes", "节点间地址"))
        ->type_name("HOST:PORT");
    list(init, "--type", options.types,
         tr("with --single: a license type the agency may issue", "可签发的证照类型"))
        ->type_name("CODE");
    CLI::App* const start =
        node.add_subcommand("start", tr("run a node until it is told to stop", "启动节点"));
    const auto start_options = std::make_shared<NodeStart>();
    start
        ->add_option("CONFIG", start_options->config,
                     tr("node.toml, or the folder it lies in", "节点配置或目录"))
        ->required();
    start->callback([this, start_options] {
      chosen_ = [this, start_options](const Session& session) { return run_node_(*start_options, session); };
    });
    command<NodeStatus>(node, "status", "what each node says of itself", "节点状态");
    CLI::App& cluster = group(app_, "cluster", "all nodes of the ledger", "集群");
    command<ClusterStatus>(cluster, "status", "which nodes are up, who leads, how far each is", "集群状态");
  }

  void add_audit() {
    CLI::App& audit = group(app_, "audit", "believe nobody", "审计");
    auto [ledger, options] = command<AuditLedger>(
        audit, "ledger", "replay a node's whole ledger from its disk", "重放并检查整个账本");
    ledger.add_option("DIR", options.directory, tr("the node's data folder", "节点数据目录"))->required();
    ledger
        .add_option("--level", options.level,
                    tr("0 framing, 1 hash chain, 2 roots, 3 signatures, 4 full replay", "检查深度 0 至 4"))
        ->type_name("0-4")
        ->check(CLI::Range(0, 4));
    auto [doctor, doctor_options] =
        command<Doctor>(app_, "doctor", "what stands in the way, and what to do next", "诊断");
    doctor.add_option("DIR", doctor_options.directory, tr("a node's folder to look at too", "节点目录"));
  }

  void add_about() {
    command<Version>(app_, "version", "print the version", "显示版本");
    auto [explain, explain_options] =
        command<Explain>(app_, "explain", "what a code means and what to do", "解释代码及处理办法");
    explain.add_option("CODE", explain_options.code, tr("an error or a reason; else all", "错误或原因代码"));
    CLI::App* const completion =
        app_.add_subcommand("completion", tr("a script for your shell", "生成命令补全脚本"));
    const auto options = std::make_shared<Completion>();
    completion->add_option("SHELL", options->shell, "bash, zsh, fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->callback([this, options] {
      chosen_ = [this, options](const Session& session) {
        return hufu::cli::run(*options, command_tree(chinese_), session);
      };
    });
  }

  bool chinese_;
  const NodeRunner& run_node_;
  CLI::App app_;
  GlobalOptions global_;
  std::function<int(const Session&)> chosen_;
};

CommandInfo info_of(const CLI::App& app) {
  CommandInfo info{.name = app.get_name(), .summary = app.get_description()};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      info.takes_files = true;
      continue;
    }
    OptionInfo one{.takes_value = option->get_items_expected_max() > 0, .summary = option->get_description()};
    for (const std::string& name : option->get_lnames()) one.names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) one.names.push_back("-" + name);
    if (one.names.front() == "--lang") one.values = {"zh", "en"};
    if (one.names.front() == "--color") one.values = {"auto", "always", "never"};
    info.options.push_back(std::move(one));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    info.commands.push_back(info_of(*command));
  }
  return info;
}

// The language must be known before the parser is made: its help is in that language.
bool wants_chinese(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--lang=zh" || (words[i] == "--lang" && i + 1 < words.size() && words[i + 1] == "zh"))
      return true;
    if (words[i] == "--lang=en" || (words[i] == "--lang" && i + 1 < words.size() && words[i + 1] == "en"))
      return false;
  }
  const Try<Settings> settings = load_settings("");
  if (settings && !settings->language.empty()) return settings->language == "zh";
  return locale_is_chinese();
}

Trouble usage_trouble(const CommandInfo& root, const std::vector<std::string>& words,
                      const CLI::ParseError& error) {
  const Walk walked = walk(root, words);
  Trouble trouble{.error = Error::usage, .why = error.what(), .next = fmt::format("{} --help", walked.path)};
  if (walked.unknown) {
    trouble.what = fmt::format("{} has no command {}", walked.path, text::printable(*walked.unknown));
    trouble.why = "known are";
    const std::vector<std::string> names = command_names(*walked.command);
    for (const std::string& name : names) trouble.why += " " + name;
    if (const auto near = text::nearest(*walked.unknown, names)) {
      trouble.next = fmt::format("did you mean {} {}?", walked.path, *near);
    }
    return trouble;
  }
  trouble.what = fmt::format("{} was not understood", walked.path);
  for (char& c : trouble.why) {
    if (c == '\n') c = ' ';
  }
  for (const std::string& word : words) {
    const std::string name = word.substr(0, word.find('='));
    if (name.size() < 3 || !name.starts_with("--")) continue;
    const std::vector<std::string> names = option_names(root, *walked.command);
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    trouble.why = fmt::format("{} has no option {}", walked.path, text::printable(name));
    if (const auto near = text::nearest(name, names)) trouble.next = fmt::format("did you mean {}?", *near);
    break;
  }
  return trouble;
}

}  // namespace

CommandInfo command_tree(bool chinese) {
  const NodeRunner none;
  Parser parser(chinese, none);
  return info_of(parser.app());
}

int run_words(const std::vector<std::string>& words, const NodeRunner& run_node) {
  const bool chinese = wants_chinese(words);
  Parser parser(chinese, run_node);
  const auto session = [&] {
    GlobalOptions global = parser.global();
    global.language = chinese ? "zh" : "en";
    return Session(std::move(global));
  };
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // what CLI11 asks for
    parser.app().parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    session().print(parser.app().help());
    return kOk;
  } catch (const CLI::Success&) {
    return parser.run(session());
  } catch (const CLI::ParseError& error) {
    if (words.empty()) {
      session().print(parser.app().help());
      return kUsage;
    }
    return session().fail(usage_trouble(command_tree(chinese), words, error));
  }
  return parser.run(session());
}

}  // namespace hufu::cli
