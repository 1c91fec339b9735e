#include "ledger/base/codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/base/hash.hpp"

namespace hufu {
namespace {

enum class Colour : std::uint8_t { red = 1, green = 2 };
bool is_known(Colour colour) { return colour == Colour::red || colour == Colour::green; }

struct Left {
  static constexpr std::uint8_t kTag = 7;
  std::uint16_t value = 0;
  bool operator==(const Left&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& value;
  }
};
struct Right {
  static constexpr std::uint8_t kTag = 9;
  std::string name;
  bool operator==(const Right&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& bounded<300>(name);
  }
};
struct Everything {
  std::int32_t day = 0;
  bool flag = false;
  Colour colour = Colour::red;
  Hash hash;
  std::optional<std::uint64_t> maybe;
  std::vector<Right> list;
  std::variant<Left, Right> choice;
  bool operator==(const Everything&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& day& flag& colour& hash& maybe& bounded<70000>(list) & choice;
  }
};

Everything sample() {
  return {.day = -2,
          .flag = true,
          .colour = Colour::green,
          .hash = sha256(as_bytes("x")),
          .maybe = 0x0102030405060708ULL,
          .list = {{"甲"}, {""}},
          .choice = Right{"b"}};
}

TEST(Codec, LayoutIsTheGrammar) {
  Everything value = sample();
  value.hash = {};
  EXPECT_EQ(to_hex(encode(value)),
            "feffffff"
            "01"
            "02" +
                std::string(64, '0') +
                "01"
                "0807060504030201"
                "02000000"
                "0300"
                "e794b2"
                "0000"
                "09"
                "010062");
}

TEST(Codec, ReadsWhatItWrites) { EXPECT_EQ(decode<Everything>(encode(sample())).value(), sample()); }

TEST(Codec, EveryTruncationIsRefused) {
  const Bytes whole = encode(sample());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(decode<Everything>(ByteSpan(whole).first(length)).error(), Error::truncated) << length;
  }
}

TEST(Codec, TrailingBytesAreRefused) {
  Bytes bytes = encode(sample());
  bytes.push_back(0);
  EXPECT_EQ(decode<Everything>(bytes).error(), Error::trailing_bytes);
}

TEST(Codec, AFlagIsZeroOrOne) {
  Bytes bytes = encode(sample());
  bytes[4] = 2;
  EXPECT_EQ(decode<Everything>(bytes).error(), Error::not_canonical);
}

TEST(Codec, UnknownEnumerationAndVariantTagsAreRefused) {
  Bytes bytes = encode(sample());
  bytes[5] = 3;
  EXPECT_EQ(decode<Everything>(bytes).error(), Error::unknown_tag);
  EXPECT_EQ((decode<std::variant<Left, Right>>(Bytes{8, 0, 0}).error()), Error::unknown_tag);
}

struct Short {
  std::string text;
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& bounded<3>(text);
  }
};

TEST(Codec, BoundsAreKeptBeforeAllocation) {
  EXPECT_EQ(decode<Short>(Bytes{3, 'a', 'b', 'c'})->text, "abc");
  EXPECT_EQ(decode<Short>(Bytes{4, 'a', 'b', 'c', 'd'}).error(), Error::too_long);
}

TEST(Codec, AHugeCountInAShortInputCostsNothing) {
  const Bytes bytes = {0xff, 0xff, 0xff, 0xff};
  struct Huge {
    std::vector<Right> list;
    void serialize(Reader& reader, unsigned) { reader& bounded<0xFFFFFFFF>(list); }
  };
  Reader reader(bytes);
  Huge huge;
  huge.serialize(reader, 0);
  EXPECT_EQ(reader.error(), Error::truncated);
  EXPECT_LE(huge.list.capacity(), 2U);
}

RC_GTEST_PROP(Codec, AcceptedBytesReEncodeToThemselves, ()) {
  Bytes bytes = encode(sample());
  const auto flips = *rc::gen::inRange(1, 4);
  for (int i = 0; i < flips; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  }
  const Result<Everything> value = decode<Everything>(bytes);
  if (value) RC_ASSERT(encode(*value) == bytes);
}

}  // namespace
}  // namespace hufu
