// The access log of one node (ledger/trace/trace.hpp), from the node or from a copy of its file, with every entry checked: the
// chain from its beginning, the node's signatures by the genesis' roster, the verifiers' signatures under the traces.
#pragma once

#include <functional>
#include <string>

#include "cli/client/client.hpp"
#include "cli/session.hpp"
#include "ledger/trace/trace.hpp"

namespace hufu::cli {

struct AccessHistory {
  std::string node;  // by its name in the roster
  std::uint64_t entries = 0;
};

// With the name of the node that keeps the log.
using SeeEntry = std::function<void(const std::string& node, const SignedEntry& entry)>;

// Whatever does not hold is a trouble with exit kIntegrityAlarm, and names the entry. What was seen before it is good.
Try<AccessHistory> access_history(Client& client, const Genesis& genesis, const SeeEntry& see,
                                  const Session& session);
// A node's access.log, which may be growing: half an entry at the end is left out.
Try<AccessHistory> access_history(const std::string& file, const Genesis& genesis, const SeeEntry& see);

}  // namespace hufu::cli
