// What people write of a decision: flags, JSON files, decision files. Pure; everything is strict and bounded.
//
// A decision file is what a proposer may pass on beside the ledger: a decision in the JSON of node/api/json_decision.cpp. An
// approver who has it approves exactly this; without it the decision is read from its proposal on the ledger.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "ledger/record/decision.hpp"

namespace hufu::cli {

// "TYPE:issue,change[:FROM[:TO]]"; FROM is `from` when it is left out.
Try<Grant> grant_of(const std::string& text, CivilDay from);
Try<std::vector<Grant>> grants_of(const std::vector<std::string>& texts, CivilDay from);
// 64 hexadecimal digits, as hufu key show prints them.
Try<PublicKey> public_key_of(const std::string& text);
Try<std::vector<PublicKey>> public_keys_of(const std::vector<std::string>& texts);
// "2026-11-22T08:00:00.000Z", or a day, which begins at midnight in China.
Try<std::uint64_t> moment_of(const std::string& text);

// An agreement as node/api/json_authority.hpp reads it, with "issuer" and "verifier" beside: its subject and its text.
struct AgreementDraft {
  SubjectKey subject;
  AgreementText text;
};
Try<AgreementDraft> agreement_from_json(std::string_view json, const std::string& source);

// An entry as node/api/json_authority.hpp reads it, with "province" and "type" beside.
struct CatalogueDraft {
  SubjectKey subject;
  CatalogueEntry entry;
};
Try<CatalogueDraft> catalogue_from_json(std::string_view json, const std::string& source);

// A node as node/api/json_authority.hpp reads a member.
Try<Member> node_card_from_json(std::string_view json, const std::string& source);

std::string decision_file_text(const Decision& decision);
Try<Decision> parse_decision_file(std::string_view text, const std::string& source);
// 64 hexadecimal digits, or "decision:" with them.
Try<SubjectKey> decision_named(const std::string& text);

}  // namespace hufu::cli
