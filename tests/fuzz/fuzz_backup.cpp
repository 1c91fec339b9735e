// Backups from anywhere: whatever is read as one is written again to the very same bytes (BK1), and nothing else is believed.
#include "ledger/chain/backup.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

namespace {

Bytes written(const std::vector<BackupSection>& sections) {
  Bytes file;
  std::size_t next = 1;
  std::string note;
  if (sections.at(next).kind == BackupKind::checkpoint) note = as_text(sections[next++].bytes);
  BackupWriter writer(
      [&](ByteSpan bytes) {
        file.insert(file.end(), bytes.begin(), bytes.end());
        return true;
      },
      sections.at(0).bytes, note);
  for (; sections.at(next).kind == BackupKind::block; ++next) writer.block(sections[next].bytes);
  writer.finish();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  BackupReader reader([&, at = std::size_t{0}](std::size_t count) mutable -> std::optional<Bytes> {
    const std::size_t got = std::min(count, size - at);
    at += got;
    return Bytes(data + (at - got), data + at);
  });
  std::vector<BackupSection> sections;
  do {
    Result<BackupSection> section = reader.next();
    if (!section) return 0;
    sections.push_back(std::move(*section));
  } while (sections.back().kind != BackupKind::seal);
  FUZZ_CHECK(written(sections) == Bytes(data, data + size));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  testing::Chain chain;
  chain.append(testing::kPlatform, {testing::issue_invoice()});
  std::vector<BackupSection> sections{{BackupKind::genesis, encode_genesis(chain.genesis)}};
  for (const Block& block : chain.blocks) sections.push_back({BackupKind::block, encode(block)});
  sections.push_back({BackupKind::seal, {}});
  const Bytes without = written(sections);
  sections.insert(sections.begin() + 1, {BackupKind::checkpoint, to_bytes(as_bytes("note\n"))});
  return {without, written(sections)};
}
