#include "ledger/proof/trust.hpp"

#include <algorithm>

#include "ledger/base/file_form.hpp"

namespace hufu {
namespace {

constexpr std::string_view kTrustLine = "hufu trust v1\n";
constexpr std::size_t kTrustBytes = 64U << 20;
constexpr std::size_t kFoundingBytes =
    32U << 20;  // of all founding documents: leaves room for what is seen later

Result<Hash> genesis_hash_of(const TrustedLedger& entry) {
  const Result<Genesis> genesis = decode_genesis(entry.genesis_file);
  if (!genesis) return Error::config_invalid;
  const bool founding = entry.roster == genesis->roster;
  if (!founding && (entry.roster.epoch <= genesis->roster.epoch || !is_roster(entry.roster)))
    return Error::config_invalid;
  return genesis_hash(*genesis);
}

bool is_canonical(const TrustedLedger& entry) {
  if (!entry.pinned) return entry.seen.empty();
  std::vector<std::uint64_t> sizes{entry.pinned->checkpoint.size};
  for (const CertifiedCheckpoint& seen : entry.seen) sizes.push_back(seen.checkpoint.size);
  std::sort(sizes.begin(), sizes.end());
  return std::adjacent_find(sizes.begin(), sizes.end()) == sizes.end();
}

// One new checkpoint meets what is remembered.
class Meeting {
 public:
  Meeting(TrustedLedger& ledger, const LedgerId& id, const CertifiedCheckpoint& certified)
      : ledger_(ledger), id_(id), certified_(certified), now_(certified.checkpoint) {}

  Result<Remembered> remember(std::span<const LogLink> links) {
    if (const auto* const other = find(now_.size); other != nullptr && other->checkpoint.root != now_.root)
      return caught(*other, certified_, std::nullopt);
    for (const LogLink& link : links) {
      Result<std::optional<Remembered>> fork = follow(link);
      if (!fork) return fork.error();
      if (*fork) return std::move(**fork);
    }
    return Remembered{.memory = keep(), .fork = std::nullopt};
  }

 private:
  // nullptr: nothing is remembered of this size.
  const CertifiedCheckpoint* find(std::uint64_t size) const {
    if (ledger_.pinned && ledger_.pinned->checkpoint.size == size) return &*ledger_.pinned;
    const auto at = std::find_if(ledger_.seen.begin(), ledger_.seen.end(),
                                 [size](const auto& seen) { return seen.checkpoint.size == size; });
    return at == ledger_.seen.end() ? nullptr : &*at;
  }
  void forget(std::uint64_t size) {
    std::erase_if(ledger_.seen, [size](const auto& seen) { return seen.checkpoint.size == size; });
  }
  Remembered caught(const CertifiedCheckpoint& a, const CertifiedCheckpoint& b,
                    std::optional<LogLink> split) const {
    return {
        .memory = Memory::unlinked,
        .fork = Fork{.version = Fork::kVersion, .ledger = id_, .a = a, .b = b, .split = std::move(split)}};
  }

  // A fork, if the link shows one.
  Result<std::optional<Remembered>> follow(const LogLink& link) {
    const bool back =
        link.size < now_.size;  // from a remembered log to this one, else from this one to the pinned
    if (!back && (link.size > now_.size || !pinned_is_larger())) return std::optional<Remembered>();
    const CertifiedCheckpoint* const smaller = back ? find(link.size) : &certified_;
    const CertifiedCheckpoint& larger = back ? certified_ : *ledger_.pinned;
    if (const auto checked = check_link(link, larger.checkpoint); !checked) return checked.error();
    if (smaller == nullptr) return std::optional<Remembered>();
    if (smaller->checkpoint.root != link.root) return std::optional(caught(*smaller, larger, link));
    linked_.push_back(link.size);
    return std::optional<Remembered>();
  }
  bool pinned_is_larger() const { return ledger_.pinned && ledger_.pinned->checkpoint.size > now_.size; }
  bool is_linked(std::uint64_t size) const {
    return std::find(linked_.begin(), linked_.end(), size) != linked_.end();
  }

