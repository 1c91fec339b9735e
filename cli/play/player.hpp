// Plays events in order: each becomes an act that the law accepts as it then stands, or is told with its reason. Pure.
//
//   Y1  an act leaves in the order of its event; acts of one life never overtake each other
//   Y2  an event that the law refuses changes nothing and keeps no other event out
//   Y3  a claim that meets the lock of a waiting red-letter request is put back until that request has ended, and what of
//       the same life depends on it waits behind it; the files tell such claims, and an accounting system would try again
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "cli/play/act.hpp"
#include "cli/play/mirror.hpp"

namespace hufu::cli::play {

struct PlayCounts {
  std::uint64_t total = 0;
  std::uint64_t accepted = 0;  // derived ones included
  std::uint64_t derived = 0;   // told by the calendar: nothing is appended
  std::uint64_t deferred = 0;  // played after a lock had ended
  std::uint64_t advanced = 0;  // played before a red-letter invoice that the file tells first (arrange.hpp)
  std::uint64_t refused = 0;
};

struct RefusedEvent {
  std::string file;
  std::size_t line = 0;
  std::string event;
  SubjectKey subject;
  Error error = Error::usage;
  std::string why;
};

class Player {
 public:
  using Sink = std::function<void(Act)>;
  // All three outlive the player. `known` tells the mirror's standings.
  Player(Mirror& mirror, const Surroundings& known, Sink sink)
      : mirror_(mirror), known_(known), sink_(std::move(sink)) {}

  // `file` for people. The day must be there.
  void play(const Event& event, const std::string& file, std::size_t line);
  // No event comes after: what still waits is played when its lock ends by the calendar.
  void finish();
  // So many events of invoices were brought forward.
  void note_advanced(std::uint64_t count) { invoices_.advanced += count; }
  // An event that could not even be read.
  void refuse(RefusedEvent refused);

  const PlayCounts& licenses() const { return licenses_; }
  const PlayCounts& invoices() const { return invoices_; }
  const std::vector<RefusedEvent>& refused() const { return refused_; }

 private:
  struct Entry {
    Event event;
    std::string file;
    std::size_t line = 0;
  };
  using Waiting = std::deque<Entry>;

  std::optional<RecordFault> attempt(const Event& event, CivilDay day);
  void accept(const Event& event, const Act& act);
  void again(Waiting& waiting, CivilDay day);
  void tell(const Entry& entry, const RecordFault& fault);
  CivilDay end_of_lock(const SubjectKey& invoice, CivilDay otherwise) const;
  PlayCounts& counts_of(SubjectKind kind) { return kind == SubjectKind::invoice ? invoices_ : licenses_; }

  Mirror& mirror_;
  const Surroundings& known_;
  Sink sink_;
  std::map<SubjectKey, Waiting> waiting_;
  PlayCounts licenses_;
  PlayCounts invoices_;
  std::vector<RefusedEvent> refused_;
};

}  // namespace hufu::cli::play
