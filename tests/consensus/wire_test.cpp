#include "consensus/wire.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "consensus/limits.hpp"

namespace hufu::consensus {
namespace {

Bytes data_of(std::string_view text) { return to_bytes(as_bytes(text)); }

const Bytes kData = data_of("data");
std::vector<wire::Message> one_of_each() {
  return {wire::VoteRequest{3, 9, 2, true}, wire::Vote{3, true, wire::PreVote::no},
          wire::Append{3, 9, 2, 8, {{3, EntryKind::command, kData}, {3, EntryKind::barrier, {}}}},
          wire::AppendResult{3, 0, 11},
          wire::Install{3, {9, 2, 1, {{1, "a:1"}, {2, "b:2"}}, data_of("pointer")}}};
}

TEST(Wire, EveryMessageComesBackAsItWas) {
  for (const wire::Message& message : one_of_each()) {
    const Bytes sent = wire::encode({7, 1, 2, message});
    const auto received = wire::decode(sent);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->group, 7U);
    EXPECT_EQ(received->from, 1U);
    EXPECT_EQ(received->to, 2U);
    EXPECT_EQ(received->message.index(), message.index());
    EXPECT_EQ(wire::encode(*received), sent);
  }
}

TEST(Wire, EveryTruncationIsRefused) {
  for (const wire::Message& message : one_of_each()) {
    const Bytes sent = wire::encode({7, 1, 2, message});
    for (std::size_t size = 0; size < sent.size(); ++size) {
      EXPECT_FALSE(wire::decode(ByteSpan(sent).first(size))) << message.index() << " cut to " << size;
    }
  }
}

TEST(Wire, TrailingBytesAreRefused) {
  for (const wire::Message& message : one_of_each()) {
    Bytes sent = wire::encode({7, 1, 2, message});
    sent.push_back(0);
    EXPECT_EQ(wire::decode(sent).error(), Error::trailing_bytes);
  }
}

TEST(Wire, UnknownVersionTypeAndKindAreRefused) {
  const Bytes good = wire::encode({7, 1, 2, wire::Append{3, 9, 2, 8, {{3, EntryKind::command, kData}}}});
  Bytes version = good;
  version[0] = 2;
  EXPECT_EQ(wire::decode(version).error(), Error::unknown_tag);
  for (const int tag : {0, 6, 255}) {
    Bytes type = good;
    type[25] = static_cast<std::uint8_t>(tag);
    EXPECT_EQ(wire::decode(type).error(), Error::unknown_tag);
  }
  Bytes kind = good;
  kind[26 + 32 + 2 + 8] = 4;
  EXPECT_EQ(wire::decode(kind).error(), Error::unknown_tag);
}

TEST(Wire, NobodyAndOneselfAreRefused) {
  const wire::Message vote = wire::VoteRequest{3, 9, 2, false};
  EXPECT_FALSE(wire::decode(wire::encode({7, 0, 2, vote})));
  EXPECT_FALSE(wire::decode(wire::encode({7, 1, 0, vote})));
  EXPECT_FALSE(wire::decode(wire::encode({7, 2, 2, vote})));
}

TEST(Wire, NumbersThatCouldWrapAreRefused) {
  const std::uint64_t huge = ~std::uint64_t{0};
  EXPECT_FALSE(wire::decode(wire::encode({7, 1, 2, wire::AppendResult{3, 0, huge}})));
  EXPECT_FALSE(wire::decode(wire::encode({7, 1, 2, wire::Append{3, huge, 2, 8, {}}})));
  EXPECT_FALSE(wire::decode(wire::encode({7, 1, 2, wire::VoteRequest{huge, 9, 2, false}})));
}

TEST(Wire, MoreEntriesThanAMessageMayCarryAreRefused) {
  const Bytes half(kMaxAppendBytes / 2 + 1);
  const wire::Append two{3, 9, 2, 8, {{3, EntryKind::command, half}, {3, EntryKind::command, half}}};
  EXPECT_EQ(wire::decode(wire::encode({7, 1, 2, two})).error(), Error::oversize);
  const Bytes whole(kMaxEntryBytes);
  EXPECT_TRUE(
      wire::decode(wire::encode({7, 1, 2, wire::Append{3, 9, 2, 8, {{3, EntryKind::command, whole}}}})));
}

TEST(Wire, ALengthBeyondTheFrameCostsNothing) {
  Bytes lying = wire::encode({7, 1, 2, wire::Append{3, 9, 2, 8, {{3, EntryKind::command, kData}}}});
  const std::size_t length_at = 26 + 32 + 2 + 8 + 1;
  lying[length_at + 3] = 0x7F;
  EXPECT_FALSE(wire::decode(lying));
}

TEST(Wire, MembersOutOfOrderAreRefused) {
  for (const std::vector<Member>& members : {std::vector<Member>{},
                                             {{2, "b"}, {1, "a"}},
                                             {{1, "a"}, {1, "b"}},
                                             {{0, "a"}},
                                             {{1, std::string("a\0b", 3)}}}) {
    EXPECT_FALSE(wire::decode(wire::encode({7, 1, 2, wire::Install{3, {9, 2, 1, members, {}}}})));
  }
}

RC_GTEST_PROP(WireProperty, WhatIsAcceptedIsCanonical,
              (const std::vector<std::uint8_t>& noise, std::uint16_t at)) {
  Bytes frame = wire::encode({7, 1, 2, wire::Append{3, 9, 2, 8, {{3, EntryKind::command, kData}}}});
  for (std::size_t i = 0; i < noise.size(); ++i) frame[(at + i) % frame.size()] ^= noise[i];
  const auto decoded = wire::decode(frame);
  if (decoded) RC_ASSERT(wire::encode(*decoded) == frame);
}

}  // namespace
}  // namespace hufu::consensus
