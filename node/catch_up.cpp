#include "node/catch_up.hpp"

namespace hufu::node {

CatchUp::CatchUp(CatchUpParts parts) : parts_(std::move(parts)), self_(std::make_shared<CatchUp*>(this)) {}

CatchUp::~CatchUp() { *self_ = nullptr; }

void CatchUp::tick() {
  const std::uint64_t epoch = parts_.replica.roster().epoch;
  const bool needed = wanted_ || hinted_ > epoch || parts_.lost();
  const std::uint64_t now = parts_.world.now_ms();
  if (stopped_ || asking_ || members_.empty() || !needed || now < asked_ms_ + kEveryMs) return;
  asked_ms_ = now;
  asking_ = true;
  const consensus::NodeId to = members_[turn_++ % members_.size()];
  const std::uint64_t from = wanted_.value_or(epoch);
  parts_.peers.ask(to, peer::WayRequest{from}, kWait, [self = self_, from](Result<peer::Response> response) {
    if (*self == nullptr) return;
    (*self)->asking_ = false;
    const auto* way = response ? std::get_if<peer::WayResponse>(&*response) : nullptr;
    if (way != nullptr && !(*self)->stopped_) (*self)->took(from, *way);
  });
}

void CatchUp::took(std::uint64_t epoch, const peer::WayResponse& way) {
  const std::uint64_t known = parts_.replica.roster().epoch;
  if (way.handover && took_handover(epoch, *way.handover)) return;
  if (way.head && epoch == known) took_head(*way.head);
}

// Of the epoch that this node is in, or of one whose end it has seen without the quorum's word.
bool CatchUp::took_handover(std::uint64_t epoch, const Handover& handover) {
  const RosterStanding& roster = parts_.replica.roster();
  const auto ended = ended_epochs(parts_.store, parts_.genesis);
  if (!ended) {
    parts_.fatal(ended.error().detail);
    return false;
  }
  if (epoch == 0 || epoch > roster.epoch) return false;
  const RosterStanding& before = epoch < roster.epoch ? (*ended)[epoch - 1].roster : roster;
  const auto next = check_handover(parts_.ledger.origin, before, handover);
  if (!next) {
    parts_.log.warning("handover refused", {{"epoch", epoch}, {"why", std::string(code_of(next.error()))}});
    return false;
  }
  Handover kept = handover;
  kept.consistency.clear();  // it is made anew for every proof
  if (auto done = parts_.store.keep_handover(epoch, encode(kept)); !done) {
    parts_.fatal(done.error().detail);
    return false;
  }
  parts_.handed_over(epoch);
  fetch(handover.header);
  return true;
}

void CatchUp::took_head(const peer::CertifiedHead& head) {
  const auto log = log_of(head.header, head.log_path);
  if (!log) return;
  const CertifiedCheckpoint certified{*log, head.cosignatures};
  if (!check_certified(parts_.ledger.origin, parts_.replica.roster(), certified)) return;
  fetch(head.header);
}

void CatchUp::fetch(const BlockHeader& header) {
  if (header.height <= parts_.replica.head().height) return;
  parts_.fetcher.go({parts_.replica.roster().epoch, header.height, block_hash(header)});
}

peer::Response answer_way(const store::LedgerStore& store, const peer::WayRequest& request,
                          const RosterStanding* certified_by,
                          const std::optional<CertifiedCheckpoint>& certified) {
  peer::WayResponse way;
  auto handover = kept_handover(store, request.epoch);
  if (!handover) return peer::refused(handover.error().error);
  way.handover = std::move(*handover);
  const bool same = certified_by != nullptr && certified && certified_by->epoch == request.epoch;
  if (way.handover || !same) return way;
  const std::uint64_t size = certified->checkpoint.size;
  const auto header = store.header(size - 1);
  if (!header || !*header) return peer::refused(Error::not_found);
  auto path = inclusion_path(store, size - 1, size);
  if (!path) return peer::refused(path.error());
  way.head = peer::CertifiedHead{
      .header = **header, .log_path = *std::move(path), .cosignatures = certified->cosignatures};
  return way;
}

}  // namespace hufu::node
