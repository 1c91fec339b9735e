// The law: which operation may follow on which standing, and who may sign it.
//
// Pure and total: the same arguments give the same answer on every node, in the audit and in the offline verifier. The
// node asks at admission (advice, against the state of the moment) and every replica asks again at apply (law). This is the
// one place where a rule of the field may stand; each family of subjects has a file of its own beside this one.
//
// Order of questions for one operation: the day; the length of the history; the identifier; whose subject it is (a change);
// whether it is there already (an issue); the transition; whether a grant covers the act; the subject's chain. Of an invoice the
// grant is asked first: whoever may not act on invoices learns nothing of one.
#pragma once

#include "ledger/record/standing.hpp"

namespace hufu::rules {

// The other subjects, as they stand after the operations before.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  // nullptr: no such subject, or none that is known. Good until the next operation is applied.
  virtual const Standing* find(const SubjectKey& key) const = 0;
  // Whoever replays a few lives (a proof) does not know the other licenses and invoices: what a rule asks of them is left to
  // those who executed the block.
  virtual bool knows(SubjectKind /*kind*/) const { return true; }
};

// Who signs, and when: everything that a rule may look at besides the subject itself.
struct Signer {
  std::string_view agency;         // its code; of a province, when its authority signs
  const AgencyStanding& standing;  // of an authority: nobody's, which is granted nothing
  PublicKey key;
  std::uint64_t time_ms = 0;             // of the block
  const Surroundings* others = nullptr;  // never null when a rule is asked
};

// Is the key one of the agency's, in force at this ledger time? Error::key_unknown, Error::key_revoked.
Result<void> check_key(const AgencyStanding& agency, const PublicKey& key, std::uint64_t time_ms);

// Who signs under this code: an agency, or a province's authority. Error::issuer_unknown, key_unknown, key_revoked,
// issuer_not_authorized (suspended). The standings must outlive the signer.
Result<Signer> find_signer(std::string_view code, const PublicKey& key, std::uint64_t time_ms,
                           const Surroundings& others);

// The standing after the operation, or why it is refused. `before` is null for a subject without a standing.
Result<Standing> apply(const Signer& signer, const Operation& operation, const Standing* before);
// The same, for whoever has the operation's hash already.
Result<Standing> apply(const Signer& signer, const Operation& operation, const Hash& hash,
                       const Standing* before);

// Does a grant of the agency, and the scope of the key, cover this type, action and business day? And was the agency still in
// its authority on that day? Error::issuer_not_authorized.
Result<void> check_grant(const Signer& signer, std::string_view type, std::uint32_t action, CivilDay day);
// May the signer act for this issuer: is it the issuer, or its registered successor, or the successor of that one?
bool acts_for(const Signer& signer, std::string_view issuer);

// May the agency act in this province? Nothing to object where the identifier does not tell its province (older and odd
// issuer codes), or for an agency of the nation. Error::issuer_not_authorized.
Result<void> check_province(const AgencyStanding& agency, std::optional<std::string_view> province);

// What two operations of one submission owe each other: a lapse its issue and back, a red-letter invoice the entry on its
// original and back. The index of the first operation whose other half is missing, and why: Error::lic_bad_transition,
// inv_bad_transition. Asked before the operations are applied.
struct Unpaired {
  std::uint32_t operation = 0;
  Error error = Error::usage;
};
std::vector<Unpaired> check_pairs(const std::vector<Operation>& operations, const Surroundings& others);

// What an operation that was applied changes beside its own subject: the lineage of a second version.
std::optional<std::pair<SubjectKey, Standing>> consequence(const Operation& operation);

// Whose approval a decision needs, as things stand: at least `needed` of these provinces. None: nobody can decide it.
struct Concern {
  std::vector<std::string> provinces;
  std::size_t needed = 0;
};
Concern concern_of(const Decision& decision, const Surroundings& others);

// Families, each in its file.
Result<Detail> propose(const Signer&, const Operation&, const Propose&, const DecisionStanding* before);
Result<Detail> approve(const Signer&, const Operation&, const DecisionStanding* before);
Result<Detail> enact(const Signer&, const Operation&, const Enact&, const Standing* before);
Result<Detail> change_roster(const Signer&, const RosterEntry&, const RosterStanding& before);
Result<Detail> rotate_key(const Signer&, const Operation&, const KeyRotation&, const AgencyStanding* before);
Result<Detail> issue_license(const Signer&, const Operation&, const LicenseIssue&,
                             const LicenseStanding* before);
Result<Detail> change_license(const Signer&, const Operation&, const LicenseChange&,
                              const LicenseStanding* before);
Result<Detail> lapse_license(const Signer&, const Operation&, const LicenseLapse&,
                             const LicenseStanding* before);
Result<Detail> transfer_license(const Signer&, const Operation&, const LicenseTransferOut&,
                                const LicenseStanding* before);
Result<Detail> correct_license(const Signer&, const Operation&, const LicenseCorrection&,
                               const LicenseStanding* before);
Result<Detail> issue_invoice(const Signer&, const Operation&, const InvoiceIssue&,
                             const InvoiceStanding* before);
Result<Detail> claim_invoice(const Signer&, const Operation&, const InvoiceClaim&,
                             const InvoiceStanding* before);
Result<Detail> unclaim_invoice(const Signer&, const Operation&, const InvoiceUnclaim&,
                               const InvoiceStanding* before);
Result<Detail> red_invoice(const Signer&, const Operation&, const InvoiceRed&, const InvoiceStanding* before);
Result<Detail> request_red(const Signer&, const Operation&, const RedRequest&, const InvoiceStanding* before);
Result<Detail> reply_red(const Signer&, const Operation&, const RedReply&, const InvoiceStanding* before);
Result<Detail> change_invoice(const Signer&, const Operation&, const InvoiceChange&,
                              const InvoiceStanding* before);

}  // namespace hufu::rules
