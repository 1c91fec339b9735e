// Fixed work for the guard: `instruction_counts CASE` does it once, and callgrind counts between the two marks. Without a
// case it lists them. Keys, salts, times and records are fixed (world.hpp W2), so that the work is the same everywhere.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <functional>

#include "tests/bench/world.hpp"

namespace hufu::bench {
namespace {

constexpr std::size_t kBlocks = 8;

template <class Work>
void counted(const Work& work) {
  CALLGRIND_TOGGLE_COLLECT;
  work();
  CALLGRIND_TOGGLE_COLLECT;
}

// From the file to the finding, without network and database.
void verify_full_proof() {
  World world;
  world.grow(kBlocks, 100);
  const Bytes file = encode_proof(world.proof(World::invoice(3)));
  const Anchor anchor = founding_anchor(world.genesis());
  bool good = false;
  counted([&] { good = none_failed(check_proof(anchor, decode_proof(file).value()).checks); });
  HUFU_CHECK(good);
}

void prove_record() {
  World world;
  world.grow(kBlocks, 100);
  Bytes file;
  world.proof(World::invoice(0));  // cosignatures are kept, not made for each answer
  counted([&] { file = encode_proof(world.proof(World::invoice(3))); });
  HUFU_CHECK(decode_proof(file).has_value());
}

void apply_block(std::size_t submissions, std::size_t records_each) {
  World world;
  world.grow(kBlocks, 100);
  const Bytes entry = encode(world.propose(world.submissions(submissions, records_each)));
  counted([&] { world.apply(entry); });
}

struct Case {
  const char* name;
  std::function<void()> run;
};
const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"verify_full_proof", verify_full_proof},
      {"prove_record", prove_record},
      {"apply_submission_of_1000", [] { apply_block(1, 1000); }},
      {"apply_32_singles", [] { apply_block(32, 1); }},
  };
  return all;
}

}  // namespace
}  // namespace hufu::bench

int main(int argc, char** argv) {
  using namespace hufu::bench;  // NOLINT(google-build-using-namespace)
  for (const Case& each : cases()) {
    if (argc == 1) {
      std::puts(each.name);
    } else if (std::string(argv[1]) == each.name) {
      each.run();
      return 0;
    }
  }
  return argc == 1 ? 0 : 2;
}
