// The client against the real front end: nodes are known by their keys, outcomes are told apart (N1 to N3 of client.hpp), and
// what is lost on the way is repeated without counting twice.
#include "cli/client/client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "node/api/json.hpp"
#include "tests/http/fake_node.hpp"
#include "tests/http/raw_client.hpp"

namespace hufu::cli {
namespace {

using namespace hufu::testing;
using node::FakeNode;
using std::chrono::milliseconds;

PublicKey tls_key() { return SigningKey(node::node_seed()).public_key(); }

Endpoint endpoint_of(const std::string& url) {
  return api::parse_endpoint(url.substr(url.find("//") + 2)).value();
}

// A port on which nobody listens.
std::string nobody() {
  auto world = std::make_shared<FakeNode::World>();
  FakeNode gone(world);
  return gone.serve(true);
}

class ClientTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakeNode::World> world = std::make_shared<FakeNode::World>();
  FakeNode node{world};
  ClientOptions options;

  // The genesis that the client trusts: the ledger's, so that hashes agree; keys are pinned by `pin`.
  std::unique_ptr<Client> client(std::vector<std::string> urls) {
    options.urls = std::move(urls);
    auto made = Client::make(options);
    EXPECT_TRUE(made) << (made ? "" : made.error().problem.why);
    return *std::move(made);
  }
  void SetUp() override {
    options.timeout = milliseconds(3000);
    options.patience = milliseconds(3000);
    options.unreachable = milliseconds(200);
    // The world's own genesis pins the key that the nodes of these tests serve with.
    Genesis& genesis = world->chain.genesis;
    genesis.roster.members[0].tls_key = tls_key();
    world->chain.ledger = ledger_id(genesis);
    options.genesis = genesis;
  }
  Bytes license() { return encode(world->chain.sign(kIssuer, {issue_license()})); }
  Bytes invoice(int number) {
    const std::string id = kInvoice.substr(0, 13) + std::to_string(1'000'000 + number);
    return encode(world->chain.sign(kPlatform, {issue_invoice(id)}));
  }
};

TEST_F(ClientTest, APinnedNodeIsAskedOverTls) {
  const auto to = client({node.serve()});
  const Bytes submission = license();
  const auto accepted = to->submit(submission);
  ASSERT_TRUE(accepted) << accepted.error().problem.why;
  EXPECT_FALSE(accepted->repeated);
  EXPECT_TRUE(to->submit(submission)->repeated);

  const SubjectKey key{SubjectKind::license, kLicense};
  EXPECT_EQ(to->standing(key)->standing, world->chain.find(key));
  EXPECT_EQ(to->evidence(key)->operations.size(), 1u);
  EXPECT_EQ(to->history(key)->entries.size(), 1u);
  EXPECT_EQ(to->receipt(accepted->receipt.id())->receipt, accepted->receipt);
  EXPECT_EQ(to->receipt(kIssuer, accepted->receipt.header.request_id)->receipt, accepted->receipt);
  EXPECT_EQ(*to->block(1), encode(world->chain.blocks[1]));
  EXPECT_EQ(to->head()->header, world->chain.head());
  EXPECT_EQ(to->status()->name, "node-1");
  EXPECT_EQ(to->cluster()->members.size(), 1u);
}

TEST_F(ClientTest, N3ACertifiedReceiptHasTheCosignaturesOfAQuorumOfTheGenesis) {
  const auto to = client({node.serve()});
  EXPECT_FALSE(to->submit(license())->certified) << "nobody cosigned";
  node.cosigners = 1;
  const auto certified = to->submit(invoice(1));
  ASSERT_TRUE(certified) << certified.error().problem.why;
  EXPECT_TRUE(certified->certified);
  EXPECT_FALSE(to->submit(invoice(2), api::WaitWish::committed)->certified);
  // A node that lets a stranger's key pass for a member's.
  Genesis stranger = *options.genesis;
  stranger.roster.members[0].cosign_key = SigningKey(seed_of("another")).public_key();
  world->chain.ledger = ledger_id(stranger);
  options.genesis = stranger;
  const auto refused = client({node.server().address()})->submit(invoice(3));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().problem.refusal.error, Error::proof_invalid);
}

