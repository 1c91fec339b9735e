// The beginnings of a connection and of a frame on it.
#include "consensus/transport/hello.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace hufu;
using namespace hufu::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::decode_canonical<Hello>(data, size);
  const auto head = fuzz::decode_canonical<FrameHead>(data, size);
  FUZZ_CHECK(!head || head->length <= max_frame(head->channel));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  return {encode(Hello{1, 2, Lane::raft, {}}), encode(Hello{2, 1, Lane::app, sha256(as_bytes("network"))}),
          encode(FrameHead{17, Channel::raft}), encode(FrameHead{0, Channel::gossip})};
}
