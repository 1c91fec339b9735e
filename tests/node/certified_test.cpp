// Receipts and proofs under checkpoints that whole nodes have cosigned.
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <fstream>

#include "consensus/transport.hpp"
#include "ledger/genesis/node_keys.hpp"
#include "ledger/proof/fork.hpp"
#include "ledger/rocksdb/tuning.hpp"
#include "tests/node/cluster.hpp"

namespace hufu::node {
namespace {

using std::chrono::seconds;

class CertifiedTest : public ClusterTest {
 protected:
  // Appends and waits for the quorum; the answer must hold before the genesis alone.
  api::Accepted append(std::size_t through, const Submission& submission) {
    const api::Submitted answer = at(through).submit(submission, seconds(20), Until::certified);
    accepted(answer, submission);
    const auto* yes = std::get_if<api::Accepted>(&answer);
    if (yes == nullptr) return {};
    EXPECT_TRUE(yes->certified);
    EXPECT_TRUE(certifies(*yes));
    return *yes;
  }
  bool certifies(const api::Accepted& answer) const {
    const CertifiedCheckpoint cosigned{{answer.receipt.log_size, answer.receipt.log_root},
                                       answer.cosignatures};
    return check_certified(genesis.origin, genesis.roster, cosigned).has_value();
  }
  Result<Proof> proof(std::size_t number, const SubjectKey& key, Read read = Read::settled,
                      std::uint64_t since = 0) {
    return at(number).ask<Proof>(
        [&](Service& service, Done<Proof> done) { service.proof(key, read, {.since = since}, done); });
  }
  void expect_proves(const Result<Proof>& proof) {
    ASSERT_TRUE(proof.has_value()) << code_of(proof.error());
    for (const Check& check : check_proof(founding_anchor(genesis), *proof).checks) {
      EXPECT_NE(check.result, Check::Result::fail) << check.name << ": " << check.why;
    }
  }
  bool all_certified() {
    return eventually([&] {
      for (auto& node : nodes) {
        if (!node) continue;
        const auto status = node->status();
        if (status.certified_size != status.head.height + 1) return false;
      }
      return true;
    });
  }
};

TEST_F(CertifiedTest, ALoneNodeCertifiesWhatItCommits) {
  start_all(1);
  ASSERT_NE(leader(), 0u);
  const Submission submission = issue(1);
  const api::Accepted first = append(1, submission);
  EXPECT_EQ(first.cosignatures.size(), 1u);
  const api::Accepted again = append(1, submission);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.receipt.place, first.receipt.place);
  expect_proves(proof(1, {SubjectKind::invoice, invoice(1)}));
}

TEST_F(CertifiedTest, EveryNodeOfThreeAnswersUnderItsOwnCertifiedCheckpoint) {
  start_all(3);
  ASSERT_NE(leader(), 0u);
  for (std::uint64_t i = 0; i < 9; ++i) {
    const Submission submission = issue(i);
    append(1 + i % 3, submission);
    append(1 + (i + 1) % 3, submission);
  }
  EXPECT_TRUE(all_certified());
}

TEST_F(CertifiedTest, UnderLoadEverythingBecomesCertified) {
  start_all(3);
  ASSERT_NE(leader(), 0u);
  std::vector<std::pair<Submission, std::future<api::Submitted>>> waiting;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Submission submission = issue(i);
    auto future = at(1 + i % 3).submit_later(encode(submission), seconds(60), Until::certified);
    waiting.emplace_back(std::move(submission), std::move(future));
  }
  for (auto& [submission, future] : waiting) {
    const api::Submitted answer = future.get();
    ASSERT_TRUE(accepted(answer, submission).has_value());
    const auto& yes = std::get<api::Accepted>(answer);
    EXPECT_TRUE(yes.certified && certifies(yes));
  }
  EXPECT_TRUE(all_certified());
}

