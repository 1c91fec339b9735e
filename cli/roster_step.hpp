// What a change of the nodes would mean, asked of the cluster before it is proposed and again before it happens.
//
// The law cannot know which nodes answer; whoever changes the roster has to. So the quorum after the change is said, and a step
// that would leave the ledger without one is not taken.
#pragma once

#include <string>

#include "cli/ledger_access.hpp"

namespace hufu::cli {

// Of the roster after the step.
struct RosterCount {
  std::size_t members = 0;
  std::size_t quorum = 0;
  std::size_t up = 0;    // answer, and are close to the newest block
  std::string missing;   // the others, by name
  std::size_t came = 0;  // newcomers in all
  std::string absent;    // of them, those that do not answer
  std::string behind;    // of them, those that answer and have not fetched the ledger yet
};
RosterCount count_roster(const api::ClusterStatus& cluster, const RosterStanding& after);

enum class Step : std::uint8_t {
  propose,  // newcomers have yet to fetch the ledger: they are counted on
  enact,    // every newcomer is up to date
};
// Says what the quorum will be. Error::no_quorum: too few would be there. Error::ledger_stale: a newcomer has not come so far.
Try<void> check_step(Client& client, const RosterStanding& before, const RosterStanding& after, Step step,
                     const Session& session);

}  // namespace hufu::cli
