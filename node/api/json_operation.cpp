// Operations and submissions, both ways.
#include "ledger/merkle/log_tree.hpp"
#include "node/api/json_authority.hpp"
#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

// What "kind" does not say. Not named like what a history adds to an operation: agency, key, time, place, index, hash.
struct PutPayload {
  json::object& out;

  void operator()(const LicenseIssue& issue) const {
    out["commitment"] = hex_json(issue.commitment);
    out["validFrom"] = day_json(issue.valid_from);
    out["validTo"] = day_json(issue.valid_to);
    out["assurance"] = assurance_json(issue.assurance);
    if (issue.from) out["from"] = subject_json(issue.from->other);
  }
  void operator()(const LicenseChange&) const {}
  void operator()(const LicenseLapse& lapse) const {
    out["by"] = text_json(name_of(lapse.to.kind));
    out["to"] = subject_json(lapse.to.other);
  }
  void operator()(const LicenseTransferOut& offer) const {
    out["toProvince"] = text_or_null(offer.province);
    out["toAgency"] = text_or_null(offer.agency);
  }
  void operator()(const LicenseCorrection& link) const {
    out["replacement"] = subject_json(link.replacement);
  }
  void operator()(const InvoiceIssue& issue) const {
    out["commitment"] = hex_json(issue.commitment);
    out["blue"] = issue.blue;
    out["amount"] = yuan_json(issue.amount_fen);
    out["tax"] = yuan_json(issue.tax_fen);
    out["seller"] = hash_json(issue.seller);
    out["buyer"] = hash_json(issue.buyer);
    out["original"] = subject_json(issue.original);
  }
  void operator()(const InvoiceClaim& claim) const {
    out["entity"] = hex_json(claim.entity);
    out["period"] = claim.period;
    out["voucher"] = hex_json(claim.voucher);
  }
  void operator()(const InvoiceUnclaim& unclaim) const { out["entity"] = hex_json(unclaim.entity); }
  void operator()(const InvoiceRed& red) const {
    out["red"] = subject_json(red.red);
    out["amount"] = yuan_json(red.amount_fen);
    out["tax"] = yuan_json(red.tax_fen);
  }
  void operator()(const RedRequest& request) const {
    out["buyer"] = hash_json(request.buyer);
    out["number"] = text_json(request.number);
    out["reason"] = request.reason;
    out["needsConfirmation"] = request.needs_confirmation;
  }
  void operator()(const RedReply& reply) const {
    out["buyer"] = hash_json(reply.buyer);
    out["number"] = text_json(reply.number);
  }
  void operator()(const InvoiceChange&) const {}
  void operator()(const Propose& propose) const { out["decision"] = to_json(propose.decision); }
  void operator()(const Approve&) const {}
  void operator()(const Enact& enact) const { out["decision"] = to_json(enact.decision); }
  void operator()(const KeyRotation& rotation) const {
    put_key(out["next"].emplace_object(), rotation.next);
    out["endsSigner"] = rotation.ends_signer;
  }
};

struct ReadPayload {
  ObjectReader& reader;

  Hash hash(std::string_view name) const { return reader.parsed(name, hash_from_hex); }
  Decision decision() const {
    const json::value* value = reader.required("decision");
    return value == nullptr ? Decision{}
                            : read_decision(*value, reader.pointer_of("decision"), reader.faults());
  }

