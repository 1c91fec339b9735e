#include "cli/client/tls.hpp"

#include <openssl/ssl.h>

namespace hufu::cli {

std::unique_ptr<boost::asio::ssl::context> client_tls_context() {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_unique<ssl::context>(ssl::context::tlsv13_client);
  context->set_verify_mode(ssl::verify_none);
  return context;
}

std::optional<PublicKey> key_shown(SSL* connection) {
  const X509* certificate = SSL_get0_peer_certificate(connection);
  const EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
  PublicKey raw;
  std::size_t size = raw.bytes.size();
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return std::nullopt;
  if (EVP_PKEY_get_raw_public_key(key, raw.bytes.data(), &size) != 1 || size != raw.bytes.size())
    return std::nullopt;
  return raw;
}

}  // namespace hufu::cli
