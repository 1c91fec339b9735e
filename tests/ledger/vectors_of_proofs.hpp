// Proofs, codes and fork files, honest and forged.
#pragma once

#include <functional>

#include "ledger/proof/trust.hpp"
#include "tests/ledger/vectors.hpp"

namespace hufu::testing {

class ProofVectors : public VectorMaker {
 public:
  ProofVectors() {
    put("genesis", encode_genesis(nodes_.genesis));
    make_honest();
    make_forged();
    make_codes();
    make_handovers();
    make_forks();
  }

 private:
  using Forger = std::function<void(Proof&)>;

  void forge(const std::string& name, const std::string& expected, const std::string& why,
             const Forger& forger) {
    Proof proof = nodes_.proof(kLicenseKey, {1, 2});
    forger(proof);
    add("forged-" + name + ".hufu", proof, expected, why);
  }

  void make_honest() {
    add("license.hufu", nodes_.proof(kLicenseKey, {1, 2, 3}), "ACCEPT", "issued, suspended and resumed");
    judge("license.hufu", "REFUSE SUSPENDED", "the history tells of an earlier day").at = "2020-04-01";
    judge("license.hufu", "REFUSE NOT_FOUND", "before it was issued there was none").at = "2018-12-31";
    judge("license.hufu", "UNDETERMINED LEDGER_STALE", "older than 24 hours").now_s += 86'400;
    judge("license.hufu", "UNDETERMINED LEDGER_STALE", "from the future by more than five minutes").now_s -=
        361;
    judge("license.hufu", "REFUSE PROOF_INVALID", "an answer to another question", kInvoiceKey);
    add("absent.hufu", nodes_.proof(kAbsentKey, {1, 2}), "REFUSE NOT_FOUND", "never issued here");
    judge("absent.hufu", "UNDETERMINED NOT_FOUND LEDGER_STALE", "may have been issued since", kAbsentKey)
        .now_s += 86'400;
    Nodes later = nodes_;
    later.append(kPlatform, {claim_invoice(*later.find(kInvoiceKey))});
    add("claimed.hufu", later.proof(kInvoiceKey, {1, 3}), "REFUSE INV_ALREADY_CLAIMED",
        "booked once already");
    Proof linked = nodes_.proof(kLicenseKey, {1, 2});
    linked.links = {nodes_.log().link(2, 5), nodes_.log().link(3, 5)};
    add("linked.hufu", linked, "ACCEPT", "with links to sizes 2 and 3");
  }

  void make_forged() {
    const std::string invalid = "REFUSE PROOF_INVALID";
    const Checkpoint newest = nodes_.log().newest();
    const Checkpoint old = nodes_.log().at(4);
    forge("minority", invalid, "one of three nodes cosigned", [](Proof& p) { p.cosignatures.pop_back(); });
    forge("minority-twice", invalid, "one node counted twice",
          [](Proof& p) { p.cosignatures[1] = p.cosignatures[0]; });
    forge("old-checkpoint", "REFUSE SIGNATURE_INVALID", "cosignatures of the log before", [&](Proof& p) {
      p.cosignatures = nodes_.cosign_all(old, {1, 2});
    });
    forge("other-origin", "REFUSE SIGNATURE_INVALID", "cosignatures for another origin", [&](Proof& p) {
      p.cosignatures[0] = cosign("hufu.test/west", newest, 1, key_of("cosign-1"), nodes_.now_s());
    });
    forge("time", "REFUSE SIGNATURE_INVALID", "made to look fresher",
          [](Proof& p) { ++p.cosignatures[0].time_s; });
    forge("scalar", "REFUSE SIGNATURE_INVALID", "S + L instead of S in a cosignature", [](Proof& p) {
      static const Bytes kOrder =
          from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
      unsigned carry = 0;
      for (std::size_t i = 0; i < kOrder.size(); ++i) {
        carry += p.cosignatures[0].signature.bytes[32 + i] + kOrder[i];
        p.cosignatures[0].signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
      }
    });
    forge("history", invalid, "the last operation left out",
          [](Proof& p) { p.evidence.operations.pop_back(); });
    forge("standing", invalid, "a standing that the state does not hold", [](Proof& p) {
      std::get<LicenseStanding>(p.evidence.subject.standing->detail).issuer = kOtherIssuer;
    });
    forge("paths", invalid, "two paths in the log swapped",
          [](Proof& p) { std::swap(p.evidence.operations[0].log_path, p.evidence.operations[1].log_path); });
    forge("signature", "REFUSE PROOF_INVALID SIGNATURE_INVALID", "an agency's signature changed",
          [](Proof& p) { p.evidence.operations[0].signature.bytes[0] ^= 1; });
    forge("absence", "REFUSE PROOF_INVALID", "exclusion claimed for an included key", [&](Proof& p) {
      p.evidence.operations.clear();
      p.evidence.support.clear();
      p.evidence.subject.standing.reset();
      p.evidence.subject.proof = nodes_.standing_evidence(kAbsentKey).proof;
    });
    forge("link", "REFUSE PROOF_INVALID", "a link to a past that the log never had", [&](Proof& p) {
      p.links = {nodes_.log().link(3, 5)};
      p.links[0].root.bytes[0] ^= 1;
    });
    make_usurped_agency();
    Bytes longer = vectors_.files["license.hufu"];
    longer.push_back(0);
    put("forged-trailing.hufu", std::move(longer));
    judge("forged-trailing.hufu", invalid, "a byte after the end");
  }

