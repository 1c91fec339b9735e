#include "ledger/merkle/state_proof.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/message.hpp"

namespace hufu {
namespace {

std::uint8_t bitmap_bit(std::size_t index) { return static_cast<std::uint8_t>(0x80U >> (index % 8)); }

bool shares_prefix(const Hash& a, const Hash& b, std::size_t bits) {
  for (std::size_t i = 0; i < bits; ++i) {
    if (path_bit(a, i) != path_bit(b, i)) return false;
  }
  return true;
}

// P1 and P2; the root that the siblings lead to from the terminal.
Result<Hash> climb(const Hash& path, const Hash& terminal, const StateProof& proof) {
  if (proof.siblings.size() > kMaxStateDepth) return Error::proof_invalid;
  if (!proof.siblings.empty() && proof.siblings.back() == kZeroHash) return Error::proof_invalid;
  Hash hash = terminal;
  for (std::size_t depth = proof.siblings.size(); depth-- > 0;) {
    const Hash& sibling = proof.siblings[depth];
    hash = path_bit(path, depth) == 0 ? node_hash(hash, sibling) : node_hash(sibling, hash);
  }
  return hash;
}

Result<void> expect_root(const Result<Hash>& reached, const Hash& root) {
  if (!reached) return reached.error();
  if (*reached != root) return Error::proof_invalid;
  return {};
}

}  // namespace

Hash state_leaf_hash(const Hash& path, const Hash& value_hash) {
  return sha256(ByteSpan(merkle_message(kLeafPrefix, path, value_hash)));
}

void StateProof::save_siblings(Writer& writer) const {
  HUFU_CHECK(siblings.size() <= kMaxStateDepth);
  Bytes bitmap((siblings.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    if (siblings[i] != kZeroHash) bitmap[i / 8] |= bitmap_bit(i);
  }
  writer << static_cast<std::uint16_t>(siblings.size());
  writer.raw(bitmap);
  for (const Hash& sibling : siblings) {
    if (sibling != kZeroHash) writer << sibling;
  }
}

void StateProof::load_siblings(Reader& reader) {
  siblings.clear();
  std::uint16_t depth = 0;
  reader >> depth;
  if (depth > kMaxStateDepth) return reader.fail(Error::too_long);
  const ByteSpan bitmap = reader.raw((depth + 7U) / 8);
  if (reader.error()) return;
  if (depth % 8 != 0 && (bitmap.back() & (0xFFU >> (depth % 8))) != 0)
    return reader.fail(Error::not_canonical);
  siblings.resize(depth);
  for (std::size_t i = 0; i < depth && !reader.error(); ++i) {
    if ((bitmap[i / 8] & bitmap_bit(i)) == 0) continue;
    reader >> siblings[i];
    if (!reader.error() && siblings[i] == kZeroHash) reader.fail(Error::not_canonical);
  }
}

Result<Hash> root_from_presence(const Hash& path, const Hash& value_hash, const StateProof& proof) {
  if (!std::holds_alternative<SameLeafTerminal>(proof.terminal)) return Error::proof_invalid;
  return climb(path, state_leaf_hash(path, value_hash), proof);
}

Result<void> verify_presence(const Hash& root, const Hash& path, const Hash& value_hash,
                             const StateProof& proof) {
  return expect_root(root_from_presence(path, value_hash, proof), root);
}

Result<void> verify_absence(const Hash& root, const Hash& path, const StateProof& proof) {
  if (std::holds_alternative<EmptyTerminal>(proof.terminal))
    return expect_root(climb(path, kZeroHash, proof), root);
  const auto* other = std::get_if<OtherLeafTerminal>(&proof.terminal);
  if (other == nullptr || other->path == path) return Error::proof_invalid;
  if (proof.siblings.size() > kMaxStateDepth) return Error::proof_invalid;
  if (!shares_prefix(other->path, path, proof.siblings.size())) return Error::proof_invalid;
  return expect_root(climb(path, state_leaf_hash(other->path, other->value_hash), proof), root);
}

}  // namespace hufu
