// Records as JSON: rules J1 to J5 of node/api/json.hpp.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "node/api/json.hpp"
#include "tests/api/any_record.hpp"

namespace hufu::api {
namespace {

using namespace hufu::testing;
using namespace hufu::testing::any;

Submission sample() {
  Chain chain;
  return chain.sign(kIssuer, {issue_license()});
}

std::string text_of(const Submission& submission) { return json::serialize(to_json(submission)); }

JsonFault fault_of(const std::string& text) {
  const auto read = submission_from_json(text);
  EXPECT_FALSE(read) << text;
  return read ? JsonFault{} : read.error();
}

// The sample with one member of its first operation set, or taken away.
std::string with(std::string_view key, const std::optional<json::value>& value) {
  json::object out = to_json(sample());
  json::object& operation = out["operations"].as_array().at(0).as_object();
  if (value) {
    operation[key] = *value;
  } else {
    operation.erase(key);
  }
  return json::serialize(out);
}

RC_GTEST_PROP(RecordJson, J3AnySubmissionReadsBackAsItWas, ()) {
  Submission submission;
  submission.header.genesis = hash();
  submission.header.agency = *rc::gen::element<std::string>("A", "11330302XT00001376", "税务局");
  submission.header.key = {bytes<32>()};
  submission.header.request_id = bytes<16>();
  submission.signature = {bytes<64>()};
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) submission.operations.push_back(operation());
  submission.header.count = static_cast<std::uint32_t>(count);
  submission.header.root = tree_root(operation_hashes(submission.operations));
  const auto read = submission_from_json(text_of(submission));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == submission);
  RC_ASSERT(*submission_from_json(pretty(to_json(submission))) == submission);
}

TEST(RecordJson, J3EveryKindOfOperationReadsBackByItsName) {
  std::set<std::string_view> names;
  for (const Payload& payload : kinds_of_payload()) {
    const Operation before{.subject = {SubjectKind::agency, "A"}, .effective = 1, .payload = payload};
    const json::object view = to_json(before);
    EXPECT_EQ(std::string_view(view.at("kind").as_string()), name_of(payload));
    EXPECT_TRUE(names.insert(name_of(payload)).second) << name_of(payload);
    const auto read = operation_from_json(view);
    ASSERT_TRUE(read) << name_of(payload) << " " << text_of(read.error());
    EXPECT_EQ(*read, before) << name_of(payload);
  }
  EXPECT_EQ(names.size(), 30u);
}

// A history writes an operation's members beside those of its place: none hides another.
TEST(RecordJson, AHistoryHidesNothingOfAnOperation) {
  for (const Payload& payload : kinds_of_payload()) {
    HistoryAnswer history;
    history.entries.push_back(
        {.operation = {.subject = {SubjectKind::agency, "A"}, .effective = 1, .payload = payload}});
    const json::object operation = to_json(history.entries[0].operation);
    const json::object entry = to_json(history).at("operations").at(0).as_object();
    for (const auto& member : operation) EXPECT_EQ(entry.at(member.key()), member.value()) << member.key();
    EXPECT_EQ(entry.size(), operation.size() + 6) << name_of(payload);
  }
}

RC_GTEST_PROP(RecordJson, J3AnyDecisionReadsBackAsItWas, ()) {
  const Decision before = decision();
  const auto read = decision_from_json(pretty(to_json(before)));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == before);
}

TEST(RecordJson, ADecisionMayLeaveOutWhatMeansNone) {
  const auto read = decision_from_json(R"({"target": "catalogue:310000/T", "kind": "CATALOGUE_ENTRY",
                                           "effective": "2024-01-01", "name": "营业执照"})");
  ASSERT_TRUE(read) << text_of(read.error());
  EXPECT_EQ(std::get<CatalogueEntry>(read->body).entry.name, "营业执照");
  EXPECT_FALSE(read->previous);
}

TEST(RecordJson, J2FaultsOfADecisionHaveTheirPlace) {
  json::object draft = to_json(Operation{
      .subject = {SubjectKind::agency, "A"},
      .payload =
          Propose{{.target = {SubjectKind::agency, "A"},
                   .body = KeyEntry{{.key = {}, .scope = {{.type = "T", .actions = action::kIssue}}}}}}});
  const auto fault_with = [&](auto change) {
    json::object broken = draft;
    change(broken["decision"].as_object());
    const auto read = operation_from_json(broken);
    EXPECT_FALSE(read);
    return read ? JsonFault{} : read.error();
  };
  EXPECT_EQ(fault_with([](auto& d) { d.erase("target"); }).pointer, "/decision/target");
  EXPECT_EQ(fault_with([](auto& d) { d["kind"] = "KEY_PARTY"; }).pointer, "/decision/kind");
  EXPECT_EQ(fault_with([](auto& d) { d["threshold"] = 1; }).error, Error::field_unknown);
  EXPECT_EQ(fault_with([](auto& d) { d["scope"].at(0).as_object()["actions"] = json::array{"fly"}; }).pointer,
            "/decision/scope/0/actions/0");
  draft.erase("decision");
  EXPECT_EQ(operation_from_json(draft).error().error, Error::field_missing);
}

