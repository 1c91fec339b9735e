// A group's membership in libraft's terms.
#pragma once

#include <vector>

#include "consensus/engine/libraft.hpp"
#include "consensus/log_store.hpp"

namespace hufu::consensus {

// Into an initialised or zeroed configuration, which becomes the caller's to close. False: libraft refused it.
bool to_configuration(const std::vector<Member>& members, raft_configuration& configuration);
std::vector<Member> from_configuration(const raft_configuration& configuration);

// The bytes of libraft's configuration entry for these members. Its own encoder leaves padding uninitialised, which would
// make equal configurations differ; here it is zero.
Bytes configuration_entry(const std::vector<Member>& members);

}  // namespace hufu::consensus
