// The service's traces of use: who may write one down, and what is written.
#include "ledger/rules/rules.hpp"
#include "node/node_service.hpp"

namespace hufu::node {
namespace {

Result<void> check_verifier(const Trace& trace, const AgencyStanding& agency, std::uint64_t time_ms) {
  if (const Result<void> held = rules::check_key(agency, trace.key, time_ms); !held) return held;
  return agency.suspended ? Error::issuer_not_authorized : Result<void>();
}

}  // namespace

void NodeService::record_trace(const SignedTrace& trace, const std::string& address, Done<SignedEntry> done) {
  if (stopped_) return done(Error::ledger_unavailable);
  if (traces_by_address_.take(address, now_ms()) > 0) return done(Error::rate_limited);
  if (trace.trace.agency.empty()) {
    if (parts_.traces.signed_only) return done(Error::issuer_not_authorized);
    return parts_.recorder.record(trace, std::move(done));
  }
  const auto record = parts_.store.record({SubjectKind::agency, trace.trace.agency});
  if (!record) return done(damaged(record.error()));
  const auto* const agency = *record ? std::get_if<AgencyStanding>(&(*record)->standing.detail) : nullptr;
  if (agency == nullptr) return done(Error::issuer_unknown);
  if (const Result<void> may = check_verifier(trace.trace, *agency, parts_.core.replica().head().time_ms);
      !may)
    return done(may.error());
  parts_.recorder.record(trace, std::move(done));
}

void NodeService::traces(std::uint64_t from, std::size_t limit, Done<AccessPage> done) {
  if (stopped_) return done(Error::ledger_unavailable);
  parts_.recorder.read(from, limit, std::move(done));
}

}  // namespace hufu::node
