// Ed25519 (RFC 8032) on libsodium.
//
// One acceptance rule, that of libsodium 1.0.18's crypto_sign_verify_detached, which every verifier of this ledger must
// share: accept iff
//   A1  S < L (the scalar is canonical), and
//   A2  R is not of small order, and A is neither of small order nor a non-canonical encoding, and
//   A3  encode([S]B - [k]A) == R, k = SHA-512(R || A || M)       (cofactorless; R compared as bytes)
// A verifier that multiplies by the cofactor would accept more; FORMAT.md repeats this rule.
#pragma once

#include <array>

#include "ledger/base/bytes.hpp"

namespace hufu {

struct PublicKey {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  auto operator<=>(const PublicKey&) const = default;
  operator ByteSpan() const { return bytes; }  // NOLINT(google-explicit-constructor): a key is its bytes

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bytes;
  }
};

struct Signature {
  static constexpr std::size_t kSize = 64;
  std::array<std::uint8_t, kSize> bytes{};

  bool operator==(const Signature&) const = default;
  operator ByteSpan() const {
    return bytes;
  }  // NOLINT(google-explicit-constructor): a signature is its bytes

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bytes;
  }
};

// Is it a key that A2 lets through: a canonical point of the curve's main subgroup? Every honestly made key is.
bool is_usable(const PublicKey& key);

// Thread-safe and pure.
bool verify(const PublicKey& key, ByteSpan message, const Signature& signature);

// Error::hex_malformed unless 64 (key) or 128 (signature) hexadecimal digits.
Result<PublicKey> public_key_from_hex(std::string_view text);
Result<Signature> signature_from_hex(std::string_view text);

// 32 secret bytes from which a signing key, a TLS key or a salt is derived; wiped when destroyed, never printed.
class Seed {
 public:
  static constexpr std::size_t kSize = 32;

  Seed() = default;
  explicit Seed(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  Seed(const Seed&) = default;
  Seed& operator=(const Seed&) = default;
  ~Seed();

  ByteSpan bytes() const { return bytes_; }
  // An independent seed for another purpose: HMAC-SHA-256(seed, label).
  Seed derive(std::string_view label) const;

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

class SigningKey {
 public:
  explicit SigningKey(const Seed& seed);
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();

  const PublicKey& public_key() const { return public_; }
  Signature sign(ByteSpan message) const;

 private:
  std::array<std::uint8_t, 64> secret_{};
  PublicKey public_;
};

}  // namespace hufu
