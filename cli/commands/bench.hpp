// hufu bench: how fast a whole cluster is, on this machine, through the API that everybody uses.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct Bench {
  unsigned nodes = 3;
  std::string workload = "submissions";
  unsigned size = 1000;
  std::string kind = "invoice";
  unsigned clients = 0;
  unsigned in_flight = 0;
  std::string seconds = "5";
  std::string rate;
  unsigned records = 100'000;
  unsigned subjects = 0;  // on the ledger before the clock starts
  std::string wait = "committed";
  std::string data;  // the folder under which the cluster lives
  bool keep = false;
  bool rounds_from_stdin = false;
};
int run(const Bench& options, const Session& session);

}  // namespace hufu::cli
