#include "consensus/types.hpp"

#include "ledger/base/check.hpp"

namespace hufu::consensus {

void throw_exception_from_error(const Fault& fault, const boost::source_location& where) {
  check_failed(fault.detail.c_str(), where.file_name(), static_cast<int>(where.line()));
}

}  // namespace hufu::consensus
