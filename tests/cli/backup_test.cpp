// Backups of a ledger on disk, and what a restore makes of them and of what is not one.
#include "cli/commands/backup.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "cli/backup_file.hpp"
#include "cli/files.hpp"
#include "cli/stored_ledger.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;
using namespace hufu::testing;

class BackupCommands : public ::testing::Test {
 protected:
  BackupCommands() : chain_(founding()) {
    auto store =
        store::LedgerStore::open(dir_.path() / "data" / "ledger", chain_.genesis, store::Mode::read_write)
            .value();
    extend(chain_, *store, {chain_.sign(kPlatform, {issue_invoice()})});
    extend(chain_, *store, {chain_.sign(kIssuer, {issue_license()})});
    EXPECT_TRUE(store->sync().has_value());
    head_ = store->head();
    put("genesis", encode_genesis(chain_.genesis));
    put("note", to_bytes(as_bytes(note(chain_.blocks.size()))));
  }
  static Genesis founding() {
    Genesis genesis = make_genesis();
    genesis.roster = roster_of({1, 2, 3});
    return genesis;
  }
  std::string path(const std::string& name) const { return (dir_.path() / name).string(); }
  void put(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  Bytes get(const std::string& name) const { return read_file(path(name), 1U << 30).value(); }
  // Cosigned by two of three.
  std::string note(std::size_t size, std::uint64_t signers = 2) const {
    const std::vector<Hash> leaves = chain_.log_leaves();
    const Checkpoint checkpoint{.size = size, .root = tree_root(std::span(leaves).first(size))};
    std::vector<Attestation> attestations;
    for (std::uint64_t id = 1; id <= signers; ++id) {
      const std::string number = std::to_string(id);
      attestations.push_back(attest(chain_.ledger.origin, checkpoint, id, key_of("log-" + number),
                                    key_of("cosign-" + number), 1'760'000'000));
    }
    return checkpoint_note(chain_.ledger.origin, chain_.genesis.roster, attestations);
  }
  Session session(const std::string& genesis = "genesis") const {
    return Session({.quiet = true,
                    .color = "never",
                    .language = "en",
                    .nodes = {},
                    .genesis = path(genesis),
                    .config = path("no")});
  }
  int backup(const std::string& out, const std::string& note = "note") const {
    return run(Backup{.out = path(out), .from = path("data"), .checkpoint = note.empty() ? "" : path(note)},
               session());
  }
  int restore(const std::string& file, const std::string& to, bool replace = false, bool uncertified = false,
              bool dry_run = false) const {
    return run(Restore{.file = path(file),
                       .to = path(to),
                       .replace = replace,
                       .uncertified = uncertified,
                       .dry_run = dry_run},
               session());
  }
  // What was restored is the ledger that was backed up, to the last index.
  void expect_restored(const std::string& to) const {
    const auto store =
        store::LedgerStore::open(dir_.path() / to / "ledger", chain_.genesis, store::Mode::read_only);
    ASSERT_TRUE(store.has_value()) << store.error().detail;
    EXPECT_EQ((*store)->head(), head_);
    Audit replay(chain_.genesis, AuditLevel::full);
    StoredBlocks blocks(**store);
    AuditReport report = audit(replay, blocks, [](const AuditReport&) {});
    check_store(**store, replay, report);
    EXPECT_FALSE(report.fault.has_value());
    EXPECT_EQ(report.blocks, chain_.blocks.size());
    const auto original =
        store::LedgerStore::open(dir_.path() / "data" / "ledger", chain_.genesis, store::Mode::read_only)
            .value();
    std::set<SubjectKey> records;
    EXPECT_TRUE(original->load_state([&](const store::LoadedRecord& record) { records.insert(record.key); }));
    for (const SubjectKey& key : records) {
      EXPECT_EQ((*store)->record(key).value(), original->record(key).value()) << key.text();
    }
    EXPECT_GT(records.size(), 2u);
    for (const Block& block : chain_.blocks) {
      for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
        const auto place = (*store)->place(submission_id(chain_.ledger, block.submissions[i].header));
        EXPECT_EQ(place.value(), (Place{block.header.height, i}));
      }
    }
    EXPECT_EQ(tree_root(chain_.log_leaves()), Frontier::load(**store, head_.height + 1).value().root());
  }
  // Nothing that a failed command left behind.
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(dir_.path()), fs::directory_iterator()));
  }

  const TempDir dir_;
  Chain chain_;
  BlockHeader head_;
};

