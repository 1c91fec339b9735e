// One thing is broken at a time; it must be found at its level, at its place, and not below.
#include "ledger/chain/audit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <future>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class Blocks final : public BlockSource {
 public:
  explicit Blocks(std::vector<Block> blocks) : blocks_(std::move(blocks)) {}
  Result<std::optional<Bytes>> block(std::uint64_t height) override {
    if (height == broken) return Error::storage_corrupt;
    if (height >= blocks_.size()) return std::optional<Bytes>();
    return std::optional<Bytes>(encode(blocks_[height]));
  }
  std::uint64_t broken = ~std::uint64_t{0};

 private:
  std::vector<Block> blocks_;
};

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    chain_.append(kIssuer, {issue_license()});
    chain_.append(kPlatform, {issue_invoice()});
    chain_.append(kIssuer,
                  {change_license(LicenseAction::suspend, *chain_.find({SubjectKind::license, kLicense}))});
    blocks_ = chain_.blocks;
  }
  AuditReport at(AuditLevel level) {
    Audit audit(chain_.genesis, level);
    Blocks source(blocks_);
    return hufu::audit(audit, source, [](const AuditReport&) {});
  }
  // Headers that state what the blocks now hold, chained again: what a forger would do.
  void rechain(std::size_t from) {
    for (std::size_t i = from; i < blocks_.size(); ++i) {
      blocks_[i].header = make_header(i, block_hash(blocks_[i - 1].header), blocks_[i].header.time_ms,
                                      blocks_[i].submissions, blocks_[i].header.state_root);
    }
  }
  void expect_found(AuditLevel level, Error error, std::uint64_t height) {
    const int first = static_cast<int>(level);
    for (int below = 0; below < first; ++below) {
      EXPECT_FALSE(at(static_cast<AuditLevel>(below)).fault) << "level " << below;
    }
    for (int above = first; above <= 4; ++above) {
      const AuditReport report = at(static_cast<AuditLevel>(above));
      ASSERT_TRUE(report.fault) << "level " << above;
      EXPECT_EQ(report.fault->level, level);
      EXPECT_EQ(code_of(report.fault->error), code_of(error)) << report.fault->what;
      EXPECT_EQ(report.fault->height, height);
      EXPECT_EQ(report.blocks, height);
    }
  }

  Chain chain_;
  std::vector<Block> blocks_;
};

TEST_F(AuditTest, ASoundLedgerIsCleanAtEveryLevel) {
  for (int level = 0; level <= 4; ++level) {
    const AuditReport report = at(static_cast<AuditLevel>(level));
    EXPECT_FALSE(report.fault) << report.fault->what;
    EXPECT_EQ(report.blocks, 4U);
    EXPECT_EQ(report.submissions, 3U);
    EXPECT_EQ(report.operations, 3U);
    EXPECT_EQ(report.head_hash, block_hash(chain_.head()));
  }
  EXPECT_GT(at(AuditLevel::full).subjects, 3U);
}

TEST_F(AuditTest, A0BytesThatAreNoBlock) {
  Audit audit(chain_.genesis, AuditLevel::framing);
  const auto next = [&](std::uint64_t height, ByteSpan bytes) {
    return audit.next(check_alone(audit.ledger(), audit.level(), height, bytes));
  };
  EXPECT_TRUE(next(0, encode(blocks_[0])));
  Bytes bytes = encode(blocks_[1]);
  bytes.pop_back();
  EXPECT_FALSE(next(1, bytes));
  EXPECT_EQ(audit.report().fault->error, Error::storage_corrupt);
  EXPECT_EQ(audit.report().fault->height, 1U);
  EXPECT_FALSE(next(1, encode(blocks_[1])));  // the first fault ends it
}

TEST_F(AuditTest, A0AnotherHeightInTheBlock) {
  std::swap(blocks_[1], blocks_[2]);
  expect_found(AuditLevel::framing, Error::height_gap, 1);
}

TEST_F(AuditTest, A1AnotherGenesis) {
  blocks_[0].header.time_ms += 1;
  expect_found(AuditLevel::chain, Error::genesis_mismatch, 0);
}

TEST_F(AuditTest, A1ABrokenLink) {
  blocks_[2].header.parent.bytes[0] ^= 1;
  expect_found(AuditLevel::chain, Error::parent_mismatch, 2);
}

TEST_F(AuditTest, A2AChangedOperationUnderTheOldRoots) {
  blocks_[1].submissions[0].operations[0].effective += 1;
  expect_found(AuditLevel::roots, Error::root_mismatch, 1);
  EXPECT_EQ(at(AuditLevel::roots).fault->submission, 0U);
}

TEST_F(AuditTest, A2ASubmissionLeftOut) {
  blocks_[3].submissions.clear();
  expect_found(AuditLevel::roots, Error::root_mismatch, 3);
}

TEST_F(AuditTest, A3AForgedSignatureUnderNewRoots) {
  blocks_[1].submissions[0].signature.bytes[3] ^= 1;
  rechain(1);
  expect_found(AuditLevel::signatures, Error::signature_invalid, 1);
}

TEST_F(AuditTest, A4ARecordThatTheRulesRefuse) {
  blocks_[2].submissions.push_back(chain_.sign(kIssuer, {issue_license()}));  // a second time
  rechain(2);
  expect_found(AuditLevel::full, Error::root_mismatch, 2);
}

TEST_F(AuditTest, A4ASubmissionThatStandsTwice) {
  blocks_[2].submissions.push_back(blocks_[1].submissions[0]);
  rechain(2);
  expect_found(AuditLevel::full, Error::root_mismatch, 2);
}

