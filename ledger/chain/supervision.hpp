// What supervision (电子监督) counts in a ledger: who did what how often, how long things stood, what lies open. Pure: fed with the
// blocks of an audit in order, then with the standings that its replay made.
//
//   counts        operations by agency, type and kind; the type is that of the license, INVOICE, or the kind of another subject
//   revocations   REVOKE and RESCIND by agency and day in China of the block's time: the day on which it was done, whatever day was
//                 written into it
//   spans         days from suspend to resume, from an objection to its end, from issue to revocation and from issue to any other
//                 end, by business day; negative ones (a history entered out of order) count as 0
//   open          standings that wait for somebody: disputes, reversals due, red-letter requests, transfer offers
//
// Sums are exact. Memory grows with the licenses, as the replay's does.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "ledger/chain/block.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

struct AgencyType {
  std::string agency;
  std::string type;

  auto operator<=>(const AgencyType&) const = default;
};

enum class Span : std::uint8_t { suspended, disputed, until_revoked, until_ended };
// "SUSPEND_TO_RESUME", "DISPUTE_OPEN_TO_CLOSE", "ISSUE_TO_REVOKE", "ISSUE_TO_END"
std::string_view name_of(Span span);

// How many took so many days.
class Durations {
 public:
  void add(CivilDay days);
  std::uint64_t count() const { return count_; }
  CivilDay least() const;  // of at least one
  CivilDay most() const;
  // The fewest days within which this share (0 to 1) of them lies.
  CivilDay within(double share) const;

 private:
  std::map<CivilDay, std::uint64_t> days_;
  std::uint64_t count_ = 0;
};

struct Activity {
  std::map<std::string, std::uint64_t, std::less<>> operations;  // by name_of(payload)
  std::uint64_t issued = 0;
  std::uint64_t changed = 0;  // everything later that is not the end
  std::uint64_t ended = 0;    // revoked, rescinded, cancelled, lapsed, annulled
  std::uint64_t claimed = 0;
  // As it stands at the end; an agency answers for what it issued or took over.
  std::uint64_t in_force = 0;
  std::uint64_t disputed = 0;
  std::uint64_t reversals_due = 0;
  std::uint64_t red_requests = 0;
  std::uint64_t offered = 0;
  std::map<Span, Durations> spans;
};

class Supervision {
 public:
  void see(const Block& block);
  // By the path of its subject, as Audit::each_standing gives it.
  void see(const Hash& path, const Standing& standing);

  const std::map<AgencyType, Activity>& activities() const { return activities_; }
  const std::map<std::pair<std::string, CivilDay>, std::uint64_t>& revocations() const {
    return revocations_;
  }

 private:
  struct Life {
    const std::string* type = nullptr;
    CivilDay issued = 0;
    std::optional<CivilDay> suspended;
    std::optional<CivilDay> disputed;
  };
  void see(const std::string& agency, const Operation& operation, CivilDay today);
  void begin(const Hash& path, CivilDay issued, const std::string& type);
  static void follow(const Operation& operation, Life& life, Activity& activity);

  std::map<AgencyType, Activity> activities_;
  std::map<std::pair<std::string, CivilDay>, std::uint64_t> revocations_;
  std::set<std::string, std::less<>> types_;          // each once
  std::unordered_map<Hash, Life, HashOfHash> lives_;  // of licenses, by path
};

}  // namespace hufu
