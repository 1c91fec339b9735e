// Acts of two halves: what stands in one submission, so that both happen or neither. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/record/operation.hpp"

namespace hufu::cli {

// The identifier of a license's next version, with its check character. Error::id_malformed and id_check_char of the identifier
// itself; Error::id_malformed also after version 999.
Result<std::string> next_version(const std::string& id);
// The same of the version before it; Error::id_malformed before version 001.
Result<std::string> previous_version(const std::string& id);

// A license that follows on `old`: the lapse of the old one, which must come first, and the issue of the new one. Without a last
// operation the old one lives on another ledger, and the issue stands alone.
std::vector<Operation> succession(SuccessionKind kind, const SubjectKey& old, const std::optional<Hash>& last,
                                  Operation issue);

// The entry on the original, whose last operation is `last`, and the red-letter invoice: what the original does not allow is said
// first.
std::vector<Operation> red_letter(const SubjectKey& original, const std::optional<Hash>& last,
                                  Operation issue);

// "suspend", "cancel-transfer", …: as commands name an action.
std::string_view verb_of(LicenseAction action);

}  // namespace hufu::cli
