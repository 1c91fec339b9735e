#include "cli/commands/supervise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <functional>

#include "cli/access_history.hpp"
#include "cli/audited_ledger.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/supervision_tables.hpp"
#include "cli/text/csv.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

// ---- traces ----

const std::vector<std::string> kTraceColumns = {"node",          "seq",     "time",   "kind", "agency",
                                                "subjectDigest", "verdict", "reason", "code", "count"};

std::vector<std::string> trace_cells(const std::string& node, const SignedEntry& signed_entry) {
  const AccessEntry& entry = signed_entry.entry;
  std::vector<std::string> cells{node, std::to_string(entry.seq), api::moment_text(entry.time_ms)};
  if (const auto* seen = std::get_if<SignedTrace>(&entry.record)) {
    const Trace& trace = seen->trace;
    cells.insert(cells.end(), {"TRACE", trace.agency, to_hex(trace.subject),
                               std::string(name_of(trace.verdict)), trace.reason, "", ""});
    return cells;
  }
  const auto& tally = std::get<Tally>(entry.record);
  const std::string code = api::is_error_number(tally.error)
                               ? std::string(code_of(static_cast<Error>(tally.error)))
                               : std::to_string(tally.error);
  cells.insert(cells.end(), {"REFUSED", tally.agency, "", "", "", code, std::to_string(tally.count)});
  return cells;
}

enum class Form : std::uint8_t { people, json, csv };

// One entry after the other; told in the end.
class TraceWriter {
 public:
  explicit TraceWriter(Form form) : form_(form) {
    if (form_ == Form::csv) csv_ = std::string(text::kCsvBegin) + text::csv_line(kTraceColumns);
    if (form_ == Form::people) table_.add(kTraceColumns);
  }

  void see(const std::string& node, const SignedEntry& entry) {
    if (form_ == Form::csv) {
      csv_ += text::csv_line(trace_cells(node, entry));
    } else if (form_ == Form::json) {
      json::object one = api::to_json(entry);
      one["node"] = node;
      entries_.push_back(std::move(one));
    } else {
      std::vector<std::string> cells = trace_cells(node, entry);
      for (std::string& cell : cells) cell = text::printable(cell);
      table_.add(std::move(cells));
    }
  }
  // `exit` is that of the command: what was seen is good, whether it is all that there is or not.
  std::string text(int exit) {
    if (form_ == Form::csv) return std::move(csv_);
    if (form_ == Form::people) return table_.str();
    return api::pretty(json::object{{"entries", std::move(entries_)}, {"exit", exit}});
  }

 private:
  const Form form_;
  std::string csv_;
  json::array entries_;
  text::Table table_;
};

Try<void> told(const Try<AccessHistory>& history, const Session& session) {
  if (!history) return history.error();
  session.say(fmt::format(fmt::runtime(session.tr("{}: entries {}, the chain and the signatures hold",
                                                  "{}：共 {} 条，链与签名完整")),
                          history->node, history->entries));
  return {};
}

// Reads one node's access log.
using ReadLog = std::function<Try<void>(Client& client)>;

// Every node keeps a log of its own. One that cannot be reached is told, and the others are read.
Try<void> read_all_nodes(const Genesis& genesis, const ReadLog& read, const Session& session) {
  const Try<ClientOptions> options = client_options(session, genesis, std::chrono::seconds(1));
  if (!options) return options.error();
  const Reply<std::unique_ptr<Client>> all = Client::make(*options);
  if (!all) return trouble_of(all.error(), session, "cannot read the access logs");
  Try<void> first;
  for (const std::string& url : (*all)->urls()) {
    ClientOptions one = *options;
    one.urls = {url};
    const Reply<std::unique_ptr<Client>> client = Client::make(std::move(one));
    if (!client) return trouble_of(client.error(), session, "cannot read the access log");
    const Try<void> done = read(**client);
    if (done) continue;
    if (exit_of(done.error()) == kIntegrityAlarm) return done;
    session.warn(fmt::format("{}: {}", url, done.error().why));
    if (first) first = done;
  }
  return first;
}

// ---- export ----

// Digits alone, without a sign or a leading zero: agencies' codes and days are text.
bool is_count(const std::string& column) {
  static const std::vector<std::string> kText = {"agency", "type", "operation", "span",
                                                 "day",    "node", "code",      "attempt"};
  return std::find(kText.begin(), kText.end(), column) == kText.end();
}

json::array table_json(const SupervisionTable& table) {
  json::array rows;
  for (const auto& row : table.rows) {
    json::object out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out[table.columns[i]] =
          is_count(table.columns[i]) ? api::number_json(std::stoull(row[i])) : json::value(row[i]);
    }
    rows.push_back(std::move(out));
  }
  return rows;
}

std::string table_csv(const SupervisionTable& table) {
  std::string text = std::string(text::kCsvBegin) + text::csv_line(table.columns);
  for (const auto& row : table.rows) text += text::csv_line(row);
  return text;
}

