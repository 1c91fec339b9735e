#include "ledger/trace/trace.hpp"

#include <gtest/gtest.h>

#include "ledger/trace/frame.hpp"

namespace hufu {
namespace {

SigningKey key(std::uint8_t number) { return SigningKey(Seed(std::array<std::uint8_t, 32>{number})); }

const Hash kGenesis = sha256(as_bytes("genesis"));
const AccessKeeper kKeeper{.genesis = kGenesis, .member = 2};

Trace trace(std::uint8_t number, const std::string& agency = "11330302XT00001376") {
  return {.genesis = kGenesis,
          .agency = agency,
          .id = {number},
          .time_ms = 1'760'000'000'000,
          .subject = sha256(as_bytes("subject")),
          .verdict = TracedVerdict::accept,
          .reason = "招标资格审查"};
}

std::vector<SignedEntry> log_of(std::size_t count) {
  AccessChain chain(kKeeper);
  std::vector<SignedEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    AccessRecord record = sign_trace(trace(static_cast<std::uint8_t>(i)), key(1));
    if (i % 3 == 2) record = Tally{.from_ms = 1, .to_ms = 2, .agency = "A", .error = 524, .count = i};
    entries.push_back(chain.extend(record, 1000 + i, key(9)));
  }
  return entries;
}

Result<void> check(const std::vector<SignedEntry>& entries) {
  AccessChain chain(kKeeper);
  for (const SignedEntry& entry : entries) {
    const Result<void> checked = chain.check(entry, key(9).public_key());
    if (!checked) return checked;
  }
  return {};
}

TEST(Trace, IsTheVerifiersWordOrNobodys) {
  const SignedTrace good = sign_trace(trace(1), key(1));
  EXPECT_TRUE(check_trace(kGenesis, good));
  EXPECT_EQ(check_trace(Hash{}, good).error(), Error::genesis_mismatch);
  SignedTrace changed = good;
  changed.trace.verdict = TracedVerdict::refuse;
  EXPECT_EQ(check_trace(kGenesis, changed).error(), Error::signature_invalid);
  changed = good;
  changed.trace.agency = "11310115XT0000014D";
  EXPECT_EQ(check_trace(kGenesis, changed).error(), Error::signature_invalid);

  SignedTrace anonymous{.trace = trace(1, ""), .signature = {}};
  EXPECT_TRUE(check_trace(kGenesis, anonymous));
  anonymous.trace.key = key(1).public_key();
  EXPECT_EQ(check_trace(kGenesis, anonymous).error(), Error::signature_invalid);
}

TEST(Trace, AReasonIsOneLineOfText) {
  for (const char* reason : {"a\nb", "\x1b[2J", "\xff", "a\x7f"}) {
    Trace odd = trace(1);
    odd.reason = reason;
    EXPECT_EQ(check_trace(kGenesis, sign_trace(odd, key(1))).error(), Error::text_malformed);
  }
}

TEST(AccessChain, U1NothingCanBeLeftOutAddedOrMoved) {
  const std::vector<SignedEntry> good = log_of(6);
  ASSERT_TRUE(check(good));
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    std::vector<SignedEntry> fewer = good;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(check(fewer).error(), Error::parent_mismatch) << i;
    std::vector<SignedEntry> twice = good;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
    EXPECT_EQ(check(twice).error(), Error::parent_mismatch) << i;
    std::vector<SignedEntry> moved = good;
    std::swap(moved[i], moved[i + 1]);
    EXPECT_EQ(check(moved).error(), Error::parent_mismatch) << i;
  }
}

TEST(AccessChain, U1TimeNeverFalls) {
  AccessChain chain(kKeeper);
  const SignedEntry first = chain.extend(Tally{}, 1000, key(9));
  const SignedEntry second = chain.extend(Tally{}, 900, key(9));
  EXPECT_EQ(second.entry.time_ms, 1000U);
  EXPECT_TRUE(check({first, second}));
}

TEST(AccessChain, U2OneChangedByteIsFound) {
  const std::vector<SignedEntry> good = log_of(3);
  for (std::size_t entry = 0; entry < good.size(); ++entry) {
    const Bytes bytes = encode(good[entry]);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      Bytes changed = bytes;
      changed[at] ^= 1;
      const Result<SignedEntry> decoded = decode<SignedEntry>(changed);
      if (!decoded) continue;
      std::vector<SignedEntry> entries = good;
      entries[entry] = *decoded;
      EXPECT_FALSE(check(entries)) << entry << " at " << at;
    }
  }
}

TEST(AccessChain, U2AnotherMembersEntriesAreNotItsOwn) {
  AccessChain other({.genesis = kGenesis, .member = 3});
  const SignedEntry entry = other.extend(Tally{}, 1000, key(9));
  EXPECT_EQ(check({entry}).error(), Error::signature_invalid);
}

TEST(Frame, IsReadBackOnlyWhole) {
  const Bytes payload = to_bytes(as_bytes("payload"));
  Bytes bytes;
  put_frame(bytes, payload);
  put_frame(bytes, {});
  ASSERT_TRUE(frame_at(bytes));
  EXPECT_EQ(to_bytes(*frame_at(bytes)), payload);
  const std::size_t whole = kFrameHeadBytes + payload.size();
  for (std::size_t length = 0; length < whole; ++length)
    EXPECT_FALSE(frame_at(ByteSpan(bytes).first(length))) << length;
  for (std::size_t at = 0; at < whole; ++at) {
    Bytes changed = bytes;
    changed[at] ^= 1;
    EXPECT_FALSE(frame_at(changed)) << at;
  }
  EXPECT_FALSE(frame_at(Bytes(64, 0)));
}

}  // namespace
}  // namespace hufu