TEST_F(AuditTest, A4AStateThatDoesNotFollow) {
  blocks_[2].header.state_root.bytes[31] ^= 1;
  rechain(3);
  expect_found(AuditLevel::full, Error::root_mismatch, 2);
}

TEST_F(AuditTest, A5TheChainIsAskedBeforeRootsAndSignatures) {
  blocks_[2].submissions[0].signature.bytes[3] ^= 1;
  blocks_[2].header.parent.bytes[0] ^= 1;
  expect_found(AuditLevel::chain, Error::parent_mismatch, 2);
}

TEST_F(AuditTest, ASourceThatCannotReadIsAFaultAtThatBlock) {
  Audit audit(chain_.genesis, AuditLevel::full);
  Blocks source(blocks_);
  source.broken = 2;
  const AuditReport report = hufu::audit(audit, source, [](const AuditReport&) {});
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->height, 2U);
}

TEST_F(AuditTest, AnEmptySourceIsAFault) {
  Audit audit(chain_.genesis, AuditLevel::framing);
  Blocks source({});
  EXPECT_TRUE(hufu::audit(audit, source, [](const AuditReport&) {}).fault);
}

TEST_F(AuditTest, TheReplayKnowsEveryStanding) {
  Audit audit(chain_.genesis, AuditLevel::full);
  Blocks source(blocks_);
  hufu::audit(audit, source, [](const AuditReport&) {});
  for (const auto& [key, standing] : chain_.state) {
    const Standing* const replayed = audit.standing(key.path());
    ASSERT_NE(replayed, nullptr) << key.text();
    EXPECT_EQ(*replayed, standing);
  }
  EXPECT_EQ(audit.standing(SubjectKey{SubjectKind::license, "none"}.path()), nullptr);
}

// ---- far ahead, on other threads ----

// Blocks as bytes, any of them damaged; the source may fail at one.
class DamagedBlocks final : public BlockSource {
 public:
  explicit DamagedBlocks(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) bytes.push_back(encode(block));
  }
  Result<std::optional<Bytes>> block(std::uint64_t height) override {
    if (height == broken) return Error::storage_corrupt;
    if (height >= bytes.size()) return std::optional<Bytes>();
    return std::optional<Bytes>(bytes[height]);
  }
  std::vector<Bytes> bytes;
  std::optional<std::uint64_t> broken;
};

const Chain& long_chain() {
  static const Chain chain = [] {
    Chain grown;
    for (int i = 0; i < 10; ++i) {
      grown.append(kPlatform, {issue_invoice("2433200000000000000" + std::to_string(i)),
                               issue_invoice("2433300000000000000" + std::to_string(i))});
    }
    return grown;
  }();
  return chain;
}

// From a forger, who makes the headers fit, to a disk that forgets bits.
DamagedBlocks damaged_by_chance() {
  std::vector<Block> blocks = long_chain().blocks;
  const auto any_block = [&] { return *rc::gen::inRange<std::size_t>(1, blocks.size()); };
  const auto rechain = [&](std::size_t from) {
    for (std::size_t i = from; i < blocks.size(); ++i) {
      blocks[i].header = make_header(i, block_hash(blocks[i - 1].header), blocks[i].header.time_ms,
                                     blocks[i].submissions, blocks[i].header.state_root);
    }
  };
  for (int damages = *rc::gen::inRange(0, 3); damages > 0; --damages) {
    const std::size_t at = any_block();
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        blocks[at].header.state_root.bytes[0] ^= 1;
        break;
      case 1:
        if (!blocks[at].submissions.empty()) blocks[at].submissions[0].signature.bytes[0] ^= 1;
        break;
      case 2:
        blocks[at].submissions = blocks[any_block()].submissions;
        break;
      default:
        std::swap(blocks[at], blocks[any_block()]);
        break;
    }
    if (*rc::gen::arbitrary<bool>()) rechain(at);
  }
  DamagedBlocks source(blocks);
  for (int flips = *rc::gen::inRange(0, 3); flips > 0; --flips) {
    Bytes& bytes = source.bytes[any_block()];
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^= 1;
  }
  if (*rc::gen::inRange(0, 4) == 0) source.broken = any_block();
  return source;
}

RC_GTEST_PROP(AuditProperty, A5TheReportIsThatOfAskingBlockAfterBlock, ()) {
  DamagedBlocks source = damaged_by_chance();
  const auto level = static_cast<AuditLevel>(*rc::gen::inRange(0, 5));
  Audit alone(long_chain().genesis, level);
  const AuditReport expected = audit(alone, source, [](const AuditReport&) {});
  Audit together(long_chain().genesis, level);
  const AskAhead threads{.start =
                             [](AskAhead::Question question) {
                               auto answer = std::make_shared<std::future<CheckedBlock>>(
                                   std::async(std::launch::async, std::move(question)));
                               return [answer] { return answer->get(); };
                             },
                         .blocks = *rc::gen::inRange<std::size_t>(1, 20)};
  std::uint64_t told = 0;
  const AuditReport report = audit(
      together, source, [&](const AuditReport& so_far) { RC_ASSERT(so_far.blocks == ++told); }, threads);
  RC_ASSERT(told == report.blocks);
  RC_ASSERT(report.blocks == expected.blocks);
  RC_ASSERT(report.submissions == expected.submissions);
  RC_ASSERT(report.operations == expected.operations);
  RC_ASSERT(report.subjects == expected.subjects);
  RC_ASSERT(report.head_hash == expected.head_hash);
  RC_ASSERT(report.log_root == expected.log_root);
  RC_ASSERT(report.fault == expected.fault);
  RC_TAG(std::string(report.fault ? name_of(report.fault->level) : "clean"));
}

}  // namespace
}  // namespace hufu
