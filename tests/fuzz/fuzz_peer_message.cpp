// What another node sends on the application's channels: questions and answers.
#include "node/peer_message.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;
using namespace hufu::node;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::decode_canonical<peer::Message<peer::Request>>(data, size);
  fuzz::decode_canonical<peer::Message<peer::Response>>(data, size);
  return 0;
}

namespace {

template <class Body>
Bytes message(Body body) {
  peer::Message<Body> whole;
  whole.correlation = 7;
  whole.body = std::move(body);
  return encode(whole);
}

}  // namespace

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  const Submission submission = chain.sign(testing::kPlatform, {testing::issue_invoice()});
  chain.extend({submission});
  const Block& block = chain.blocks.back();
  api::Accepted accepted;
  accepted.receipt.ledger = chain.ledger;
  accepted.receipt.header = submission.header;
  accepted.receipt.signature = submission.signature;
  accepted.receipt.block = block.header;
  accepted.receipt.log_path = {block.header.parent};
  const Attestation attestation =
      attest(chain.ledger.origin, {.size = 2, .root = chain.head().parent}, 1, testing::key_of("log-1"),
             testing::key_of("cosign-1"), 1'760'000'000);
  api::NodeStatus status;
  status.name = "node-1";
  status.peers = {{.id = 2, .name = "node-2", .connected = true}};
  return {message<peer::Request>(peer::SubmitRequest{encode(submission), 1000}),
          message<peer::Request>(peer::StatusRequest{}),
          message<peer::Request>(peer::HeadersRequest{9, 4}),
          message<peer::Request>(peer::BlocksRequest{1, 1 << 20}),
          message<peer::Request>(peer::AttestationRequest{attestation}),
          message<peer::Response>(peer::AttestedResponse{attestation}),
          message<peer::Response>(peer::AttestedResponse{}),
          message<peer::Response>(peer::AcceptedResponse{accepted}),
          message<peer::Response>(peer::refused(Error::not_leader)),
          message<peer::Response>(peer::StatusResponse{status}),
          message<peer::Response>(peer::HeadersResponse{{block.header, block.header}}),
          message<peer::Response>(peer::BlocksResponse{{{encode(block)}}})};
}
