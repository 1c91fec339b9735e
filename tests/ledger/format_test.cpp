// The worked examples of ledger/FORMAT.md are what this code makes. With HUFU_REGENERATE=1 the section is written anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/checkpoint/tiles.hpp"
#include "ledger/proof/compact.hpp"
#include "ledger/proof/receipt.hpp"
#include "ledger/proof/trust.hpp"
#include "ledger/trace/trace.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const std::string kPage = HUFU_SOURCE_DIR "/ledger/FORMAT.md";
const std::string kSection = ". Worked examples\n";

std::string page() {
  std::ifstream file(kPage);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string line(const std::string& name, ByteSpan bytes) { return name + " = " + to_hex(bytes) + "\n"; }

// The log of blocks 0 and 1, attested by the founding node; and the tile of its leaves.
std::string checkpoint_examples(const Chain& chain) {
  const std::string& origin = chain.ledger.origin;
  const Member& member = chain.genesis.roster.members.front();
  const std::vector<BlockHeader> headers{chain.blocks[0].header, chain.blocks[1].header};
  const Hash leaves[] = {leaf_hash(encode(headers[0])), leaf_hash(encode(headers[1]))};
  const Checkpoint checkpoint{.size = 2, .root = tree_root(leaves)};
  const Attestation attestation =
      attest(origin, checkpoint, member.id, key_of("log-1"), key_of("cosign-1"), 1'760'000'001);
  const std::string body = checkpoint_body(origin, checkpoint);
  std::string text;
  text += line("log key seed", seed_of("log-1").bytes());
  text += line("log vkey", as_bytes(log_note_key(origin, member).vkey()));
  text += line("cosign key seed", seed_of("cosign-1").bytes());
  text += line("cosign vkey", as_bytes(cosign_note_key(member).vkey()));
  text += line("checkpoint body", as_bytes(body));
  text += line("cosignature message", as_bytes(cosignature_message(1'760'000'001, body)));
  text += line("checkpoint note", as_bytes(checkpoint_note(origin, chain.genesis.roster, {attestation})));
  text +=
      line("certified checkpoint",
           encode(CertifiedCheckpoint{.checkpoint = checkpoint, .cosignatures = {attestation.cosignature}}));
  text += line("attestation", encode(attestation));
  Bytes tile = to_bytes(leaves[0]);
  tile.insert(tile.end(), leaves[1].bytes.begin(), leaves[1].bytes.end());
  text += line(tile_path({.level = 0, .index = 0, .width = 2}), tile);
  text += line(tile_path({.level = std::nullopt, .index = 0, .width = 2}), entry_bundle(headers));
  return text;
}

// The founding node alone proves the license; then it hands over to three.
std::string proof_examples(Nodes& nodes, const SubjectKey& subject) {
  const Proof proof = nodes.proof(subject, {1});
  const CompactProof compact = make_compact(proof, nodes.in_force()).value();
  std::string text;
  text += line("proof file", encode_proof(proof));
  text += line("compact", encode(compact));
  text += "compact text = " + compact_text(compact) + "\n";
  nodes.hand_over(roster_of({1, 2, 3}, 2), {1});
  const Proof after = nodes.proof(subject, {2, 3});
  text += line("handover", encode(after.handovers[0]));
  text += line("link", encode(nodes.log().link(1, 3)));
  text += line("proof file after the handover", encode_proof(after));
  return text;
}

// What the client of the submission in block 1 gets, and what a verifier remembers of that log; then a lie about it.
std::string file_examples(const Nodes& nodes) {
  const Block& block = nodes.blocks[1];
  const std::vector<Hash> leaves = nodes.log_leaves();
  const Receipt receipt{.version = Receipt::kVersion,
                        .ledger = nodes.ledger,
                        .header = block.submissions[0].header,
                        .signature = block.submissions[0].signature,
                        .place = {.height = 1, .submission = 0},
                        .block_path = inclusion_path(submission_leaves(block.submissions), 0),
                        .block = block.header,
                        .log_size = leaves.size(),
                        .log_root = tree_root(leaves),
                        .log_path = inclusion_path(leaves, 1)};
  EXPECT_TRUE(check_receipt(nodes.ledger, receipt));
  Trust trust;
  EXPECT_TRUE(trust_ledger(trust, encode_genesis(nodes.genesis)));
  EXPECT_TRUE(remember(trust.ledgers[0], nodes.ledger, nodes.certified({1}), {}));
  const Checkpoint lie{.size = leaves.size(), .root = sha256(as_bytes("another history"))};
  const Fork fork{.version = Fork::kVersion,
                  .ledger = nodes.ledger,
                  .a = nodes.certified({1}),
                  .b = {.checkpoint = lie, .cosignatures = nodes.cosign_all(lie, {1})},
                  .split = std::nullopt};
  EXPECT_TRUE(check_fork(founding_anchor(nodes.genesis), fork));
  return line("receipt", encode(receipt)) + line("trust file", encode_trust(trust)) +
         line("fork file", encode_fork(fork));
}

std::string invoice_examples() {
  Nodes nodes({1});
  const Document document = invoice_document();
  const SubjectKey subject{SubjectKind::invoice, kInvoice};
  const Operation issue = issue_invoice();
  nodes.append(kPlatform, {issue});
  const Operation claim = claim_invoice(*nodes.find(subject));
  nodes.append(kPlatform, {claim});
  std::string text;
  text += line("buyer code", as_bytes(kBuyer));
  text += line("salt of buyerTaxId", document.find("buyerTaxId")->salt);
  text += line("party", buyer_of(document));
  text += line("invoice issue", encode(issue));
  text += line("invoice claim", encode(claim));
  return text + line("standing of the invoice", encode(*nodes.find(subject)));
}

// Two provinces agree, by two authority keys each.
std::string agreement_examples() {
  Nodes nodes({1}, with_authorities());
  const AgreementText body{.text = agreement_text()};
  const Decision decision{
      .target = kAgreementKey, .previous = std::nullopt, .effective = day("2025-01-01"), .body = body};
  const SubjectKey subject = decision_subject(decision);
  std::string text;
  text += line("province standing", encode(nodes.find({SubjectKind::province, kIssuing})->detail));
  text += line("decision", encode(decision));
  text += line("decision subject", encode(subject));
  text += line("propose", encode(nodes.on(subject, Propose{.decision = decision}, "2025-01-01")));
  text += line("enact", encode(Operation{.subject = decision.target,
                                         .previous = decision.previous,
                                         .effective = decision.effective,
                                         .payload = Enact{.decision = decision}}));
  EXPECT_EQ(nodes.decree(kAgreementKey, body, {kIssuing, kVerifying}), std::nullopt);
  text += line("standing of the decision", encode(*nodes.find(subject)));
  return text + line("standing of the agreement", encode(*nodes.find(kAgreementKey)));
}

std::string trace_examples(const Nodes& nodes, const SubjectKey& subject) {
  const SignedTrace trace = sign_trace({.version = 1,
                                        .genesis = nodes.ledger.genesis,
                                        .agency = kIssuer,
                                        .key = key_of(kIssuer).public_key(),
                                        .id = request(7),
                                        .time_ms = 1'760'000'000'000,
                                        .subject = subject.path(),
                                        .verdict = TracedVerdict::accept,
                                        .reason = "窗口核验"},
                                       key_of(kIssuer));
  AccessChain log({.genesis = nodes.ledger.genesis, .member = 1});
  const SignedEntry entry = log.extend(trace, 1'760'000'000'001, key_of("cosign-1"));
  return line("signed trace", encode(trace)) + line("signed entry", encode(entry));
}

std::string examples() {
  Nodes chain({1});
  const SubjectKey subject{SubjectKind::license, kLicense};
  const Document document = license_document();
  const Submission submission = chain.sign(
      kIssuer,
      {issue_license(),
       issue_license(
           "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000002.001." +
           std::string(1, mod37_36("11100000MB0143028R00111330302XT000013762019000002001").value()))});
  std::string text;
  text += line("genesis file", encode_genesis(chain.genesis));
  text += line("genesis hash", chain.ledger.genesis);
  text += line("block 0 header", encode(chain.head()));
  text += line("block 0 hash", block_hash(chain.head()));
  text += line("subject key", encode(subject));
  text += line("path", subject.path());
  text += line("field", encode(document.fields[0]));
  text += line("field leaf hash", document.fields[0].leaf());
  const Hash fields[] = {document.fields[0].leaf(), document.fields[1].leaf()};
  text += line("fields root", tree_root(fields));
  text += line("commitment", commitment(document).value());
  text += line("agency seed", seed_of(kIssuer).bytes());
  text += line("agency key", submission.header.key);
  text += line("operation", encode(submission.operations[0]));
  text += line("operation hash", submission.operations[0].hash());
  text += line("submission header", encode(submission.header));
  text += line("signed", signed_bytes(chain.ledger, submission.header));
  text += line("submission id", submission_id(chain.ledger, submission.header));
  text += line("signature", submission.signature);
  text += line("submission", encode(submission));
  chain.extend({submission});
  text += line("block 1 header", encode(chain.head()));
  text += line("block 1 hash", block_hash(chain.head()));
  text += line("standing", encode(*chain.find(subject)));
  text += line("value hash", chain.find(subject)->value_hash());
  text += line("evidence", encode(chain.evidence(subject)));
  text += checkpoint_examples(chain);
  text += file_examples(chain);
  text += proof_examples(chain, subject);
  return text + invoice_examples() + agreement_examples() + trace_examples(chain, subject);
}

TEST(Format, TheWorkedExamplesAreWhatTheCodeMakes) {
  const std::string text = page();
  const std::size_t section = text.find(kSection);
  ASSERT_NE(section, std::string::npos);
  const std::string opening = "```\n";
  const std::size_t begin = text.find(opening, section);
  ASSERT_NE(begin, std::string::npos);
  const std::string head = text.substr(0, begin + opening.size());
  const std::string expected = head + examples() + "```\n";
  if (std::getenv("HUFU_REGENERATE") != nullptr) std::ofstream(kPage) << expected;
  EXPECT_EQ(page(), expected) << "run this test once with HUFU_REGENERATE=1";
}

}  // namespace
}  // namespace hufu
