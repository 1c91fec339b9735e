// Access logs from strangers: entries, pages and the frames of a file.
#include "ledger/trace/frame.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace hufu;

namespace {

SigningKey key() { return SigningKey(Seed(std::array<std::uint8_t, 32>{1})); }

AccessPage page() {
  AccessChain chain({.genesis = {}, .member = 1});
  AccessPage made{.member = 1, .entries = {}, .total = 2};
  made.entries.push_back(chain.extend(sign_trace({.agency = "A", .reason = "核验"}, key()), 1, key()));
  made.entries.push_back(chain.extend(Tally{.agency = "A", .error = 524, .count = 3}, 2, key()));
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto trace = fuzz::decode_canonical<SignedTrace>(data, size)) (void)check_trace({}, *trace);
  if (const auto entry = fuzz::decode_canonical<SignedEntry>(data, size)) {
    FUZZ_CHECK(kFrameHeadBytes + size <= kFrameBytes);
    AccessChain chain({.genesis = {}, .member = 1});
    (void)chain.check(*entry, key().public_key());
  }
  (void)fuzz::decode_canonical<AccessPage>(data, size);
  if (const auto payload = frame_at({data, size})) {
    Bytes again;
    put_frame(again, *payload);
    FUZZ_CHECK(std::equal(again.begin(), again.end(), data));
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  std::vector<Bytes> all{encode(page())};
  for (const SignedEntry& entry : page().entries) {
    all.push_back(encode(entry));
    Bytes frame;
    put_frame(frame, encode(entry));
    all.push_back(frame);
  }
  all.push_back(encode(std::get<SignedTrace>(page().entries[0].entry.record)));
  return all;
}
