#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "cli/demo/founding.hpp"

namespace hufu::cli::demo {

std::vector<std::uint16_t> free_ports(std::size_t count) {
  using boost::asio::ip::tcp;
  boost::asio::io_context loop;
  // All are held until the last is found, so that none is given twice.
  std::vector<tcp::acceptor> held;
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < count; ++i) {
    boost::system::error_code error;
    tcp::acceptor acceptor(loop);
    acceptor.open(tcp::v4(), error);
    if (!error) acceptor.bind({boost::asio::ip::address_v4::loopback(), 0}, error);
    if (error) return {};
    ports.push_back(acceptor.local_endpoint(error).port());
    if (error) return {};
    held.push_back(std::move(acceptor));
  }
  return ports;
}

}  // namespace hufu::cli::demo
