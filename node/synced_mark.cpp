#include "node/synced_mark.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"

namespace hufu::node {
namespace {

constexpr std::string_view kPrefix = "hufu/synced/v1\n";
constexpr std::size_t kBytes = 16;

consensus::Fault fault(Error error, const std::filesystem::path& file, const char* call) {
  return {error, file.string() + ": " + call + " failed: " + std::strerror(errno)};
}

Bytes encoded(std::uint64_t bytes) {
  Bytes out = encode(bytes);
  const Hash sum = sha256({as_bytes(kPrefix), out});
  out.insert(out.end(), sum.bytes.begin(), sum.bytes.begin() + kBytes / 2);
  return out;
}

}  // namespace

consensus::Checked<SyncedMark> SyncedMark::open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return fault(Error::file_unreadable, file, "open");
  SyncedMark mark(file, descriptor);
  std::array<std::uint8_t, kBytes> kept{};
  const ssize_t got = ::pread(descriptor, kept.data(), kept.size(), 0);
  if (got < 0) return fault(Error::file_unreadable, file, "pread");
  const ByteSpan there = ByteSpan(kept).first(static_cast<std::size_t>(got));
  // A crash right after it was made leaves it empty, short or full of zeros.
  const bool made_only = std::all_of(there.begin(), there.end(), [](std::uint8_t byte) { return byte == 0; });
  if (made_only) {
    mark.bytes_ = 0;
  } else if (const auto bytes = decode<std::uint64_t>(ByteSpan(kept).first(kBytes / 2));
             bytes && std::ranges::equal(encoded(*bytes), there)) {
    mark.bytes_ = *bytes;
  }
  return mark;
}

SyncedMark::SyncedMark(SyncedMark&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(other.bytes_) {}

SyncedMark::~SyncedMark() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

consensus::Checked<void> SyncedMark::raise(std::uint64_t bytes) {
  const Bytes content = encoded(bytes);
  if (::pwrite(descriptor_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size()))
    return fault(Error::file_unwritable, file_, "pwrite");
  bytes_ = bytes;
  return {};
}

consensus::Checked<void> SyncedMark::sync() {
  if (::fdatasync(descriptor_) != 0) return fault(Error::file_unwritable, file_, "fdatasync");
  return {};
}

}  // namespace hufu::node
