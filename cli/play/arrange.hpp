// Claims that a file tells only after the invoice was taken back whole. Pure.
//
// Taking back a claimed invoice needs the word of both sides, so where both gave it the claim had been made: the buyer's books
// merely told it later. The law refuses a claim of an invoice that is fully red, whoever tells it; what the files mean is
// kept by playing such a claim, with its own day, before the request for that red-letter invoice. Nothing else is moved, and
// nothing where the law does not then accept the whole life.
#pragma once

#include <functional>

#include "cli/play/lives.hpp"

namespace hufu::cli::play {

// How many events of one life are refused when it is played alone in this order.
using Trial = std::function<std::size_t(const std::vector<const Event*>& life)>;

// The same events; gives how many were brought forward.
std::size_t arrange(std::vector<LineEvent>& events, const Trial& trial);

}  // namespace hufu::cli::play
