// Load on a PostgreSQL server: `postgres_load CONNINFO`, rounds by standard input (round.hpp). One connection and one thread
// a client, prepared statements, binary parameters, each insert a transaction of its own.
//
// size=1: one row. size=N: N rows by two arrays. The table record(key bytea, value bytea) has a unique index on the key; the
// driver has made it. Keys are 16 bytes that look like hashes, as identifiers under which something is found do; values 200.
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include "tests/bench/peers/round.hpp"

namespace hufu::bench {
namespace {

constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kValueBytes = 200;
constexpr int kByteaOid = 17;
constexpr int kByteaArrayOid = 1001;

struct EndConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, EndConnection>;
using Outcome = std::unique_ptr<PGresult, ClearResult>;

void put_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}
// The wire form of a one-dimensional array without nulls.
std::string array_of(const std::vector<std::string>& values) {
  std::string out;
  put_u32(out, 1);  // dimensions
  put_u32(out, 0);  // nulls
  put_u32(out, kByteaOid);
  put_u32(out, static_cast<std::uint32_t>(values.size()));
  put_u32(out, 1);  // the first index
  for (const std::string& value : values) {
    put_u32(out, static_cast<std::uint32_t>(value.size()));
    out += value;
  }
  return out;
}

class Client {
 public:
  explicit Client(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) stop();
    prepare("one", "insert into record(key, value) values ($1, $2)", kByteaOid);
    prepare("many", "insert into record(key, value) select * from unnest($1, $2)", kByteaArrayOid);
  }

  void run(const RoundPlan& plan, std::size_t number, Clock::time_point start, Clock::time_point end) {
    tally_ = Tally();
    Pace pace(plan, number, plan.clients, start);
    for (Clock::time_point due = start;;) {
      if (pace.open()) {
        due = pace.due();
        pace.next();
        if (due < end) std::this_thread::sleep_until(due);  // the schedule of the load itself
      } else {
        due = Clock::now();
      }
      if (due >= end) return;
      insert(plan, number, due, end);
    }
  }
  const Tally& tally() const { return tally_; }

 private:
  void insert(const RoundPlan& plan, std::size_t number, Clock::time_point due, Clock::time_point end) {
    std::vector<std::string> keys;
    std::vector<std::string> values;
    for (std::size_t i = 0; i < plan.size; ++i) {
      const std::uint64_t seed = std::hash<std::string>()(plan.word) ^ (number << 40U) ^ ++made_;
      keys.push_back(value_of(seed, kKeyBytes));
      values.push_back(value_of(made_, kValueBytes));
    }
    const bool one = plan.size == 1;
    const std::string first = one ? keys.front() : array_of(keys);
    const std::string second = one ? values.front() : array_of(values);
    const char* parameters[] = {first.data(), second.data()};
    const int lengths[] = {static_cast<int>(first.size()), static_cast<int>(second.size())};
    const int formats[] = {1, 1};
    const Outcome outcome(
        PQexecPrepared(connection_.get(), one ? "one" : "many", 2, parameters, lengths, formats, 1));
    if (PQresultStatus(outcome.get()) != PGRES_COMMAND_OK)
      return tally_.failed(PQerrorMessage(connection_.get()));
    tally_.done(due, Clock::now(), end);
  }
  void prepare(const char* name, const char* statement, Oid type) {
    const Oid types[] = {type, type};
    const Outcome outcome(PQprepare(connection_.get(), name, statement, 2, types));
    if (PQresultStatus(outcome.get()) != PGRES_COMMAND_OK) stop();
  }
  [[noreturn]] void stop() {
    std::fprintf(stderr, "postgres_load: %s\n", PQerrorMessage(connection_.get()));
    std::exit(1);
  }

  Connection connection_;
  std::uint64_t made_ = 0;
  Tally tally_;
};

Tally run(const RoundPlan& plan, const std::vector<std::unique_ptr<Client>>& clients) {
  const Clock::time_point start = Clock::now();
  const Clock::time_point end =
      start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.seconds));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < plan.clients; ++i) {
    threads.emplace_back([&, i] { clients[i]->run(plan, i, start, end); });
  }
  for (std::thread& thread : threads) thread.join();
  Tally all;
  for (std::size_t i = 0; i < plan.clients; ++i) all.add(clients[i]->tally());
  return all;
}

}  // namespace
}  // namespace hufu::bench

int main(int argc, char** argv) {
  using namespace hufu::bench;  // NOLINT(google-build-using-namespace)
  if (argc != 2) {
    std::fprintf(stderr, "usage: postgres_load CONNINFO, rounds on standard input\n");
    return 2;
  }
  std::vector<std::unique_ptr<Client>> clients;
  for (std::string line; std::getline(std::cin, line);) {
    const RoundPlan plan = RoundPlan::read(line);
    while (clients.size() < plan.clients) clients.push_back(std::make_unique<Client>(argv[1]));
    std::printf("%s\n", json_line(plan, run(plan, clients)).c_str());
    std::fflush(stdout);
  }
  return 0;
}
