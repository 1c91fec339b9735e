// Many want the same thing at the same time, through three real nodes, while the leader is killed: one gets it, every other is
// told who did, and at no moment do two hold it or nobody.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "tests/cluster/field.hpp"

namespace hufu::testing {
namespace {

// All of them at once, each through its node, until every outcome is known.
std::vector<Settled> race(const Field& field, const std::vector<Bytes>& submissions) {
  std::vector<Settled> outcomes(submissions.size());
  std::vector<std::thread> runners;
  const std::size_t nodes = field.cluster.size();
  for (std::size_t node = 0; node < nodes; ++node) {
    runners.emplace_back([&, node] {
      const auto client = field.client(node);
      std::vector<std::size_t> open;
      for (std::size_t i = node; i < submissions.size(); i += nodes) open.push_back(i);
      while (!open.empty()) {
        cli::Pipeline pipeline(*client, 64, api::WaitWish::committed);
        std::vector<std::size_t> again;
        const auto take = [&] {
          const auto done = pipeline.next();
          outcomes[done->tag] = settled(done->reply);
          if (is_open(outcomes[done->tag])) again.push_back(done->tag);
        };
        for (const std::size_t i : open) {
          if (pipeline.full()) take();
          pipeline.push(i, submissions[i]);
        }
        while (pipeline.in_flight() > 0) take();
        open = std::move(again);
      }
    });
  }
  for (std::thread& runner : runners) runner.join();
  return outcomes;
}

// Kills the leader, and starts it again, until it is told to end; how often.
class LeaderKiller {
 public:
  explicit LeaderKiller(Cluster& cluster)
      : thread_([this, &cluster] {
          do {
            std::optional<std::size_t> leader;
            if (!eventually(30s, [&] { return (leader = cluster.leader()).has_value(); })) return;
            cluster.end(*leader, SIGKILL);
            cluster.restart(*leader);
            ++kills_;
          } while (!over_);
        }) {}
  ~LeaderKiller() { stop(); }
  unsigned stop() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
    return kills_;
  }

 private:
  std::atomic<bool> over_ = false;
  std::atomic<unsigned> kills_ = 0;
  std::thread thread_;
};

void all_nodes_agree(Field& field) {
  EXPECT_TRUE(eventually(60s, [&] {
    const auto heads = field.cluster.heads();
    return heads.size() == field.cluster.size() && std::set(heads.begin(), heads.end()).size() == 1;
  }));
  for (std::size_t node = 0; node < field.cluster.size(); ++node) {
    const Ended audit = field.cluster.start({"--json", "audit", "ledger", field.cluster.data(node)})->wait();
    EXPECT_EQ(audit.exit, 0) << audit.out << audit.err;
  }
}

TEST(Race, OneOfAThousandClaimsWins) {
  Scratch scratch;
  Field field(scratch.path());
  ASSERT_TRUE(eventually(30s, [&] { return field.cluster.leader().has_value(); }));
  const std::string platform = field.agency_for(kInvoiceType, 0);
  const std::string area = field.standing_of(platform).province.substr(0, 2);
  const Operation issue{
      .subject = {SubjectKind::invoice, "24" + area + "2000000000000001"},
      .previous = std::nullopt,
      .effective = kToday,
      .payload = InvoiceIssue{.commitment = sha256(as_bytes("an invoice that names no buyer")),
                              .blue = true,
                              .amount_fen = 10'000,
                              .tax_fen = 600,
                              .seller = std::nullopt,
                              .buyer = std::nullopt,
                              .original = std::nullopt}};
  ASSERT_TRUE(race(field, {field.submission(platform, {issue})}).front().place);
  std::vector<Bytes> claims;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const Hash entity = sha256(as_bytes("entity " + std::to_string(i)));
    claims.push_back(field.submission(
        platform, {{.subject = issue.subject,
                    .previous = issue.hash(),
                    .effective = kToday + 1,
                    .payload = InvoiceClaim{.entity = entity, .period = 202410, .voucher = entity}}}));
  }
  LeaderKiller killer(field.cluster);
  const std::vector<Settled> outcomes = race(field, claims);
  const unsigned kills = killer.stop();

