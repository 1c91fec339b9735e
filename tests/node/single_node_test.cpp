// One whole node: what it answers, what it refuses, and on what it does not start.
#include "tests/node/cluster.hpp"

namespace hufu::node {
namespace {

using SingleNodeTest = ClusterTest;

TEST_F(SingleNodeTest, OneNodeIsALedger) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission submission = issue(1);
  const auto receipt = accepted(at(1).submit(submission), submission);
  EXPECT_EQ(receipt->place, (Place{1, 0}));
  // Again: the same receipt's place, and no second block.
  const auto again = at(1).submit(submission);
  EXPECT_TRUE(std::get<api::Accepted>(again).repeated);
  EXPECT_EQ(accepted(again, submission)->place, receipt->place);
  // Other content under the same request id.
  const auto other = at(1).submit(issue(2, 1'000'001));
  EXPECT_EQ(std::get<api::Refusal>(other).error, Error::request_id_reused);
  stop(1);
  start(1);
  ASSERT_EQ(leader(), 1u);
  EXPECT_EQ(at(1).status().head.height, 1u);
  EXPECT_EQ(accepted(at(1).submit(submission), submission)->place, receipt->place);
}

TEST_F(SingleNodeTest, ARefusalNamesEveryOperationAndWhatStandsInItsWay) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission first = issue(1);
  accepted(at(1).submit(first), first);
  const Submission mixed =
      sign_submission(ledger, testing::kPlatform, testing::key_of(testing::kPlatform), testing::request(5),
                      {testing::issue_invoice(invoice(1)), testing::issue_invoice(invoice(7)),
                       testing::issue_invoice("123")});
  const auto refusal = std::get<api::Refusal>(at(1).submit(mixed));
  EXPECT_EQ(refusal.error, Error::id_malformed);
  ASSERT_EQ(refusal.faults.size(), 2u);
  EXPECT_EQ(refusal.faults[0].error, Error::inv_duplicate_issue);
  EXPECT_EQ(refusal.faults[0].place, (Place{1, 0}));
  EXPECT_EQ(refusal.faults[1].operation, 2u);
  EXPECT_FALSE(refusal.faults[1].place.has_value());
  EXPECT_EQ(at(1).status().head.height, 1u);
}

// The first one is put in order in vain; from then on the law is asked before, and Raft's log does not grow.
TEST_F(SingleNodeTest, WhoWasRefusedIsJudgedBeforeAnythingIsPutInOrder) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission first = issue(1);
  accepted(at(1).submit(first), first);
  const auto proposals = [&] {
    const std::string text = at(1).on_loop([&] { return at(1).service().metrics().text(); });
    constexpr std::string_view name = "\nhufu_proposal_submissions_count ";
    const std::size_t found = text.find(name);
    return found == text.npos ? 0 : std::stoul(text.substr(found + name.size()));
  };
  const std::size_t before = proposals();
  ASSERT_GT(before, 0u);
  for (std::uint64_t request = 10; request < 15; ++request) {
    const Submission second = issue(1, request);  // of the same invoice
    const auto refusal = std::get<api::Refusal>(at(1).submit(second));
    EXPECT_EQ(refusal.error, Error::inv_duplicate_issue);
    EXPECT_EQ(refusal.faults.at(0).place, (Place{1, 0}));
    EXPECT_EQ(proposals(), before + 1);
  }
  const Submission good = issue(2);
  accepted(at(1).submit(good), good);
  EXPECT_EQ(proposals(), before + 2);
}

