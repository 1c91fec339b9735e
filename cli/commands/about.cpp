#include "cli/commands/about.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/codes.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"
#include "ledger/base/failpoint.hpp"
#include "ledger/base/hash.hpp"

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

json::object reason_json(Reason reason) {
  const ReasonInfo& info = describe(reason);
  const Advice& advice = advice_for(reason);
  return {{"code", info.code},       {"verdict", name_of(info.verdict)},
          {"exit", exit_of(reason)}, {"en", info.en},
          {"zh", info.zh},           {"next", advice.en},
          {"nextZh", advice.zh}};
}

// A code may name an error and a reason of a verdict.
json::object error_json(const ErrorInfo& info) {
  json::object out{{"code", info.code}, {"number", static_cast<int>(info.error)},
                   {"exit", info.exit}, {"http", info.http},
                   {"en", info.en},     {"zh", info.zh},
                   {"next", info.next}, {"nextZh", info.next_zh},
                   {"reason", nullptr}};
  if (const auto reason = reason_named(info.code)) out["reason"] = reason_json(*reason);
  return out;
}

json::object note_json(const importer::NoteInfo& info) {
  const RowAdvice& advice = advice_for(info.verdict);
  return {{"code", info.code}, {"class", importer::name_of(info.verdict)},
          {"en", info.en},     {"zh", info.zh},
          {"next", advice.en}, {"nextZh", advice.zh}};
}

int explain_all(const Session& session) {
  json::array list;
  text::Table table({std::string(session.tr("CODE", "代码")), std::string(session.tr("EXIT", "退出码")),
                     std::string(session.tr("MEANING", "含义"))});
  for (const ErrorInfo& info : all_errors()) {
    list.push_back(error_json(info));
    table.add({std::string(info.code), std::to_string(info.exit), std::string(session.tr(info.en, info.zh))});
  }
  for (const Reason reason : all_reasons()) {
    const ReasonInfo& info = describe(reason);
    list.push_back(reason_json(reason));
    table.add(
        {std::string(info.code), std::to_string(exit_of(reason)), std::string(session.tr(info.en, info.zh))});
  }
  for (const importer::NoteInfo& info : importer::all_notes()) {
    list.push_back(note_json(info));
    table.add({std::string(info.code), "", std::string(session.tr(info.en, info.zh))});
  }
  session.options().json ? session.print_json(list) : session.print(table.str());
  return kOk;
}

struct Lines {
  text::Table& table;
  const Session& session;
  void add(std::string_view english, std::string_view chinese, std::string_view value) const {
    table.add({std::string(session.tr(english, chinese)), std::string(value)});
  }
};

void add_error(const ErrorInfo& info, const Lines& lines) {
  lines.add("code", "代码", fmt::format("{} ({})", info.code, static_cast<int>(info.error)));
  lines.add("meaning", "含义", lines.session.tr(info.en, info.zh));
  lines.add("next", "建议", lines.session.tr(info.next, info.next_zh));
  lines.add("exit code", "退出码", std::to_string(info.exit));
  lines.add("http", "HTTP 状态", std::to_string(info.http));
}

void add_reason(Reason reason, const Lines& lines) {
  const ReasonInfo& info = describe(reason);
  const Advice& advice = advice_for(reason);
  const Session& session = lines.session;
  lines.add("verdict", "结论",
            info.verdict == Verdict::accept ? session.tr("changes none: a remark", "不影响结论，仅供参考")
                                            : name_of(info.verdict));
  lines.add("as a reason", "作为原因", session.tr(info.en, info.zh));
  lines.add("next", "建议", session.tr(advice.en, advice.zh));
  lines.add("exit code", "退出码", std::to_string(exit_of(reason)));
}

void add_note(const importer::NoteInfo& info, const Lines& lines) {
  const RowAdvice& advice = advice_for(info.verdict);
  lines.add("in an import", "导入时", importer::name_of(info.verdict));
  lines.add("of the row", "对该行", lines.session.tr(info.en, info.zh));
  lines.add("next", "建议", lines.session.tr(advice.en, advice.zh));
}

int no_such_code(const std::string& code, const Session& session) {
  std::vector<std::string> codes;
  for (const ErrorInfo& info : all_errors()) codes.emplace_back(info.code);
  for (const Reason reason : all_reasons()) codes.emplace_back(code_of(reason));
  for (const importer::NoteInfo& info : importer::all_notes()) codes.emplace_back(info.code);
  const auto near = text::nearest(upper(code), codes);
  return session.fail(
      {.error = Error::usage,
       .what = fmt::format("no code {}", text::printable(code)),
       .why = "no error, no reason of a verdict and no note of an import has this name",
       .next = near ? fmt::format("did you mean {}?", *near) : "hufu explain lists them all"});
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
  if (options.markdown) {
    session.print(codes_markdown());
    return kOk;
  }
  if (options.code.empty()) return explain_all(session);
  const std::string code = upper(options.code);
  const auto errors = all_errors();
  const auto error = std::find_if(errors.begin(), errors.end(), [&](const ErrorInfo& info) {
    return info.code == code || std::to_string(static_cast<int>(info.error)) == code;
  });
  const std::optional<Reason> reason = reason_named(error == errors.end() ? code : std::string(error->code));
  const importer::NoteInfo* const note = note_named(code);
  if (error == errors.end() && !reason && note == nullptr) return no_such_code(options.code, session);
  if (session.options().json) {
    session.print_json(error != errors.end() ? error_json(*error)
                       : reason              ? reason_json(*reason)
                                             : note_json(*note));
    return kOk;
  }
  text::Table table;
  const Lines lines{table, session};
  if (error != errors.end()) add_error(*error, lines);
  if (error == errors.end()) lines.add("code", "代码", code);
  if (reason) add_reason(*reason, lines);
  if (note != nullptr) add_note(*note, lines);
  session.print(table.str());
  return kOk;
}

int run(const Failpoints&, const Session& session) {
  json::array list;
  text::Table table(
      {std::string(session.tr("FAILPOINT", "故障点")), std::string(session.tr("MOMENT", "时刻"))});
  for (const Failpoint& point : kFailpoints) {
    list.push_back(json::object{{"name", point.name}, {"moment", point.moment}});
    table.add({std::string(point.name), std::string(point.moment)});
  }
  session.options().json ? session.print_json(list) : session.print(table.str());
  return kOk;
}

}  // namespace hufu::cli
