// hufu issue license|invoice
#pragma once

#include <string>
#include <vector>

#include "cli/records.hpp"
#include "cli/submit.hpp"

namespace hufu::cli {

// Makes the salted document, writes it for its holder, signs and submits.
struct Issue {
  bool license = true;
  std::vector<std::string> input;  // one JSON file with the fields, or field=value …
  std::string document;            // where the holder's file goes; empty: ID.json here
  bool hidden = false;             // under a blinded identifier, whatever the catalogue says
  bool open = false;               // under the real one
  SubmitOptions submit;
};
int run(const Issue& options, const Session& session);

// {"certIdentifier": "…", …} or field=value words; an unknown name is a trouble with the nearest known one.
Try<FieldList> fields_of(const std::vector<std::string>& input, bool license);

}  // namespace hufu::cli