TEST(RecordJson, StandingsSayWhatTheLawDerives) {
  InvoiceStanding invoice{.issuer = "TAX", .amount_fen = 100, .tax_fen = 13};
  EXPECT_EQ(to_json(Detail(invoice)).at("redness").as_string(), "NONE");
  invoice.red_amount_fen = -40;
  EXPECT_EQ(to_json(Detail(invoice)).at("redness").as_string(), "PARTIAL");
  EXPECT_EQ(to_json(Detail(invoice)).at("redAmount").as_string(), "-0.40");
  invoice.red_amount_fen = -100;
  invoice.red_tax_fen = -13;
  EXPECT_EQ(to_json(Detail(invoice)).at("redness").as_string(), "FULL");
  EXPECT_FALSE(to_json(Detail(invoice)).at("reversalDue").as_bool());
  invoice.claim = Claim{};
  EXPECT_TRUE(to_json(Detail(invoice)).at("reversalDue").as_bool());

  LicenseStanding license{.issuer = kIssuer, .state = LicenseState::lapsed};
  license.successor = Succession{SuccessionKind::renew, {SubjectKind::license, kLicense}};
  license.offer = TransferOffer{.province = "310000", .agency = ""};
  const json::object view = to_json(Detail(license));
  EXPECT_EQ(view.at("state").as_string(), "SUPERSEDED");
  EXPECT_EQ(view.at("successor").at("by").as_string(), "RENEW");
  EXPECT_EQ(view.at("successor").at("subject").as_string(), json::string("license:" + kLicense));
  EXPECT_TRUE(view.at("offer").at("agency").is_null());
  EXPECT_TRUE(view.at("disputed").is_null());
}

TEST(RecordJson, ASignedSubmissionStillVerifiesAfterJson) {
  Chain chain;
  const Submission submission = chain.sign(kPlatform, {issue_invoice()});
  const auto read = submission_from_json(text_of(submission));
  ASSERT_TRUE(read) << text_of(read.error());
  EXPECT_TRUE(check_signed(chain.ledger, *read));
}

TEST(RecordJson, J1FormsOfAnInvoice) {
  const json::object view = to_json(issue_invoice());
  EXPECT_EQ(view.at("amount").as_string(), "6181.77");
  EXPECT_EQ(view.at("tax").as_string(), "370.91");
  EXPECT_EQ(view.at("effective").as_string(), "2024-05-12");
  EXPECT_EQ(view.at("subject").as_string(), json::string("invoice:" + kInvoice));
  EXPECT_EQ(view.at("kind").as_string(), "INVOICE_ISSUE");
  EXPECT_TRUE(view.at("original").is_null());
}

