// What went wrong with the store, for the operator's log.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

#include "ledger/base/error.hpp"

namespace hufu::store {

struct StoreFault {
  Error error = Error::storage_corrupt;
  std::string detail;  // names the file or the key
};
template <class T>
using Checked = boost::system::result<T, StoreFault>;

// Reaching for a value that is not there is a bug of ours.
[[noreturn]] void throw_exception_from_error(const StoreFault& fault, const boost::source_location& where);

// Thrown by LedgerStore::find alone: the law asks through StateReader, which has no way to refuse, and "absent" would be a
// lie on which the state of this node and that of the others part.
class StoreFailure : public std::runtime_error {
 public:
  explicit StoreFailure(StoreFault fault) : std::runtime_error(fault.detail), fault_(std::move(fault)) {}
  const StoreFault& fault() const { return fault_; }

 private:
  StoreFault fault_;
};

}  // namespace hufu::store
