#include "ledger/proof/proof.hpp"

#include <algorithm>

#include "ledger/base/file_form.hpp"

namespace hufu {
namespace {

constexpr std::string_view kProofLine = "hufu proof v1\n";

// nullptr: none, or not in the state of the handover's block.
const RosterStanding* roster_of(const Handover& handover) {
  const StandingEvidence& shown = handover.roster;
  if (shown.key != roster_subject() || !shown.standing) return nullptr;
  if (!check_standing(shown, handover.header.state_root)) return nullptr;
  const auto* const roster = std::get_if<RosterStanding>(&shown.standing->detail);
  return roster != nullptr && is_roster(*roster) ? roster : nullptr;
}

struct Followed {
  RosterStanding roster;
  bool superseded = false;
};

// F2, F3 and F6, one handover after the other.
class RosterWalk {
 public:
  RosterWalk(const Anchor& anchor, const RosterStanding& first, Finding& finding)
      : anchor_(anchor), finding_(finding), roster_(first) {
    meet();
  }

  void take(const Handover& handover) {
    const Result<Checkpoint> led = log_of(handover.header, handover.log_path);
    finding_.expect(led, "a handover's block does not lead to a log");
    if (finding_.failed()) return;
    const Checkpoint& log = *led;
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

  const Anchor& anchor_;
  Finding& finding_;
  RosterStanding roster_;
  const Handover* before_ = nullptr;
  Checkpoint log_;  // of the handover before
  bool met_ = false;
};

Followed follow(const Anchor& anchor, const RosterStanding& first, const Proof& proof, Finding& finding) {
  RosterWalk walk(anchor, first, finding);
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

Bytes encode_proof(const Proof& proof) { return encode_file(kProofLine, proof); }

Result<Proof> decode_proof(ByteSpan file) { return decode_file<Proof>(kProofLine, kProofBytes, file); }

Anchor founding_anchor(const Genesis& genesis) { return {.genesis = &genesis, .roster = genesis.roster}; }

Result<Checkpoint> log_of(const BlockHeader& newest, const std::vector<Hash>& log_path) {
  const std::uint64_t size = newest.height + 1;
  const Result<Hash> root = root_from_inclusion(leaf_hash(encode(newest)), newest.height, size, log_path);
  if (!root) return root.error();
  return Checkpoint{.size = size, .root = *root};
}

Result<RosterStanding> check_handover(std::string_view origin, const RosterStanding& before,
                                      const Handover& handover) {
  const Result<Checkpoint> log = log_of(handover.header, handover.log_path);
  if (!log) return log.error();
  if (const auto certified = check_certified(origin, before, {*log, handover.cosignatures}); !certified)
    return certified.error();
  const RosterStanding* const next = roster_of(handover);
  if (next == nullptr || next->epoch <= before.epoch) return Error::proof_invalid;
  return *next;
}

namespace {

// F2 to F4 and F6, beginning with this roster.
ProofFinding certified_from(const Anchor& anchor, const RosterStanding& first, const Proof& proof) {
  ProofFinding result;
  Finding finding("checkpoint quorum");
  Followed followed = follow(anchor, first, proof, finding);
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

}  // namespace

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
  ProofFinding result = certified_from(anchor, anchor.genesis->roster, proof);
  // F2: after a recovery nobody hands over, and trust begins with the roster that was taken on trust. Cosignatures name no epoch:
  // where the founding nodes go on alone, what they sign then looks superseded from the beginning.
  const bool leads = none_failed(result.checks) && !result.superseded;
  if (!leads && anchor.roster.epoch > anchor.genesis->roster.epoch) {
    ProofFinding trusted = certified_from(anchor, anchor.roster, proof);
    if (none_failed(trusted.checks)) result = std::move(trusted);
  }
  std::vector<Check> checks = check_evidence(*anchor.genesis, proof.evidence);
  add_failure(checks, check_links(proof));
  checks.insert(checks.end(), result.checks.begin(), result.checks.end());
  result.checks = std::move(checks);
  return result;
}

}  // namespace hufu
