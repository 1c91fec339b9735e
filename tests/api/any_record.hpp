// Arbitrary records of every kind, for properties: any value that the types can hold, within the bounds of the formats.
#pragma once

#include <rapidcheck.h>

#include <array>

#include "tests/ledger/world.hpp"

namespace hufu::testing::any {

template <class T>
T value() {
  return *rc::gen::arbitrary<T>();
}
template <std::size_t N>
std::array<std::uint8_t, N> bytes() {
  std::array<std::uint8_t, N> out;
  for (std::uint8_t& byte : out) byte = value<std::uint8_t>();
  return out;
}
inline Hash hash() { return {bytes<32>()}; }
inline PublicKey public_key() { return {bytes<32>()}; }
inline CivilDay day() { return *rc::gen::inRange<CivilDay>(kMinCivilDay, kMaxCivilDay + 1); }
inline std::uint64_t moment() { return *rc::gen::inRange<std::uint64_t>(0, limits::kTimeMs); }
inline std::string text() { return *rc::gen::element<std::string>("A", "330000", "税务局", "\"\\\n"); }
inline std::string text_or_none() { return *rc::gen::element<std::string>("", "B", "330000"); }
inline SubjectKey subject() {
  return *rc::gen::element(
      SubjectKey{SubjectKind::license, kLicense}, SubjectKey{SubjectKind::invoice, kInvoice},
      SubjectKey{SubjectKind::agency, "机关 \"A\"\\\n"}, SubjectKey{SubjectKind::roster, ""},
      SubjectKey{SubjectKind::agreement, "310000/330000"});
}
template <class Make>
auto maybe(Make make) {
  return value<bool>() ? std::optional(make()) : std::nullopt;
}
template <class Make>
auto some(Make make) {
  std::vector<decltype(make())> out(*rc::gen::inRange<std::size_t>(0, 3));
  for (auto& element : out) element = make();
  return out;
}
template <class Enum>
Enum one_of(Enum last) {
  return static_cast<Enum>(*rc::gen::inRange<int>(1, static_cast<int>(last) + 1));
}
inline Assurance assurance() { return one_of(Assurance::l3); }
inline LicenseAction license_action() { return one_of(LicenseAction::dispute_close); }
inline Succession succession() { return {.kind = one_of(SuccessionKind::transfer), .other = subject()}; }

// ---- authority ----

inline Grant grant() {
  return {.type = text(),
          .actions = *rc::gen::inRange<std::uint32_t>(0, action::kAll + 1),
          .from = day(),
          .to = maybe(day)};
}
inline AgencyKey agency_key() {
  return {.key = public_key(),
          .from_ms = moment(),
          .to_ms = maybe(moment),
          .compromised_ms = maybe(moment),
          .scope = some(grant)};
}
inline AgreementEntry agreement_entry() {
  return {.type = text(),
          .maps_to = text_or_none(),
          .local_name = text_or_none(),
          .scenarios = some([] { return Scenario{text()}; }),
          .max_age_hours = value<std::uint16_t>()};
}
inline AgreementStanding agreement() {
  return {.name = text(),
          .valid_from = day(),
          .valid_to = day(),
          .min_assurance = assurance(),
          .contact = text_or_none(),
          .entries = some(agreement_entry),
          .ended = maybe(day)};
}
inline CatalogueStanding catalogue() {
  return {.name = text(), .private_keys = value<bool>(), .status_codes = some([] {
                                                           return StatusCode{text(), license_action()};
                                                         })};
}
inline ProvinceStanding province() {
  return {.name = text(),
          .authority_keys = some(public_key),
          .threshold = value<std::uint8_t>(),
          .grants = some(grant)};
}

inline Endpoint endpoint() {
  return {.host = "node.example", .port = *rc::gen::inRange<std::uint16_t>(1, 65'535)};
}
inline Member member() {
  return {.id = value<std::uint64_t>(),
          .name = text(),
          .province = text_or_none(),
          .log_key = public_key(),
          .cosign_key = public_key(),
          .tls_key = public_key(),
          .peer = endpoint(),
          .api = endpoint()};
}
inline RosterStanding roster() { return {.epoch = value<std::uint64_t>(), .members = some(member)}; }

inline decltype(Decision::body) decision_body() {
  switch (*rc::gen::inRange(0, 11)) {
    case 0:
      return AgencyEntry{
          .name = text(), .province = text_or_none(), .grants = some(grant), .keys = some(agency_key)};
    case 1:
      return AgencyChange{one_of(AgencyStep::withdraw)};
    case 2:
      return AgencySuccessor{text()};
    case 3:
      return KeyEntry{agency_key()};
    case 4:
      return KeyEnd{.key = public_key(), .compromised_ms = maybe(moment)};
    case 5:
      return AgreementText{agreement()};
    case 6:
      return AgreementEnd{text_or_none()};
    case 7:
      return CatalogueEntry{catalogue()};
    case 8:
      return ProvinceEntry{province()};
    case 9:
      return RosterEntry{.roster = roster(), .recovery = std::nullopt};
    default:
      return RosterEntry{
          .roster = roster(),
          .recovery = Recovery{.height = value<std::uint64_t>(), .head = hash(), .time_ms = moment()}};
  }
}
inline Decision decision() {
  return {.target = subject(), .previous = maybe(hash), .effective = day(), .body = decision_body()};
}

// ---- operations ----

inline Payload license_payload() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return LicenseIssue{.commitment = hash(),
                          .valid_from = day(),
                          .valid_to = maybe(day),
                          .assurance = assurance(),
                          .from = maybe(succession)};
    case 1:
      return LicenseChange{license_action()};
    case 2:
      return LicenseLapse{succession()};
    case 3:
      return LicenseTransferOut{.province = text_or_none(), .agency = text_or_none()};
    default:
      return LicenseCorrection{subject()};
  }
}
inline Payload invoice_payload() {
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      return InvoiceIssue{.commitment = hash(),
                          .blue = value<bool>(),
                          .amount_fen = value<std::int64_t>(),
                          .tax_fen = value<std::int64_t>(),
                          .seller = maybe(hash),
                          .buyer = maybe(hash),
                          .original = maybe(subject)};
    case 1:
      return InvoiceClaim{.entity = hash(), .period = value<std::uint32_t>(), .voucher = hash()};
    case 2:
      return InvoiceUnclaim{hash()};
    case 3:
      return InvoiceRed{
          .red = subject(), .amount_fen = value<std::int64_t>(), .tax_fen = value<std::int64_t>()};
    case 4:
      return RedRequest{.buyer = maybe(hash),
                        .number = text(),
                        .reason = value<std::uint8_t>(),
                        .needs_confirmation = value<bool>()};
    case 5:
      return RedReply{.buyer = maybe(hash), .number = text(), .answer = one_of(RedAnswer::withdraw)};
    default:
      return InvoiceChange{one_of(InvoiceAction::annul)};
  }
}
inline Payload authority_payload() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return Propose{decision()};
    case 1:
      return Approve{};
    case 2:
      return Enact{decision()};
    default:
      return KeyRotation{.next = agency_key(), .ends_signer = value<bool>()};
  }
}
inline Operation operation() {
  const int family = *rc::gen::inRange(0, 3);
  return {.subject = subject(),
          .previous = maybe(hash),
          .effective = day(),
          .payload = family == 0   ? license_payload()
                     : family == 1 ? invoice_payload()
                                   : authority_payload()};
}

