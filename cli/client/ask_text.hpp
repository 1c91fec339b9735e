// One text of one node, asked for once and not repeated: its metrics.
#pragma once

#include <chrono>
#include <string>

#include "cli/client/address.hpp"

namespace hufu::cli {

// The body, or why there is none. Over https the node is known by its key, as everywhere (exchange.hpp).
boost::system::result<std::string, api::Problem> ask_metrics(const Address& address,
                                                             std::chrono::milliseconds timeout);

}  // namespace hufu::cli
