// hufu change|renew ID FIELDS, hufu transfer in FIELDS --from ID, hufu red-letter issue BLUE FIELDS: a record that follows on
// another, both halves in one submission.
#pragma once

#include <string>
#include <vector>

#include "cli/submit.hpp"

namespace hufu::cli {

// The new version, or the license that another agency takes over. What the fields leave out: the identifier of a new version is
// the next one, its day of issue the day on which it takes effect. Of a private license `old` may be the real identifier, or the
// blinded one with the real one of the new version in the fields.
struct Succeed {
  SuccessionKind kind = SuccessionKind::change;
  std::string old;
  std::vector<std::string> input;  // as of hufu issue
  std::string document;            // where the holder's file goes; empty: ID.json here
  bool hidden = false;             // as of hufu issue
  bool open = false;
  SubmitOptions submit;
};
int run(const Succeed& options, const Session& session);

struct IssueRed {
  std::string blue;
  std::vector<std::string> input;
  std::string document;
  SubmitOptions submit;
};
int run(const IssueRed& options, const Session& session);

}  // namespace hufu::cli
