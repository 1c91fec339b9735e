// Tiles: their names, which of them a log has, and that they rebuild its root.
#include "ledger/checkpoint/tiles.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "tests/vectors.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

BlockHeader header(std::uint64_t height) {
  BlockHeader header;
  header.height = height;
  header.time_ms = 1000 * height;
  return header;
}

// The nodes of a log of block headers, in memory.
class Log final : public NodeReader {
 public:
  explicit Log(std::uint64_t size) {
    while (frontier_.size() < size) {
      std::vector<LogNode> finished;
      frontier_.append(leaf_hash(encode(header(frontier_.size()))), &finished);
      for (const LogNode& node : finished) nodes_[node.id] = node.hash;
    }
  }
  Result<Hash> read(NodeId id) const override {
    const auto found = nodes_.find(id);
    if (found == nodes_.end()) return Error::storage_corrupt;
    return found->second;
  }
  const Frontier& frontier() const { return frontier_; }

 private:
  Frontier frontier_;
  std::map<NodeId, Hash> nodes_;
};

Tile hashes(std::uint8_t level, std::uint64_t index, std::uint16_t width = kTileWidth) {
  return {.level = level, .index = index, .width = width};
}
Tile entries(std::uint64_t index, std::uint16_t width = kTileWidth) {
  return {.level = std::nullopt, .index = index, .width = width};
}

TEST(Tiles, PathsAsInTheSpecification) {
  EXPECT_EQ(tile_path(hashes(0, 0)), "tile/0/000");
  EXPECT_EQ(tile_path(hashes(2, 1'234'067)), "tile/2/x001/x234/067");
  EXPECT_EQ(tile_path(hashes(63, 999, 1)), "tile/63/999.p/1");
  EXPECT_EQ(tile_path(hashes(1, 1000, 255)), "tile/1/x001/000.p/255");
  EXPECT_EQ(tile_path(entries(273, 112)), "tile/entries/273.p/112");
  EXPECT_EQ(tile_path(entries(~std::uint64_t{0}, 255)),
            "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255");
}

rc::Gen<Tile> any_tile() {
  return rc::gen::exec([] {
    Tile tile;
    if (*rc::gen::arbitrary<bool>()) tile.level = *rc::gen::inRange<std::uint8_t>(0, kMaxTileLevel + 1);
    tile.index =
        *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 3000), rc::gen::arbitrary<std::uint64_t>());
    tile.width = *rc::gen::inRange<std::uint16_t>(1, kTileWidth + 1);
    return tile;
  });
}

RC_GTEST_PROP(TilesProperty, I2OneTileOnePath, ()) {
  const Tile tile = *any_tile();
  const std::string path = tile_path(tile);
  RC_ASSERT(parse_tile_path(path).value() == tile);
  std::string changed = path;
  changed[*rc::gen::inRange<std::size_t>(0, path.size())] =
      *rc::gen::elementOf(std::string("0123456789x/.pe"));
  if (const Result<Tile> parsed = parse_tile_path(changed)) RC_ASSERT(tile_path(*parsed) == changed);
}

