// The few words that every file of this room shares.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ledger/base/bytes.hpp"

namespace hufu::consensus {

// A member of the roster; never 0 (libraft uses 0 for "nobody").
using NodeId = std::uint64_t;

// A voting member of one Raft group. The address is a label for people; the transport has its own.
struct Member {
  NodeId id = 0;
  std::string address;
};

// What went wrong on this machine, with the file by its name: the text is for the operator's log.
struct Fault {
  Error error = Error::storage_corrupt;
  std::string detail;
};
template <class T>
using Checked = boost::system::result<T, Fault>;

// Reaching for a value that is not there is a bug of ours.
[[noreturn]] void throw_exception_from_error(const Fault& fault, const boost::source_location& where);

// Called once, on the loop, when going on would be dangerous: a failed disk call, an engine that gave up. The process
// has to stop; nothing of this room is entered again.
using FatalHandler = std::function<void(std::string_view)>;

}  // namespace hufu::consensus
