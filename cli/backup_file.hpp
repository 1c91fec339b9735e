// A backup (ledger/chain/backup.hpp) as a file of the person at the command line: written beside its name and renamed when it is
// whole and on the disk; read section by section, as blocks for an audit.
#pragma once

#include <memory>

#include "cli/session.hpp"
#include "ledger/chain/audit.hpp"
#include "ledger/chain/backup.hpp"

namespace hufu::cli {

struct WrittenBackup {
  std::string path;
  std::uint64_t bytes = 0;
  Hash seal;
};

class BackupFile {
 public:
  // `out`: the file, which must not be there, or a folder; there it is named after the ledger and its number of blocks.
  static Try<std::unique_ptr<BackupFile>> create(const std::string& out, const Genesis& genesis,
                                                 std::string_view checkpoint_note);
  // Without finish() nothing remains.
  ~BackupFile();
  BackupFile(const BackupFile&) = delete;
  BackupFile& operator=(const BackupFile&) = delete;

  void block(const Block& block);
  Try<WrittenBackup> finish();

 private:
  BackupFile(std::string out, std::string origin, std::string fresh, int descriptor);
  bool write(ByteSpan bytes);
  std::string final_path() const;

  const std::string out_;
  const std::string origin_;
  std::string fresh_;  // the temporary name; empty: renamed
  const int descriptor_;
  Bytes buffer_;
  int errno_ = 0;
  std::uint64_t blocks_ = 0;
  std::optional<BackupWriter> writer_;
};

class BackupBlocks final : public BlockSource {
 public:
  // Reads as far as the first block. A trouble also when it is no backup.
  static Try<std::unique_ptr<BackupBlocks>> open(const std::string& path);
  ~BackupBlocks() override;
  BackupBlocks(const BackupBlocks&) = delete;
  BackupBlocks& operator=(const BackupBlocks&) = delete;

  // As the backup has them: what they are worth is the reader's question.
  const Genesis& genesis() const { return *genesis_; }
  const Result<std::string>& checkpoint_note() const { return note_; }

  // In order from 0; nothing after the last, when the seal was the right one.
  Result<std::optional<Bytes>> block(std::uint64_t height) override;
  // What was wrong with the file, if anything.
  const std::string& detail() const { return detail_; }

 private:
  BackupBlocks(std::string path, int descriptor);
  Try<void> read_front();
  Result<void> advance();

  const std::string path_;
  const int descriptor_;
  BackupReader reader_;
  std::optional<Genesis> genesis_;
  Result<std::string> note_ = Error::not_certified;
  BackupSection section_;  // the next one to be given out
  std::optional<Error> fault_;
  std::string detail_;
};

}  // namespace hufu::cli
