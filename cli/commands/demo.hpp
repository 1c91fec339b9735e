// hufu demo: a whole cluster on this machine, with records in it, in one command.
#pragma once

#include <string>

#include "cli/demo/dataset.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

struct Demo {
  unsigned nodes = 3;
  bool self_check = false;  // kill the leader, show that nothing was lost
  bool detach = false;      // leave it running
  bool no_import = false;
  std::string keep;  // the folder; empty: a new one under the temporary folder, gone at the end
  std::string stop;  // end the demo that was left running in this folder
  std::string data;  // another data set than the examples
  std::string example = std::string(demo::kExamples.front());
};
int run(const Demo& options, const Session& session);

}  // namespace hufu::cli
