#include "cli/commands/about.hpp"

#include "cli/arguments.hpp"
#include "cli/arguments/families.hpp"

namespace hufu::cli {

void add_about(CommandLine root) {
  root.command<Version>("version", {"print the version", "显示版本"});
  auto [explain, options] =
      root.command<Explain>("explain", {"what a code means and what to do", "解释代码及处理办法"});
  explain.option("CODE", options.code, {"an error or a reason; else all", "错误或原因代码"});
  explain.flag("--markdown", options.markdown, {"all codes as a document", "以 Markdown 输出全部代码"});
  root.command<Failpoints>("failpoints",
                           {"the moments at which a test may end this program", "测试可终止本程序的时刻"})
      .first.hidden();
  const auto shell = std::make_shared<Completion>();
  CommandLine completion = root.add("completion", {"a script for your shell", "生成命令补全脚本"},
                                    [shell, chinese = root.chinese()](const Session& session) {
                                      return run(*shell, command_tree(chinese), session);
                                    });
  completion.option("SHELL", shell->shell, {"bash, zsh, fish", "bash, zsh, fish"})
      .required()
      .one_of({"bash", "zsh", "fish"});
}

}  // namespace hufu::cli
