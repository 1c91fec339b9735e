// State proofs and log frontiers from strangers: what decodes is encoded to the very same bytes, and no proof shows both
// that a path is held and that it is not.
#include <algorithm>
#include <string>

#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_tree.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace hufu;

Hash named(const std::string& text) { return sha256(as_bytes(text)); }

const std::vector<StateLeaf>& leaves() {
  static const std::vector<StateLeaf> all = [] {
    std::vector<StateLeaf> some;
    for (int i = 0; i < 30; ++i) some.push_back({named(std::to_string(i)), named("value")});
    some.push_back(some[0]);
    some.back().path.bytes[10] ^= 1;  // beside the first: a long way with empty siblings
    std::sort(some.begin(), some.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return some;
  }();
  return all;
}

void check_state_proof(ByteSpan bytes) {
  static const Hash root = [] {
    StateTree tree;
    return tree.build(leaves()).root();
  }();
  const Result<StateProof> proof = decode<StateProof>(bytes);
  if (!proof) return;
  FUZZ_CHECK(std::ranges::equal(encode(*proof), bytes));
  const Hash absent = named("absent");
  FUZZ_CHECK(!verify_absence(root, leaves()[0].path, *proof));
  FUZZ_CHECK(!verify_presence(root, absent, named("value"), *proof));
  FUZZ_CHECK(!verify_presence(root, leaves()[0].path, named("another value"), *proof));
}

void check_frontier(ByteSpan bytes) {
  const Result<Frontier> decoded = decode<Frontier>(bytes);
  if (!decoded) return;
  FUZZ_CHECK(std::ranges::equal(encode(*decoded), bytes));
  Frontier frontier = *decoded;
  if (frontier.size() == UINT64_MAX) return;  // no log is that long
  frontier.append(frontier.root());
  FUZZ_CHECK(decode<Frontier>(encode(frontier)).value() == frontier);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_state_proof({data, size});
  check_frontier({data, size});
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  std::vector<Bytes> all;
  StateTree tree;
  const StateTree::Version version = tree.build(leaves());
  for (const StateLeaf& leaf : leaves()) all.push_back(encode(tree.prove(version, leaf.path)));
  for (int i = 0; i < 10; ++i)
    all.push_back(encode(tree.prove(version, named("absent " + std::to_string(i)))));
  Frontier frontier;
  for (int i = 0; i < 9; ++i) {
    all.push_back(encode(frontier));
    frontier.append(named(std::to_string(i)));
  }
  return all;
}
