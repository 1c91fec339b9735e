#include "ledger/base/ed25519.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hufu {
namespace {

Seed seed_from_hex(std::string_view text) {
  std::array<std::uint8_t, Seed::kSize> bytes{};
  const Bytes raw = from_hex(text).value();
  std::copy(raw.begin(), raw.end(), bytes.begin());
  return Seed(bytes);
}

// RFC 8032 section 7.1, tests 1 to 3.
struct Vector {
  const char *seed, *key, *message, *signature;
};
constexpr Vector kRfc8032[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a3"
                                "3bacc61e39701cf9b46bd25bf5f0595bbe24"
                                "655141438e7a100b"},
                               {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15"
                                "996e458f3613d0f11d8c387b2eaeb4302aee"
                                "b00d291612bb0c00"},
                               {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16"
                                "f290ae67f760984dc6594a7c15e9716ed28d"
                                "c027beceea1ec40a"}};

TEST(Ed25519, Rfc8032SignsAndVerifies) {
  for (const Vector& vector : kRfc8032) {
    const SigningKey key(seed_from_hex(vector.seed));
    const Bytes message = from_hex(vector.message).value();
    EXPECT_EQ(to_hex(key.public_key()), vector.key);
    EXPECT_EQ(to_hex(key.sign(message)), vector.signature);
    EXPECT_TRUE(verify(key.public_key(), message, signature_from_hex(vector.signature).value()));
  }
}

TEST(Ed25519, EveryFlippedBitIsRefused) {
  const SigningKey key(seed_from_hex(kRfc8032[2].seed));
  const Bytes message = {0xaf, 0x82};
  const Signature good = key.sign(message);
  for (std::size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature bad = good;
    bad.bytes[bit / 8] = static_cast<std::uint8_t>(bad.bytes[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(verify(key.public_key(), message, bad)) << bit;
  }
}

TEST(Ed25519, A1ScalarPlusOrderIsRefused) {
  const SigningKey key(seed_from_hex(kRfc8032[0].seed));
  Signature signature = key.sign({});
  const Bytes order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += signature.bytes[32 + i] + order[i];
    signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(verify(key.public_key(), {}, signature));
}

TEST(Ed25519, A2SmallOrderKeysAreRefused) {
  // With the identity as key and R = identity, S = 0, the equation A3 holds for every message.
  PublicKey identity;
  identity.bytes[0] = 1;
  Signature signature;
  signature.bytes[0] = 1;
  EXPECT_FALSE(verify(identity, as_bytes("anything"), signature));
}

TEST(Seed, DerivedSeedsDifferByLabel) {
  const Seed seed = seed_from_hex(kRfc8032[0].seed);
  EXPECT_NE(to_hex(seed.derive("a").bytes()), to_hex(seed.derive("b").bytes()));
  EXPECT_EQ(to_hex(seed.derive("a").bytes()), to_hex(seed.derive("a").bytes()));
}

}  // namespace
}  // namespace hufu
