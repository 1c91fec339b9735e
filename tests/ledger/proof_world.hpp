// The small ledger run by several nodes: checkpoints that they cosign, proofs, and rosters that hand over.
#pragma once

#include "ledger/proof/proof.hpp"
#include "ledger/proof/recognition.hpp"
#include "tests/ledger/law.hpp"

namespace hufu::testing {

// A log of blocks as its leaves alone.
class LeafLog : public NodeReader {
 public:
  explicit LeafLog(std::vector<Hash> leaves) : leaves_(std::move(leaves)) {}
  Result<Hash> read(NodeId id) const override {
    return tree_root(std::span(leaves_).subspan(id.index << id.level, std::size_t{1} << id.level));
  }
  std::uint64_t size() const { return leaves_.size(); }
  Checkpoint at(std::uint64_t size) const { return {.size = size, .root = root_at(*this, size).value()}; }
  Checkpoint newest() const { return at(size()); }
  LogLink link(std::uint64_t from, std::uint64_t to) const {
    return {.size = from, .root = at(from).root, .consistency = consistency_path(*this, from, to).value()};
  }

 private:
  std::vector<Hash> leaves_;
};

inline const SubjectKey kRosterKey{SubjectKind::roster, ""};
inline const SubjectKey kLicenseKey{SubjectKind::license, kLicense};
inline const SubjectKey kInvoiceKey{SubjectKind::invoice, kInvoice};
inline const SubjectKey kAbsentKey{SubjectKind::invoice, "24332000000306111420"};

using Ids = std::vector<std::uint64_t>;

class Nodes : public LawChain {
 public:
  explicit Nodes(const Ids& ids = {1, 2, 3}, Genesis founding = make_genesis())
      : LawChain(founded_by(ids, std::move(founding))) {}

  RosterStanding in_force() const { return std::get<RosterStanding>(find(kRosterKey)->detail); }
  LeafLog log() const { return LeafLog(log_leaves()); }
  // Ten seconds after the newest block.
  std::uint64_t now_s() const { return head().time_ms / 1000 + 10; }

  std::vector<Cosignature> cosign_all(const Checkpoint& checkpoint, const Ids& ids) const {
    std::vector<Cosignature> all;
    for (const std::uint64_t id : ids) {
      all.push_back(cosign(ledger.origin, checkpoint, id, key_of("cosign-" + std::to_string(id)), now_s()));
    }
    return all;
  }
  CertifiedCheckpoint certified(const Ids& ids) const {
    const Checkpoint newest = log().newest();
    return {.checkpoint = newest, .cosignatures = cosign_all(newest, ids)};
  }

  // No operation changes the roster yet, so a block is made whose state holds the new one.
  void hand_over(const RosterStanding& next, const Ids& cosigners) {
    state[kRosterKey] = {.count = 0, .last = {}, .detail = next};
    extend({});
    const std::vector<Hash> leaves = log_leaves();
    handovers.push_back({.header = head(),
                         .log_path = inclusion_path(leaves, leaves.size() - 1),
                         .cosignatures = cosign_all(log().newest(), cosigners),
                         .roster = standing_evidence(kRosterKey),
                         .consistency = {}});
  }

  // Besides: what is shown with it, an agreement.
  Proof proof(const SubjectKey& key, const Ids& cosigners,
              const std::vector<SubjectKey>& besides = {}) const {
    const LeafLog now = log();
    Proof proof{.version = Proof::kVersion,
                .evidence = evidence(key, besides),
                .cosignatures = cosign_all(now.newest(), cosigners),
                .handovers = handovers,
                .links = {}};
    for (std::size_t i = 0; i < handovers.size(); ++i) {
      const std::uint64_t from = handovers[i].header.height + 1;
      const std::uint64_t to = i + 1 < handovers.size() ? handovers[i + 1].header.height + 1 : now.size();
      proof.handovers[i].consistency = consistency_path(now, from, to).value();
    }
    return proof;
  }

  std::vector<Handover> handovers;

 private:
  static Genesis founded_by(const Ids& ids, Genesis founding) {
    founding.roster = roster_of(ids);
    return founding;
  }
};

// A license that was suspended and resumed, beside an invoice, in several blocks.
inline Nodes grown_nodes(Genesis genesis = make_genesis()) {
  Nodes nodes({1, 2, 3}, std::move(genesis));
  nodes.append(kPlatform, {issue_invoice()});
  nodes.append(kIssuer, {issue_license()});
  nodes.append(kIssuer, {change_license(LicenseAction::suspend, *nodes.find(kLicenseKey), "2020-03-01")});
  nodes.append(kIssuer, {change_license(LicenseAction::resume, *nodes.find(kLicenseKey), "2020-06-01")});
  return nodes;
}

// What the east recognises of the province in which the license was issued.
inline const std::string kIssuing = "330000";
inline const std::string kVerifying = "310000";
inline const SubjectKey kAgreementKey = agreement_key(kIssuing, kVerifying);
inline AgreementStanding agreement_text() {
  return {.name = "AGR-33-31-2024",
          .valid_from = day("2024-01-01"),
          .valid_to = day("2026-12-31"),
          .min_assurance = Assurance::l2,
          .contact = "浙江省政务服务中心",
          .entries = {{.type = kType,
                       .maps_to = "11310000MB0143028R009",
                       .local_name = "营业执照（外省）",
                       .scenarios = {{"行政许可"}},
                       .max_age_hours = 12}},
          .ended = std::nullopt};
}

}  // namespace hufu::testing
