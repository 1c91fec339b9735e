#include "cli/demo/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "node/api/json_reader.hpp"

namespace hufu::cli::demo {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kReadyIn = std::chrono::seconds(60);
constexpr auto kStageLook = std::chrono::milliseconds(100);
constexpr std::size_t kReportBytes = 1U << 30;

GlobalOptions quiet_options(const Session& session, const Founded& founded) {
  GlobalOptions options = session.options();
  options.json = false;
  options.quiet = true;
  options.genesis = founded.genesis_file();
  options.config = founded.settings_file();
  options.nodes.clear();
  return options;
}

std::string tail_of(const std::string& path) {
  const Try<Bytes> content = read_file(path, 64 << 20);
  if (!content) return {};
  std::string text(as_text(*content));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t line = text.rfind('\n');
  return line == std::string::npos ? text : text.substr(line + 1);
}

std::string member_of(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Stage::Stage(const Founded& founded, const DataSet& data, Processes& processes, Signals& signals,
             const Session& session)
    : founded_(founded),
      data_(data),
      processes_(processes),
      signals_(signals),
      session_(quiet_options(session, founded)) {}

Try<void> Stage::connect_once() {
  if (client_) return {};
  Try<std::unique_ptr<Client>> client = connect(session_, founded_.genesis, std::chrono::seconds(60));
  if (!client) return client.error();
  client_ = std::move(*client);
  return {};
}

bool Stage::ready(bool all) {
  std::size_t up = 0;
  bool leads = false;
  std::optional<Hash> head;
  bool same = true;
  for (const NodeReply& reply : client_->status_of_each()) {
    if (!reply.status || !reply.status->ready) continue;
    ++up;
    leads = leads || reply.status->role == api::Role::leader;
    same = same && (!head || *head == reply.status->head_hash);
    head = reply.status->head_hash;
  }
  if (!leads) return false;
  return all ? up == founded_.nodes.size() && same : up >= founded_.genesis.roster.quorum();
}

Try<void> Stage::wait_until_ready(bool all) {
  if (const auto connected = connect_once(); !connected) return connected;
  const auto deadline = Clock::now() + kReadyIn;
  while (Clock::now() < deadline) {
    if (ready(all)) return {};
    if (const auto node = processes_.ended()) {
      const DemoNode& ended = founded_.nodes[*node];
      return Trouble{.error = Error::ledger_unavailable,
                     .what = fmt::format("{} ended by itself", ended.name),
                     .why = tail_of(ended.log()),
                     .next = fmt::format("see {}", ended.log()),
                     .exit = kLocal};
    }
    signals_.wait_for(kStageLook);
    if (signals_.stop_asked())
      return Trouble{.error = Error::usage, .what = "stopped by a signal", .exit = kLocal};
  }
  return Trouble{.error = Error::no_quorum,
                 .what = fmt::format("the nodes were not ready after {} s", kReadyIn.count()),
                 .next = fmt::format("see {}", founded_.nodes.front().log())};
}

Try<std::size_t> Stage::leader() {
  for (const NodeReply& reply : client_->status_of_each()) {
    if (!reply.status || reply.status->role != api::Role::leader) continue;
    for (std::size_t i = 0; i < founded_.nodes.size(); ++i) {
      if (founded_.nodes[i].name == reply.status->name) return i;
    }
  }
  return Trouble{.error = Error::no_quorum, .what = "no node leads"};
}

Try<void> Stage::import(std::size_t from, std::size_t to) {
  if (from >= to) return {};
  Import options;
  options.paths.assign(data_.exports.begin() + static_cast<std::ptrdiff_t>(from),
                       data_.exports.begin() + static_cast<std::ptrdiff_t>(to));
  options.report = fmt::format("{}/import-{}.jsonl", founded_.directory, ++imports_);
  options.documents = founded_.documents();
  options.keys = {founded_.keys_folder()};
  options.passphrase.file = founded_.passphrase_file();
  const Try<ImportResult> result = import_files(options, session_);
  if (!result) return result.error();
  imported_.totals.total += result->totals.total;
  for (std::size_t i = 0; i < result->totals.verdicts.size(); ++i) {
    imported_.totals.verdicts[i] += result->totals.verdicts[i];
  }
  for (std::size_t i = 0; i < result->totals.outcomes.size(); ++i) {
    imported_.totals.outcomes[i] += result->totals.outcomes[i];
  }
  imported_.seconds += result->seconds;
  if (result->stopped) return *result->stopped;
  return read_report(options.report);
}

Try<void> Stage::read_report(const std::string& path) {
  const Try<Bytes> content = read_file(path, kReportBytes);
  if (!content) return content.error();
  std::string_view rest = as_text(*content);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const api::Parsed<json::value> value = api::parse_json(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!value || !value->is_object()) continue;
    const json::object& row = value->get_object();
    if (member_of(row, "outcome") != "appended") continue;
    const Result<SubjectKey> subject = parse_subject(member_of(row, "kind") + ":" + member_of(row, "id"));
    const json::value* const height = row.if_contains("height");
    if (!subject || height == nullptr || !height->is_number()) continue;
    boost::system::error_code ignored;
    acknowledged_.push_back({.subject = *subject,
                             .height = height->to_number<std::uint64_t>(ignored),
                             .document = founded_.documents() + "/" + document_file_name(*subject)});
  }
  return {};
}

}  // namespace hufu::cli::demo
