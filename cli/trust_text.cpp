#include "cli/trust_text.hpp"

#include <fmt/format.h>

#include "cli/exit.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

// When the quorum had signed what is pinned. Nothing: it was the quorum of an earlier roster.
std::optional<std::string> pinned_at(const TrustedLedger& ledger, const Genesis& genesis) {
  const Result<std::uint64_t> time_s = check_certified(genesis.origin, ledger.roster, *ledger.pinned);
  if (!time_s) return std::nullopt;
  return api::moment_text(std::min<std::uint64_t>(*time_s, limits::kTimeMs / 1000) * 1000);
}

json::object view(const TrustedLedger& ledger) {
  const Genesis genesis = offline::genesis_of(ledger);
  json::object out{{"origin", genesis.origin},
                   {"genesis", to_hex(genesis_hash(genesis))},
                   {"epoch", api::number_json(ledger.roster.epoch)},
                   {"nodes", ledger.roster.members.size()},
                   {"pinned", nullptr},
                   {"seen", ledger.seen.size()}};
  if (ledger.pinned) {
    out["pinned"] = json::object{{"logSize", api::number_json(ledger.pinned->checkpoint.size)},
                                 {"logRoot", to_hex(ledger.pinned->checkpoint.root)},
                                 {"time", nullptr}};
    if (const auto at = pinned_at(ledger, genesis)) out["pinned"].as_object()["time"] = *at;
  }
  return out;
}

void add_rows(text::Table& table, const TrustedLedger& ledger, const Session& session) {
  const Genesis genesis = offline::genesis_of(ledger);
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("ledger", "账本", genesis.origin);
  row("genesis", "创世哈希", to_hex(genesis_hash(genesis)));
  row("roster", "名册", fmt::format("epoch {}, {} nodes", ledger.roster.epoch, ledger.roster.members.size()));
  if (ledger.pinned) {
    const auto at = pinned_at(ledger, genesis);
    row("pinned", "已固定",
        fmt::format("{} blocks, cosigned {}", ledger.pinned->checkpoint.size,
                    at ? *at : session.tr("by the nodes before", "由此前的节点")));
    row("log root", "日志根", to_hex(ledger.pinned->checkpoint.root));
  } else {
    row("pinned", "已固定", std::string(session.tr("nothing yet", "尚无")));
  }
  if (!ledger.seen.empty()) {
    row("seen", "待关联",
        fmt::format("{} checkpoints, to be linked by hufu trust update", ledger.seen.size()));
  }
}

}  // namespace

int show_trust(const std::string& path, const offline::TrustSource& source, const Session& session) {
  if (session.options().json) {
    json::array ledgers;
    for (const TrustedLedger& ledger : source.trust.ledgers) ledgers.push_back(view(ledger));
    session.print_json(json::object{{"file", path}, {"ledgers", std::move(ledgers)}, {"exit", kOk}});
    return kOk;
  }
  text::Table table;
  for (const TrustedLedger& ledger : source.trust.ledgers) add_rows(table, ledger, session);
  session.print(table.str());
  return kOk;
}

}  // namespace hufu::cli
