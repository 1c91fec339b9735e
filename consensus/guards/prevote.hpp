// Guard "prevote": a pre-vote refusal carries the refuser's real term.
//
// Bug (libraft 0.15.0 and later, recv_request_vote.c:112): the refusal echoes the term that was asked for. A candidate that
// is behind in terms never learns it: if its log is the only one good enough to win, all refuse each other for ever and
// there is no leader again.
#pragma once

#include <algorithm>

#include "consensus/wire.hpp"

namespace hufu::consensus {

inline void tell_real_term(wire::Vote& vote, std::uint64_t own_term) {
  if (vote.pre_vote == wire::PreVote::yes && !vote.granted) vote.term = std::max(vote.term, own_term);
}

}  // namespace hufu::consensus