TEST(RecordJson, J1NumbersBeyondTwoToThe53AreStrings) {
  EXPECT_EQ(json::serialize(number_json(9'007'199'254'740'992)), "9007199254740992");
  EXPECT_EQ(json::serialize(number_json(9'007'199'254'740'993)), "\"9007199254740993\"");
}

TEST(RecordJson, J2EveryMissingMemberIsNamed) {
  for (const char* key : {"genesis", "agency", "key", "requestId", "operations", "signature"}) {
    json::object out = to_json(sample());
    out.erase(key);
    const JsonFault fault = fault_of(json::serialize(out));
    EXPECT_EQ(fault.error, Error::field_missing);
    EXPECT_EQ(fault.pointer, std::string("/") + key);
  }
  for (const char* key : {"subject", "kind", "effective", "commitment", "validFrom", "assurance"}) {
    const JsonFault fault = fault_of(with(key, std::nullopt));
    EXPECT_EQ(fault.error, Error::field_missing);
    EXPECT_EQ(fault.pointer, std::string("/operations/0/") + key);
  }
}

TEST(RecordJson, J2UnknownMembersAreRefusedWherever) {
  json::object out = to_json(sample());
  out["colour"] = "red";
  EXPECT_EQ(fault_of(json::serialize(out)).pointer, "/colour");
  const JsonFault inside = fault_of(with("a/b~c", 1));
  EXPECT_EQ(inside.error, Error::field_unknown);
  EXPECT_EQ(inside.pointer, "/operations/0/a~1b~0c");
  // A member of another kind of operation is unknown here.
  EXPECT_EQ(fault_of(with("amount", "1.00")).error, Error::field_unknown);
}

TEST(RecordJson, J2ANameTwiceIsRefused) {
  std::string text = text_of(sample());
  text.insert(1, R"("agency":"A",)");
  EXPECT_EQ(fault_of(text).error, Error::json_malformed);
  // Escapes do not hide it.
  text = text_of(sample());
  text.insert(1, R"("\u0061gency":"A",)");
  EXPECT_EQ(fault_of(text).error, Error::json_malformed);
}

TEST(RecordJson, J2WrongValuesAreRefusedWithTheirPlace) {
  EXPECT_EQ(fault_of(with("effective", "2024-02-30")).error, Error::day_malformed);
  EXPECT_EQ(fault_of(with("effective", 19000)).error, Error::field_invalid);
  EXPECT_EQ(fault_of(with("commitment", "00ff")).error, Error::hex_malformed);
  EXPECT_EQ(fault_of(with("kind", "LICENSE_EXPLODE")).pointer, "/operations/0/kind");
  EXPECT_EQ(fault_of(with("assurance", "L4")).pointer, "/operations/0/assurance");
  EXPECT_EQ(fault_of(with("subject", json::string(kLicense.substr(0, kLicense.size() - 1) + "6"))).error,
            Error::id_check_char);
  EXPECT_EQ(fault_of(with("subject", "tree:oak")).error, Error::id_malformed);
}

TEST(RecordJson, J2NotJson) {
  for (const char* text :
       {"", "{", "[]", "null", "{\"genesis\":1}", "{} {}", "\xff", "{'a':1}", "{\"a\":1,}"}) {
    const JsonFault fault = fault_of(text);
    EXPECT_FALSE(fault.why.empty()) << text;
  }
  const std::string deep(100'000, '[');
  EXPECT_EQ(fault_of(deep).error, Error::json_malformed);
}

TEST(RecordJson, TooManyOperationsAreRefused) {
  json::object out = to_json(sample());
  const json::value one = out["operations"].as_array().at(0);
  json::array many(limits::kOperationsPerSubmission + 1, one);
  out["operations"] = std::move(many);
  EXPECT_EQ(fault_of(json::serialize(out)).error, Error::too_long);
}

// J5: a hostile peer's values come out as JSON all the same.
TEST(RecordJson, J5WritingIsTotal) {
  Operation operation = issue_license();
  operation.subject.id = std::string("\xff\xfe\0虎", 6) + "\"";
  operation.effective = std::numeric_limits<CivilDay>::max();
  std::get<LicenseIssue>(operation.payload).valid_to = std::numeric_limits<CivilDay>::min();
  const std::string text = json::serialize(to_json(operation));
  EXPECT_TRUE(is_utf8(text));
  EXPECT_NO_THROW(json::parse(text));
  AgencyStanding agency{
      .name = "\xc3", .province = "33", .keys = {}, .grants = {{.type = "T", .actions = 0xFFFF'FFFF}}};
  agency.keys.push_back({.key = {}, .from_ms = 0xFFFF'FFFF'FFFF'FFFF, .to_ms = 1});
  const json::object view = to_json(Detail(agency));
  EXPECT_EQ(view.at("name").as_string(), "\xEF\xBF\xBD");
  EXPECT_EQ(view.at("grants").at(0).at("actions").as_array().size(), 4u) << "bits without a name are shown";
  InvoiceStanding sums{.amount_fen = std::numeric_limits<std::int64_t>::min()};
  sums.red_amount_fen = sums.amount_fen;
  EXPECT_EQ(to_json(Detail(sums)).at("redness").as_string(), "PARTIAL");
  Submission extreme = sample();
  extreme.operations[0].payload = InvoiceIssue{.amount_fen = std::numeric_limits<std::int64_t>::min()};
  EXPECT_TRUE(is_utf8(text_of(extreme)));
}

TEST(RecordJson, Moments) {
  EXPECT_EQ(moment_text(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(moment_text(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(parse_moment("2023-11-14T22:13:20.123Z").value(), 1'700'000'000'123u);
  EXPECT_EQ(parse_moment("2023-11-14T22:13:20Z").value(), 1'700'000'000'000u);
  for (const char* text :
       {"", "2023-11-14", "2023-11-14T24:00:00Z", "2023-11-14T22:13:20.12Z", "2023-11-14T22:13:20+08:00",
        "1969-12-31T23:59:59Z", "2023-11-31T00:00:00Z", "2023-11-14T22:13:20.123Zx"}) {
    EXPECT_FALSE(parse_moment(text)) << text;
  }
}

RC_GTEST_PROP(RecordJson, EveryMomentReadsBack, ()) {
  const auto ms = *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{kMaxCivilDay} * 86'400'000);
  RC_ASSERT(parse_moment(moment_text(ms)).value() == ms);
}

TEST(RecordJson, Endpoints) {
  EXPECT_EQ(parse_endpoint("127.0.0.1:7001").value(), (Endpoint{"127.0.0.1", 7001}));
  EXPECT_EQ(parse_endpoint("[::1]:65535").value(), (Endpoint{"::1", 65535}));
  EXPECT_EQ(endpoint_text({"::1", 1}), "[::1]:1");
  for (const char* text : {"", "a", "a:", ":1", "a:0", "a:65536", "a:01", "a:1x", "::1:80", "[a]:1", "a b:1",
                           "[::1:80", "u@a:1"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

}  // namespace
}  // namespace hufu::api
