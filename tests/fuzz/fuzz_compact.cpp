// The text of a code, as a scanner reads it: one text for one value, and what is accepted is what the true ledger has.
#include "ledger/proof/verdict.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/proof_world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Nodes nodes = testing::grown_nodes();
  const std::string_view text = as_text({data, size});
  if (const auto bytes = from_base45(text)) FUZZ_CHECK(to_base45(*bytes) == text);
  const auto compact = parse_compact_text(text);
  if (!compact) return 0;
  FUZZ_CHECK(compact_text(*compact) == text);
  const CompactFinding finding = check_compact(founding_anchor(nodes.genesis), *compact);
  if (none_failed(finding.checks)) {
    FUZZ_CHECK(std::optional(compact->standing) == nodes.find(compact->subject));
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  const testing::Nodes nodes = testing::grown_nodes();
  std::vector<Bytes> all;
  for (const SubjectKey& key : {testing::kLicenseKey, testing::kInvoiceKey}) {
    const CompactProof compact = make_compact(nodes.proof(key, {1, 3}), nodes.in_force()).value();
    all.push_back(to_bytes(as_bytes(compact_text(compact))));
  }
  return all;
}
