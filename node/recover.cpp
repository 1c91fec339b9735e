#include "node/recover.hpp"

#include "node/data_dir.hpp"
#include "node/fault_of.hpp"
#include "node/replica.hpp"

namespace hufu::node {
namespace {

using consensus::Fault;

consensus::Checked<Proposal> read_recovery(ByteSpan file) {
  auto recovery = decode_recovery(file);
  if (!recovery) return Fault{recovery.error(), "the recovery file is not one"};
  if (!enacted_in(*recovery)) {
    return Fault{Error::content_mismatch,
                 "the recovery file is unfinished: nobody has enacted what it proposes"};
  }
  return std::move(*recovery);
}

// As the rules see it, without changing anything.
consensus::Checked<void> check_accepted(const LedgerId& ledger, const Proposal& recovery,
                                        const store::LedgerStore& store) {
  const Execution execution = execute(ledger, recovery, store, check_signed);
  for (const Outcome& outcome : execution.outcomes) {
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused == nullptr) continue;
    Error why = Error::issuer_not_authorized;
    if (refused->submission) {
      why = *refused->submission;
    } else if (!refused->faults.empty()) {
      why = refused->faults.front().error;
    }
    return Fault{why, "the rules refuse a submission of the recovery file"};
  }
  if (execution.included.size() != recovery.submissions.size())
    return Fault{Error::content_mismatch, "a submission of the recovery file is on the ledger already"};
  return {};
}

}  // namespace

consensus::Checked<Recovered> recover(const Config& config, const Genesis& genesis, ByteSpan file) {
  auto recovery = read_recovery(file);
  if (!recovery) return recovery.error();
  auto data = DataDir::open(config.data);
  if (!data) return data.error();
  auto store = store::LedgerStore::open((*data)->ledger(), genesis, store::Mode::read_write);
  if (!store) return fault_of(store.error());
  const BlockHeader& head = (*store)->head();
  if (recovery->height != head.height + 1 || recovery->parent != (*store)->head_hash()) {
    return Fault{Error::previous_mismatch,
                 "the recovery goes on behind block " + std::to_string(recovery->height - 1) + " (" +
                     short_hex(recovery->parent) + "), this ledger ends at block " +
                     std::to_string(head.height) + " (" + short_hex((*store)->head_hash()) + ")"};
  }
  const LedgerId ledger = ledger_id(genesis);
  SignatureCache signatures(1024);
  Metrics metrics;
  const Log log(config.node, LogLevel::error, 2);  // people are told by the command
  std::optional<Fault> failed;
  Replica replica({.store = **store,
                   .ledger = ledger,
                   .signatures = signatures,
                   .metrics = metrics,
                   .log = log,
                   .fatal = [&](std::string_view why) {
                     failed = Fault{Error::storage_corrupt, std::string(why)};
                   }});
  if (auto started = replica.start(); !started) return fault_of(started.error());
  if (auto accepted = check_accepted(ledger, *recovery, **store); !accepted) return accepted.error();
  replica.enter(replica.roster().epoch);
  replica.apply(0, encode(*recovery));
  replica.sync();
  if (failed) return *failed;
  return Recovered{.block = replica.head(), .roster = replica.roster()};
}

}  // namespace hufu::node
