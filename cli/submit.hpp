// One signed submission on its way: what commands that change something share.
#pragma once

#include <string>

#include "cli/ledger_access.hpp"

namespace hufu::cli {

struct SubmitOptions {
  KeyOptions key;
  std::string request_id;  // 32 hexadecimal digits, to repeat what had an unknown outcome
  std::string day;         // YYYY-MM-DD; else today in China
};

// Everything a changing command needs before it can sign.
struct Desk {
  Genesis genesis;
  LedgerId ledger;
  Signatory signatory;
  std::unique_ptr<Client> client;
  RequestId request_id;
  CivilDay day;
};
Try<Desk> open_desk(const SubmitOptions& options, const Session& session);

// Signs, sends, and checks the receipt that comes back. A trouble names every operation at fault and, where the outcome is
// unknown, how to repeat safely.
Try<api::Accepted> submit(Desk& desk, std::vector<Operation> operations, const std::string& what,
                          const Session& session);

// The standing that an operation follows on: fetched, and there. Error::not_found otherwise.
Try<Standing> current_standing(Desk& desk, const SubjectKey& subject, const Session& session);

json::object receipt_json(const api::Accepted& accepted);
void print_receipt(const api::Accepted& accepted, const SubjectKey& subject, const std::string& what,
                   json::object extra, const Session& session);

}  // namespace hufu::cli