TEST_F(SingleNodeTest, HostileSubmissionsGetAClearErrorAndLeaveNothing) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const auto error = [&](const Bytes& bytes) {
    return std::get<api::Refusal>(at(1).submit_later(bytes).get()).error;
  };
  Submission bad = issue(1);
  bad.signature.bytes[0] ^= 1;
  EXPECT_EQ(error(encode(bad)), Error::signature_invalid);
  bad = issue(1);
  bad.operations.push_back(testing::issue_invoice(invoice(2)));
  EXPECT_EQ(error(encode(bad)), Error::submission_root);
  const Bytes good = encode(issue(1));
  EXPECT_EQ(error(Bytes(good.begin(), good.end() - 1)), Error::truncated);
  EXPECT_EQ(error({}), Error::truncated);
  EXPECT_EQ(error(Bytes(limits::kSubmissionBytes + 1)), Error::oversize);
  EXPECT_EQ(error(encode(sign_submission(ledger, "NOBODY", testing::key_of("x"), testing::request(1),
                                         {testing::issue_invoice()}))),
            Error::issuer_unknown);
  EXPECT_EQ(error(encode(sign_submission(ledger, testing::kPlatform, testing::key_of("x"),
                                         testing::request(1), {testing::issue_invoice()}))),
            Error::key_unknown);
  LedgerId foreign = ledger;
  foreign.origin = "elsewhere";
  const auto refused =
      error(encode(sign_submission(foreign, testing::kPlatform, testing::key_of(testing::kPlatform),
                                   testing::request(1), {testing::issue_invoice()})));
  EXPECT_TRUE(refused == Error::foreign_origin || refused == Error::signature_invalid);
  EXPECT_EQ(at(1).status().head.height, 0u);
  const Submission submission = issue(1);
  accepted(at(1).submit(submission), submission);
}

TEST_F(SingleNodeTest, EvidenceAndReadsOfOneHeadHold) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission first = issue(1);
  accepted(at(1).submit(first), first);
  const SubjectKey subject{SubjectKind::invoice, invoice(1)};
  const auto standing = at(1).ask<api::StandingAnswer>([&](Service& service, Done<api::StandingAnswer> done) {
    service.standing(subject, Read::settled, done);
  });
  EXPECT_TRUE(standing.value().as_of.confirmed);
  ASSERT_TRUE(standing->standing.has_value());
  for (std::uint64_t i = 2; i < 12; ++i) {
    const Submission more = issue(i);
    accepted(at(1).submit(more), more);
  }
  for (const SubjectKey& key : {subject, SubjectKey{SubjectKind::invoice, invoice(99)}}) {
    const auto evidence = at(1).ask<Evidence>(
        [&](Service& service, Done<Evidence> done) { service.evidence(key, Read::settled, done); });
    ASSERT_TRUE(evidence.has_value());
    EXPECT_EQ(evidence->head.height, 11u);
    for (const Check& check : check_evidence(genesis, *evidence)) {
      EXPECT_NE(check.result, Check::Result::fail) << check.name << ": " << check.why;
    }
    EXPECT_EQ(decode<Evidence>(encode(*evidence)).value().log_root, evidence->log_root);
  }
  const auto history = at(1).ask<api::HistoryAnswer>(
      [&](Service& service, Done<api::HistoryAnswer> done) { service.history(subject, Read::local, done); });
  ASSERT_EQ(history.value().entries.size(), 1u);
  EXPECT_EQ(history->entries[0].operation, first.operations[0]);
  EXPECT_EQ(history->entries[0].submission, submission_id(ledger, first.header));
  const auto receipt = at(1).ask<api::ReceiptAnswer>([&](Service& service, Done<api::ReceiptAnswer> done) {
    service.receipt(submission_id(ledger, first.header), Read::local, done);
  });
  EXPECT_TRUE(check_receipt(ledger, receipt.value().receipt.value()).has_value());
  EXPECT_EQ(receipt->receipt->log_size, 12u);
  const auto by_request = at(1).ask<api::ReceiptAnswer>([&](Service& service, Done<api::ReceiptAnswer> done) {
    service.receipt(testing::kPlatform, first.header.request_id, Read::settled, done);
  });
  EXPECT_EQ(by_request.value().receipt, receipt->receipt);
  at(1).on_loop([&] {
    const auto path = at(1).service().log_consistency(3, 12).value();
    EXPECT_TRUE(verify_consistency(3, at(1).service().log_root(3).value(), 12,
                                   at(1).service().log_root(12).value(), path)
                    .has_value());
    EXPECT_EQ(at(1).service().log_consistency(3, 13).error(), Error::field_invalid);
    EXPECT_EQ(at(1).service().block(12).error(), Error::not_found);
    return true;
  });
}

