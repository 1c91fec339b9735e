// Who is at the other end: TLS 1.3 with raw pinned Ed25519 keys, no authority, no names, no dates.
//
// A side's certificate is a self-signed wrapper around its Ed25519 TLS key, because TLS stacks want one. Nothing in it is
// looked at but the key; TLS 1.3's CertificateVerify proves that the peer holds it. Validity dates are meaningless here, so
// a wrong clock locks nobody out; removal from the roster is the revocation.
#pragma once

#include <openssl/types.h>

#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "ledger/base/ed25519.hpp"

namespace hufu::consensus {

// The TLS key of a seed: what the roster pins.
PublicKey tls_public_key(const Seed& seed);

// Which keys may be at the other end. Called during the handshake; compare with same_key.
using KeyCheck = std::function<bool(const PublicKey&)>;
bool same_key(const PublicKey& a, const PublicKey& b);  // constant time

enum class TlsSide : std::uint8_t {
  mutual,       // between nodes: both present a certificate, both are checked
  server_only,  // a listener for clients that present none (the HTTP API)
};

// TLS 1.3 only, no tickets, no resumption: every connection authenticates anew. With TlsSide::mutual the check is required
// and a peer with another kind of key, or one the check does not accept, fails the handshake. Error::tls_failed when
// OpenSSL refuses to build it.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const Seed& seed, TlsSide side,
                                                                    KeyCheck check);

// The key the peer proved to hold; nothing when it presented none or not an Ed25519 one.
std::optional<PublicKey> peer_key(const SSL* connection);

}  // namespace hufu::consensus
