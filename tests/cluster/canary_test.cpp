// Personal data never reaches what a node writes. Every field of records that are issued, imported, claimed, verified and refused
// through three real nodes carries a made-up name or number of its own; afterwards every file of the nodes, their databases
// entry by entry, their logs, metrics and answers are searched for each of them in every form.
//
// What must be found shows that the search finds: the identifiers, which are public.
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <fstream>
#include <memory>

#include "ledger/record/identifiers.hpp"
#include "tests/cluster/canaries.hpp"
#include "tests/cluster/process.hpp"
#include "tests/consensus/scratch.hpp"
#include "tests/http/raw_client.hpp"

namespace hufu::testing {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
namespace fs = std::filesystem;

const std::string kAgency = "11310104XT00000116";
const std::string kType = "11100000MB0143028R001";
const std::string kInvoice = "24312000000900000001";
const std::string kImported = "24312000000900000002";

std::string license_id(const std::string& serial) {
  const std::string text = "1.2.156.3005.2." + kType + "." + kAgency + "." + serial + ".001.0";
  LicenseId id = split_license_id(text).value();
  id.check = license_check_char(id).value();
  return id.text();
}

// A well-formed credit code: offices reject others.
std::string credit_code(const std::string& seventeen) { return seventeen + *uscc_check_char(seventeen); }

// Three nodes of a demonstration, started by this test so that all that they say is kept, and reachable without TLS.
class Nodes {
 public:
  explicit Nodes(const fs::path& folder) : folder_(folder), demo_(folder / "demo") {
    const Ended made = hufu({"demo", "--detach", "--no-import", "--keep", demo_.string(), "--json"});
    if (made.exit != 0) throw std::runtime_error("hufu demo: " + made.err);
    report_ = json::parse(made.out);
    hufu({"demo", "--stop", demo_.string()});
    for (const auto& node : report_.at("nodes").as_array()) {
      const std::string config = text(node, "config");
      urls_.push_back("http://127.0.0.1:" + std::to_string(consensus::free_port()));
      std::ofstream(config, std::ios::app)
          << "\n[listen]\napi_plain = \"" << urls_.back().substr(7) << "\"\n";
      processes_.push_back(
          std::make_unique<Process>(folder_, std::vector<std::string>{HUFU_BINARY, "node", "start", config}));
    }
  }

  static std::string text(const json::value& value, const char* name) {
    return std::string(value.at(name).as_string());
  }
  Ended hufu(std::vector<std::string> words) const {
    words.insert(words.begin(), HUFU_BINARY);
    return run(folder_, words);
  }
  // Of this ledger.
  Ended ask(std::vector<std::string> words) const {
    words.insert(words.begin(), {"--config", text(report_, "settings")});
    return hufu(std::move(words));
  }
  std::string key(const std::string& agency) const { return text(report_, "keys") + "/" + agency + ".key"; }
  bool ready() const {
    return ask({"--json", "cluster", "status"}).out.find("\"role\": \"leader\"") != std::string::npos;
  }
  const std::vector<std::string>& urls() const { return urls_; }
  fs::path data(std::size_t node) const { return text(report_.at("nodes").at(node), "data"); }
  fs::path home(std::size_t node) const { return text(report_.at("nodes").at(node), "folder"); }
  std::size_t size() const { return processes_.size(); }

  // What the nodes said on their way, one after the other.
  std::string stop() {
    std::string said;
    for (const auto& process : processes_) ::kill(process->pid(), SIGTERM);
    for (const auto& process : processes_) {
      const Ended ended = process->wait();
      EXPECT_EQ(ended.exit, 0) << ended.err;
      said += ended.out + ended.err;
    }
    return said;
  }

 private:
  fs::path folder_;
  fs::path demo_;
  json::value report_;
  std::vector<std::string> urls_;
  std::vector<std::unique_ptr<Process>> processes_;
};

struct Planted {
  std::vector<Canary> secret;
  std::vector<Canary> open;

