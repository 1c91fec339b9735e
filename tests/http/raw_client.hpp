// A client that sends whatever bytes a test wants, over plain TCP or TLS, and waits with a bound.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace hufu::testing {

class RawClient {
 public:
  // To an address as HttpServer tells it: "http://127.0.0.1:1234", "https://…" (any certificate).
  explicit RawClient(const std::string& url);
  ~RawClient();

  // False when the other side is gone.
  bool send(const std::string& bytes);
  // One whole response by its Content-Length; empty when the connection ends, or nothing comes within ten seconds.
  std::string response();
  // Did the other side close, within this time? Bytes that still come are dropped.
  bool closed_within(std::chrono::milliseconds time);

 private:
  struct Socket;
  std::unique_ptr<Socket> socket_;
  std::string pending_;
};

// Sends one request with "Connection: close" and returns the response.
std::string ask(const std::string& url, const std::string& method, const std::string& target,
                const std::string& headers = {}, const std::string& body = {});
int status_of(const std::string& response);
std::string body_of(const std::string& response);
std::string header_of(const std::string& response, const std::string& name);

}  // namespace hufu::testing
