// Other people's Ed25519 vectors, from the shared folder when that is beside the project: Wycheproof and RFC 8032.
#include <gtest/gtest.h>

#include "ledger/base/ed25519.hpp"
#include "tests/vectors.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

TEST(Ed25519Vectors, WycheproofAllAsExpected) {
  const auto path = vectors("wycheproof/ed25519_test.json");
  SKIP_WITHOUT(path);
  const boost::json::value file = read_json(path);
  std::int64_t seen = 0;
  for (const auto& group : file.at("testGroups").as_array()) {
    const PublicKey key = public_key_from_hex(text_of(group.at("publicKey"), "pk")).value();
    for (const auto& test : group.at("tests").as_array()) {
      ++seen;
      const Bytes message = from_hex(text_of(test, "msg")).value();
      const Result<Signature> signature = signature_from_hex(text_of(test, "sig"));
      const bool accepted = signature && verify(key, message, *signature);
      EXPECT_EQ(accepted, text_of(test, "result") == "valid") << "tcId " << test.at("tcId").as_int64();
    }
  }
  EXPECT_EQ(seen, file.at("numberOfTests").as_int64());
  std::printf("wycheproof ed25519: %lld vectors\n", static_cast<long long>(seen));
}

TEST(Ed25519Vectors, Rfc8032AllAsExpected) {
  const auto path = vectors("rfc8032/ed25519.json");
  SKIP_WITHOUT(path);
  const boost::json::value file = read_json(path);
  for (const auto& vector : file.at("vectors").as_array()) {
    std::array<std::uint8_t, Seed::kSize> seed{};
    const Bytes raw = from_hex(text_of(vector, "seed")).value();
    ASSERT_EQ(raw.size(), seed.size());
    std::copy(raw.begin(), raw.end(), seed.begin());
    const SigningKey key{Seed(seed)};
    EXPECT_EQ(to_hex(key.public_key()), text_of(vector, "public"));
    EXPECT_EQ(to_hex(key.sign(from_hex(text_of(vector, "msg")).value())), text_of(vector, "sig"));
  }
}

}  // namespace
}  // namespace hufu
