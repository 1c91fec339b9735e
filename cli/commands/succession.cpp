#include "cli/commands/succession.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/changes.hpp"
#include "cli/commands/issue.hpp"
#include "ledger/record/blinding.hpp"

namespace hufu::cli {
namespace {

std::string verb_of(SuccessionKind kind) {
  switch (kind) {
    case SuccessionKind::change:
      return "change";
    case SuccessionKind::renew:
      return "renew";
    case SuccessionKind::transfer:
      break;
  }
  return "transfer in";
}

Try<FieldList> fields_of_successor(const Succeed& options, const SubjectKey& old, const Desk& desk) {
  Try<FieldList> fields = fields_of(options.input, true);
  if (!fields) return fields;
  if (options.kind != SuccessionKind::transfer) {
    const Result<std::string> next = next_version(old.id);
    if (!next) return Trouble{.error = next.error(), .what = fmt::format("{} has no next version", old.id)};
    add_if_missing(*fields, "certIdentifier", *next);
  }
  add_if_missing(*fields, "issueDate", format_civil_day(desk.day));
  return fields;
}

// The license that is followed, as the ledger knows it, and its last operation; none when it lives on another ledger.
struct Followed {
  SubjectKey subject;
  std::optional<Hash> last;
};

Trouble not_in_force() {
  return {.error = Error::field_invalid,
          .what = "a license that follows on another begins in force",
          .next = "leave out state, and change it afterwards"};
}

Trouble not_offered(const std::string& id, const Desk& desk) {
  return {.error = Error::lic_bad_transition,
          .what = fmt::format("{} is not offered to anybody", id),
          .next = fmt::format("its issuer: hufu transfer out {} --to PROVINCE --to-agency {}", id,
                              desk.signatory.agency)};
}

Try<Followed> followed(const Succeed& options, SubjectKey old, const std::optional<Seed>& blinding,
                       Desk& desk, const Session& session) {
  Try<std::optional<Standing>> found = find_standing(*desk.client, old, session);
  const bool transfer = options.kind == SuccessionKind::transfer;
  if (found && !*found && !transfer && blinding) {
    old.id = blind_license_id(old.id, *blinding).value();
    found = find_standing(*desk.client, old, session);
  }
  if (!found) return found.error();
  if (!*found) {
    if (transfer) return Followed{.subject = std::move(old), .last = std::nullopt};
    return Trouble{.error = Error::not_found,
                   .what = fmt::format("{} is not on the ledger", options.old),
                   .next = "hufu issue license, if it was never notarised"};
  }
  if (transfer && !std::get<LicenseStanding>((*found)->detail).offer) return not_offered(old.id, desk);
  return Followed{.subject = std::move(old), .last = (*found)->last};
}

}  // namespace

int run(const Succeed& options, const Session& session) {
  const std::string verb = verb_of(options.kind);
  const Try<SubjectKey> old = license_named(options.old);
  if (!old) return session.fail(old.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<FieldList> fields = fields_of_successor(options, *old, *desk);
  if (!fields) return session.fail(fields.error());
  const Try<std::optional<Seed>> blinding =
      blinding_for(options.hidden, options.open, *fields, *desk, session);
  if (!blinding) return session.fail(blinding.error());
  const Preparing<PreparedRecord> record =
      prepare_license(*fields, desk->signatory.salt_secret(), desk->day, *blinding);
  if (!record) return session.fail(trouble_of(record.error(), fmt::format("cannot {} this license", verb)));
  if (record->operations.size() != 1) return session.fail(not_in_force());
  const Try<Followed> before = followed(options, *old, *blinding, *desk, session);
  if (!before) return session.fail(before.error());
  Operation issue = record->operations.front();
  if (!options.submit.day.empty()) issue.effective = desk->day;
  const Try<Notarised> notarised = notarise(
      *desk, record->document, succession(options.kind, before->subject, before->last, std::move(issue)),
      options.document, verb, session);
  if (!notarised) return session.fail(notarised.error());
  print_notarised(*notarised, *desk, record->document.subject, verb, session);
  return kOk;
}

int run(const IssueRed& options, const Session& session) {
  const Try<SubjectKey> blue = invoice_named(options.blue);
  if (!blue) return session.fail(blue.error());
  Try<FieldList> fields = fields_of(options.input, false);
  if (!fields) return session.fail(fields.error());
  add_if_missing(*fields, "blue", "false");
  add_if_missing(*fields, "originalInvoice", blue->id);
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  add_if_missing(*fields, "issueTime", format_civil_day(desk->day));
  const Preparing<PreparedRecord> record = prepare_invoice(*fields, desk->signatory.salt_secret());
  if (!record) return session.fail(trouble_of(record.error(), "cannot issue this red-letter invoice"));
  Operation issue = record->operations.front();
  if (std::get<InvoiceIssue>(issue.payload).original != *blue) {
    return session.fail({.error = Error::field_invalid,
                         .what = fmt::format("the fields do not take back {}", blue->id),
                         .next = "leave out blue and originalInvoice"});
  }
  const Try<Standing> standing = current_standing(*desk, *blue, session);
  if (!standing) return session.fail(standing.error());
  const Try<Notarised> notarised =
      notarise(*desk, record->document, red_letter(*blue, standing->last, std::move(issue)), options.document,
               "red-letter", session);
  if (!notarised) return session.fail(notarised.error());
  print_notarised(*notarised, *desk, record->document.subject, "red-letter", session);
  return kOk;
}

}  // namespace hufu::cli
