#include "ledger/genesis/genesis.hpp"

#include <algorithm>

#include "ledger/base/file_form.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_tree.hpp"

namespace hufu {
namespace {

constexpr std::string_view kGenesisLine = "hufu genesis v1\n";

// Block 0 has no parent block; its parent is the founding document itself, which ties the chain to it.
Hash hash_of_encoding(ByteSpan encoding) { return tagged_hash("hufu/genesis/v1", {encoding}); }

}  // namespace

Hash genesis_hash(const Genesis& genesis) { return hash_of_encoding(encode(genesis)); }

LedgerId ledger_id(const Genesis& genesis) {
  return {.origin = genesis.origin, .genesis = genesis_hash(genesis)};
}

Bytes encode_genesis(const Genesis& genesis) { return encode_file(kGenesisLine, genesis); }

Result<Genesis> decode_genesis(ByteSpan file) {
  Result<Genesis> genesis = decode_file<Genesis>(kGenesisLine, limits::kGenesisBytes, file);
  if (!genesis) return genesis;
  if (!check_genesis(*genesis).empty()) return Error::config_invalid;
  return genesis;
}

std::vector<std::pair<SubjectKey, Standing>> founding_state(const Genesis& genesis) {
  std::vector<std::pair<SubjectKey, Standing>> state;
  const auto found = [&](SubjectKind kind, const std::string& id, Detail detail) {
    state.emplace_back(SubjectKey{kind, id}, Standing{.count = 0, .last = {}, .detail = std::move(detail)});
  };
  for (const auto& agency : genesis.agencies) found(SubjectKind::agency, agency.code, agency.standing);
  for (const auto& province : genesis.provinces)
    found(SubjectKind::province, province.code, province.standing);
  found(SubjectKind::roster, "", genesis.roster);
  return state;
}

BlockHeader founding_block(const Genesis& genesis) {
  std::vector<StateLeaf> leaves;
  for (const auto& [key, standing] : founding_state(genesis))
    leaves.push_back({key.path(), standing.value_hash()});
  std::sort(leaves.begin(), leaves.end(),
            [](const StateLeaf& a, const StateLeaf& b) { return a.path < b.path; });
  StateTree tree;
  return {.version = BlockHeader::kVersion,
          .height = 0,
          .parent = genesis_hash(genesis),
          .time_ms = genesis.time_ms,
          .count = 0,
          .submissions_root = tree_root({}),
          .state_root = tree.build(leaves).root()};
}

}  // namespace hufu