// ---- one of each kind ----

// Empty but for the subjects that it names.
template <class Kind>
Kind naming_subjects() {
  const SubjectKey named{SubjectKind::license, kLicense};
  Kind payload;
  if constexpr (requires { payload.to.other; }) payload.to.other = named;
  if constexpr (requires { payload.replacement; }) payload.replacement = named;
  if constexpr (requires { payload.red; }) payload.red = named;
  if constexpr (requires { payload.decision; }) payload.decision.target = named;
  return payload;
}
template <std::size_t I = 0>
void add_alternatives(std::vector<Payload>& out) {
  if constexpr (I < std::variant_size_v<Payload>) {
    out.emplace_back(naming_subjects<std::variant_alternative_t<I, Payload>>());
    add_alternatives<I + 1>(out);
  }
}
// One for every name that an operation can have; a new alternative of Payload comes in by itself.
inline std::vector<Payload> kinds_of_payload() {
  std::vector<Payload> kinds;
  add_alternatives(kinds);
  for (const auto how : {SuccessionKind::change, SuccessionKind::renew, SuccessionKind::transfer})
    kinds.push_back(LicenseIssue{.from = Succession{.kind = how, .other = {SubjectKind::license, kLicense}}});
  for (const auto answer : {RedAnswer::lapse, RedAnswer::withdraw})
    kinds.push_back(RedReply{.answer = answer});
  for (const auto action : {InvoiceAction::archive, InvoiceAction::annul})
    kinds.push_back(InvoiceChange{action});
  for (int action = 2; is_known(static_cast<LicenseAction>(action)); ++action)
    kinds.push_back(LicenseChange{static_cast<LicenseAction>(action)});
  return kinds;
}

}  // namespace hufu::testing::any
