// A whole ledger in one file: what `hufu backup` writes and `hufu restore` reads. Pure: where the bytes go to and come from is
// the caller's.
//
//   backup  := "hufu backup v1\n" section* (in this order: genesis, maybe checkpoint, block, block, …, seal)
//   section := kind u8, bytes string<16 MiB>
//   genesis    (kind 1)  the founding document as its file has it (genesis/genesis.hpp)
//   checkpoint (kind 2)  signed note of a checkpoint that the quorum certified (checkpoint/checkpoint.hpp), of a size that the
//                        blocks reach; absent: nobody but whoever made the backup vouches for it. Before the blocks, so
//                        that what they must come to is known while they are read
//   block      (kind 3)  canonical bytes of the block of height 0, 1, 2, …
//   seal       (kind 4)  the running hash over all sections before
//   running hash := 32 zero bytes before the first section, then H("hufu/backup/v1" 0x0A || running hash || section)
//
// The seal finds damage and a file that ends early; it proves nothing about who made the file. That is what the replay of the
// blocks from the genesis (chain/audit.hpp) and the cosignatures of the checkpoint are for.
//
// Invariants
//   BK1  one sequence of sections has one encoding; bytes after the seal, a section out of order and one over its bound are refused
//   BK2  neither side holds more than one section in memory
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"
#include "ledger/base/limits.hpp"

namespace hufu {

inline constexpr std::string_view kBackupMagic = "hufu backup v1\n";
inline constexpr std::size_t kBackupSection = 16U << 20;
static_assert(limits::kProposalBytes < kBackupSection && limits::kGenesisBytes < kBackupSection);

enum class BackupKind : std::uint8_t { genesis = 1, checkpoint = 2, block = 3, seal = 4 };
constexpr bool is_known(BackupKind kind) { return kind >= BackupKind::genesis && kind <= BackupKind::seal; }

struct BackupSection {
  BackupKind kind = BackupKind::genesis;
  Bytes bytes;

  bool operator==(const BackupSection&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& kind& bounded<kBackupSection>(bytes);
  }
};

// What both sides keep: which section may come, and the running hash.
class BackupOrder {
 public:
  // field_invalid: not here.
  Result<void> take(BackupKind kind, ByteSpan section);
  const Hash& running() const { return running_; }
  bool sealed() const { return last_ == BackupKind::seal; }

 private:
  std::optional<BackupKind> last_;
  Hash running_;
};

class BackupWriter {
 public:
  // False from the sink: the bytes could not be taken; nothing is written any more.
  using Sink = std::function<bool(ByteSpan)>;
  // No checkpoint: an empty note.
  BackupWriter(Sink sink, ByteSpan genesis_file, std::string_view checkpoint_note);

  void block(ByteSpan bytes) { put(BackupKind::block, bytes); }
  // The last words; once, after a block.
  void finish();

  bool failed() const { return failed_; }
  std::uint64_t bytes() const { return bytes_; }
  // After finish(): what the file ends with.
  const Hash& seal() const { return seal_; }

 private:
  void put(BackupKind kind, ByteSpan bytes);
  void write(ByteSpan bytes);

  Sink sink_;
  BackupOrder order_;
  Hash seal_;
  std::uint64_t bytes_ = 0;
  bool failed_ = false;
};

class BackupReader {
 public:
  // So many bytes, or fewer at the end of the file; nothing: it cannot be read.
  using Source = std::function<std::optional<Bytes>(std::size_t)>;
  explicit BackupReader(Source source) : source_(std::move(source)) {}

  // The next section; the seal when all was there, and nothing follows it. Errors: unknown_tag (another file or version),
  // truncated, oversize, field_invalid (a section out of order), trailing_bytes, content_mismatch (the seal is that of
  // another file), file_unreadable. After an error, and after the seal, it must not be called again.
  Result<BackupSection> next();
  // Where the section begins that was read last, or failed.
  std::uint64_t offset() const { return at_; }

 private:
  Result<Bytes> exactly(std::size_t count);

  Source source_;
  BackupOrder order_;
  std::uint64_t at_ = 0;
  std::uint64_t read_ = 0;
};

}  // namespace hufu
