#include "cli/decision_input.hpp"

#include <fmt/format.h>

#include "cli/text/width.hpp"
#include "node/api/json_authority.hpp"
#include "node/api/json_reader.hpp"

namespace hufu::cli {
namespace {

constexpr std::uint64_t kChinaMs = 8ULL * 3'600'000;
constexpr std::uint64_t kDayMs = 86'400'000;

std::vector<std::string> split(std::string_view text, char delimiter) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(delimiter);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Trouble not_understood(std::string_view what, const std::string& text, std::string why) {
  return {.error = Error::usage,
          .what = fmt::format("{} {} is not understood", what, text::printable(text)),
          .why = std::move(why)};
}

Try<std::uint32_t> actions_of(const std::string& names, const std::string& whole) {
  std::uint32_t bits = 0;
  for (const std::string& name : split(names, ',')) {
    const std::uint32_t before = bits;
    for (const auto& [bit, known] : api::kActionNames) {
      if (name == known && (bits & bit) == 0) bits |= bit;
    }
    if (bits == before)
      return not_understood("--grant", whole, "its actions are issue, change and claim, each once");
  }
  return bits;
}

Trouble not_a(std::string_view wanted, const std::string& source, const api::JsonFault& fault) {
  return {.error = fault.error,
          .what = fmt::format("{} is not {}", source, wanted),
          .why = api::text_of(fault),
          .exit = kUsage};
}

}  // namespace

Try<Grant> grant_of(const std::string& text, CivilDay from) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 4)
    return not_understood("--grant", text, "write it as TYPE:issue,change[:FROM[:TO]]");
  const Try<std::uint32_t> actions = actions_of(parts[1], text);
  if (!actions) return actions.error();
  Grant grant{.type = parts[0], .actions = *actions, .from = from, .to = std::nullopt};
  if (parts.size() > 2) {
    const Result<CivilDay> day = parse_civil_day(parts[2]);
    if (!day) return not_understood("--grant", text, fmt::format("{} is not a day", parts[2]));
    grant.from = *day;
  }
  if (parts.size() > 3) {
    const Result<CivilDay> day = parse_civil_day(parts[3]);
    if (!day) return not_understood("--grant", text, fmt::format("{} is not a day", parts[3]));
    grant.to = *day;
  }
  return grant;
}

Try<std::vector<Grant>> grants_of(const std::vector<std::string>& texts, CivilDay from) {
  std::vector<Grant> grants;
  for (const std::string& text : texts) {
    Try<Grant> grant = grant_of(text, from);
    if (!grant) return grant.error();
    grants.push_back(std::move(*grant));
  }
  return grants;
}

Try<PublicKey> public_key_of(const std::string& text) {
  const Result<PublicKey> key = public_key_from_hex(text);
  if (!key)
    return not_understood("the public key", text, "64 hexadecimal digits are expected: hufu key show FILE");
  return *key;
}

Try<std::vector<PublicKey>> public_keys_of(const std::vector<std::string>& texts) {
  std::vector<PublicKey> keys;
  for (const std::string& text : texts) {
    const Try<PublicKey> key = public_key_of(text);
    if (!key) return key.error();
    keys.push_back(*key);
  }
  return keys;
}

Try<std::uint64_t> moment_of(const std::string& text) {
  if (const Result<CivilDay> day = parse_civil_day(text); day && *day > 0) {
    return static_cast<std::uint64_t>(*day) * kDayMs - kChinaMs;
  }
  const Result<std::uint64_t> moment = api::parse_moment(text);
  if (!moment)
    return not_understood("the time", text, "write a day or a moment like 2026-11-22T08:00:00.000Z");
  return *moment;
}

Try<AgreementDraft> agreement_from_json(std::string_view text, const std::string& source) {
  const api::Parsed<json::value> value = api::parse_json(text);
  if (!value) return not_a("the text of an agreement", source, value.error());
  api::Faults faults;
  api::ObjectReader reader(*value, "", faults);
  const std::string issuer = reader.text("issuer", limits::kProvinceCode);
  const std::string verifier = reader.text("verifier", limits::kProvinceCode);
  AgreementStanding agreement = api::read_agreement(reader);
  reader.end();
  if (faults.any()) return not_a("the text of an agreement", source, faults.take());
  return AgreementDraft{.subject = {SubjectKind::agreement, issuer + "/" + verifier},
                        .text = {.text = std::move(agreement)}};
}

Try<CatalogueDraft> catalogue_from_json(std::string_view text, const std::string& source) {
  const api::Parsed<json::value> value = api::parse_json(text);
  if (!value) return not_a("an entry of a catalogue", source, value.error());
  api::Faults faults;
  api::ObjectReader reader(*value, "", faults);
  const std::string province = reader.text("province", limits::kProvinceCode);
  const std::string type = reader.text("type", limits::kTypeCode);
  CatalogueStanding entry = api::read_catalogue(reader);
  reader.end();
  if (faults.any()) return not_a("an entry of a catalogue", source, faults.take());
  return CatalogueDraft{.subject = {SubjectKind::catalogue, province + "/" + type},
                        .entry = {.entry = std::move(entry)}};
}

Try<Member> node_card_from_json(std::string_view text, const std::string& source) {
  const api::Parsed<json::value> value = api::parse_json(text);
  if (!value) return not_a("the card of a node", source, value.error());
  api::Faults faults;
  Member member = api::read_member(*value, "", faults);
  if (faults.any()) return not_a("the card of a node", source, faults.take());
  return member;
}

std::string decision_file_text(const Decision& decision) { return api::pretty(api::to_json(decision)); }

Try<Decision> parse_decision_file(std::string_view text, const std::string& source) {
  api::Parsed<Decision> decision = api::decision_from_json(text);
  if (!decision) return not_a("a decision file", source, decision.error());
  return std::move(*decision);
}

Try<SubjectKey> decision_named(const std::string& text) {
  constexpr std::string_view kKind = "decision:";
  const std::string id = text.starts_with(kKind) ? text.substr(kKind.size()) : text;
  if (!hash_from_hex(id)) {
    return Trouble{
        .error = Error::id_malformed,
        .what = fmt::format("{} is neither a decision's id nor a decision file", text::printable(text)),
        .next = "the id is what the proposal printed: 64 hexadecimal digits"};
  }
  return SubjectKey{SubjectKind::decision, id};
}

}  // namespace hufu::cli
