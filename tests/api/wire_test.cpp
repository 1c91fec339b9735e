// Answers as canonical bytes.
#include "node/api/wire.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu::api {
namespace {

using namespace hufu::testing;

Problem sample_problem() {
  Problem sample = problem(Error::lic_duplicate_issue, "the second of them");
  sample.refusal.retry_after_ms = 250;
  sample.refusal.faults = {
      {.operation = 3, .error = Error::lic_duplicate_issue, .place = Place{.height = 7, .submission = 2}},
      {.operation = 9, .error = Error::inv_not_buyer, .place = std::nullopt}};
  return sample;
}

TEST(Wire, AProblemReadsBack) {
  EXPECT_EQ(decode<Problem>(encode(sample_problem())).value(), sample_problem());
}

TEST(Wire, AnErrorNumberThatThisBuildDoesNotKnowIsRefused) {
  Bytes bytes = encode(sample_problem());
  bytes[0] = 0xFF;
  bytes[1] = 0xFF;
  EXPECT_EQ(decode<Problem>(bytes).error(), Error::unknown_tag);
  for (const ErrorInfo& info : all_errors())
    EXPECT_TRUE(is_error_number(static_cast<std::uint16_t>(info.error)));
}

TEST(Wire, EveryCutOfAProblemIsRefused) {
  const Bytes bytes = encode(sample_problem());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode<Problem>(ByteSpan(bytes).first(size))) << size;
  }
}

TEST(Wire, AWhyIsOneLineCutAtACharacter) {
  std::string longest;
  while (longest.size() < kWhy + 100) longest += "虎";
  const Problem cut = problem(Error::usage, longest);
  EXPECT_LE(cut.why.size(), kWhy);
  EXPECT_GE(cut.why.size(), kWhy - 3);
  EXPECT_TRUE(is_utf8(cut.why));
  EXPECT_EQ(problem(Error::usage, "a\nb\rc").why, "a b c");
  EXPECT_EQ(problem(Error::usage, "\xff").why, "");
}

TEST(Wire, OnlyALostAnswerLeavesTheOutcomeOpen) {
  for (const ErrorInfo& info : all_errors()) {
    const bool open = info.error == Error::outcome_unknown || info.error == Error::timed_out;
    EXPECT_EQ(is_outcome_unknown(info.error), open) << info.code;
    const bool passing = is_passing(info.error);
    EXPECT_TRUE(passing || !open) << info.code;
    // What the law refuses is refused for good.
    EXPECT_FALSE(passing && static_cast<int>(info.error) < 700) << info.code;
  }
}

TEST(Wire, AnswersReadBack) {
  Chain chain;
  ASSERT_TRUE(applied(chain.append(kIssuer, {issue_license()})));
  const SubjectKey key{SubjectKind::license, kLicense};
  const StandingAnswer standing{.key = key,
                                .standing = chain.find(key),
                                .as_of = {.height = 1, .head = {}, .time_ms = 5, .confirmed = true}};
  const auto again = decode<StandingAnswer>(encode(standing)).value();
  EXPECT_EQ(again.key, standing.key);
  EXPECT_EQ(again.standing, standing.standing);
  EXPECT_EQ(again.as_of, standing.as_of);

  ClusterStatus cluster{.members = {{.member = chain.genesis.roster.members[0],
                                     .status = NodeStatus{.name = "node-1", .id = 1}}},
                        .quorum = 1,
                        .reachable = 1};
  const auto members = decode<ClusterStatus>(encode(cluster)).value();
  EXPECT_EQ(members.quorum, 1u);
  EXPECT_EQ(members.reachable, 1u);
  EXPECT_EQ(members.members.at(0).member, cluster.members[0].member);
  EXPECT_EQ(members.members.at(0).status, cluster.members[0].status);

  HistoryAnswer history{.key = key, .entries = {}, .total = 1, .as_of = {}};
  history.entries.push_back({.operation = issue_license(),
                             .place = {1, 0},
                             .index = 0,
                             .time_ms = 9,
                             .agency = kIssuer,
                             .submission = kZeroHash});
  EXPECT_EQ(encode(decode<HistoryAnswer>(encode(history)).value()), encode(history));
}

}  // namespace
}  // namespace hufu::api
