// The half of ledger/base/mutant.hpp that lives in the test programs: HUFU_MUTANT names the mutant that is at work.
#include "ledger/base/mutant.hpp"

#include <cstdio>
#include <cstdlib>

namespace hufu::mutants_live {
namespace {

constexpr std::size_t kNone = std::size(kMutants);
// The runner must not take a name that was mistyped for a mutant that was caught.
constexpr int kNoSuchMutant = 64;

std::size_t chosen() {
  const char* const name = std::getenv("HUFU_MUTANT");
  if (name == nullptr || *name == '\0') return kNone;
  for (std::size_t number = 0; number < kNone; ++number) {
    if (kMutants[number].name == name) return number;
  }
  std::fprintf(stderr, "HUFU_MUTANT: there is no mutant %s\n", name);
  std::exit(kNoSuchMutant);
}

const std::size_t live = chosen();

}  // namespace

bool mutated(MutantName mutant) { return mutant.number() == live; }

}  // namespace hufu::mutants_live
