#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/clock.hpp"
#include "cli/commands/audit.hpp"
#include "cli/commands/verify.hpp"
#include "cli/demo/stage.hpp"
#include "cli/document_file.hpp"
#include "cli/trust_file.hpp"
#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::cli::demo {
namespace {

constexpr std::size_t kVerified = 20;

class Checking {
 public:
  Checking(Stage& stage, const Founded& founded, const DataSet& data, Processes& processes,
           const Session& session)
      : stage_(stage), founded_(founded), data_(data), processes_(processes), session_(session) {}

  Try<std::vector<SelfCheck>> go() {
    if (const auto killed = kill_leader_and_go_on(); !killed) return killed.error();
    if (const auto there = every_record_stands_once(); !there) return there.error();
    if (const auto verified = documents_verify(); !verified) return verified.error();
    if (const auto again = importing_again_appends_nothing(); !again) return again.error();
    if (const auto same = heads_are_equal(); !same) return same.error();
    audits_are_clean();
    return std::move(checks_);
  }

 private:
  void add(std::string what, bool passed, std::string found) {
    session_.say(fmt::format(
        "  {}  {}: {}", session_.paint_message(passed ? Paint::good : Paint::bad, passed ? "PASS" : "FAIL"),
        what, found));
    checks_.push_back({.what = std::move(what), .passed = passed, .found = std::move(found)});
  }

  // The first export is on the ledger when the leader dies; the others follow while the rest elects another.
  Try<void> kill_leader_and_go_on() {
    const Try<std::size_t> leader = stage_.leader();
    if (!leader) return leader.error();
    const std::size_t before = stage_.acknowledged().size();
    const pid_t pid = processes_.pid(*leader);
    processes_.kill_hard(*leader);
    session_.say(fmt::format("  kill -9 {} ({}, the leader) after {} acknowledged records", pid,
                             founded_.nodes[*leader].name, before));
    const bool others_can = founded_.nodes.size() >= founded_.genesis.roster.quorum() + 1;
    if (!others_can) {
      if (const auto started = processes_.start(*leader); !started) return started;
    }
    if (const auto imported = stage_.import(1, data_.exports.size()); !imported) return imported;
    add("work goes on without the leader", stage_.acknowledged().size() > before || data_.exports.size() == 1,
        fmt::format("{} more records acknowledged", stage_.acknowledged().size() - before));
    if (others_can) {
      if (const auto started = processes_.start(*leader); !started) return started;
    }
    if (const auto ready = stage_.wait_until_ready(true); !ready) return ready;
    add("the killed node is back", true, fmt::format("{} caught up", founded_.nodes[*leader].name));
    return {};
  }

  Try<void> every_record_stands_once() {
    std::size_t missing = 0;
    std::size_t misplaced = 0;
    for (const Acknowledged& record : stage_.acknowledged()) {
      const Reply<api::HistoryAnswer> answer = stage_.client().history(record.subject);
      if (!answer) return trouble(answer.error(), "cannot look up " + record.subject.id);
      const auto issues =
          std::count_if(answer->entries.begin(), answer->entries.end(), [](const auto& entry) {
            return std::holds_alternative<LicenseIssue>(entry.operation.payload) ||
                   std::holds_alternative<InvoiceIssue>(entry.operation.payload);
          });
      if (issues != 1) ++missing;
      if (issues == 1 && answer->entries.front().place.height != record.height) ++misplaced;
    }
    add("every acknowledged record is there, once, at its place", missing + misplaced == 0,
        fmt::format("{} records, {} missing or doubled, {} elsewhere", stage_.acknowledged().size(), missing,
                    misplaced));
    return {};
  }

  Try<void> documents_verify() {
    offline::TrustSource trust = trust_in(founded_.genesis);
    std::size_t good = 0;
    std::size_t asked = 0;
    const std::size_t step = std::max<std::size_t>(1, stage_.acknowledged().size() / kVerified);
    for (std::size_t i = 0; i < stage_.acknowledged().size(); i += step) {
      const Acknowledged& record = stage_.acknowledged()[i];
      Try<Document> document = read_document(record.document);
      if (!document) return document.error();
      Verification verification{
          .asked = record.subject.id, .subject = record.subject, .document = std::move(*document)};
      verification.day = china_today();
      const auto judged = ask_and_judge(stage_.client(), founded_.genesis, trust, std::nullopt, verification,
                                        stage_.session());
      if (!judged) return judged.error();
      ++asked;
      // A license may have ended; what must hold is every proof.
      const auto& checks = verification.judgement.checks;
      const bool proven = std::none_of(checks.begin(), checks.end(), [](const Check& check) {
        return check.result == Check::Result::fail && check.name != "status";
      });
      if (proven) ++good;
    }
    add("documents verify with their proofs", good == asked && asked > 0,
        fmt::format("{} of {}", good, asked));
    return {};
  }

  Try<void> importing_again_appends_nothing() {
    const std::size_t before = stage_.acknowledged().size();
    if (const auto imported = stage_.import(0, data_.exports.size()); !imported) return imported;
    add("importing the same files again appends nothing", stage_.acknowledged().size() == before,
        fmt::format("{} appended", stage_.acknowledged().size() - before));
    return {};
  }

  Try<void> heads_are_equal() {
    if (const auto ready = stage_.wait_until_ready(true); !ready) return ready;
    std::set<std::string> heads;
    std::uint64_t height = 0;
    std::size_t nodes = 0;
    for (const NodeReply& reply : stage_.client().status_of_each()) {
      if (!reply.status) continue;
      ++nodes;
      heads.insert(to_hex(reply.status->head_hash));
      height = reply.status->head.height;
    }
    add("all nodes have the same head", heads.size() == 1 && nodes == founded_.nodes.size(),
        fmt::format("{} nodes at block {}, {} head(s)", nodes, height, heads.size()));
    return {};
  }

  // Reads what each node has on its disk, while it runs.
  void audits_are_clean() {
    class Blocks final : public BlockSource {
     public:
      explicit Blocks(const store::LedgerStore& store) : store_(store) {}
      Result<std::optional<Bytes>> block(std::uint64_t height) override {
        auto bytes = store_.block_bytes(height);
        if (!bytes) return bytes.error().error;
        return std::move(*bytes);
      }

     private:
      const store::LedgerStore& store_;
    };
    for (const DemoNode& node : founded_.nodes) {
      const auto store =
          store::LedgerStore::open(node.folder + "/data/ledger", founded_.genesis, store::Mode::read_only);
      if (!store) {
        add("audit of " + node.name, false, store.error().detail);
        continue;
      }
      Audit replay(founded_.genesis, AuditLevel::full);
      Blocks blocks(**store);
      const AuditReport report = audit(replay, blocks, [](const AuditReport&) {});
      add("audit of " + node.name, !report.fault,
          report.fault ? fmt::format("block {}: {}", report.fault->height, report.fault->what)
                       : fmt::format("{} blocks, {} operations, clean", report.blocks, report.operations));
    }
  }

  static Trouble trouble(const Failure& failure, std::string what) {
    return {.error = failure.problem.refusal.error, .what = std::move(what), .why = failure.problem.why};
  }

  Stage& stage_;
  const Founded& founded_;
  const DataSet& data_;
  Processes& processes_;
  const Session& session_;
  std::vector<SelfCheck> checks_;
};

}  // namespace

Try<std::vector<SelfCheck>> self_check(Stage& stage, const Founded& founded, const DataSet& data,
                                       Processes& processes, const Session& session) {
  return Checking(stage, founded, data, processes, session).go();
}

}  // namespace hufu::cli::demo
