// Words for tests of the law: licenses with versions, acts of two halves, decisions of provinces.
#pragma once

#include "tests/ledger/world.hpp"

namespace hufu::testing {

inline std::string license_id(std::string_view version, std::string_view serial = "2019000001",
                              std::string_view issuer = kIssuer) {
  LicenseId id{.type = kType, .issuer = issuer, .serial = serial, .version = version, .check = '0'};
  id.check = license_check_char(id).value();
  return id.text();
}
inline SubjectKey license_key(const std::string& id) { return {SubjectKind::license, id}; }

class LawChain : public Chain {
 public:
  using Chain::Chain;

  // An operation on a subject as it stands.
  Operation on(const SubjectKey& subject, Payload payload, std::string_view effective) const {
    const auto standing = find(subject);
    const bool fresh = !standing || standing->count == 0;
    return {.subject = subject,
            .previous = fresh ? std::nullopt : std::optional(standing->last),
            .effective = day(effective),
            .payload = std::move(payload)};
  }
  Operation license(const std::string& id, std::string_view effective,
                    std::optional<Succession> from = {}) const {
    Operation operation = issue_license(id, std::string(effective));
    std::get<LicenseIssue>(operation.payload).from = std::move(from);
    return operation;
  }
  // Nothing: applied.
  std::optional<Error> act(const std::string& code, std::vector<Operation> operations) {
    const Outcome outcome = append(code, std::move(operations));
    return applied(outcome) ? std::nullopt : std::optional(error_of(outcome));
  }
  std::optional<Error> change(const std::string& code, const std::string& id, LicenseAction action,
                              std::string_view effective = "2020-01-01") {
    return act(code, {on(license_key(id), LicenseChange{.action = action}, effective)});
  }
  const LicenseStanding& license_standing(const std::string& id) const {
    return std::get<LicenseStanding>(state.at(license_key(id)).detail);
  }
  LicenseState state_of(const std::string& id) const { return license_standing(id).state; }
};

}  // namespace hufu::testing
