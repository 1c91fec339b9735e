// Traces of use (使用留痕): who looked at which record, why and with what verdict, as a node writes them down; and how often it
// refused what. Pure: the file is node/access_log.hpp's.
//
//   trace        := version u8 (=1), genesis hash, agency string<32>, key raw 32, id raw 16, time_ms u64, subject hash,
//                   verdict u8 (1 accept, 2 authentic, not recognised, 3 refuse, 4 undetermined), reason string<200>
//   signed trace := trace, signature raw 64      over "hufu/trace/v1\n" || trace, by `key`
//   tally        := from_ms u64, to_ms u64, agency string<32>, error u16, count u64
//   entry        := seq u64, previous hash, time_ms u64, record variant {1: signed trace, 2: tally}
//   statement    := "hufu/access-entry/v1\n" || genesis hash || member u64 || entry
//   signed entry := entry, signature raw 64      over the statement, by the member's cosign key
//   previous     := SHA-256(statement) of the entry before; zero in the first
//   page         := member u64, entries list<500> of signed entry, total u64
//
// Without an agency a trace is anonymous: agency empty, key and signature zero. `subject` is SHA-256 of the encoded subject key:
// a trace holds no identifier, no document and, unless the reason names one, no person.
//
// It is one node's own word, not the ledger's: nobody agreed on it, and a node can keep silent or drop its newest entries. What
// it cannot do is change or leave out one between two others, or put a verifier's name under what that key did not sign.
//
// Invariants
//   U1  seq counts from 0 without a gap, previous links every entry to the one before, time never falls
//   U2  every entry is signed by the member that keeps the log, every trace that names an agency by the key that it names
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/base/codec.hpp"
#include "ledger/base/ed25519.hpp"
#include "ledger/base/hash.hpp"
#include "ledger/base/limits.hpp"
#include "ledger/record/submission.hpp"

namespace hufu {

inline constexpr std::size_t kTraceReason = 200;
inline constexpr std::size_t kTracePage = 500;

// Stable for ever; those of proof/reason.hpp are not.
enum class TracedVerdict : std::uint8_t {
  accept = 1,
  authentic_not_recognized = 2,
  refuse = 3,
  undetermined = 4,
};
bool is_known(TracedVerdict verdict);
std::string_view name_of(TracedVerdict verdict);

struct Trace {
  std::uint8_t version = 1;
  Hash genesis;
  std::string agency;  // empty: anonymous
  PublicKey key;
  RequestId id{};             // random: sent twice, it is written down once
  std::uint64_t time_ms = 0;  // of the verifier's clock
  Hash subject;
  TracedVerdict verdict = TracedVerdict::undetermined;
  std::string reason;

  bool operator==(const Trace&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    auto one = exactly<1>(version);
    archive& one& genesis& bounded<limits::kAgencyCode>(agency) &
        key& id& time_ms& subject& verdict& bounded<kTraceReason>(reason);
  }
};

struct SignedTrace {
  static constexpr std::uint8_t kTag = 1;
  Trace trace;
  Signature signature;

  bool operator==(const SignedTrace&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& trace& signature;
  }
};

// By the agency that the trace names.
SignedTrace sign_trace(Trace trace, const SigningKey& key);
// Error::genesis_mismatch, Error::text_malformed (agency or reason), Error::signature_invalid; whether the agency holds the key is
// not asked here.
Result<void> check_trace(const Hash& genesis, const SignedTrace& trace);

// So many operations of this agency were refused for this error in this time.
struct Tally {
  static constexpr std::uint8_t kTag = 2;
  std::uint64_t from_ms = 0;
  std::uint64_t to_ms = 0;
  std::string agency;
  std::uint16_t error = 0;
  std::uint64_t count = 0;

  bool operator==(const Tally&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& from_ms& to_ms& bounded<limits::kAgencyCode>(agency) & error& count;
  }
};

using AccessRecord = std::variant<SignedTrace, Tally>;

struct AccessEntry {
  std::uint64_t seq = 0;
  Hash previous;
  std::uint64_t time_ms = 0;
  AccessRecord record;

  bool operator==(const AccessEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& seq& previous& time_ms& record;
  }
};

struct SignedEntry {
  AccessEntry entry;
  Signature signature;

  bool operator==(const SignedEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& entry& signature;
  }
};

struct AccessPage {
  std::uint64_t member = 0;
  std::vector<SignedEntry> entries;
  std::uint64_t total = 0;  // entries in the whole log

  bool operator==(const AccessPage&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& member& bounded<kTracePage>(entries) & total;
  }
};

// Whose log it is.
struct AccessKeeper {
  Hash genesis;
  std::uint64_t member = 0;
};

// U2 of one entry, wherever it stands: Error::signature_invalid, and those of check_trace.
Result<void> check_entry(const AccessKeeper& keeper, const SignedEntry& entry, const PublicKey& cosign_key);

// Where a log goes on.
class AccessChain {
 public:
  explicit AccessChain(AccessKeeper keeper) : keeper_(keeper) {}

  std::uint64_t next() const { return next_; }
  const Hash& last() const { return last_; }  // zero before the first
  std::uint64_t time_ms() const { return time_ms_; }

  // The next entry. time_ms is raised to that of the last one where a clock went back.
  SignedEntry extend(AccessRecord record, std::uint64_t time_ms, const SigningKey& key);
  // U1 alone: Error::parent_mismatch, Error::time_went_back. For whoever wrote the entry.
  Result<void> follow(const SignedEntry& entry);
  // U2, then U1.
  Result<void> check(const SignedEntry& entry, const PublicKey& cosign_key);

 private:
  void go_on(const AccessEntry& entry);

  AccessKeeper keeper_;
  std::uint64_t next_ = 0;
  Hash last_;
  std::uint64_t time_ms_ = 0;
};

}  // namespace hufu
