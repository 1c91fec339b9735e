#include "cli/demo/decisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/decisions.hpp"

namespace hufu::cli::demo {
namespace {

// (province, type): where a type stands in the catalogue.
std::set<std::pair<std::string, std::string>> uses_of(const DataSet& data) {
  std::set<std::pair<std::string, std::string>> uses;
  for (const DataAgency& agency : data.agencies) {
    for (const std::string& type : agency.types) uses.emplace(agency.province, type);
  }
  for (const DataAgreement& agreement : data.agreements) {
    for (const AgreementEntry& entry : agreement.text.entries) {
      if (!entry.maps_to.empty()) uses.emplace(agreement.verifier, entry.maps_to);
    }
  }
  return uses;
}

std::vector<std::string> concerned_by(const Decision& decision, const play::Mirror& mirror) {
  constexpr std::size_t kCode = limits::kProvinceCode;
  const std::string& id = decision.target.id;
  if (decision.target.kind == SubjectKind::catalogue) return {id.substr(0, kCode)};
  if (decision.target.kind == SubjectKind::agreement) return {id.substr(0, kCode), id.substr(kCode + 1)};
  const Standing* const agency = mirror.standing(decision.target);
  return {std::get<AgencyStanding>(agency->detail).province};
}

// Decisions on different targets: all proposals, then all answers, so that they travel together.
class Round {
 public:
  Round(CivilDay today, play::Mirror& mirror, const play::Player::Sink& sink)
      : today_(today), mirror_(mirror), sink_(sink) {}

  Try<void> propose(Decision& decision) {
    decision.previous = previous_of(mirror_.standing(decision.target));
    return take(concerned_by(decision, mirror_).front(), propose_operation(decision, today_), decision);
  }
  Try<void> answer(const Decision& decision) {
    const std::vector<std::string> concerned = concerned_by(decision, mirror_);
    for (std::size_t i = 1; i < concerned.size(); ++i) {
      const SubjectKey subject = decision_subject(decision);
      const Standing* const standing = mirror_.standing(subject);
      if (auto taken = take(concerned[i], approve_operation(subject, *standing, today_), decision); !taken)
        return taken;
    }
    return take(concerned.back(), enact_operation(decision), decision);
  }

 private:
  Try<void> take(const std::string& province, Operation operation, const Decision& decision) {
    play::Act act{.agency = province, .operations = {std::move(operation)}, .document = {}};
    if (const Result<void> lawful = mirror_.append(act.agency, act.operations); !lawful) {
      return Trouble{.error = lawful.error(),
                     .what = fmt::format("the ledger does not decide on {}", decision.target.text()),
                     .why = std::string(describe(lawful.error()).en),
                     .next = "look at the reference files of the data set",
                     .exit = kLocal};
    }
    sink_(std::move(act));
    return {};
  }

  const CivilDay today_;
  play::Mirror& mirror_;
  const play::Player::Sink& sink_;
};

}  // namespace

std::vector<Decision> recognition_of(const DataSet& data, CivilDay today) {
  std::vector<Decision> decisions;
  for (const auto& [province, code] : uses_of(data)) {
    const auto type = std::find_if(data.types.begin(), data.types.end(),
                                   [&wanted = code](const DataType& known) { return known.code == wanted; });
    if (type == data.types.end()) continue;
    decisions.push_back({.target = {SubjectKind::catalogue, province + "/" + code},
                         .previous = std::nullopt,
                         .effective = today,
                         .body = CatalogueEntry{.entry = {.name = type->name, .status_codes = {}}}});
  }
  for (const DataAgreement& agreement : data.agreements) {
    decisions.push_back({.target = {SubjectKind::agreement, agreement.issuer + "/" + agreement.verifier},
                         .previous = std::nullopt,
                         .effective = std::min(agreement.text.valid_from, today),
                         .body = AgreementText{.text = agreement.text}});
  }
  return decisions;
}

std::vector<Decision> withdrawals_of(const DataSet& data, CivilDay today) {
  std::vector<Decision> decisions;
  for (const DataAgency& agency : data.agencies) {
    if (!agency.withdrawn || *agency.withdrawn > today) continue;
    decisions.push_back({.target = {SubjectKind::agency, agency.code},
                         .previous = std::nullopt,
                         .effective = *agency.withdrawn,
                         .body = AgencyChange{.step = AgencyStep::withdraw}});
  }
  return decisions;
}

Try<void> decide(std::vector<Decision> decisions, CivilDay today, play::Mirror& mirror,
                 const play::Player::Sink& sink) {
  Round round(today, mirror, sink);
  while (!decisions.empty()) {
    std::vector<Decision> now;
    std::vector<Decision> later;
    std::set<SubjectKey> targets;
    for (Decision& decision : decisions) {
      (targets.insert(decision.target).second ? now : later).push_back(std::move(decision));
    }
    for (Decision& decision : now) {
      if (auto proposed = round.propose(decision); !proposed) return proposed;
    }
    for (const Decision& decision : now) {
      if (auto answered = round.answer(decision); !answered) return answered;
    }
    decisions = std::move(later);
  }
  return {};
}

}  // namespace hufu::cli::demo
