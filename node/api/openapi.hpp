// openapi.json, as it was when this program was built. Pure.
#pragma once

#include <string_view>

namespace hufu::api {

std::string_view openapi_json();

}  // namespace hufu::api