TEST_F(BackupCommands, WhatIsBackedUpIsRestored) {
  ASSERT_EQ(backup("b"), kOk);
  EXPECT_EQ(fs::status(path("b")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(run(BackupCheck{.file = path("b")}, session()), kOk);
  ASSERT_EQ(restore("b", "fresh"), kOk);
  expect_restored("fresh");
  EXPECT_FALSE(fs::exists(path("fresh/raft"))) << "votes and log are no part of it";
}

TEST_F(BackupCommands, IntoAFolderItIsNamedAfterTheLedger) {
  fs::create_directory(path("out"));
  ASSERT_EQ(backup("out"), kOk);
  std::string origin = chain_.ledger.origin;
  std::replace(origin.begin(), origin.end(), '/', '-');
  EXPECT_TRUE(fs::exists(path("out/" + origin + "-3.backup")));
}

TEST_F(BackupCommands, NoFileIsOverwritten) {
  put("b", {1, 2, 3});
  EXPECT_NE(backup("b"), kOk);
  EXPECT_EQ(get("b"), (Bytes{1, 2, 3}));
}

TEST_F(BackupCommands, TheSameLedgerGivesTheSameBytes) {
  ASSERT_EQ(backup("a"), kOk);
  ASSERT_EQ(backup("b"), kOk);
  EXPECT_EQ(get("a"), get("b"));
}

TEST_F(BackupCommands, NoAlteredBackupIsRestoredAndNothingIsTouched) {
  ASSERT_EQ(backup("b"), kOk);
  const Bytes good = get("b");
  fs::create_directory(path("node"));
  put("node/kept", {7});
  const std::size_t before = entries() + 1;  // with "bad"
  for (std::size_t at = 0; at < good.size(); at += 97) {
    Bytes bad = good;
    bad[at] ^= 0x10;
    put("bad", bad);
    EXPECT_NE(restore("bad", "node", true), kOk) << "byte " << at;
    EXPECT_NE(run(BackupCheck{.file = path("bad")}, session()), kOk) << "byte " << at;
  }
  for (std::size_t length = 0; length < good.size(); length += 211) {
    put("bad", Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_NE(restore("bad", "node", true), kOk) << "length " << length;
  }
  EXPECT_EQ(get("node/kept"), Bytes{7});
  EXPECT_EQ(entries(), before) << "something was left behind";
}

// Sealed again by whoever altered it: the replay and the cosignatures find it.
TEST_F(BackupCommands, AForgerCanSealButNotConvince) {
  const auto sealed = [&](const std::vector<Block>& blocks, const std::string& note, const Genesis& genesis) {
    auto file = BackupFile::create(path("forged"), genesis, note).value();
    for (const Block& block : blocks) file->block(block);
    ASSERT_TRUE(file->finish().has_value());
  };
  const auto refused = [&] {
    const int exit = restore("forged", "fresh", false, true);
    fs::remove(path("forged"));
    return exit != kOk && !fs::exists(path("fresh"));
  };
  std::vector<Block> shorter(chain_.blocks.begin(), chain_.blocks.end() - 1);
  sealed(shorter, note(3), chain_.genesis);
  EXPECT_TRUE(refused()) << "the blocks end before what the quorum certified";
  std::vector<Block> other = chain_.blocks;
  other[1].header.time_ms += 1;
  sealed(other, "", chain_.genesis);
  EXPECT_TRUE(refused()) << "a block that its successor does not name";
  other = shorter;
  other[1].header.state_root.bytes[0] ^= 1;
  sealed(other, "", chain_.genesis);
  EXPECT_TRUE(refused()) << "the state has another root";
  other = shorter;
  other[1].submissions[0].signature.bytes[0] ^= 1;
  sealed(other, "", chain_.genesis);
  EXPECT_TRUE(refused()) << "nobody signed it";
  Genesis foreign = chain_.genesis;
  foreign.time_ms += 1;
  sealed(chain_.blocks, note(3), foreign);
  EXPECT_TRUE(refused()) << "another ledger's genesis";
}

TEST_F(BackupCommands, WithoutAQuorumsCheckpointOnlyWhoeverSaysSoRestores) {
  ASSERT_EQ(backup("none", ""), kOk);
  EXPECT_EQ(run(BackupCheck{.file = path("none")}, session()), kOk);
  EXPECT_NE(restore("none", "fresh"), kOk);
  EXPECT_FALSE(fs::exists(path("fresh")));
  ASSERT_EQ(restore("none", "fresh", false, true), kOk);
  expect_restored("fresh");

  put("older", to_bytes(as_bytes(note(2))));
  ASSERT_EQ(backup("tail", "older"), kOk);
  EXPECT_NE(restore("tail", "second"), kOk) << "block 2 is not covered";
  EXPECT_EQ(restore("tail", "second", false, true), kOk);

  put("few", to_bytes(as_bytes(note(3, 1))));
  EXPECT_NE(backup("few-signed", "few"), kOk) << "one of three is no quorum";
}

TEST_F(BackupCommands, AFolderInUseIsReplacedOnlyOnRequestAndKeptAside) {
  ASSERT_EQ(backup("b"), kOk);
  fs::create_directory(path("node"));
  put("node/kept", {7});
  EXPECT_NE(restore("b", "node"), kOk);
  EXPECT_EQ(get("node/kept"), Bytes{7});
  ASSERT_EQ(restore("b", "node", true), kOk);
  expect_restored("node");
  EXPECT_FALSE(fs::exists(path("node/kept")));
  std::size_t aside = 0;
  for (const auto& entry : fs::directory_iterator(dir_.path())) {
    if (entry.path().filename().string().starts_with("node.replaced-"))
      aside += fs::exists(entry.path() / "kept");
  }
  EXPECT_EQ(aside, 1u);
}

TEST_F(BackupCommands, ADryRunChecksAndWritesNothing) {
  ASSERT_EQ(backup("b"), kOk);
  const std::size_t before = entries();
  EXPECT_EQ(restore("b", "fresh", false, false, true), kOk);
  EXPECT_EQ(entries(), before);
}

TEST_F(BackupCommands, ADamagedLedgerIsNotBackedUp) {
  fs::path largest;
  for (const auto& entry : fs::directory_iterator(path("data/ledger"))) {
    if (entry.path().extension() == ".log" &&
        (largest.empty() || fs::file_size(entry) > fs::file_size(largest)))
      largest = entry.path();
  }
  ASSERT_FALSE(largest.empty());
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(600);
  file.put('X');
  file.close();
  EXPECT_NE(backup("b"), kOk);
  EXPECT_FALSE(fs::exists(path("b")));
}

}  // namespace
}  // namespace hufu::cli