  void operator()(LicenseIssue& issue) const {
    issue.commitment = hash("commitment");
    issue.valid_from = reader.parsed("validFrom", parse_civil_day);
    issue.valid_to = reader.parsed_if_there("validTo", parse_civil_day);
    issue.assurance = reader.parsed("assurance", parse_assurance);
    if (issue.from) issue.from->other = reader.parsed("from", parse_subject);
  }
  void operator()(LicenseChange&) const {}
  void operator()(LicenseLapse& lapse) const {
    lapse.to.kind = reader.parsed("by", parse_succession);
    lapse.to.other = reader.parsed("to", parse_subject);
  }
  void operator()(LicenseTransferOut& offer) const {
    offer.province = reader.text_or_empty("toProvince", limits::kProvinceCode);
    offer.agency = reader.text_or_empty("toAgency", limits::kAgencyCode);
  }
  void operator()(LicenseCorrection& link) const {
    link.replacement = reader.parsed("replacement", parse_subject);
  }
  void operator()(InvoiceIssue& issue) const {
    issue.commitment = hash("commitment");
    issue.blue = reader.flag("blue");
    issue.amount_fen = reader.parsed("amount", parse_yuan);
    issue.tax_fen = reader.parsed("tax", parse_yuan);
    issue.seller = reader.parsed_if_there("seller", hash_from_hex);
    issue.buyer = reader.parsed_if_there("buyer", hash_from_hex);
    issue.original = reader.parsed_if_there("original", parse_subject);
  }
  void operator()(InvoiceClaim& claim) const {
    claim.entity = hash("entity");
    claim.period = static_cast<std::uint32_t>(reader.number("period", 0xFFFF'FFFF));
    claim.voucher = hash("voucher");
  }
  void operator()(InvoiceUnclaim& unclaim) const { unclaim.entity = hash("entity"); }
  void operator()(InvoiceRed& red) const {
    red.red = reader.parsed("red", parse_subject);
    red.amount_fen = reader.parsed("amount", parse_yuan);
    red.tax_fen = reader.parsed("tax", parse_yuan);
  }
  void operator()(RedRequest& request) const {
    request.buyer = reader.parsed_if_there("buyer", hash_from_hex);
    request.number = reader.text("number", limits::kRedNumber);
    request.reason = static_cast<std::uint8_t>(reader.number("reason", 0xFF));
    request.needs_confirmation = reader.flag("needsConfirmation");
  }
  void operator()(RedReply& reply) const {
    reply.buyer = reader.parsed_if_there("buyer", hash_from_hex);
    reply.number = reader.text("number", limits::kRedNumber);
  }
  void operator()(InvoiceChange&) const {}
  void operator()(Propose& propose) const { propose.decision = decision(); }
  void operator()(Approve&) const {}
  void operator()(Enact& enact) const { enact.decision = decision(); }
  void operator()(KeyRotation& rotation) const {
    if (const json::value* next = reader.required("next")) {
      ObjectReader key(*next, reader.pointer_of("next"), reader.faults());
      rotation.next = read_key(key);
      key.end();
    }
    rotation.ends_signer = reader.flag("endsSigner");
  }
};

// One of each kind, empty but for what its name says.
std::vector<Payload> kinds_of_payload() {
  std::vector<Payload> kinds = {
      LicenseIssue{}, LicenseLapse{},   LicenseTransferOut{}, LicenseCorrection{}, InvoiceIssue{},
      InvoiceClaim{}, InvoiceUnclaim{}, InvoiceRed{},         RedRequest{},        Propose{},
      Approve{},      Enact{},          KeyRotation{}};
  for (const auto how : {SuccessionKind::change, SuccessionKind::renew, SuccessionKind::transfer}) {
    kinds.push_back(LicenseIssue{.from = Succession{.kind = how}});
  }
  for (auto action = LicenseAction::suspend; is_known(action); action = after(action)) {
    kinds.push_back(LicenseChange{.action = action});
  }
  for (const auto answer : {RedAnswer::confirm, RedAnswer::lapse, RedAnswer::withdraw}) {
    kinds.push_back(RedReply{.answer = answer});
  }
  for (const auto action : {InvoiceAction::deliver, InvoiceAction::archive, InvoiceAction::annul}) {
    kinds.push_back(InvoiceChange{.action = action});
  }
  return kinds;
}

Payload read_payload(ObjectReader& reader, std::string_view kind) {
  static const std::vector<Payload> kKinds = kinds_of_payload();
  for (const Payload& empty : kKinds) {
    if (kind != name_of(empty)) continue;
    Payload payload = empty;
    std::visit(ReadPayload{reader}, payload);
    return payload;
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
