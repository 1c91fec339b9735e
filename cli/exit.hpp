// What the process says when it ends. Scripts build on these numbers: they never change.
#pragma once

namespace hufu::cli {

enum Exit : int {
  kOk = 0,
  kRefused = 1,         // forged, altered, not in force
  kUsage = 2,           // the command line was not understood
  kNotRecognised = 3,   // authentic, but not recognised here
  kUndetermined = 4,    // stale, unreachable, no quorum: fail closed
  kRules = 5,           // a submission that the ledger's rules refuse
  kOutcomeUnknown = 6,  // sent, not answered: repeat with the same id
  kLocal = 7,           // file, key, configuration
  kIntegrityAlarm = 9,  // fork, rewritten history, corrupt log
  kBug = 70,
};

}  // namespace hufu::cli
