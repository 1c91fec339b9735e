// Files of the person at the command line: read whole and bounded, written whole or not at all.
#pragma once

#include <string>

#include "cli/session.hpp"
#include "ledger/base/bytes.hpp"

namespace hufu::cli {

// What is wrong with a file, told for its path: a missing one with the nearest name, a secret one with the chmod.
Trouble file_trouble(Error error, const std::string& path, std::string_view role = "");

// "-" reads standard input.
Try<Bytes> read_file(const std::string& path, std::size_t max_bytes);

enum class Durable { yes, no };  // no: what can be made again, in numbers

// Created with this mode, never overwritten; on the disk when this returns, unless it need not be durable.
Try<void> write_new_file(const std::string& path, ByteSpan content, unsigned mode,
                         Durable durable = Durable::yes);
// Replaces what stands there, at once: the old content or the new one, never half of either.
Try<void> replace_file(const std::string& path, ByteSpan content, unsigned mode);
// With its parents, for the owner alone. No trouble when it is there.
Try<void> make_private_folder(const std::string& path);

}  // namespace hufu::cli
