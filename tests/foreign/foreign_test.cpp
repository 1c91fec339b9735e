// Go's golang.org/x/mod/sumdb, where it is installed, reads a log of ours: notes, paths, tiles.
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/checkpoint/tiles.hpp"
#include "tests/cluster/process.hpp"
#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary
namespace fs = std::filesystem;

constexpr std::uint64_t kBlocks = 600;  // two full tiles and a partial one
constexpr std::uint64_t kOlder = 300;
constexpr std::uint64_t kNodes = 3;
const fs::path kPackages = "/usr/share/gocode";

void write(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

std::string words(const std::vector<Hash>& hashes) {
  std::string text;
  for (const Hash& hash : hashes) text += " " + to_base64(hash);
  return text;
}

// A ledger with one invoice a block, three nodes that attest its log, and the nodes of the log's tree.
class Log final : public NodeReader {
 public:
  Log() {
    while (chain.blocks.size() < kBlocks) {
      const std::string number = "24332" + std::to_string(100'000'000'000'000U + chain.blocks.size());
      chain.append(kPlatform, {issue_invoice(number)});
    }
    for (const Block& block : chain.blocks) {
      std::vector<LogNode> finished;
      frontier_.append(leaf_hash(encode(block.header)), &finished);
      for (const LogNode& node : finished) nodes_[node.id] = node.hash;
    }
    for (std::uint64_t id = 1; id <= kNodes; ++id) {
      Member member = chain.genesis.roster.members.front();
      member.id = id;
      member.name = "node-" + std::to_string(id);
      member.log_key = log_key(id).public_key();
      member.cosign_key = cosign_key(id).public_key();
      roster.members.push_back(member);
    }
  }
  Result<Hash> read(NodeId id) const override { return nodes_.at(id); }

  std::string note(std::uint64_t size) const {
    const Checkpoint checkpoint{.size = size, .root = root_at(*this, size).value()};
    std::vector<Attestation> attestations;
    for (std::uint64_t id = 1; id <= kNodes; ++id) {
      attestations.push_back(
          attest(chain.ledger.origin, checkpoint, id, log_key(id), cosign_key(id), 1'760'000'000 + id));
    }
    return checkpoint_note(chain.ledger.origin, roster, attestations);
  }

  Chain chain;
  RosterStanding roster;

 private:
  static SigningKey log_key(std::uint64_t id) { return key_of("log-" + std::to_string(id)); }
  static SigningKey cosign_key(std::uint64_t id) { return key_of("cosign-" + std::to_string(id)); }

  Frontier frontier_;
  std::map<NodeId, Hash> nodes_;
};

void write_tiles(const Log& log, const fs::path& folder) {
  for (std::uint8_t level = 0; level <= 1; ++level) {
    const std::uint64_t nodes = kBlocks >> (kTileHeight * level);
    for (std::uint64_t first = 0; first < nodes; first += kTileWidth) {
      const auto width = static_cast<std::uint16_t>(std::min(nodes - first, kTileWidth));
      const Tile tile{.level = level, .index = first / kTileWidth, .width = width};
      ASSERT_TRUE(has_tile(tile, kBlocks));
      write(folder / tile_path(tile), as_text(read_tile(log, tile).value()));
      if (level != 0) continue;
      std::vector<BlockHeader> headers;
      for (std::uint64_t i = 0; i < width; ++i) headers.push_back(log.chain.blocks[first + i].header);
      write(folder / tile_path({.level = std::nullopt, .index = tile.index, .width = width}),
            as_text(entry_bundle(headers)));
    }
  }
}

void write_log(const Log& log, const fs::path& folder) {
  std::string vkeys;
  for (const Member& member : log.roster.members) {
    vkeys += log_note_key(log.chain.ledger.origin, member).vkey() + "\n";
  }
  write(folder / "vkeys", vkeys);
  write(folder / "checkpoint", log.note(kBlocks));
  write(folder / "older", log.note(kOlder));
  write(folder / "consistency", words(consistency_path(log, kOlder, kBlocks).value()) + "\n");
  std::string records;
  for (std::uint64_t height = 0; height < kBlocks; ++height) {
    records += std::to_string(height) + " " + to_base64(encode(log.chain.blocks[height].header)) +
               words(inclusion_path(log, height, kBlocks).value()) + "\n";
  }
  write(folder / "records", records);
  write_tiles(log, folder);
}

// One character of the file is another, and still one of base64.
void damage(const fs::path& path, std::size_t offset) {
  std::string content = read_file(path);
  ASSERT_LT(offset, content.size()) << path;
  content[offset] = content[offset] == 'A' ? 'B' : 'A';
  write(path, content);
}

Ended go(const fs::path& scratch, const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"/usr/bin/env",
                                   "GO111MODULE=off",
                                   "GOFLAGS=",
                                   "GOTOOLCHAIN=local",
                                   "CGO_ENABLED=0",
                                   "GOPATH=" + kPackages.string(),
                                   "GOCACHE=" HUFU_GO_CACHE,
                                   "go"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(scratch, command);
}

TEST(Foreign, GosTransparencyLogToolsAcceptTheLogAndNoDamagedOne) {
  const Scratch scratch;
  const std::string how = "; apt-get install golang-go golang-golang-x-mod-dev";
  if (go(scratch.path(), {"version"}).exit != 0) GTEST_SKIP() << "skipped: Go is not installed" << how;
  if (!fs::exists(kPackages / "src/golang.org/x/mod/sumdb/tlog")) {
    GTEST_SKIP() << "skipped: golang.org/x/mod is not in " << kPackages << how;
  }
  const std::string checker = (scratch.path() / "check_log").string();
  const Ended built =
      go(scratch.path(), {"build", "-o", checker, HUFU_SOURCE_DIR "/tests/foreign/check_log.go"});
  ASSERT_EQ(built.exit, 0) << built.err;

  const Log log;
  const fs::path folder = scratch.path() / "log";
  write_log(log, folder);
  const Ended honest = run(scratch.path(), {checker, folder.string()});
  EXPECT_EQ(honest.exit, 0) << honest.err;
  EXPECT_EQ(honest.out,
            "3 signatures on each checkpoint of hufu.test/east\n"
            "the log of 600 begins with the log of 300\n"
            "600 records are in the log\n"
            "600 entries are the leaves of the tiles\n");

  // Debian's tlog (0.7.0) does not hold every tile against its parent; then the proofs that it makes of them differ from ours.
  const std::tuple<const char*, std::size_t, const char*> damages[] = {
      {"checkpoint", 20, "invalid signature for key hufu.test/east"},
      {"older", 20, "invalid signature for key hufu.test/east"},
      {"consistency", 2, "invalid transparency proof"},
      {"records", 2, "record 0: invalid transparency proof"},
      {"tile/0/000", 0, "tile"},
      {"tile/1/000.p/2", 33, "tile"},
      {"tile/entries/001", 50, "the entries are not the leaves of the tiles"}};
  for (const auto& [file, offset, reason] : damages) {
    const std::string sound = read_file(folder / file);
    damage(folder / file, offset);
    const Ended damaged = run(scratch.path(), {checker, folder.string()});
    write(folder / file, sound);
    EXPECT_EQ(damaged.exit, 1) << file << ": " << damaged.out;
    EXPECT_NE(damaged.err.find(reason), std::string::npos) << file << ": " << damaged.err;
  }
}

}  // namespace
}  // namespace hufu
