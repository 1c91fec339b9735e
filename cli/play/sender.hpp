// Sends acts in volume: grouped by signer into submissions, several under way, and yet in order where order matters.
//
//   T1  two acts that touch the same life reach the ledger in the order in which they were given: those of one signer stand
//       in one submission or in submissions that follow on each other's answer, those of two signers wait for each other.
//       All versions of one license are one life
//   T2  the operations of one act stand in one submission
//   T3  a document is handed out only when the submission with its issue stands on the ledger
//   T4  after a trouble nothing more is sent
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>

#include "cli/play/act.hpp"
#include "cli/session.hpp"

namespace hufu::cli::play {

// How submissions get there; several at a time, answered in any order.
class Carrier {
 public:
  struct Answer {
    std::uint64_t tag = 0;
    std::uint64_t height = 0;
    std::optional<Trouble> trouble;
  };
  virtual ~Carrier() = default;
  virtual bool full() const = 0;
  // Not when full().
  virtual void push(std::uint64_t tag, const std::string& agency, std::vector<Operation> operations) = 0;
  // Waits for one to be answered; one must be under way.
  virtual Answer next() = 0;
};

class Sender {
 public:
  static constexpr std::size_t kOperationsPerSubmission = 1'000;
  // A holder's document, and the block in which its issue stands.
  using Handout = std::function<Try<void>(const Document&, std::uint64_t height)>;

  // The carrier outlives the sender.
  Sender(Carrier& carrier, Handout handout) : carrier_(carrier), handout_(std::move(handout)) {}

  void add(Act act);
  // Sends what is left and waits for every answer.
  void finish();
  const std::optional<Trouble>& stopped() const { return stopped_; }
  std::uint64_t submissions() const { return next_tag_; }

 private:
  struct Batch {
    std::string agency;
    std::vector<Operation> operations;
    std::vector<Document> documents;
    std::set<SubjectKey> lives;
  };

  void settle(const std::string& agency);
  void send(const std::string& agency);
  void receive();

  Carrier& carrier_;
  Handout handout_;
  std::map<std::string, Batch> filling_;      // by agency
  std::map<std::uint64_t, Batch> under_way_;  // by tag; of one agency at most one
  std::set<std::string> busy_;                // agencies with one under way
  std::map<SubjectKey, std::string> held_;    // lives of what is not answered yet, and by whom
  std::uint64_t next_tag_ = 0;
  std::optional<Trouble> stopped_;
};

}  // namespace hufu::cli::play
