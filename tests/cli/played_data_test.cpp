// Whole data sets played on a ledger in memory: every event is accepted in order, every one that must be refused is refused
// with its reason, every case of the counter has its verdict and all its reasons. This is the program's own example, and a
// larger one beside the repository where it is there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include "cli/commands/verify_batch.hpp"
#include "cli/files.hpp"
#include "cli/text/lines.hpp"
#include "ledger/proof/recognition.hpp"
#include "node/api/json_reader.hpp"
#include "tests/cli/play_world.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;
using testing::FromChain;
using testing::PlayedWorld;

std::string member(const json::value& value, std::string_view name) {
  const json::value* const found = value.as_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

class PlayedData : public ::testing::TestWithParam<const char*> {
 protected:
  // The larger one lies beside the repository, or where HUFU_SHARED says.
  static std::string directory() {
    const char* const named = std::getenv("HUFU_SHARED");
    if (GetParam() == std::string("shared")) {
      return (named != nullptr ? std::string(named) : std::string(HUFU_SOURCE_DIR) + "/../shared") + "/data";
    }
    return std::string(HUFU_SOURCE_DIR) + "/genesis/" + GetParam();
  }
  // take(number, line, value) for every line of a file of the data set; false: it is not there.
  template <class Take>
  static bool each(const std::string& name, Take take) {
    const Try<Bytes> content = read_file(directory() + "/canonical/" + name, 1U << 30);
    if (!content) return false;
    text::each_line(as_text(*content), [&](std::size_t number, std::string_view line) {
      take(number, line, api::parse_json(line).value());
    });
    return true;
  }
};

std::string told(const std::vector<play::RefusedEvent>& refused) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(refused.size(), 20); ++i) {
    text += refused[i].file + ":" + std::to_string(refused[i].line) + " " + refused[i].event + " " +
            refused[i].subject.id + " " + std::string(code_of(refused[i].error)) + "\n";
  }
  return text;
}

// The first error, as the batch command answers it.
std::string answer_to(PlayedWorld& world, std::string_view line) {
  const Preparing<play::Event> event = play::read_event(line);
  if (!event) return std::string(code_of(event.error().error));
  const FromChain known(world.chain, world.salts);
  const CivilDay today = china_day_at(static_cast<std::int64_t>(testing::kNow));
  const Preparing<play::Act> act =
      play::act_of(*event, play::day_of(*event, std::nullopt, known, today), known);
  if (!act) return std::string(code_of(act.error().error));
  const Submission submission = world.chain.sign(act->agency, act->operations);
  const std::optional<Outcome> refused =
      judge(world.chain.ledger, submission, world.chain, world.chain.head().time_ms + 1000);
  return refused ? std::string(code_of(hufu::testing::error_of(*refused))) : "accepted";
}

// What a counter is told, as the batch command tells it.
json::object answer_to(const PlayedWorld& world, const Case& asked) {
  const CivilDay day = asked.day.value();
  const Result<SubjectKey> subject = parse_subject(asked.asked);
  if (!subject) {
    return answer_of(asked, day,
                     judge_nothing(subject.error() == Error::id_check_char ? Reason::id_check_char
                                                                           : Reason::id_malformed));
  }
  std::vector<SubjectKey> besides;
  const auto standing = world.chain.state.find(*subject);
  if (standing != world.chain.state.end()) {
    const auto& license = std::get<LicenseStanding>(standing->second.detail);
    const Standing issuer = world.chain.find({SubjectKind::agency, license.issuer}).value();
    besides.push_back(agreement_key(std::get<AgencyStanding>(issuer.detail).province, asked.verifier));
  }
  const auto issued = world.documents.find(*subject);
  std::optional<Document> document;
  if (issued != world.documents.end()) document = presented(issued->second, asked);
  Question question{.subject = *subject, .document = document ? &*document : nullptr, .day = day};
  question.freshness.confirmed = true;
  question.freshness.now_ms = world.chain.head().time_ms;
  question.verifier = asked.verifier;
  question.scenario = asked.scenario;
  return answer_of(asked, day,
                   judge_evidence(world.chain.genesis, question, world.chain.evidence(*subject, besides)));
}

std::string told(const json::value& answer) {
  std::set<std::string> reasons;
  for (const json::value& reason : answer.at("reasons").as_array()) reasons.emplace(reason.as_string());
  std::string text = member(answer, "verdict");
  for (const std::string& reason : reasons) text += " " + reason;
  return text + " -> " + member(answer, "mapsTo");
}

// "Not the issuer", of an agency that issued it: such a line expects what no law can give.
bool contradicts_itself(const json::value& reject) {
  if (member(reject, "reason") != code_of(Error::lic_not_issuer)) return false;
  const std::string subject = member(reject, "certIdentifier");
  const Result<LicenseId> id = parse_license_id(subject);
  return id && id->issuer == member(reject, "agency");
}

TEST_P(PlayedData, EveryEventIsAcceptedEveryRejectRefusedEveryCaseDecided) {
  if (!fs::exists(directory())) GTEST_SKIP() << directory() << " is not there";
  Try<demo::DataSet> data = demo::load_data_set(directory());
  ASSERT_TRUE(data) << data.error().what << ": " << data.error().why;
  PlayedWorld world(std::move(*data));
  const Try<void> played = world.play();
  ASSERT_TRUE(played) << played.error().what << ": " << code_of(played.error().error) << " "
                      << played.error().why;

  const play::Player& player = world.playing.player();
  EXPECT_EQ(player.refused().size(), 0U) << told(player.refused());
  EXPECT_GT(player.licenses().total + player.invoices().total, 0U);
  EXPECT_EQ(player.licenses().accepted, player.licenses().total);
  EXPECT_EQ(player.invoices().accepted, player.invoices().total);
  std::cout << "events: licenses " << player.licenses().accepted << " of " << player.licenses().total << " ("
            << player.licenses().derived << " derived), invoices " << player.invoices().accepted << " of "
            << player.invoices().total << " (" << player.invoices().deferred << " after a lock), "
            << world.carrier.operations() << " operations in " << world.sender.submissions()
            << " submissions\n";

  std::size_t rejects = 0;
  each("reject_events.jsonl", [&](std::size_t number, std::string_view line, const json::value& value) {
    ++rejects;
    if (contradicts_itself(value)) {
      std::cout << "line " << number << " contradicts itself: " << line << "\n";
      return;
    }
    EXPECT_EQ(answer_to(world, line), member(value, "reason")) << "line " << number << ": " << line;
  });
  std::cout << "rejects: " << rejects << "\n";

  std::size_t cases = 0;
  each("verify_cases.jsonl", [&](std::size_t number, std::string_view line, const json::value& value) {
    ++cases;
    EXPECT_EQ(told(answer_to(world, read_case(line).value())), told(value))
        << "line " << number << ": " << line;
  });
  std::cout << "cases: " << cases << "\n";
}

INSTANTIATE_TEST_SUITE_P(Sets, PlayedData, ::testing::Values("five", "sample", "shared"));

}  // namespace
}  // namespace hufu::cli
