// What nodes ask each other on the application's channels. Pure: bytes in, values out; hostile until decoded.
//
//   request  := u8 1, correlation u64, variant                       (channel app_request)
//     tag 1 submit    submission bytes string<4 MiB>, wait_ms u32    to the leader, for a client of the asking node
//     tag 2 status
//     tag 3 headers   from u64, count u32                            downwards from that height
//     tag 4 blocks    from u64, max_bytes u32                        upwards from that height
//     tag 5 attestation  (ledger/checkpoint/checkpoint.hpp)          the asking node's newest
//     tag 6 way       epoch u64                                      from the roster of this epoch, which the asking node knows
//   response := u8 1, correlation u64, variant                       (channel app_response)
//     tag 1 accepted  (node/api/wire.hpp)
//     tag 2 refused   problem (node/api/wire.hpp)                    the answer to any question that fails
//     tag 3 status    (node/api/answers.hpp)
//     tag 4 headers   list<4096> of block header
//     tag 5 blocks    list<1024> of string<8 MiB>                    encoded blocks
//     tag 6 attested  attestation optional                           the answering node's newest
//     tag 7 way       handover optional (ledger/proof/proof.hpp), head optional     how that roster handed over to the next;
//                     head := header, log path list<64>, cosignatures list<32>      or else the newest block that it certified
//
// A question with a tag that a node does not know is not answered: the asking node's time runs out.
#pragma once

#include <variant>
#include <vector>

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/proof/proof.hpp"
#include "node/api/wire.hpp"

namespace hufu::node::peer {

inline constexpr std::uint8_t kVersion = 1;
inline constexpr std::size_t kHeaders = 4096;
inline constexpr std::size_t kBlocks = 1024;
inline constexpr std::size_t kBlockBytes = limits::kProposalBytes;
// A response to `blocks` stops growing here; its first block may be larger.
inline constexpr std::size_t kBlocksBytes = 2U << 20;

struct SubmitRequest {
  static constexpr std::uint8_t kTag = 1;
  Bytes submission;
  std::uint32_t wait_ms = 0;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kSubmissionBytes>(submission) & wait_ms;
  }
};
struct StatusRequest {
  static constexpr std::uint8_t kTag = 2;
  template <class Archive>
  void serialize(Archive& /*archive*/, unsigned /*version*/) {}
};
struct HeadersRequest {
  static constexpr std::uint8_t kTag = 3;
  std::uint64_t from = 0;
  std::uint32_t count = 0;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& from& count;
  }
};
struct BlocksRequest {
  static constexpr std::uint8_t kTag = 4;
  std::uint64_t from = 0;
  std::uint32_t max_bytes = 0;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& from& max_bytes;
  }
};
struct AttestationRequest {
  static constexpr std::uint8_t kTag = 5;
  Attestation attestation;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& attestation;
  }
};
struct WayRequest {
  static constexpr std::uint8_t kTag = 6;
  std::uint64_t epoch = 0;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& epoch;
  }
};
using Request =
    std::variant<SubmitRequest, StatusRequest, HeadersRequest, BlocksRequest, AttestationRequest, WayRequest>;

struct AcceptedResponse {
  static constexpr std::uint8_t kTag = 1;
  api::Accepted accepted;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& accepted;
  }
};
struct RefusedResponse {
  static constexpr std::uint8_t kTag = 2;
  api::Problem problem;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& problem;
  }
};
struct StatusResponse {
  static constexpr std::uint8_t kTag = 3;
  api::NodeStatus status;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& status;
  }
};
struct HeadersResponse {
  static constexpr std::uint8_t kTag = 4;
  std::vector<BlockHeader> headers;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<kHeaders>(headers);
  }
};
struct EncodedBlock {
  Bytes bytes;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<kBlockBytes>(bytes);
  }
};
struct BlocksResponse {
  static constexpr std::uint8_t kTag = 5;
  std::vector<EncodedBlock> blocks;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<kBlocks>(blocks);
  }
};
struct AttestedResponse {
  static constexpr std::uint8_t kTag = 6;
  std::optional<Attestation> attestation;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& attestation;
  }
};
// The newest block of a log (height + 1 leaves) that a quorum has certified.
struct CertifiedHead {
  BlockHeader header;
  std::vector<Hash> log_path;
  std::vector<Cosignature> cosignatures;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& header& bounded<kMaxLogPath>(log_path) & bounded<limits::kNodes>(cosignatures);
  }
};
struct WayResponse {
  static constexpr std::uint8_t kTag = 7;
  std::optional<Handover> handover;
  std::optional<CertifiedHead> head;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& handover& head;
  }
};
using Response = std::variant<AcceptedResponse, RefusedResponse, StatusResponse, HeadersResponse,
                              BlocksResponse, AttestedResponse, WayResponse>;

template <class Body>
struct Message {
  std::uint8_t version = kVersion;
  std::uint64_t correlation = 0;
  Body body;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*archive_version*/) {
    archive& version;
    if constexpr (Archive::is_loading::value) {
      if (version != kVersion) return archive.fail(Error::unknown_tag);
    }
    archive& correlation& body;
  }
};

inline Response refused(Error error) { return RefusedResponse{api::problem(error)}; }

}  // namespace hufu::node::peer
