// A file as a stream of UTF-8 text, whatever it is encoded in.
//
// Memory stays bounded: the window holds what the reader has not consumed and grows by one chunk at a time; the reader
// bounds the record it waits for (limits.hpp). Bytes that are no text become U+FFFD, so that one damaged cell costs one
// record and not the file.
//
// Invariants:
//   T1  window() is well-formed UTF-8 except that it may end inside a character while more() can still add to it
//   T2  more() invalidates every view into the window; consume() invalidates none until the next more()
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/import/encoding.hpp"
#include "ledger/base/error.hpp"

namespace hufu::cli::importer {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to `room` bytes; 0 at the end.
  virtual Result<std::size_t> read(char* to, std::size_t room) = 0;
  virtual std::uint64_t size() const = 0;
};

// file_missing, or file_unreadable when it is no regular file.
Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& path);

// The bytes must outlive the source.
std::unique_ptr<ByteSource> open_bytes(std::string_view bytes);

class TextSource {
 public:
  // `encoding` overrides the guess. Reads the first chunk.
  static Result<std::unique_ptr<TextSource>> open(std::unique_ptr<ByteSource> bytes,
                                                  std::optional<Encoding> encoding);
  ~TextSource();

  std::string_view window() const { return std::string_view(text_).substr(at_); }
  void consume(std::size_t bytes) { at_ += bytes; }

  // Adds text to the window; false when there is no more.
  Result<bool> more();

  Encoding encoding() const { return encoding_.value_or(Encoding::utf8); }
  std::uint64_t bytes_read() const { return bytes_read_; }
  std::uint64_t bytes_total() const { return bytes_->size(); }

 private:
  class Decoder;
  explicit TextSource(std::unique_ptr<ByteSource> bytes);

  std::unique_ptr<ByteSource> bytes_;
  std::optional<Encoding> encoding_;  // nullopt while everything read was ASCII
  std::unique_ptr<Decoder> decoder_;
  std::string text_;
  std::size_t at_ = 0;
  std::string chunk_;
  std::uint64_t bytes_read_ = 0;
  bool ended_ = false;
};

}  // namespace hufu::cli::importer
