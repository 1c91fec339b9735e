// A secret seed on disk, sealed with a passphrase. The one file of this room that touches disk and randomness.
//
//   key file := magic "HUFUKEY1" raw 8, version u8 (=1), passes u32, memory_kib u32, salt raw 16, nonce raw 24, box string<256>
//   box      := crypto_secretbox(secret)  under  Argon2id(passphrase, salt, passes, memory_kib), 32 bytes
//   secret   := label string<100>, seed raw 32
//
// Invariants
//   F1  one content has one encoding (the canonical codec), at most kMaxBytes long
//   F2  passes and memory are within [kMinCost, kMaxCost] before anything is computed with them: a hostile file can ask
//       for no more than the ceiling
//   F3  a file is created, never overwritten, with mode 0600, and is on the disk (file and directory) when write returns
//   F4  a file that others than its owner can reach, or that is a symbolic link or no regular file, is not read
//   F5  a wrong passphrase and an altered box are one error: the box does not tell which
#pragma once

#include <string>

#include "ledger/base/codec.hpp"
#include "ledger/base/ed25519.hpp"

namespace hufu {

// What the passphrase costs to try, Argon2id with one lane.
struct KeyCost {
  std::uint32_t passes = 3;
  std::uint32_t memory_kib = 64 * 1024;

  bool operator==(const KeyCost&) const = default;
};
// For a passphrase that people choose: RFC 9106, section 4, second recommended option.
inline constexpr KeyCost kChosenPassphrase{};
// For a passphrase of 128 random bits or more, which no stretching makes better.
inline constexpr KeyCost kRandomPassphrase{.passes = 1, .memory_kib = 64};
inline constexpr KeyCost kMinCost{.passes = 1, .memory_kib = 8};
inline constexpr KeyCost kMaxCost{.passes = 16, .memory_kib = 1024 * 1024};

// What the file keeps: whose key it is, for people ("agency 11310115XT0000014D", "node 1"), and the seed.
struct KeyFile {
  static constexpr std::size_t kLabel = 100;
  static constexpr std::size_t kMaxBytes = 512;
  std::string label;
  Seed seed;
};

// The file as it lies there, unopened.
struct SealedKey {
  static constexpr std::array<std::uint8_t, 8> kMagic = {'H', 'U', 'F', 'U', 'K', 'E', 'Y', '1'};
  static constexpr std::uint8_t kVersion = 1;
  std::array<std::uint8_t, 8> magic = kMagic;
  std::uint8_t version = kVersion;
  KeyCost cost;
  std::array<std::uint8_t, 16> salt{};
  std::array<std::uint8_t, 24> nonce{};
  Bytes box{};

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& magic& version& cost.passes& cost.memory_kib& salt& nonce& bounded<256>(box);
  }
};
// F1 and F2: errors of the codec, Error::unknown_tag for another magic or version, Error::field_invalid for a cost out of
// bounds, Error::oversize.
Result<SealedKey> decode_sealed_key(ByteSpan file);

// The file's bytes. The label is UTF-8 of at most kLabel bytes (Error::text_malformed, Error::too_long).
Result<Bytes> seal_key(const KeyFile& key, std::string_view passphrase, const KeyCost& cost);
// Errors of decode_sealed_key, and Error::passphrase_wrong when the box does not open.
Result<KeyFile> unseal_key(ByteSpan file, std::string_view passphrase);

// Error::already_exists, Error::file_unwritable.
Result<void> write_key_file(const std::string& path, const std::string& label, const Seed& seed,
                            std::string_view passphrase, const KeyCost& cost = kChosenPassphrase);
// Error::file_missing, Error::file_unreadable, Error::file_permissions, Error::oversize, and those of unseal_key.
Result<KeyFile> open_key_file(const std::string& path, std::string_view passphrase);

// A text that is kept like a key: a file with mode 0600, created, never overwritten. Errors as above.
Result<void> write_secret_file(const std::string& path, ByteSpan content);
Result<Bytes> read_secret_file(const std::string& path, std::size_t max_bytes);

}  // namespace hufu
