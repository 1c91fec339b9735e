// Hashes with names: paths and values of trees that mean nothing else.
#pragma once

#include <string>

#include "ledger/base/hash.hpp"

namespace hufu {

inline Hash named(const std::string& text) { return sha256(as_bytes(text)); }

}  // namespace hufu
