#include "ledger/record/submission.hpp"

#include <algorithm>

#include "ledger/base/hash_batch.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/message.hpp"

namespace hufu {
namespace {

Result<void> check_address(const LedgerId& ledger, const SubmissionHeader& header) {
  if (header.version != SubmissionHeader::kVersion) return Error::unknown_tag;
  if (header.genesis != ledger.genesis) return Error::foreign_origin;
  if (!is_agency_code(header.agency)) return Error::text_malformed;
  return {};
}

Result<void> check_seal(const LedgerId& ledger, const Submission& submission) {
  if (!verify(submission.header.key, signed_bytes(ledger, submission.header), submission.signature))
    return Error::signature_invalid;
  return {};
}

}  // namespace

Bytes signed_bytes(const LedgerId& ledger, const SubmissionHeader& header) {
  Writer writer;
  writer.raw(as_bytes("hufu/submission/v1\n"));
  std::string origin = ledger.origin;
  writer& bounded<limits::kOrigin>(origin) & header;
  return writer.take();
}

Hash submission_id(const LedgerId& ledger, const SubmissionHeader& header) {
  return sha256(signed_bytes(ledger, header));
}

Bytes leaf_bytes(const SubmissionHeader& header, const Signature& signature) {
  Writer writer;
  writer& header& signature;
  return writer.take();
}

std::vector<Hash> operation_hashes(const std::vector<Operation>& operations) {
  EncodedBatch batch;
  for (const Operation& operation : operations) batch.add(kLeafPrefix, operation);  // as leaf_hash() has it
  return batch.finish();
}

SubjectKey request_subject(std::string_view agency, const RequestId& request_id) {
  return {SubjectKind::request, std::string(agency) + "/" + to_hex(request_id)};
}

Submission sign_submission(const LedgerId& ledger, std::string agency, const SigningKey& key,
                           const RequestId& request_id, std::vector<Operation> operations) {
  HUFU_CHECK(!operations.empty() && operations.size() <= limits::kOperationsPerSubmission);
  Submission submission;
  submission.header = {.version = SubmissionHeader::kVersion,
                       .genesis = ledger.genesis,
                       .agency = std::move(agency),
                       .key = key.public_key(),
                       .request_id = request_id,
                       .count = static_cast<std::uint32_t>(operations.size()),
                       .root = tree_root(operation_hashes(operations))};
  submission.signature = key.sign(signed_bytes(ledger, submission.header));
  submission.operations = std::move(operations);
  return submission;
}

bool is_agency_code(std::string_view code) {
  return !code.empty() && code.size() <= limits::kAgencyCode &&
         std::all_of(code.begin(), code.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

Result<void> check_root(const Submission& submission, std::span<const Hash> operations) {
  const SubmissionHeader& header = submission.header;
  if (header.version != SubmissionHeader::kVersion) return Error::unknown_tag;
  if (submission.operations.empty()) return Error::submission_empty;
  if (header.count != submission.operations.size()) return Error::submission_root;
  HUFU_CHECK(operations.empty() || operations.size() == submission.operations.size());
  const Hash root = tree_root(
      operations.empty() ? std::span<const Hash>(operation_hashes(submission.operations)) : operations);
  if (header.root != root) return Error::submission_root;
  return {};
}

Result<void> check_signed(const LedgerId& ledger, const Submission& submission,
                          std::span<const Hash> operations) {
  if (const auto address = check_address(ledger, submission.header); !address) return address.error();
  if (const auto root = check_root(submission, operations); !root) return root.error();
  return check_seal(ledger, submission);
}

Result<void> check_signature(const LedgerId& ledger, const Submission& submission) {
  if (const auto address = check_address(ledger, submission.header); !address) return address.error();
  return check_seal(ledger, submission);
}

}  // namespace hufu
