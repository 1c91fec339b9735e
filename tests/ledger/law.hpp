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

// Every province decides by two of its three keys: code + "a", "b", "c".
inline Genesis with_authorities() {
  Genesis genesis = make_genesis();
  for (FoundingProvince& province : genesis.provinces) {
    for (const char* name : {"a", "b", "c"}) {
      province.standing.authority_keys.push_back(key_of(province.code + name).public_key());
    }
    province.standing.threshold = 2;
  }
  return genesis;
}

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
  // Signed by any key, under any code.
  std::optional<Error> act_by(const std::string& code, const std::string& key,
                              std::vector<Operation> operations) {
    const Submission submission =
        sign_submission(ledger, code, key_of(key), request(++decisions_ + 100'000), std::move(operations));
    const Outcome outcome = extend({submission}).outcomes.front();
    return applied(outcome) ? std::nullopt : std::optional(error_of(outcome));
  }
  // Proposed, approved by two keys of each of these provinces, enacted.
  std::optional<Error> decree(const SubjectKey& target, decltype(Decision::body) body,
                              const std::vector<std::string>& provinces,
                              std::string_view effective = "2025-01-01") {
    const Operation frame = on(target, Approve{}, effective);
    const Decision decision{
        .target = target, .previous = frame.previous, .effective = frame.effective, .body = std::move(body)};
    const SubjectKey subject = decision_subject(decision);
    for (const std::string& province : provinces) {
      for (const char* who : {"a", "b"}) {
        const bool first = province == provinces.front() && *who == 'a';
        const Payload payload = first ? Payload(Propose{.decision = decision}) : Payload(Approve{});
        if (const auto refused = act_by(province, province + who, {on(subject, payload, effective)}))
          return refused;
      }
    }
    return act_by(provinces.front(), provinces.front() + "a",
                  {{.subject = target,
                    .previous = decision.previous,
                    .effective = decision.effective,
                    .payload = Enact{.decision = decision}}});
  }
  const LicenseStanding& license_standing(const std::string& id) const {
    return std::get<LicenseStanding>(state.at(license_key(id)).detail);
  }
  LicenseState state_of(const std::string& id) const { return license_standing(id).state; }

 private:
  std::uint64_t decisions_ = 0;
};

}  // namespace hufu::testing
