// The checkpoint of an audited node: what the quorum certified must be what the blocks make.
#include "cli/stated_checkpoint.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu::cli {
namespace {

using namespace hufu::testing;

class StatedCheckpointTest : public ::testing::Test {
 protected:
  StatedCheckpointTest() : chain(founding()) {
    chain.append(kPlatform, {issue_invoice()});
    chain.append(kIssuer, {issue_license()});
  }
  static Genesis founding() {
    Genesis genesis = make_genesis();
    genesis.roster = roster_of({1, 2, 3});
    return genesis;
  }
  Checkpoint made(std::size_t size) const {
    const std::vector<Hash> leaves = chain.log_leaves();
    return {.size = size, .root = tree_root(std::span(leaves).first(size))};
  }
  std::string note(const Checkpoint& checkpoint, std::uint64_t signers = 2) const {
    std::vector<Attestation> attestations;
    for (std::uint64_t id = 1; id <= signers; ++id) {
      const std::string number = std::to_string(id);
      attestations.push_back(attest(chain.ledger.origin, checkpoint, id, key_of("log-" + number),
                                    key_of("cosign-" + number), 1'760'000'000));
    }
    return checkpoint_note(chain.ledger.origin, chain.genesis.roster, attestations);
  }
  // "" when there is no fault.
  std::string judged(StatedCheckpoint& stated, AuditLevel level = AuditLevel::full) {
    Audit audit(chain.genesis, level);
    for (const Block& block : chain.blocks) {
      EXPECT_TRUE(audit.next(check_alone(audit.ledger(), level, block.header.height, encode(block))));
      stated.see(audit.report());
    }
    const auto fault = stated.judge(chain.genesis, audit);
    return fault ? std::string(code_of(fault->error)) + " " + std::to_string(fault->height) : "";
  }

  Chain chain;
};

TEST_F(StatedCheckpointTest, OfAnySizeUpToTheHeadMustBeTheLogOfTheBlocks) {
  for (std::size_t size = 1; size <= 3; ++size) {
    for (const AuditLevel level : {AuditLevel::chain, AuditLevel::full}) {
      StatedCheckpoint stated(chain.ledger.origin, note(made(size)));
      EXPECT_EQ(judged(stated, level), "");
      EXPECT_EQ(stated.certified().value(), made(size));
      Checkpoint other = made(size);
      other.root.bytes[0] ^= 1;
      StatedCheckpoint forked(chain.ledger.origin, note(other));
      EXPECT_EQ(judged(forked, level), "FORK_DETECTED " + std::to_string(size - 1));
    }
  }
}

TEST_F(StatedCheckpointTest, BlocksThatEndBeforeItAreAFault) {
  StatedCheckpoint stated(chain.ledger.origin, note({.size = 9, .root = made(3).root}));
  EXPECT_EQ(judged(stated), "FORK_DETECTED 8");
}

TEST_F(StatedCheckpointTest, WhatTheQuorumDidNotCertifySaysNothing) {
  const Checkpoint other{.size = 3, .root = made(2).root};
  StatedCheckpoint alone(chain.ledger.origin, note(other, 1));
  EXPECT_EQ(judged(alone), "");
  EXPECT_EQ(alone.certified().error(), Error::quorum_missing);
  StatedCheckpoint torn(chain.ledger.origin, note(made(3)).substr(5));
  EXPECT_EQ(judged(torn), "");
  EXPECT_EQ(torn.certified().error(), Error::foreign_origin);
  StatedCheckpoint none(chain.ledger.origin, Error::not_certified);
  EXPECT_EQ(judged(none), "");
  EXPECT_EQ(none.certified().error(), Error::not_certified);
}

}  // namespace
}  // namespace hufu::cli
