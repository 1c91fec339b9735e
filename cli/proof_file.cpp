#include "cli/proof_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/text/width.hpp"
#include "ledger/proof/verdict.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

std::string second_text(std::uint64_t time_s) {
  // Beyond the calendar a foreign number stays a number.
  return time_s > limits::kTimeMs / 1000 ? std::to_string(time_s) : api::moment_text(time_s * 1000);
}

std::string member_name(const RosterStanding* roster, std::uint64_t id) {
  const Member* const member = roster == nullptr ? nullptr : find_member(*roster, id);
  return member == nullptr ? fmt::format("member {}", id) : text::printable(member->name);
}

std::size_t text_size(const CompactProof& compact) { return compact_text(compact).size(); }

class View {
 public:
  View(const RosterStanding* roster, const Session& session) : roster_(roster), session_(session) {}

  std::string operator()(const Proof& proof) {
    const Evidence& evidence = proof.evidence;
    row("form", "形式", fmt::format("proof file, {} bytes", encode_proof(proof).size()));
    row("ledger", "账本",
        fmt::format("{} ({})", text::printable(evidence.ledger.origin), to_hex(evidence.ledger.genesis)));
    row("subject", "标识", text::printable(evidence.subject.key.text()));
    row("standing", "状态",
        evidence.subject.standing ? std::string(status_on(evidence, china_today()))
                                  : std::string(session_.tr("never recorded", "从未登记")));
    row("block", "区块", block_text(evidence.head.height, evidence.head.time_ms));
    row("log", "日志", fmt::format("{} blocks, root {}", evidence.log_size, to_hex(evidence.log_root)));
    for (const Cosignature& one : proof.cosignatures) cosigned(member_name(roster_, one.member), one.time_s);
    for (const Handover& handover : proof.handovers) {
      row("handover", "名册交接", block_text(handover.header.height, handover.header.time_ms));
    }
    for (const LogLink& link : proof.links) row("link", "一致性", fmt::format("from size {}", link.size));
    text::Table operations(
        {std::string(session_.tr("EFFECTIVE", "生效日")), std::string(session_.tr("OPERATION", "操作")),
         std::string(session_.tr("BY", "签名机构")), std::string(session_.tr("NOTARISED", "存证时间")),
         std::string(session_.tr("BLOCK", "区块"))});
    for (const OperationEvidence& one : evidence.operations) {
      operations.add({format_civil_day(one.operation.effective), std::string(name_of(one.operation.payload)),
                      text::printable(one.header.agency), api::moment_text(one.block.time_ms),
                      std::to_string(one.place.height)});
    }
    return table_.str() + (evidence.operations.empty() ? "" : "\n" + operations.str());
  }

  std::string operator()(const CompactProof& compact) {
    row("form", "形式", fmt::format("compact, {} characters", text_size(compact)));
    row("ledger", "账本", fmt::format("{}…, roster {}", to_hex(compact.ledger), compact.epoch));
    row("subject", "标识", text::printable(compact.subject.text()));
    row("standing", "状态", std::string(status_on(compact.standing, china_today())));
    row("operations", "操作数", std::to_string(compact.standing.count));
    row("block", "区块", block_text(compact.height, compact.time_ms));
    for (const CompactCosignature& one : compact.cosignatures) {
      const bool known = roster_ != nullptr && one.position < roster_->members.size();
      cosigned(known ? text::printable(roster_->members[one.position].name)
                     : fmt::format("position {}", one.position),
               one.time_s);
    }
    return table_.str();
  }

 private:
  void row(std::string_view english, std::string_view chinese, std::string value) {
    table_.add({std::string(session_.tr(english, chinese)), std::move(value)});
  }
  void cosigned(const std::string& who, std::uint64_t time_s) {
    row("cosigned", "联署", fmt::format("{}  {}", second_text(time_s), who));
  }
  static std::string block_text(std::uint64_t height, std::uint64_t time_ms) {
    return fmt::format("{}, {}", height, api::moment_text(time_ms));
  }

  const RosterStanding* roster_;
  const Session& session_;
  text::Table table_;
};

json::object view(const Proof& proof) {
  json::object out = api::to_json(proof);
  out["form"] = "proof file";
  out["bytes"] = encode_proof(proof).size();
  return out;
}

json::object view(const CompactProof& compact) {
  json::array cosignatures;
  for (const CompactCosignature& one : compact.cosignatures) {
    cosignatures.push_back(json::object{{"position", one.position},
                                        {"time", second_text(one.time_s)},
                                        {"signature", to_hex(one.signature.bytes)}});
  }
  return {{"form", "compact"},
          {"characters", text_size(compact)},
          {"ledger", to_hex(compact.ledger)},
          {"epoch", api::number_json(compact.epoch)},
          {"subject", compact.subject.text()},
          {"standing", api::to_json(compact.standing)},
          {"height", api::number_json(compact.height)},
          {"time", api::moment_text(compact.time_ms)},
          {"cosignatures", std::move(cosignatures)}};
}

}  // namespace

Trouble proof_trouble(Error error, const std::string& path) {
  Trouble trouble = file_trouble(error, path, "the proof");
  if (error == Error::unknown_tag) {
    trouble.why = "no proof that this build knows";
    trouble.next = "a proof is what hufu proof get and hufu proof qr write";
  }
  if (error == Error::image_unreadable) {
    trouble.next = "take the photo again: straight, sharp, with the white border, one code in it";
  }
  return trouble;
}

Try<offline::Presented> read_proof(const std::string& path) {
  const Try<Bytes> content = read_file(path, kProofBytes);
  if (!content) return content.error();
  Result<offline::Presented> read = offline::read_presented(*content);
  if (!read) return proof_trouble(read.error(), path);
  return std::move(*read);
}

Try<CheckedProof> fetch_proof(Client& client, const Anchor& anchor, const SubjectKey& subject,
                              const api::ProofWish& wish, const Session& session) {
  const std::string what =
      fmt::format(fmt::runtime(session.tr("cannot get a proof of {}", "无法取得 {} 的证明")), subject.text());
  Reply<Proof> proof = client.proof(subject, api::ReadWish::settled, wish);
  if (!proof) return trouble_of(proof.error(), session, what);
  CheckedProof checked{.proof = std::move(*proof), .finding = {}};
  checked.finding = check_proof(anchor, checked.proof);
  const auto& checks = checked.finding.checks;
  const auto failed = std::find_if(checks.begin(), checks.end(),
                                   [](const Check& c) { return c.result == Check::Result::fail; });
  if (failed == checks.end() && checked.proof.evidence.subject.key == subject) return checked;
  return Trouble{
      .error = Error::proof_invalid,
      .what = what,
      .why = failed == checks.end() ? std::string("the node answered for another subject")
                                    : fmt::format("{}: {}", failed->name, failed->why),
      .next = fmt::format("ask another node than {} with --node, and tell its operator", client.last_url())};
}

std::string people_text(const offline::Presented& presented, const RosterStanding* roster,
                        const Session& session) {
  return std::visit(View(roster, session), presented);
}

json::object to_json(const offline::Presented& presented) {
  return std::visit([](const auto& one) { return view(one); }, presented);
}

}  // namespace hufu::cli
