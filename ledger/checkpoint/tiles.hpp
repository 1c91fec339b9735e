// The log of blocks as static files: C2SP tlog-tiles. Pure; nodes come from a NodeReader.
//
//   tile/<L>/<N>[.p/<W>]        W (256 when absent) hashes of level 8 L, from number 256 N on, 32 bytes each
//   tile/entries/<N>[.p/<W>]    entry bundle: W block headers from height 256 N on, each with a u16 big-endian length
//   L  0 to 63 in decimal        N  groups of three digits, all but the last prefixed "x": 1234067 -> x001/x234/067
//   W  1 to 255
//
// Invariants
//   I1  a tile is served only when the log has all of it: its bytes never change afterwards
//   I2  parse_tile_path(tile_path(t)) == t, and only canonical paths parse
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/chain/block.hpp"
#include "ledger/merkle/log_tree.hpp"

namespace hufu {

inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr unsigned kMaxTileLevel = 63;

struct Tile {
  std::optional<std::uint8_t> level;  // nothing: an entry bundle
  std::uint64_t index = 0;
  std::uint16_t width = kTileWidth;  // 1 to 256

  bool operator==(const Tile&) const = default;
  bool partial() const { return width != kTileWidth; }
};

// Without a leading slash. Error::not_found for anything that is no canonical tile path.
Result<Tile> parse_tile_path(std::string_view path);
std::string tile_path(const Tile& tile);

// Does a log of this size have all of the tile (I1)?
bool has_tile(const Tile& tile, std::uint64_t log_size);

// The hashes of a tile with a level. The caller has asked has_tile(). Errors of the reader.
Result<Bytes> read_tile(const NodeReader& reader, const Tile& tile);
// The bytes of an entry bundle over these headers (1 to 256).
Bytes entry_bundle(std::span<const BlockHeader> headers);
// Error::truncated (also without any header), too_long (over 256) and those of the codec.
Result<std::vector<BlockHeader>> parse_entry_bundle(ByteSpan bytes);

}  // namespace hufu
