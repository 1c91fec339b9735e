#include "ledger/rules/rules.hpp"

#include <algorithm>

#include "ledger/base/mutant.hpp"

namespace hufu::rules {
namespace {

constexpr std::string_view kNation = "000000";  // GB/T 2260: the country as a whole

// The subject's detail if it is of the family's kind.
template <class Family>
const Family* detail_of(const Standing* before) {
  return before == nullptr ? nullptr : std::get_if<Family>(&before->detail);
}

struct Transition {
  const Signer& signer;
  const Operation& operation;
  const Standing* before;

  Result<Detail> operator()(const Propose& payload) const {
    return propose(signer, operation, payload, detail_of<DecisionStanding>(before));
  }
  Result<Detail> operator()(const Approve&) const {
    return approve(signer, operation, detail_of<DecisionStanding>(before));
  }
  Result<Detail> operator()(const Enact& payload) const { return enact(signer, operation, payload, before); }
  Result<Detail> operator()(const KeyRotation& payload) const {
    return rotate_key(signer, operation, payload, detail_of<AgencyStanding>(before));
  }

  const LicenseStanding* license() const { return detail_of<LicenseStanding>(before); }
  const InvoiceStanding* invoice() const { return detail_of<InvoiceStanding>(before); }

  // What the state of a license forbids is said also to an agency whose authority has ended; only then its grant is asked.
  Result<Detail> if_granted(Result<Detail> after) const {
    if (!after) return after;
    const LicenseId id = split_license_id(operation.subject.id).value();
    const Result<void> granted = check_grant(signer, id.type, action::kChange, operation.effective);
    if (!granted) return granted.error();
    return after;
  }

  Result<Detail> operator()(const LicenseIssue& payload) const {
    return issue_license(signer, operation, payload, license());
  }
  Result<Detail> operator()(const LicenseChange& payload) const {
    return if_granted(change_license(signer, operation, payload, license()));
  }
  Result<Detail> operator()(const LicenseLapse& payload) const {
    return if_granted(lapse_license(signer, operation, payload, license()));
  }
  Result<Detail> operator()(const LicenseTransferOut& payload) const {
    return if_granted(transfer_license(signer, operation, payload, license()));
  }
  Result<Detail> operator()(const LicenseCorrection& payload) const {
    return if_granted(correct_license(signer, operation, payload, license()));
  }
  Result<Detail> operator()(const InvoiceIssue& payload) const {
    return issue_invoice(signer, operation, payload, invoice());
  }
  Result<Detail> operator()(const InvoiceClaim& payload) const {
    return claim_invoice(signer, operation, payload, invoice());
  }
  Result<Detail> operator()(const InvoiceUnclaim& payload) const {
    return unclaim_invoice(signer, operation, payload, invoice());
  }
  Result<Detail> operator()(const InvoiceRed& payload) const {
    return red_invoice(signer, operation, payload, invoice());
  }
  Result<Detail> operator()(const RedRequest& payload) const {
    return request_red(signer, operation, payload, invoice());
  }
  Result<Detail> operator()(const RedReply& payload) const {
    return reply_red(signer, operation, payload, invoice());
  }
  Result<Detail> operator()(const InvoiceChange& payload) const {
    return change_invoice(signer, operation, payload, invoice());
  }
};

// A client that has not seen the subject's last operation would overwrite it. Where the transition itself is refused the
// transition's reason is the more useful answer, so this is asked after it.
Result<void> check_chain(const Operation& operation, const Standing* before) {
  // What the genesis founded has no operation yet.
  const bool fresh = before == nullptr || before->count == 0;
  const std::optional<Hash> last = fresh ? std::nullopt : std::optional(before->last);
  if (operation.previous != last && !mutated("previous_unchecked")) return Error::previous_mismatch;
  return {};
}

}  // namespace

Result<void> check_province(const AgencyStanding& agency, std::optional<std::string_view> province) {
  const bool national = agency.province == kNation || mutated("province_unchecked");
  if (province && *province != agency.province && !national) return Error::issuer_not_authorized;
  return {};
}

Result<Standing> apply(const Signer& signer, const Operation& operation, const Standing* before) {
  return apply(signer, operation, operation.hash(), before);
}

Result<Standing> apply(const Signer& signer, const Operation& operation, const Hash& hash,
                       const Standing* before) {
  if (!is_day(operation.effective)) return Error::day_malformed;
  if (operation.effective > china_day_at(static_cast<std::int64_t>(signer.time_ms)))
    return Error::day_in_future;
  if (before != nullptr && before->count >= limits::kOperationsPerSubject) return Error::history_full;
  Result<Detail> detail = std::visit(Transition{signer, operation, before}, operation.payload);
  if (!detail) return detail.error();
  const Result<void> chained = check_chain(operation, before);
  if (!chained) return chained.error();
  return Standing{
      .count = before == nullptr ? 1 : before->count + 1, .last = hash, .detail = std::move(*detail)};
}

}  // namespace hufu::rules
