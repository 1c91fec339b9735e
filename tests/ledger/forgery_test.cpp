// Forged proofs, tens of thousands of them: none is accepted, none stops the process. What counts as accepted is a proof of
// the subject that was asked for, of which every check passes.
#include <gtest/gtest.h>

#include <iostream>

#include "ledger/proof/compact.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

struct Share {
  std::size_t number = 0;
  std::size_t of = 1;
};

class ForgeryTest : public ::testing::Test {
 protected:
  ~ForgeryTest() override {
    std::cout << "forgeries tried " << tried_ << ", decoded " << decoded_ << ", accepted " << accepted_
              << "\n";
  }
  Anchor anchor() const { return founding_anchor(nodes_.genesis); }

  bool accepts(const Proof& proof, const SubjectKey& asked) const {
    return proof.evidence.subject.key == asked && none_failed(check_proof(anchor(), proof).checks);
  }
  bool accepts(const CompactProof& compact, const SubjectKey& asked) const {
    return compact.subject == asked && none_failed(check_compact(anchor(), compact).checks);
  }
  template <class Shown>
  void refuse(const Shown& forged, const SubjectKey& asked) {
    ++tried_;
    ++decoded_;
    if (accepts(forged, asked)) ++accepted_;
  }
  // Every byte of a part of it with every bit turned.
  template <class Shown, class Decode>
  void flip_all(const Bytes& good, const SubjectKey& asked, const Decode& decode, Share part = {}) {
    ASSERT_TRUE(accepts(decode(good).value(), asked));
    const std::size_t bits = good.size() * 8;
    for (std::size_t bit = bits * part.number / part.of; bit < bits * (part.number + 1) / part.of; ++bit) {
      Bytes bad = good;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
      const Result<Shown> shown = decode(bad);
      ++tried_;
      if (!shown) continue;
      ++decoded_;
      if (!accepts(*shown, asked)) continue;
      ++accepted_;
      ADD_FAILURE() << "bit " << bit << " of " << bits;
    }
  }
  void flip_all(const Proof& proof, Share part = {}) {
    flip_all<Proof>(encode_proof(proof), proof.evidence.subject.key, decode_proof, part);
  }
  void expect_none(std::size_t at_least) const {
    EXPECT_EQ(accepted_, 0U);
    EXPECT_GE(tried_, at_least);
  }

  // An invoice proved by the second roster, with links: all that a proof can hold.
  Proof proof_after_handover() {
    nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
    nodes_.append(kPlatform, {claim_invoice(*nodes_.find(kInvoiceKey))});
    Proof proof = nodes_.proof(kInvoiceKey, {2, 4});
    const LeafLog log = nodes_.log();
    proof.links = {log.link(3, log.size()), log.link(4, log.size())};
    return proof;
  }

  Nodes nodes_ = grown_nodes();
  std::size_t tried_ = 0;
  std::size_t decoded_ = 0;
  std::size_t accepted_ = 0;
};

