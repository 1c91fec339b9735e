#include "ledger/chain/backup.hpp"

#include <algorithm>

namespace hufu {
namespace {

// Before the bytes of a section: its kind and their length.
constexpr std::size_t kSectionHead = 1 + 4;

bool may_follow(const std::optional<BackupKind>& last, BackupKind next) {
  if (!last) return next == BackupKind::genesis;
  switch (next) {
    case BackupKind::genesis:
      return false;
    case BackupKind::checkpoint:
      return *last == BackupKind::genesis;
    case BackupKind::block:
      return *last != BackupKind::seal;
    case BackupKind::seal:
      break;
  }
  return *last == BackupKind::block;
}

}  // namespace

Result<void> BackupOrder::take(BackupKind kind, ByteSpan section) {
  if (!may_follow(last_, kind)) return Error::field_invalid;
  last_ = kind;
  running_ = tagged_hash("hufu/backup/v1", {running_, section});
  return {};
}

BackupWriter::BackupWriter(Sink sink, ByteSpan genesis_file, std::string_view checkpoint_note)
    : sink_(std::move(sink)) {
  write(as_bytes(kBackupMagic));
  put(BackupKind::genesis, genesis_file);
  if (!checkpoint_note.empty()) put(BackupKind::checkpoint, as_bytes(checkpoint_note));
}

void BackupWriter::finish() {
  seal_ = order_.running();
  put(BackupKind::seal, seal_);
}

void BackupWriter::put(BackupKind kind, ByteSpan bytes) {
  const Bytes section = encode(BackupSection{.kind = kind, .bytes = to_bytes(bytes)});
  HUFU_CHECK(order_.take(kind, section));
  write(section);
}

void BackupWriter::write(ByteSpan bytes) {
  if (failed_) return;
  failed_ = !sink_(bytes);
  bytes_ += bytes.size();
}

Result<Bytes> BackupReader::exactly(std::size_t count) {
  std::optional<Bytes> bytes = source_(count);
  if (!bytes) return Error::file_unreadable;
  read_ += bytes->size();
  if (bytes->size() < count) return Error::truncated;
  return std::move(*bytes);
}

Result<BackupSection> BackupReader::next() {
  HUFU_CHECK(!order_.sealed());
  if (read_ == 0) {
    const Result<Bytes> magic = exactly(kBackupMagic.size());
    if (!magic) return magic.error() == Error::truncated ? Error::unknown_tag : magic.error();
    if (as_text(*magic) != kBackupMagic) return Error::unknown_tag;
  }
  at_ = read_;
  Result<Bytes> whole = exactly(kSectionHead);
  if (!whole) return whole.error();
  Reader head(*whole);
  std::uint8_t kind = 0;
  std::uint32_t length = 0;
  head& kind& length;
  if (!is_known(static_cast<BackupKind>(kind))) return Error::unknown_tag;
  if (length > kBackupSection) return Error::oversize;
  const Result<Bytes> rest = exactly(length);
  if (!rest) return rest.error();
  whole->insert(whole->end(), rest->begin(), rest->end());
  Result<BackupSection> section = decode<BackupSection>(*whole);
  if (!section) return section.error();
  // No note is told by leaving it out (BK1).
  if (section->kind == BackupKind::checkpoint && section->bytes.empty()) return Error::field_invalid;
  const Hash before = order_.running();
  if (const auto taken = order_.take(section->kind, *whole); !taken) return taken.error();
  if (section->kind != BackupKind::seal) return section;
  if (!std::ranges::equal(section->bytes, before.bytes)) return Error::content_mismatch;
  const std::optional<Bytes> more = source_(1);
  if (!more) return Error::file_unreadable;
  if (!more->empty()) return Error::trailing_bytes;
  return section;
}

}  // namespace hufu
