#include "cli/commands/evidence.hpp"

#include <fmt/format.h>

#include "cli/files.hpp"
#include "cli/text/width.hpp"
#include "cli/trust_file.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

constexpr std::size_t kEvidenceBytes = 1U << 20;

struct Found {
  Fork fork;
  Genesis genesis;
  RosterStanding roster;
  ForkFinding finding;

  std::string name_of(std::uint64_t id) const {
    for (const RosterStanding* names : {&roster, &genesis.roster}) {
      if (const Member* const member = find_member(*names, id)) return text::printable(member->name);
    }
    return fmt::format("member {}", id);
  }
  std::string names_of(const std::vector<std::uint64_t>& ids) const {
    std::string out;
    for (const std::uint64_t id : ids) out += (out.empty() ? "" : ", ") + name_of(id);
    return out;
  }
};

Trouble proves_nothing(Error error, const std::string& path, std::string why) {
  return {.error = error,
          .what = fmt::format("{} proves nothing", path),
          .why = std::move(why),
          .next = "nobody stands accused by it",
          .exit = kRefused};
}

Try<Found> find(const AuditEvidence& options, const Session& session) {
  const Try<Bytes> content = read_file(options.path, kEvidenceBytes);
  if (!content) return content.error();
  Result<Fork> fork = decode_fork(*content);
  if (!fork) {
    Trouble trouble = file_trouble(fork.error(), options.path, "the evidence");
    trouble.next =
        "evidence is what hufu verify and hufu trust write beside a trust file, and nodes under evidence/ in "
        "their data";
    return trouble;
  }
  Try<offline::TrustSource> source = trust_of(options.trust, session);
  if (!source) return source.error();
  const TrustedLedger* const ledger = find_ledger(source->trust, fork->ledger.genesis);
  if (ledger == nullptr) {
    return proves_nothing(Error::foreign_origin, options.path, "it is of a ledger that is not trusted here");
  }
  Found found{.fork = std::move(*fork),
              .genesis = offline::genesis_of(*ledger),
              .roster = ledger->roster,
              .finding = {}};
  Result<ForkFinding> finding =
      check_fork(Anchor{.genesis = &found.genesis, .roster = found.roster}, found.fork);
  if (!finding) {
    const bool agree = finding.error() == Error::proof_invalid;
    return proves_nothing(finding.error(), options.path,
                          agree ? "the two histories do not contradict each other" : "");
  }
  found.finding = std::move(*finding);
  return found;
}

json::object view(const Found& found) {
  const auto names = [&](const std::vector<std::uint64_t>& ids) {
    json::array out;
    for (const std::uint64_t id : ids) out.push_back(json::value(found.name_of(id)));
    return out;
  };
  const auto side = [&](const Checkpoint& checkpoint, const std::vector<std::uint64_t>& signers) {
    return json::object{{"logSize", api::number_json(checkpoint.size)},
                        {"logRoot", to_hex(checkpoint.root)},
                        {"signedBy", names(signers)}};
  };
  return {{"ledger", found.genesis.origin},
          {"a", side(found.fork.a.checkpoint, found.finding.signed_a)},
          {"b", side(found.fork.b.checkpoint, found.finding.signed_b)},
          {"signedBoth", names(found.finding.culprits)},
          {"exit", kIntegrityAlarm}};
}

void print_people(const Found& found, const Session& session) {
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("ledger", "账本", found.genesis.origin);
  const auto side = [&](const Checkpoint& checkpoint, const std::vector<std::uint64_t>& signers) {
    row("history", "历史", fmt::format("{} blocks, root {}", checkpoint.size, to_hex(checkpoint.root)));
    row("signed by", "签署者", found.names_of(signers));
  };
  side(found.fork.a.checkpoint, found.finding.signed_a);
  side(found.fork.b.checkpoint, found.finding.signed_b);
  row("signed both", "双签者",
      found.finding.culprits.empty() ? std::string(session.tr("nobody", "无"))
                                     : session.paint(Paint::bad, found.names_of(found.finding.culprits)));
  session.print(table.str());
}

}  // namespace

int run(const AuditEvidence& options, const Session& session) {
  const Try<Found> found = find(options, session);
  if (!found) return session.fail(found.error());
  if (session.options().json) {
    session.print_json(view(*found));
    return kIntegrityAlarm;
  }
  print_people(*found, session);
  return session.fail({.error = Error::fork_detected,
                       .what = fmt::format("two histories of {} were signed", found->genesis.origin),
                       .why = "both cannot be true",
                       .next = "keep the file, and show it to every province: anybody can check it"});
}

}  // namespace hufu::cli