TEST_F(ClientTest, ProofsNotesAndPathsOfTheLogArrive) {
  const auto to = client({node.serve()});
  const SubjectKey key{SubjectKind::license, kLicense};
  EXPECT_EQ(to->proof(key).error().problem.refusal.error, Error::not_certified);
  node.cosigners = 1;
  ASSERT_TRUE(to->submit(license()));
  const auto proof = to->proof(key, api::ReadWish::local, {.since = 1});
  ASSERT_TRUE(proof) << proof.error().problem.why;
  EXPECT_EQ(proof->evidence.subject.standing, world->chain.find(key));
  EXPECT_EQ(proof->links.size(), 1u);
  const auto note = to->checkpoint_note();
  ASSERT_TRUE(note);
  const auto opened = open_checkpoint_note(options.genesis->origin, options.genesis->roster, *note);
  ASSERT_TRUE(opened.has_value()) << *note;
  const auto path = to->consistency(1, 2);
  ASSERT_TRUE(path);
  const std::vector<Hash> leaves = world->chain.log_leaves();
  EXPECT_TRUE(verify_consistency(1, leaves[0], 2, opened->checkpoint.root, *path));
}

TEST_F(ClientTest, TheRegistryIsReadToItsEndPageByPage) {
  const auto to = client({node.serve()});
  for (const std::size_t page : {1000u, 2u, 1u}) {
    node.registry_page = page;
    const auto agencies = to->registry(SubjectKind::agency);
    ASSERT_TRUE(agencies) << agencies.error().problem.why;
    ASSERT_EQ(agencies->entries.size(), world->chain.genesis.agencies.size()) << page;
    for (std::size_t i = 0; i < agencies->entries.size(); ++i) {
      EXPECT_EQ(agencies->entries[i].key.id, world->chain.genesis.agencies[i].code);
      EXPECT_EQ(agencies->entries[i].standing.detail, Detail(world->chain.genesis.agencies[i].standing));
    }
    EXPECT_FALSE(agencies->more);
  }
  EXPECT_EQ(to->registry(SubjectKind::roster)->entries.size(), 1u);
  EXPECT_TRUE(to->registry(SubjectKind::catalogue)->entries.empty());
  EXPECT_EQ(to->registry(SubjectKind::license).error().problem.refusal.error, Error::not_found);
  node.registry_stutters = true;
  EXPECT_EQ(to->registry(SubjectKind::agency).error().problem.refusal.error, Error::not_canonical)
      << "a node that repeats itself must not keep the client for ever";
}

TEST_F(ClientTest, WhatIsNotThereIsAnAnswer) {
  const auto to = client({node.serve()});
  const SubjectKey key{SubjectKind::license, kLicense};
  EXPECT_FALSE(to->standing(key)->standing);
  EXPECT_FALSE(to->evidence(key)->subject.standing);
  EXPECT_FALSE(to->receipt(kZeroHash)->receipt);
  EXPECT_EQ(to->block(99).error().problem.refusal.error, Error::not_found);
}

TEST_F(ClientTest, AWrongKeyIsRefusedBeforeAnythingIsSent) {
  options.genesis->roster.members[0].tls_key = SigningKey(seed_of("another")).public_key();
  const auto to = client({node.serve()});
  const auto accepted = to->submit(license());
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().problem.refusal.error, Error::tls_failed);
  ASSERT_EQ(accepted.error().attempts.size(), 1u);
  EXPECT_EQ(accepted.error().attempts[0].error, Error::tls_failed);
  EXPECT_EQ(node.submits, 0);
}

TEST_F(ClientTest, AMembersAddressNeedsThatMembersKey) {
  const std::string url = node.serve();
  // Another member holds the key, but this address is the first one's.
  Genesis& genesis = *options.genesis;
  genesis = node::genesis_with({endpoint_of(url), {"127.0.0.9", 9}},
                               {SigningKey(seed_of("first")).public_key(), tls_key()});
  EXPECT_EQ(client({url})->head().error().problem.refusal.error, Error::tls_failed);
}

TEST_F(ClientTest, APlainServiceUnderAnHttpsAddressIsNotTrusted) {
  std::string url = node.serve(false);
  url.replace(0, 7, "https://");
  const auto head = client({url})->head();
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().problem.refusal.error, Error::tls_failed);
}

TEST_F(ClientTest, UnusableAddressesAreAUsageError) {
  for (const char* url : {"", "127.0.0.1:80", "ftp://127.0.0.1:1", "http://192.0.2.1:80", "https://a",
                          "https://a:0", "https://a:1/path", "http://example.org:80"}) {
    options.urls = {url};
    const auto made = Client::make(options);
    ASSERT_FALSE(made) << url;
    EXPECT_EQ(made.error().problem.refusal.error, Error::usage) << url;
  }
  options.urls = {"https://127.0.0.1:1"};
  options.genesis.reset();
  EXPECT_FALSE(Client::make(options)) << "https without a genesis file cannot know the node";
  options.urls.clear();
  EXPECT_FALSE(Client::make(options));
}