TEST(Tiles, I2OnlyCanonicalPathsParse) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/1000",
                           "/tile/0/000",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/256/000",
                           "tile/-1/000",
                           "tile/0/x000/000",
                           "tile/0/x000/001",
                           "tile/0/x001/x000",
                           "tile/0/001/000",
                           "tile/0/x001",
                           "tile/0/000/",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/01",
                           "tile/0/000.p/256",
                           "tile/0/000.p/-1",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/1.p/1",
                           "tile/Entries/000",
                           "tile/entries",
                           "tile/8/0/000",
                           "checkpoint",
                           "tile/0/x1/000",
                           "tile/entries/x018/x446/x744/x073/x709/x551/616",
                           "tile/0/+01",
                           "tile/0/ 01"}) {
    const Result<Tile> tile = parse_tile_path(path);
    EXPECT_TRUE(!tile && tile.error() == Error::not_found) << path;
  }
  EXPECT_FALSE(parse_tile_path("tile/0/" + std::string(100'000, '0')));
}

TEST(Tiles, I1ServedOnlyWhenTheLogHasAllOfIt) {
  EXPECT_FALSE(has_tile(hashes(0, 0, 1), 0));
  EXPECT_TRUE(has_tile(hashes(0, 0, 1), 1));
  EXPECT_FALSE(has_tile(hashes(0, 0), 255));
  EXPECT_TRUE(has_tile(hashes(0, 0), 256));
  EXPECT_TRUE(has_tile(hashes(0, 0, 7), 256));
  EXPECT_FALSE(has_tile(hashes(0, 1, 1), 256));
  EXPECT_FALSE(has_tile(hashes(1, 0, 1), 255));
  EXPECT_TRUE(has_tile(hashes(1, 0, 1), 256));
  EXPECT_TRUE(has_tile(entries(273, 112), 70'000));
  EXPECT_FALSE(has_tile(entries(273, 113), 70'000));
  EXPECT_FALSE(has_tile(entries(~std::uint64_t{0} / 256 + 1, 1), ~std::uint64_t{0}));
  EXPECT_TRUE(has_tile(entries(~std::uint64_t{0} / 256, 255), ~std::uint64_t{0}));
  EXPECT_FALSE(has_tile(entries(~std::uint64_t{0}, 1), ~std::uint64_t{0}));
  EXPECT_TRUE(has_tile(hashes(7, 0, 255), ~std::uint64_t{0}));
  EXPECT_FALSE(has_tile(hashes(8, 0, 1), ~std::uint64_t{0}));
  EXPECT_FALSE(has_tile(hashes(63, 0, 1), ~std::uint64_t{0}));
}

TEST(Tiles, I1BytesNeverChangeAndHoldTheNodesOfTheTree) {
  const Log early(600);
  const Log late(1100);
  std::size_t seen = 0;
  for (std::uint8_t level = 0; level <= 1; ++level) {
    for (std::uint64_t index = 0; index < 3; ++index) {
      for (const std::uint16_t width : std::initializer_list<std::uint16_t>{1, 2, 88, 255, 256}) {
        const Tile tile = hashes(level, index, width);
        if (!has_tile(tile, 600)) continue;
        ++seen;
        const Bytes bytes = read_tile(early, tile).value();
        EXPECT_EQ(bytes, read_tile(late, tile).value()) << tile_path(tile);
        EXPECT_EQ(bytes.size(), width * Hash::kSize);
        EXPECT_EQ(to_hex(ByteSpan(bytes).last(Hash::kSize)),
                  to_hex(late.read({static_cast<std::uint8_t>(8 * level), 256 * index + width - 1}).value()));
      }
    }
  }
  EXPECT_EQ(seen, 5U + 5U + 3U + 2U);
  EXPECT_EQ(read_tile(early, hashes(0, 3)).error(), Error::storage_corrupt);  // the reader's own error
}

// What a tlog client does: all leaf hashes from the level 0 tiles, and the leaves from the bundles.
TEST(Tiles, TilesAndBundlesRebuildTheRoot) {
  const Log log(600);
  std::vector<Hash> leaves;
  std::vector<Hash> from_entries;
  for (const std::uint16_t width : std::initializer_list<std::uint16_t>{256, 256, 88}) {
    const std::uint64_t index = leaves.size() / kTileWidth;
    const Bytes tile = read_tile(log, hashes(0, index, width)).value();
    for (std::size_t at = 0; at < tile.size(); at += Hash::kSize) {
      std::copy_n(tile.begin() + static_cast<std::ptrdiff_t>(at), Hash::kSize,
                  leaves.emplace_back().bytes.begin());
    }
    std::vector<BlockHeader> headers;
    for (std::uint64_t i = 0; i < width; ++i) headers.push_back(header(index * kTileWidth + i));
    const Bytes bundle = entry_bundle(headers);
    EXPECT_EQ(bundle.size(), width * (2 + BlockHeader::kBytes));
    EXPECT_EQ(parse_entry_bundle(bundle).value(), headers);
    for (const BlockHeader& one : headers) from_entries.push_back(leaf_hash(encode(one)));
  }
  EXPECT_EQ(tree_root(leaves), log.frontier().root());
  EXPECT_EQ(tree_root(from_entries), log.frontier().root());
}

TEST(Tiles, AnEntryBundleIsBlockHeadersAndNothingElse) {
  const std::vector<BlockHeader> headers{header(0), header(1)};
  const Bytes bundle = entry_bundle(headers);
  EXPECT_EQ(bundle[0], 0);
  EXPECT_EQ(bundle[1], BlockHeader::kBytes);
  for (std::size_t size = 0; size < bundle.size(); ++size) {
    const Result<std::vector<BlockHeader>> parsed = parse_entry_bundle(ByteSpan(bundle).first(size));
    if (size == bundle.size() / 2) continue;  // exactly the first header
    EXPECT_TRUE(!parsed && parsed.error() == Error::truncated) << size;
  }
  Bytes longer = bundle;
  longer[1] += 1;  // the first entry reaches into the second
  EXPECT_EQ(parse_entry_bundle(longer).error(), Error::trailing_bytes);
  const std::vector<BlockHeader> many(kTileWidth, header(0));
  Bytes too_many = entry_bundle(many);
  EXPECT_EQ(parse_entry_bundle(too_many)->size(), kTileWidth);
  too_many.insert(too_many.end(), bundle.begin(), bundle.end());
  EXPECT_EQ(parse_entry_bundle(too_many).error(), Error::too_long);
}

TEST(TilesVectors, C2spPrintedExamples) {
  const auto path = vectors("c2sp-spec-examples/examples.json");
  SKIP_WITHOUT(path);
  const boost::json::value file = read_json(path);
  for (const auto& vector : file.at("tile_paths").as_array()) {
    EXPECT_EQ(tile_path(hashes(0, vector.at("index").to_number<std::uint64_t>())),
              "tile/0/" + text_of(vector, "path"));
  }
  for (const auto& vector : file.at("tiles_for_size").as_array()) {
    const auto size = vector.at("size").to_number<std::uint64_t>();
    for (std::uint8_t level = 0; level <= 2; ++level) {
      const std::string name = "level" + std::to_string(level);
      if (!vector.as_object().contains(name + "_full")) continue;
      const auto full = vector.at(name + "_full").to_number<std::uint64_t>();
      const auto partial = vector.at(name + "_partial").to_number<std::uint16_t>();
      EXPECT_TRUE(full == 0 || has_tile(hashes(level, full - 1), size));
      EXPECT_FALSE(has_tile(hashes(level, full), size));
      EXPECT_TRUE(partial == 0 || has_tile(hashes(level, full, partial), size));
      EXPECT_FALSE(has_tile(hashes(level, full, static_cast<std::uint16_t>(partial + 1)), size));
    }
  }
}

}  // namespace
}  // namespace hufu
