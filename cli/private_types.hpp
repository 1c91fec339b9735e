// Which license types are private where: asked of the node's catalogue once a type. Fails closed: what cannot be found out is a
// trouble, never a record under its real identifier.
#pragma once

#include <map>
#include <string>

#include "cli/client/client.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// --private and --public; the first is what nothing said means.
enum class Blinding : std::uint8_t { as_catalogued, always, never };

class PrivateTypes {
 public:
  PrivateTypes(Client& client, Blinding wish, const Session& session)
      : client_(client), wish_(wish), session_(session) {}

  // By the catalogue of the province that the agency belongs to. A type that stands in no catalogue is public.
  Try<bool> has(const std::string& agency, const std::string& type);

 private:
  Try<std::string> province_of(const std::string& agency);

  Client& client_;
  const Blinding wish_;
  const Session& session_;
  std::map<std::string, std::string> provinces_;  // by agency
  std::map<std::string, bool> private_;           // by subject of the catalogue
};

// The two flags of a command line; both at once are a trouble.
Try<Blinding> blinding_of(bool hidden, bool open);

}  // namespace hufu::cli
