#include "ledger/record/decision.hpp"

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

struct BodyName {
  std::string_view operator()(const AgencyEntry&) const { return "AGENCY_ENTRY"; }
  std::string_view operator()(const AgencyChange& change) const {
    switch (change.step) {
      case AgencyStep::suspend:
        return "AGENCY_SUSPEND";
      case AgencyStep::resume:
        return "AGENCY_RESUME";
      case AgencyStep::withdraw:
        return "AGENCY_WITHDRAW";
    }
    HUFU_CHECK(false);
  }
  std::string_view operator()(const AgencySuccessor&) const { return "AGENCY_SUCCESSOR"; }
  std::string_view operator()(const KeyEntry&) const { return "KEY_ENTRY"; }
  std::string_view operator()(const KeyEnd&) const { return "KEY_END"; }
  std::string_view operator()(const AgreementText&) const { return "AGREEMENT_TEXT"; }
  std::string_view operator()(const AgreementEnd&) const { return "AGREEMENT_END"; }
  std::string_view operator()(const CatalogueEntry&) const { return "CATALOGUE_ENTRY"; }
  std::string_view operator()(const ProvinceEntry&) const { return "PROVINCE_ENTRY"; }
  std::string_view operator()(const RosterEntry& entry) const {
    return entry.recovery ? "ROSTER_RECOVERY" : "ROSTER_ENTRY";
  }
};

}  // namespace

bool is_known(AgencyStep step) { return step >= AgencyStep::suspend && step <= AgencyStep::withdraw; }

SubjectKey decision_subject(const Decision& decision) {
  return {SubjectKind::decision, to_hex(tagged_hash("hufu/decision/v1", {encode(decision)}))};
}

std::string_view name_of(const Decision& decision) { return std::visit(BodyName{}, decision.body); }

}  // namespace hufu
