// Proposals as consensus delivers them: whatever a leader sends, execution neither crashes nor depends on anything but its
// arguments (X3), and the block made of it is one that others accept.
#include "ledger/chain/execute.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Chain chain;
  auto proposal = fuzz::decode_canonical<Proposal>(data, size);
  if (!proposal) return 0;
  // Signatures and roots are another target's business: here every law is reached.
  for (Submission& submission : proposal->submissions) {
    submission.header.count = static_cast<std::uint32_t>(submission.operations.size());
    submission.header.root = tree_root(operation_hashes(submission.operations));
  }
  const SignatureCheck believe = [](const LedgerId&, const Submission& each, auto) {
    return check_root(each);
  };
  const Execution once = execute(chain.ledger, *proposal, chain, believe);
  const Execution again = execute(chain.ledger, *proposal, chain, believe);
  FUZZ_CHECK(once.outcomes.size() == proposal->submissions.size());
  FUZZ_CHECK(once.included == again.included);
  FUZZ_CHECK(once.changes.size() == again.changes.size());
  for (const auto& [key, change] : once.changes) {
    FUZZ_CHECK(again.changes.at(key).standing == change.standing);
    FUZZ_CHECK(decode<Standing>(encode(change.standing)).value() == change.standing);
  }
  const BlockHeader header =
      make_header(proposal->height, proposal->parent, proposal->time_ms, once.included, kZeroHash);
  FUZZ_CHECK(check_contents({header, once.included}).has_value());
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  return {encode(chain.propose({})),
          encode(chain.propose({chain.sign(testing::kIssuer, {testing::issue_license()})})),
          encode(chain.propose({chain.sign(testing::kPlatform, {testing::issue_invoice()}),
                                chain.sign(testing::kPlatform, {testing::claim_invoice(Standing{})})}))};
}
