// One signed submission on its way: what commands that change something share.
#pragma once

#include <array>
#include <string>

#include "cli/ledger_access.hpp"

namespace hufu::cli {

// What --wait may say; the first is what it says by itself.
inline constexpr std::array<std::string_view, 2> kWaits = {"certified", "committed"};
inline api::WaitWish wait_of(std::string_view text) {
  return text == kWaits.back() ? api::WaitWish::committed : api::WaitWish::certified;
}

struct SubmitOptions {
  KeyOptions key;
  std::string request_id;  // 32 hexadecimal digits, to repeat what had an unknown outcome
  std::string day;         // YYYY-MM-DD; else today in China
  std::string wait = std::string(kWaits.front());
};

// Everything a changing command needs before it can sign.
struct Desk {
  Genesis genesis;
  LedgerId ledger;
  Signatory signatory;
  std::unique_ptr<Client> client;
  RequestId request_id;
  CivilDay day;
  api::WaitWish wait;
};
Try<Desk> open_desk(const SubmitOptions& options, const Session& session);

// Signs, sends, and checks the receipt that comes back. A trouble names every operation at fault and, where the outcome is
// unknown, how to repeat safely.
Try<api::Accepted> submit(Desk& desk, std::vector<Operation> operations, const std::string& what,
                          const Session& session);

// The standing that an operation follows on: fetched, and there. Error::not_found otherwise.
Try<Standing> current_standing(Desk& desk, const SubjectKey& subject, const Session& session);

// One act on a subject, following on its standing: submitted, its receipt printed. Gives the exit code.
int submit_act(Desk& desk, const SubjectKey& subject, const Standing& standing, Payload payload,
               const std::string& what, const Session& session);
// On its present standing, which is fetched.
int submit_act(Desk& desk, const SubjectKey& subject, Payload payload, const std::string& what,
               const Session& session);

json::object receipt_json(const api::Accepted& accepted);
void print_receipt(const api::Accepted& accepted, const Desk& desk, const SubjectKey& subject,
                   const std::string& what, json::object extra, const Session& session);

// "certified by 2 of 3 nodes", or "committed; not certified yet: 1 of 3 nodes cosigned", or "committed" when nobody was
// waited for. Cosignatures that do not verify do not count.
std::string certification_text(const api::Accepted& accepted, const std::string& origin,
                               const RosterStanding& roster, const Session& session);

}  // namespace hufu::cli
