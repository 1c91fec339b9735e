#include "ledger/proof/recognition.hpp"

#include <algorithm>

namespace hufu {
namespace {

constexpr std::uint64_t kHourMs = 3'600'000;

RecognitionFinding refuse(Reason reason, std::string why) {
  return {.reason = reason, .why = std::move(why), .recognition = std::nullopt, .max_age_ms = std::nullopt};
}

CivilDay last_day(const AgreementStanding& agreement) {
  return std::min(agreement.valid_to, agreement.ended.value_or(agreement.valid_to));
}

std::string level_text(Assurance level) { return "L" + std::to_string(static_cast<unsigned>(level)); }

bool covers(const AgreementEntry& entry, std::string_view scenario) {
  if (scenario.empty() || entry.scenarios.empty()) return true;
  return std::any_of(entry.scenarios.begin(), entry.scenarios.end(),
                     [&](const Scenario& each) { return each.name == scenario; });
}

RecognitionFinding accept(const RecognitionCase& asked, const AgreementStanding& agreement,
                          const AgreementEntry& entry) {
  const std::string mapped = entry.maps_to.empty() ? entry.type : entry.maps_to;
  return {.reason = std::nullopt,
          .why = asked.verifying + " recognises it as " + entry.local_name + " (" + mapped + ") by " +
                 agreement.name,
          .recognition = Recognition{.type = asked.type,
                                     .maps_to = mapped,
                                     .local_name = entry.local_name,
                                     .agreement = agreement.name,
                                     .contact = agreement.contact},
          .max_age_ms = entry.max_age_hours * kHourMs};
}

}  // namespace

SubjectKey agreement_key(std::string_view issuing, std::string_view verifying) {
  return {SubjectKind::agreement, std::string(issuing) + "/" + std::string(verifying)};
}

std::optional<AgreementStanding> text_on(const Evidence& evidence, const SubjectKey& agreement, CivilDay day,
                                         std::uint64_t known_until_ms) {
  std::vector<AgreementStanding> texts;
  for (const Life& life : evidence.support) {
    if (life.key() != agreement) continue;
    for (const OperationEvidence& step : life.operations) {
      const auto* const enact = std::get_if<Enact>(&step.operation.payload);
      if (enact == nullptr || step.block.time_ms > known_until_ms) continue;
      if (const auto* text = std::get_if<AgreementText>(&enact->decision.body)) texts.push_back(text->text);
      if (!std::holds_alternative<AgreementEnd>(enact->decision.body)) continue;
      const CivilDay end = enact->decision.effective;
      for (AgreementStanding& text : texts) text.ended = std::min(end, text.ended.value_or(end));
    }
  }
  const auto covers_day = [day](const AgreementStanding& text) {
    return text.valid_from <= day && day <= last_day(text);
  };
  const auto newest = std::find_if(texts.rbegin(), texts.rend(), covers_day);
  return newest == texts.rend() ? std::nullopt : std::optional(*newest);
}

RecognitionFinding recognize(const RecognitionCase& asked, const AgreementStanding* agreement) {
  if (asked.issuing == asked.verifying) {
    return {
        .reason = std::nullopt,
        .why = "issued in " + asked.verifying + " itself",
        .recognition =
            Recognition{
                .type = asked.type, .maps_to = asked.type, .local_name = {}, .agreement = {}, .contact = {}},
        .max_age_ms = std::nullopt};
  }
  const std::string sides = asked.issuing + " and " + asked.verifying;
  if (agreement == nullptr) return refuse(Reason::no_agreement, "no agreement stands between " + sides);
  if (asked.day < agreement->valid_from) {
    return refuse(Reason::no_agreement,
                  agreement->name + " begins on " + format_civil_day(agreement->valid_from));
  }
  const CivilDay last = last_day(*agreement);
  if (asked.day > last) {
    return refuse(Reason::agreement_expired, agreement->name + " ended on " + format_civil_day(last));
  }
  const auto entry = std::find_if(agreement->entries.begin(), agreement->entries.end(),
                                  [&](const AgreementEntry& each) { return each.type == asked.type; });
  if (entry == agreement->entries.end())
    return refuse(Reason::type_not_recognized, agreement->name + " does not cover type " + asked.type);
  if (!covers(*entry, asked.scenario))
    return refuse(Reason::scenario_not_covered, agreement->name + " does not cover " + asked.scenario);
  if (asked.assurance < agreement->min_assurance) {
    return refuse(Reason::assurance_too_low, agreement->name + " demands " +
                                                 level_text(agreement->min_assurance) +
                                                 ", this license has " + level_text(asked.assurance));
  }
  return accept(asked, *agreement, *entry);
}

}  // namespace hufu
