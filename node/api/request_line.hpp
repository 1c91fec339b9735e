// A request line taken apart, for the files of this folder. Pure.
//
// Path segments and query values are percent-decoded once, after splitting; a query key given twice is refused.
#pragma once

#include <map>

#include "node/api/route.hpp"

namespace hufu::api {

struct Target {
  std::vector<std::string> path;
  std::map<std::string, std::string, std::less<>> query;
};

std::variant<Target, RouteFault> take_apart(std::string_view text);

std::string percent_encoded(std::string_view text);
// In decimal, without sign and leading zero.
std::optional<std::uint64_t> whole_number(std::string_view text);
RouteFault fault(unsigned status, Error error, std::string_view why);

}  // namespace hufu::api
