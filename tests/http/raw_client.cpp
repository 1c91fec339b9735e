#include "tests/http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

namespace hufu::testing {

using Clock = std::chrono::steady_clock;

struct RawClient::Socket {
  int fd = -1;
  SSL_CTX* context = nullptr;
  SSL* tls = nullptr;

  ~Socket() {
    if (tls != nullptr) SSL_free(tls);
    if (context != nullptr) SSL_CTX_free(context);
    if (fd >= 0) ::close(fd);
  }
  // 0: closed; -1: nothing within the time.
  int read_some(char* into, std::size_t size, std::chrono::milliseconds time) {
    if (tls != nullptr && SSL_pending(tls) > 0) return SSL_read(tls, into, static_cast<int>(size));
    pollfd poll{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&poll, 1, static_cast<int>(time.count())) <= 0) return -1;
    const long count =
        tls != nullptr ? SSL_read(tls, into, static_cast<int>(size)) : ::recv(fd, into, size, 0);
    return count <= 0 ? 0 : static_cast<int>(count);
  }
};

RawClient::RawClient(const std::string& url) : socket_(std::make_unique<Socket>()) {
  std::signal(SIGPIPE, SIG_IGN);
  const bool tls = url.starts_with("https://");
  const std::string rest = url.substr(tls ? 8 : 7);
  const std::size_t colon = rest.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(rest.substr(colon + 1))));
  ::inet_pton(AF_INET, rest.substr(0, colon).c_str(), &address.sin_addr);
  socket_->fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(socket_->fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return;
  if (!tls) return;
  socket_->context = SSL_CTX_new(TLS_client_method());
  socket_->tls = SSL_new(socket_->context);
  SSL_set_fd(socket_->tls, socket_->fd);
  SSL_connect(socket_->tls);
}

RawClient::~RawClient() = default;

bool RawClient::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const std::size_t left = bytes.size() - sent;
    const long count = socket_->tls != nullptr
                           ? SSL_write(socket_->tls, bytes.data() + sent, static_cast<int>(left))
                           : ::send(socket_->fd, bytes.data() + sent, left, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::string RawClient::response() {
  char buffer[16 * 1024];
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < deadline) {
    const std::size_t end = pending_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::string length = header_of(pending_.substr(0, end + 4), "Content-Length");
      const std::size_t whole = end + 4 + (length.empty() ? 0 : std::stoul(length));
      if (pending_.size() >= whole) {
        const std::string response = pending_.substr(0, whole);
        pending_.erase(0, whole);
        return response;
      }
    }
    const int count = socket_->read_some(buffer, sizeof(buffer), std::chrono::seconds(10));
    if (count <= 0) return {};
    pending_.append(buffer, static_cast<std::size_t>(count));
  }
  return {};
}

bool RawClient::closed_within(std::chrono::milliseconds time) {
  char buffer[4096];
  const auto deadline = Clock::now() + time;
  while (Clock::now() < deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (socket_->read_some(buffer, sizeof(buffer), left) == 0) return true;
  }
  return false;
}

std::string ask(const std::string& url, const std::string& method, const std::string& target,
                const std::string& headers, const std::string& body) {
  RawClient client(url);
  const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  client.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + headers + length +
              "\r\n" + body);
  return client.response();
}

int status_of(const std::string& response) {
  return response.size() < 12 ? 0 : std::stoi(response.substr(9, 3));
}

std::string body_of(const std::string& response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : response.substr(end + 4);
}

std::string header_of(const std::string& response, const std::string& name) {
  const std::size_t at = response.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return response.substr(begin, response.find("\r\n", begin) - begin);
}

}  // namespace hufu::testing
