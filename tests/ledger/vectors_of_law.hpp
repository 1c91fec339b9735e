// Documents, whole lives, recognition by an agreement, and what comes out later about keys and agencies.
#pragma once

#include "tests/ledger/vectors.hpp"

namespace hufu::testing {

class LawVectors : public VectorMaker {
 public:
  LawVectors() {
    make_documents();
    make_lives();
    make_invoices();
    make_recognition();
    make_endings();
    make_keys();
  }

 private:
  void make_documents() {
    const Document whole = license_document();
    Document altered = whole;
    altered.fields[1].value = "另一公司";
    Document part = disclose(whole, {"holderName"}).value();
    Document altered_part = part;
    altered_part.hidden->subtrees[0].bytes[0] ^= 1;
    const auto present = [&](const std::string& name, const Document& document, const std::string& expected,
                             const std::string& why) {
      put(name, document_json(document));
      judge("license.hufu", expected, why).document = name;
    };
    present("license.json", whole, "ACCEPT", "the document that was notarised");
    present("license-part.json", part, "ACCEPT", "a part of it");
    present("altered.json", altered, "REFUSE CONTENT_MISMATCH", "another holder's name");
    present("altered-part.json", altered_part, "REFUSE CONTENT_MISMATCH", "another hash for what is hidden");
    present("other.json", license_document(license_id("002")), "REFUSE CONTENT_MISMATCH",
            "a document of another subject");
    judge("license.txt", "ACCEPT", "the code and the document").document = "license.json";
  }

  // Licenses that follow on each other, or leave.
  void make_lives() {
    Nodes changed = nodes_;
    const std::string next = license_id("002");
    Operation issue = issue_license(next, "2024-03-01");
    std::get<LicenseIssue>(issue.payload).from = {.kind = SuccessionKind::change, .other = kLicenseKey};
    const Succession to{.kind = SuccessionKind::change, .other = license_key(next)};
    changed.append(kIssuer, {changed.on(kLicenseKey, LicenseLapse{.to = to}, "2024-03-01"), issue});
    add("changed.hufu", changed.proof(kLicenseKey, {1, 2}), "REFUSE SUPERSEDED", "a newer version stands");
    judge("changed.hufu", "ACCEPT", "the day before the change").at = "2024-02-29";
    add("newer.hufu", changed.proof(license_key(next), {1, 2}), "ACCEPT", "the newer version");
    add("lineage.hufu", changed.proof({SubjectKind::lineage, parse_license_id(next)->lineage()}, {1, 2}),
        "REFUSE ID_MALFORMED", "all versions: true, and nothing to accept at a counter");

    Nodes offered = nodes_;
    offered.append(
        kIssuer, {offered.on(kLicenseKey, LicenseTransferOut{.province = kVerifying, .agency = kOtherIssuer},
                             "2024-03-01")});
    add("offered.hufu", offered.proof(kLicenseKey, {1, 2}), "ACCEPT", "offered, and not taken over yet");
    Nodes gone = nodes_;
    gone.append(kIssuer,
                {gone.on(kLicenseKey, LicenseTransferOut{.province = "320000", .agency = {}}, "2024-03-01")});
    add("transferred.hufu", gone.proof(kLicenseKey, {1, 2}), "REFUSE TRANSFERRED", "left for another ledger");
    judge("transferred.hufu", "UNDETERMINED TRANSFERRED LEDGER_STALE", "it may have come back since").now_s +=
        86'400;
  }

  void make_invoices() {
    Nodes red = nodes_;
    const std::string number = "24332000000306111429";
    const auto blue = std::get<InvoiceStanding>(red.find(kInvoiceKey)->detail);
    const InvoiceRed entry{
        .red = {SubjectKind::invoice, number}, .amount_fen = -blue.amount_fen, .tax_fen = -blue.tax_fen};
    Operation note = issue_invoice(number);
    auto& payload = std::get<InvoiceIssue>(note.payload);
    payload.blue = false;
    payload.amount_fen = entry.amount_fen;
    payload.tax_fen = entry.tax_fen;
    payload.original = kInvoiceKey;
    red.append(kPlatform, {note, red.on(kInvoiceKey, entry, "2024-05-20")});
    add("red.hufu", red.proof(kInvoiceKey, {1, 3}), "REFUSE INV_FULLY_RED", "taken back whole");
    add("red-note.hufu", red.proof(entry.red, {1, 3}), "ACCEPT", "the red-letter invoice itself");
  }

  VectorCase& ask(const std::string& file, const std::string& expected, const std::string& why) {
    VectorCase& line = judge(file, expected, why);
    line.verifier = kVerifying;
    return line;
  }

