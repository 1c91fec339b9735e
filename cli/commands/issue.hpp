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

// The secret under which a license of these fields is blinded; nothing: it stands on the ledger under its real identifier.
Try<std::optional<Seed>> blinding_for(bool hidden, bool open, const FieldList& fields, const Desk& desk,
                                      const Session& session);

// Keeps the document, then submits: a notarised document whose salts are lost proves nothing. `path` empty: ID.json here.
struct Notarised {
  api::Accepted accepted;
  std::string path;
};
Try<Notarised> notarise(Desk& desk, const Document& document, std::vector<Operation> operations,
                        const std::string& path, const std::string& what, const Session& session);
void print_notarised(const Notarised& notarised, const Desk& desk, const SubjectKey& subject,
                     const std::string& what, const Session& session);

// The fields do not make the record: refused before anything is sent.
Trouble trouble_of(const RecordFault& fault, std::string what);

}  // namespace hufu::cli
