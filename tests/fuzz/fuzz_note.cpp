// A signed note from anywhere: what parses has one text; and a checkpoint note that opens holds what the roster's keys signed,
// nothing else.
#include "ledger/checkpoint/checkpoint.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

namespace {

const std::string kOrigin = "hufu.test/east";
const Checkpoint kCheckpoint{.size = 70'000, .root = leaf_hash(as_bytes("a root"))};
constexpr std::uint64_t kTime = 1'760'000'000;

RosterStanding roster() { return testing::roster_of({1, 2, 3}); }

std::string signed_note(std::size_t signers) {
  std::vector<Attestation> attestations;
  for (std::uint64_t id = 1; id <= signers; ++id) {
    const std::string number = std::to_string(id);
    attestations.push_back(attest(kOrigin, kCheckpoint, id, testing::key_of("log-" + number),
                                  testing::key_of("cosign-" + number), kTime));
  }
  return checkpoint_note(kOrigin, roster(), attestations);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const RosterStanding members = roster();
  const std::string_view text = as_text({data, size});
  if (const Result<NoteKey> key = parse_vkey(text)) FUZZ_CHECK(key->vkey() == text);
  if (const Result<Note> note = parse_note(text)) FUZZ_CHECK(format_note(*note) == text);
  if (const auto checkpoint = parse_checkpoint_body(kOrigin, text)) {
    FUZZ_CHECK(checkpoint_body(kOrigin, *checkpoint) == text);
  }
  if (const auto opened = open_checkpoint_note(kOrigin, members, text)) {
    FUZZ_CHECK(opened->checkpoint == kCheckpoint);
    for (const Cosignature& cosignature : opened->cosignatures) FUZZ_CHECK(cosignature.time_s == kTime);
  }
  if (const auto certified = fuzz::decode_canonical<CertifiedCheckpoint>(data, size)) {
    const auto time = check_certified(kOrigin, members, *certified);
    if (time) FUZZ_CHECK(certified->checkpoint == kCheckpoint && *time == kTime);
  }
  if (const auto attestation = fuzz::decode_canonical<Attestation>(data, size)) {
    if (check_attestation(kOrigin, members, *attestation)) FUZZ_CHECK(attestation->checkpoint == kCheckpoint);
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  std::vector<Bytes> all;
  for (std::size_t signers = 1; signers <= 3; ++signers) {
    const std::string note = signed_note(signers);
    all.push_back(to_bytes(as_bytes(note)));
    all.push_back(encode(open_checkpoint_note(kOrigin, roster(), note).value()));
  }
  all.push_back(
      encode(attest(kOrigin, kCheckpoint, 1, testing::key_of("log-1"), testing::key_of("cosign-1"), kTime)));
  all.push_back(to_bytes(as_bytes(checkpoint_body(kOrigin, kCheckpoint))));
  for (const Member& member : roster().members) {
    all.push_back(to_bytes(as_bytes(log_note_key(kOrigin, member).vkey())));
    all.push_back(to_bytes(as_bytes(cosign_note_key(member).vkey())));
  }
  return all;
}
