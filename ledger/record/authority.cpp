#include "ledger/record/authority.hpp"

#include <algorithm>

#include "ledger/record/identifiers.hpp"

namespace hufu {
namespace {

bool is_within(const Grant& narrow, const Grant& wide) {
  const bool ends = !wide.to || (narrow.to && *narrow.to <= *wide.to);
  return narrow.type == wide.type && (narrow.actions & ~wide.actions) == 0 && narrow.from >= wide.from &&
         ends;
}

template <class T>
bool has_twice(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  return std::adjacent_find(list.begin(), list.end()) != list.end();
}

}  // namespace

bool is_type(std::string_view type) {
  return !type.empty() && type.size() <= limits::kTypeCode &&
         std::all_of(type.begin(), type.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '/'; });
}

bool are_grants(const std::vector<Grant>& grants) {
  return std::all_of(grants.begin(), grants.end(), [](const Grant& grant) {
    const bool ends = !grant.to || (is_day(*grant.to) && *grant.to >= grant.from);
    return is_type(grant.type) && grant.actions != 0 && (grant.actions & ~action::kAll) == 0 &&
           is_day(grant.from) && ends;
  });
}

bool is_within(const std::vector<Grant>& narrow, const std::vector<Grant>& wide) {
  return std::all_of(narrow.begin(), narrow.end(), [&](const Grant& each) {
    return std::any_of(wide.begin(), wide.end(), [&](const Grant& other) { return is_within(each, other); });
  });
}

bool may_grant(const ProvinceStanding& province, const std::vector<Grant>& grants) {
  return province.grants.empty() || is_within(grants, province.grants);
}

bool is_node_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::kNodeName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= limits::kHost && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
  });
}

std::uint64_t member_id(const PublicKey& cosign_key) {
  const Hash hash = tagged_hash("hufu/member/v1", {cosign_key.bytes});
  std::uint64_t id = 1;
  for (int i = 3; i >= 0; --i) id = id << 8 | hash.bytes[static_cast<std::size_t>(i)];
  return id;
}

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

}  // namespace hufu
