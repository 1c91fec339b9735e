#include "ledger/proof/recovered.hpp"

#include <algorithm>
#include <set>

namespace hufu {
namespace {

const ProvinceStanding* founding_province(const Genesis& genesis, std::string_view code) {
  const auto found = std::find_if(genesis.provinces.begin(), genesis.provinces.end(),
                                  [&](const FoundingProvince& province) { return province.code == code; });
  return found == genesis.provinces.end() ? nullptr : &found->standing;
}

bool is_founding_key(const Genesis& genesis, std::string_view province, const PublicKey& key) {
  const ProvinceStanding* const standing = founding_province(genesis, province);
  if (standing == nullptr) return false;
  const auto& keys = standing->authority_keys;
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool approves(const Submission& submission) {
  return std::any_of(submission.operations.begin(), submission.operations.end(), [](const Operation& each) {
    return std::holds_alternative<Propose>(each.payload) || std::holds_alternative<Approve>(each.payload);
  });
}

Result<std::vector<RecoverySigner>> signers_of(const Genesis& genesis, const Proposal& recovery) {
  std::vector<RecoverySigner> signers;
  for (const Submission& submission : recovery.submissions) {
    if (const auto checked = check_signed(ledger_id(genesis), submission); !checked) return checked.error();
    if (!approves(submission)) continue;
    const SubmissionHeader& header = submission.header;
    RecoverySigner signer{.province = header.agency,
                          .key = header.key,
                          .founding = is_founding_key(genesis, header.agency, header.key)};
    if (std::find(signers.begin(), signers.end(), signer) == signers.end())
      signers.push_back(std::move(signer));
  }
  return signers;
}

// V1, of the provinces that ran nodes and have somebody who can speak for them.
void count_provinces(const Genesis& genesis, const RosterStanding& before, RecoveryFinding& finding) {
  std::set<std::string> provinces;
  for (const Member& member : before.members) {
    const ProvinceStanding* const province = founding_province(genesis, member.province);
    if (province == nullptr || province->threshold == 0 || !provinces.insert(member.province).second)
      continue;
    const auto own = std::count_if(
        finding.signers.begin(), finding.signers.end(),
        [&](const RecoverySigner& signer) { return signer.founding && signer.province == member.province; });
    if (own >= province->threshold) ++finding.agreed;
  }
  finding.needed = provinces.size() / 2 + 1;
  std::set<std::string> spoke;
  for (const RecoverySigner& signer : finding.signers) spoke.insert(signer.province);
  finding.spoke = spoke.size();
}

// V3
bool is_known_or_own(const Member& member, const RosterStanding& roster, const RosterStanding& founding) {
  for (const RosterStanding* const known : {&roster, &founding}) {
    const Member* const before = find_member(*known, member.id);
    if (before == nullptr) continue;
    return before->name == member.name && before->province == member.province &&
           before->log_key == member.log_key && before->cosign_key == member.cosign_key &&
           before->tls_key == member.tls_key;
  }
  return member.id == member_id(member.cosign_key);
}

std::uint64_t largest_remembered(const TrustedLedger& ledger) {
  std::uint64_t size = ledger.pinned ? ledger.pinned->checkpoint.size : 0;
  for (const CertifiedCheckpoint& seen : ledger.seen) size = std::max(size, seen.checkpoint.size);
  return size;
}

}  // namespace

Result<RecoveryFinding> check_recovery(const TrustedLedger& ledger, const Proposal& recovery) {
  const Result<Genesis> genesis = decode_genesis(ledger.genesis_file);
  if (!genesis) return genesis.error();
  auto signers = signers_of(*genesis, recovery);
  if (!signers) return signers.error();
  const std::optional<Decision> enacted = enacted_in(recovery);
  if (!enacted || enacted->target != roster_subject()) return Error::content_mismatch;
  RecoveryFinding finding{.decision = *enacted, .signers = std::move(*signers)};
  const RosterStanding& after = finding.roster();
  // Of one epoch two recoveries may have been signed, and only one is on the ledger: the owner may change over.
  if (after.epoch < ledger.roster.epoch || after == ledger.roster) return Error::already_exists;
  const bool known = std::all_of(after.members.begin(), after.members.end(), [&](const Member& member) {
    return is_known_or_own(member, ledger.roster, genesis->roster);
  });
  if (!is_roster(after) || after.epoch <= genesis->roster.epoch || !known) return Error::config_invalid;
  // Blocks 0 to `height` stay.
  const std::uint64_t kept = std::get<RosterEntry>(enacted->body).recovery->height + 1;
  if (largest_remembered(ledger) > kept) return Error::storage_rolled_back;
  count_provinces(*genesis, ledger.roster, finding);
  finding.later_roster = after.epoch != ledger.roster.epoch + 1;
  return finding;
}

void take_recovery(TrustedLedger& ledger, const RecoveryFinding& finding) {
  ledger.roster = finding.roster();
}

}  // namespace hufu
