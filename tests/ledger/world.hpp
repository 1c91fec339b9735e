// A small ledger for tests: two provinces, a license agency and a tax platform in each, one node; and a chain that grows by
// real proposals, with everything that a node would keep.
#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "ledger/chain/execute.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_tree.hpp"
#include "ledger/proof/evidence.hpp"
#include "ledger/record/document.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu::testing {

inline const std::string kType = "11100000MB0143028R001";
inline const std::string kIssuer = "11330302XT00001376";
inline const std::string kOtherIssuer = "11310115XT0000014D";
inline const std::string kPlatform = "330000TAX";
inline const std::string kLicense =
    "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000001.001.5";
inline const std::string kInvoice = "24332000000306111419";
inline const std::string kBuyer = "91330105XT0029853W";

inline Seed seed_of(std::string_view name) { return Seed(sha256(as_bytes(name)).bytes); }
inline SigningKey key_of(std::string_view name) { return SigningKey(seed_of(name)); }
inline CivilDay day(std::string_view text) { return parse_civil_day(text).value(); }

inline FoundingAgency agency(const std::string& code, const std::string& province, const std::string& type,
                             std::uint32_t actions) {
  return {.code = code,
          .standing = {
              .name = "机关" + code,
              .province = province,
              .keys = {{.key = key_of(code).public_key(), .from_ms = 0, .to_ms = std::nullopt}},
              .grants = {{.type = type, .actions = actions, .from = day("2018-01-01"), .to = std::nullopt}}}};
}

inline Member member(std::uint64_t id) {
  const std::string number = std::to_string(id);
  const auto port = static_cast<std::uint16_t>(id);
  return {.id = id,
          .name = "node-" + number,
          .province = "310000",
          .log_key = key_of("log-" + number).public_key(),
          .cosign_key = key_of("cosign-" + number).public_key(),
          .tls_key = key_of("tls-" + number).public_key(),
          .peer = {"127.0.0.1", static_cast<std::uint16_t>(7000 + port)},
          .api = {"127.0.0.1", static_cast<std::uint16_t>(8000 + port)}};
}
inline RosterStanding roster_of(const std::vector<std::uint64_t>& ids, std::uint64_t epoch = 1) {
  RosterStanding roster{.epoch = epoch, .members = {}};
  for (const std::uint64_t id : ids) roster.members.push_back(member(id));
  return roster;
}

inline Genesis make_genesis() {
  Genesis genesis;
  genesis.origin = "hufu.test/east";
  genesis.time_ms = 1'760'000'000'000;
  genesis.provinces = {{"310000", {"上海市", {}, 0}}, {"330000", {"浙江省", {}, 0}}};
  genesis.agencies = {
      agency(kOtherIssuer, "310000", kType, action::kIssue | action::kChange),
      agency(kIssuer, "330000", kType, action::kIssue | action::kChange),
      agency(kPlatform, "330000", std::string(kInvoiceType), action::kIssue | action::kClaim)};
  std::sort(genesis.agencies.begin(), genesis.agencies.end(),
            [](auto& a, auto& b) { return a.code < b.code; });
  genesis.roster = roster_of({1});
  return genesis;
}

