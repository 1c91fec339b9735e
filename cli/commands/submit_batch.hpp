// hufu submit: events of many lives against a ledger, one submission each, one answer a line.
//
//   {"line", "event", "certIdentifier" | "invoiceNumber", "accepted": bool, "reason": code | null, "why", "place": {"height",
//    "submission"} | null}
//
// `place` is where the event stands; of a refused one that of the record that is in its way. An event that the calendar tells
// already (EXPIRE) is accepted without a place. A line that is no event is answered with its error, and the run goes on.
//
// An event without "at" takes effect on --day; else it follows at once on what the ledger last recorded of that license or
// invoice: a file without days tells an order. Of one that the ledger does not know yet, today.
#pragma once

#include <string>
#include <vector>

#include "cli/secrets.hpp"
#include "cli/submit.hpp"

namespace hufu::cli {

struct SubmitBatch {
  std::string batch;  // a file of events (cli/play/event.hpp), or - for standard input
  std::vector<std::string> keys;
  PassphraseSource passphrase;
  std::string documents;  // folder of the holders' documents: read where there, written for what is issued
  std::string day;
  std::string wait = std::string(kWaits.back());
};
// 0: all accepted. 5: some were refused by the ledger. 2: some lines are no events. Else why it stopped.
int run(const SubmitBatch& options, const Session& session);

}  // namespace hufu::cli
