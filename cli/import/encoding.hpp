// Which encoding a file's bytes are in.
//
// Pure. A byte order mark decides; else NUL bytes in every second place mean UTF-16; else what is valid UTF-8 is UTF-8;
// else GB18030, which holds GB 2312 and GBK. Bytes that are all ASCII decide nothing: the file may go on in either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hufu::cli::importer {

enum class Encoding : std::uint8_t { utf8, utf16le, utf16be, gb18030 };

std::string_view name_of(Encoding encoding);  // "UTF-8" …, as a mapping file and ICU name it
std::optional<Encoding> encoding_named(std::string_view name);

struct Detected {
  std::optional<Encoding> encoding;  // nullopt: all ASCII so far
  std::size_t mark_bytes = 0;        // length of the byte order mark
};

// `bytes` is the beginning of a file, or any later part that begins on a character.
Detected detect_encoding(std::string_view bytes);

}  // namespace hufu::cli::importer
