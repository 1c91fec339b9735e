#include "cli/confirm.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace hufu::cli {
namespace {

constexpr std::size_t kAnswerMax = 64;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Try<bool> confirmed(const std::string& question, const Session& session) {
  const std::unique_ptr<std::FILE, Close> terminal(std::fopen("/dev/tty", "r+e"));
  if (!terminal) {
    return Trouble{
        .error = Error::usage,
        .what = std::string(session.tr("this must be confirmed, and there is no terminal to ask on",
                                       "需要确认，但没有可供输入的终端")),
        .next = std::string(session.tr("read what it does, then pass --yes", "阅读内容后使用 --yes"))};
  }
  std::fprintf(terminal.get(), "%s [y/N] ", question.c_str());
  std::fflush(terminal.get());
  char line[kAnswerMax] = {};
  if (std::fgets(line, sizeof line, terminal.get()) == nullptr) return false;
  std::string answer(line);
  while (!answer.empty() && (answer.back() == '\n' || answer.back() == '\r' || answer.back() == ' '))
    answer.pop_back();
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "是";
}

}  // namespace hufu::cli
