// The one list of everything that can be refused.
//
// Numbers are stable for ever: they stand in receipts, logs and other people's programs. Where several apply, the first in
// the order of questions is reported, which is fixed where the questions are asked (chain/execute.hpp, rules/rules.hpp), so
// that every replica refuses alike. describe() gives each its stable name, exit code, HTTP status and texts; a test holds
// the table to the list, and another docs/CODES.md to the table (hufu explain --markdown).
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <span>
#include <string_view>

namespace hufu {

enum class Error : std::uint16_t {
  // 1xx  bytes that are not what they claim to be
  hex_malformed = 100,
  base64_malformed = 101,
  truncated = 102,       // the bytes end inside a value
  trailing_bytes = 103,  // a value is followed by more
  too_long = 104,        // a length prefix over the field's bound
  not_canonical = 105,   // another encoding of the same value exists
  unknown_tag = 106,     // kind, version or enumeration value this build does not know
  text_malformed = 107,  // not UTF-8, or a character the field does not allow
  json_malformed = 108,
  field_missing = 109,
  field_unknown = 110,
  field_invalid = 111,
  oversize = 112,        // a body, block, frame or file over its limit
  note_malformed = 113,  // not a signed note, checkpoint or cosignature line (C2SP)

  // 2xx  who says so
  foreign_origin = 200,  // signed for another ledger
  signature_invalid = 201,
  issuer_unknown = 202,  // no such agency on this ledger
  key_unknown = 203,     // the agency does not hold this key
  key_revoked = 204,
  issuer_not_authorized = 205,  // agency, type, action or province outside its scope on that day

  // 3xx  the submission as a whole
  request_id_reused = 300,  // same request id, other content
  submission_empty = 301,
  submission_root = 302,  // the root is not the root over the operations
  history_full = 303,     // the subject has as many operations as a history may have

  // 4xx  identifiers
  id_malformed = 400,
  id_check_char = 401,
  amount_malformed = 402,
  day_malformed = 403,
  day_in_future = 404,  // takes effect after the day on which it is recorded

  // 5xx  the law: licenses
  not_found = 500,
  lic_duplicate_issue = 501,
  lic_not_issuer = 502,
  lic_terminal = 503,
  lic_bad_transition = 504,
  previous_mismatch = 505,   // the named previous operation is not the subject's last: a lost update
  validity_malformed = 506,  // ends before it begins
  lic_live_version = 507,    // another version of this license is alive

  // 52x  the law: invoices
  inv_duplicate_issue = 520,
  inv_red_not_claimable = 521,
  inv_fully_red = 522,
  inv_red_locked = 523,
  inv_already_claimed = 524,
  inv_not_buyer = 525,
  inv_not_claimed = 526,
  inv_partly_red = 527,
  red_exceeds_remaining = 528,
  inv_bad_transition = 529,

  // 6xx  chain, tree, proof: on committed data these mean corruption or a bug, from outside a forgery
  height_gap = 600,
  parent_mismatch = 601,
  time_went_back = 602,
  root_mismatch = 603,
  proof_invalid = 604,
  content_mismatch = 605,
  genesis_mismatch = 606,
  fork_detected = 607,
  time_out_of_range = 608,  // later than the calendar reaches
  quorum_missing = 609,     // too few cosignatures of the roster in force

  // 7xx  the node and its surroundings
  not_leader = 700,
  no_quorum = 701,
  ledger_unavailable = 702,  // no node could be reached
  ledger_stale = 703,
  outcome_unknown = 704,  // sent, no answer: repeat with the same request id
  rate_limited = 705,
  overloaded = 706,
  timed_out = 707,
  tls_failed = 708,
  not_certified = 709,  // no checkpoint of the quorum covers it yet

  // 8xx  this machine
  file_missing = 800,
  file_unreadable = 801,
  file_unwritable = 802,
  file_permissions = 803,  // a secret that others can read
  passphrase_wrong = 804,
  storage_corrupt = 805,
  storage_rolled_back = 806,  // less is stored than was promised
  config_invalid = 807,
  already_exists = 808,
  usage = 809,
  image_unreadable = 810,  // no picture, or none with a code that can be read
};

// What people and programs are told. All texts are one line, lower case in English, without a final stop.
struct ErrorInfo {
  Error error;
  std::string_view code;  // stable, e.g. "LIC_DUPLICATE_ISSUE"
  int exit;               // process exit code, see README
  int http;               // HTTP status
  std::string_view en;
  std::string_view zh;
  std::string_view next;     // the next step, English
  std::string_view next_zh;  // and Chinese
};

const ErrorInfo& describe(Error error);
std::span<const ErrorInfo> all_errors();
inline std::string_view code_of(Error error) { return describe(error).code; }

template <class T>
using Result = boost::system::result<T, Error>;

// Called by Result<T>::value() on an error: reaching for a value that is not there is a bug of ours.
[[noreturn]] void throw_exception_from_error(Error error, const boost::source_location& where);

}  // namespace hufu
