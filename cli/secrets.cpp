#include "cli/secrets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "cli/files.hpp"
#include "ledger/base/check.hpp"

namespace hufu::cli {
namespace {

constexpr std::size_t kPassphraseMax = 1024;

// The terminal with its echo off, for as long as this lives.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (silent_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  bool usable() const { return silent_; }
  int descriptor() const { return fd_; }
  void write(std::string_view text) const {
    // What cannot be shown to the terminal is not worth failing for.
    [[maybe_unused]] const ssize_t written = ::write(fd_, text.data(), text.size());
  }

 private:
  int fd_;
  termios before_{};
  bool silent_ = false;
};

// Up to the first line feed or the end; nullopt on an error or when too long.
std::optional<std::string> read_line(int descriptor) {
  std::string line;
  for (char c = 0; line.size() <= kPassphraseMax;) {
    const ssize_t got = ::read(descriptor, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0 || c == '\n') {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    line += c;
  }
  return std::nullopt;
}

Try<std::string> from_file(const std::string& path) {
  const Result<Bytes> content = read_secret_file(path, kPassphraseMax + 2);
  if (!content) return file_trouble(content.error(), path, "the passphrase file");
  std::string text(as_text(*content));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Trouble no_source(const Session& session) {
  return {.error = Error::usage,
          .what = std::string(session.tr("a passphrase is needed, and there is no terminal to ask on",
                                         "需要口令，但没有可供输入的终端")),
          .next = std::string(session.tr("pass --passphrase-file FILE (mode 600) or --passphrase-fd N",
                                         "使用 --passphrase-file 文件（权限 600）或 --passphrase-fd N"))};
}

// Nothing when neither a descriptor nor a file is named.
std::optional<Try<std::string>> from_named_source(const PassphraseSource& source) {
  if (source.descriptor >= 0) {
    std::optional<std::string> line = read_line(source.descriptor);
    if (!line) {
      return Try<std::string>(
          Trouble{.error = Error::file_unreadable,
                  .what = fmt::format("cannot read a passphrase from descriptor {}", source.descriptor)});
    }
    return Try<std::string>(std::move(*line));
  }
  if (!source.file.empty()) return from_file(source.file);
  return std::nullopt;
}

}  // namespace

Seed random_seed() {
  std::array<std::uint8_t, Seed::kSize> bytes{};
  HUFU_CHECK(RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  return Seed(bytes);
}

RequestId random_request_id() {
  RequestId id{};
  HUFU_CHECK(RAND_bytes(id.data(), static_cast<int>(id.size())) == 1);
  return id;
}

std::string random_passphrase() {
  constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";  // 32: five bits each
  static_assert(kAlphabet.size() == 32);
  std::array<std::uint8_t, 32> bytes{};
  HUFU_CHECK(RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  std::string text;
  for (const std::uint8_t byte : bytes) text += kAlphabet[byte % kAlphabet.size()];
  return text;
}

Try<std::string> passphrase(const PassphraseSource& source, const std::string& purpose,
                            const Session& session) {
  if (auto named = from_named_source(source)) return std::move(*named);
  const SilentTerminal terminal;
  if (!terminal.usable()) return no_source(session);
  terminal.write(fmt::format(fmt::runtime(session.tr("passphrase for {}: ", "{} 的口令：")), purpose));
  std::optional<std::string> line = read_line(terminal.descriptor());
  terminal.write("\n");
  if (!line) return Trouble{.error = Error::file_unreadable, .what = "cannot read from the terminal"};
  return std::move(*line);
}

Try<std::string> new_passphrase(const PassphraseSource& source, const Session& session) {
  const Trouble empty{
      .error = Error::usage,
      .what = std::string(session.tr("an empty passphrase protects nothing", "口令不能为空"))};
  if (auto named = from_named_source(source)) {
    if (*named && (*named)->empty()) return empty;
    return std::move(*named);
  }
  const std::string first_purpose(session.tr("the new key", "新密钥"));
  Try<std::string> first = passphrase({}, first_purpose, session);
  if (!first) return first;
  if (first->empty()) return empty;
  const Try<std::string> second =
      passphrase({}, std::string(session.tr("the new key, once more", "新密钥（再次输入）")), session);
  if (!second) return second;
  if (*first != *second) {
    return Trouble{.error = Error::usage,
                   .what = std::string(session.tr("the two passphrases differ", "两次输入的口令不一致"))};
  }
  return first;
}

Try<KeyFile> open_key(const std::string& path, const PassphraseSource& source, const Session& session) {
  // The file is looked at first: nobody should type a passphrase for a file that is not there.
  const Result<Bytes> content = read_secret_file(path, KeyFile::kMaxBytes);
  if (!content) return file_trouble(content.error(), path, "the key file");
  const Result<SealedKey> sealed = decode_sealed_key(*content);
  if (!sealed) return file_trouble(sealed.error(), path, "the key file");
  const Try<std::string> phrase = passphrase(source, path, session);
  if (!phrase) return phrase.error();
  const Result<KeyFile> key = unseal_key(*content, *phrase);
  if (!key) return file_trouble(key.error(), path, "the key file");
  return *key;
}

}  // namespace hufu::cli
