// TLS as a client of nodes speaks it: 1.3, and a node is known by its key alone (address.hpp).
#pragma once

#include <openssl/types.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>

#include "ledger/base/ed25519.hpp"

namespace hufu::cli {

// The handshake proves that the node holds its certificate's key, whoever it is; who connects then looks at the key.
std::unique_ptr<boost::asio::ssl::context> client_tls_context();

// The key that the node has proved to hold; nothing when it is not an Ed25519 one.
std::optional<PublicKey> key_shown(SSL* connection);

}  // namespace hufu::cli
