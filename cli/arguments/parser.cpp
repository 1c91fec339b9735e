#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/arguments.hpp"
#include "cli/arguments/families.hpp"
#include "cli/commands/about.hpp"
#include "cli/settings.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {

OptionLine OptionLine::value(const char* name) {
  option_->type_name(name);
  return *this;
}
OptionLine OptionLine::required() {
  option_->required();
  return *this;
}
OptionLine OptionLine::one_of(std::vector<std::string> values) {
  option_->check(CLI::IsMember(std::move(values)));
  return *this;
}
OptionLine OptionLine::between(int lowest, int highest) {
  option_->check(CLI::Range(lowest, highest));
  return *this;
}

CommandLine CommandLine::group(const char* name, Said summary) {
  const std::vector<CLI::App*> there =
      app_->get_subcommands([name](const CLI::App* command) { return command->get_name() == name; });
  CLI::App* const group = there.empty() ? app_->add_subcommand(name, tr(summary)) : there.front();
  if (there.empty()) group->require_subcommand(1);
  return {*group, chinese_, *chosen_};
}
CommandLine CommandLine::add(const char* name, Said summary, Run run) {
  CLI::App* const added = app_->add_subcommand(name, tr(summary));
  added->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
  return {*added, chinese_, *chosen_};
}
void CommandLine::otherwise(Run run) {
  app_->require_subcommand(0, 1);
  app_->callback([app = app_, chosen = chosen_, run = std::move(run)] {
    if (app->get_subcommands().empty()) *chosen = run;
  });
}
OptionLine CommandLine::option(const char* names, std::string& variable, Said summary) {
  return OptionLine(*app_->add_option(names, variable, tr(summary)));
}
OptionLine CommandLine::option(const char* names, int& variable, Said summary) {
  return OptionLine(*app_->add_option(names, variable, tr(summary)));
}
OptionLine CommandLine::option(const char* names, unsigned& variable, Said summary) {
  return OptionLine(*app_->add_option(names, variable, tr(summary)));
}
OptionLine CommandLine::flag(const char* names, bool& variable, Said summary) {
  return OptionLine(*app_->add_flag(names, variable, tr(summary)));
}
OptionLine CommandLine::list(const char* names, std::vector<std::string>& values, Said summary) {
  return OptionLine(*app_->add_option(names, values, tr(summary))->allow_extra_args(false));
}
OptionLine CommandLine::words(const char* name, std::vector<std::string>& values, Said summary) {
  return OptionLine(*app_->add_option(name, values, tr(summary)));
}
void CommandLine::hidden() { app_->group(""); }
void CommandLine::passphrase(PassphraseSource& source) {
  option("--passphrase-file", source.file,
         {"read the passphrase from this file (mode 600)", "从文件读取口令（权限 600）"})
      .value("FILE");
  option("--passphrase-fd", source.descriptor,
         {"read the passphrase from this descriptor", "从描述符读取口令"})
      .value("N")
      .between(0, 1024);
}

namespace {

// One parse: the parser, the options it fills, and the command it chose.
class Parser {
 public:
  Parser(bool chinese, const NodeRunner& run_node) {
    const CommandLine root(app_, chinese, chosen_);
    app_.name("hufu");
    app_.description(root.tr(
        {"Notarization ledger for electronic licenses and e-invoices", "电子证照与电子票据存证账本"}));
    app_.fallthrough();
    app_.require_subcommand(1);
    app_.failure_message(CLI::FailureMessage::simple);
    add_global(root);
    add_demo(root);
    add_founding(root);
    add_records(root);
    add_licenses(root);
    add_invoices(root);
    add_governance(root);
    add_questions(root);
    add_nodes(root, run_node);
    add_registry(root);
    add_audits(root);
    add_about(root);
  }

  CLI::App& app() { return app_; }
  GlobalOptions& global() { return global_; }
  int run(const Session& session) const { return chosen_(session); }

 private:
  void add_global(CommandLine root) {
    root.flag("--json", global_.json, {"one JSON document on stdout", "以 JSON 输出"});
    root.flag("-q,--quiet", global_.quiet, {"say less", "减少提示"});
    root.flag("-v,--verbose", global_.verbose, {"say more", "增加提示"});
    root.flag("--progress", global_.progress, {"show progress without a terminal too", "无终端时也显示进度"});
    root.option("--color", global_.color, {"auto, always or never", "颜色"})
        .value("WHEN")
        .one_of({"auto", "always", "never"});
    root.option("--lang", global_.language, {"zh or en; else from the locale", "zh 或 en，默认取自区域设置"})
        .value("LANG")
        .one_of({"zh", "en"});
    root.list("--node", global_.nodes, {"address of a node, may be repeated", "节点地址，可重复"})
        .value("URL");
    root.option("--genesis", global_.genesis, {"the ledger's founding document", "创世文件"}).value("FILE");
    root.option("--config", global_.config, {"settings instead of ~/.config/hufu/config.toml", "设置文件"})
        .value("FILE");
    root.option("--timeout", global_.timeout_seconds, {"seconds to wait for one answer", "等待答复的秒数"})
        .value("SECONDS")
        .between(1, 3600);
    app_.add_flag_callback(
        "--version",
        [this] {
          chosen_ = [](const Session& session) { return hufu::cli::run(Version{}, session); };
          throw CLI::Success();
        },
        root.tr({"print the version", "显示版本"}));
  }

  CLI::App app_;
  GlobalOptions global_;
  Run chosen_;
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
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
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
