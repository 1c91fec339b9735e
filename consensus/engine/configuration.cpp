#include "consensus/engine/configuration.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"

namespace hufu::consensus {

bool to_configuration(const std::vector<Member>& members, raft_configuration& configuration) {
  raft_configuration_init(&configuration);
  return std::all_of(members.begin(), members.end(), [&](const Member& member) {
    return raft_configuration_add(&configuration, member.id, member.address.c_str(), RAFT_VOTER) == 0;
  });
}

std::vector<Member> from_configuration(const raft_configuration& configuration) {
  std::vector<Member> members;
  for (unsigned i = 0; i < configuration.n; ++i) {
    members.push_back({configuration.servers[i].id, configuration.servers[i].address});
  }
  return members;
}

Bytes configuration_entry(const std::vector<Member>& members) {
  raft_configuration configuration;
  raft_buffer buffer{};
  HUFU_CHECK(to_configuration(members, configuration));
  HUFU_CHECK(raft_configuration_encode(&configuration, &buffer) == 0);
  raft_configuration_close(&configuration);
  const auto* const bytes = static_cast<const std::uint8_t*>(buffer.base);
  // Format 1: u8 version, u64 count, then u64 id, zero-terminated address, u8 role each.
  std::size_t used = 1 + 8;
  for (const Member& member : members) used += 8 + member.address.size() + 1 + 1;
  HUFU_CHECK(used <= buffer.len);
  Bytes entry(bytes, bytes + used);
  entry.resize(buffer.len, 0);
  raft_free(buffer.base);
  return entry;
}

}  // namespace hufu::consensus
