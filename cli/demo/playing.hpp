// Plays a data set on a ledger that was founded from it: what the provinces recognise, then every life, and at last the agencies
// that have ended. What is to be sent goes to the sink, in an order that must hold; nothing here speaks with a node.
#pragma once

#include "cli/demo/decisions.hpp"
#include "cli/play/arrange.hpp"

namespace hufu::cli::demo {

class Playing {
 public:
  // `data`, `genesis` outlive it. `time_ms` is now.
  Playing(const DataSet& data, const Genesis& genesis, std::uint64_t time_ms, play::Records::SaltsOf salts_of,
          play::Player::Sink sink);

  Try<void> recognise();
  // The events of DIR/canonical.
  Try<void> live();
  // Everything else must be on the ledger: after this those agencies' later days are not theirs.
  Try<void> withdraw();

  const play::Player& player() const { return player_; }
  std::size_t decisions() const { return decisions_; }

 private:
  const DataSet& data_;
  const CivilDay today_;
  Try<void> play(const std::string& path, SubjectKind kind);
  std::size_t refused_alone(const std::vector<const play::Event*>& life) const;

  const Genesis& genesis_;
  const std::uint64_t time_ms_;
  play::Mirror mirror_;
  play::Records records_;
  play::Lives lives_;
  play::Player::Sink sink_;
  play::Player player_;
  std::size_t decisions_ = 0;
};

}  // namespace hufu::cli::demo
