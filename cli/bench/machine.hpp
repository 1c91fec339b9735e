// What the machine gives, and what was used of it.
#pragma once

#include <sys/types.h>

#include <string>

#include "cli/session.hpp"

namespace hufu::cli::bench {

// Seconds of CPU of a process and all its threads, since its start; 0 when there is no such process.
double cpu_seconds_of(pid_t pid);
double own_cpu_seconds();
// Of all cores since boot: in use by anybody, time taken by other guests of the host included.
double busy_seconds_of_machine();
// Cores that this process may use.
unsigned cores();

double resident_mb(pid_t pid);
// What the files below a folder hold. Blocks that a log has reserved and not written yet do not count.
std::uint64_t disk_bytes(const std::string& folder);

// p50 of 32 times: append 4 KiB to a file in this folder, fdatasync. Microseconds.
Try<double> flush_probe(const std::string& folder);

// On one core, from loops of a tenth of a second or so.
struct Primitives {
  double verify_per_s = 0;
  double sign_per_s = 0;
  double sha256_65_per_s = 0;  // 65 bytes: a Merkle node
};
Primitives measure_primitives();

// What signatures alone allow when every record is signed by itself: each of `nodes` verifies it, and the client signs it.
double singles_limit(const Primitives& primitives, std::size_t nodes);

}  // namespace hufu::cli::bench
