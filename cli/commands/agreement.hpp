// hufu recognition propose|end, hufu catalogue set: what one province recognises of another, and what a type means in it.
#pragma once

#include <string>

#include "cli/commands/decide.hpp"

namespace hufu::cli {

struct RecognitionPropose {
  std::string file;  // JSON, see cli/decision_input.hpp
  ProposeOptions propose;
};
int run(const RecognitionPropose& options, const Session& session);

struct RecognitionEnd {
  std::string issuer;
  std::string verifier;
  ProposeOptions propose;  // signed by either of the two; its day is the last one
};
int run(const RecognitionEnd& options, const Session& session);

struct CatalogueSet {
  std::string file;
  ProposeOptions propose;
};
int run(const CatalogueSet& options, const Session& session);

}  // namespace hufu::cli
