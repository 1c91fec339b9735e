// One thing is broken at a time; it must be found at its level, at its place, and not below.
#include "ledger/chain/audit.hpp"

#include <gtest/gtest.h>

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
  EXPECT_TRUE(audit.next(encode(blocks_[0])));
  Bytes bytes = encode(blocks_[1]);
  bytes.pop_back();
  EXPECT_FALSE(audit.next(bytes));
  EXPECT_EQ(audit.report().fault->error, Error::storage_corrupt);
  EXPECT_EQ(audit.report().fault->height, 1U);
  EXPECT_FALSE(audit.next(encode(blocks_[1])));  // the first fault ends it
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

}  // namespace
}  // namespace hufu
