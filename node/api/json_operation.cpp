// Operations and submissions, both ways.
#include "ledger/merkle/log_tree.hpp"
#include "node/api/json_reader.hpp"
#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

std::string_view name_of_assurance(Assurance level) {
  switch (level) {
    case Assurance::l1:
      return "L1";
    case Assurance::l2:
      return "L2";
    case Assurance::l3:
      break;
  }
  return "L3";
}

Result<Assurance> parse_assurance(std::string_view text) {
  for (const Assurance level : {Assurance::l1, Assurance::l2, Assurance::l3}) {
    if (text == name_of_assurance(level)) return level;
  }
  return Error::field_invalid;
}

struct PutPayload {
  json::object& out;

  void operator()(const LicenseIssue& issue) const {
    out["commitment"] = hex_json(issue.commitment);
    out["validFrom"] = day_json(issue.valid_from);
    out["validTo"] = day_json(issue.valid_to);
    out["assurance"] = name_of_assurance(issue.assurance);
  }
  void operator()(const LicenseChange&) const {}
  void operator()(const InvoiceIssue& issue) const {
    out["commitment"] = hex_json(issue.commitment);
    out["blue"] = issue.blue;
    out["amount"] = yuan_json(issue.amount_fen);
    out["tax"] = yuan_json(issue.tax_fen);
    out["buyer"] = hash_json(issue.buyer);
    out["original"] = nullptr;
    if (issue.original) out["original"] = subject_json(*issue.original);
  }
  void operator()(const InvoiceClaim& claim) const {
    out["entity"] = hex_json(claim.entity);
    out["period"] = claim.period;
    out["voucher"] = hex_json(claim.voucher);
  }
  void operator()(const InvoiceUnclaim& unclaim) const { out["entity"] = hex_json(unclaim.entity); }
};

LicenseIssue read_license_issue(ObjectReader& reader) {
  return {.commitment = reader.parsed("commitment", hash_from_hex),
          .valid_from = reader.parsed("validFrom", parse_civil_day),
          .valid_to = reader.parsed_if_there("validTo", parse_civil_day),
          .assurance = reader.parsed("assurance", parse_assurance)};
}

InvoiceIssue read_invoice_issue(ObjectReader& reader) {
  return {.commitment = reader.parsed("commitment", hash_from_hex),
          .blue = reader.flag("blue"),
          .amount_fen = reader.parsed("amount", parse_yuan),
          .tax_fen = reader.parsed("tax", parse_yuan),
          .buyer = reader.parsed_if_there("buyer", hash_from_hex),
          .original = reader.parsed_if_there("original", parse_subject)};
}

InvoiceClaim read_invoice_claim(ObjectReader& reader) {
  return {.entity = reader.parsed("entity", hash_from_hex),
          .period = static_cast<std::uint32_t>(reader.number("period", 0xFFFF'FFFF)),
          .voucher = reader.parsed("voucher", hash_from_hex)};
}

Payload read_payload(ObjectReader& reader, std::string_view kind) {
  if (kind == name_of(Payload{LicenseIssue{}})) return read_license_issue(reader);
  if (kind == name_of(Payload{InvoiceIssue{}})) return read_invoice_issue(reader);
  if (kind == name_of(Payload{InvoiceClaim{}})) return read_invoice_claim(reader);
  if (kind == name_of(Payload{InvoiceUnclaim{}})) {
    return InvoiceUnclaim{.entity = reader.parsed("entity", hash_from_hex)};
  }
  for (const LicenseAction action : {LicenseAction::suspend, LicenseAction::resume, LicenseAction::revoke,
                                     LicenseAction::rescind, LicenseAction::cancel}) {
    if (kind == name_of(action)) return LicenseChange{.action = action};
  }
  reader.fail(Error::field_invalid, "kind", "not a kind of operation");
  return LicenseChange{};
}

Operation read_operation(const json::value& value, std::string pointer, Faults& faults) {
  ObjectReader reader(value, std::move(pointer), faults);
  Operation operation;
  operation.subject = reader.parsed("subject", parse_subject);
  const std::string kind = reader.text("kind", 64);
  operation.effective = reader.parsed("effective", parse_civil_day);
  operation.previous = reader.parsed_if_there("previous", hash_from_hex);
  if (faults.any()) return operation;
  operation.payload = read_payload(reader, kind);
  reader.end();
  return operation;
}

Result<RequestId> parse_request_id(std::string_view text) {
  const Result<Bytes> bytes = from_hex(text);
  RequestId id{};
  if (!bytes || bytes->size() != id.size()) return Error::hex_malformed;
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

}  // namespace

json::object to_json(const Operation& operation) {
  json::object out;
  out["subject"] = subject_json(operation.subject);
  out["kind"] = name_of(operation.payload);
  out["effective"] = day_json(operation.effective);
  out["previous"] = hash_json(operation.previous);
  std::visit(PutPayload{out}, operation.payload);
  return out;
}

json::object to_json(const Submission& submission) {
  json::object out;
  out["genesis"] = hex_json(submission.header.genesis);
  out["agency"] = text_json(submission.header.agency);
  out["key"] = hex_json(submission.header.key);
  out["requestId"] = hex_json(submission.header.request_id);
  out["operations"] = list_json(submission.operations);
  out["signature"] = hex_json(submission.signature);
  return out;
}

Parsed<Operation> operation_from_json(const json::value& value) {
  Faults faults;
  Operation operation = read_operation(value, "", faults);
  if (faults.any()) return faults.take();
  return operation;
}

Parsed<Submission> submission_from_json(std::string_view text) {
  const Parsed<json::value> value = parse_json(text);
  if (!value) return value.error();
  Faults faults;
  ObjectReader reader(*value, "", faults);
  Submission submission;
  SubmissionHeader& header = submission.header;
  header.genesis = reader.parsed("genesis", hash_from_hex);
  header.agency = reader.text("agency", limits::kAgencyCode);
  header.key = reader.parsed("key", public_key_from_hex);
  header.request_id = reader.parsed("requestId", parse_request_id);
  reader.required("operations");
  submission.operations = reader.list<Operation>("operations", limits::kOperationsPerSubmission,
                                                 [&](const json::value& element, std::string pointer) {
                                                   return read_operation(element, std::move(pointer), faults);
                                                 });
  submission.signature = reader.parsed("signature", signature_from_hex);
  reader.end();
  if (faults.any()) return faults.take();
  header.count = static_cast<std::uint32_t>(submission.operations.size());
  header.root = tree_root(operation_hashes(submission.operations));
  return submission;
}

}  // namespace hufu::api
