#include "ledger/proof/fork.hpp"

#include <algorithm>
#include <iterator>

#include "ledger/base/file_form.hpp"

namespace hufu {
namespace {

constexpr std::string_view kForkLine = "hufu fork v1\n";
constexpr std::size_t kForkBytes = 64U << 10;

const Member* find_cosigner(const Anchor& anchor, std::uint64_t id) {
  const Member* const in_force = find_member(anchor.roster, id);
  return in_force != nullptr ? in_force : find_member(anchor.genesis->roster, id);
}

Result<std::vector<std::uint64_t>> cosigners(const Anchor& anchor, const CertifiedCheckpoint& side) {
  std::vector<std::uint64_t> members;
  for (const Cosignature& cosignature : side.cosignatures) {
    if (!members.empty() && cosignature.member <= members.back()) return Error::not_canonical;
    const Member* const member = find_cosigner(anchor, cosignature.member);
    if (member == nullptr) return Error::signature_invalid;
    const auto signed_it =
        check_cosignature(anchor.genesis->origin, side.checkpoint, member->cosign_key, cosignature);
    if (!signed_it) return signed_it.error();
    members.push_back(cosignature.member);
  }
  if (members.empty()) return Error::signature_invalid;
  return members;
}

bool contradicts(const Fork& fork) {
  const Checkpoint& a = fork.a.checkpoint;
  const Checkpoint& b = fork.b.checkpoint;
  if (!fork.split) return a.size == b.size && a.root != b.root;
  const LogLink& split = *fork.split;
  return split.size == a.size && a.size < b.size && split.root != a.root && check_link(split, b).has_value();
}

}  // namespace

Bytes encode_fork(const Fork& fork) { return encode_file(kForkLine, fork); }

Result<Fork> decode_fork(ByteSpan file) { return decode_file<Fork>(kForkLine, kForkBytes, file); }

Result<ForkFinding> check_fork(const Anchor& anchor, const Fork& fork) {
  if (fork.ledger != ledger_id(*anchor.genesis)) return Error::foreign_origin;
  auto signed_a = cosigners(anchor, fork.a);
  if (!signed_a) return signed_a.error();
  auto signed_b = cosigners(anchor, fork.b);
  if (!signed_b) return signed_b.error();
  if (!contradicts(fork)) return Error::proof_invalid;
  ForkFinding finding{.signed_a = std::move(*signed_a), .signed_b = std::move(*signed_b), .culprits = {}};
  std::set_intersection(finding.signed_a.begin(), finding.signed_a.end(), finding.signed_b.begin(),
                        finding.signed_b.end(), std::back_inserter(finding.culprits));
  return finding;
}

}  // namespace hufu
