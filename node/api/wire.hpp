// Answers as canonical bytes: what our own client asks for (media type application/vnd.hufu). Pure.
//
// The codec is that of ledger/base/codec.hpp; the route says which type the bytes are of.
//
//   as of     := height u64, head hash, time_ms u64, confirmed flag
//   accepted  := receipt (ledger/proof/receipt.hpp), repeated flag,
//                cosignatures list<32> of cosignature (ledger/checkpoint/checkpoint.hpp), certified flag
//   standing  := key, standing optional, as of
//   history   := key, entries list<1000> of entry, total u64, as of
//   entry     := operation, place, index u32, time_ms u64, agency string<32>, submission hash
//   registry  := kind u8, entries list<1000> of (key, standing), more flag, as of
//   receipt   := receipt optional, as of
//   head      := block header, hash, log size u64, log root hash, confirmed flag
//   consistency := from u64, to u64, path list<64> of hash
//   cluster   := members list<32> of (roster member, node status optional), quorum u32, reachable u32
//   problem   := error u16, faults list<10000> of (operation u32, error u16, place optional), retry_after_ms u32,
//                why string<1000>                                                (the body of every status but 200 and 307)
//   signed entry, page of the access log: ledger/trace/trace.hpp
//   evidence, block, genesis file, node status: as their own headers say
//
// The proof file has a media type of its own, application/vnd.hufu.proof, and the bytes of ledger/proof/proof.hpp; the note
// and the tiles of the log have those of C2SP.
#pragma once

#include "ledger/proof/evidence.hpp"
#include "node/api/answers.hpp"

namespace hufu::api {

inline constexpr std::string_view kBinaryType = "application/vnd.hufu";
inline constexpr std::string_view kProofType = "application/vnd.hufu.proof";
inline constexpr std::string_view kNoteType = "text/plain; charset=utf-8";
inline constexpr std::string_view kTileType = "application/octet-stream";
inline constexpr std::string_view kJsonType = "application/json";

inline constexpr std::size_t kHistoryEntries = 1000;
inline constexpr std::size_t kWhy = 1000;
// Of a page of the registry. It ends behind the entry that fills the bytes.
inline constexpr std::size_t kRegistryEntries = 1000;
inline constexpr std::size_t kRegistryBytes = 4U << 20;

// The largest answer that a client needs to accept: a block, its submissions as they were proposed, or a genesis file.
inline constexpr std::size_t kAnswerBytes = 2 * limits::kProposalBytes;

// A refusal with what there is to say of this very case.
struct Problem {
  Refusal refusal;
  std::string why;  // English, one line; may be empty: describe(error) says the general

  bool operator==(const Problem&) const = default;
};
// `why` is cut at kWhy bytes, at a character's boundary, and made one line.
Problem problem(Error error, std::string_view why = {});
// May the submission have been written in spite of it? (outcome_unknown, timed_out)
bool is_outcome_unknown(Error error);
// Is the same question worth asking again, here or elsewhere? (no leader, no quorum, overloaded, …)
bool is_passing(Error error);

// Is it the number of an error that this build knows?
bool is_error_number(std::uint16_t number);

// An error as it travels: by its stable number, and only one that this build knows.
struct WireError {
  Error& value;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    auto number = static_cast<std::uint16_t>(value);
    archive& number;
    if constexpr (Archive::is_loading::value) {
      if (!is_error_number(number)) return archive.fail(Error::unknown_tag);
      value = static_cast<Error>(number);
    }
  }
};

template <class Archive>
void serialize(Archive& archive, AsOf& as_of, unsigned /*version*/) {
  archive& as_of.height& as_of.head& as_of.time_ms& as_of.confirmed;
}

template <class Archive>
void serialize(Archive& archive, Accepted& accepted, unsigned /*version*/) {
  archive& accepted.receipt& accepted.repeated& bounded<limits::kNodes>(accepted.cosignatures) &
      accepted.certified;
}

template <class Archive>
void serialize(Archive& archive, StandingAnswer& answer, unsigned /*version*/) {
  archive& answer.key& answer.standing& answer.as_of;
}

template <class Archive>
void serialize(Archive& archive, HistoryEntry& entry, unsigned /*version*/) {
  archive& entry.operation& entry.place& entry.index& entry.time_ms& bounded<limits::kAgencyCode>(
      entry.agency) &
      entry.submission;
}

template <class Archive>
void serialize(Archive& archive, HistoryAnswer& answer, unsigned /*version*/) {
  archive& answer.key& bounded<kHistoryEntries>(answer.entries) & answer.total& answer.as_of;
}

template <class Archive>
void serialize(Archive& archive, RegistryEntry& entry, unsigned /*version*/) {
  archive& entry.key& entry.standing;
}

template <class Archive>
void serialize(Archive& archive, RegistryAnswer& answer, unsigned /*version*/) {
  archive& answer.kind& bounded<kRegistryEntries>(answer.entries) & answer.more& answer.as_of;
}

template <class Archive>
void serialize(Archive& archive, ReceiptAnswer& answer, unsigned /*version*/) {
  archive& answer.receipt& answer.as_of;
}

template <class Archive>
void serialize(Archive& archive, Head& head, unsigned /*version*/) {
  archive& head.header& head.hash& head.log_size& head.log_root& head.confirmed;
}

template <class Archive>
void serialize(Archive& archive, ConsistencyAnswer& answer, unsigned /*version*/) {
  archive& answer.from& answer.to& bounded<kMaxLogPath>(answer.path);
}

template <class Archive>
void serialize(Archive& archive, ClusterMember& member, unsigned /*version*/) {
  archive& member.member& member.status;
}

template <class Archive>
void serialize(Archive& archive, ClusterStatus& cluster, unsigned /*version*/) {
  auto quorum = static_cast<std::uint32_t>(cluster.quorum);
  auto reachable = static_cast<std::uint32_t>(cluster.reachable);
  archive& bounded<limits::kNodes>(cluster.members) & bounded<limits::kNodes>(cluster.candidates) &
      quorum& reachable;
  cluster.quorum = quorum;
  cluster.reachable = reachable;
}

template <class Archive>
void serialize(Archive& archive, OperationFault& fault, unsigned /*version*/) {
  WireError error{fault.error};
  archive& fault.operation& error& fault.place;
}

template <class Archive>
void serialize(Archive& archive, Problem& problem, unsigned /*version*/) {
  Refusal& refusal = problem.refusal;
  WireError error{refusal.error};
  archive& error& bounded<limits::kOperationsPerSubmission>(refusal.faults) &
      refusal.retry_after_ms& bounded<kWhy>(problem.why);
}

}  // namespace hufu::api
