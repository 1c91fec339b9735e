// Files that people pass on: one line of text that names what it is and its version, then one canonical value. Pure.
//
//   file := first line (ending in 0x0A) || value
#pragma once

#include <string_view>

#include "ledger/base/codec.hpp"

namespace hufu {

template <class T>
Bytes encode_file(std::string_view first_line, const T& value) {
  Writer writer;
  writer.raw(as_bytes(first_line));
  writer& value;
  return writer.take();
}

// Error::oversize beyond `most` bytes, Error::unknown_tag for another first line, those of the codec.
template <class T>
Result<T> decode_file(std::string_view first_line, std::size_t most, ByteSpan file) {
  if (file.size() > most) return Error::oversize;
  if (!as_text(file).starts_with(first_line)) return Error::unknown_tag;
  return decode<T>(file.subspan(first_line.size()));
}

}  // namespace hufu
