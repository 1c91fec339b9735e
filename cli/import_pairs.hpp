// What an export does not tell, but the ledger must know: the other half of a record that follows on another one. Pure.
//
//   a red-letter invoice     travels with its entry on the original, where that is the agency's own
//   a later version          travels with the lapse of the version before it, where that is in force on the day: an office's
//                            export calls the old one expired, or ended, and has two rows
//
// The other one stands on the ledger, or earlier in the same batch.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/record/standing.hpp"

namespace hufu::cli {

class ImportPairs {
 public:
  // What stands on the ledger now.
  using Find = std::function<std::optional<Standing>(const SubjectKey&)>;
  ImportPairs(std::string agency, Find find) : agency_(std::move(agency)), find_(std::move(find)) {}

  // The operations of one record: its issue and what follows from its state; those of the batch in their order. Halves that were
  // given before are taken off first.
  void complete(std::vector<Operation>& operations);

 private:
  struct Before {
    Hash last;
    std::optional<CivilDay> valid_to;
    CivilDay since = 0;
    bool in_force = false;  // of a license
  };
  std::optional<Before> before(const SubjectKey& subject) const;
  std::vector<Operation> with_lapse(Operation issue) const;
  std::vector<Operation> with_entry(Operation issue) const;
  void see(const Operation& operation);

  std::string agency_;
  Find find_;
  std::map<SubjectKey, Before> here_;  // in this batch
};

}  // namespace hufu::cli
