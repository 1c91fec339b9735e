// The demo once its ledger is founded: what it does with the running cluster.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/client/client.hpp"
#include "cli/commands/import.hpp"
#include "cli/demo/founding.hpp"
#include "cli/demo/playing.hpp"
#include "cli/demo/processes.hpp"

namespace hufu::cli::demo {

// A record that the ledger acknowledged, as the import's reports have it.
struct Acknowledged {
  SubjectKey subject;
  std::uint64_t height = 0;  // 0: it stood there before
  std::string document;
};

struct Played {
  play::PlayCounts licenses;
  play::PlayCounts invoices;
  std::vector<play::RefusedEvent> refused;
  std::size_t decisions = 0;
  std::uint64_t submissions = 0;
  double seconds = 0;
};

class Stage {
 public:
  Stage(const Founded& founded, const DataSet& data, Processes& processes, Signals& signals,
        const Session& session);

  // Waits until a leader is known, a quorum is up, and `all` asks for every node at the same head.
  Try<void> wait_until_ready(bool all);
  // Imports these of the data set's exports; adds to totals() and acknowledged().
  Try<void> import(std::size_t from, std::size_t to);
  // Plays the data set on the ledger: recognition, whole lives, withdrawals (playing.hpp). Documents go to the founded folder,
  // and what was issued to acknowledged().
  Try<void> play();
  // What came of it.
  const Played& played() const { return played_; }
  // Index of the node that leads.
  Try<std::size_t> leader();

  Client& client() { return *client_; }
  const Session& session() const { return session_; }
  const ImportResult& imported() const { return imported_; }
  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }

 private:
  Try<void> connect_once();
  Try<void> read_report(const std::string& path);
  bool ready(bool all);
  Try<void> keep(const Document& document, std::uint64_t height);

  const Founded& founded_;
  const DataSet& data_;
  Processes& processes_;
  Signals& signals_;
  Session session_;  // speaks with this cluster, quietly
  std::unique_ptr<Client> client_;
  ImportResult imported_;
  Played played_;
  std::vector<Acknowledged> acknowledged_;
  unsigned imports_ = 0;
};

// One thing that the self-check looked at.
struct SelfCheck {
  std::string what;
  bool passed = false;
  std::string found;
};
// Kills the leader, goes on importing, brings it back, and looks whether anything is missing, doubled or different.
Try<std::vector<SelfCheck>> self_check(Stage& stage, const Founded& founded, const DataSet& data,
                                       Processes& processes, const Session& session);

}  // namespace hufu::cli::demo