TEST_F(SingleNodeTest, TheRegistryIsServedInPages) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const auto page = [&](SubjectKind kind, const std::string& after, std::size_t most) {
    return at(1)
        .ask<api::RegistryAnswer>([&](Service& service, Done<api::RegistryAnswer> done) {
          service.registry(kind, after, most, Read::settled, done);
        })
        .value();
  };
  const std::size_t agencies = genesis.agencies.size();
  const api::RegistryAnswer whole = page(SubjectKind::agency, "", 1000);
  ASSERT_EQ(whole.entries.size(), agencies);
  EXPECT_FALSE(whole.more);
  EXPECT_TRUE(whole.as_of.confirmed);
  for (std::size_t i = 0; i < agencies; ++i) {
    EXPECT_EQ(whole.entries[i].key, (SubjectKey{SubjectKind::agency, genesis.agencies[i].code}));
    EXPECT_EQ(whole.entries[i].standing.detail, Detail(genesis.agencies[i].standing));
  }
  const api::RegistryAnswer exact = page(SubjectKind::agency, "", agencies);
  EXPECT_EQ(exact.entries.size(), agencies);
  EXPECT_FALSE(exact.more) << "nothing is behind it";
  const api::RegistryAnswer first = page(SubjectKind::agency, "", 1);
  EXPECT_TRUE(first.more);
  ASSERT_EQ(first.entries.size(), 1u);
  const api::RegistryAnswer rest = page(SubjectKind::agency, first.entries[0].key.id, 1000);
  EXPECT_EQ(rest.entries.size(), agencies - 1);
  EXPECT_EQ(page(SubjectKind::roster, "", 9).entries.size(), 1u);
  EXPECT_TRUE(page(SubjectKind::agreement, "", 9).entries.empty());
}

TEST_F(SingleNodeTest, RatesHoldForAddressesAndForAgencies) {
  make(1);
  testing::TestOptions options;
  options.rates.address = {.per_second = 0.001, .burst = 4};
  options.rates.agency = {.per_second = 0.001, .burst = 2};
  start(1, options);
  ASSERT_EQ(leader(), 1u);
  std::vector<Error> errors;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto submitted = at(1).submit(issue(i));
    const auto* refusal = std::get_if<api::Refusal>(&submitted);
    if (refusal == nullptr) continue;
    errors.push_back(refusal->error);
    EXPECT_GT(refusal->retry_after_ms, 0u);
  }
  EXPECT_EQ(errors, std::vector<Error>(4, Error::rate_limited));
  EXPECT_EQ(at(1).status().head.height, 2u);  // the agency's burst; its later ones cost the address
}

// A node that has told its Raft log, which forgets much, that its twelve blocks are durable, and stopped.
class DurableNodeTest : public ClusterTest {
 protected:
  void live_through_snapshots() {
    make(1);
    options.raft.snapshot_threshold = 4;
    options.raft.snapshot_trailing = 4;
    start(1, options);
    ASSERT_EQ(leader(), 1u);
    for (std::uint64_t i = 0; i < 12; ++i) {
      const Submission submission = issue(i);
      accepted(at(1).submit(submission), submission);
    }
    stop(1);
  }
  testing::TestOptions options;
};

TEST_F(DurableNodeTest, ALedgerThatLostItsTailIsNotStarted) {
  ASSERT_NO_FATAL_FAILURE(live_through_snapshots());
  std::filesystem::remove_all(directory(1) / "ledger");
  const auto fault = TestNode::fault(genesis, 1, directory(1));
  EXPECT_EQ(fault.error, Error::storage_rolled_back);
  EXPECT_NE(fault.detail.find("block 12"), std::string::npos) << fault.detail;
}

