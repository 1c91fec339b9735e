#include "ledger/base/key_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "ledger/base/check.hpp"
#include "ledger/base/failpoint.hpp"

namespace hufu {
namespace {

static_assert(crypto_secretbox_KEYBYTES == Seed::kSize);
static_assert(crypto_pwhash_argon2id_SALTBYTES == sizeof(SealedKey::salt));
static_assert(crypto_secretbox_NONCEBYTES == sizeof(SealedKey::nonce));

struct Secret {
  std::string label;
  std::array<std::uint8_t, Seed::kSize> seed{};

  ~Secret() { sodium_memzero(seed.data(), seed.size()); }
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<KeyFile::kLabel>(label) & seed;
  }
};

// Secret bytes that are kept out of swap where the system allows it, and wiped.
class Locked {
 public:
  explicit Locked(std::size_t size) : bytes_(size) { lock(); }
  explicit Locked(Bytes bytes) : bytes_(std::move(bytes)) { lock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { sodium_munlock(bytes_.data(), bytes_.size()); }  // wipes too
  Bytes& operator*() { return bytes_; }
  Bytes* operator->() { return &bytes_; }

 private:
  // Without the privilege to lock memory the key is still good: wiping is what is left.
  void lock() { (void)sodium_mlock(bytes_.data(), bytes_.size()); }
  Bytes bytes_;
};

bool within(const KeyCost& cost) {
  return cost.passes >= kMinCost.passes && cost.passes <= kMaxCost.passes &&
         cost.memory_kib >= kMinCost.memory_kib && cost.memory_kib <= kMaxCost.memory_kib;
}

// False when the system has not that much memory.
bool derive(Locked& key, std::string_view passphrase, const SealedKey& sealed) {
  return crypto_pwhash_argon2id(key->data(), key->size(), passphrase.data(), passphrase.size(),
                                sealed.salt.data(), sealed.cost.passes,
                                std::size_t{sealed.cost.memory_kib} * 1024,
                                crypto_pwhash_argon2id_ALG_ARGON2ID13) == 0;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_all(int fd, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.open() && ::fsync(fd.get()) == 0;
}

}  // namespace

Result<Bytes> seal_key(const KeyFile& key, std::string_view passphrase, const KeyCost& cost) {
  HUFU_CHECK(within(cost));
  HUFU_CHECK(sodium_init() >= 0);
  if (key.label.size() > KeyFile::kLabel) return Error::too_long;
  if (!is_utf8(key.label)) return Error::text_malformed;

  SealedKey sealed{.cost = cost};
  randombytes_buf(sealed.salt.data(), sealed.salt.size());
  randombytes_buf(sealed.nonce.data(), sealed.nonce.size());

  Secret secret{.label = key.label};
  std::copy(key.seed.bytes().begin(), key.seed.bytes().end(), secret.seed.begin());
  Writer writer;
  writer.reserve(KeyFile::kMaxBytes);  // so that no copy of the secret is left behind by growing
  writer& secret;
  Locked plain(writer.take());

  Locked box_key(crypto_secretbox_KEYBYTES);
  if (!derive(box_key, passphrase, sealed)) return Error::overloaded;
  sealed.box.resize(plain->size() + crypto_secretbox_MACBYTES);
  crypto_secretbox_easy(sealed.box.data(), plain->data(), plain->size(), sealed.nonce.data(),
                        box_key->data());
  return encode(sealed);
}

Result<SealedKey> decode_sealed_key(ByteSpan file) {
  if (file.size() > KeyFile::kMaxBytes) return Error::oversize;
  Result<SealedKey> sealed = decode<SealedKey>(file);
  if (!sealed) return sealed;
  if (sealed->magic != SealedKey::kMagic || sealed->version != SealedKey::kVersion) return Error::unknown_tag;
  if (!within(sealed->cost)) return Error::field_invalid;
  if (sealed->box.size() <= crypto_secretbox_MACBYTES) return Error::truncated;
  return sealed;
}

Result<KeyFile> unseal_key(ByteSpan file, std::string_view passphrase) {
  HUFU_CHECK(sodium_init() >= 0);
  const Result<SealedKey> sealed = decode_sealed_key(file);
  if (!sealed) return sealed.error();

  Locked box_key(crypto_secretbox_KEYBYTES);
  if (!derive(box_key, passphrase, *sealed)) return Error::overloaded;
  Locked plain(sealed->box.size() - crypto_secretbox_MACBYTES);
  if (crypto_secretbox_open_easy(plain->data(), sealed->box.data(), sealed->box.size(), sealed->nonce.data(),
                                 box_key->data()) != 0) {
    return Error::passphrase_wrong;
  }
  const Result<Secret> secret = decode<Secret>(*plain);
  if (!secret) return secret.error();
  if (!is_utf8(secret->label)) return Error::text_malformed;
  return KeyFile{.label = secret->label, .seed = Seed(secret->seed)};
}

Result<void> write_key_file(const std::string& path, const std::string& label, const Seed& seed,
                            std::string_view passphrase, const KeyCost& cost) {
  const Result<Bytes> bytes = seal_key({.label = label, .seed = seed}, passphrase, cost);
  if (!bytes) return bytes.error();
  return write_secret_file(path, *bytes);
}

Result<KeyFile> open_key_file(const std::string& path, std::string_view passphrase) {
  const Result<Bytes> bytes = read_secret_file(path, KeyFile::kMaxBytes);
  if (!bytes) return bytes.error();
  return unseal_key(*bytes, passphrase);
}

Result<void> write_secret_file(const std::string& path, ByteSpan content) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.open()) return errno == EEXIST ? Error::already_exists : Error::file_unwritable;
  failpoint("key.before_write");
  // fchmod: the process' umask may have taken bits from the owner.
  bool done = ::fchmod(fd.get(), 0600) == 0 && write_all(fd.get(), content);
  failpoint("key.after_write");
  done = done && ::fsync(fd.get()) == 0 && sync_directory_of(path);
  if (!done) {
    ::unlink(path.c_str());
    return Error::file_unwritable;
  }
  failpoint("key.after_sync");
  return {};
}

Result<Bytes> read_secret_file(const std::string& path, std::size_t max_bytes) {
  // O_NONBLOCK: a pipe in the place of the file must not hold the caller.
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) return errno == ENOENT ? Error::file_missing : Error::file_unreadable;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return Error::file_unreadable;
  if ((status.st_mode & 077) != 0) return Error::file_permissions;
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > max_bytes) return Error::oversize;

  Bytes content(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(fd.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error::file_unreadable;
    filled += static_cast<std::size_t>(got);
  }
  return content;
}

}  // namespace hufu
