#include "cli/play/act.hpp"

#include <algorithm>

#include "cli/changes.hpp"
#include "cli/decisions.hpp"

namespace hufu::cli::play {
namespace {

std::optional<LicenseAction> action_of(EventKind kind) {
  switch (kind) {
    case EventKind::suspend:
      return LicenseAction::suspend;
    case EventKind::resume:
      return LicenseAction::resume;
    case EventKind::revoke:
      return LicenseAction::revoke;
    case EventKind::rescind:
      return LicenseAction::rescind;
    case EventKind::cancel:
      return LicenseAction::cancel;
    case EventKind::cancel_transfer:
      return LicenseAction::cancel_transfer;
    case EventKind::dispute_open:
      return LicenseAction::dispute_open;
    case EventKind::dispute_close:
      return LicenseAction::dispute_close;
    default:
      return std::nullopt;
  }
}

SuccessionKind succession_of(EventKind kind) {
  if (kind == EventKind::renew) return SuccessionKind::renew;
  return kind == EventKind::change ? SuccessionKind::change : SuccessionKind::transfer;
}

class Maker {
 public:
  Maker(const Event& event, CivilDay day, const Surroundings& known)
      : event_(event), day_(day), known_(known) {}

  Preparing<Act> make() {
    if (const Preparing<void> signer = choose_signer(); !signer) return signer.error();
    const Preparing<void> made = is_of_license(event_.kind) ? license() : invoice();
    if (!made) return made.error();
    return std::move(act_);
  }

 private:
  Preparing<void> choose_signer() {
    act_.agency = event_.agency;
    if (!act_.agency.empty()) return {};
    const Result<InvoiceNumber> number = parse_invoice_key(event_.life().id);
    if (!number) return RecordFault{.error = number.error(), .why = "the number is none of an invoice"};
    const std::optional<std::string> province = province_of_invoice(*number);
    if (province) act_.agency = known_.platform_of(*province);
    if (act_.agency.empty())
      return RecordFault{.error = Error::issuer_unknown,
                         .why = "nobody here signs for the invoice's province"};
    return {};
  }

  void append(const SubjectKey& subject, Payload payload) {
    act_.operations.push_back({.subject = subject,
                               .previous = previous_of(known_.standing(subject)),
                               .effective = day_,
                               .payload = std::move(payload)});
  }

  // The issue of the document that is known, or of one that is made of the event's own words.
  Preparing<Operation> issue() {
    act_.document = known_.document(event_.subject, act_.agency);
    if (!act_.document) {
      const Seed* const salts = known_.salts_of(act_.agency);
      if (salts == nullptr)
        return RecordFault{.error = Error::issuer_unknown, .why = "no key of " + act_.agency + " is here"};
      Preparing<Document> made = document_of(event_.subject, words_of_event(), *salts);
      if (!made) return made.error();
      act_.document = std::move(*made);
    }
    Preparing<Operation> issue = issue_of(*act_.document);
    if (!issue) return issue;
    issue->effective = day_;
    return issue;
  }

  FieldList words_of_event() const {
    FieldList fields;
    for (const auto& [name, value] : event_.fields) {
      const bool of_event = name == "event" || name == "at" || name == "expect" || name == "reason";
      if (!of_event) fields.emplace_back(name, value);
    }
    if (is_of_license(event_.kind)) {
      add_if_missing(fields, "issueDate", format_civil_day(day_));
      return fields;
    }
    add_if_missing(fields, "issueTime", format_civil_day(day_));
    if (const std::string_view total = value_of(fields, "total"); !total.empty())
      add_if_missing(fields, "amount", std::string(total));
    if (event_.other) {
      add_if_missing(fields, "blue", "false");
      add_if_missing(fields, "originalInvoice", event_.other->id);
    }
    return fields;
  }

  Preparing<void> license() {
    switch (event_.kind) {
      case EventKind::issue:
      case EventKind::change:
      case EventKind::renew:
      case EventKind::transfer_in:
        return issue_license();
      case EventKind::transfer_out:
        append(event_.subject,
               LicenseTransferOut{.province = event_.to_province, .agency = event_.to_agency});
        return {};
      case EventKind::expire: {
        const Result<void> expired = check_expired(known_.standing(event_.subject), day_);
        if (!expired) return RecordFault{.error = expired.error(), .why = "it has not run out on that day"};
        return {};
      }
      default:
        append(event_.subject, LicenseChange{.action = *action_of(event_.kind)});
        return {};
    }
  }

  Preparing<void> issue_license() {
    Preparing<Operation> operation = issue();
    if (!operation) return operation.error();
    if (event_.other) {
      act_.operations = succession(succession_of(event_.kind), *event_.other,
                                   previous_of(known_.standing(*event_.other)), std::move(*operation));
      return {};
    }
    act_.operations.push_back(std::move(*operation));
    return {};
  }