  // Even a quorum that lies cannot make up an agency's key: the genesis file founds it.
  void make_usurped_agency() {
    Nodes liars({1, 2, 3}, with_authorities());
    const SubjectKey agency{SubjectKind::agency, kIssuer};
    std::get<AgencyStanding>(liars.state[agency].detail).keys[0].key = key_of("usurper").public_key();
    liars.extend({});
    liars.extend({sign_submission(liars.ledger, kIssuer, key_of("usurper"), request(1), {issue_license()})});
    add("forged-agency.hufu", liars.proof(kLicenseKey, {1, 2, 3}), "REFUSE KEY_REVOKED",
        "signed with a key that the genesis file does not know, cosigned by all nodes");
  }

  void code(const std::string& name, const CompactProof& compact, const std::string& expected,
            const std::string& why) {
    put(name, to_bytes(as_bytes(compact_text(compact))));
    judge(name, expected, why);
  }
  void make_codes() {
    const CompactProof good = make_compact(nodes_.proof(kLicenseKey, {1, 3}), nodes_.in_force()).value();
    code("license.txt", good, "ACCEPT", "the compact form");
    judge("license.txt", "UNDETERMINED HISTORY_NOT_SHOWN", "a day before its state began").at = "2020-04-01";
    judge("license.txt", "UNDETERMINED LEDGER_STALE", "older than 24 hours").now_s += 86'400;
    CompactProof bad = good;
    bad.epoch = 2;
    code("other-epoch.txt", bad, "UNDETERMINED LEDGER_STALE", "of a roster that is not known");
    bad = good;
    std::get<LicenseStanding>(bad.standing.detail).since += 1;
    code("forged-standing.txt", bad, "REFUSE SIGNATURE_INVALID", "leads to a log that nobody cosigned");
    bad = good;
    bad.cosignatures.pop_back();
    code("forged-minority.txt", bad, "REFUSE PROOF_INVALID", "one of three nodes cosigned");
    Bytes text = vectors_.files["license.txt"];
    text.back() = ':';
    put("forged-base45.txt", std::move(text));
    judge("forged-base45.txt", "REFUSE PROOF_INVALID", "no base45: the last group is over its range");
  }

  void make_handovers() {
    const Proof before = nodes_.proof(kLicenseKey, {1, 2});
    nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
    const Proof after = nodes_.proof(kLicenseKey, {3, 4});
    add("handover.hufu", after, "ACCEPT", "the second roster, followed from the genesis file");
    Trust trust;
    EXPECT_TRUE(trust_ledger(trust, encode_genesis(nodes_.genesis)));
    const ProofFinding finding = check_proof(founding_anchor(nodes_.genesis), after);
    EXPECT_TRUE(remember_proof(trust.ledgers[0], after, finding));
    put("trust", encode_trust(trust));
    judge("handover.hufu", "ACCEPT", "the trusted roster").trust = "trust";
    add("before.hufu", before, "ACCEPT", "the genesis file knows of no later roster");
    judge("before.hufu", "UNDETERMINED LEDGER_STALE", "by nodes that have been replaced since").trust =
        "trust";
    add("forged-removed.hufu", nodes_.proof(kLicenseKey, {1, 2}), "REFUSE PROOF_INVALID",
        "node 1 is not of the second roster");
    Nodes usurpers = nodes_;
    usurpers.handovers.clear();
    usurpers.hand_over(roster_of({7, 8, 9}, 3), {7, 8});
    add("forged-handover.hufu", usurpers.proof(kLicenseKey, {7, 8}), "REFUSE PROOF_INVALID",
        "nodes that nobody appointed");
  }

  void make_forks() {
    const auto certified = [&](const Checkpoint& checkpoint, const Ids& ids) {
      return CertifiedCheckpoint{.checkpoint = checkpoint,
                                 .cosignatures = nodes_.cosign_all(checkpoint, ids)};
    };
    const Checkpoint other{.size = 3, .root = sha256(as_bytes("another history"))};
    const LeafLog log = nodes_.log();
    Fork fork{.version = Fork::kVersion,
              .ledger = nodes_.ledger,
              .a = certified(log.at(3), {1, 2}),
              .b = certified(other, {2, 3}),
              .split = std::nullopt};
    put("same-size.fork", encode_fork(fork));
    judge("same-size.fork", "FORK 2", "two roots of size 3; node 2 signed both");
    fork.a = certified(other, {2, 3});
    fork.b = certified(log.at(5), {1, 2});
    fork.split = log.link(3, 5);
    put("split.fork", encode_fork(fork));
    judge("split.fork", "FORK 2", "the log of size 5 had another root at size 3");
    fork.a = certified(log.at(3), {1, 2});
    put("forged-split.fork", encode_fork(fork));
    judge("forged-split.fork", "PROOF_INVALID", "the sides do not contradict each other");
  }
};

}  // namespace hufu::testing
