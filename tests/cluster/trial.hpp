// One node of a running cluster is made to die at a failpoint, while work goes on; then it is started again, and nothing may
// be missing, doubled or different.
//
// After every death
//   T1  the node ended by SIGKILL, of itself: nobody else killed it
//   T2  started again, it comes to the head of the others, and the newest block is certified on all
//   T3  every submission that was acknowledged stands at the place that was said, and no submission stands twice
//   T4  `hufu audit ledger` finds nothing
//   T5  every trace of use that was acknowledged is in its access log
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/cluster/field.hpp"

namespace hufu::testing {

// How a node is brought to a point.
enum class Way : std::uint8_t {
  founding,  // it starts for the first time, as all do
  follows,   // it takes submissions as a follower
  leads,     // it takes submissions as the leader
  elects,    // leaders come and go
  deposed,   // it led alone, and comes back to a cluster that went on
  away,      // it comes back when the others' logs no longer hold what it lacks
  records,   // it writes down traces of use
};

class Trial {
 public:
  explicit Trial(const std::filesystem::path& folder);

  // A new ledger: each node starts from nothing, and dies at its point. How many died.
  std::size_t found(const std::vector<std::string>& points);
  // Does a node die at the n-th passage, and then come back? False: it was never reached, and that is a failure.
  bool end_at(const std::string& point, unsigned passage, Way way);

  std::size_t acknowledged() const { return acknowledged_.size(); }
  std::size_t traces() const { return traces_; }
  std::size_t audits() const { return audits_; }

 private:
  std::unique_ptr<cli::Client> client_of(std::vector<std::size_t> nodes,
                                         std::chrono::milliseconds patience) const;
  std::vector<std::optional<api::NodeStatus>> look() const;
  std::optional<std::size_t> leader() const;
  bool answers(std::size_t node) const;
  bool agreed() const;

  // Submits through this node first while it is asked to go on; then until every outcome is known.
  void load(std::size_t node, std::size_t window, const std::function<bool()>& goes_on);
  Bytes next_submission();
  void depose(std::size_t leads, std::size_t node);
  void make_leader(std::size_t node);
  void strand(std::size_t node);
  void record_traces(std::size_t node);
  std::size_t choose(Way way);
  void bring(std::size_t node, Way way);

  void expect_whole(std::size_t node);
  void expect_places(std::size_t node);

  Field field_;
  std::string agency_;
  std::uint64_t serial_ = 0;
  std::size_t turn_ = 0;
  std::map<Hash, Place> acknowledged_;
  std::map<std::size_t, std::map<std::uint64_t, SignedEntry>> traced_;  // node -> sequence -> entry
  struct Read {
    std::uint64_t next = 0;  // height
    std::map<Hash, Place> places;
  };
  std::vector<Read> read_;
  std::size_t traces_ = 0;
  std::size_t audits_ = 0;
};

}  // namespace hufu::testing
