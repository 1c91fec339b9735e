// The data sets of genesis, carried inside the program, so that a demo needs nothing beside it.
#pragma once

#include <span>
#include <string_view>

#include "ledger/base/bytes.hpp"

namespace hufu::cli::demo {

struct SampleFile {
  std::string_view path;  // "sample/reference/agencies.jsonl", "five/canonical/licenses.jsonl"
  ByteSpan content;
};
std::span<const SampleFile> sample_files();

}  // namespace hufu::cli::demo
