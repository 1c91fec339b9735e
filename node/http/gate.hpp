// Who may come in, and how much memory all bodies together may take (bounds H3 and H7 of server.hpp). One thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace hufu::node {

class Gate {
 public:
  Gate(std::size_t max_connections, std::size_t max_per_address, std::size_t max_body_bytes)
      : max_connections_(max_connections),
        max_per_address_(max_per_address),
        free_body_bytes_(max_body_bytes) {}

  bool enter(const std::string& address, bool loopback) {
    if (connections_ >= max_connections_) return false;
    std::size_t& here = of_address_[address];
    if (!loopback && here >= max_per_address_) return false;
    ++here;
    ++connections_;
    return true;
  }
  void leave(const std::string& address) {
    --connections_;
    const auto found = of_address_.find(address);
    if (--found->second == 0) of_address_.erase(found);
  }
  std::size_t connections() const { return connections_; }

  bool take_body(std::size_t bytes) {
    if (bytes > free_body_bytes_) return false;
    free_body_bytes_ -= bytes;
    return true;
  }
  void give_body(std::size_t bytes) { free_body_bytes_ += bytes; }

 private:
  std::size_t max_connections_;
  std::size_t max_per_address_;
  std::size_t free_body_bytes_;
  std::size_t connections_ = 0;
  std::map<std::string, std::size_t> of_address_;
};

}  // namespace hufu::node
