#include "ledger/proof/proof.hpp"

#include <algorithm>

#include "ledger/base/file_form.hpp"

namespace hufu {
namespace {

constexpr std::string_view kFirstLine = "hufu proof v1\n";

bool has_twice(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}
bool has_twice(std::vector<PublicKey> keys) {
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

struct Followed {
  RosterStanding roster;
  bool superseded = false;
};

// F2, F3 and F6, one handover after the other.
class RosterWalk {
 public:
  RosterWalk(const Anchor& anchor, Finding& finding)
      : anchor_(anchor), finding_(finding), roster_(anchor.genesis->roster) {
    meet();
  }

  void take(const Handover& handover) {
    const Result<Hash> root = root_from_inclusion(leaf_hash(encode(handover.header)), handover.header.height,
                                                  handover.header.height + 1, handover.log_path);
    finding_.expect(root, "a handover's block does not lead to a log");
    if (finding_.failed()) return;
    const Checkpoint log{.size = handover.header.height + 1, .root = *root};
    arrive_at(log);
    finding_.expect(check_certified(anchor_.genesis->origin, roster_, {log, handover.cosignatures}),
                    "a handover is not certified by the roster before it");
    const RosterStanding* const next = roster_of(handover);
    finding_.expect(next != nullptr, Error::proof_invalid, "a handover shows no well-formed roster");
    if (finding_.failed()) return;
    finding_.expect(next->epoch > roster_.epoch, Error::proof_invalid, "a handover leads to no later roster");
    before_ = &handover;
    log_ = log;
    roster_ = *next;
    meet();
  }

  // F3: the log of the handover before, if any, has become this one.
  void arrive_at(const Checkpoint& log) {
    if (before_ == nullptr) return;
    finding_.expect(verify_consistency(log_.size, log_.root, log.size, log.root, before_->consistency),
                    "the log is not a continuation of that of a handover");
  }

  Followed finish(const Checkpoint& log) {
    arrive_at(log);
    const bool superseded = !met_ && roster_.epoch < anchor_.roster.epoch;
    finding_.expect(met_ || superseded, Error::proof_invalid,
                    "the handovers lead past the roster that is trusted");
    return {.roster = std::move(roster_), .superseded = superseded};
  }

 private:
  void meet() { met_ = met_ || roster_ == anchor_.roster; }

  // nullptr: none, or not in the state of the handover's block.
  static const RosterStanding* roster_of(const Handover& handover) {
    const StandingEvidence& shown = handover.roster;
    if (shown.key != SubjectKey{SubjectKind::roster, ""} || !shown.standing) return nullptr;
    if (!check_standing(shown, handover.header.state_root)) return nullptr;
    const auto* const roster = std::get_if<RosterStanding>(&shown.standing->detail);
    return roster != nullptr && is_roster(*roster) ? roster : nullptr;
  }

  const Anchor& anchor_;
  Finding& finding_;
  RosterStanding roster_;
  const Handover* before_ = nullptr;
  Checkpoint log_;  // of the handover before
  bool met_ = false;
};

Followed follow(const Anchor& anchor, const Proof& proof, Finding& finding) {
  RosterWalk walk(anchor, finding);
  for (const Handover& handover : proof.handovers) {
    if (finding.failed()) return {};
    walk.take(handover);
  }
  return walk.finish(proof.checkpoint().checkpoint);
}

// F5.
Check check_links(const Proof& proof) {
  Finding finding("ledger");
  std::uint64_t last = 0;
  for (const LogLink& link : proof.links) {
    finding.expect(link.size > last && link.size < proof.evidence.log_size, Error::not_canonical,
                   "the links are not sorted by size");
    if (finding.failed()) break;
    finding.expect(check_link(link, proof.checkpoint().checkpoint),
                   "the log is not a continuation of that of a link");
    last = link.size;
  }
  return finding.take("");
}

// A line of the evidence that passed may still fail by what the proof adds to it.
void add_failure(std::vector<Check>& checks, Check more) {
  if (more.result != Check::Result::fail) return;
  const auto line =
      std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.name == more.name; });
  if (line != checks.end() && line->result == Check::Result::pass) *line = std::move(more);
}

std::string why_not_certified(Error error, const RosterStanding& roster,
                              const CertifiedCheckpoint& certified) {
  const std::string members = std::to_string(roster.members.size()) + " nodes";
  switch (error) {
    case Error::quorum_missing:
      return std::to_string(certified.cosignatures.size()) + " of " + members + " cosigned, " +
             std::to_string(roster.quorum()) + " are needed";
    case Error::signature_invalid:
      return "a cosignature does not verify";
    case Error::not_canonical:
      return "the cosignatures are not sorted, or a node stands twice among them";
    default:
      return "a cosignature is of no node in force";
  }
}

}  // namespace

Bytes encode_proof(const Proof& proof) { return encode_file(kFirstLine, proof); }

Result<Proof> decode_proof(ByteSpan file) { return decode_file<Proof>(kFirstLine, kProofBytes, file); }

Anchor founding_anchor(const Genesis& genesis) { return {.genesis = &genesis, .roster = genesis.roster}; }

bool is_roster(const RosterStanding& roster) {
  std::vector<std::string> names;
  std::vector<PublicKey> keys;
  std::uint64_t last = 0;
  for (const Member& member : roster.members) {
    if (member.id <= last || !is_node_name(member.name)) return false;
    last = member.id;
    names.push_back(member.name);
    keys.insert(keys.end(), {member.log_key, member.cosign_key, member.tls_key});
  }
  return !roster.members.empty() && !has_twice(std::move(names)) && !has_twice(std::move(keys));
}

Result<void> check_link(const LogLink& link, const Checkpoint& to) {
  return verify_consistency(link.size, link.root, to.size, to.root, link.consistency);
}

QuorumFinding check_quorum(std::string_view origin, const RosterStanding& roster,
                           const CertifiedCheckpoint& certified) {
  Finding finding("checkpoint quorum");
  const Result<std::uint64_t> time_s = check_certified(origin, roster, certified);
  if (!time_s) {
    finding.expect(time_s, why_not_certified(time_s.error(), roster, certified));
    return {.check = finding.take(""), .time_s = 0};
  }
  std::string names;
  for (const Cosignature& cosignature : certified.cosignatures) {
    names += (names.empty() ? "" : ", ") + find_member(roster, cosignature.member)->name;
  }
  return {.check = finding.take(std::to_string(certified.cosignatures.size()) + " of " +
                                std::to_string(roster.members.size()) + " nodes cosigned: " + names),
          .time_s = *time_s};
}

ProofFinding check_proof(const Anchor& anchor, const Proof& proof) {
  ProofFinding result;
  result.checks = check_evidence(*anchor.genesis, proof.evidence);
  add_failure(result.checks, check_links(proof));
  Finding finding("checkpoint quorum");
  Followed followed = follow(anchor, proof, finding);
  if (finding.failed()) {
    result.checks.push_back(finding.take(""));
    return result;
  }
  QuorumFinding quorum = check_quorum(anchor.genesis->origin, followed.roster, proof.checkpoint());
  result.checks.push_back(std::move(quorum.check));
  result.time_s = quorum.time_s;
  result.roster = std::move(followed.roster);
  result.superseded = followed.superseded;
  return result;
}

}  // namespace hufu
