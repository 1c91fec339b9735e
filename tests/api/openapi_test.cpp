// The description for strangers is true: every route stands in it, and nothing else; every reference leads somewhere; what
// the views write is what it describes.
#include "node/api/openapi.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "node/api/json.hpp"
#include "node/api/route.hpp"
#include "tests/api/any_record.hpp"

namespace hufu::api {
namespace {

using namespace hufu::testing;

json::value document() {
  const std::string_view text = openapi_json();
  return json::parse(json::string_view(text.data(), text.size()));
}

TEST(OpenApi, EveryRouteStandsInItAndNothingElse) {
  std::set<std::string> described;
  const json::value api = document();
  for (const auto& path : api.at("paths").as_object()) {
    for (const auto& method : path.value().as_object()) {
      described.insert(std::string(method.key()) + " " + std::string(path.key()));
    }
  }
  std::set<std::string> served;
  for (const RouteName& route : all_routes())
    served.insert(std::string(route.method) + " " + std::string(route.path));
  EXPECT_EQ(described, served);
}

void expect_references_lead_somewhere(const json::value& api, const json::value& value) {
  if (const auto* array = value.if_array()) {
    for (const json::value& element : *array) expect_references_lead_somewhere(api, element);
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  for (const auto& member : *object) {
    if (member.key() == "$ref") {
      const std::string pointer(member.value().as_string().c_str() + 1);
      EXPECT_NO_THROW(api.at_pointer(pointer)) << pointer;
    }
    expect_references_lead_somewhere(api, member.value());
  }
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  const json::value api = document();
  expect_references_lead_somewhere(api, api);
}

// Members that are written stand in the schema; members that it requires are written.
void expect_described(const json::value& api, const char* name, const json::object& view) {
  const json::object& schema = api.at("components").at("schemas").at(name).as_object();
  const json::object& properties = schema.at("properties").as_object();
  const bool open = !schema.contains("additionalProperties");
  for (const auto& member : view) {
    EXPECT_TRUE(open || properties.contains(member.key())) << name << " writes " << member.key();
  }
  for (const json::value& required : schema.at("required").as_array()) {
    EXPECT_TRUE(view.contains(required.as_string())) << name << " lacks " << required;
  }
}

TEST(OpenApi, TheViewsWriteWhatItDescribes) {
  const json::value api = document();
  Chain chain;
  ASSERT_TRUE(applied(chain.append(kPlatform, {issue_invoice()})));
  const SubjectKey invoice{SubjectKind::invoice, kInvoice};
  const Submission& submission = chain.blocks[1].submissions[0];
  expect_described(api, "Submission", to_json(submission));
  expect_described(api, "Operation", to_json(submission.operations[0]));
  expect_described(api, "Operation", to_json(issue_license()));
  expect_described(api, "Block", to_json(chain.blocks[1], chain.ledger));
  expect_described(api, "Genesis", to_json(chain.genesis));
  expect_described(api, "StandingAnswer",
                   to_json(StandingAnswer{.key = invoice, .standing = {}, .as_of = {}}));
  expect_described(api, "HistoryAnswer",
                   to_json(HistoryAnswer{.key = invoice, .entries = {}, .total = 0, .as_of = {}}));
  HistoryAnswer history{.key = invoice, .entries = {}, .total = 1, .as_of = {}};
  history.entries.push_back({.operation = submission.operations[0],
                             .place = {},
                             .index = 0,
                             .time_ms = 0,
                             .agency = kPlatform,
                             .submission = {}});
  expect_described(api, "HistoryEntry", to_json(history).at("operations").at(0).as_object());
  const Receipt receipt{.ledger = chain.ledger, .header = submission.header};
  expect_described(api, "Receipt", to_json(receipt));
  expect_described(api, "Accepted",
                   to_json(Accepted{.receipt = receipt, .repeated = true, .cosignatures = {}}));
  expect_described(api, "Cosignature", to_json(std::vector<Cosignature>{{}}).at(0).as_object());
  expect_described(api, "Consistency", to_json(ConsistencyAnswer{}));
  Proof proof;
  proof.evidence = chain.evidence(invoice);
  expect_described(api, "Proof", to_json(proof));
  expect_described(api, "RegistryAnswer", to_json(RegistryAnswer{}));
  expect_described(api, "ReceiptAnswer", to_json(ReceiptAnswer{}));
  expect_described(api, "AsOf", to_json(AsOf{}));
  expect_described(api, "Head", to_json(Head{}));
  expect_described(api, "NodeStatus", to_json(NodeStatus{}));
  expect_described(api, "ClusterStatus", to_json(ClusterStatus{}));
  expect_described(api, "Member", to_json(chain.genesis.roster.members[0]));
  expect_described(api, "AccessPage", to_json(AccessPage{}));
  expect_described(api, "AccessEntry", to_json(SignedEntry{}));
  expect_described(api, "Problem", to_json(problem(Error::usage)));
}

TEST(OpenApi, EveryKindOfOperationStandsInIt) {
  const json::value api = document();
  std::set<std::string> described;
  for (const json::value& kind :
       api.at_pointer("/components/schemas/Operation/properties/kind/enum").as_array())
    described.insert(kind.as_string().c_str());
  std::set<std::string> written;
  for (const Payload& payload : any::kinds_of_payload()) {
    const json::object view =
        to_json(Operation{.subject = {SubjectKind::agency, "A"}, .effective = 1, .payload = payload});
    expect_described(api, "Operation", view);
    written.insert(view.at("kind").as_string().c_str());
  }
  EXPECT_EQ(described, written);
}

template <std::size_t I = 0>
void expect_decisions_described(const json::value& api) {
  using Body = decltype(Decision::body);
  if constexpr (I < std::variant_size_v<Body>) {
    const json::object view = to_json(Decision{.body = Body(std::in_place_index<I>)});
    expect_described(api, "Decision", view);
    EXPECT_TRUE(json::serialize(api.at_pointer("/components/schemas/Decision/properties/kind/enum"))
                    .find(json::serialize(view.at("kind"))) != std::string::npos);
    expect_decisions_described<I + 1>(api);
  }
}
TEST(OpenApi, EveryKindOfDecisionStandsInIt) { expect_decisions_described(document()); }

template <std::size_t I = 0>
void expect_standings_described(const json::value& api, const json::object& schema_of) {
  if constexpr (I < std::variant_size_v<Detail>) {
    const json::object view = to_json(Standing{.detail = Detail(std::in_place_index<I>)});
    const std::string schema = schema_of.at(view.at("kind").as_string()).as_string().c_str();
    expect_described(api, schema.substr(schema.rfind('/') + 1).c_str(), view);
    expect_standings_described<I + 1>(api, schema_of);
  }
}
TEST(OpenApi, EveryKindOfStandingStandsInIt) {
  const json::value api = document();
  const json::object& schema_of =
      api.at_pointer("/components/schemas/Standing/discriminator/mapping").as_object();
  EXPECT_EQ(schema_of.size(), std::variant_size_v<Detail>);
  expect_standings_described(api, schema_of);
}

}  // namespace
}  // namespace hufu::api