inline RequestId request(std::uint64_t number) {
  RequestId id{};
  for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline Document license_document(const std::string& id = kLicense, const std::string& holder = "某公司") {
  return make_document({SubjectKind::license, id}, {{"certIdentifier", id}, {"holderName", holder}},
                       seed_of(kIssuer))
      .value();
}
inline Document invoice_document(const std::string& number = kInvoice) {
  return make_document({SubjectKind::invoice, number}, {{"invoiceNumber", number}, {"buyerTaxId", kBuyer}},
                       seed_of(kPlatform))
      .value();
}

inline Operation issue_license(const std::string& id = kLicense, const std::string& on = "2019-01-02") {
  return {.subject = {SubjectKind::license, id},
          .previous = std::nullopt,
          .effective = day(on),
          .payload = LicenseIssue{.commitment = commitment(license_document(id)).value(),
                                  .valid_from = day(on),
                                  .valid_to = std::nullopt,
                                  .assurance = Assurance::l2}};
}
inline Operation change_license(LicenseAction action, const Standing& before,
                                const std::string& on = "2020-01-01") {
  return {.subject = {SubjectKind::license, kLicense},
          .previous = before.last,
          .effective = day(on),
          .payload = LicenseChange{.action = action}};
}
inline Hash buyer_of(const Document& document, std::string_view code = kBuyer) {
  return party(document.find("buyerTaxId")->salt, code);
}
inline Operation issue_invoice(const std::string& number = kInvoice) {
  return {.subject = {SubjectKind::invoice, number},
          .previous = std::nullopt,
          .effective = day("2024-05-12"),
          .payload = InvoiceIssue{.commitment = commitment(invoice_document(number)).value(),
                                  .blue = true,
                                  .amount_fen = 618177,
                                  .tax_fen = 37091,
                                  .buyer = buyer_of(invoice_document(number)),
                                  .original = std::nullopt}};
}
inline Operation claim_invoice(const Standing& before, std::string_view by = kBuyer) {
  return {
      .subject = {SubjectKind::invoice, kInvoice},
      .previous = before.last,
      .effective = day("2024-06-01"),
      .payload = InvoiceClaim{.entity = buyer_of(invoice_document(), by), .period = 202406, .voucher = {}}};
}

// Nobody but the subject itself: for rules that look at nothing else.
struct NoOthers final : rules::Surroundings {
  const Standing* find(const SubjectKey& /*key*/) const override { return nullptr; }
  bool knows(SubjectKind /*kind*/) const override { return false; }
};
inline const NoOthers kNoOthers;

// Grows as a node's ledger grows, in maps instead of RocksDB.
class Chain : public StateReader {
 public:
  explicit Chain(Genesis founding = make_genesis())
      : genesis(std::move(founding)), ledger(ledger_id(genesis)) {
    for (auto& [key, standing] : founding_state(genesis)) state[key] = standing;
    blocks.push_back({founding_block(genesis), {}});
    rebuild();
  }
  std::optional<Standing> find(const SubjectKey& key) const override {
    const auto at = state.find(key);
    return at == state.end() ? std::nullopt : std::optional(at->second);
  }
  const BlockHeader& head() const { return blocks.back().header; }

  Submission sign(const std::string& code, std::vector<Operation> operations) {
    return sign_submission(ledger, code, key_of(code), request(++requests_), std::move(operations));
  }
  Proposal propose(std::vector<Submission> submissions) const {
    return {.version = Proposal::kVersion,
            .height = head().height + 1,
            .parent = block_hash(head()),
            .time_ms = head().time_ms + 1000,
            .submissions = std::move(submissions)};
  }
  Execution extend(std::vector<Submission> submissions) {
    const Proposal proposal = propose(std::move(submissions));
    Execution execution = execute(ledger, proposal, *this, check_signed);
    for (const auto& [path, change] : execution.changes) {
      const SubjectKey& key = change.key;
      state[key] = change.standing;
      for (const auto& [submission, operation] : change.operations) {
        places[key].push_back({Place{proposal.height, submission}, operation});
      }
    }
    rebuild();
    blocks.push_back(
        {make_header(proposal.height, proposal.parent, proposal.time_ms, execution.included, version.root()),
         execution.included});
    return execution;
  }
  // The outcome of one submission on its own.
  Outcome append(const std::string& code, std::vector<Operation> operations) {
    return extend({sign(code, std::move(operations))}).outcomes.front();
  }

  StandingEvidence standing_evidence(const SubjectKey& key) const {
    return {.key = key, .standing = find(key), .proof = tree.prove(version, key.path())};
  }
  std::vector<Hash> log_leaves() const {
    std::vector<Hash> leaves;
    for (const Block& block : blocks) leaves.push_back(leaf_hash(encode(block.header)));
    return leaves;
  }
  std::vector<OperationEvidence> operations_of(const SubjectKey& key, const std::vector<Hash>& leaves) const {
    std::vector<OperationEvidence> operations;
    const auto at = places.find(key);
    if (at == places.end()) return operations;
    for (const auto& [place, index] : at->second) {
      const Block& block = blocks[place.height];
      const Submission& submission = block.submissions[place.submission];
      operations.push_back(
          {.operation = submission.operations[index],
           .index = index,
           .submission_path = inclusion_path(operation_hashes(submission.operations), index),
           .header = submission.header,
           .signature = submission.signature,
           .place = place,
           .block_path = inclusion_path(submission_leaves(block.submissions), place.submission),
           .block = block.header,
           .log_path = inclusion_path(leaves, place.height)});
    }
    return operations;
  }
  // With the lives that it rests on, and those named besides.
  Evidence evidence(const SubjectKey& key, const std::vector<SubjectKey>& besides = {}) const {
    const std::vector<Hash> leaves = log_leaves();
    Evidence evidence{.version = Evidence::kVersion,
                      .ledger = ledger,
                      .head = head(),
                      .log_size = leaves.size(),
                      .log_root = tree_root(leaves),
                      .head_path = inclusion_path(leaves, leaves.size() - 1),
                      .subject = standing_evidence(key),
                      .operations = operations_of(key, leaves),
                      .support = {}};
    std::set<SubjectKey> wanted = supporters_of(evidence.subject, evidence.operations);
    wanted.insert(besides.begin(), besides.end());
    std::map<SubjectKey, Life> lives;
    while (!wanted.empty()) {
      const SubjectKey next = *wanted.begin();
      wanted.erase(wanted.begin());
      if (next == key || lives.count(next) != 0) continue;
      Life life{.standing = standing_evidence(next), .operations = operations_of(next, leaves)};
      wanted.merge(supporters_of(life.standing, life.operations));
      lives.emplace(next, std::move(life));
    }
    for (auto& [unused, life] : lives) evidence.support.push_back(std::move(life));
    return evidence;
  }

  Genesis genesis;
  LedgerId ledger;
  std::map<SubjectKey, Standing> state;
  std::map<SubjectKey, std::vector<std::pair<Place, std::uint32_t>>> places;
  std::vector<Block> blocks;
  mutable StateTree tree;
  StateTree::Version version;

 private:
  void rebuild() {
    std::vector<StateLeaf> leaves;
    for (const auto& [key, standing] : state) leaves.push_back({key.path(), standing.value_hash()});
    std::sort(leaves.begin(), leaves.end(), [](auto& a, auto& b) { return a.path < b.path; });
    version = tree.build(leaves);
  }
  std::uint64_t requests_ = 0;
};

// The one error of a refusal: of the submission, or of its only faulty operation.
inline Error error_of(const Outcome& outcome) {
  const auto& refused = std::get<Refused>(outcome);
  return refused.submission ? *refused.submission : refused.faults.at(0).error;
}
// The first check that failed; "" if none did.
inline std::string failed(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    if (check.result == Check::Result::fail) return check.name;
  }
  return "";
}
inline bool applied(const Outcome& outcome) { return std::holds_alternative<Applied>(outcome); }

}  // namespace hufu::testing
