#include "node/attest.hpp"

#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::node {
namespace {

// Y1 for one block; what is wrong with it, or nothing.
std::string read_back(const store::LedgerStore& store, std::uint64_t height, Frontier& checked) {
  const std::string name = "block " + std::to_string(height);
  const auto bytes = store.block_bytes(height);
  if (!bytes) return bytes.error().detail;
  if (!*bytes || (*bytes)->size() < BlockHeader::kBytes) return name + " is missing";
  const ByteSpan header = ByteSpan(**bytes).first(BlockHeader::kBytes);
  if (mutated("damage_ignored")) {
    checked.append(leaf_hash(header));
    return {};
  }
  // The very bytes that were executed, or else everything is hashed anew.
  if (store.written_digest(height) != sha256(**bytes)) {
    const auto block = decode<Block>(**bytes);
    if (!block || block->header.height != height || !check_contents(*block))
      return name + " is not what its header says";
  }
  std::vector<LogNode> finished;
  checked.append(leaf_hash(header), &finished);
  for (const LogNode& node : finished) {
    const Result<Hash> stored = store.read(node.id);
    if (!stored || *stored != node.hash) {
      return name + " does not hash to node " + std::to_string(node.id.level) + "/" +
             std::to_string(node.id.index) + " of the log";
    }
  }
  return {};
}

}  // namespace

AttestReport carry_out(store::LedgerStore& store, const AttestKeys& keys, AttestOrder order) {
  AttestReport report{.checked = std::move(order.checked), .attestation = std::nullopt, .damage = {}};
  while (report.checked.size() < order.until) {
    report.damage = read_back(store, report.checked.size(), report.checked);
    if (!report.damage.empty()) return report;
  }
  const Checkpoint checkpoint{.size = report.checked.size(), .root = report.checked.root()};
  if (order.expected && *order.expected != checkpoint.root) {
    report.damage = "the log of " + std::to_string(checkpoint.size) + " blocks has root " +
                    short_hex(checkpoint.root) + " on disk, but had " + short_hex(*order.expected) +
                    " when they were executed";
    return report;
  }
  if (!order.sign_at_s) return report;
  failpoint("attest.before_mark");
  if (!mutated("mark_after_signature")) {
    if (const auto marked = store.mark_signed(checkpoint); !marked) {  // Y2
      report.damage = marked.error().detail;
      return report;
    }
  }
  failpoint("attest.after_mark");
  report.attestation = attest(keys.origin, checkpoint, keys.member, keys.log, keys.cosign, *order.sign_at_s);
  failpoint("attest.after_sign");
  return report;
}

}  // namespace hufu::node
