// The commands around proofs on files alone: no node is asked.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "cli/commands/evidence.hpp"
#include "cli/commands/proof.hpp"
#include "cli/commands/trust.hpp"
#include "cli/commands/verify.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/trust_file.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu::cli {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary
namespace fs = std::filesystem;

class ProofCommands : public ::testing::Test {
 protected:
  ProofCommands() {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    write("east.genesis", encode_genesis(nodes_.genesis));
    write("document.json", as_bytes(document_text(license_document())));
    write("license.hufu", encode_proof(nodes_.proof(kLicenseKey, {1, 2, 3})));
  }
  ~ProofCommands() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, ByteSpan content) const {
    ASSERT_TRUE(replace_file(path(name), content, 0644)) << name;
  }
  Session session() const {
    GlobalOptions options;
    options.genesis = path("east.genesis");
    options.nodes = {"http://127.0.0.1:1"};  // nobody
    options.timeout_seconds = 1;
    options.quiet = true;
    return Session(options);
  }
  // The world's clock stands in 2025: any age is young enough unless the test asks.
  Verify offline(const std::string& what, const std::string& trust) const {
    return {.what = path(what),
            .document = {},
            .proof = {},
            .offline = true,
            .trust = path(trust),
            .day = {},
            .max_age = "99999d"};
  }
  // Another history of the same founders, of as many blocks.
  Bytes second_history() const {
    Nodes other;
    other.append(kIssuer, {issue_license()});
    while (other.blocks.size() < nodes_.blocks.size()) other.extend({});
    return encode_proof(other.proof(kLicenseKey, {2, 3}));
  }
  std::string evidence_file() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().extension() == ".evidence") return entry.path().string();
    }
    return {};
  }

  const Nodes nodes_ = grown_nodes();
  std::string folder_ = (fs::temp_directory_path() / "hufu-proof-XXXXXX").string();
};

TEST_F(ProofCommands, ADocumentIsVerifiedWithItsProofAndTheGenesisAlone) {
  Verify command = offline("document.json", "east.genesis");
  command.proof = path("license.hufu");
  EXPECT_EQ(run(command, session()), kOk);
  EXPECT_EQ(run(offline("license.hufu", "east.genesis"), session()), kOk);
  command.max_age = "0s";
  EXPECT_EQ(run(command, session()), kUndetermined);
  write("document.json", as_bytes(document_text(license_document(kLicense, "另一公司"))));
  command.max_age = "99999d";
  EXPECT_EQ(run(command, session()), kRefused);
}

TEST_F(ProofCommands, WhatIsTornIsRefusedWhatIsNewerIsNotUnderstood) {
  Bytes file = encode_proof(nodes_.proof(kLicenseKey, {1, 2, 3}));
  file.push_back(0);
  write("license.hufu", file);
  EXPECT_EQ(run(offline("license.hufu", "east.genesis"), session()), kRefused);
  write("license.hufu", as_bytes("HUFU1::::"));
  EXPECT_EQ(run(offline("license.hufu", "east.genesis"), session()), kRefused);
  write("license.hufu", as_bytes("hufu proof v2\n"));
  EXPECT_EQ(run(offline("license.hufu", "east.genesis"), session()), kLocal);
}

TEST_F(ProofCommands, OfflineWithoutAProofAsksForOne) {
  EXPECT_EQ(run(offline("document.json", "east.genesis"), session()), kUsage);
}

TEST_F(ProofCommands, ACodeFromQrIsVerified) {
  EXPECT_EQ(
      run(ProofQr{.what = path("license.hufu"), .svg = path("code.svg"), .png = path("code.png")}, session()),
      kOk);
  EXPECT_EQ(run(offline("code.png", "east.genesis"), session()), kOk);
  const Bytes png = read_file(path("code.png"), 1U << 20).value();
  write("code.png", ByteSpan(png).first(png.size() / 2));
  EXPECT_EQ(run(offline("code.png", "east.genesis"), session()), kLocal);
}

TEST_F(ProofCommands, AProofTakesThePlaceOfAProofOnly) {
  EXPECT_EQ(run(ProofInspect{.path = path("license.hufu")}, session()), kOk);
  EXPECT_EQ(run(ProofInspect{.path = path("document.json")}, session()), kLocal);
}

TEST_F(ProofCommands, ATrustFileLivesAndCatchesASecondHistory) {
  EXPECT_EQ(run(TrustShow{.path = path("trust")}, session()), kLocal);
  EXPECT_EQ(run(TrustShow{.path = path("east.genesis")}, session()), kLocal);
  // No node is up: the founding document is pinned, its log later.
  EXPECT_EQ(run(TrustPin{.path = path("trust"), .genesis = {}}, session()), kOk);
  struct stat status {};
  ASSERT_EQ(::stat(path("trust").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U);
  EXPECT_EQ(run(TrustUpdate{.path = path("trust")}, session()), kUndetermined);

  EXPECT_EQ(run(offline("license.hufu", "trust"), session()), kOk);
  const offline::TrustSource pinned = read_trust_source(path("trust")).value();
  EXPECT_EQ(pinned.trust.ledgers.front().pinned->checkpoint, nodes_.log().newest());

  write("second.hufu", second_history());
  EXPECT_EQ(run(offline("second.hufu", "east.genesis"), session()),
            kOk);  // who remembers nothing is deceived
  EXPECT_EQ(run(offline("second.hufu", "trust"), session()), kIntegrityAlarm);
  EXPECT_EQ(encode_trust(read_trust_source(path("trust")).value().trust), encode_trust(pinned.trust));
  ASSERT_FALSE(evidence_file().empty());
  EXPECT_EQ(run(AuditEvidence{.path = evidence_file(), .trust = path("east.genesis")}, session()),
            kIntegrityAlarm);
}

TEST_F(ProofCommands, EvidenceThatProvesNothingAccusesNobody) {
  const CertifiedCheckpoint honest = nodes_.certified({1, 2, 3});
  Fork fork{.version = Fork::kVersion, .ledger = nodes_.ledger, .a = honest, .b = honest, .split = {}};
  write("same", encode_fork(fork));
  EXPECT_EQ(run(AuditEvidence{.path = path("same"), .trust = {}}, session()), kRefused);
  fork.b.checkpoint.root = sha256(as_bytes("nobody signed this"));
  write("unsigned", encode_fork(fork));
  EXPECT_EQ(run(AuditEvidence{.path = path("unsigned"), .trust = {}}, session()), kRefused);
  write("other.genesis", encode_genesis(Nodes({4, 5, 6}).genesis));
  EXPECT_EQ(run(AuditEvidence{.path = path("same"), .trust = path("other.genesis")}, session()), kRefused);
  EXPECT_EQ(run(AuditEvidence{.path = path("document.json"), .trust = {}}, session()), kLocal);
}

}  // namespace
}  // namespace hufu::cli
