#include "ledger/proof/replay.hpp"

#include <algorithm>

namespace hufu {
namespace {

// Sorted by code.
template <class Founding>
std::optional<Standing> founded_in(const std::vector<Founding>& list, std::string_view code) {
  const auto at =
      std::lower_bound(list.begin(), list.end(), code,
                       [](const Founding& each, std::string_view wanted) { return each.code < wanted; });
  if (at == list.end() || at->code != code) return std::nullopt;
  return Standing{.count = 0, .last = {}, .detail = at->standing};
}

struct Supporters {
  std::set<SubjectKey> keys;

  void add(SubjectKind kind, std::string id) { keys.insert({kind, std::move(id)}); }
  void add_signer(const std::string& code) {
    add(is_province_code(code) ? SubjectKind::province : SubjectKind::agency, code);
  }
  void add_decision(const Decision& decision) {
    keys.insert(decision_subject(decision));
    if (const auto* successor = std::get_if<AgencySuccessor>(&decision.body)) {
      add(SubjectKind::agency, successor->successor);
    }
    if (const auto* entry = std::get_if<RosterEntry>(&decision.body)) add_provinces_of(entry->roster);
  }
  void add_provinces_of(const RosterStanding& roster) {
    for (const Member& member : roster.members) add(SubjectKind::province, member.province);
  }
  // What the rules of its kind look at besides those who sign.
  void add_for(const SubjectKey& key, const Detail& detail) {
    if (const auto* license = std::get_if<LicenseStanding>(&detail)) {
      add(SubjectKind::agency, license->issuer);
      // It may have been issued by the successor of the agency that its identifier names.
      if (const auto id = split_license_id(key.id); id && is_agency_code(id->issuer))
        add(SubjectKind::agency, std::string(id->issuer));
    } else if (const auto* invoice = std::get_if<InvoiceStanding>(&detail)) {
      add(SubjectKind::agency, invoice->issuer);
    } else if (const auto* agency = std::get_if<AgencyStanding>(&detail)) {
      add(SubjectKind::province, agency->province);
    } else if (const auto* decision = std::get_if<DecisionStanding>(&detail)) {
      keys.insert(decision->target);
    } else if (key.kind == SubjectKind::agreement) {
      add(SubjectKind::province, key.id.substr(0, limits::kProvinceCode));
      add(SubjectKind::province, key.id.substr(key.id.size() - limits::kProvinceCode));
    } else if (key.kind == SubjectKind::catalogue) {
      add(SubjectKind::province, key.id.substr(0, limits::kProvinceCode));
    } else if (const auto* roster = std::get_if<RosterStanding>(&detail)) {
      add_provinces_of(*roster);
    }
  }
};

}  // namespace

std::optional<Standing> founded_standing(const Genesis& genesis, const SubjectKey& key) {
  switch (key.kind) {
    case SubjectKind::agency:
      return founded_in(genesis.agencies, key.id);
    case SubjectKind::province:
      return founded_in(genesis.provinces, key.id);
    case SubjectKind::roster:
      return Standing{.count = 0, .last = {}, .detail = genesis.roster};
    default:
      return std::nullopt;
  }
}

std::vector<LifeView> lives_of(const Evidence& evidence) {
  std::vector<LifeView> lives{{&evidence.subject, &evidence.operations}};
  for (const Life& life : evidence.support) lives.push_back({&life.standing, &life.operations});
  return lives;
}

std::set<SubjectKey> supporters_of(const StandingEvidence& life,
                                   const std::vector<OperationEvidence>& operations) {
  Supporters supporters;
  for (const OperationEvidence& step : operations) {
    supporters.add_signer(step.header.agency);
    if (const auto* enact = std::get_if<Enact>(&step.operation.payload))
      supporters.add_decision(enact->decision);
    // Its successor may take over what it was offered.
    if (const auto* out = std::get_if<LicenseTransferOut>(&step.operation.payload);
        out && !out->agency.empty())
      supporters.add(SubjectKind::agency, out->agency);
    if (const auto* propose = std::get_if<Propose>(&step.operation.payload))
      supporters.add_decision(propose->decision);
  }
  // Who acts for an agency may be the successor of its successor.
  if (const auto* agency = life.standing ? std::get_if<AgencyStanding>(&life.standing->detail) : nullptr;
      agency && !agency->successor.empty())
    supporters.add(SubjectKind::agency, agency->successor);
  // What the genesis founded and nobody has changed since rests on nobody's word.
  if (life.standing && life.standing->count > 0) supporters.add_for(life.key, life.standing->detail);
  supporters.keys.erase(life.key);
  return std::move(supporters.keys);
}

Replay::Replay(const Genesis& genesis, const Evidence& evidence) {
  for (const LifeView& life : lives_of(evidence)) {
    shown_.insert(life.key());
    if (auto founded = founded_standing(genesis, life.key()))
      standings_.emplace(life.key(), *std::move(founded));
    for (const OperationEvidence& step : *life.operations) steps_.push_back(&step);
  }
  std::stable_sort(steps_.begin(), steps_.end(), [](const OperationEvidence* a, const OperationEvidence* b) {
    return std::tie(a->place, a->index) < std::tie(b->place, b->index);
  });
}

const Standing* Replay::find(const SubjectKey& key) const {
  if (shown_.count(key) == 0) {
    if (knows(key.kind)) missing_ = key;
    return nullptr;
  }
  const auto found = standings_.find(key);
  return found == standings_.end() ? nullptr : &found->second;
}

bool Replay::knows(SubjectKind kind) const {
  const bool of_records = kind == SubjectKind::license || kind == SubjectKind::invoice ||
                          kind == SubjectKind::lineage || kind == SubjectKind::request;
  return !of_records;
}

std::optional<Replay::Fault> Replay::run(std::uint64_t until_ms) {
  for (const OperationEvidence* each : steps_) {
    if (each->block.time_ms > until_ms) continue;  // blocks rise in time as they do in height
    std::optional<Fault> fault = step(*each);
    if (missing_) {
      return Fault{.what = Fault::What::signer,
                   .error = Error::proof_invalid,
                   .why = "the life of " + missing_->text() + " is not shown"};
    }
    if (fault) return fault;
  }
  return std::nullopt;
}

std::optional<Replay::Fault> Replay::enter_submission(const OperationEvidence& step) {
  if (place_ == step.place) return std::nullopt;
  const Result<rules::Signer> signer =
      rules::find_signer(step.header.agency, step.header.key, step.block.time_ms, *this);
  if (!signer) {
    return Fault{
        .what = Fault::What::signer,
        .error = signer.error(),
        .why = step.header.agency + " had no authority to sign with this key at the time of the record"};
  }
  place_ = step.place;
  agency_ = signer->standing;  // the operations of the submission may change the original
  signer_.emplace(rules::Signer{step.header.agency, agency_, step.header.key, step.block.time_ms, this});
  return std::nullopt;
}

std::optional<Replay::Fault> Replay::step(const OperationEvidence& step) {
  if (auto fault = enter_submission(step)) return fault;
  const Operation& operation = step.operation;
  const auto before = standings_.find(operation.subject);
  Result<Standing> after =
      rules::apply(*signer_, operation, before == standings_.end() ? nullptr : &before->second);
  if (!after) {
    return Fault{.what = Fault::What::rule, .error = after.error(), .why = "an operation breaks the rules"};
  }
  standings_.insert_or_assign(operation.subject, *std::move(after));
  return std::nullopt;
}

std::map<SubjectKey, Standing> standings_known(const Genesis& genesis, const Evidence& evidence,
                                               std::uint64_t known_at_ms) {
  Replay replay(genesis, evidence);
  replay.run(known_at_ms);
  return replay.standings();
}

}  // namespace hufu
