#include "consensus/tls_identity.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace hufu::consensus {

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

Key private_key(const Seed& seed) {
  return Key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.bytes().size()));
}

std::optional<PublicKey> raw_key(const EVP_PKEY* key) {
  PublicKey raw;
  std::size_t size = raw.bytes.size();
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return std::nullopt;
  if (EVP_PKEY_get_raw_public_key(key, raw.bytes.data(), &size) != 1 || size != raw.bytes.size())
    return std::nullopt;
  return raw;
}

// The same bytes for the same seed; the dates span all that ASN.1 can say.
Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  if (!certificate) return nullptr;
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const common_name = reinterpret_cast<const unsigned char*>("hufu");
  const bool built =
      X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1 &&
      ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), "19700101000000Z") == 1 &&
      ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), "99991231235959Z") == 1 &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
      X509_set_issuer_name(certificate.get(), name) == 1 && X509_set_pubkey(certificate.get(), key) == 1 &&
      X509_sign(certificate.get(), key, nullptr) > 0;
  return built ? std::move(certificate) : nullptr;
}

struct CheckedContext {
  boost::asio::ssl::context context{boost::asio::ssl::context::tlsv13};
  KeyCheck check;
};

// Instead of OpenSSL's chain building: the key decides, nothing else.
int verify_key(X509_STORE_CTX* store, void* argument) {
  const auto& check = static_cast<const CheckedContext*>(argument)->check;
  X509* const certificate = X509_STORE_CTX_get0_cert(store);
  const auto key = certificate == nullptr ? std::nullopt : raw_key(X509_get0_pubkey(certificate));
  if (key && check(*key)) return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

bool set_up(SSL_CTX* context, const Seed& seed, TlsSide side, CheckedContext& owner) {
  const Key key = private_key(seed);
  const Certificate certificate = key ? self_signed(key.get()) : nullptr;
  if (!certificate) return false;
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  if (side == TlsSide::mutual) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_key, &owner);
    if (SSL_CTX_set1_sigalgs_list(context, "ed25519") != 1) return false;
  }
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
}

}  // namespace

PublicKey tls_public_key(const Seed& seed) {
  const Key key = private_key(seed);
  const auto raw = raw_key(key.get());
  return raw ? *raw : PublicKey{};
}

bool same_key(const PublicKey& a, const PublicKey& b) {
  return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const Seed& seed, TlsSide side,
                                                                    KeyCheck check) {
  if (side == TlsSide::mutual && !check) return Error::tls_failed;
  try {
    const auto owner = std::make_shared<CheckedContext>();
    owner->check = std::move(check);
    if (!set_up(owner->context.native_handle(), seed, side, *owner)) return Error::tls_failed;
    return std::shared_ptr<boost::asio::ssl::context>(owner, &owner->context);
  } catch (const boost::system::system_error&) {  // thrown by Asio's constructor
    return Error::tls_failed;
  }
}

std::optional<PublicKey> peer_key(const SSL* connection) {
  const X509* const certificate = SSL_get0_peer_certificate(connection);
  return certificate == nullptr ? std::nullopt : raw_key(X509_get0_pubkey(certificate));
}

}  // namespace hufu::consensus
