// What one round of a measurement is to do, and how it is written on a line.
#pragma once

#include <string>
#include <string_view>

#include "cli/session.hpp"
#include "ledger/record/subject.hpp"

namespace hufu::cli::bench {

enum class Workload {
  singles,      // one record, one signature, one answer
  submissions,  // many records under one signature
  mixed,        // singles, and beside them as many proofs are asked for as records appended
  import,       // the whole way of `hufu import`: parse, normalise, hash, sign, append
};
std::string_view name_of(Workload workload);

struct RoundPlan {
  Workload workload = Workload::submissions;
  unsigned size = 1000;  // records a submission, for submissions
  unsigned clients =
      0;  // connections; 0: as many as are in flight, for a node answers a connection's requests in turn
  unsigned in_flight = 0;  // submissions without an answer, in all; 0: by the workload
  double seconds = 5;
  double rate = 0;  // records a second on a fixed schedule; 0: the next one as soon as one is answered
  bool certified = false;
  unsigned records = 100'000;  // rows, for import

  bool open_loop() const { return rate > 0; }
  std::size_t records_each() const {
    return workload == Workload::submissions || workload == Workload::import ? size : 1;
  }
  std::size_t flights() const;
  std::size_t connections() const { return clients != 0 ? clients : flights(); }
  // Of one connection at a time; the last one may have fewer.
  std::size_t depth() const { return (flights() + connections() - 1) / connections(); }
};

// Error::usage with what is wrong.
Try<void> check_plan(const RoundPlan& plan);
// "key=value …" over these defaults: workload, size, clients, in-flight, seconds, rate, wait, records.
Try<RoundPlan> parse_round(std::string_view line, RoundPlan defaults);

Try<Workload> workload_named(std::string_view text);
// Greater than 0; Error::usage says for which option.
Try<double> number_of(std::string_view text, std::string_view option);

}  // namespace hufu::cli::bench