  void make_recognition() {
    const std::string elsewhere = "AUTHENTIC_NOT_RECOGNIZED ";
    put("no-agreement.hufu", encode_proof(nodes_.proof(kLicenseKey, {1, 2}, {kAgreementKey})));
    ask("no-agreement.hufu", elsewhere + "NO_AGREEMENT", "the agreement is proved absent");
    ask("license.hufu", "UNDETERMINED AGREEMENT_NOT_SHOWN", "nothing is shown of an agreement");
    ask("license.hufu", "ACCEPT", "in its own province").verifier = kIssuing;
    ask("license.txt", "UNDETERMINED AGREEMENT_NOT_SHOWN", "a code shows no agreement");

    Nodes agreed = nodes_;
    EXPECT_EQ(agreed.decree(kAgreementKey, AgreementText{.text = agreement_text()}, {kIssuing, kVerifying}),
              std::nullopt);
    const Proof proof = agreed.proof(kLicenseKey, {1, 2}, {kAgreementKey});
    add("agreed.hufu", proof, "ACCEPT", "in no particular province");
    ask("agreed.hufu", "ACCEPT", "recognised by the agreement");
    ask("agreed.hufu", "ACCEPT", "in a scenario of it").scenario = "行政许可";
    ask("agreed.hufu", elsewhere + "SCENARIO_NOT_COVERED", "in another").scenario = "招标投标";
    ask("agreed.hufu", elsewhere + "NO_AGREEMENT", "before it began").at = "2023-12-31";
    ask("agreed.hufu", elsewhere + "AGREEMENT_EXPIRED", "after its last day").at = "2027-01-01";
    ask("agreed.hufu", "REFUSE SUSPENDED NO_AGREEMENT", "all reasons are told").at = "2020-04-01";
    ask("agreed.hufu", "UNDETERMINED LEDGER_STALE", "older than the 12 hours of the agreement").now_s +=
        12 * 3600;
    ask("agreed.hufu", elsewhere + "NO_AGREEMENT", "as known before it was enacted").known_s =
        nodes_.head().time_ms / 1000;
    add("agreement.hufu", agreed.proof(kAgreementKey, {1, 2}), "REFUSE ID_MALFORMED",
        "the agreement itself: true, and nothing to accept at a counter");

    make_forged_agreements(proof);
  }

  void make_endings() {
    const std::string elsewhere = "AUTHENTIC_NOT_RECOGNIZED ";
    Nodes agreed = nodes_;
    EXPECT_EQ(agreed.decree(kAgreementKey, AgreementText{.text = agreement_text()}, {kIssuing, kVerifying}),
              std::nullopt);
    EXPECT_EQ(agreed.decree(kAgreementKey, AgreementEnd{.by = kVerifying}, {kVerifying}), std::nullopt);
    put("agreement-ended.hufu", encode_proof(agreed.proof(kLicenseKey, {1, 2}, {kAgreementKey})));
    ask("agreement-ended.hufu", "ACCEPT", "before one side ended it");
    ask("agreement-ended.hufu", elsewhere + "AGREEMENT_EXPIRED", "after that").at = "2025-01-02";

    AgreementStanding strict = agreement_text();
    strict.min_assurance = Assurance::l3;
    Nodes higher = nodes_;
    EXPECT_EQ(higher.decree(kAgreementKey, AgreementText{.text = strict}, {kIssuing, kVerifying}),
              std::nullopt);
    put("agreement-strict.hufu", encode_proof(higher.proof(kLicenseKey, {1, 2}, {kAgreementKey})));
    ask("agreement-strict.hufu", elsewhere + "ASSURANCE_TOO_LOW", "the license has level 2");
  }

  void make_forged_agreements(const Proof& honest) {
    const auto put_forged = [&](const std::string& name, const Proof& proof, const std::string& why) {
      put("forged-" + name + ".hufu", encode_proof(proof));
      ask("forged-" + name + ".hufu", "REFUSE PROOF_INVALID", why);
    };
    const auto without = [&](SubjectKind kind) {
      Proof proof = honest;
      std::erase_if(proof.evidence.support, [kind](const Life& life) { return life.key().kind == kind; });
      return proof;
    };
    put_forged("decision-left-out", without(SubjectKind::decision), "the decision is not shown");
    put_forged("province-left-out", without(SubjectKind::province), "who decided is not shown");
    Nodes liars = nodes_;
    liars.state[kAgreementKey] = {.count = 0, .last = {}, .detail = agreement_text()};
    liars.extend({});
    put_forged("agreement", liars.proof(kLicenseKey, {1, 2, 3}, {kAgreementKey}),
               "an agreement that nobody enacted, cosigned by all nodes");
  }

  // What comes out later about those who signed.
  void make_keys() {
    const SubjectKey agency{SubjectKind::agency, kIssuer};
    const PublicKey key = key_of(kIssuer).public_key();
    const auto after = [&](decltype(Decision::body) body, const char* on) {
      Nodes nodes = nodes_;
      EXPECT_EQ(nodes.decree(agency, std::move(body), {kIssuing}, on), std::nullopt);
      return nodes.proof(kLicenseKey, {1, 2});
    };
    const Proof ended = after(KeyEnd{.key = key, .compromised_ms = std::nullopt}, "2025-01-01");
    add("key-ended.hufu", ended, "ACCEPT", "an honest end: what was signed before stays good");
    Proof hidden = ended;
    for (Life& life : hidden.evidence.support) {
      if (life.key() == agency) life.operations.clear();
    }
    add("forged-hidden-end.hufu", hidden, "REFUSE PROOF_INVALID", "the end of the key left out");
    const Proof compromised =
        after(KeyEnd{.key = key, .compromised_ms = nodes_.genesis.time_ms}, "2025-01-01");
    add("key-compromised.hufu", compromised, "REFUSE KEY_REVOKED", "in strange hands when it signed");
    judge("key-compromised.hufu", "ACCEPT", "as known before that came out").known_s =
        nodes_.head().time_ms / 1000;
    add("withdrawn.hufu", after(AgencyChange{.step = AgencyStep::withdraw}, "2018-12-31"),
        "REFUSE ISSUER_NOT_AUTHORIZED", "issued after the last day of its agency's authority");
    add("suspended-agency.hufu", after(AgencyChange{.step = AgencyStep::suspend}, "2025-01-01"), "ACCEPT",
        "its agency may sign nothing more; what it signed stays good");
  }
};

}  // namespace hufu::testing
