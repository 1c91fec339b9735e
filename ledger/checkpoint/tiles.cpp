#include "ledger/checkpoint/tiles.hpp"

#include <charconv>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

constexpr std::string_view kRoot = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr std::size_t kMaxPath = 64;  // more than the longest canonical one
constexpr std::uint64_t kGroup = 1000;

std::string three_digits(std::uint64_t number) {
  std::string digits = std::to_string(number);
  return std::string(3 - digits.size(), '0') + digits;
}

std::string index_text(std::uint64_t index) {
  std::string text = three_digits(index % kGroup);
  while ((index /= kGroup) != 0) {
    text = std::string("x").append(three_digits(index % kGroup)).append("/").append(text);
  }
  return text;
}

// All of the text as a number, the zeros in front ignored.
template <class Number>
bool parse_number(std::string_view text, Number* number) {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return status == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string tile_path(const Tile& tile) {
  std::string path(kRoot);
  path += tile.level ? std::to_string(*tile.level) : std::string(kEntries);
  path.append("/").append(index_text(tile.index));
  if (tile.partial()) path.append(kPartial).append(std::to_string(tile.width));
  return path;
}

// Reads generously, and then demands that the path be the tile's own: so exactly the canonical ones parse.
Result<Tile> parse_tile_path(std::string_view path) {
  if (path.size() > kMaxPath || !path.starts_with(kRoot)) return Error::not_found;
  std::string_view rest = path.substr(kRoot.size());
  Tile tile;
  if (const std::size_t partial = rest.find(kPartial); partial != rest.npos) {
    if (!parse_number(rest.substr(partial + kPartial.size()), &tile.width)) return Error::not_found;
    rest = rest.substr(0, partial);
  }
  const std::size_t slash = rest.find('/');
  if (slash == rest.npos) return Error::not_found;
  if (rest.substr(0, slash) != kEntries) {
    if (!parse_number(rest.substr(0, slash), &tile.level.emplace())) return Error::not_found;
    if (*tile.level > kMaxTileLevel) return Error::not_found;
  }
  std::string digits(rest.substr(slash + 1));
  std::erase_if(digits, [](char c) { return c == 'x' || c == '/'; });
  if (!parse_number(digits, &tile.index)) return Error::not_found;
  if (tile.width == 0 || tile.width > kTileWidth || tile_path(tile) != path) return Error::not_found;
  return tile;
}

bool has_tile(const Tile& tile, std::uint64_t log_size) {
  const unsigned shift = kTileHeight * tile.level.value_or(0);
  const std::uint64_t nodes = shift < 64 ? log_size >> shift : 0;
  return tile.index <= nodes / kTileWidth && tile.width <= nodes - tile.index * kTileWidth;
}

Result<Bytes> read_tile(const NodeReader& reader, const Tile& tile) {
  HUFU_CHECK(tile.level && kTileHeight * *tile.level < 64);
  const auto level = static_cast<std::uint8_t>(kTileHeight * *tile.level);
  Bytes bytes;
  bytes.reserve(tile.width * Hash::kSize);
  for (std::uint64_t i = 0; i < tile.width; ++i) {
    const Result<Hash> hash = reader.read({.level = level, .index = tile.index * kTileWidth + i});
    if (!hash) return hash.error();
    bytes.insert(bytes.end(), hash->bytes.begin(), hash->bytes.end());
  }
  return bytes;
}

Bytes entry_bundle(std::span<const BlockHeader> headers) {
  HUFU_CHECK(!headers.empty() && headers.size() <= kTileWidth);
  Bytes bundle;
  for (const BlockHeader& header : headers) {
    const Bytes entry = encode(header);
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(entry.size()));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
  }
  return bundle;
}

Result<std::vector<BlockHeader>> parse_entry_bundle(ByteSpan bytes) {
  std::vector<BlockHeader> headers;
  do {
    if (bytes.size() < 2) return Error::truncated;
    const std::size_t length = std::size_t{bytes[0]} << 8 | bytes[1];
    bytes = bytes.subspan(2);
    if (bytes.size() < length) return Error::truncated;
    if (headers.size() == kTileWidth) return Error::too_long;
    const Result<BlockHeader> header = decode<BlockHeader>(bytes.first(length));
    if (!header) return header.error();
    headers.push_back(*header);
    bytes = bytes.subspan(length);
  } while (!bytes.empty());
  return headers;
}

}  // namespace hufu
