// Where a node is, and by which keys it may be known there. Pure.
#pragma once

#include <vector>

#include "ledger/genesis/genesis.hpp"
#include "node/api/wire.hpp"

namespace hufu::cli {

struct Address {
  std::string url;  // as given, without a slash at the end
  bool tls = true;
  Endpoint endpoint;
  std::vector<PublicKey> keys;  // with tls: any of these

  bool allows(const PublicKey& key) const;
};

// "https://host:port" or, on loopback, "http://host:port". Error::usage with the reason. Over https the key is that of the
// member whose API address this is, or else any member's: addresses may be forwarded.
boost::system::result<Address, api::Problem> parse_address(std::string_view url, const Genesis* genesis);

// Of every member of the roster.
std::vector<Address> roster_addresses(const Genesis& genesis);

}  // namespace hufu::cli
