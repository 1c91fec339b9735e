// Other people's Ed25519 vectors, from the shared folder when that is beside the project: Wycheproof and RFC 8032.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/base/ed25519.hpp"

namespace hufu {
namespace {

std::filesystem::path vectors(const std::string& name) {
  const char* named = std::getenv("HUFU_SHARED");
  const std::filesystem::path folder = named != nullptr ? named : HUFU_SOURCE_DIR "/../shared";
  return folder / "vectors" / name;
}

boost::json::value read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str());
}

std::string text_of(const boost::json::value& value, const char* name) {
  return std::string(value.at(name).as_string());
}

TEST(Ed25519Vectors, WycheproofAllAsExpected) {
  const auto path = vectors("wycheproof/ed25519_test.json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " not found; set HUFU_SHARED";
  const boost::json::value file = read(path);
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
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " not found; set HUFU_SHARED";
  const boost::json::value file = read(path);
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
