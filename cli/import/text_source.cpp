#include "cli/import/text_source.hpp"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "cli/import/limits.hpp"
#include "ledger/base/check.hpp"

namespace hufu::cli::importer {
namespace {

class FileBytes final : public ByteSource {
 public:
  FileBytes(std::ifstream file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  Result<std::size_t> read(char* to, std::size_t room) override {
    file_.read(to, static_cast<std::streamsize>(room));
    if (file_.bad()) return Error::file_unreadable;
    return static_cast<std::size_t>(file_.gcount());
  }
  std::uint64_t size() const override { return size_; }

 private:
  std::ifstream file_;
  std::uint64_t size_;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}
  Result<std::size_t> read(char* to, std::size_t room) override {
    const std::size_t n = std::min(room, rest_.size());
    if (n > 0) std::memcpy(to, rest_.data(), n);
    rest_.remove_prefix(n);
    return n;
  }
  std::uint64_t size() const override { return size_; }

 private:
  std::string_view rest_;
  std::uint64_t size_;
};

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter made(ucnv_open(name, &status));
  HUFU_CHECK(U_SUCCESS(status));  // ICU is built with each of our four encodings
  return made;
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) return Error::file_missing;
  if (!std::filesystem::is_regular_file(status)) return Error::file_unreadable;
  const auto size = std::filesystem::file_size(path, failure);
  std::ifstream file(path, std::ios::binary);
  if (failure || !file) return Error::file_unreadable;
  return std::unique_ptr<ByteSource>(std::make_unique<FileBytes>(std::move(file), size));
}

std::unique_ptr<ByteSource> open_bytes(std::string_view bytes) {
  return std::make_unique<MemoryBytes>(bytes);
}

// ICU's stream conversion through a small pivot; what is malformed becomes U+FFFD, ICU's default.
class TextSource::Decoder {
 public:
  explicit Decoder(Encoding encoding) : from_(converter(name_of(encoding).data())), to_(converter("UTF-8")) {
    pivot_source_ = pivot_target_ = pivot_.data();
  }

  void decode(std::string_view bytes, bool last, std::string& out) {
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    while (true) {
      char* target = room_.data();
      UErrorCode status = U_ZERO_ERROR;
      ucnv_convertEx(to_.get(), from_.get(), &target, room_.data() + room_.size(), &source, end,
                     pivot_.data(), &pivot_source_, &pivot_target_, pivot_.data() + pivot_.size(), first_,
                     last, &status);
      first_ = false;
      out.append(room_.data(), target);
      if (status == U_BUFFER_OVERFLOW_ERROR) continue;
      HUFU_CHECK(U_SUCCESS(status));
      return;
    }
  }

 private:
  Converter from_;
  Converter to_;
  std::array<UChar, 8192> pivot_{};
  UChar* pivot_source_ = nullptr;
  UChar* pivot_target_ = nullptr;
  std::array<char, 32768> room_{};
  bool first_ = true;
};

TextSource::TextSource(std::unique_ptr<ByteSource> bytes)
    : bytes_(std::move(bytes)), chunk_(kReadChunkBytes, '\0') {}
TextSource::~TextSource() = default;

Result<std::unique_ptr<TextSource>> TextSource::open(std::unique_ptr<ByteSource> bytes,
                                                     std::optional<Encoding> encoding) {
  std::unique_ptr<TextSource> source(new TextSource(std::move(bytes)));
  source->encoding_ = encoding;
  const Result<bool> first = source->more();
  if (!first) return first.error();
  return source;
}

Result<bool> TextSource::more() {
  if (ended_) return false;
  const Result<std::size_t> read = bytes_->read(chunk_.data(), chunk_.size());
  if (!read) return read.error();
  std::string_view bytes(chunk_.data(), *read);
  const bool begins = bytes_read_ == 0;
  bytes_read_ += bytes.size();
  ended_ = bytes.empty();

  text_.erase(0, at_);
  at_ = 0;
  if (!decoder_ && !bytes.empty()) {
    const Detected detected = detect_encoding(bytes);
    if (!encoding_) encoding_ = detected.encoding;
    if (begins && detected.encoding == encoding_) bytes.remove_prefix(detected.mark_bytes);
    if (encoding_) decoder_ = std::make_unique<Decoder>(*encoding_);
  }
  if (decoder_) {
    decoder_->decode(bytes, ended_, text_);
  } else {
    text_.append(bytes);  // ASCII so far: the same in every encoding that is still possible
  }
  return !ended_;
}

}  // namespace hufu::cli::importer
