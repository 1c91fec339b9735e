// What the provinces of a data set decide: the catalogue of types that each uses, what they recognise of each other, and which
// agencies have ended. Made on the ledger as everybody makes them: proposed, approved by every province concerned, enacted. Pure.
#pragma once

#include "cli/demo/dataset.hpp"
#include "cli/play/mirror.hpp"
#include "cli/play/player.hpp"

namespace hufu::cli::demo {

// The types, for every province that issues them, defined them or maps another's to them; then the agreements.
std::vector<Decision> recognition_of(const DataSet& data, CivilDay today);
// Agencies whose authority has ended, each from its day.
std::vector<Decision> withdrawals_of(const DataSet& data, CivilDay today);

// Each decision as acts of the provinces that it concerns, given to `sink` and executed in `mirror`. Several on one target
// follow on each other.
Try<void> decide(std::vector<Decision> decisions, CivilDay today, play::Mirror& mirror,
                 const play::Player::Sink& sink);

}  // namespace hufu::cli::demo
