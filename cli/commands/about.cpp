#include "cli/commands/about.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"
#include "ledger/base/hash.hpp"
#include "ledger/proof/verdict.hpp"

namespace hufu::cli {
namespace {

constexpr std::string_view kVersion = HUFU_VERSION;

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-') c = '_';
  }
  return text;
}

json::object error_json(const ErrorInfo& info) {
  return {{"code", info.code}, {"number", static_cast<int>(info.error)},
          {"exit", info.exit}, {"http", info.http},
          {"en", info.en},     {"zh", info.zh},
          {"next", info.next}};
}

int explain_all(const Session& session) {
  json::array list;
  text::Table table({std::string(session.tr("CODE", "代码")), std::string(session.tr("EXIT", "退出码")),
                     std::string(session.tr("MEANING", "含义"))});
  for (const ErrorInfo& info : all_errors()) {
    list.push_back(error_json(info));
    table.add({std::string(info.code), std::to_string(info.exit), std::string(session.tr(info.en, info.zh))});
  }
  session.options().json ? session.print_json(list) : session.print(table.str());
  return kOk;
}

const ReasonInfo* reason_named(std::string_view code) {
  for (std::uint8_t number = 0; number <= static_cast<std::uint8_t>(Reason::no_document); ++number) {
    const ReasonInfo& info = describe(static_cast<Reason>(number));
    if (info.code == code) return &info;
  }
  return nullptr;
}

void explain_error(const ErrorInfo& info, const Session& session) {
  if (session.options().json) return session.print_json(error_json(info));
  text::Table table;
  table.add({std::string(session.tr("code", "代码")),
             fmt::format("{} ({})", info.code, static_cast<int>(info.error))});
  table.add({std::string(session.tr("meaning", "含义")), std::string(session.tr(info.en, info.zh))});
  if (!info.next.empty()) table.add({std::string(session.tr("next", "建议")), std::string(info.next)});
  table.add({std::string(session.tr("exit code", "退出码")), std::to_string(info.exit)});
  table.add({std::string(session.tr("http", "HTTP 状态")), std::to_string(info.http)});
  session.print(table.str());
}

void explain_reason(const ReasonInfo& info, const Session& session) {
  if (session.options().json) {
    return session.print_json(json::object{
        {"code", info.code}, {"verdict", name_of(info.verdict)}, {"en", info.en}, {"zh", info.zh}});
  }
  text::Table table;
  table.add({std::string(session.tr("code", "代码")), std::string(info.code)});
  table.add({std::string(session.tr("meaning", "含义")), std::string(session.tr(info.en, info.zh))});
  table.add({std::string(session.tr("verdict", "结论")),
             info.verdict == Verdict::accept
                 ? std::string(session.tr("changes none: information", "不影响结论，仅供参考"))
                 : std::string(name_of(info.verdict))});
  session.print(table.str());
}

}  // namespace

int run(const Version&, const Session& session) {
  if (session.options().json) {
    session.print_json(json::object{{"name", "hufu"}, {"version", kVersion}, {"compiler", __VERSION__}});
  } else {
    session.print(fmt::format("hufu {}\n", kVersion));
  }
  return kOk;
}

int run(const Completion& options, const CommandInfo& root, const Session& session) {
  const std::optional<Shell> shell = shell_named(options.shell);
  if (!shell) {
    return session.fail({.error = Error::usage,
                         .what = fmt::format("no completion for {}", text::printable(options.shell)),
                         .next = "bash, zsh or fish"});
  }
  session.print(completion_script(root, *shell));
  return kOk;
}

int run(const Explain& options, const Session& session) {
  if (options.code.empty()) return explain_all(session);
  const std::string code = upper(options.code);
  std::vector<std::string> codes;
  for (const ErrorInfo& info : all_errors()) {
    if (info.code == code || std::to_string(static_cast<int>(info.error)) == code) {
      explain_error(info, session);
      return kOk;
    }
    codes.emplace_back(info.code);
  }
  if (const ReasonInfo* reason = reason_named(code)) {
    explain_reason(*reason, session);
    return kOk;
  }
  const auto near = text::nearest(code, codes);
  return session.fail(
      {.error = Error::usage,
       .what = fmt::format("no code {}", text::printable(options.code)),
       .why = "neither an error nor a reason of a verdict has this name",
       .next = near ? fmt::format("did you mean {}?", *near) : "hufu explain lists them all"});
}

}  // namespace hufu::cli