  // U2. All links hold.
  Memory keep() {
    if (!ledger_.pinned) {
      ledger_.pinned = certified_;
      return Memory::first;
    }
    const std::uint64_t pinned = ledger_.pinned->checkpoint.size;
    if (pinned == now_.size) {
      for (const std::uint64_t size : linked_) forget(size);
      return Memory::known;
    }
    if (is_linked(std::min(pinned, now_.size))) {
      forget(now_.size);
      for (const std::uint64_t size : linked_) forget(size);
      if (pinned < now_.size) ledger_.pinned = certified_;
      return Memory::linked;
    }
    if (find(now_.size) == nullptr) ledger_.seen.insert(ledger_.seen.begin(), certified_);
    if (ledger_.seen.size() > TrustedLedger::kSeen) ledger_.seen.pop_back();
    return Memory::unlinked;
  }

  TrustedLedger& ledger_;
  const LedgerId& id_;
  const CertifiedCheckpoint& certified_;
  const Checkpoint& now_;
  std::vector<std::uint64_t> linked_;  // sizes of remembered logs, or this one's
};

}  // namespace

Bytes encode_trust(const Trust& trust) { return encode_file(kTrustLine, trust); }

Result<Trust> decode_trust(ByteSpan file) {
  Result<Trust> trust = decode_file<Trust>(kTrustLine, kTrustBytes, file);
  if (!trust) return trust;
  std::optional<Hash> last;
  for (const TrustedLedger& entry : trust->ledgers) {
    const Result<Hash> hash = genesis_hash_of(entry);
    if (!hash) return hash.error();
    if ((last && *hash <= *last) || !is_canonical(entry)) return Error::not_canonical;
    last = *hash;
  }
  return trust;
}

TrustedLedger* find_ledger(Trust& trust, const Hash& genesis) {
  const auto at = std::find_if(trust.ledgers.begin(), trust.ledgers.end(),
                               [&](const TrustedLedger& entry) { return genesis_hash_of(entry) == genesis; });
  return at == trust.ledgers.end() ? nullptr : &*at;
}

Result<void> trust_ledger(Trust& trust, ByteSpan genesis_file) {
  Result<Genesis> genesis = decode_genesis(genesis_file);
  if (!genesis) return genesis.error();
  const Hash hash = genesis_hash(*genesis);
  if (find_ledger(trust, hash) != nullptr) return Error::already_exists;
  std::size_t bytes = genesis_file.size();
  for (const TrustedLedger& entry : trust.ledgers) bytes += entry.genesis_file.size();
  if (trust.ledgers.size() >= Trust::kLedgers || bytes > kFoundingBytes) return Error::oversize;
  const auto at = std::find_if(trust.ledgers.begin(), trust.ledgers.end(),
                               [&](const TrustedLedger& entry) { return *genesis_hash_of(entry) > hash; });
  trust.ledgers.insert(at, {.genesis_file = to_bytes(genesis_file),
                            .roster = std::move(genesis->roster),
                            .pinned = std::nullopt,
                            .seen = {}});
  return {};
}

Result<Remembered> remember(TrustedLedger& ledger, const LedgerId& id, const CertifiedCheckpoint& certified,
                            std::span<const LogLink> links) {
  return Meeting(ledger, id, certified).remember(links);
}

Result<Remembered> remember_proof(TrustedLedger& ledger, const Proof& proof, const ProofFinding& finding) {
  HUFU_CHECK(none_failed(finding.checks));
  if (finding.superseded) return Remembered{.memory = Memory::superseded, .fork = std::nullopt};
  Result<Remembered> remembered = remember(ledger, proof.evidence.ledger, proof.checkpoint(), proof.links);
  const bool later = finding.roster.epoch > ledger.roster.epoch;
  if (remembered && !remembered->fork && later) ledger.roster = finding.roster;
  return remembered;
}

}  // namespace hufu
