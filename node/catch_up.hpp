// The way to the present for a node that Raft does not lead there: it is new, it was asleep when the roster changed, or it has
// been removed. It asks its peers how the roster that it knows handed over, or which newest block that roster certified, checks
// the quorum's cosignatures, and lets the fetcher bring the blocks. So no single peer is believed.
//
// One thread: the loop. Bounds: one question at a time; nothing is asked while Raft leads.
#pragma once

#include <functional>

#include "node/epochs.hpp"
#include "node/fetch.hpp"

namespace hufu::node {

struct CatchUpParts {
  World& world;
  Peers& peers;
  Replica& replica;
  Fetcher& fetcher;
  store::LedgerStore& store;
  const Genesis& genesis;
  const LedgerId& ledger;
  const Log& log;
  std::function<bool()> lost;                            // Raft does not lead this node
  std::function<void(std::uint64_t epoch)> handed_over;  // the handover of this epoch is kept
  std::function<void(std::string_view why)> fatal;
};

class CatchUp {
 public:
  static constexpr std::uint64_t kEveryMs = 500;
  static constexpr std::chrono::milliseconds kWait{2000};

  explicit CatchUp(CatchUpParts parts);
  ~CatchUp();
  CatchUp(const CatchUp&) = delete;
  CatchUp& operator=(const CatchUp&) = delete;

  void set_members(std::vector<consensus::NodeId> members) { members_ = std::move(members); }
  // Somebody speaks of a Raft group that this node does not know yet.
  void hint(std::uint64_t epoch) { hinted_ = std::max(hinted_, epoch); }
  // This handover is missing: the roster of the epoch has ended and nobody has said how.
  void want_handover(std::optional<std::uint64_t> epoch) { wanted_ = epoch; }
  // Every few tens of milliseconds.
  void tick();
  void stop() { stopped_ = true; }

 private:
  void took(std::uint64_t epoch, const peer::WayResponse& way);
  bool took_handover(std::uint64_t epoch, const Handover& handover);
  void took_head(const peer::CertifiedHead& head);
  void fetch(const BlockHeader& header);

  CatchUpParts parts_;
  std::vector<consensus::NodeId> members_;
  std::uint64_t hinted_ = 0;
  std::optional<std::uint64_t> wanted_;
  std::uint64_t asked_ms_ = 0;
  std::size_t turn_ = 0;
  bool asking_ = false;
  bool stopped_ = false;
  std::shared_ptr<CatchUp*> self_;
};

// The answering side.
peer::Response answer_way(const store::LedgerStore& store, const peer::WayRequest& request,
                          const RosterStanding* certified_by,
                          const std::optional<CertifiedCheckpoint>& certified);

}  // namespace hufu::node
