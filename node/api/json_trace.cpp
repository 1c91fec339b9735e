// The access log of a node in JSON.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/json.hpp"

namespace hufu::api {
namespace {

json::object record_json(const SignedTrace& signed_trace) {
  const Trace& trace = signed_trace.trace;
  const bool anonymous = trace.agency.empty();
  return {{"kind", "TRACE"},
          {"agency", anonymous ? json::value() : json::value(trace.agency)},
          {"key", anonymous ? json::value() : json::value(to_hex(trace.key))},
          {"id", to_hex(trace.id)},
          {"askedAt", moment_text(trace.time_ms)},
          {"subjectDigest", to_hex(trace.subject)},
          {"verdict", name_of(trace.verdict)},
          {"reason", trace.reason},
          {"traceSignature", anonymous ? json::value() : json::value(to_hex(signed_trace.signature))}};
}

json::object record_json(const Tally& tally) {
  const bool known = is_error_number(tally.error);
  return {{"kind", "REFUSED"},
          {"agency", tally.agency},
          {"error", tally.error},
          {"code", known ? json::value(code_of(static_cast<Error>(tally.error))) : json::value()},
          {"count", number_json(tally.count)},
          {"from", moment_text(tally.from_ms)},
          {"to", moment_text(tally.to_ms)}};
}

}  // namespace

json::object to_json(const SignedEntry& signed_entry) {
  const AccessEntry& entry = signed_entry.entry;
  return {{"seq", number_json(entry.seq)},
          {"previous", to_hex(entry.previous)},
          {"time", moment_text(entry.time_ms)},
          {"record", std::visit([](const auto& record) { return record_json(record); }, entry.record)},
          {"signature", to_hex(signed_entry.signature)}};
}

json::object to_json(const AccessPage& page) {
  json::array entries;
  for (const SignedEntry& entry : page.entries) entries.push_back(to_json(entry));
  return {{"member", number_json(page.member)},
          {"total", number_json(page.total)},
          {"entries", std::move(entries)}};
}

}  // namespace hufu::api
