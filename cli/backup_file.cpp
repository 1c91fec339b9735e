#include "cli/backup_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/files.hpp"
#include "cli/sync_folder.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = 1U << 20;

Trouble unwritable(const std::string& path, int why) {
  return {.error = Error::file_unwritable,
          .what = fmt::format("cannot write the backup {}", path),
          .why = std::strerror(why),
          .next = "name a disk with enough space with --out"};
}

bool write_all(int descriptor, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Fewer only at the end; nothing: it cannot be read.
std::optional<Bytes> read_some(int descriptor, std::size_t count) {
  Bytes bytes(count);
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got = ::read(descriptor, bytes.data() + have, count - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

Try<std::unique_ptr<BackupFile>> BackupFile::create(const std::string& out, const Genesis& genesis,
                                                    std::string_view checkpoint_note) {
  std::error_code ignored;
  const bool folder = fs::is_directory(out, ignored);
  if (!folder && fs::exists(out, ignored)) return file_trouble(Error::already_exists, out);
  const std::string fresh = folder ? fmt::format("{}/.hufu-backup-{}.new", out, ::getpid())
                                   : fmt::format("{}.{}.new", out, ::getpid());
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return unwritable(fresh, errno);
  std::unique_ptr<BackupFile> file(new BackupFile(out, genesis.origin, fresh, descriptor));
  BackupFile* const self = file.get();
  file->writer_.emplace([self](ByteSpan bytes) { return self->write(bytes); }, encode_genesis(genesis),
                        checkpoint_note);
  return file;
}

BackupFile::BackupFile(std::string out, std::string origin, std::string fresh, int descriptor)
    : out_(std::move(out)), origin_(std::move(origin)), fresh_(std::move(fresh)), descriptor_(descriptor) {}

BackupFile::~BackupFile() {
  ::close(descriptor_);
  if (!fresh_.empty()) ::unlink(fresh_.c_str());
}

bool BackupFile::write(ByteSpan bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (buffer_.size() < kBufferBytes) return true;
  const bool written = write_all(descriptor_, buffer_);
  if (!written) errno_ = errno;
  buffer_.clear();
  return written;
}

void BackupFile::block(const Block& block) {
  writer_->block(encode(block));
  ++blocks_;
}

std::string BackupFile::final_path() const {
  std::error_code ignored;
  if (!fs::is_directory(out_, ignored)) return out_;
  std::string name = origin_;
  std::replace(name.begin(), name.end(), '/', '-');
  return fmt::format("{}/{}-{}.backup", out_, name, blocks_);
}

Try<WrittenBackup> BackupFile::finish() {
  writer_->finish();
  if (!writer_->failed() && (!write_all(descriptor_, buffer_) || ::fsync(descriptor_) != 0)) errno_ = errno;
  if (writer_->failed() || errno_ != 0) return unwritable(fresh_, errno_);
  const std::string path = final_path();
  std::error_code ignored;
  if (fs::exists(path, ignored)) return file_trouble(Error::already_exists, path);
  if (::rename(fresh_.c_str(), path.c_str()) != 0) return unwritable(path, errno);
  fresh_.clear();
  if (auto synced = sync_folder(fs::path(path).parent_path().string()); !synced) return synced.error();
  return WrittenBackup{.path = path, .bytes = writer_->bytes(), .seal = writer_->seal()};
}

Try<std::unique_ptr<BackupBlocks>> BackupBlocks::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return file_trouble(errno == ENOENT ? Error::file_missing : Error::file_unreadable, path, "the backup");
  }
  std::unique_ptr<BackupBlocks> blocks(new BackupBlocks(path, descriptor));
  if (auto front = blocks->read_front(); !front) return front.error();
  return blocks;
}

BackupBlocks::BackupBlocks(std::string path, int descriptor)
    : path_(std::move(path)),
      descriptor_(descriptor),
      reader_([descriptor](std::size_t count) { return read_some(descriptor, count); }) {}

BackupBlocks::~BackupBlocks() { ::close(descriptor_); }

Try<void> BackupBlocks::read_front() {
  const auto trouble = [this](Error error) {
    return Trouble{.error = error,
                   .what = fmt::format("{} is not a backup that can be used", path_),
                   .why = detail_,
                   .next = "use another backup",
                   .exit = error == Error::unknown_tag ? kLocal : kIntegrityAlarm};
  };
  if (auto read = advance(); !read) return trouble(read.error());
  Result<Genesis> genesis = decode_genesis(section_.bytes);
  if (!genesis) {
    detail_ = "its founding document is not one";
    return trouble(genesis.error());
  }
  genesis_ = std::move(*genesis);
  if (auto read = advance(); !read) return trouble(read.error());
  if (section_.kind != BackupKind::checkpoint) return {};
  note_ = std::string(as_text(section_.bytes));
  if (auto read = advance(); !read) return trouble(read.error());
  return {};
}

Result<void> BackupBlocks::advance() {
  Result<BackupSection> section = reader_.next();
  if (!section) {
    fault_ = section.error();
    detail_ = fmt::format("{}: at byte {}: {}", path_, reader_.offset(), describe(section.error()).en);
    return section.error();
  }
  section_ = std::move(*section);
  return {};
}

Result<std::optional<Bytes>> BackupBlocks::block(std::uint64_t /*height*/) {
  if (fault_) return *fault_;
  if (section_.kind != BackupKind::block) return std::optional<Bytes>();
  Bytes bytes = std::move(section_.bytes);
  // What is behind it is looked at when it is asked for: a fault there is not this block's.
  (void)advance();
  return std::optional<Bytes>(std::move(bytes));
}

}  // namespace hufu::cli
