#include "ledger/base/hash.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <memory>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Sha256 {
 public:
  Sha256() : digest_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    HUFU_CHECK(digest_ && context_);
  }
  void begin() { HUFU_CHECK(EVP_DigestInit_ex2(context_.get(), digest_.get(), nullptr) == 1); }
  void add(ByteSpan part) { HUFU_CHECK(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1); }
  Hash end() {
    Hash hash;
    HUFU_CHECK(EVP_DigestFinal_ex(context_.get(), hash.bytes.data(), nullptr) == 1);
    return hash;
  }

 private:
  std::unique_ptr<EVP_MD, FreeDigest> digest_;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

Sha256& hasher() {
  thread_local Sha256 instance;
  return instance;
}

}  // namespace

Hash sha256(ByteSpan bytes) {
  Sha256& hash = hasher();
  hash.begin();
  hash.add(bytes);
  return hash.end();
}

Hash sha256(std::initializer_list<ByteSpan> parts) {
  Sha256& hash = hasher();
  hash.begin();
  for (const ByteSpan part : parts) hash.add(part);
  return hash.end();
}

Hash tagged_hash(std::string_view tag, std::initializer_list<ByteSpan> parts) {
  Sha256& hash = hasher();
  hash.begin();
  hash.add(as_bytes(tag));
  hash.add(as_bytes("\n"));
  for (const ByteSpan part : parts) hash.add(part);
  return hash.end();
}

Hash hmac_sha256(ByteSpan key, std::initializer_list<ByteSpan> parts) {
  constexpr std::size_t kBlock = 64;
  std::array<std::uint8_t, kBlock> inner{};
  if (key.size() > kBlock) {
    const Hash shortened = sha256(key);
    std::copy(shortened.bytes.begin(), shortened.bytes.end(), inner.begin());
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  std::array<std::uint8_t, kBlock> outer = inner;
  for (auto& byte : inner) byte ^= 0x36;
  for (auto& byte : outer) byte ^= 0x5c;
  Sha256& hash = hasher();
  hash.begin();
  hash.add(inner);
  for (const ByteSpan part : parts) hash.add(part);
  const Hash digest = hash.end();
  return sha256({ByteSpan(outer), ByteSpan(digest)});
}

Result<Hash> hash_from_hex(std::string_view text) {
  if (text.size() != 2 * Hash::kSize) return Error::hex_malformed;
  const Result<Bytes> bytes = from_hex(text);
  if (!bytes) return bytes.error();
  Hash hash;
  std::copy(bytes->begin(), bytes->end(), hash.bytes.begin());
  return hash;
}

std::string short_hex(const Hash& hash) { return to_hex(ByteSpan(hash.bytes).first(4)); }

std::size_t HashOfHash::operator()(const Hash& hash) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, hash.bytes.data(), sizeof value);
  return value;
}

}  // namespace hufu
