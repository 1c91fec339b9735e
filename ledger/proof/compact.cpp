#include "ledger/proof/compact.hpp"

#include <algorithm>

namespace hufu {
namespace {

std::array<std::uint8_t, 4> short_ledger(const Genesis& genesis) {
  const Hash hash = genesis_hash(genesis);
  return {hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]};
}

// Q2: the checkpoint that all of it leads to, if the standing is shown present.
Result<Checkpoint> checkpoint_of(const CompactProof& compact) {
  const Result<Hash> state_root =
      root_from_presence(compact.subject.path(), compact.standing.value_hash(), compact.proof);
  if (!state_root) return state_root.error();
  const BlockHeader header{.version = BlockHeader::kVersion,
                           .height = compact.height,
                           .parent = compact.parent,
                           .time_ms = compact.time_ms,
                           .count = compact.count,
                           .submissions_root = compact.submissions_root,
                           .state_root = *state_root};
  const Result<Hash> log_root =
      root_from_inclusion(leaf_hash(encode(header)), header.height, header.height + 1, compact.log_path);
  if (!log_root) return log_root.error();
  return Checkpoint{.size = header.height + 1, .root = *log_root};
}

// In terms of the members' ids. Error::proof_invalid: a position that the roster does not have.
Result<std::vector<Cosignature>> cosignatures_of(const CompactProof& compact, const RosterStanding& roster) {
  std::vector<Cosignature> all;
  for (const CompactCosignature& cosignature : compact.cosignatures) {
    if (cosignature.position >= roster.members.size()) return Error::proof_invalid;
    all.push_back({.member = roster.members[cosignature.position].id,
                   .time_s = cosignature.time_s,
                   .signature = cosignature.signature});
  }
  return all;
}

std::string out_of_date(std::uint64_t shown, std::uint64_t known) {
  const std::string both = "cosigned by the nodes of epoch " + std::to_string(shown) +
                           ", known are those of epoch " + std::to_string(known);
  return both + (shown > known ? ": update the trust file" : ": ask for a newer code");
}

}  // namespace

Result<CompactProof> make_compact(const Proof& proof, const RosterStanding& roster) {
  const Evidence& evidence = proof.evidence;
  if (!evidence.subject.standing) return Error::not_found;
  std::vector<CompactCosignature> cosignatures;
  for (const Cosignature& cosignature : proof.cosignatures) {
    const Member* const member = find_member(roster, cosignature.member);
    if (member == nullptr) return Error::proof_invalid;
    cosignatures.push_back({.position = static_cast<std::uint8_t>(member - roster.members.data()),
                            .time_s = cosignature.time_s,
                            .signature = cosignature.signature});
  }
  if (cosignatures.size() < roster.quorum()) return Error::quorum_missing;
  std::stable_sort(cosignatures.begin(), cosignatures.end(),
                   [](const auto& a, const auto& b) { return a.time_s > b.time_s; });
  cosignatures.resize(roster.quorum());
  std::sort(cosignatures.begin(), cosignatures.end(),
            [](const auto& a, const auto& b) { return a.position < b.position; });
  CompactProof compact{.version = CompactProof::kVersion,
                       .ledger = {},
                       .epoch = roster.epoch,
                       .subject = evidence.subject.key,
                       .standing = *evidence.subject.standing,
                       .proof = evidence.subject.proof,
                       .height = evidence.head.height,
                       .parent = evidence.head.parent,
                       .time_ms = evidence.head.time_ms,
                       .count = evidence.head.count,
                       .submissions_root = evidence.head.submissions_root,
                       .log_path = evidence.head_path,
                       .cosignatures = std::move(cosignatures)};
  std::copy_n(evidence.ledger.genesis.bytes.begin(), compact.ledger.size(), compact.ledger.begin());
  if (encode(compact).size() > kCompactBytes) return Error::oversize;
  return compact;
}

std::string compact_text(const CompactProof& compact) {
  return std::string(kCompactPrefix) + to_base45(encode(compact));
}

Result<CompactProof> parse_compact_text(std::string_view text) {
  if (!text.starts_with(kCompactPrefix)) return Error::unknown_tag;
  text.remove_prefix(kCompactPrefix.size());
  if (text.size() > kCompactBytes / 2 * 3) return Error::oversize;
  const Result<Bytes> bytes = from_base45(text);
  if (!bytes) return bytes.error();
  return decode<CompactProof>(*bytes);
}

CompactFinding check_compact(const Anchor& anchor, const CompactProof& compact) {
  CompactFinding result;
  Finding ledger("ledger");
  ledger.expect(compact.ledger == short_ledger(*anchor.genesis), Error::foreign_origin,
                "the code is of another ledger");
  Finding inclusion("inclusion");
  inclusion.expect(is_of_kind(compact.standing, compact.subject.kind), Error::proof_invalid,
                   "the standing is of another kind than its subject");
  const Result<Checkpoint> checkpoint = checkpoint_of(compact);
  inclusion.expect(checkpoint, "the standing does not lead to a log");

  QuorumFinding quorum;
  Finding rest("checkpoint quorum");
  rest.expect(checkpoint, "there is no checkpoint that could be certified");
  rest.expect(compact.epoch == anchor.roster.epoch, Error::ledger_stale,
              out_of_date(compact.epoch, anchor.roster.epoch));
  Result<std::vector<Cosignature>> cosignatures = cosignatures_of(compact, anchor.roster);
  rest.expect(cosignatures, "a cosignature is of no node in force");
  if (rest.failed()) {
    quorum.check = rest.take("");
  } else {
    result.certified = {.checkpoint = *checkpoint, .cosignatures = std::move(*cosignatures)};
    quorum = check_quorum(anchor.genesis->origin, anchor.roster, result.certified);
  }
  const std::string vouched = "not in a code: the quorum vouches for it; the proof file shows it";
  result.checks = {ledger.take("of " + anchor.genesis->origin),
                   inclusion.take("the standing leads to the state of block " +
                                  std::to_string(compact.height) + ", which heads the log"),
                   skipped("issuer signature", vouched),
                   skipped("issuer authority", vouched),
                   skipped("history", vouched),
                   std::move(quorum.check)};
  result.time_s = quorum.time_s;
  return result;
}

}  // namespace hufu