// What nodes refused, from their access logs: of a folder its own, else of all that can be reached. Nothing: no log could be
// read here.
Try<std::optional<SupervisionTable>> refusals_of(const AuditedLedger& ledger, const Session& session) {
  SupervisionTable table = refusal_table();
  std::size_t logs = 0;
  const auto add = [&](auto&& read_log) -> Try<void> {
    Refusals refusals;
    const Try<AccessHistory> history =
        read_log([&](const std::string& /*node*/, const SignedEntry& entry) { refusals.see(entry); });
    if (!history) return history.error();
    add_refusals(table, refusals, history->node);
    ++logs;
    return {};
  };
  Try<void> read;
  if (std::string_view(ledger.kind) == "directory") {
    const fs::path file = fs::path(ledger.where).parent_path() / "access.log";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::optional<SupervisionTable>();
    read = add([&](const SeeEntry& see) { return access_history(file.string(), ledger.genesis, see); });
    if (!read) return read.error();
  } else {
    read = read_all_nodes(
        ledger.genesis,
        [&](Client& client) {
          return add(
              [&](const SeeEntry& see) { return access_history(client, ledger.genesis, see, session); });
        },
        session);
    // A node that cannot be reached was told; what the others say is shown.
    if (!read && (logs == 0 || exit_of(read.error()) == kIntegrityAlarm)) return read.error();
  }
  return std::optional(std::move(table));
}

Try<void> write_tables(const std::string& folder, const std::vector<SupervisionTable>& tables) {
  if (const Try<void> made = make_private_folder(folder); !made) return made;
  for (const SupervisionTable& table : tables) {
    const std::string path = folder + "/" + table.name + ".csv";
    if (const Try<void> written = replace_file(path, as_bytes(table_csv(table)), 0600); !written)
      return written;
  }
  return {};
}

void print_tables(const std::vector<SupervisionTable>& tables, const Session& session) {
  for (const SupervisionTable& each : tables) {
    session.print(session.paint(Paint::strong, each.name) + "\n");
    text::Table table;
    table.add(each.columns);
    for (const auto& row : each.rows) table.add(row);
    session.print(table.str() + "\n");
  }
}

json::object export_json(const AuditedLedger& ledger, const std::vector<SupervisionTable>& tables,
                         unsigned mass) {
  json::object out{{"origin", ledger.genesis.origin},
                   {ledger.kind, ledger.where},
                   {"blocks", ledger.report.blocks},
                   {"headHash", to_hex(ledger.report.head_hash)},
                   {"logRoot", to_hex(ledger.report.log_root)},
                   {"massRevocationsAbove", mass}};
  for (const SupervisionTable& table : tables) out[table.name] = table_json(table);
  out["exit"] = kOk;
  return out;
}

int export_ledger(const AuditExport& options, const AuditedLedger& ledger, Supervision& supervision,
                  const Session& session) {
  if (ledger.report.fault) return session.fail(unsound(ledger));
  ledger.audit.each_standing(
      [&](const Hash& path, const Standing& standing) { supervision.see(path, standing); });
  std::vector<SupervisionTable> tables = supervision_tables(supervision, options.mass);
  Try<std::optional<SupervisionTable>> refusals = refusals_of(ledger, session);
  if (!refusals) return session.fail(refusals.error());
  if (*refusals) {
    tables.push_back(std::move(**refusals));
    session.say(session.tr("refusals are each node's own word, from its access log; all else is the ledger's",
                           "refusals 表为各节点自述（访问日志），其余均来自账本"));
  }
  if (options.csv) {
    if (const Try<void> written = write_tables(options.out, tables); !written)
      return session.fail(written.error());
    session.say(fmt::format("{} CSV: {}", tables.size(), options.out));
    return kOk;
  }
  if (session.options().json) {
    session.print_json(export_json(ledger, tables, options.mass));
  } else if (!options.out.empty()) {
    const std::string path = options.out + "/supervision.json";
    const std::string text = api::pretty(export_json(ledger, tables, options.mass));
    if (const Try<void> made = make_private_folder(options.out); !made) return session.fail(made.error());
    if (const Try<void> written = replace_file(path, as_bytes(text), 0600); !written)
      return session.fail(written.error());
  } else {
    print_tables(tables, session);
  }
  return kOk;
}

}  // namespace

int run(const AuditTraces& options, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  Form form = session.options().json || !options.out.empty() ? Form::json : Form::people;
  if (options.csv) form = Form::csv;
  TraceWriter writer(form);
  const auto see = [&](const std::string& node, const SignedEntry& entry) { writer.see(node, entry); };
  Try<void> seen;
  if (options.file.empty()) {
    seen = read_all_nodes(
        *genesis,
        [&](Client& client) { return told(access_history(client, *genesis, see, session), session); },
        session);
  } else {
    seen = told(access_history(options.file, *genesis, see), session);
  }
  const int exit = seen ? kOk : exit_of(seen.error());
  if (!options.out.empty()) {
    const Try<void> written = replace_file(options.out, as_bytes(writer.text(exit)), 0600);
    if (!written) return session.fail(written.error());
  } else if (seen || !session.options().json) {
    session.print(writer.text(exit));
  }
  return seen ? kOk : session.fail(seen.error());
}

int run(const AuditExport& options, const Session& session) {
  if (options.csv && options.out.empty()) {
    return session.fail(
        {.error = Error::usage, .what = "--csv writes several tables", .next = "say where with --out DIR"});
  }
  Supervision supervision;
  return audit_ledger(
      {.directory = options.directory,
       .level = AuditLevel::full,
       .watch = [&](const Block& block) { supervision.see(block); }},
      [&](const AuditedLedger& ledger) { return export_ledger(options, ledger, supervision, session); },
      session);
}

}  // namespace hufu::cli
