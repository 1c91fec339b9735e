// A trace of use (使用留痕): a verification written down in the access log of a node.
#pragma once

#include <string>

#include "cli/client/client.hpp"
#include "cli/ledger_access.hpp"
#include "ledger/proof/reason.hpp"

namespace hufu::cli {

struct TraceWish {
  std::string reason;
  KeyOptions key;  // of the agency that verifies; without one the trace is anonymous
};

// The entry, checked: signed by a member of the roster, and of this very trace.
Try<SignedEntry> leave_trace(Client& client, const Genesis& genesis, const SubjectKey& subject,
                             Verdict verdict, const TraceWish& wish, const Session& session);

}  // namespace hufu::cli
