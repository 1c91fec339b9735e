// Raft frames as a member of the roster sends them.
#include "consensus/wire.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace hufu;
using namespace hufu::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = wire::decode({data, size});
  if (!frame) return 0;
  FUZZ_CHECK(wire::encode(*frame) == to_bytes({data, size}));
  FUZZ_CHECK(frame->from != 0 && frame->to != 0 && frame->from != frame->to);
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  const Bytes data = to_bytes(as_bytes("an entry"));
  const wire::Append append{3, 9, 2, 8, {{3, EntryKind::command, data}, {3, EntryKind::barrier, {}}}};
  const wire::Install install{3, {9, 2, 1, {{1, "a:1"}, {2, "b:2"}}, data}};
  std::vector<Bytes> all;
  for (const wire::Message& message :
       {wire::Message(wire::VoteRequest{3, 9, 2, true}),
        wire::Message(wire::Vote{3, true, wire::PreVote::no}), wire::Message(append),
        wire::Message(wire::AppendResult{3, 0, 11}), wire::Message(install)}) {
    all.push_back(wire::encode({7, 1, 2, message}));
  }
  return all;
}