TEST_F(CertifiedTest, AProofHoldsBeforeTheGenesisAlone) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  for (std::uint64_t i = 0; i < 5; ++i) append(leads, issue(i));
  const SubjectKey subject{SubjectKind::invoice, invoice(3)};
  const auto settled = proof(leads, subject);
  expect_proves(settled);
  EXPECT_TRUE(settled->evidence.subject.standing.has_value());
  EXPECT_TRUE(settled->links.empty());
  const auto linked = proof(leads, subject, Read::settled, 3);
  expect_proves(linked);
  ASSERT_EQ(linked->links.size(), 1u);
  EXPECT_EQ(linked->links[0].size, 3u);
  const auto absent = proof(leads, {SubjectKind::invoice, invoice(99)});
  expect_proves(absent);
  EXPECT_FALSE(absent->evidence.subject.standing.has_value());
  const std::size_t follows = follower();
  EXPECT_TRUE(all_certified());
  expect_proves(proof(follows, subject, Read::local));
  EXPECT_EQ(proof(leads, subject, Read::settled, 1'000'000).error(), Error::ledger_stale);
}

TEST_F(CertifiedTest, AProofAskedForWhileBlocksComeIsOfACertifiedHead) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  std::vector<std::future<api::Submitted>> waiting;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const Submission submission = issue(i);
    append(leads, submission);
    for (std::uint64_t k = 0; k < 4; ++k) {
      waiting.push_back(at(leads).submit_later(encode(issue(1000 + 4 * i + k))));
    }
    const auto shown = proof(leads, {SubjectKind::invoice, invoice(i)});
    expect_proves(shown);
    ASSERT_TRUE(shown.has_value());
    EXPECT_TRUE(shown->evidence.subject.standing.has_value()) << "it was acknowledged before the question";
  }
  for (auto& future : waiting) future.get();
}

TEST_F(CertifiedTest, WithTwoOfThreeDownNothingIsCertifiedAndAfterwardsEverythingIs) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  append(leads, issue(1));
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number != leads) stop(number);
  }
  const std::uint64_t before = at(leads).status().certified_size;
  const Submission submission = issue(2);
  const auto refusal = std::get<api::Refusal>(at(leads).submit(submission, seconds(2), Until::certified));
  EXPECT_TRUE(refusal.error == Error::timed_out || refusal.error == Error::no_quorum)
      << code_of(refusal.error);
  EXPECT_EQ(at(leads).status().certified_size, before);
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number != leads) start(number);
  }
  ASSERT_NE(leader(), 0u);
  append(leads, submission);
  EXPECT_TRUE(all_certified());
}

TEST_F(CertifiedTest, ANodeThatWasAwayCertifiesAgainWithoutANewBlock) {
  start_all(3);
  ASSERT_NE(leader(), 0u);
  append(1, issue(1));
  stop(2);
  start(2);
  EXPECT_TRUE(all_certified());
}

