#include "cli/client/address.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  boost::system::error_code code;
  const auto address = boost::asio::ip::make_address(host, code);
  return !code && address.is_loopback();
}

std::vector<PublicKey> keys_at(const Endpoint& endpoint, const Genesis& genesis) {
  std::vector<PublicKey> all;
  for (const Member& member : genesis.roster.members) {
    if (member.api == endpoint) return {member.tls_key};
    all.push_back(member.tls_key);
  }
  return all;
}

}  // namespace

bool Address::allows(const PublicKey& key) const {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

boost::system::result<Address, api::Problem> parse_address(std::string_view url, const Genesis* genesis) {
  const std::string quoted = "\"" + std::string(url) + "\"";
  while (url.ends_with('/')) url.remove_suffix(1);
  Address address{.url = std::string(url), .tls = url.starts_with("https://"), .endpoint = {}, .keys = {}};
  if (!address.tls && !url.starts_with("http://")) {
    return api::problem(Error::usage, quoted + " does not begin with https:// or http://");
  }
  const Result<Endpoint> endpoint = api::parse_endpoint(url.substr(address.tls ? 8 : 7));
  if (!endpoint) return api::problem(Error::usage, quoted + " is not of the form https://host:port");
  address.endpoint = *endpoint;
  if (!address.tls && !is_loopback(endpoint->host)) {
    return api::problem(Error::usage, quoted + ": plain http is for this machine alone; use https");
  }
  if (!address.tls) return address;
  if (genesis == nullptr)
    return api::problem(Error::usage, quoted + ": https needs the genesis file, to know the node by its key");
  address.keys = keys_at(*endpoint, *genesis);
  return address;
}

std::vector<Address> roster_addresses(const Genesis& genesis) {
  std::vector<Address> addresses;
  for (const Member& member : genesis.roster.members) {
    addresses.push_back(Address{.url = "https://" + api::endpoint_text(member.api),
                                .tls = true,
                                .endpoint = member.api,
                                .keys = {member.tls_key}});
  }
  return addresses;
}

}  // namespace hufu::cli