TEST_F(ClientTest, N1NobodyThereNamesEveryAddress) {
  const std::string first = nobody();
  const std::string second = nobody();
  const auto accepted = client({first, second})->submit(license());
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().problem.refusal.error, Error::ledger_unavailable);
  std::set<std::string> named;
  for (const Attempt& attempt : accepted.error().attempts) {
    named.insert(attempt.url);
    EXPECT_NE(attempt.why.find("refused"), std::string::npos) << attempt.why;
  }
  EXPECT_EQ(named, (std::set<std::string>{first, second}));
}

TEST_F(ClientTest, TheOneThatAnswersIsFoundAndRemembered) {
  const std::string url = node.serve();
  const auto to = client({nobody(), url});
  ASSERT_TRUE(to->head());
  EXPECT_EQ(to->last_url(), url);
  ASSERT_TRUE(to->head());
}

TEST_F(ClientTest, N2NoAnswerAfterSendingIsAnUnknownOutcome) {
  node.hold = true;
  options.timeout = milliseconds(200);
  options.patience = milliseconds(500);
  const auto accepted = client({node.serve()})->submit(license());
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().problem.refusal.error, Error::outcome_unknown);
  EXPECT_GE(node.submits, 2) << "it was repeated";
}

TEST_F(ClientTest, ALostAnswerIsRepeatedAndCountsOnce) {
  node.lose_answer = true;
  const auto accepted = client({node.serve()})->submit(license());
  ASSERT_TRUE(accepted) << accepted.error().problem.why;
  EXPECT_TRUE(accepted->repeated);
  EXPECT_EQ(node.submits, 2);
  EXPECT_EQ(world->chain.head().height, 1u);
}

TEST_F(ClientTest, ARefusalByTheLawIsFinalAndNamesTheOperation) {
  ASSERT_TRUE(applied(world->chain.append(kIssuer, {issue_license()})));
  const std::string url = node.serve();
  const auto accepted = client({url})->submit(license());
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().problem.refusal.error, Error::lic_duplicate_issue);
  EXPECT_EQ(accepted.error().problem.refusal.faults.at(0).operation, 0u);
  EXPECT_EQ(accepted.error().url, url);
  EXPECT_EQ(node.submits, 1);
}

TEST_F(ClientTest, APassingRefusalIsWaitedFor) {
  node.refuse_next = 3;
  node.refusal = {.error = Error::no_quorum, .faults = {}, .retry_after_ms = 20};
  EXPECT_TRUE(client({node.serve()})->submit(license()));
  EXPECT_EQ(node.submits, 4);
}

TEST_F(ClientTest, NoQuorumForTooLongIsSaidAsItIs) {
  node.refuse_next = 1'000'000;
  node.refusal = {.error = Error::no_quorum, .faults = {}};
  options.patience = milliseconds(300);
  const auto accepted = client({node.serve()})->submit(license());
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().problem.refusal.error, Error::no_quorum)
      << "nothing was written, and that is known";
}

TEST_F(ClientTest, ARedirectIsFollowedToTheRosterOnly) {
  FakeNode leader{world, 2};
  world->leader = 2;
  const std::string leader_url = leader.serve();
  const std::string url = node.serve();
  node.roster_now =
      node::genesis_with({endpoint_of(url), endpoint_of(leader_url)}, {tls_key(), tls_key()}).roster;

  // A stranger to the client: not followed.
  options.patience = milliseconds(200);
  const auto lost = client({url})->head();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().attempts.at(0).error, Error::not_leader);

  // One of the addresses that the client was given: followed.
  options.patience = milliseconds(3000);
  const auto to = client({url, leader_url});
  ASSERT_TRUE(to->head());
  EXPECT_EQ(to->last_url(), leader_url);
  // A local read is answered by the follower itself.
  EXPECT_TRUE(client({url})->head(api::ReadWish::local));
}

TEST_F(ClientTest, AnswersForAnotherLedgerAreRefused) {
  options.genesis->origin = "hufu.test/west";
  const auto to = client({node.serve()});
  EXPECT_EQ(to->status().error().problem.refusal.error, Error::genesis_mismatch);
  EXPECT_EQ(to->evidence({SubjectKind::license, kLicense}).error().problem.refusal.error,
            Error::genesis_mismatch);
  EXPECT_EQ(to->genesis().error().problem.refusal.error, Error::genesis_mismatch);
}

TEST_F(ClientTest, EveryNodeIsAskedForItsStatus) {
  FakeNode second{world, 2};
  const std::string dead = nobody();
  const auto to = client({node.serve(), dead, second.serve()});
  const std::vector<NodeReply> replies = to->status_of_each();
  ASSERT_EQ(replies.size(), 3u);
  EXPECT_EQ(replies[0].status->name, "node-1");
  ASSERT_FALSE(replies[1].status);
  EXPECT_EQ(replies[1].status.error().problem.refusal.error, Error::ledger_unavailable);
  EXPECT_EQ(replies[1].url, dead);
  EXPECT_EQ(replies[2].status->name, "node-2");
}

