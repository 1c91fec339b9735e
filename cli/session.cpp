#include "cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "ledger/base/check.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

bool colored(const std::string& wish, int descriptor) {
  if (wish == "always") return true;
  if (wish == "never") return false;
  const char* const no_color = std::getenv("NO_COLOR");  // no-color.org: present and not empty
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* const term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return ::isatty(descriptor) == 1;
}

std::string painted(bool on, Paint paint, std::string_view text) {
  if (!on || paint == Paint::none) return std::string(text);
  const char* code = "0";
  switch (paint) {
    case Paint::good:
      code = "32";
      break;
    case Paint::bad:
      code = "31";
      break;
    case Paint::doubtful:
      code = "33";
      break;
    case Paint::strong:
      code = "1";
      break;
    case Paint::faint:
      code = "2";
      break;
    case Paint::none:
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace

void throw_exception_from_error(const Trouble& trouble, const boost::source_location& where) {
  check_failed(trouble.what.c_str(), where.file_name(), static_cast<int>(where.line()));
}

bool locale_is_chinese() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("zh");
  }
  return false;
}

int exit_of(const Trouble& trouble) {
  return trouble.exit != 0 ? trouble.exit : describe(trouble.error).exit;
}

json::object to_json(const Trouble& trouble) {
  const ErrorInfo& info = describe(trouble.error);
  return {{"code", info.code},
          {"error", static_cast<int>(trouble.error)},
          {"what", trouble.what},
          {"why", trouble.why.empty() ? info.en : std::string_view(trouble.why)},
          {"next", trouble.next.empty() ? info.next : std::string_view(trouble.next)}};
}

Session::Session(GlobalOptions options)
    : options_(std::move(options)),
      chinese_(options_.language.empty() ? locale_is_chinese() : options_.language == "zh"),
      color_out_(colored(options_.color, STDOUT_FILENO)),
      color_err_(colored(options_.color, STDERR_FILENO)),
      stderr_terminal_(::isatty(STDERR_FILENO) == 1) {}

void Session::print(std::string_view text) const { write(stdout, text); }
void Session::print_json(const json::value& value) const { write(stdout, api::pretty(value)); }
std::string Session::paint(Paint paint, std::string_view text) const {
  return painted(color_out_, paint, text);
}

void Session::say(std::string_view line) const {
  if (!options_.quiet) write(stderr, std::string(line) + "\n");
}
void Session::detail(std::string_view line) const {
  if (options_.verbose) write(stderr, painted(color_err_, Paint::faint, line) + "\n");
}
void Session::warn(std::string_view line) const {
  write(stderr, painted(color_err_, Paint::doubtful, tr("warning: ", "警告：")) + std::string(line) + "\n");
}
std::string Session::paint_message(Paint paint, std::string_view text) const {
  return painted(color_err_, paint, text);
}

std::unique_ptr<text::Progress> Session::progress(std::string title, std::string unit) const {
  const bool shown = !options_.quiet && (stderr_terminal_ || options_.progress);
  return std::make_unique<text::Progress>(std::move(title), std::move(unit), shown, stderr_terminal_,
                                          chinese_);
}

int Session::fail(const Trouble& trouble) const {
  const ErrorInfo& info = describe(trouble.error);
  const int exit = exit_of(trouble);
  const std::string_view why = trouble.why.empty() ? tr(info.en, info.zh) : std::string_view(trouble.why);
  const std::string_view next =
      trouble.next.empty() ? tr(info.next, info.next_zh) : std::string_view(trouble.next);
  const auto line = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) write(stderr, fmt::format("{}{}\n", label, text));
  };
  line(painted(color_err_, Paint::bad, tr("error: ", "错误：")), trouble.what.empty() ? why : trouble.what);
  if (!trouble.what.empty()) line(tr("why:   ", "原因："), why);
  line(tr("next:  ", "建议："), next);
  line(painted(color_err_, Paint::faint, tr("code:  ", "代码：")),
       painted(color_err_, Paint::faint, fmt::format("{}  (hufu explain {})", info.code, info.code)));
  if (options_.json) {
    json::object document = to_json(trouble);
    print_json(json::object{{"problem", std::move(document)}, {"exit", exit}});
  }
  return exit;
}

}  // namespace hufu::cli
