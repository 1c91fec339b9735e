// The HTTP front end with real sockets: what is asked is answered, what is malformed or too much is refused, and the node
// stays alive through all of it (bounds H1 to H7 of node/http/server.hpp).
#include "node/http/server.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "node/api/json.hpp"
#include "tests/http/fake_node.hpp"
#include "tests/http/raw_client.hpp"

namespace hufu::node {
namespace {

using namespace hufu::testing;
using std::chrono::milliseconds;
namespace json = boost::json;

const std::string kBinary = "Content-Type: application/vnd.hufu\r\n";
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kWantBinary = "Accept: application/vnd.hufu\r\n";

std::string as_string(const Bytes& bytes) { return std::string(as_text(bytes)); }
std::string code_of(const std::string& response) {
  return std::string(json::parse(body_of(response)).at("code").as_string());
}

class HttpServerTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakeNode::World> world = std::make_shared<FakeNode::World>();
  FakeNode node{world};
  HttpOptions options;

  std::string serve(bool tls = false) {
    options.listeners = {{.address = {"127.0.0.1", 0}, .tls = tls}};
    return node.serve(options, node_seed());
  }
  Submission signed_license() { return world->chain.sign(kIssuer, {issue_license()}); }
  void expect_alive(const std::string& url) { EXPECT_EQ(status_of(testing::ask(url, "GET", "/livez")), 200); }
};

TEST_F(HttpServerTest, AppendsABinarySubmissionAndReadsItBackInEveryForm) {
  const std::string url = serve();
  const Submission submission = signed_license();
  const std::string response =
      testing::ask(url, "POST", "/v1/submissions", kBinary + kWantBinary, as_string(encode(submission)));
  ASSERT_EQ(status_of(response), 200) << response;
  EXPECT_EQ(header_of(response, "Content-Type"), "application/vnd.hufu");
  const auto accepted = decode<api::Accepted>(as_bytes(body_of(response))).value();
  EXPECT_TRUE(check_receipt(world->chain.ledger, accepted.receipt));
  EXPECT_FALSE(accepted.repeated);

  const std::string again =
      testing::ask(url, "POST", "/v1/submissions", kBinary, as_string(encode(submission)));
  EXPECT_EQ(status_of(again), 200);
  EXPECT_TRUE(json::parse(body_of(again)).at("repeated").as_bool());

  const std::string subject = "/v1/subjects/license:" + kLicense;
  const std::string standing = testing::ask(url, "GET", subject);
  EXPECT_EQ(json::parse(body_of(standing)).at("standing").at("state").as_string(), "VALID");
  EXPECT_EQ(json::parse(body_of(standing)).at("asOf").at("height").as_int64(), 1);
  const std::string evidence = testing::ask(url, "GET", subject, kWantBinary);
  const auto proof = decode<Evidence>(as_bytes(body_of(evidence))).value();
  for (const Check& check : check_evidence(world->chain.genesis, proof))
    EXPECT_NE(check.result, Check::Result::fail) << check.name;
  EXPECT_EQ(json::parse(body_of(testing::ask(url, "GET", subject + "/history"))).at("total").as_int64(), 1);
  const std::string id = to_hex(accepted.receipt.id());
  EXPECT_EQ(json::parse(body_of(testing::ask(url, "GET", "/v1/receipts/" + id)))
                .at("receipt")
                .at("submissionId")
                .as_string(),
            id);
  const std::string request = to_hex(submission.header.request_id);
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/v1/receipts/" + kIssuer + "/" + request)), 200);
}

TEST_F(HttpServerTest, AppendsAJsonSubmission) {
  const std::string url = serve();
  const std::string body = json::serialize(api::to_json(signed_license()));
  const std::string response =
      testing::ask(url, "POST", "/v1/submissions", "Content-Type: application/json; charset=utf-8\r\n", body);
  ASSERT_EQ(status_of(response), 200) << response;
  const json::value view = json::parse(body_of(response));
  EXPECT_EQ(view.at("place").at("height").as_int64(), 1);
  const Bytes receipt = from_base64(std::string_view(view.at("bytes").as_string())).value();
  EXPECT_TRUE(check_receipt(world->chain.ledger, decode<Receipt>(receipt).value()));
}

TEST_F(HttpServerTest, ARefusalNamesEveryOperationAtFault) {
  const std::string url = serve();
  ASSERT_TRUE(applied(world->chain.append(kIssuer, {issue_license()})));
  const std::string response =
      testing::ask(url, "POST", "/v1/submissions", kBinary, as_string(encode(signed_license())));
  EXPECT_EQ(status_of(response), 422);
  const json::value view = json::parse(body_of(response));
  EXPECT_EQ(view.at("code").as_string(), "LIC_DUPLICATE_ISSUE");
  EXPECT_EQ(view.at("outcome").as_string(), "refused");
  EXPECT_EQ(view.at("faults").at(0).at("operation").as_int64(), 0);
  EXPECT_EQ(view.at("faults").at(0).at("place").at("height").as_int64(), 1);
  for (const char* member : {"what", "why", "next"}) EXPECT_TRUE(view.at(member).is_string());
}

TEST_F(HttpServerTest, AnUnknownOutcomeSaysSo) {
  const std::string url = serve();
  node.lose_answer = true;
  const std::string response =
      testing::ask(url, "POST", "/v1/submissions", kBinary, as_string(encode(signed_license())));
  EXPECT_EQ(status_of(response), 504);
  EXPECT_EQ(json::parse(body_of(response)).at("outcome").as_string(), "unknown");
}

TEST_F(HttpServerTest, RetryAfterIsWholeSecondsRoundedUp) {
  const std::string url = serve();
  node.refuse_next = 1;
  node.refusal = {.error = Error::rate_limited, .faults = {}, .retry_after_ms = 1200};
  const std::string response =
      testing::ask(url, "POST", "/v1/submissions", kBinary, as_string(encode(signed_license())));
  EXPECT_EQ(status_of(response), 429);
  EXPECT_EQ(header_of(response, "Retry-After"), "2");
}

TEST_F(HttpServerTest, BlocksAndTheGenesisMayBeCachedForEverOthersNot) {
  const std::string url = serve();
  for (const char* target : {"/v1/blocks/0", "/v1/genesis"}) {
    const std::string response = testing::ask(url, "GET", target, kWantBinary);
    EXPECT_NE(header_of(response, "Cache-Control").find("immutable"), std::string::npos) << target;
    EXPECT_EQ(status_of(testing::ask(url, "GET", target)), 200);
  }
  const Bytes file = to_bytes(as_bytes(body_of(testing::ask(url, "GET", "/v1/genesis", kWantBinary))));
  EXPECT_EQ(decode_genesis(file).value(), world->chain.genesis);
  const std::string missing = testing::ask(url, "GET", "/v1/blocks/9");
  EXPECT_EQ(status_of(missing), 404);
  EXPECT_EQ(header_of(missing, "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(testing::ask(url, "GET", "/v1/head"), "Cache-Control"), "no-store");
}

TEST_F(HttpServerTest, AnAppendSaysWhetherTheQuorumCosigned) {
  const std::string url = serve();
  const Submission submission = signed_license();
  const auto append = [&](const std::string& target) {
    const std::string response = testing::ask(url, "POST", target, kBinary, as_string(encode(submission)));
    EXPECT_EQ(status_of(response), 200) << response;
    return json::parse(body_of(response));
  };
  EXPECT_FALSE(append("/v1/submissions").at("certified").as_bool()) << "nobody cosigned";
  node.cosigners = 1;
  EXPECT_TRUE(append("/v1/submissions?wait=committed").at("cosignatures").as_array().empty());
  const json::value certified = append("/v1/submissions?wait=certified");
  EXPECT_TRUE(certified.at("certified").as_bool());
  EXPECT_EQ(certified.at("cosignatures").at(0).at("member").as_int64(), 1);
  EXPECT_EQ(certified.at("cosignatures").at(0).at("time").as_string(), "2025-10-09T08:55:00.000Z");
}

TEST_F(HttpServerTest, AProofIsServedInBothForms) {
  const std::string url = serve();
  ASSERT_TRUE(applied(world->chain.append(kIssuer, {issue_license()})));
  const std::string target = "/v1/proofs/license:" + kLicense + "?since=1";
  const std::string nobody = testing::ask(url, "GET", target);
  EXPECT_EQ(status_of(nobody), 503);
  EXPECT_EQ(code_of(nobody), "NOT_CERTIFIED");
  node.cosigners = 1;
  const std::string file = testing::ask(url, "GET", target, "Accept: application/vnd.hufu.proof\r\n");
  EXPECT_EQ(header_of(file, "Content-Type"), "application/vnd.hufu.proof");
  const auto proof = decode_proof(as_bytes(body_of(file)));
  ASSERT_TRUE(proof.has_value());
  for (const Check& check : check_proof(founding_anchor(world->chain.genesis), *proof).checks) {
    EXPECT_NE(check.result, Check::Result::fail) << check.name << ": " << check.why;
  }
  const json::value view = json::parse(body_of(testing::ask(url, "GET", target)));
  EXPECT_EQ(view.at("standing").at("state").as_string(), "VALID");
  EXPECT_EQ(view.at("links").at(0).as_int64(), 1);
}

TEST_F(HttpServerTest, TheLogIsServedAsFiles) {
  const std::string url = serve();
  ASSERT_TRUE(applied(world->chain.append(kIssuer, {issue_license()})));
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/checkpoint")), 503);
  node.cosigners = 1;
  const std::string note = testing::ask(url, "GET", "/checkpoint");
  EXPECT_EQ(header_of(note, "Cache-Control"), "public, max-age=2");
  const auto opened = open_checkpoint_note(world->chain.ledger.origin, node.roster_now, body_of(note));
  ASSERT_TRUE(opened.has_value()) << note;
  EXPECT_EQ(opened->checkpoint.size, 2u);
  const std::string bundle = testing::ask(url, "GET", "/tile/entries/000.p/2");
  EXPECT_EQ(header_of(bundle, "Content-Type"), "application/octet-stream");
  EXPECT_NE(header_of(bundle, "Cache-Control").find("immutable"), std::string::npos);
  EXPECT_EQ(parse_entry_bundle(as_bytes(body_of(bundle))).value().at(1), world->chain.head());
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/tile/entries/000.p/3")), 404);
  const json::value path = json::parse(body_of(testing::ask(url, "GET", "/v1/log/consistency?from=1&to=2")));
  EXPECT_EQ(path.at("path").as_array().size(), 1u);
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/v1/log/consistency?from=2&to=3")), 400);
}

TEST_F(HttpServerTest, WhatIsNotThereIs404WithTheHeightItIsNotThereAt) {
  const std::string url = serve();
  const std::string response = testing::ask(url, "GET", "/v1/subjects/license:" + kLicense);
  EXPECT_EQ(status_of(response), 404);
  EXPECT_EQ(code_of(response), "NOT_FOUND");
  EXPECT_EQ(json::parse(body_of(response)).at("asOf").at("height").as_int64(), 0);
  // In canonical form absence is an answer with a proof.
  const std::string evidence = testing::ask(url, "GET", "/v1/subjects/license:" + kLicense, kWantBinary);
  EXPECT_EQ(status_of(evidence), 200);
  EXPECT_FALSE(decode<Evidence>(as_bytes(body_of(evidence))).value().subject.standing);
}

TEST_F(HttpServerTest, HealthStatusMetricsAndDescription) {
  const std::string url = serve();
  EXPECT_EQ(body_of(testing::ask(url, "GET", "/livez")), "ok\n");
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/readyz")), 200);
  node.ready_now = false;
  const std::string not_ready = testing::ask(url, "GET", "/readyz");
  EXPECT_EQ(status_of(not_ready), 503);
  EXPECT_NE(body_of(not_ready).find("no leader is known"), std::string::npos);
  EXPECT_EQ(json::parse(body_of(testing::ask(url, "GET", "/v1/status"))).at("role").as_string(), "leader");
  EXPECT_EQ(json::parse(body_of(testing::ask(url, "GET", "/v1/cluster"))).at("quorum").as_int64(), 1);
  EXPECT_EQ(json::parse(body_of(testing::ask(url, "GET", "/v1/openapi.json"))).at("openapi").as_string(),
            "3.1.0");
  const std::string metrics = body_of(testing::ask(url, "GET", "/metrics"));
  EXPECT_NE(metrics.find("hufu_http_answers_total{"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("hufu_http_connections"), std::string::npos);
}

TEST_F(HttpServerTest, AFollowerSendsSettledReadsToTheLeaderAndAnswersLocalOnes) {
  world->leader = 2;
  node.roster_now = genesis_with({{"127.0.0.1", 8001}, {"127.0.0.2", 8002}}, {{}, {}}).roster;
  const std::string url = serve();
  const std::string elsewhere = testing::ask(url, "GET", "/v1/head?read=settled");
  EXPECT_EQ(status_of(elsewhere), 307);
  EXPECT_EQ(header_of(elsewhere, "Location"), "https://127.0.0.2:8002/v1/head?read=settled");
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/v1/head?read=local")), 200);
  world->leader = 0;
  const std::string nobody = testing::ask(url, "GET", "/v1/head");
  EXPECT_EQ(status_of(nobody), 503);
  EXPECT_EQ(code_of(nobody), "NOT_LEADER");
}

TEST_F(HttpServerTest, WrongRequestsHaveTheRightStatus) {
  const std::string url = serve();
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/nowhere")), 404);
  const std::string method = testing::ask(url, "DELETE", "/v1/head");
  EXPECT_EQ(status_of(method), 405);
  EXPECT_EQ(header_of(method, "Allow"), "GET");
  EXPECT_EQ(status_of(testing::ask(url, "POST", "/v1/submissions", "Content-Type: text/plain\r\n", "x")),
            415);
  EXPECT_EQ(status_of(testing::ask(url, "POST", "/v1/submissions", "", "x")), 415);
  const std::string faulty = testing::ask(url, "POST", "/v1/submissions", kJson, R"({"genesis": 1})");
  EXPECT_EQ(status_of(faulty), 400);
  EXPECT_NE(body_of(faulty).find("/genesis"), std::string::npos);
  EXPECT_EQ(status_of(testing::ask(url, "POST", "/v1/submissions", kBinary, "not a submission")), 400);
  EXPECT_EQ(status_of(testing::ask(url, "GET", "/v1/head", "", "body")), 400);
  // The same in canonical form, for programs.
  const std::string binary = testing::ask(url, "GET", "/nowhere", kWantBinary);
  EXPECT_EQ(decode<api::Problem>(as_bytes(body_of(binary))).value().refusal.error, Error::not_found);
  EXPECT_EQ(node.submits, 1) << "only the binary one went as far as the service";
  expect_alive(url);
}

TEST_F(HttpServerTest, GarbageIsRefusedAndTheConnectionClosed) {
  const std::string url = serve();
  for (const char* bytes :
       {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "hello there\r\n\r\n",
        "GET /v1/head HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        "POST /v1/submissions HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}) {
    RawClient client(url);
    client.send(bytes);
    client.send("\r\n\r\n");
    EXPECT_TRUE(client.closed_within(milliseconds(5000))) << bytes;
  }
  expect_alive(url);
}

TEST_F(HttpServerTest, H1HeadersOverTheBoundAre431) {
  const std::string url = serve();
  const std::string response =
      testing::ask(url, "GET", "/livez", "X-Long: " + std::string(20'000, 'x') + "\r\n");
  EXPECT_EQ(status_of(response), 431);
  expect_alive(url);
}

TEST_F(HttpServerTest, H1ABodyOverTheBoundIs413BeforeItIsRead) {
  const std::string url = serve();
  RawClient client(url);
  client.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\n" + kBinary + "Content-Length: 4194305\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 413);
  // Chunked, the length is not known beforehand.
  RawClient chunked(url);
  chunked.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\n" + kBinary +
               "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  for (int i = 0; i < 5; ++i) chunked.send(chunk);
  EXPECT_EQ(status_of(chunked.response()), 413);
  EXPECT_EQ(node.submits, 0);
  expect_alive(url);
}

TEST_F(HttpServerTest, ABodyOfExactlyTheBoundIsRead) {
  const std::string url = serve();
  const std::string body(limits::kSubmissionBytes, '\0');
  EXPECT_EQ(status_of(testing::ask(url, "POST", "/v1/submissions", kBinary, body)), 400);
  EXPECT_EQ(node.submits, 1);
}

TEST_F(HttpServerTest, ExpectContinueIsAnswered) {
  const std::string url = serve();
  const std::string body = as_string(encode(signed_license()));
  RawClient client(url);
  client.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n" + kBinary +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 100);
  client.send(body);
  EXPECT_EQ(status_of(client.response()), 200);
}

TEST_F(HttpServerTest, H2SlowHeadersAreCutOff) {
  options.header_time = milliseconds(300);
  const std::string url = serve();
  RawClient silent(url);
  RawClient slow(url);
  slow.send("GET /livez HTTP/1.1\r\nX-");
  EXPECT_TRUE(silent.closed_within(milliseconds(3000)));
  EXPECT_TRUE(slow.closed_within(milliseconds(3000)));
  expect_alive(url);
}

TEST_F(HttpServerTest, H2ASlowBodyIsCutOff) {
  options.header_time = milliseconds(300);
  const std::string url = serve();
  RawClient slow(url);
  slow.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\n" + kBinary + "Content-Length: 1000\r\n\r\nabc");
  EXPECT_TRUE(slow.closed_within(milliseconds(3000)));
  EXPECT_EQ(node.submits, 0) << "a truncated body is nobody's submission";
  expect_alive(url);
}

TEST_F(HttpServerTest, ATruncatedBodyIsNotSubmitted) {
  const std::string url = serve();
  {
    RawClient client(url);
    client.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\n" + kBinary + "Content-Length: 1000\r\n\r\nabc");
  }
  expect_alive(url);
  EXPECT_EQ(node.submits, 0);
}

TEST_F(HttpServerTest, H3ConnectionsOverTheBoundAreClosedAndThoseWithinStay) {
  options.max_connections = 10;
  const std::string url = serve();
  std::vector<std::unique_ptr<RawClient>> inside;
  for (int i = 0; i < 10; ++i) {
    inside.push_back(std::make_unique<RawClient>(url));
    ASSERT_TRUE(inside.back()->send("GET /livez HTTP/1.1\r\nHost: t\r\n\r\n"));
    ASSERT_EQ(status_of(inside.back()->response()), 200) << i;
  }
  RawClient outside(url);
  EXPECT_TRUE(outside.closed_within(milliseconds(3000)));
  inside[0]->send("GET /livez HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(inside[0]->response()), 200);
}

TEST_F(HttpServerTest, H4PipelinedRequestsAreAnsweredInOrder) {
  const std::string url = serve();
  RawClient client(url);
  client.send(
      "GET /livez HTTP/1.1\r\nHost: t\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: t\r\n\r\nGET /v1/head "
      "HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 200);
  EXPECT_EQ(status_of(client.response()), 404);
  EXPECT_EQ(json::parse(body_of(client.response())).at("height").as_int64(), 0);
}

TEST_F(HttpServerTest, H5AnIdleConnectionIsClosed) {
  options.idle_time = milliseconds(200);
  const std::string url = serve();
  RawClient client(url);
  client.send("GET /livez HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 200);
  EXPECT_TRUE(client.closed_within(milliseconds(3000)));
}

TEST_F(HttpServerTest, H6WithoutTlsOnlyLoopback) {
  options.listeners = {{.address = {"0.0.0.0", 0}, .tls = false}};
  EXPECT_NE(node.serve(options, node_seed()).find("only on loopback"), std::string::npos);
  FakeNode other{world};
  options.listeners = {{.address = {"not an address", 1}, .tls = true}};
  EXPECT_NE(other.serve(options, node_seed()).find("not an IP address"), std::string::npos);
}

TEST_F(HttpServerTest, H7BodiesTogetherAreBounded) {
  options.max_body_bytes = 5 * 1024 * 1024;
  const std::string url = serve();
  RawClient first(url);
  first.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n" + kBinary +
             "Content-Length: 4194304\r\n\r\n");
  EXPECT_EQ(status_of(first.response()), 100);
  RawClient second(url);
  second.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\n" + kBinary + "Content-Length: 4194304\r\n\r\n");
  EXPECT_EQ(status_of(second.response()), 503);
  first.send(std::string(4194304, 'x'));
  EXPECT_EQ(status_of(first.response()), 400);
  // What was taken is given back.
  EXPECT_EQ(status_of(testing::ask(url, "POST", "/v1/submissions", kBinary, std::string(4194304, 'x'))), 400);
}

TEST_F(HttpServerTest, AHundredIdleConnectionsHurtNobody) {
  const std::string plain = serve(true);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 100; ++i) idle.push_back(std::make_unique<RawClient>(plain));
  for (int i = 0; i < 20; ++i) expect_alive(plain);
  EXPECT_EQ(
      status_of(testing::ask(plain, "POST", "/v1/submissions", kBinary, as_string(encode(signed_license())))),
      200);
  idle[0]->send("GET /livez HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(idle[0]->response()), 200) << "an idle one still works";
}

TEST_F(HttpServerTest, ManyAtOnceAreAllAnswered) {
  const std::string url = serve();
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&] {
      RawClient client(url);
      for (int i = 0; i < 50; ++i) {
        client.send("GET /v1/status HTTP/1.1\r\nHost: t\r\n\r\n");
        if (status_of(client.response()) == 200) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 16 * 50);
}

TEST_F(HttpServerTest, StoppingAnswersWhatIsUnderWayAndClosesTheRest) {
  const std::string url = serve();
  node.hold = true;
  RawClient idle(url);
  RawClient waiting(url);
  const std::string body = as_string(encode(signed_license()));
  waiting.send("POST /v1/submissions HTTP/1.1\r\nHost: t\r\n" + kBinary +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  while (node.submits == 0) std::this_thread::yield();
  node.stop();
  EXPECT_EQ(code_of(waiting.response()), "LEDGER_UNAVAILABLE");
  EXPECT_TRUE(idle.closed_within(milliseconds(3000)));
}

TEST_F(HttpServerTest, TwoListenersServeTheSameNode) {
  options.listeners = {{.address = {"127.0.0.1", 0}, .tls = true},
                       {.address = {"127.0.0.1", 0}, .tls = false}};
  node.serve(options, node_seed());
  ASSERT_EQ(node.server().addresses().size(), 2u);
  for (const std::string& url : node.server().addresses()) expect_alive(url);
  EXPECT_TRUE(node.server().addresses()[0].starts_with("https://"));
  EXPECT_TRUE(node.server().addresses()[1].starts_with("http://"));
}

}  // namespace
}  // namespace hufu::node
