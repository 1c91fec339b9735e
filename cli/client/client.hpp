// Asks the nodes of one ledger, over HTTP, on behalf of the commands.
//
// Given several addresses it tries them in turn, stays with the one that answers, and follows a redirect only to an address
// it was given or that stands in the roster. A node is known by its TLS key: over https the certificate's raw Ed25519 key
// must be one of the roster's (of that very member, when the address is a member's). Plain http goes to loopback only.
//
// A request whose connection is lost is repeated until `patience` is over. For a submission that is safe: it counts once.
//
// Promises
//   N1  problem.refusal.error == ledger_unavailable: nothing was written, and `attempts` says how each address failed
//   N2  problem.refusal.error == outcome_unknown: it was sent at least once, and no node said what became of it
//   N3  every answer was decoded canonically, within its bound, and is of the ledger whose genesis was given; a receipt that says
//       certified has the cosignatures of a quorum of that genesis' roster
//
// Client and Pipeline are used by one thread; the sockets live on a thread of the client's own.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "ledger/genesis/genesis.hpp"
#include "ledger/proof/proof.hpp"
#include "node/api/route.hpp"

namespace hufu::cli {

struct ClientOptions {
  std::vector<std::string>
      urls;  // "https://host:port", "http://127.0.0.1:port"; empty: the roster's API addresses
  std::optional<Genesis> genesis;                // needed for https
  std::chrono::milliseconds timeout{10'000};     // of one exchange with one node
  std::chrono::milliseconds patience{15'000};    // of one request, with everything that is repeated
  std::chrono::milliseconds unreachable{1'000};  // of it, as long as no address at all can be connected to
};

// How one address failed, the latest time it was tried.
struct Attempt {
  std::string url;
  Error error = Error::ledger_unavailable;
  std::string why;  // "connection refused", "the TLS key is not in the roster", …
};

struct Failure {
  api::Problem problem;  // a node's own, or what the client has to conclude
  std::string url;       // of the node that refused; empty: the client's conclusion
  std::vector<Attempt> attempts;
};
[[noreturn]] void throw_exception_from_error(const Failure& failure, const boost::source_location& where);

template <class T>
using Reply = boost::system::result<T, Failure>;

struct NodeReply {
  std::string url;
  Reply<api::NodeStatus> status;
};

class Pipeline;

class Client {
 public:
  // Error::usage in the failure for a URL that cannot be used, with the reason in `why`.
  static Reply<std::unique_ptr<Client>> make(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Canonical bytes of a signed submission. A receipt that says certified has been checked against the roster in force, followed
  // from that of the genesis, where one was given; one that does not may hold fewer cosignatures than a quorum.
  Reply<api::Accepted> submit(ByteSpan submission, api::WaitWish wait = api::WaitWish::certified);

  Reply<api::StandingAnswer> standing(const SubjectKey& key, api::ReadWish read = api::ReadWish::settled);
  Reply<Evidence> evidence(const SubjectKey& key, api::ReadWish read = api::ReadWish::settled);
  Reply<api::HistoryAnswer> history(const SubjectKey& key, api::ReadWish read = api::ReadWish::settled);
  // All subjects of a registered kind, in the order of their ids. Error::oversize beyond kRegistry.
  static constexpr std::size_t kRegistry = 100'000;
  Reply<api::RegistryAnswer> registry(SubjectKind kind, api::ReadWish read = api::ReadWish::settled);
  // A receipt that is not there is an answer, not a failure.
  Reply<api::ReceiptAnswer> receipt(const Hash& submission);
  Reply<api::ReceiptAnswer> receipt(std::string_view agency, const RequestId& request_id);
  // The bytes as the node sent them: whether they are a block is for the caller to find out.
  Reply<Bytes> block(std::uint64_t height);
  Reply<api::Head> head(api::ReadWish read = api::ReadWish::settled);
  // Decoded, and of this ledger; what it proves is check_proof's question (ledger/proof/proof.hpp).
  Reply<Proof> proof(const SubjectKey& subject, api::ReadWish read = api::ReadWish::settled,
                     const api::ProofWish& wish = {});
  // The newest certified checkpoint as it came: open_checkpoint_note and check_certified say what it is worth.
  Reply<std::string> checkpoint_note();
  // RFC 6962 consistency path between two sizes of the log, as it came.
  Reply<std::vector<Hash>> consistency(std::uint64_t from, std::uint64_t to);
  // Into the access log of the node that answers. The entry is of this very trace; whose it is and whether it verifies is
  // AccessChain's question.
  Reply<SignedEntry> record_trace(const SignedTrace& trace);
  Reply<AccessPage> traces(std::uint64_t from, std::size_t limit = kTracePage);
  Reply<api::ClusterStatus> cluster();
  Reply<api::NodeStatus> status();
  Reply<Genesis> genesis();

  // Every address asked once, at the same time, without repeating; in the order of urls().
  std::vector<NodeReply> status_of_each();

  // The roster in force, as far as it had to be followed; and whether the authorities put it there after the quorum was lost.
  const RosterStanding& roster() const;
  bool recovered() const;

  const std::vector<std::string>& urls() const;
  // The address that answered last; before the first answer, the one that will be tried first.
  std::string last_url() const;

 private:
  friend class Pipeline;
  class Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Submissions under way at the same time, each on a connection of its own, for work in volume. Answers come in the order in
// which they arrive, not in the order of pushing. The client must outlive it.
class Pipeline {
 public:
  struct Done {
    std::uint64_t tag = 0;  // as given to push
    Reply<api::Accepted> reply;
  };

  Pipeline(Client& client, std::size_t window,  // window: 1 to 64
           api::WaitWish wait = api::WaitWish::certified);
  ~Pipeline();  // waits for none: what is under way then has an unknown outcome
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  std::size_t in_flight() const;  // pushed, and not yet returned by next
  bool full() const { return in_flight() >= window_; }
  // Not when full().
  void push(std::uint64_t tag, Bytes submission);
  // Waits for one to be done; nullopt when none is in flight.
  std::optional<Done> next();

 private:
  class Impl;
  std::size_t window_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hufu::cli
