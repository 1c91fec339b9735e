// Request lines: every question has one, everything else is refused with the right status.
#include "node/api/route.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/ledger/world.hpp"

namespace hufu::api {
namespace {

using hufu::testing::kInvoice;
using hufu::testing::kLicense;

unsigned status_of(Method method, std::string_view target) {
  const Routed routed = route(method, target);
  const auto* fault = std::get_if<RouteFault>(&routed);
  return fault == nullptr ? 200 : fault->status;
}
unsigned status_of(std::string_view target) { return status_of(Method::get, target); }

std::vector<Question> every_question() {
  const SubjectKey license{SubjectKind::license, kLicense};
  const SubjectKey request{SubjectKind::request, "机关/%?&#=00ff"};
  RequestId id{};
  id[3] = 0xAB;
  return {
      ask::Submit{},
      ask::Submit{.wait = WaitWish::committed},
      ask::ProofOf{.key = license},
      ask::ProofOf{
          .key = request, .read = ReadWish::local, .wish = {.since = 7, .verifiers = {"310000", "330000"}}},
      ask::ProofOf{.key = license, .wish = {.since = 0xFFFF'FFFF'FFFF'FFFF}},
      ask::ProofOf{.key = license, .wish = {.verifiers = {"310000"}}},
      ask::LogConsistency{.from = 0, .to = 12},
      ask::CheckpointNote{},
      ask::TileAt{.tile = {.level = 0, .index = 1'234'067}},
      ask::TileAt{.tile = {.level = std::nullopt, .index = 0, .width = 3}},
      ask::Subject{.key = license},
      ask::Subject{.key = request, .read = ReadWish::local},
      ask::Standing{.key = license, .read = ReadWish::local},
      ask::History{.key = request},
      ask::ReceiptOf{.submission = sha256(as_bytes("a")), .read = ReadWish::local},
      ask::ReceiptOfRequest{.agency = "a/b 机", .request_id = id},
      ask::Registry{.kind = SubjectKind::agency},
      ask::Registry{
          .kind = SubjectKind::catalogue, .after = "310000/机&?", .limit = 1, .read = ReadWish::local},
      ask::BlockAt{.height = 0},
      ask::BlockAt{.height = 0xFFFF'FFFF'FFFF'FFFF},
      ask::HeadNow{.read = ReadWish::local},
      ask::GenesisFile{},
      ask::StatusNow{},
      ask::ClusterNow{},
      ask::Live{},
      ask::Ready{},
      ask::MetricsText{},
      ask::OpenApi{},
      ask::RecordTrace{},
      ask::Traces{},
      ask::Traces{.from = 0xFFFF'FFFF'FFFF'FFFF, .limit = 1}};
}

TEST(Route, ATargetAsksItsQuestionAgain) {
  for (const Question& question : every_question()) {
    const std::string target = target_of(question);
    const Routed routed = route(method_of(question), target);
    ASSERT_TRUE(std::holds_alternative<Question>(routed)) << target;
    EXPECT_EQ(std::get<Question>(routed), question) << target;
  }
}

TEST(Route, EveryQuestionIsInTheTable) {
  std::set<std::string> asked;
  for (const Question& question : every_question()) asked.emplace(name_of(question).path);
  std::set<std::string> table;
  for (const RouteName& name : all_routes()) table.emplace(name.path);
  EXPECT_EQ(asked, table);
}

RC_GTEST_PROP(Route, AnyIdSurvivesPercentCoding, ()) {
  const auto id = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  RC_PRE(id.size() <= limits::kSubjectId);
  const Question question = ask::History{.key = {SubjectKind::agency, id}};
  const Routed routed = route(Method::get, target_of(question));
  RC_ASSERT(std::holds_alternative<Question>(routed));
  RC_ASSERT(std::get<Question>(routed) == question);
}

TEST(Route, AKindMayBeLeftOutWhereTheFormTells) {
  const Routed routed = route(Method::get, "/v1/subjects/" + kInvoice);
  const auto& asked = std::get<ask::Subject>(std::get<Question>(routed));
  EXPECT_EQ(asked.key, (SubjectKey{SubjectKind::invoice, kInvoice}));
  EXPECT_EQ(asked.read, ReadWish::settled);
}

TEST(Route, UnknownPagesAre404) {
  for (const char* target : {"/",
                             "/v1",
                             "/v1/",
                             "/v2/head",
                             "/v1/head/",
                             "/v1/head/x",
                             "/v1/submissions/1",
                             "/admin",
                             "/v1/subjects",
                             "/v1/blocks",
                             "/a/b/c/d/e/f/g",
                             "/livez/",
                             "//v1/head",
                             "/tile/0",
                             "/tile/0/0",
                             "/tile/0/000?x",
                             "/tile/00/000",
                             "/tile/64/000",
                             "/tile/0/%30000",
                             "/tile/0/000.p/0",
                             "/tile/0/000.p/256",
                             "/tile/entries/x000/000",
                             "/checkpoint/",
                             "/v1/log",
                             "/v1/registry",
                             "/v1/registry/",
                             "/v1/registry/license",
                             "/v1/registry/trees",
                             "/v1/registry/agency/1",
                             "/v1/proofs"}) {
    EXPECT_EQ(status_of(target), 404u) << target;
  }
}

TEST(Route, OtherMethodsAre405AndNameTheRightOne) {
  const Routed get = route(Method::get, "/v1/submissions");
  EXPECT_EQ(std::get<RouteFault>(get).status, 405u);
  EXPECT_EQ(std::get<RouteFault>(get).allow, "POST");
  const Routed post = route(Method::post, "/v1/head");
  EXPECT_EQ(std::get<RouteFault>(post).status, 405u);
  EXPECT_EQ(std::get<RouteFault>(post).allow, "GET");
  EXPECT_EQ(status_of(Method::other, "/v1/head"), 405u);
  EXPECT_EQ(status_of(Method::other, "/nowhere"), 404u);
}

TEST(Route, MalformedQuestionsAre400) {
  for (const char* target : {"",
                             "v1/head",
                             "/v1/blocks/x",
                             "/v1/blocks/-1",
                             "/v1/blocks/01",
                             "/v1/blocks/99999999999999999999",
                             "/v1/blocks/",
                             "/v1/receipts/00",
                             "/v1/receipts/a/00",
                             "/v1/receipts//00000000000000000000000000000000",
                             "/v1/subjects/%zz",
                             "/v1/subjects/%a",
                             "/v1/subjects/invoice:1",
                             "/v1/head?read=never",
                             "/v1/head?read=local&read=local",
                             "/v1/proofs/invoice:1",
                             "/v1/proofs/license:a?since=-1",
                             "/v1/proofs/agency:a?for=",
                             "/v1/proofs/agency:a?for=310000,",
                             "/v1/proofs/agency:a?for=Shanghai",
                             "/v1/log/consistency",
                             "/v1/log/consistency?from=1",
                             "/v1/log/consistency?from=01&to=2",
                             "/v1/registry/agency?limit=0",
                             "/v1/registry/agency?limit=1001",
                             "/v1/registry/agency?limit=-1",
                             "/v1/registry/agency?limit=01",
                             "/v1/registry/agency?before=1",
                             "/checkpoint?x",
                             "/v1/head?colour=red",
                             "/v1/head?%",
                             "/v1/genesis?read=local",
                             "/livez?x"}) {
    EXPECT_EQ(status_of(target), 400u) << target;
  }
  EXPECT_EQ(status_of(Method::post, "/v1/submissions?wait=forever"), 400u);
  EXPECT_EQ(status_of(Method::post, "/v1/submissions?wait=certified"), 200u);
  EXPECT_EQ(status_of(Method::post, "/v1/submissions?wait=committed"), 200u);
  EXPECT_EQ(status_of("/v1/head?read=settled"), 200u);
  EXPECT_EQ(status_of("/v1/registry/agency?limit=1000&after="), 200u);
  EXPECT_EQ(status_of("/v1/registry/agency?after=" + std::string(limits::kSubjectId + 1, 'a')), 400u);
}

TEST(Route, TracesArePagedWithinBounds) {
  EXPECT_EQ(status_of("/v1/traces?limit=500"), 200U);
  for (const char* wrong : {"limit=0", "limit=501", "limit=-1", "from=x", "from=1&from=2", "seq=1"})
    EXPECT_EQ(status_of(std::string("/v1/traces?") + wrong), 400U) << wrong;
  EXPECT_EQ(status_of(Method::post, "/v1/traces?from=1"), 400U);
}

// It may be a person's name, and answers are kept by whoever stands on the way.
TEST(Route, AnErrorRepeatsNothingOfTheRequest) {
  const std::string name = "PERSON7";
  for (const std::string& target :
       {"/" + name, "/v1/subjects/" + name, "/v1/subjects/license:" + name, "/v1/subjects/" + name + ":1",
        "/v1/proofs/" + name, "/v1/receipts/" + name, "/v1/receipts/a/" + name, "/v1/blocks/" + name,
        "/v1/head?" + name + "=1", "/v1/head?read=" + name, "/v1/head?" + name + "=1&" + name + "=2",
        "/v1/registry/" + name, "/v1/registry/agency?after=" + name + "&" + name, "/v1/traces?from=" + name,
        "/v1/proofs/roster:?for=" + name, "/tile/" + name, name}) {
    const Routed routed = route(Method::get, target);
    const auto* fault = std::get_if<RouteFault>(&routed);
    ASSERT_NE(fault, nullptr) << target;
    EXPECT_EQ(fault->problem.why.find(name), std::string::npos) << target << ": " << fault->problem.why;
  }
}

}  // namespace
}  // namespace hufu::api