TEST_F(ClientTest, AnIdleConnectionThatTheNodeClosedIsReplacedSilently) {
  node::HttpOptions http;
  http.listeners = {{.address = {"127.0.0.1", 0}, .tls = true}};
  http.idle_time = milliseconds(50);
  const auto to = client({node.serve(http, node::node_seed())});
  ASSERT_TRUE(to->head());
  // Until the node has closed it.
  const auto closed = [&] {
    return body_of(ask(node.server().address(), "GET", "/metrics")).find("hufu_http_connections 1\n");
  };
  while (closed() == std::string::npos) std::this_thread::yield();
  EXPECT_TRUE(to->head());
  EXPECT_TRUE(to->submit(license()));
}

TEST_F(ClientTest, PlainHttpOnLoopbackNeedsNoKey) {
  options.genesis.reset();
  const auto to = client({node.serve(false)});
  ASSERT_TRUE(to->head());
  EXPECT_EQ(to->genesis()->origin, "hufu.test/east");
}

TEST_F(ClientTest, APipelineKeepsItsWindowFullAndLosesNothing) {
  const auto to = client({node.serve()});
  Pipeline pipeline(*to, 8);
  constexpr int kCount = 300;
  std::set<std::uint64_t> done;
  const auto take = [&] {
    const auto one = pipeline.next();
    ASSERT_TRUE(one);
    EXPECT_TRUE(one->reply) << one->reply.error().problem.why;
    EXPECT_TRUE(done.insert(one->tag).second);
  };
  std::vector<Bytes> submissions;
  for (int i = 0; i < kCount; ++i) submissions.push_back(invoice(i));
  for (int i = 0; i < kCount; ++i) {
    while (pipeline.full()) take();
    pipeline.push(static_cast<std::uint64_t>(i), submissions[static_cast<std::size_t>(i)]);
  }
  while (pipeline.in_flight() > 0) take();
  EXPECT_FALSE(pipeline.next());
  EXPECT_EQ(done.size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(world->chain.head().height, static_cast<std::uint64_t>(kCount)) << "each counted once";
}

TEST_F(ClientTest, APipelineMayBeLeftWithWorkUnderWay) {
  node.hold = true;
  const auto to = client({node.serve()});
  {
    Pipeline pipeline(*to, 2);
    pipeline.push(1, license());
    pipeline.push(2, invoice(1));
    EXPECT_TRUE(pipeline.full());
  }
  EXPECT_TRUE(to->head()) << "the client itself goes on";
}

TEST_F(ClientTest, APipelineGoesOnWhenItsNodeDies) {
  auto second = std::make_unique<FakeNode>(world, 2);
  const auto to = client({node.serve(), second->serve()});
  Pipeline pipeline(*to, 4);
  std::vector<Bytes> submissions;
  for (int i = 0; i < 60; ++i) submissions.push_back(invoice(i));
  int accepted = 0;
  const auto take = [&] {
    const auto one = pipeline.next();
    if (one->reply) ++accepted;
    EXPECT_TRUE(one->reply) << one->reply.error().problem.why;
  };
  for (int i = 0; i < 60; ++i) {
    if (i == 30) node.stop();
    while (pipeline.full()) take();
    pipeline.push(static_cast<std::uint64_t>(i), submissions[static_cast<std::size_t>(i)]);
  }
  while (pipeline.in_flight() > 0) take();
  EXPECT_EQ(accepted, 60);
}

TEST_F(ClientTest, ATraceIsWrittenDownAndReadBack) {
  const auto ask = client({node.serve(true)});
  Trace trace{.genesis = world->chain.ledger.genesis, .agency = kIssuer, .time_ms = 1, .reason = "核验"};
  trace.subject = SubjectKey{SubjectKind::license, kLicense}.path();
  const SignedTrace sent = sign_trace(trace, key_of(kIssuer));
  const Reply<SignedEntry> entry = ask->record_trace(sent);
  ASSERT_TRUE(entry) << entry.error().problem.why;
  EXPECT_TRUE(check_entry({.genesis = trace.genesis, .member = 1}, *entry, key_of("cosign-1").public_key()));
  const Reply<AccessPage> page = ask->traces(0);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->total, 1U);
  EXPECT_EQ(page->entries, std::vector<SignedEntry>{*entry});
  EXPECT_TRUE(ask->traces(1)->entries.empty());
  SignedTrace forged = sent;
  forged.trace.verdict = TracedVerdict::accept;
  EXPECT_EQ(ask->record_trace(forged).error().problem.refusal.error, Error::signature_invalid);
}

}  // namespace
}  // namespace hufu::cli