// What cut it short may be undone: the refusal has written nothing.
TEST_F(DurableNodeTest, ALedgerWhoseLogIsTooShortIsRefusedAndNotSpoilt) {
  namespace fs = std::filesystem;
  ASSERT_NO_FATAL_FAILURE(live_through_snapshots());
  fs::path log;
  for (const auto& file : fs::directory_iterator(directory(1) / "ledger")) {
    if (file.path().extension() == ".log" && file.file_size() > 0) log = std::max(log, file.path());
  }
  ASSERT_FALSE(log.empty());
  const fs::path whole = directory(1) / "whole";
  fs::copy_file(log, whole);
  fs::resize_file(log, fs::file_size(log) / 2);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(TestNode::fault(genesis, 1, directory(1)).error, Error::storage_rolled_back);
  }
  fs::copy_file(whole, log, fs::copy_options::overwrite_existing);
  start(1, options);
  ASSERT_EQ(leader(), 1u);
  EXPECT_EQ(at(1).status().head.height, 12u);
}

TEST_F(SingleNodeTest, ANodeThatLostItsRaftLogIsNotStarted) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission submission = issue(1);
  accepted(at(1).submit(submission), submission);
  stop(1);
  std::filesystem::remove_all(directory(1) / "raft");
  EXPECT_EQ(TestNode::fault(genesis, 1, directory(1)).error, Error::storage_rolled_back);
}

TEST_F(SingleNodeTest, OneDirectoryOneProcessAndOnlyItsOwnKey) {
  start_all(1);
  const auto held = TestNode::fault(genesis, 1, directory(1));
  EXPECT_EQ(held.error, Error::file_unwritable);
  EXPECT_NE(held.detail.find("another process"), std::string::npos);
  Genesis other = genesis;
  other.roster.members[0].tls_key.bytes[0] ^= 1;
  EXPECT_EQ(TestNode::fault(other, 1, directory(2)).error, Error::config_invalid);
  stop(1);
  other = genesis;
  other.time_ms += 1;
  EXPECT_EQ(TestNode::fault(other, 1, directory(1)).error, Error::genesis_mismatch);
}

TEST_F(SingleNodeTest, TracesAndCountsOfRefusalsOutliveIt) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const auto record = [&](const SignedTrace& trace) {
    return at(1).ask<SignedEntry>(
        [&](Service& service, Done<SignedEntry> done) { service.record_trace(trace, "127.0.0.1", done); });
  };
  const auto page = [&] {
    return at(1)
        .ask<AccessPage>(
            [&](Service& service, Done<AccessPage> done) { service.traces(0, kTracePage, done); })
        .value();
  };
  const auto trace = [&](std::uint8_t number, const std::string& agency) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Trace{.genesis = ledger.genesis,
                 .agency = agency,
                 .id = {number},
                 .time_ms = static_cast<std::uint64_t>(
                     std::chrono::duration_cast<std::chrono::milliseconds>(now).count()),
                 .reason = "核验"};
  };
  const SigningKey key = testing::key_of(testing::kPlatform);
  ASSERT_TRUE(record(sign_trace(trace(1, testing::kPlatform), key)));
  EXPECT_EQ(record(sign_trace(trace(2, "NOBODY"), key)).error(), Error::issuer_unknown);
  EXPECT_EQ(record(sign_trace(trace(3, testing::kPlatform), testing::key_of("x"))).error(),
            Error::key_unknown);
  ASSERT_TRUE(record({.trace = trace(4, ""), .signature = {}}));
  const Submission first = issue(1);
  accepted(at(1).submit(first), first);
  EXPECT_TRUE(std::holds_alternative<api::Refusal>(at(1).submit(issue(1, 77))));  // a second issue
  stop(1);
  start(1);
  ASSERT_EQ(leader(), 1u);
  ASSERT_TRUE(record(sign_trace(trace(5, testing::kPlatform), key)));
  const AccessPage all = page();
  ASSERT_EQ(all.entries.size(), 4u);
  AccessChain chain({.genesis = ledger.genesis, .member = 1});
  for (const SignedEntry& entry : all.entries)
    EXPECT_TRUE(chain.check(entry, genesis.roster.members[0].cosign_key));
  const auto* tally = std::get_if<Tally>(&all.entries[2].entry.record);
  ASSERT_NE(tally, nullptr);
  EXPECT_EQ(tally->agency, testing::kPlatform);
  EXPECT_EQ(tally->error, static_cast<std::uint16_t>(Error::inv_duplicate_issue));
  EXPECT_EQ(tally->count, 1u);
}

}  // namespace
}  // namespace hufu::node
