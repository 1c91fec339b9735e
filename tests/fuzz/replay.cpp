// Runs a fuzz target without libFuzzer: `fuzz_NAME_replay CORPUS_FOLDER ROUNDS`.
//
// Deterministic: the mutations depend on the inputs and the round alone, so a failure repeats. When the target stops the
// process, the input that did it is printed in hexadecimal.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "tests/fuzz/fuzz.hpp"

namespace hufu::fuzz {
namespace {

constexpr std::size_t kMaxInput = 1 << 16;

Bytes current_input;  // for the signal handler

void print_input_and_die(int signal) {
  static constexpr char kDigits[] = "0123456789abcdef";
  static constexpr char kTitle[] = "\nthe input that failed: ";
  bool written = write(STDERR_FILENO, kTitle, sizeof(kTitle) - 1) > 0;
  for (const std::uint8_t byte : current_input) {
    const char digits[] = {kDigits[byte >> 4], kDigits[byte & 15]};
    written = written && write(STDERR_FILENO, digits, sizeof digits) > 0;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// splitmix64: small, good enough to choose mutations, the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t state_;
};

using Offset = Bytes::difference_type;

void flip_bit(Bytes& bytes, Random& random) {
  if (!bytes.empty()) bytes[random.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
}

// Lengths, tags and counts break at their edges.
void set_edge_value(Bytes& bytes, Random& random) {
  static constexpr std::uint8_t kEdges[] = {0x00, 0x01, 0x02, 0x7F, 0x80, 0xFE, 0xFF};
  const std::size_t width = std::size_t{1} << random.below(4);
  if (bytes.size() < width) return;
  const std::size_t at = random.below(bytes.size() - width + 1);
  std::fill_n(bytes.begin() + static_cast<Offset>(at), width, kEdges[random.below(std::size(kEdges))]);
}

void remove_part(Bytes& bytes, Random& random) {
  if (bytes.empty()) return;
  const std::size_t from = random.below(bytes.size());
  const std::size_t to = random.below(2) == 0 ? bytes.size() : from + random.below(bytes.size() - from) + 1;
  bytes.erase(bytes.begin() + static_cast<Offset>(from), bytes.begin() + static_cast<Offset>(to));
}

void insert_part(Bytes& bytes, const Bytes& from, Random& random) {
  if (from.empty()) return;
  const std::size_t begin = random.below(from.size());
  const std::size_t count = random.below(from.size() - begin) + 1;
  const Bytes part(from.begin() + static_cast<Offset>(begin),
                   from.begin() + static_cast<Offset>(begin + count));
  bytes.insert(bytes.begin() + static_cast<Offset>(random.below(bytes.size() + 1)), part.begin(), part.end());
}

Bytes mutate(const std::vector<Bytes>& inputs, Random& random) {
  Bytes bytes = inputs[random.below(inputs.size())];
  for (std::size_t steps = random.below(4) + 1; steps > 0; --steps) {
    switch (random.below(5)) {
      case 0:
        flip_bit(bytes, random);
        break;
      case 1:
        set_edge_value(bytes, random);
        break;
      case 2:
        remove_part(bytes, random);
        break;
      case 3:
        insert_part(bytes, inputs[random.below(inputs.size())], random);
        break;
      default:
        bytes.push_back(static_cast<std::uint8_t>(random.next()));
        break;
    }
  }
  if (bytes.size() > kMaxInput) bytes.resize(kMaxInput);
  return bytes;
}

void run(Bytes input) {
  current_input = std::move(input);
  LLVMFuzzerTestOneInput(current_input.data(), current_input.size());
}

std::vector<Bytes> read_corpus(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) return {};
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> inputs;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

int replay(const std::filesystem::path& corpus, std::size_t rounds) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGILL, SIGTRAP, SIGFPE, SIGBUS}) {
    std::signal(signal, print_input_and_die);
  }
  std::vector<Bytes> inputs = seeds();
  const std::size_t from_code = inputs.size();
  for (Bytes& input : read_corpus(corpus)) inputs.push_back(std::move(input));
  std::printf("%zu seeds, %zu files, %zu mutations\n", from_code, inputs.size() - from_code, rounds);
  if (inputs.empty()) return 1;  // a target without a start tests nothing
  run({});
  for (const Bytes& input : inputs) run(input);
  for (std::size_t round = 0; round < rounds; ++round) {
    Random random(round);
    run(mutate(inputs, random));
  }
  return 0;
}

}  // namespace
}  // namespace hufu::fuzz

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER ROUNDS\n", argv[0]);
    return 2;
  }
  return hufu::fuzz::replay(argv[1], std::strtoul(argv[2], nullptr, 10));
}
