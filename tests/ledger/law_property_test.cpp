// Whatever twenty agencies try, in any order, whole submissions through the executor: the ledger never reaches a state that the
// law does not know. And the same blocks give the same state root on every build.
#include <gtest/gtest.h>

#include "tests/ledger/dice.hpp"
#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

constexpr std::size_t kAgencies = 20;
constexpr std::size_t kSerials = 4;
constexpr int kVersions = 3;

// An 18-character code whose region says the province; the check character is nobody's concern here.
std::string agency_code(std::size_t number) {
  const std::string region = number % 2 == 0 ? "330302" : "310115";
  const std::string digits = std::to_string(100 + number);
  return "11" + region + "XT00001" + digits;
}

Genesis twenty_agencies() {
  Genesis genesis = make_genesis();
  genesis.agencies.clear();
  for (std::size_t i = 0; i < kAgencies; ++i) {
    genesis.agencies.push_back(
        agency(agency_code(i), i % 2 == 0 ? "330000" : "310000", kType, action::kIssue | action::kChange));
    genesis.agencies.back().standing.grants.push_back({.type = std::string(kInvoiceType),
                                                       .actions = action::kAll,
                                                       .from = day("2018-01-01"),
                                                       .to = std::nullopt});
  }
  std::sort(genesis.agencies.begin(), genesis.agencies.end(),
            [](auto& a, auto& b) { return a.code < b.code; });
  return genesis;
}

std::string version_text(std::size_t version) { return "00" + std::to_string(version); }

class Play {
 public:
  explicit Play(std::uint64_t seed) : dice_(seed), chain_(twenty_agencies()) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t serial = 0; serial < kSerials; ++serial) {
        for (int version = 1; version <= kVersions; ++version) {
          licenses_.push_back(license_id(version_text(static_cast<std::size_t>(version)),
                                         "S" + std::to_string(serial), agency_code(i)));
        }
      }
    }
    for (std::size_t i = 0; i < 6; ++i) invoices_.push_back("2433200000000000000" + std::to_string(i));
  }

  void step() {
    std::string who = agency_code(dice_.below(dice_.below(4) == 0 ? kAgencies : 3));
    std::vector<Operation> operations = dice_.below(2) == 0 ? license_act() : invoice_act();
    const SubjectKey& subject = operations.front().subject;
    if (subject.kind == SubjectKind::license && dice_.below(6) != 0)
      who = split_license_id(subject.id)->issuer;  // most of the time whom it concerns
    ++tried_;
    if (applied(chain_.append(who, std::move(operations)))) ++done_;
  }

  LawChain& chain() { return chain_; }
  const std::vector<std::string>& licenses() const { return licenses_; }
  const std::vector<std::string>& invoices() const { return invoices_; }
  std::size_t done() const { return done_; }
  std::size_t tried() const { return tried_; }

 private:
  std::string any_day() {
    // One throw a statement: compilers differ in the order of operands.
    const std::size_t month = 1 + dice_.below(9);
    const std::size_t year = dice_.below(5);
    return "202" + std::to_string(year) + "-0" + std::to_string(month) + "-15";
  }

  std::vector<Operation> license_act() {
    const std::string id = dice_.of(licenses_);
    const std::string other = dice_.of(licenses_);
    const std::string on = any_day();
    const auto kind = static_cast<SuccessionKind>(1 + dice_.below(3));
    switch (dice_.below(6)) {
      case 0:
        return {chain_.license(id, on)};
      case 1: {
        Operation lapse = chain_.on(license_key(id), LicenseLapse{.to = {kind, license_key(other)}}, on);
        return {lapse, chain_.license(other, on, Succession{kind, license_key(id)})};
      }
      case 2:
        return {chain_.on(
            license_key(id),
            LicenseTransferOut{.province = "310000",
                               .agency = dice_.below(2) == 0 ? "" : agency_code(dice_.below(kAgencies))},
            on)};
      case 3:
        return {chain_.on(license_key(id), LicenseCorrection{.replacement = license_key(other)}, on)};
      default:
        return {chain_.on(license_key(id),
                          LicenseChange{.action = static_cast<LicenseAction>(1 + dice_.below(8))}, on)};
    }
  }

  std::vector<Operation> invoice_act() {
    const SubjectKey invoice{SubjectKind::invoice, dice_.of(invoices_)};
    const SubjectKey red{SubjectKind::invoice, dice_.of(invoices_)};
    const Hash entity = sha256(as_bytes("entity " + std::to_string(dice_.below(3))));
    const std::string on = any_day();
    const auto sum = static_cast<std::int64_t>(dice_.below(4)) * 100;
    switch (dice_.below(8)) {
      case 0:
        return {chain_.on(invoice, issue(sum, std::nullopt), on)};
      case 1:
      case 2:
        return {chain_.on(invoice, InvoiceClaim{.entity = entity, .period = 202406, .voucher = entity}, on)};
      case 3:
        return {chain_.on(invoice, InvoiceUnclaim{.entity = entity}, on)};
      case 4: {
        Operation entry =
            chain_.on(invoice, InvoiceRed{.red = red, .amount_fen = -sum, .tax_fen = -sum / 10}, on);
        return {chain_.on(red, issue(-sum, invoice), on), entry};
      }
      case 5:
        return {chain_.on(
            invoice,
            RedRequest{
                .buyer = side(entity), .number = "7", .reason = 1, .needs_confirmation = dice_.below(2) == 0},
            on)};
      case 6:
        return {chain_.on(
            invoice,
            RedReply{
                .buyer = side(entity), .number = "7", .answer = static_cast<RedAnswer>(1 + dice_.below(3))},
            on)};
      default:
        return {
            chain_.on(invoice, InvoiceChange{.action = static_cast<InvoiceAction>(1 + dice_.below(3))}, on)};
    }
  }
  std::optional<Hash> side(const Hash& entity) {
    return dice_.below(2) == 0 ? std::nullopt : std::optional(entity);
  }
  static InvoiceIssue issue(std::int64_t sum, std::optional<SubjectKey> original) {
    return {.commitment = sha256(as_bytes("document")),
            .blue = sum >= 0 && !original,
            .amount_fen = sum,
            .tax_fen = sum / 10,
            .seller = std::nullopt,
            .buyer = std::nullopt,
            .original = std::move(original)};
  }

  Dice dice_;
  LawChain chain_;
  std::vector<std::string> licenses_;
  std::vector<std::string> invoices_;
  std::size_t done_ = 0;
  std::size_t tried_ = 0;
};

