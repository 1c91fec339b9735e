// What a node can be asked, in process: the one interface between the node and whoever serves people (HTTP, the embedded
// demo, tests).
//
// Threads: every method is called, and every callback runs, on the node's loop thread. A callback runs exactly once, maybe
// before the method returns; after the node stopped, with Error::ledger_unavailable. No method blocks on the network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ledger/checkpoint/tiles.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/proof/proof.hpp"
#include "ledger/trace/trace.hpp"
#include "node/api/answers.hpp"

namespace boost::asio {
class io_context;
}

namespace hufu::node {

class Metrics;

template <class T>
using Done = std::function<void(Result<T>)>;

enum class Read : std::uint8_t {
  local,  // what this node has applied, at once
  settled,  // on the leader: after a majority confirmed that it still leads, so that nothing acknowledged before the
  // question is missing (no_quorum if that fails). On a follower the same as local: `as_of` tells how old.
};

enum class Until : std::uint8_t {
  committed,  // a majority of the nodes stored it
  certified,  // besides, a checkpoint that the quorum cosigned covers it
};

class Service {
 public:
  virtual ~Service() = default;

  // A submission's canonical bytes (record/submission.hpp), from a client at this address (without the port; the unit of
  // rate limiting). On a follower it is forwarded. Answers when it is committed or refused; after `wait` with
  // timed_out: it may still be appended, and the same bytes sent again get the same receipt. Until::certified waits for this
  // node's own certified checkpoint to cover it, after `wait` (or a few seconds, if shorter) not any longer: the receipt is
  // then that of a committed submission, and says so.
  virtual void submit(Bytes submission, std::string address, std::chrono::milliseconds wait, Until until,
                      std::function<void(api::Submitted)> done) = 0;

  // Complete history with its proofs, all consistent with one head. oversize when there are more than
  // Evidence::kOperations operations.
  virtual void evidence(const SubjectKey& key, Read read, Done<Evidence> done) = 0;
  virtual void standing(const SubjectKey& key, Read read, Done<api::StandingAnswer> done) = 0;
  virtual void history(const SubjectKey& key, Read read, Done<api::HistoryAnswer> done) = 0;
  // Subjects of a registered kind with ids behind `after`, at most so many, within api::kRegistryBytes.
  virtual void registry(SubjectKind kind, const std::string& after, std::size_t most, Read read,
                        Done<api::RegistryAnswer> done) = 0;
  virtual void receipt(const Hash& submission_id, Read read, Done<api::ReceiptAnswer> done) = 0;
  virtual void receipt(std::string_view agency, const RequestId& request_id, Read read,
                       Done<api::ReceiptAnswer> done) = 0;
  virtual void head(Read read, Done<api::Head> done) = 0;
  // The proof file: evidence at a head that the quorum cosigned, with what was wished for. settled: at
  // a head that covers everything acknowledged before the question; local: at the newest certified one here. Waits for it, a
  // few seconds at most: not_certified. ledger_stale: this node's log does not reach `since`.
  virtual void proof(const SubjectKey& key, Read read, const api::ProofWish& wish, Done<Proof> done) = 0;

  // A block's canonical bytes. not_found above the head.
  virtual Result<Bytes> block(std::uint64_t height) = 0;
  virtual Result<BlockHeader> block_header(std::uint64_t height) = 0;
  // RFC 6962 consistency path between two sizes of the log of blocks; field_invalid unless size1 <= size2 <= log size.
  virtual Result<std::vector<Hash>> log_consistency(std::uint64_t size1, std::uint64_t size2) = 0;
  virtual Result<Hash> log_root(std::uint64_t size) = 0;
  // The newest certified checkpoint as a signed note. not_certified before the first.
  virtual Result<std::string> checkpoint_note() = 0;
  // not_found: the log does not have all of it.
  virtual void tile(const Tile& tile, Done<Bytes> done) = 0;

  // Into this node's access log (node/access_recorder.hpp). Besides its errors those of who may sign: issuer_unknown,
  // key_unknown, key_revoked; issuer_not_authorized for an anonymous trace where the operator wants signed ones only.
  virtual void record_trace(const SignedTrace& trace, const std::string& address, Done<SignedEntry> done) = 0;
  virtual void traces(std::uint64_t from, std::size_t limit, Done<AccessPage> done) = 0;

  virtual api::NodeStatus status() = 0;
  // Asks every peer; one that does not answer within `wait` is listed without a status.
  virtual void cluster_status(std::chrono::milliseconds wait,
                              std::function<void(api::ClusterStatus)> done) = 0;

  virtual const Genesis& genesis() const = 0;
  virtual const LedgerId& ledger() const = 0;
  virtual const Bytes& genesis_file() const = 0;  // as `hufu genesis new` wrote it
  virtual RosterStanding roster() = 0;            // in force now

  // Ready: it knows a leader and is not far behind it. Live: the loop runs, which this call shows.
  virtual api::Readiness ready() = 0;
  // Counters and histograms of the whole node; a front end adds its own (node/metrics.hpp).
  virtual Metrics& metrics() = 0;
};

// Who serves people. The node starts it last and stops it first.
class Frontend {
 public:
  virtual ~Frontend() = default;
  // Begins to listen on the loop. An error stops the node before it joined its peers; the text is for the operator.
  virtual boost::system::result<void, std::string> start(Service& service, boost::asio::io_context& loop) = 0;
  // No request is accepted afterwards; those under way are answered by the service's stop.
  virtual void stop() = 0;
  // Where it listens, for people: "https://127.0.0.1:7443". Empty before start.
  virtual std::string address() const = 0;
};

}  // namespace hufu::node
