// The JSON views: for people, scripts and drafts. Pure; never hashed, signed or stored.
//
// Rules
//   J1  hashes, keys, signatures and request ids are lower-case hexadecimal; sums are decimal yuan in a string ("12.30");
//       days are "YYYY-MM-DD"; moments are UTC, "YYYY-MM-DDTHH:MM:SS.mmmZ"; whole numbers beyond 2^53 are strings
//   J2  reading is strict: a field that is missing, unknown, twice, of another type or out of its bound is refused, with
//       its JSON pointer (RFC 6901)
//   J3  read(to_json(x)) == x for what can be read (submissions, decisions, genesis drafts)
//   J4  a value that is absent is written as null; null and leaving it out read alike
//   J5  writing is total: whatever bytes the canonical decoder let through, the output is JSON in UTF-8
#pragma once

#include <boost/json/value.hpp>

#include "ledger/genesis/genesis.hpp"
#include "ledger/proof/proof.hpp"
#include "ledger/trace/trace.hpp"
#include "node/api/wire.hpp"

namespace hufu::api {

namespace json = boost::json;

// ---- writing: records ----

json::object to_json(const Operation& operation);
json::object to_json(const Submission& submission);
json::object to_json(const Decision& decision);
json::object to_json(const BlockHeader& header);
// Each submission with its id.
json::object to_json(const Block& block, const LedgerId& ledger);
json::object to_json(const Detail& detail);
json::object to_json(const Standing& standing);
json::object to_json(const Genesis& genesis);
json::object to_json(const LedgerId& ledger);
json::object to_json(const Place& place);
json::object to_json(const Member& member);

// ---- writing: answers ----

json::object to_json(const AsOf& as_of);
json::object to_json(const Receipt& receipt);
json::object to_json(const Accepted& accepted);  // the receipt and "repeated"
json::object to_json(const StandingAnswer& answer);
json::object to_json(const HistoryAnswer& answer);
// {kind, entries: [{subject, standing}], next, asOf}; next: the id to ask after, null at the end
json::object to_json(const RegistryAnswer& answer);
json::object to_json(const ReceiptAnswer& answer);
json::object to_json(const Head& head);
json::object to_json(const NodeStatus& status);
json::object to_json(const ClusterStatus& cluster);
// {code, error, what, why, next, outcome: "refused" | "unknown", retryAfterMs, faults: [{operation, code, error, what, place}]}
json::object to_json(const Problem& problem);
// What it shows, without the paths: the subject's life, those of its support, head and log root.
json::object to_json(const Evidence& evidence);
json::object to_json(const Check& check);
json::object to_json(const ConsistencyAnswer& answer);
// The evidence, the checkpoint with who cosigned it, the sizes of its links; "certified" is the verifier's to say.
json::object to_json(const Proof& proof);
json::array to_json(const std::vector<Cosignature>& cosignatures);
json::object to_json(const SignedEntry& entry);
json::object to_json(const AccessPage& page);

// ---- writing: values ----

// A JSON number up to 2^53, a string beyond.
json::value number_json(std::uint64_t number);
std::string moment_text(std::uint64_t unix_ms);
std::string endpoint_text(const Endpoint& endpoint);  // "host:port", "[::1]:8443"
// Two spaces a level, members in the order written, one line feed at the end.
std::string pretty(const json::value& value);

// ---- reading ----

struct JsonFault {
  Error error = Error::json_malformed;
  std::string pointer;  // "" is the whole document
  std::string why;
};
template <class T>
using Parsed = boost::system::result<T, JsonFault>;
[[noreturn]] void throw_exception_from_error(const JsonFault& fault, const boost::source_location& where);
// "/operations/3/amount: not an amount in yuan …"
std::string text_of(const JsonFault& fault);

// A signed submission. The count and the root are computed, not read.
Parsed<Submission> submission_from_json(std::string_view text);
Parsed<Operation> operation_from_json(const json::value& value);

// What is decided: a draft for `propose`. What means "none" may be left out.
Parsed<Decision> decision_from_json(std::string_view text);

// A founding document as to_json writes it; its `hash` may be left out, and is checked if not. In a draft `epoch` (1), an
// agency key's `from` (the beginning of time), a province's `authorityKeys` and `threshold`, and whatever means "none" may be
// left out, and lists stand in any order: they are sorted. Only the form is checked here; check_genesis has the last word.
Parsed<Genesis> genesis_from_json(std::string_view text);

Result<std::uint64_t> parse_moment(std::string_view text);
// Error::field_invalid unless "host:port" or "[v6]:port" with a port of 1 to 65535.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace hufu::api