TEST_F(ForgeryTest, EveryBitOfALicensesHistory) {
  flip_all(nodes_.proof(kLicenseKey, {1, 2}));
  expect_none(15'000);
}

TEST_F(ForgeryTest, EveryBitOfAnAbsence) {
  flip_all(nodes_.proof(kAbsentKey, {1, 2, 3}));
  expect_none(4'000);
}

TEST_F(ForgeryTest, EveryBitOfAProofWithAHandoverFirstHalf) {
  flip_all(proof_after_handover(), {.number = 0, .of = 2});
  expect_none(10'000);
}
TEST_F(ForgeryTest, EveryBitOfAProofWithAHandoverSecondHalf) {
  flip_all(proof_after_handover(), {.number = 1, .of = 2});
  expect_none(10'000);
}

TEST_F(ForgeryTest, EveryBitOfACode) {
  const CompactProof compact = make_compact(nodes_.proof(kLicenseKey, {1, 3}), nodes_.in_force()).value();
  flip_all<CompactProof>(encode(compact), kLicenseKey, decode<CompactProof>);
  expect_none(4'000);
}

TEST_F(ForgeryTest, EveryCharacterOfACode) {
  const CompactProof compact = make_compact(nodes_.proof(kLicenseKey, {1, 3}), nodes_.in_force()).value();
  const std::string good = compact_text(compact);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char character : std::string_view("05AZ $%*+-./:az\n")) {
      if (character == good[at]) continue;
      std::string bad = good;
      bad[at] = character;
      const Result<CompactProof> parsed = parse_compact_text(bad);
      ++tried_;
      if (!parsed) continue;
      ++decoded_;
      if (accepts(*parsed, kLicenseKey)) ++accepted_;
    }
  }
  expect_none(10'000);
}

std::vector<std::vector<Hash>*> paths_of(Proof& proof) {
  std::vector<std::vector<Hash>*> paths = {&proof.evidence.head_path, &proof.evidence.subject.proof.siblings};
  for (OperationEvidence& step : proof.evidence.operations) {
    paths.insert(paths.end(), {&step.submission_path, &step.block_path, &step.log_path});
  }
  for (Life& life : proof.evidence.support) {
    paths.push_back(&life.standing.proof.siblings);
    for (OperationEvidence& step : life.operations) {
      paths.insert(paths.end(), {&step.submission_path, &step.block_path, &step.log_path});
    }
  }
  for (Handover& handover : proof.handovers) {
    paths.insert(paths.end(), {&handover.log_path, &handover.roster.proof.siblings, &handover.consistency});
  }
  for (LogLink& link : proof.links) paths.push_back(&link.consistency);
  return paths;
}

TEST_F(ForgeryTest, SwappedAndMendedPaths) {
  const Proof license = nodes_.proof(kLicenseKey, {1, 2});
  for (const Proof& good : {license, proof_after_handover()}) {
    Proof bad = good;
    const std::size_t count = paths_of(bad).size();
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = a + 1; b < count; ++b) {
        bad = good;
        if (*paths_of(bad)[a] == *paths_of(bad)[b]) continue;
        std::swap(*paths_of(bad)[a], *paths_of(bad)[b]);
        refuse(bad, good.evidence.subject.key);
      }
      for (const Hash& more : {kZeroHash, good.evidence.log_root}) {
        bad = good;
        paths_of(bad)[a]->push_back(more);
        refuse(bad, good.evidence.subject.key);
        bad = good;
        paths_of(bad)[a]->insert(paths_of(bad)[a]->begin(), more);
        refuse(bad, good.evidence.subject.key);
      }
      bad = good;
      if (paths_of(bad)[a]->empty()) continue;
      paths_of(bad)[a]->pop_back();
      refuse(bad, good.evidence.subject.key);
    }
  }
  expect_none(250);
}

TEST_F(ForgeryTest, ExclusionClaimedForAnIncludedKey) {
  const StandingEvidence absent = nodes_.standing_evidence(kAbsentKey);
  const StandingEvidence included = nodes_.standing_evidence(kLicenseKey);
  Proof bad = nodes_.proof(kLicenseKey, {1, 2});
  bad.evidence.operations.clear();
  bad.evidence.support.clear();
  bad.evidence.subject.standing.reset();
  refuse(bad, kLicenseKey);  // a proof of presence
  bad.evidence.subject.proof.terminal = EmptyTerminal{};
  refuse(bad, kLicenseKey);
  bad.evidence.subject.proof.terminal =
      OtherLeafTerminal{.path = kLicenseKey.path(), .value_hash = included.standing->value_hash()};
  refuse(bad, kLicenseKey);  // itself as the other leaf
  bad.evidence.subject.proof = absent.proof;
  refuse(bad, kLicenseKey);                           // another subject's absence
  for (const auto& [key, standing] : nodes_.state) {  // every other leaf, at every depth of its path
    const StateProof theirs = nodes_.tree.prove(nodes_.version, key.path());
    for (std::size_t depth = 0; depth <= theirs.siblings.size(); ++depth) {
      if (key == kLicenseKey) continue;
      bad.evidence.subject.proof = theirs;
      bad.evidence.subject.proof.siblings.resize(depth);
      bad.evidence.subject.proof.terminal =
          OtherLeafTerminal{.path = key.path(), .value_hash = standing.value_hash()};
      refuse(bad, kLicenseKey);
      bad.evidence.subject.proof.terminal = EmptyTerminal{};
      refuse(bad, kLicenseKey);
    }
  }
  expect_none(40);
}

TEST_F(ForgeryTest, CosignaturesOfOthersAndOfOtherThings) {
  const Proof good = nodes_.proof(kLicenseKey, {1, 2});
  const Checkpoint newest = good.checkpoint().checkpoint;
  const auto with = [&](std::vector<Cosignature> cosignatures) {
    Proof bad = good;
    bad.cosignatures = std::move(cosignatures);
    refuse(bad, kLicenseKey);
  };
  const auto by = [&](std::uint64_t member, const std::string& key, const std::string& origin,
                      const Checkpoint& checkpoint) {
    return cosign(origin, checkpoint, member, key_of(key), nodes_.now_s());
  };
  const std::string& origin = nodes_.ledger.origin;
  with({});
  with({good.cosignatures[0]});
  with({good.cosignatures[0], good.cosignatures[0]});               // a minority repeated
  with({good.cosignatures[0], by(2, "cosign-1", origin, newest)});  // in another's name
  with({good.cosignatures[0], by(2, "log-2", origin, newest)});     // with another of its keys
  with({good.cosignatures[0], by(4, "cosign-4", origin, newest)});  // by no member
  with({by(1, "cosign-1", "hufu.test/west", newest), by(2, "cosign-2", "hufu.test/west", newest)});
  const Checkpoint old = nodes_.log().at(newest.size - 1);
  with({by(1, "cosign-1", origin, old), by(2, "cosign-2", origin, old)});
  with({good.cosignatures[0], by(2, "cosign-2", origin, {.size = newest.size, .root = old.root})});
  with({good.cosignatures[0], by(2, "cosign-2", origin, {.size = newest.size + 1, .root = newest.root})});
  Cosignature later = good.cosignatures[1];
  later.time_s += 3600;
  with({good.cosignatures[0], later});
  nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  refuse(nodes_.proof(kLicenseKey, {1, 2}), kLicenseKey);  // node 1 was removed
  refuse(nodes_.proof(kLicenseKey, {1, 2, 3}), kLicenseKey);
  expect_none(13);
}

TEST_F(ForgeryTest, SelfAppointedRosters) {
  // Nodes that nobody appointed hand over to themselves.
  Nodes usurpers = nodes_;
  usurpers.hand_over(roster_of({7, 8, 9}, 2), {7, 8});
  refuse(usurpers.proof(kLicenseKey, {7, 8}), kLicenseKey);
  usurpers = nodes_;
  usurpers.hand_over(roster_of({7, 8, 9}, 2), {1});
  refuse(usurpers.proof(kLicenseKey, {7, 8}), kLicenseKey);
  // A later roster cannot appoint what the earlier one did not.
  usurpers = nodes_;
  usurpers.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  usurpers.hand_over(roster_of({7, 8, 9}, 3), {1, 2});
  refuse(usurpers.proof(kLicenseKey, {7, 8}), kLicenseKey);
  // An honest handover moved into another history.
  nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  Nodes other = grown_nodes();
  other.extend({});
  other.extend({});
  other.handovers = nodes_.handovers;
  refuse(other.proof(kLicenseKey, {2, 3}), kLicenseKey);
  // The trusted nodes of another ledger.
  Nodes elsewhere({4, 5, 6});
  elsewhere.append(kIssuer, {issue_license()});
  refuse(elsewhere.proof(kLicenseKey, {4, 5}), kLicenseKey);
  expect_none(5);
}

// The same nodes, keys and origin, but founded otherwise: a header from another ledger.
TEST_F(ForgeryTest, PartsOfAnotherLedger) {
  class Twin : public Nodes {
   public:
    Twin() {
      genesis.time_ms += 1;
      ledger = ledger_id(genesis);
      blocks = {{founding_block(genesis), {}}};
    }
  };
  Twin twin;
  twin.append(kPlatform, {issue_invoice()});
  twin.append(kIssuer, {issue_license()});
  const Proof theirs = twin.proof(kLicenseKey, {1, 2});
  ASSERT_TRUE(none_failed(check_proof(founding_anchor(twin.genesis), theirs).checks));
  refuse(theirs, kLicenseKey);
  Proof bad = theirs;
  bad.evidence.ledger = nodes_.ledger;
  refuse(bad, kLicenseKey);  // renamed: its submissions were signed for another ledger
  bad = nodes_.proof(kLicenseKey, {1, 2});
  bad.evidence.head = theirs.evidence.head;
  refuse(bad, kLicenseKey);
  bad = nodes_.proof(kLicenseKey, {1, 2});
  bad.evidence.operations[0].block = theirs.evidence.operations[0].block;
  refuse(bad, kLicenseKey);
  const CompactProof code = make_compact(theirs, twin.in_force()).value();
  refuse(code, kLicenseKey);
  expect_none(5);
}

}  // namespace
}  // namespace hufu
