// The only include of libraft's header, which has no C++ guard of its own. Only its documented functions are called; no
// field of struct raft is read, so that a newer libraft builds too.
#pragma once

extern "C" {
#include <raft.h>  // IWYU pragma: export
}

namespace hufu::consensus {
// libraft names a type and a function alike; here the type has a name of its own.
using EngineBarrier = struct raft_barrier;
using EngineApply = struct raft_apply;
}  // namespace hufu::consensus
