// hufu agency list, hufu catalogue list, hufu recognition list: who may do what, as the ledger's registry tells it. With a
// folder for proofs, every entry is as its proof shows it, and the proof is written beside; that none is left out of the list
// is the node's word all the same.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct ListForm {
  bool csv = false;
  std::string proofs;  // a folder; empty: none
};

struct AgencyList {
  ListForm form;
};
int run(const AgencyList& options, const Session& session);

struct CatalogueList {
  ListForm form;
};
int run(const CatalogueList& options, const Session& session);

struct RecognitionList {
  ListForm form;
};
int run(const RecognitionList& options, const Session& session);

}  // namespace hufu::cli
