// The keys of several agencies at once, for an import that holds the records of many.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/ledger_access.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu::cli {

// Agencies by code, as they stand now.
using Agencies = std::map<std::string, AgencyStanding>;
using AskAgencies = std::function<Try<Agencies>()>;
// All of the registry, page by page: a node's own word, which decides only whose name stands on what is signed.
Try<Agencies> registered_agencies(Client& client, const Session& session);

class Keyring {
 public:
  // Key files, and folders of them (*.key), all under one passphrase. Whose a key is the genesis tells, or, of one that came
  // later, `registered`, which is asked only then; else it is of `agency`. One that nobody holds is a trouble.
  static Try<Keyring> load(const std::vector<std::string>& paths, const PassphraseSource& source,
                           const std::string& agency, const Genesis& genesis, const AskAgencies& registered,
                           const Session& session);

  // nullptr: there is no key for this agency.
  const Signatory* agency(const std::string& code) const;
  // The agency of that province which may issue invoices, if its key is here.
  const Signatory* invoices_of(const std::string& province) const;
  std::size_t size() const { return keys_.size(); }

 private:
  std::map<std::string, Signatory> keys_;
  std::map<std::string, std::string> invoices_;  // province -> agency
};

}  // namespace hufu::cli