  std::set<Place> winners;
  std::size_t refused = 0;
  for (const Settled& outcome : outcomes) {
    if (outcome.place) winners.insert(*outcome.place);
  }
  ASSERT_EQ(winners.size(), 1U);
  for (const Settled& outcome : outcomes) {
    if (outcome.place) continue;
    EXPECT_EQ(outcome.error, Error::inv_already_claimed) << code_of(outcome.error);
    EXPECT_EQ(outcome.obstacle, *winners.begin()) << "the loser is told where the winner stands";
    ++refused;
  }
  EXPECT_EQ(refused, 999U);
  EXPECT_GT(kills, 0U);
  all_nodes_agree(field);
  std::printf("1000 claims of one invoice through %zu nodes, leader killed %u times: 1 won, %zu refused\n",
              field.cluster.size(), kills, refused);
}

// The issuer takes its offer back while the other province's agency takes the license over: one of the two happens, and the
// lapse of the old and the issue of the new stand in one submission, so that no block shows both in force, or neither.
TEST(Race, ATransferIsTakenOverOrTakenBack) {
  constexpr std::size_t kLicenses = 40;
  constexpr std::string_view kType = "11100000MB0143028R001";
  Scratch scratch;
  Field field(scratch.path());
  ASSERT_TRUE(eventually(30s, [&] { return field.cluster.leader().has_value(); }));
  const std::string from = field.agency_for(kType, 0);
  std::string to;
  for (std::size_t i = 1; to.empty(); ++i) {
    const std::string other = field.agency_for(kType, i);
    if (field.standing_of(other).province != field.standing_of(from).province) to = other;
  }
  std::vector<Bytes> offers;
  std::vector<Bytes> acts;  // of each license the issuer's and the other agency's, several times each
  for (std::uint64_t i = 0; i < kLicenses; ++i) {
    const SubjectKey old{SubjectKind::license, license_of(kType, from, i)};
    const SubjectKey young{SubjectKind::license, license_of(kType, to, i)};
    const Operation issue = issue_of(old.id, std::nullopt);
    const Operation offer{
        .subject = old,
        .previous = issue.hash(),
        .effective = kToday,
        .payload = LicenseTransferOut{.province = field.standing_of(to).province, .agency = to}};
    offers.push_back(field.submission(from, {issue, offer}));
    for (int times = 0; times < 3; ++times) {
      acts.push_back(
          field.submission(from, {{.subject = old,
                                   .previous = offer.hash(),
                                   .effective = kToday,
                                   .payload = LicenseChange{.action = LicenseAction::cancel_transfer}}}));
      acts.push_back(field.submission(to, {{.subject = old,
                                            .previous = offer.hash(),
                                            .effective = kToday,
                                            .payload = LicenseLapse{.to = {SuccessionKind::transfer, young}}},
                                           issue_of(young.id, Succession{SuccessionKind::transfer, old})}));
    }
  }
  for (const Settled& outcome : race(field, offers)) ASSERT_TRUE(outcome.place) << code_of(outcome.error);
  LeaderKiller killer(field.cluster);
  const std::vector<Settled> outcomes = race(field, acts);
  const unsigned kills = killer.stop();

  const auto client = field.client(0);
  std::size_t taken = 0;
  for (std::uint64_t i = 0; i < kLicenses; ++i) {
    std::set<Place> places;
    for (std::size_t act = 6 * i; act < 6 * (i + 1); ++act) {
      if (outcomes[act].place) places.insert(*outcomes[act].place);
    }
    EXPECT_EQ(places.size(), 1U) << "license " << i << ": one act, once";
    const auto old = client->standing({SubjectKind::license, license_of(kType, from, i)}).value().standing;
    const auto young = client->standing({SubjectKind::license, license_of(kType, to, i)}).value().standing;
    const auto& before = std::get<LicenseStanding>(old->detail);
    EXPECT_EQ(before.state == LicenseState::valid, !young.has_value()) << "license " << i;
    if (!young) continue;
    ++taken;
    EXPECT_EQ(before.state, LicenseState::transferred);
    EXPECT_EQ(std::get<LicenseStanding>(young->detail).state, LicenseState::valid);
  }
  EXPECT_GT(kills, 0U);
  all_nodes_agree(field);
  std::printf(
      "%zu offered licenses, 3 attempts a side each, leader killed %u times: %zu taken over, %zu taken "
      "back\n",
      kLicenses, kills, taken, kLicenses - taken);
}

}  // namespace
}  // namespace hufu::testing
