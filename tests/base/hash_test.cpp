#include "ledger/base/hash.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace hufu {
namespace {

TEST(Sha256, Fips180Examples) {
  EXPECT_EQ(to_hex(sha256(as_bytes(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, PartsHashLikeTheirConcatenation) {
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}), sha256(as_bytes("abc")));
}

TEST(Sha256, TheReusedContextIsPerThread) {
  const Hash expected = sha256(as_bytes("abc"));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) EXPECT_EQ(sha256(as_bytes("abc")), expected);
    });
  }
}

TEST(TaggedHash, IsTheTagLineAndTheParts) {
  EXPECT_EQ(tagged_hash("hufu/x/v1", {as_bytes("p"), as_bytes("q")}), sha256(as_bytes("hufu/x/v1\npq")));
}

TEST(Hmac, Rfc4231Cases1To3And6) {
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(20, 0x0b), {as_bytes("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), {as_bytes("what do ya "), as_bytes("want for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(20, 0xaa), {Bytes(50, 0xdd)})),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(131, 0xaa),
                               {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HashText, RoundTripAndRefusals) {
  const Hash hash = sha256(as_bytes("abc"));
  EXPECT_EQ(hash_from_hex(to_hex(hash)).value(), hash);
  EXPECT_EQ(hash_from_hex("ba78").error(), Error::hex_malformed);
  EXPECT_EQ(short_hex(hash), "ba7816bf");
}

}  // namespace
}  // namespace hufu
