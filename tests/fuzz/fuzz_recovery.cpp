// Recovery files: what passes is the same bytes again, and enacts what its first operation proposed.
#include "ledger/chain/recovery.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/law.hpp"

using namespace hufu;

namespace {

Proposal recovery(bool enacted) {
  const Genesis genesis = testing::with_authorities();
  const Decision decision{
      .target = roster_subject(),
      .previous = std::nullopt,
      .effective = 20'000,
      .body = RosterEntry{.roster = testing::roster_of({1}, 2),
                          .recovery = Recovery{.height = 7, .head = sha256(as_bytes("head")), .time_ms = 9}}};
  std::vector<Operation> operations = {{.subject = decision_subject(decision),
                                        .previous = std::nullopt,
                                        .effective = 20'000,
                                        .payload = Propose{.decision = decision}}};
  if (enacted) {
    operations.push_back({.subject = roster_subject(),
                          .previous = std::nullopt,
                          .effective = 20'000,
                          .payload = Enact{.decision = decision}});
  }
  return {.height = 8,
          .parent = sha256(as_bytes("head")),
          .time_ms = 9,
          .submissions = {sign_submission(ledger_id(genesis), "310000", testing::key_of("310000a"),
                                          testing::request(1), std::move(operations))}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto decoded = decode_recovery({data, size});
  if (!decoded) return 0;
  FUZZ_CHECK(encode_recovery(*decoded) == to_bytes({data, size}));
  const Result<Decision> proposed = decision_in(*decoded);
  FUZZ_CHECK(proposed.has_value());
  const auto enacted = enacted_in(*decoded);
  FUZZ_CHECK(!enacted || *enacted == *proposed);
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  return {encode_recovery(recovery(true)), encode_recovery(recovery(false))};
}
