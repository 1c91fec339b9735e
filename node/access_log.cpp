#include "node/access_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/base/failpoint.hpp"

namespace hufu::node {
namespace {

consensus::Fault fault(Error error, const std::filesystem::path& file, const std::string& what) {
  return {error, file.string() + ": " + what};
}
consensus::Fault system_fault(Error error, const std::filesystem::path& file, const std::string& call) {
  return fault(error, file, call + " failed: " + std::strerror(errno));
}

consensus::Fault lost(const std::filesystem::path& file, const std::string& what) {
  return fault(
      Error::storage_corrupt, file,
      what +
          "; put back a copy of it, or move it and its .mark away: a new one is begun, and says so by "
          "beginning at 0");
}

consensus::Checked<Bytes> read_bytes(int descriptor, const std::filesystem::path& file, std::uint64_t offset,
                                     std::size_t wanted) {
  Bytes bytes(wanted);
  std::size_t have = 0;
  while (have < wanted) {
    const ssize_t got =
        ::pread(descriptor, bytes.data() + have, wanted - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_fault(Error::file_unreadable, file, "pread");
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

consensus::Checked<std::unique_ptr<AccessLog>> AccessLog::open(const std::filesystem::path& file,
                                                               AccessKeeper keeper, SigningKey key) {
  auto mark = SyncedMark::open(std::filesystem::path(file).concat(".mark"));
  if (!mark) return mark.error();
  // One that is gone is not made again: it would stand in the way of the copy that is put back.
  const int made = mark->bytes() == 0 ? O_CREAT : 0;
  const int descriptor = ::open(file.c_str(), O_RDWR | made | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0 && errno == ENOENT) return lost(file, "it is gone, and some of it was synced");
  if (descriptor < 0) return system_fault(Error::file_unreadable, file, "open");
  failpoint("access.created");
  std::unique_ptr<AccessLog> log(new AccessLog(file, descriptor, std::move(*mark), keeper, std::move(key)));
  if (auto loaded = log->load(); !loaded) return loaded.error();
  // A new file is there after a power cut only when its directory says so.
  const int directory = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  if (directory >= 0) ::close(directory);
  if (!synced) return system_fault(Error::file_unwritable, file.parent_path(), "fsync");
  return log;
}

AccessLog::AccessLog(std::filesystem::path file, int descriptor, SyncedMark mark, AccessKeeper keeper,
                     SigningKey key)
    : file_(std::move(file)),
      descriptor_(descriptor),
      mark_(std::move(mark)),
      keeper_(keeper),
      key_(std::move(key)),
      chain_(keeper) {}

AccessLog::~AccessLog() { ::close(descriptor_); }

void AccessLog::keep_place(std::uint64_t offset) {
  if (chain_.next() % kTracePage == 0) places_.push_back(offset);
}

consensus::Checked<void> AccessLog::load() {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return system_fault(Error::file_unreadable, file_, "fstat");
  if (auto read = read_all(static_cast<std::uint64_t>(status.st_size)); !read) return read;
  if (mark_.bytes() > end_) {
    return lost(file_, "it ends at byte " + std::to_string(end_) + ", and " + std::to_string(*mark_.bytes()) +
                           " bytes of it were synced");
  }
  // Synced: what was read may have been written by a process that was killed before it could sync.
  if (::fdatasync(descriptor_) != 0) return system_fault(Error::file_unwritable, file_, "fdatasync");
  if (auto raised = mark_.raise(end_); !raised) return raised;
  return mark_.sync();
}

consensus::Checked<void> AccessLog::read_all(std::uint64_t length) {
  Bytes window;
  std::size_t at = 0;
  for (;;) {
    if (window.size() - at < kFrameBytes && end_ + (window.size() - at) < length) {
      auto more = read_bytes(descriptor_, file_, end_, kBatchBytes);
      if (!more) return more.error();
      window = std::move(*more);
      at = 0;
    }
    const ByteSpan rest = ByteSpan(window).subspan(at);
    if (rest.empty()) return {};
    const auto payload = frame_at(rest);
    if (!payload) return cut_tail(length);
    const auto entry = decode<SignedEntry>(*payload);
    const std::uint64_t offset = end_;
    if (entry) keep_place(offset);
    if (!entry || !chain_.follow(*entry)) {
      return lost(file_, "the entry at byte " + std::to_string(offset) + " does not follow the one before");
    }
    at += kFrameHeadBytes + payload->size();
    end_ += kFrameHeadBytes + payload->size();
  }
}

consensus::Checked<void> AccessLog::cut_tail(std::uint64_t length) {
  const std::string where = "at byte " + std::to_string(end_);
  if (!mark_.bytes()) return lost(file_, "no entry reads " + where + ", and its .mark is damaged");
  if (*mark_.bytes() > end_) return lost(file_, "no entry reads " + where + ", where one was synced");
  if (length - end_ > kBatchBytes) return lost(file_, "no entry reads " + where);
  const auto tail = read_bytes(descriptor_, file_, end_, length - end_);
  if (!tail) return tail.error();
  if (any_frame_in(ByteSpan(*tail).subspan(1))) {
    return lost(file_, "no entry reads " + where + ", and others follow");
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0 || ::fsync(descriptor_) != 0)
    return system_fault(Error::file_unwritable, file_, "ftruncate");
  cut_off_ = length - end_;
  return {};
}

consensus::Checked<std::vector<SignedEntry>> AccessLog::append(std::vector<AccessRecord> records,
                                                               std::uint64_t time_ms) {
  HUFU_CHECK(records.size() <= kBatchEntries);
  if (end_ + kBatchBytes > kMaxBytes) return fault(Error::overloaded, file_, "the access log is full");
  std::vector<SignedEntry> entries;
  Bytes batch;
  for (AccessRecord& record : records) {
    keep_place(end_ + batch.size());
    entries.push_back(chain_.extend(std::move(record), time_ms, key_));
    put_frame(batch, encode(entries.back()));
  }
  failpoint("access.before_write");
  for (std::size_t put = 0; put < batch.size();) {
    const ssize_t wrote =
        ::pwrite(descriptor_, batch.data() + put, batch.size() - put, static_cast<off_t>(end_ + put));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return system_fault(Error::file_unwritable, file_, "pwrite");
    put += static_cast<std::size_t>(wrote);
  }
  failpoint("access.after_write");
  if (::fdatasync(descriptor_) != 0) return system_fault(Error::file_unwritable, file_, "fdatasync");
  failpoint("access.after_sync");
  end_ += batch.size();
  if (auto raised = mark_.raise(end_); !raised) return raised.error();
  return entries;
}

consensus::Checked<AccessPage> AccessLog::read(std::uint64_t from, std::size_t limit) const {
  AccessPage page{.member = keeper_.member, .entries = {}, .total = chain_.next()};
  if (from >= page.total) return page;
  const std::uint64_t until = std::min<std::uint64_t>(page.total, from + std::min(limit, kTracePage));
  std::uint64_t offset = places_[from / kTracePage];
  // Two pages' worth at most: from the place before `from` to the end of the page.
  for (std::uint64_t seq = from / kTracePage * kTracePage; seq < until;) {
    const auto bytes =
        read_bytes(descriptor_, file_, offset,
                   static_cast<std::size_t>(std::min<std::uint64_t>(kBatchBytes, end_ - offset)));
    if (!bytes) return bytes.error();
    ByteSpan rest = *bytes;
    const std::uint64_t before = seq;
    for (auto payload = frame_at(rest); payload && seq < until; payload = frame_at(rest), ++seq) {
      if (seq >= from) {
        auto entry = decode<SignedEntry>(*payload);
        if (!entry) return fault(Error::storage_corrupt, file_, "an entry does not read any more");
        page.entries.push_back(std::move(*entry));
      }
      offset += kFrameHeadBytes + payload->size();
      rest = rest.subspan(kFrameHeadBytes + payload->size());
    }
    if (seq == before) {
      return fault(Error::storage_corrupt, file_,
                   "the entry at byte " + std::to_string(offset) + " does not read any more");
    }
  }
  return page;
}

}  // namespace hufu::node