  std::string hide(const std::string& field, const std::string& text) {
    secret.push_back(canary(field, text));
    return text;
  }
  std::string show(const std::string& field, const std::string& text) {
    open.push_back(canary(field, text));
    return text;
  }
};

// Every field of a license that is not a date, a state or a part of its identifier.
json::object license_fields(Planted& planted, const std::string& serial, const std::string& mark,
                            const std::string& holder_code) {
  json::object fields{{"certIdentifier", planted.show("certIdentifier", license_id(serial))},
                      {"certTypeCode", kType},
                      {"issuerCode", kAgency},
                      {"issueDate", "2024-03-04"},
                      {"validFrom", "2024-03-04"},
                      {"validTo", "2034-03-03"},
                      {"assurance", "L2"}};
  for (const char* field : {"certTypeName", "certNumber", "issuerName", "holderName", "holderTypeName",
                            "associatedCertId", "remark"}) {
    fields[field] = planted.hide(field, "龘鱻" + mark + field);
  }
  fields["holderCode"] = planted.hide("holderCode", holder_code);
  fields["faceDigest"] = planted.hide("faceDigest", std::string(56, 'c') + serial.substr(serial.size() - 8));
  fields["fileDigest"] = planted.hide("fileDigest", std::string(56, 'd') + serial.substr(serial.size() - 8));
  return fields;
}

json::object invoice_fields(Planted& planted, const std::string& number, const std::string& mark,
                            const std::string& seller, const std::string& buyer) {
  json::object fields{{"invoiceNumber", planted.show("invoiceNumber", number)},
                      {"issueTime", "2024-11-22T18:28:05+08:00"},
                      {"blue", "true"},
                      {"amount", "100.00"},
                      {"tax", "6.00"},
                      {"total", "106.00"}};
  for (const char* field : {"sellerName", "buyerName", "kind", "totalChinese", "lines", "remark"}) {
    fields[field] = planted.hide(field, "麤靐" + mark + field);
  }
  fields["sellerTaxId"] = planted.hide("sellerTaxId", seller);
  fields["buyerTaxId"] = planted.hide("buyerTaxId", buyer);
  return fields;
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string percent_form(const std::string& text) { return canary("", text).forms.at("percent encoding"); }

// What strangers and mistaken programs send; the nodes' answers.
std::string refusals(const std::vector<std::string>& urls, Planted& planted) {
  const std::string name = planted.hide("refused name", "龖虪拒绝之人");
  const std::string code = planted.hide("refused code", "CNRY19900307REFUSED");
  const std::string type = "Content-Type: application/json\r\n";
  std::string answers;
  for (const std::string& url : urls) {
    const auto say = [&](const std::string& method, const std::string& target,
                         const std::string& headers = {}, const std::string& body = {}) {
      const std::string answer = ask(url, method, target, headers, body);
      EXPECT_FALSE(answer.empty()) << target;
      answers += answer;
    };
    for (const char* before : {"/v1/subjects/license:", "/v1/subjects/", "/v1/proofs/", "/v1/receipts/",
                               "/v1/blocks/", "/", "/v1/", "/v1/registry/", "/tile/"}) {
      say("GET", before + percent_form(name));
      say("GET", before + code);
    }
    say("GET", "/v1/subjects/license:" + code + "/standing");
    say("GET", "/v1/head?read=" + percent_form(name));
    say("GET", "/v1/head?" + percent_form(name) + "=1");
    say("GET", "/v1/traces?from=" + code);
    say("GET", "/v1/head", "User-Agent: " + name + "\r\nX-Person: " + code + "\r\n");
    say("PUT", "/v1/submissions", type, name);
    say("POST", "/v1/submissions", type, "{\"" + name + "\": \"" + code + "\"}");
    say("POST", "/v1/submissions", type, "{\"operations\": [{\"subject\": \"license:" + name + "\"}]}");
    say("POST", "/v1/submissions", type, "{\"agency\": \"" + name + "\", \"key\": \"" + code + "\"}");
    say("POST", "/v1/submissions", type, name + code);
    say("POST", "/v1/submissions", "Content-Type: application/vnd.hufu\r\n", name + code);
    say("POST", "/v1/submissions", "Content-Type: " + code + "\r\n", name);
    say("POST", "/v1/traces", "Content-Type: application/vnd.hufu\r\n", name + code);
  }
  return answers;
}

std::string reads(const std::vector<std::string>& urls, const std::string& license,
                  const std::string& invoice) {
  std::string answers;
  for (const std::string& url : urls) {
    for (const std::string& subject : {"license:" + license, "invoice:" + invoice}) {
      answers += ask(url, "GET", "/v1/subjects/" + subject + "?read=local");
      answers += ask(url, "GET", "/v1/subjects/" + subject + "/history?read=local");
      answers += ask(url, "GET", "/v1/proofs/" + subject + "?read=local");
    }
    for (const char* page :
         {"/metrics", "/v1/status", "/v1/cluster", "/v1/blocks/1", "/v1/traces", "/checkpoint"})
      answers += ask(url, "GET", page);
  }
  return answers;
}

TEST(Canaries, TheSearchFindsEveryForm) {
  const Canary bird = canary("name", "龘鱻Bird7");
  for (const auto& [form, bytes] : bird.forms) {
    EXPECT_EQ(find({bird}, "<" + bytes + ">", "here").size(), 1U) << form;
    EXPECT_TRUE(find({bird}, "<" + bytes.substr(1) + ">", "here").empty()) << form;
  }
}

// The work of offices and counters, with a canary in every field.
class Offices {
 public:
  Offices(const Nodes& nodes, const fs::path& folder, Planted& planted)
      : nodes_(nodes), folder_(folder), planted_(planted) {}

  void issue() {
    write(folder_ / "license-fields.json",
          json::serialize(license_fields(planted_, "CNRY00000001", "甲", credit_code("91310104XTHELD001"))));
    good(
        {"issue", "license", file("license-fields.json"), "--key", key_, "--document", file("license.json")});
    write(
        folder_ / "invoice-fields.json",
        json::serialize(invoice_fields(planted_, kInvoice, "乙", credit_code("91310104XTFERN001"), buyer_)));
    good({"issue", "invoice", file("invoice-fields.json"), "--key", platform_, "--document",
          file("invoice.json")});
  }

  void import() {
    fs::create_directories(folder_ / "import");
    write(folder_ / "import" / "licenses.jsonl",
          json::serialize(license_fields(planted_, "CNRY00000002", "丙", credit_code("91310104XTHELD002"))) +
              "\n");
    write(folder_ / "import" / "invoices.jsonl",
          json::serialize(invoice_fields(planted_, kImported, "丁", credit_code("91310104XTFERN002"),
                                         credit_code("91310104XTBUYER02"))) +
              "\n");
    const Ended imported =
        nodes_.ask({"--json", "import", file("import"), "--key", key_, "--key", platform_});
    ASSERT_EQ(imported.exit, 0) << imported.out << imported.err;
    EXPECT_EQ(json::parse(imported.out).at("appended").to_number<int>(), 2) << imported.out;
  }

  // A claim; then a second one, a second issue and a change that is none, which the rules refuse.
  void claim() {
    const std::vector<std::string> claim = {"claim",    kInvoice, "--document", file("invoice.json"),
                                            "--by",     buyer_,   "--key",      platform_,
                                            "--period", "202411", "--voucher"};
    const auto with = [&](const std::string& voucher) {
      std::vector<std::string> words = claim;
      words.push_back(voucher);
      return words;
    };
    good(with(planted_.hide("voucher", "凭证龗CNRY0077")));
    refused(with(planted_.hide("refused voucher", "凭证龗CNRY0078")));
    Planted again;
    write(folder_ / "again.json",
          json::serialize(license_fields(again, "CNRY00000001", "戊", credit_code("91310104XTHELD003"))));
    planted_.secret.insert(planted_.secret.end(), again.secret.begin(), again.secret.end());
    refused(
        {"issue", "license", file("again.json"), "--key", key_, "--document", file("again-document.json")});
    refused({"resume", license_id("CNRY00000001"), "--key", key_});
  }

  // Whole, in part, and with a trace.
  void verify() {
    good({"verify", file("license.json")});
    good({"verify", file("license.json"), "--trace", "招标资格审查", "--key", key_});
    good({"disclose", file("license.json"), "--fields", "holderName,validTo", "--out", file("part.json")});
    good({"verify", file("part.json"), "--trace", "窗口核验"});
    // A claimed invoice is not to be booked again; the document is looked at all the same.
    EXPECT_EQ(nodes_.ask({"verify", file("invoice.json")}).exit, 1);
  }

 private:
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  void expect(int exit, const std::vector<std::string>& words) {
    const Ended ended = nodes_.ask(words);
    EXPECT_EQ(ended.exit, exit) << words[0] << " " << words[1] << ": " << ended.out << ended.err;
  }
  void good(const std::vector<std::string>& words) { expect(0, words); }
  void refused(const std::vector<std::string>& words) { expect(5, words); }

  const Nodes& nodes_;
  const fs::path& folder_;
  Planted& planted_;
  const std::string key_ = nodes_.key(kAgency);
  const std::string platform_ = nodes_.key("TAX310000");
  const std::string buyer_ = credit_code("91310104XTBUYER01");
};

// Of one node that has stopped: its files as they lie there, and its databases entry by entry.
std::vector<std::string> find_in_node(const std::vector<Canary>& canaries, const Nodes& nodes,
                                      std::size_t node) {
  std::vector<std::string> found = find_in_files(canaries, nodes.home(node));
  for (const fs::path& database : {nodes.data(node) / "ledger", nodes.data(node) / "raft" / "1" / "log"}) {
    const auto here = find_in_database(canaries, database);
    found.insert(found.end(), here.begin(), here.end());
  }
  return found;
}

TEST(Canaries, NoPersonalDataInAnythingThatANodeWrites) {
  Scratch scratch;
  Nodes nodes(scratch.path());
  ASSERT_TRUE(eventually(60s, [&] { return nodes.ready(); }));
  Planted planted;
  Offices offices(nodes, scratch.path(), planted);
  offices.issue();
  offices.import();
  offices.claim();
  offices.verify();
  const std::string answers =
      refusals(nodes.urls(), planted) + reads(nodes.urls(), license_id("CNRY00000001"), kInvoice);
  const std::string said = nodes.stop();

  EXPECT_GE(planted.secret.size(), 40U);
  for (const std::string& found : find(planted.secret, answers, "the nodes' answers")) ADD_FAILURE() << found;
  for (const std::string& found : find(planted.secret, said, "the nodes' logs")) ADD_FAILURE() << found;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    for (const std::string& found : find_in_node(planted.secret, nodes, node)) ADD_FAILURE() << found;
    // The control: what is public is in every node's files, and in its database.
    for (const Canary& open : planted.open) {
      EXPECT_FALSE(find_in_files({open}, nodes.home(node)).empty()) << open.text;
      EXPECT_FALSE(find_in_database({open}, nodes.data(node) / "ledger").empty()) << open.text;
    }
  }
  EXPECT_FALSE(find({planted.open.front()}, answers, "the nodes' answers").empty());
}

}  // namespace
}  // namespace hufu::testing
