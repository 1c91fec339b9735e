// Which ledger a command speaks with: its genesis file, its nodes, the agency's key.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/client/client.hpp"
#include "cli/secrets.hpp"
#include "cli/session.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli {

// From --genesis, else from the settings. The file decides whom a verifier trusts, so it is never fetched from a node.
Try<Genesis> load_genesis(const Session& session);
Try<Genesis> read_genesis(const std::string& path);

// Whom the session means: --node, else the settings, else the roster.
Try<ClientOptions> client_options(const Session& session, const Genesis& genesis,
                                  std::chrono::milliseconds patience = std::chrono::seconds(15));
Try<std::unique_ptr<Client>> connect(const Session& session, const Genesis& genesis,
                                     std::chrono::milliseconds patience = std::chrono::seconds(15));

// A failure of the client, told to people: what was tried, and how each address failed.
Trouble trouble_of(const Failure& failure, const Session& session, std::string what);

struct KeyOptions {
  std::string key;
  std::string agency;
  PassphraseSource passphrase;
};

// The secret that hides private identifiers (ledger/record/blinding.hpp). It is tied to the key file: an agency that changes
// its key keeps the old file, to find what it blinded with it.
inline Seed blinding_secret(const Seed& agency_seed) { return agency_seed.derive("hufu/blinding/v1"); }

// The key of --key or the settings, opened.
Try<KeyFile> chosen_key(const KeyOptions& options, const Session& session);

// Who signs.
struct Signatory {
  std::string agency;
  Seed seed;
  SigningKey key;

  // The secret from which the salts of this agency's documents are derived (ledger/record/document.hpp).
  Seed salt_secret() const { return seed.derive("hufu/document-salts/v1"); }
  Seed blinding_secret() const { return cli::blinding_secret(seed); }
};
// The key of --key or the settings, and the agency or the province's authority that holds it by the founding document;
// --agency decides for whoever came later.
Try<Signatory> load_signatory(const KeyOptions& options, const Genesis& genesis, const Session& session);
std::optional<std::string> agency_of(const Genesis& genesis, const PublicKey& key);

// The subject a person typed: a license identifier, an invoice number, or "kind:id".
Try<SubjectKey> subject_of(const std::string& text);
// One of this kind only, a license or an invoice.
Try<SubjectKey> license_named(const std::string& text);
Try<SubjectKey> invoice_named(const std::string& text);

// Nothing: the ledger has no such subject. What is there is of the subject's kind.
Try<std::optional<Standing>> find_standing(Client& client, const SubjectKey& subject, const Session& session);

}  // namespace hufu::cli
