#include "ledger/trace/trace.hpp"

#include <algorithm>

namespace hufu {
namespace {

constexpr std::string_view kTraceTag = "hufu/trace/v1\n";
constexpr std::string_view kEntryTag = "hufu/access-entry/v1\n";

Bytes signed_bytes(const Trace& trace) {
  Writer writer;
  writer.raw(as_bytes(kTraceTag));
  writer& trace;
  return writer.take();
}

Bytes statement(const AccessKeeper& keeper, const AccessEntry& entry) {
  Writer writer;
  writer.raw(as_bytes(kEntryTag));
  writer& keeper.genesis& keeper.member& entry;
  return writer.take();
}

// One line of text: what is shown to people and written into tables.
bool is_plain(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

}  // namespace

bool is_known(TracedVerdict verdict) {
  return verdict >= TracedVerdict::accept && verdict <= TracedVerdict::undetermined;
}

std::string_view name_of(TracedVerdict verdict) {
  switch (verdict) {
    case TracedVerdict::accept:
      return "ACCEPT";
    case TracedVerdict::authentic_not_recognized:
      return "AUTHENTIC_NOT_RECOGNIZED";
    case TracedVerdict::refuse:
      return "REFUSE";
    case TracedVerdict::undetermined:
      break;
  }
  return "UNDETERMINED";
}

SignedTrace sign_trace(Trace trace, const SigningKey& key) {
  trace.key = key.public_key();
  const Signature signature = key.sign(signed_bytes(trace));
  return {.trace = std::move(trace), .signature = signature};
}

Result<void> check_trace(const Hash& genesis, const SignedTrace& signed_trace) {
  const Trace& trace = signed_trace.trace;
  if (trace.genesis != genesis) return Error::genesis_mismatch;
  if (!is_plain(trace.reason)) return Error::text_malformed;
  if (trace.agency.empty()) {
    const bool blank = trace.key == PublicKey{} && signed_trace.signature == Signature{};
    return blank ? Result<void>() : Error::signature_invalid;
  }
  if (!is_agency_code(trace.agency)) return Error::text_malformed;
  if (!verify(trace.key, signed_bytes(trace), signed_trace.signature)) return Error::signature_invalid;
  return {};
}

Result<void> check_entry(const AccessKeeper& keeper, const SignedEntry& entry, const PublicKey& cosign_key) {
  if (!verify(cosign_key, statement(keeper, entry.entry), entry.signature)) return Error::signature_invalid;
  const auto* const trace = std::get_if<SignedTrace>(&entry.entry.record);
  return trace == nullptr ? Result<void>() : check_trace(keeper.genesis, *trace);
}

void AccessChain::go_on(const AccessEntry& entry) {
  last_ = sha256(statement(keeper_, entry));
  time_ms_ = entry.time_ms;
  ++next_;
}

SignedEntry AccessChain::extend(AccessRecord record, std::uint64_t time_ms, const SigningKey& key) {
  AccessEntry entry{
      .seq = next_, .previous = last_, .time_ms = std::max(time_ms, time_ms_), .record = std::move(record)};
  const Signature signature = key.sign(statement(keeper_, entry));
  go_on(entry);
  return {.entry = std::move(entry), .signature = signature};
}

Result<void> AccessChain::follow(const SignedEntry& signed_entry) {
  const AccessEntry& entry = signed_entry.entry;
  if (entry.seq != next_ || entry.previous != last_) return Error::parent_mismatch;
  if (entry.time_ms < time_ms_) return Error::time_went_back;
  go_on(entry);
  return {};
}

Result<void> AccessChain::check(const SignedEntry& entry, const PublicKey& cosign_key) {
  if (const Result<void> checked = check_entry(keeper_, entry, cosign_key); !checked) return checked;
  return follow(entry);
}

}  // namespace hufu
