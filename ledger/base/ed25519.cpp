#include "ledger/base/ed25519.hpp"

#include <sodium.h>

#include <algorithm>

#include "ledger/base/check.hpp"
#include "ledger/base/hash.hpp"

namespace hufu {

static_assert(crypto_sign_PUBLICKEYBYTES == PublicKey::kSize);
static_assert(crypto_sign_BYTES == Signature::kSize);
static_assert(crypto_sign_SEEDBYTES == Seed::kSize);

bool is_usable(const PublicKey& key) { return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1; }

bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

namespace {
template <class T>
Result<T> fixed_from_hex(std::string_view text) {
  if (text.size() != 2 * T::kSize) return Error::hex_malformed;
  const Result<Bytes> bytes = from_hex(text);
  if (!bytes) return bytes.error();
  T value;
  std::copy(bytes->begin(), bytes->end(), value.bytes.begin());
  return value;
}
}  // namespace

Result<PublicKey> public_key_from_hex(std::string_view text) { return fixed_from_hex<PublicKey>(text); }
Result<Signature> signature_from_hex(std::string_view text) { return fixed_from_hex<Signature>(text); }

Seed::~Seed() { sodium_memzero(bytes_.data(), bytes_.size()); }

Seed Seed::derive(std::string_view label) const { return Seed(hmac_sha256(bytes_, {as_bytes(label)}).bytes); }

SigningKey::SigningKey(const Seed& seed) {
  HUFU_CHECK(crypto_sign_seed_keypair(public_.bytes.data(), secret_.data(), seed.bytes().data()) == 0);
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Signature SigningKey::sign(ByteSpan message) const {
  Signature signature;
  HUFU_CHECK(crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                                  secret_.data()) == 0);
  return signature;
}

}  // namespace hufu
