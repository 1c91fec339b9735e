#include "cli/command_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/arguments.hpp"

namespace hufu::cli {
namespace {

CommandInfo tree() { return command_tree(false); }

TEST(CommandTree, HoldsEveryCommandOfThisVersion) {
  const std::vector<std::string> names = command_names(tree());
  for (const char* name :
       {"demo",     "key",      "genesis",     "issue",      "suspend",    "resume",  "revoke",
        "rescind",  "cancel",   "claim",       "unclaim",    "import",     "show",    "history",
        "verify",   "proof",    "trust",       "node",       "cluster",    "audit",   "disclose",
        "blind",    "doctor",   "version",     "explain",    "completion", "change",  "renew",
        "transfer", "dispute",  "correct",     "set-status", "red-letter", "deliver", "archive",
        "void",     "agency",   "recognition", "catalogue",  "province",   "propose", "approve",
        "enact",    "decision", "submit"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
}

void each(const CommandInfo& command, const std::function<void(const CommandInfo&)>& visit) {
  visit(command);
  for (const CommandInfo& child : command.commands) each(child, visit);
}

TEST(CommandTree, EveryCommandAndOptionExplainsItselfInBothLanguages) {
  for (const bool chinese : {false, true}) {
    each(command_tree(chinese), [](const CommandInfo& command) {
      EXPECT_FALSE(command.summary.empty()) << command.name;
      for (const OptionInfo& option : command.options)
        EXPECT_FALSE(option.summary.empty()) << option.names.front();
    });
  }
}

TEST(CommandTree, WalkPassesOverOptionsAndTheirValues) {
  const CommandInfo root = tree();
  const Walk walked = walk(root, std::vector<std::string>{"--lang", "zh", "node", "--json", "start", "x"});
  EXPECT_EQ(walked.path, "hufu node start");
  EXPECT_FALSE(walked.unknown);
}

TEST(CommandTree, WalkNamesTheWordThatIsNoCommand) {
  const CommandInfo root = tree();
  EXPECT_EQ(walk(root, std::vector<std::string>{"verfy", "x"}).unknown, "verfy");
  EXPECT_EQ(walk(root, std::vector<std::string>{"node", "strat"}).unknown, "strat");
  EXPECT_FALSE(walk(root, std::vector<std::string>{"verify", "anything"}).unknown);
}

// The scripts are asked the way a shell asks.
class Completion : public ::testing::Test {
 protected:
  // What bash would offer for these words, the last one being completed.
  std::string offers(const std::string& words) const {
    const std::string script = testing::TempDir() + "/hufu-completion.bash";
    std::ofstream(script) << completion_script(tree(), Shell::bash);
    const std::string command =
        "bash -c 'source " + script + "; COMP_WORDS=(" + words +
        "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _hufu; printf \"%s \" \"${COMPREPLY[@]}\"'";
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return "no shell";
    std::string out;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
    ::pclose(pipe);
    return out;
  }
};

TEST_F(Completion, BashOffersCommandsSubcommandsAndOptions) {
  EXPECT_EQ(offers("hufu ver"), "verify version ");
  EXPECT_EQ(offers("hufu node s"), "start status ");
  EXPECT_EQ(offers("hufu --lang zh cluster s"), "status ");
  EXPECT_NE(offers("hufu verify --d").find("--document"), std::string::npos);
  EXPECT_EQ(offers("hufu --lang z"), "zh ");
}

TEST_F(Completion, EveryShellGetsEveryCommand) {
  for (const Shell shell : {Shell::bash, Shell::zsh, Shell::fish}) {
    const std::string script = completion_script(tree(), shell);
    each(tree(), [&](const CommandInfo& command) {
      EXPECT_NE(script.find(command.name), std::string::npos) << command.name;
    });
  }
}

}  // namespace
}  // namespace hufu::cli
