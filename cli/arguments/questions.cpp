#include "cli/arguments/families.hpp"
#include "cli/commands/show.hpp"
#include "cli/commands/verify.hpp"

namespace hufu::cli {

void add_questions(CommandLine root) {
  const Said identifier{"a license, an invoice, or kind:id", "标识"};
  auto [show, show_options] =
      root.command<Show>("show", {"what the ledger says of one subject", "查询主体现状"});
  show.option("ID", show_options.id, identifier).required();
  auto [history, history_options] =
      root.command<History>("history", {"the whole life of one subject", "查询全部历史"});
  history.option("ID", history_options.id, identifier).required();
  auto [verify, options] =
      root.command<Verify>("verify", {"check a document or an identifier", "核验文件或标识"});
  verify
      .option("WHAT", options.what,
              {"an identifier, a document file, or - for standard input", "标识、文件，或 - 表示标准输入"})
      .required();
  verify.option("--document", options.document, {"compare this document file too", "同时比对此文件"})
      .value("FILE");
  verify.option("--at", options.day, {"the day that is asked for; else today", "核验日期，默认今天"})
      .value("YYYY-MM-DD");
  verify
      .option("--max-age", options.max_age, {"how old an unconfirmed answer may be", "未确认答复的最长时效"})
      .value("AGE");
}

}  // namespace hufu::cli
