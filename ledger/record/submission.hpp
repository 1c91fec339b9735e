// What an agency signs and sends: 1 to 10,000 operations, all or none.
//
//   ledger id  := origin string<100>, genesis hash
//   header     := version u8 (=1), genesis hash, agency string<32>, key raw 32, request id raw 16, count u32, root hash
//   signed     := "hufu/submission/v1\n" || origin string<100> || header
//   id         := SHA-256(signed)
//   submission := header, signature raw 64, operations list<10000>
//   leaf       := header || signature                            (in the block's tree of submissions)
//   root       := RFC 6962 root over the operations' encodings
//
// Invariants
//   S1  header.count == operations.size(), 1 to 10,000
//   S2  header.root is the root over the operations
//   S3  header.genesis is the ledger's, and the signature verifies under header.key over `signed`
// The id does not cover the signature: a signer can make many signatures of one message, but they are one submission.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "ledger/base/ed25519.hpp"
#include "ledger/record/operation.hpp"

namespace hufu {

// Which ledger: its name and the hash of its founding document (see genesis/genesis.hpp).
struct LedgerId {
  std::string origin;
  Hash genesis;

  bool operator==(const LedgerId&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kOrigin>(origin) & genesis;
  }
};

using RequestId = std::array<std::uint8_t, 16>;

struct SubmissionHeader {
  static constexpr std::uint8_t kVersion = 1;
  std::uint8_t version = kVersion;
  Hash genesis;  // which ledger it is meant for
  std::string agency;
  PublicKey key;
  RequestId request_id{};
  std::uint32_t count = 0;
  Hash root;

  bool operator==(const SubmissionHeader&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & genesis& bounded<limits::kAgencyCode>(agency) &
        key& request_id& count& root;
  }
};

struct Submission {
  SubmissionHeader header;
  Signature signature;
  std::vector<Operation> operations;

  bool operator==(const Submission&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& header& signature& bounded<limits::kOperationsPerSubmission>(operations);
  }
};

Bytes signed_bytes(const LedgerId& ledger, const SubmissionHeader& header);
Hash submission_id(const LedgerId& ledger, const SubmissionHeader& header);
// The bytes that stand in the block's tree of submissions.
Bytes leaf_bytes(const SubmissionHeader& header, const Signature& signature);
// RFC 6962 leaf hashes of the operations, in order.
std::vector<Hash> operation_hashes(const std::vector<Operation>& operations);
// The subject under which the state remembers that a request id was used.
SubjectKey request_subject(std::string_view agency, const RequestId& request_id);

Submission sign_submission(const LedgerId& ledger, std::string agency, const SigningKey& key,
                           const RequestId& request_id, std::vector<Operation> operations);

// Is it 1 to 32 characters of 0-9A-Z? Whatever else claims to be an agency is never shown to anybody.
bool is_agency_code(std::string_view code);

// The version, the ledger, the agency's form, S1 to S3, in that order: Error::unknown_tag, foreign_origin, text_malformed, submission_empty,
// submission_root, signature_invalid. `operations`: their hashes, by whoever has them already (operation_hashes).
Result<void> check_signed(const LedgerId& ledger, const Submission& submission,
                          std::span<const Hash> operations = {});
// The same without S1 and S2, where check_root has been asked already.
Result<void> check_signature(const LedgerId& ledger, const Submission& submission);
// The version, S1 and S2 alone.
Result<void> check_root(const Submission& submission, std::span<const Hash> operations = {});

}  // namespace hufu
