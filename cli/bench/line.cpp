#include "cli/bench/line.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstring>

#include "cli/client/tls.hpp"
#include "node/api/wire.hpp"

namespace hufu::cli::bench {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;

constexpr std::size_t kReadAtOnce = 32 * 1024;
constexpr std::size_t kMostHeader = 16 * 1024;

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(x) == lower(y);
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<std::optional<ReadAnswer>> read_answer(ByteSpan arrived) {
  const std::string_view text = as_text(arrived);
  const std::size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    if (text.size() > kMostHeader) return Error::not_canonical;
    return std::optional<ReadAnswer>();
  }
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  std::string_view head = text.substr(0, head_end);
  if (!head.starts_with(kVersion) || head.size() < kVersion.size() + 3) return Error::not_canonical;
  const auto status = whole_number(head.substr(kVersion.size(), 3));
  ReadAnswer read;
  std::optional<std::size_t> length;
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n")) {
    head.remove_prefix(at + 2);
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view value = trimmed(line.substr(std::min(colon + 1, line.size())));
    if (same_name(line.substr(0, colon), "Content-Length")) length = whole_number(value);
    if (same_name(line.substr(0, colon), "Content-Type")) read.answer.type = value;
  }
  if (!status || !length || *length > api::kAnswerBytes) return Error::not_canonical;
  read.bytes = head_end + 4 + *length;
  if (arrived.size() < read.bytes) return std::optional<ReadAnswer>();
  read.answer.status = static_cast<unsigned>(*status);
  read.answer.body = arrived.subspan(head_end + 4, *length);
  return std::optional(read);
}

Line::Line(asio::io_context& loop, asio::ssl::context& tls, const Address& address)
    : loop_(loop), address_(address), stream_(loop, tls), buffer_(2 * kReadAtOnce) {}

Line::~Line() = default;

std::optional<std::string> Line::connect() {
  Code code;
  const auto host = asio::ip::make_address(address_.endpoint.host, code);
  if (!code) stream_.next_layer().connect({host, address_.endpoint.port}, code);
  if (!code) stream_.next_layer().set_option(asio::ip::tcp::no_delay(true), code);
  if (!code) stream_.handshake(asio::ssl::stream_base::client, code);
  if (code) return address_.url + ": " + code.message();
  const auto key = key_shown(stream_.native_handle());
  if (!key || !address_.allows(*key)) return address_.url + ": the TLS key is not the one in the roster";
  return say_hello();
}

// A first question, whose answer does not matter: from then on the node counts the line as idle, which may last longer than its
// patience with a line that has never asked anything.
std::optional<std::string> Line::say_hello() {
  constexpr std::string_view kHello = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  Code code;
  asio::write(stream_, asio::buffer(kHello.data(), kHello.size()), code);
  while (!code) {
    const auto read = read_answer(ByteSpan(buffer_).first(filled_));
    if (!read) return address_.url + ": the node's answer cannot be read";
    if (*read) {
      filled_ = 0;
      return std::nullopt;
    }
    filled_ += stream_.read_some(asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_), code);
  }
  return address_.url + ": " + code.message();
}

void Line::listen(Answered answered, Lost lost) {
  answered_ = std::move(answered);
  on_lost_ = std::move(lost);
  read_more();
}

void Line::send(ByteSpan request) {
  unsent_.push_back(request);
  if (!writing_) write_next();
}

void Line::write_next() {
  if (unsent_.empty() || lost_) return;
  writing_ = true;
  const ByteSpan next = unsent_.front();
  asio::async_write(stream_, asio::buffer(next.data(), next.size()), [this](const Code& code, std::size_t) {
    writing_ = false;
    unsent_.pop_front();
    if (code) return lose(code.message());
    write_next();
  });
}

void Line::read_more() {
  if (buffer_.size() - filled_ < kReadAtOnce) buffer_.resize(2 * buffer_.size());
  const auto into = asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_);
  stream_.async_read_some(into, [this](const Code& code, std::size_t count) {
    if (code == asio::error::operation_aborted) return;  // it is being destroyed
    if (code) return lose(code.message());
    arrived(count);
  });
}

void Line::arrived(std::size_t count) {
  filled_ += count;
  std::size_t used = 0;
  while (!lost_) {
    const auto read = read_answer(ByteSpan(buffer_).subspan(used, filled_ - used));
    if (!read) return lose("the node's answer cannot be read");
    if (!*read) break;
    used += (*read)->bytes;
    answered_((*read)->answer);
  }
  if (used > 0 && used < filled_) std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
  filled_ -= used;
  if (!lost_) read_more();
}

void Line::lose(const std::string& why) {
  if (lost_) return;
  lost_ = true;
  on_lost_(address_.url + ": " + why);
}

}  // namespace hufu::cli::bench
