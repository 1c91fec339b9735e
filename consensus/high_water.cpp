#include "consensus/high_water.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "consensus/records.hpp"
#include "ledger/base/codec.hpp"
#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::consensus {

namespace {

constexpr std::size_t kSlotBytes = 4096;
constexpr std::size_t kSlots = 2;
constexpr std::array<std::uint8_t, 8> kMagic{'H', 'U', 'F', 'U', 'H', 'W', '0', '1'};
constexpr std::string_view kTag = "hufu/high-water/v1";

struct Slot {
  std::uint64_t sequence = 0;
  Mark mark;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    std::array<std::uint8_t, 8> magic = kMagic;
    archive& magic& sequence& mark.hard& mark.last_index& mark.app.height& mark.app.head;
    if constexpr (Archive::is_loading::value) {
      if (magic != kMagic) archive.fail(Error::unknown_tag);
    }
  }
};
constexpr std::size_t kBodyBytes = 8 + 8 + 16 + 8 + 8 + 32;

std::optional<Slot> read_slot(ByteSpan bytes) {
  const ByteSpan body = bytes.first(kBodyBytes);
  const Hash checksum = tagged_hash(kTag, {body});
  if (!std::ranges::equal(bytes.subspan(kBodyBytes, Hash::kSize), checksum.bytes)) return std::nullopt;
  const Result<Slot> slot = decode<Slot>(body);
  return slot ? std::optional(*slot) : std::nullopt;
}

Bytes write_slot(const Slot& slot) {
  Bytes bytes = encode(slot);
  HUFU_CHECK(bytes.size() == kBodyBytes);
  const Hash checksum = tagged_hash(kTag, {bytes});
  bytes.insert(bytes.end(), checksum.bytes.begin(), checksum.bytes.end());
  bytes.resize(kSlotBytes, 0);
  return bytes;
}

Fault fault(Error error, const std::filesystem::path& file, std::string_view what) {
  return {error, file.string() + ": " + std::string(what)};
}
Fault system_fault(Error error, const std::filesystem::path& file, std::string_view call) {
  return fault(error, file, std::string(call) + " failed: " + std::strerror(errno));
}

// A new file is there after a power cut only when its directory says so.
Checked<void> sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_fault(Error::file_unreadable, directory, "open");
  const int synced = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (synced != 0) return system_fault(Error::file_unwritable, directory, "fsync");
  return {};
}

}  // namespace

Checked<std::unique_ptr<HighWater>> HighWater::open(const std::filesystem::path& file, bool may_create) {
  const bool there = std::filesystem::exists(file);
  if (!there && !may_create) return fault(Error::file_missing, file, "the high-water file is missing");
  const int descriptor =
      ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | (there ? 0 : O_CREAT | O_EXCL), 0600);
  if (descriptor < 0) return system_fault(Error::file_unreadable, file, "open");
  std::unique_ptr<HighWater> own(new HighWater(file, descriptor));
  if (there) {
    if (auto done = own->read(); !done) return done.error();
    return own;
  }
  // Both slots, so that a damaged one is never taken for one not yet written.
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (auto done = own->write({}, true); !done) return done.error();
    if (i == 0) failpoint("raft.mark.one_slot");
  }
  if (auto done = sync_directory(file.parent_path()); !done) return done.error();
  failpoint("raft.mark.created");
  return own;
}

HighWater::HighWater(std::filesystem::path file, int descriptor)
    : file_(std::move(file)), descriptor_(descriptor) {}

HighWater::~HighWater() { ::close(descriptor_); }

Checked<void> HighWater::read() {
  std::optional<Slot> newest;
  for (std::size_t i = 0; i < kSlots; ++i) {
    Bytes bytes(kSlotBytes);
    const ssize_t got = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(i * kSlotBytes));
    if (got < 0) return system_fault(Error::file_unreadable, file_, "pread");
    if (static_cast<std::size_t>(got) != kSlotBytes) continue;
    const std::optional<Slot> slot = read_slot(bytes);
    if (slot && (!newest || slot->sequence > newest->sequence)) newest = slot;
  }
  if (!newest) return fault(Error::storage_corrupt, file_, "both slots of the high-water file are damaged");
  sequence_ = newest->sequence;
  mark_ = newest->mark;
  return {};
}

Checked<void> HighWater::write(const Mark& mark, bool durable) {
  const std::uint64_t sequence = sequence_ + 1;
  const Bytes bytes = write_slot({sequence, mark});
  const auto offset = static_cast<off_t>(mutated("one_slot") ? 0 : sequence % kSlots * kSlotBytes);
  failpoint("raft.mark.before_write");
  const ssize_t put = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
  if (put < 0 || static_cast<std::size_t>(put) != bytes.size()) {
    return system_fault(Error::file_unwritable, file_, "pwrite");
  }
  failpoint("raft.mark.after_write");
  if (durable && ::fdatasync(descriptor_) != 0)
    return system_fault(Error::file_unwritable, file_, "fdatasync");
  if (durable) failpoint("raft.mark.after_sync");
  sequence_ = sequence;
  mark_ = mark;
  dirty_ = !durable;
  return {};
}

Mark HighWater::mark() const {
  const std::lock_guard lock(mutex_);
  return mark_;
}

Checked<void> HighWater::hard_state(const HardState& hard) {
  const std::lock_guard lock(mutex_);
  Mark next = mark_;
  next.hard = hard;
  return write(next, true);
}

Checked<void> HighWater::rising(std::uint64_t last_index) {
  const std::lock_guard lock(mutex_);
  Mark next = mark_;
  next.last_index = last_index;
  return write(next, false);
}

Checked<void> HighWater::falling(std::uint64_t last_index) {
  const std::lock_guard lock(mutex_);
  if (last_index >= mark_.last_index) return {};
  Mark next = mark_;
  next.last_index = last_index;
  return write(next, true);
}

Checked<void> HighWater::app(const AppMark& app_mark) {
  const std::lock_guard lock(mutex_);
  Mark next = mark_;
  next.app = app_mark;
  return write(next, false);
}

Checked<void> HighWater::sync() {
  const std::lock_guard lock(mutex_);
  if (!dirty_) return {};
  if (::fdatasync(descriptor_) != 0) return system_fault(Error::file_unwritable, file_, "fdatasync");
  dirty_ = false;
  return {};
}

}  // namespace hufu::consensus