// Node 3 as somebody may run it who has its keys: it speaks the nodes' language and says what it likes.
class Liar {
 public:
  Liar(const Genesis& genesis, const LedgerId& ledger) : ledger_(ledger) {
    std::vector<consensus::Peer> peers;
    for (const Member& member : genesis.roster.members) {
      peers.push_back(
          {.id = member.id, .tls_key = member.tls_key, .host = member.peer.host, .port = member.peer.port});
    }
    consensus::TransportOptions options;
    options.self = 3;
    options.network = ledger.genesis;
    options.listen_port = genesis.roster.members[2].peer.port;
    transport_ = std::make_unique<consensus::Transport>(loop_, seeds_.tls, peers, options);
    transport_->on_frame([](consensus::NodeId, consensus::Channel, const Bytes&) {});
    HUFU_CHECK(transport_->start().has_value());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Liar() {
    boost::asio::post(loop_, [this] {
      transport_->stop();
      loop_.stop();
    });
    thread_.join();
  }
  // May be lost; to be repeated.
  void say(const Checkpoint& checkpoint) {
    boost::asio::post(loop_, [this, checkpoint] {
      peer::Message<peer::Request> message;
      message.correlation = 1;
      message.body = peer::AttestationRequest{attest(ledger_.origin, checkpoint, 3, SigningKey(seeds_.log),
                                                     SigningKey(seeds_.cosign), 1'800'000'000)};
      for (const consensus::NodeId to : {1U, 2U}) {
        transport_->send(to, consensus::Channel::app_request, encode(message));
      }
    });
  }

 private:
  const LedgerId& ledger_;
  const NodeSeeds seeds_ = node_seeds(testing::seed_of("node 3"));
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  std::unique_ptr<consensus::Transport> transport_;
  std::thread thread_;
};

TEST_F(CertifiedTest, ANodeThatLiesAboutAHeadDoesNotGetItCertifiedAndLeavesEvidence) {
  make(3);
  start(1);
  start(2);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  append(leads, issue(1));
  Liar liar(genesis, ledger);
  const Checkpoint lie{.size = 2, .root = sha256(as_bytes("another history"))};
  const auto file = [&](std::size_t number) { return directory(number) / "evidence" / "fork-2-3.hufu"; };
  ASSERT_TRUE(eventually([&] {
    liar.say(lie);
    return std::filesystem::exists(file(1)) && std::filesystem::exists(file(2));
  }));
  for (const std::size_t number : {1U, 2U}) {
    std::ifstream in(file(number), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const auto fork = decode_fork(as_bytes(bytes));
    ASSERT_TRUE(fork.has_value());
    const auto finding = check_fork(founding_anchor(genesis), *fork);
    ASSERT_TRUE(finding.has_value()) << code_of(finding.error());
    EXPECT_EQ(finding->signed_a, std::vector<std::uint64_t>{3});
    EXPECT_EQ(finding->signed_b, (std::vector<std::uint64_t>{1, 2}));
  }
  // The others go on without it.
  append(leads, issue(2));
  const auto shown = proof(leads, {SubjectKind::invoice, invoice(2)});
  expect_proves(shown);
  for (const Cosignature& each : shown->cosignatures) EXPECT_NE(each.member, 3u);
}

TEST_F(CertifiedTest, TheNoteAndTheTilesOfTheLogAreOnesThatItsReaderAccepts) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  for (std::uint64_t i = 0; i < 3; ++i) append(leads, issue(i));
  ASSERT_TRUE(all_certified());
  const std::string note = at(leads).on_loop([&] { return at(leads).service().checkpoint_note().value(); });
  const auto opened = open_checkpoint_note(genesis.origin, genesis.roster, note);
  ASSERT_TRUE(opened.has_value()) << note;
  EXPECT_TRUE(check_certified(genesis.origin, genesis.roster, *opened));
  const auto size = static_cast<std::uint16_t>(opened->checkpoint.size);
  const auto tile = [&](Tile wanted) {
    return at(leads).ask<Bytes>([&](Service& service, Done<Bytes> done) { service.tile(wanted, done); });
  };
  const auto hashes = tile({.level = 0, .index = 0, .width = size});
  const auto headers = tile({.level = std::nullopt, .index = 0, .width = size});
  ASSERT_TRUE(hashes.has_value() && headers.has_value());
  std::vector<Hash> leaves;
  for (const BlockHeader& header : parse_entry_bundle(*headers).value())
    leaves.push_back(leaf_hash(encode(header)));
  EXPECT_EQ(tree_root(leaves), opened->checkpoint.root);
  ASSERT_EQ(hashes->size(), leaves.size() * Hash::kSize);
  EXPECT_TRUE(std::equal(leaves[1].bytes.begin(), leaves[1].bytes.end(), hashes->begin() + Hash::kSize));
  EXPECT_EQ(tile({.level = 0, .index = 0}).error(), Error::not_found) << "there are not 256 blocks";
}

TEST_F(CertifiedTest, O4ALedgerThatDoesNotLeadToWhatWasSignedIsNotStarted) {
  start_all(1);
  ASSERT_NE(leader(), 0u);
  append(1, issue(1));
  stop(1);
  const std::string ledger_path = (directory(1) / "ledger").string();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(
      rocksdb::DB::Open(store::database_options(), ledger_path, store::family_descriptors({}), &handles, &raw)
          .ok());
  const Bytes mark = encode(Checkpoint{.size = 2, .root = sha256(as_bytes("another"))});
  ASSERT_TRUE(raw->Put({}, handles[static_cast<std::size_t>(store::Family::meta)],
                       std::string(store::kSignedKey),
                       rocksdb::Slice(reinterpret_cast<const char*>(mark.data()), mark.size()))
                  .ok());
  for (auto* handle : handles) raw->DestroyColumnFamilyHandle(handle);
  delete raw;
  const consensus::Fault fault = TestNode::fault(genesis, 1, directory(1));
  EXPECT_EQ(fault.error, Error::storage_rolled_back);
  EXPECT_NE(fault.detail.find(ledger_path), std::string::npos) << fault.detail;
}

}  // namespace
}  // namespace hufu::node
