// hufu agency add|regrant|suspend|resume|withdraw|succeed|key-add|key-end, hufu province set, hufu key rotate: who may do what.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/decide.hpp"

namespace hufu::cli {

struct AgencyAdd {
  std::string code;
  std::string name;
  std::string province;
  std::vector<std::string> grants;  // TYPE:issue,change[:FROM[:TO]]
  std::vector<std::string> keys;    // public, hexadecimal
  ProposeOptions propose;
};
int run(const AgencyAdd& options, const Session& session);

// All its grants anew: what is not named is taken away.
struct AgencyRegrant {
  std::string code;
  std::string name;  // empty: stays
  std::vector<std::string> grants;
  ProposeOptions propose;
};
int run(const AgencyRegrant& options, const Session& session);

struct AgencyStepTaken {
  AgencyStep step = AgencyStep::suspend;
  std::string code;
  ProposeOptions propose;
};
int run(const AgencyStepTaken& options, const Session& session);

struct AgencySucceed {
  std::string code;
  std::string successor;
  ProposeOptions propose;
};
int run(const AgencySucceed& options, const Session& session);

struct AgencyKeyAdd {
  std::string code;
  std::string key;
  std::vector<std::string> scope;  // as grants; empty: all that the agency may
  std::string from;                // a day or a moment; empty: from its registration on
  std::string to;
  ProposeOptions propose;
};
int run(const AgencyKeyAdd& options, const Session& session);

struct AgencyKeyEnd {
  std::string code;
  std::string key;
  std::string compromised_since;  // empty: an honest end
  ProposeOptions propose;
};
int run(const AgencyKeyEnd& options, const Session& session);

struct ProvinceSet {
  std::string code;
  std::string name;  // empty: stays
  std::vector<std::string> keys;
  unsigned threshold = 0;
  std::vector<std::string> grants;  // what it may grant from then on, never more than before; empty: as it is
  ProposeOptions propose;
};
int run(const ProvinceSet& options, const Session& session);

// An agency's own: its key brings in the next, which may do the same, and ends unless it is kept.
struct KeyRotate {
  std::string next;  // a key file, or a public key
  bool keep = false;
  SubmitOptions submit;
};
int run(const KeyRotate& options, const Session& session);

}  // namespace hufu::cli