bool is_live(const LicenseStanding& license) {
  return license.state == LicenseState::valid || license.state == LicenseState::suspended;
}

// What holds of the licenses at every moment.
void check_licenses(const Play& play, const LawChain& chain) {
  std::map<std::string, int> alive;  // by lineage
  for (const std::string& id : play.licenses()) {
    const auto standing = chain.find(license_key(id));
    if (!standing) continue;
    const auto& license = std::get<LicenseStanding>(standing->detail);
    if (is_live(license)) ++alive[split_license_id(id)->lineage()];
    EXPECT_EQ(license.state == LicenseState::lapsed,
              license.successor && license.successor->kind != SuccessionKind::transfer);
    EXPECT_FALSE(license.offer && license.state != LicenseState::valid) << id;
    EXPECT_FALSE(license.correction && !is_terminal(license.state)) << id;
    if (!license.successor) continue;
    // Linked both ways, and the young one came in the same submission.
    const auto next = chain.find(license.successor->other);
    ASSERT_TRUE(next) << id;
    const auto& young = std::get<LicenseStanding>(next->detail);
    ASSERT_TRUE(young.predecessor) << id;
    EXPECT_EQ(young.predecessor->other, license_key(id));
  }
  for (const auto& [lineage, count] : alive) EXPECT_EQ(count, 1) << lineage;
}

void check_invoices(const Play& play, const LawChain& chain) {
  for (const std::string& number : play.invoices()) {
    const auto standing = chain.find({SubjectKind::invoice, number});
    if (!standing) continue;
    const auto& invoice = std::get<InvoiceStanding>(standing->detail);
    if (invoice.blue) {
      EXPECT_GE(invoice.amount_fen + invoice.red_amount_fen, 0) << number;
      EXPECT_GE(invoice.tax_fen + invoice.red_tax_fen, 0) << number;
      EXPECT_LE(invoice.red_amount_fen, 0) << number;
    } else {
      EXPECT_FALSE(invoice.claim) << number;
      EXPECT_EQ(invoice.red_amount_fen, 0) << number;
    }
    EXPECT_FALSE(invoice.annulled) << "a 20-digit invoice is no legacy kind";
    EXPECT_FALSE(invoice.archived && !invoice.claim) << number;
  }
}

// A state that never comes back once it was terminal.
void check_terminal(const std::map<SubjectKey, Standing>& before,
                    const std::map<SubjectKey, Standing>& after) {
  for (const auto& [key, standing] : before) {
    const auto* was = std::get_if<LicenseStanding>(&standing.detail);
    if (was == nullptr || !is_terminal(was->state)) continue;
    EXPECT_EQ(std::get<LicenseStanding>(after.at(key).detail).state, was->state) << key.text();
  }
}

TEST(LawProperty, NoSequenceOfTwentyAgenciesLeavesTheLaw) {
  std::size_t done = 0;
  std::size_t tried = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Play play(seed);
    for (int i = 0; i < 300; ++i) {
      const auto before = play.chain().state;
      play.step();
      check_licenses(play, play.chain());
      check_invoices(play, play.chain());
      check_terminal(before, play.chain().state);
      if (::testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    done += play.done();
    tried += play.tried();
  }
  std::printf("12 seeds: %zu of %zu submissions applied\n", done, tried);
  EXPECT_GT(done, 300U) << "a play in which hardly anything happens shows nothing";
}

// Replayed block by block on an empty state, and on whatever build runs this: one root.
TEST(LawProperty, TheSameBlocksGiveTheSameStateRoot) {
  Play play(2024);
  for (int i = 0; i < 400; ++i) play.step();
  LawChain again(twenty_agencies());
  for (std::size_t height = 1; height < play.chain().blocks.size(); ++height) {
    again.extend(play.chain().blocks[height].submissions);
    ASSERT_EQ(again.head(), play.chain().blocks[height].header) << "block " << height;
  }
  EXPECT_EQ(to_hex(play.chain().head().state_root),
            "4bf4dbe41d7fa26497a4a404b3a733652b45eda0509b692eaedef325bf5113c8")
      << "the law, a format or the play has changed";
}

}  // namespace
}  // namespace hufu
