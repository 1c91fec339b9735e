// Every bound of the formats in one place. A bound here is part of the format: to raise one is to change the format.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hufu::limits {

// Text fields, in bytes.
inline constexpr std::size_t kSubjectId = 140;  // the longest license identifier
inline constexpr std::size_t kOrigin = 100;
inline constexpr std::size_t kAgencyCode = 32;
inline constexpr std::size_t kNodeName = 64;
inline constexpr std::size_t kDisplayName = 200;  // of an agency or a province, UTF-8
inline constexpr std::size_t kHost = 253;         // RFC 1035
inline constexpr std::size_t kTypeCode = 32;
inline constexpr std::size_t kProvinceCode = 6;
inline constexpr std::size_t kScenario = 60;    // of an agreement, UTF-8
inline constexpr std::size_t kStatusCode = 16;  // as an office's own system writes it
inline constexpr std::size_t kRedNumber = 32;   // of a confirmation sheet for a red-letter invoice

// Lists.
inline constexpr std::size_t kOperationsPerSubmission = 10'000;
inline constexpr std::size_t kSubmissionsPerBlock = 4'096;
inline constexpr std::size_t kNodes = 32;
inline constexpr std::size_t kProvinces = 64;
inline constexpr std::size_t kAgencies = 10'000;
inline constexpr std::size_t kKeysPerAgency = 64;
inline constexpr std::size_t kGrantsPerAgency = 1'000;
inline constexpr std::size_t kAuthorityKeys = 16;
inline constexpr std::size_t kGrantsPerKey = 32;
inline constexpr std::size_t kApprovals = 64;
inline constexpr std::size_t kSides = 32;  // provinces that one decision concerns
inline constexpr std::size_t kAgreementEntries = 256;
inline constexpr std::size_t kScenarios = 16;
inline constexpr std::size_t kStatusCodes = 64;
inline constexpr std::size_t kFieldsPerDocument = 256;
inline constexpr std::size_t kOperationsPerSubject = 1'000;  // so that a whole history fits into one evidence

// Document fields, in bytes.
inline constexpr std::size_t kFieldName = 64;
inline constexpr std::size_t kFieldValue = 16 * 1024;
inline constexpr std::size_t kSaltMin = 16;
inline constexpr std::size_t kSaltMax = 64;

// Values.
inline constexpr std::int64_t kAmountFen = 1'000'000'000'000'000;  // of an invoice, either sign
inline constexpr std::uint64_t kTimeMs = 253'402'271'999'999;      // 9999-12-31 23:59:59.999 in China

// Whole encodings, in bytes.
inline constexpr std::size_t kSubmissionBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kProposalBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kGenesisBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kDocumentBytes = 1024 * 1024;

static_assert(kSubmissionBytes < kProposalBytes, "a block must hold at least one submission of any size");

}  // namespace hufu::limits