  Preparing<void> invoice() {
    switch (event_.kind) {
      case EventKind::inv_issue:
      case EventKind::red_issue:
        return issue_invoice();
      case EventKind::inv_claim:
      case EventKind::inv_unclaim:
        return claim();
      case EventKind::red_request:
        return request();
      case EventKind::red_confirm:
        return reply(RedAnswer::confirm);
      case EventKind::red_expire: {
        // A claim after its time took the request away: the calendar told the rest.
        const InvoiceStanding* const invoice = invoice_standing();
        if (invoice != nullptr && !invoice->request && invoice->claim) return {};
        return reply(RedAnswer::lapse);
      }
      case EventKind::red_withdraw:
        return reply(RedAnswer::withdraw);
      case EventKind::inv_archive:
        return change(InvoiceAction::archive);
      case EventKind::inv_void:
        return change(InvoiceAction::annul);
      default:
        return change(InvoiceAction::deliver);
    }
  }
  Preparing<void> request() {
    const Preparing<std::optional<Hash>> buyer = speaking_buyer();
    if (!buyer) return buyer.error();
    append(event_.subject, RedRequest{.buyer = *buyer,
                                      .number = event_.sheet,
                                      .reason = event_.reason,
                                      .needs_confirmation = event_.needs_confirmation});
    return {};
  }
  Preparing<void> reply(RedAnswer answer) {
    const Preparing<std::optional<Hash>> buyer = speaking_buyer();
    if (!buyer) return buyer.error();
    append(event_.subject, RedReply{.buyer = *buyer, .number = event_.sheet, .answer = answer});
    return {};
  }
  Preparing<void> change(InvoiceAction action) {
    append(event_.subject, InvoiceChange{.action = action});
    return {};
  }

  Preparing<void> issue_invoice() {
    Preparing<Operation> operation = issue();
    if (!operation) return operation.error();
    if (event_.other) {
      act_.operations =
          red_letter(*event_.other, previous_of(known_.standing(*event_.other)), std::move(*operation));
      return {};
    }
    act_.operations.push_back(std::move(*operation));
    return {};
  }

  Preparing<void> claim() {
    const Preparing<Bytes> salt = party_salt();
    if (!salt) return salt.error();
    const Hash entity = party(*salt, event_.by);
    if (event_.kind == EventKind::inv_unclaim) {
      append(event_.subject, InvoiceUnclaim{.entity = entity});
      return {};
    }
    append(event_.subject,
           InvoiceClaim{.entity = entity,
                        .period = period_of(event_.voucher, day_),
                        .voucher = event_.voucher.empty() ? Hash{} : party(*salt, event_.voucher)});
    return {};
  }

  // Whoever is neither named as the buyer nor booked the invoice speaks for the seller; a confirmation in nobody's name is
  // that of the other side: of who booked it, or of a person without a code.
  Preparing<std::optional<Hash>> speaking_buyer() const {
    const InvoiceStanding* const invoice = invoice_standing();
    if (invoice == nullptr) return std::optional<Hash>();
    const Preparing<Bytes> salt = party_salt();
    if (!salt) return salt.error();
    const Hash named = party(*salt, event_.by);
    const bool confirms = event_.kind == EventKind::red_confirm;
    if (!invoice->buyer && !invoice->claim) return confirms ? std::optional(named) : std::nullopt;
    const Hash& buyer = invoice->buyer ? *invoice->buyer : invoice->claim->entity;
    if (event_.by.empty()) return confirms && !asked_by_buyer(*invoice) ? std::optional(buyer) : std::nullopt;
    return named == buyer ? std::optional(named) : std::nullopt;
  }
  static bool asked_by_buyer(const InvoiceStanding& invoice) {
    return invoice.request && invoice.request->by_buyer;
  }
  const InvoiceStanding* invoice_standing() const {
    const Standing* const standing = known_.standing(event_.subject);
    return standing == nullptr ? nullptr : std::get_if<InvoiceStanding>(&standing->detail);
  }

  // From the holder's document; else made again by the platform that made it.
  Preparing<Bytes> party_salt() const {
    if (const std::optional<Document> document = known_.document(event_.subject, act_.agency)) {
      if (const Field* const field = party_field(*document)) return field->salt;
    }
    const Seed* const salts = known_.salts_of(act_.agency);
    if (salts == nullptr)
      return RecordFault{.error = Error::issuer_unknown, .why = "no key of " + act_.agency + " is here"};
    const InvoiceStanding* const invoice = invoice_standing();
    const bool names_buyer = invoice == nullptr || invoice->buyer.has_value();
    const Preparing<Document> made =
        document_of(event_.subject, {{names_buyer ? "buyerTaxId" : "invoiceNumber", "-"}}, *salts);
    if (!made) return made.error();
    return made->fields.front().salt;
  }

  const Event& event_;
  const CivilDay day_;
  const Surroundings& known_;
  Act act_;
};

}  // namespace

Preparing<Act> act_of(const Event& event, CivilDay day, const Surroundings& known) {
  return Maker(event, day, known).make();
}

CivilDay latest_day(const Standing& standing, CivilDay otherwise) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) {
    return std::max({license->issued, license->since, license->disputed.value_or(license->issued)});
  }
  const auto* const invoice = std::get_if<InvoiceStanding>(&standing.detail);
  if (invoice == nullptr) return otherwise;
  CivilDay day = invoice->issued;
  for (const auto& other : {invoice->delivered, invoice->archived, invoice->annulled}) {
    day = std::max(day, other.value_or(day));
  }
  if (invoice->claim) day = std::max(day, invoice->claim->day);
  if (invoice->request) day = std::max(day, invoice->request->day);
  return day;
}

CivilDay day_of(const Event& event, std::optional<CivilDay> named, const Surroundings& known,
                CivilDay today) {
  if (event.day) return *event.day;
  if (named) return *named;
  const Standing* const standing = known.standing(event.life());
  return standing == nullptr ? today : latest_day(*standing, today);
}

Result<void> check_expired(const Standing* standing, CivilDay day) {
  if (standing == nullptr) return Error::not_found;
  const auto* const license = std::get_if<LicenseStanding>(&standing->detail);
  if (license == nullptr) return Error::id_malformed;
  const bool in_force = license->state == LicenseState::valid || license->state == LicenseState::suspended;
  if (!in_force || !license->valid_to || day <= *license->valid_to) return Error::lic_bad_transition;
  return {};
}

}  // namespace hufu::cli::play
