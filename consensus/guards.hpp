// What stands between Debian 12's libraft 0.15.0 and its bugs. Each guard lives in a file of guards/ with the bug it is
// there for; all are on in every node. Only tests switch one off, to show that the simulator would notice.
#pragma once

namespace hufu::consensus {

struct Guards {
  bool serial = true;
  bool barrier = true;
  bool clamp = true;
  bool round = true;
  bool stale = true;
  bool prevote = true;
};

}  // namespace hufu::consensus
