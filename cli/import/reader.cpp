#include "cli/import/reader.hpp"

#include <algorithm>
#include <array>

#include "cli/import/cells.hpp"
#include "cli/import/delimited.hpp"
#include "cli/import/json_lines.hpp"
#include "cli/import/limits.hpp"
#include "cli/import/table.hpp"
#include "cli/import/xml_invoice.hpp"

namespace hufu::cli::importer {
namespace {

namespace fs = std::filesystem;

// Regular files below a directory in the order of their paths; links are not followed.
Result<std::vector<fs::path>> files_below(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code failure;
  fs::recursive_directory_iterator at(directory, failure);
  for (const fs::recursive_directory_iterator end; !failure && at != end; at.increment(failure)) {
    if (at.depth() >= kDirectoryDepthMax) at.disable_recursion_pending();
    if (at->symlink_status(failure).type() != fs::file_type::regular) continue;
    if (files.size() == kFilesMax) return Error::oversize;
    files.push_back(at->path());
  }
  if (failure) return Error::file_unreadable;
  std::sort(files.begin(), files.end());
  return files;
}

// Fills the window up to the sample size; true when the whole text is in it.
Result<bool> fill_sample(TextSource& text) {
  while (text.window().size() < kSampleBytes) {
    const Result<bool> more = text.more();
    if (!more) return more.error();
    if (!*more) return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(Format format) {
  constexpr std::array<std::string_view, 3> kNames = {"table", "json lines", "xml invoice"};
  return kNames[static_cast<std::size_t>(format)];
}

Result<std::unique_ptr<Reader>> Reader::open(const fs::path& path, const Options& options) {
  std::unique_ptr<Reader> reader(new Reader(options));
  std::error_code failure;
  reader->directory_ = fs::is_directory(path, failure);
  if (!reader->directory_) {
    reader->files_ = {path};
  } else {
    auto files = files_below(path);
    if (!files) return files.error();
    reader->files_ = std::move(*files);
  }
  for (const fs::path& file : reader->files_) {
    const auto size = fs::file_size(file, failure);
    reader->sizes_.push_back(failure ? 0 : size);
    reader->bytes_total_ += reader->sizes_.back();
  }
  if (!reader->directory_) {
    const Result<bool> started = reader->start_next_file();
    if (!started) return started.error();
  }
  return reader;
}

Result<std::unique_ptr<Reader>> Reader::open_memory(std::string_view bytes, const Options& options) {
  std::unique_ptr<Reader> reader(new Reader(options));
  reader->bytes_total_ = bytes.size();
  const Result<void> started = reader->start(open_bytes(bytes), {});
  if (!started) return started.error();
  return reader;
}

Result<std::optional<Row>> Reader::next() {
  while (true) {
    if (current_) {
      Result<std::optional<Row>> row = current_->next();
      if (!row) return row;
      if (*row) {
        (*row)->source = static_cast<std::uint32_t>(sources_.size() - 1);
        return row;
      }
      text_ = nullptr;
      current_.reset();
      if (next_file_ > 0) bytes_before_ += sizes_[next_file_ - 1];
    }
    const Result<bool> started = start_next_file();
    if (!started) return started.error();
    if (!*started) return std::optional<Row>();
  }
}

// False when there is no file left. In a directory a file that cannot be used is noted and passed over.
Result<bool> Reader::start_next_file() {
  while (next_file_ < files_.size()) {
    const fs::path& path = files_[next_file_++];
    auto bytes = open_file(path);
    const Result<void> started = bytes ? start(std::move(*bytes), path) : Result<void>(bytes.error());
    if (started) return true;
    if (!directory_) return started.error();
    passed_over_.push_back({path, started.error()});
    bytes_before_ += sizes_[next_file_ - 1];
  }
  return false;
}

Result<void> Reader::start(std::unique_ptr<ByteSource> bytes, const fs::path& path) {
  std::optional<Encoding> encoding = options_.encoding;
  if (!encoding && options_.mapping) encoding = options_.mapping->encoding;
  auto opened = TextSource::open(std::move(bytes), encoding);
  if (!opened) return opened.error();
  std::unique_ptr<TextSource> text = std::move(*opened);
  const std::string_view beginning = trim(text->window());
  Source source{.path = path, .encoding = text->encoding(), .mapping = std::nullopt};

  if (beginning.starts_with('<')) {
    auto invoice = XmlInvoiceReader::open(std::move(text), seen_);
    if (!invoice) return invoice.error();
    source.format = Format::xml_invoice;
    source.kind = RecordKind::invoice;
    sources_.push_back(std::move(source));
    current_ = std::move(*invoice);
    return {};
  }
  if (beginning.starts_with('{')) {
    const Result<bool> filled = fill_sample(*text);
    if (!filled) return filled.error();
    const std::string_view lines = trim(text->window());
    const auto kind = kind_of_json_line(trim(lines.substr(0, line_size(lines))));
    if (!kind) return Error::json_malformed;
    source.format = Format::json_lines;
    source.kind = *kind;
    source.encoding = text->encoding();
    sources_.push_back(std::move(source));
    text_ = text.get();
    current_ = std::make_unique<JsonLinesReader>(std::move(text), *kind, seen_);
    return {};
  }
  return start_table(std::move(text), std::move(source));
}

Result<void> Reader::start_table(std::unique_ptr<TextSource> text, Source source) {
  const Result<bool> whole = fill_sample(*text);
  if (!whole) return whole.error();
  const Mapping* mapping = options_.mapping ? &*options_.mapping : nullptr;
  auto layout = guess_layout(text->window(), *whole, mapping);
  if (!layout) return Error::field_missing;
  source.kind = layout->kind;
  source.encoding = text->encoding();
  source.mapping = layout->mapping();
  source.mapping->encoding = source.encoding;
  if (mapping != nullptr) source.mapping->states = mapping->states;
  sources_.push_back(std::move(source));
  text_ = text.get();
  current_ = std::make_unique<TableReader>(std::move(text), std::move(*layout), mapping, seen_);
  return {};
}

Progress Reader::progress() const {
  Progress out{.bytes_done = bytes_before_,
               .bytes_total = bytes_total_,
               .files_done = 0,
               .files_total = files_.size()};
  if (text_ != nullptr)
    out.bytes_done +=
        text_->bytes_read() - std::min<std::uint64_t>(text_->window().size(), text_->bytes_read());
  out.bytes_done = std::min(out.bytes_done, bytes_total_);
  out.files_done = next_file_ - (current_ && next_file_ > 0 ? 1 : 0);
  return out;
}

}  // namespace hufu::cli::importer
