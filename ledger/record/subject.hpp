// What the ledger keeps a life of: a license, an invoice, an agency, …
//
//   subject key := kind u8, id string<140>
//
// The key's hash is the subject's place in the state tree: path = SHA-256(encode(key)). Text form for people and URLs:
// "<kind>:<id>", for example "license:1.2.156.3005.2.….5" or "invoice:24932000000306111419".
#pragma once

#include <string>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"
#include "ledger/base/limits.hpp"

namespace hufu {

// Numbers are part of the format and never change.
enum class SubjectKind : std::uint8_t {
  license = 1,     // id: the e-license identifier
  invoice = 2,     // id: the invoice key, see record/identifiers.hpp
  agency = 3,      // id: agency code
  province = 4,    // id: province code (GB/T 2260)
  roster = 5,      // id: empty; the nodes and the quorum
  request = 6,     // id: <agency code> "/" <request id, 32 hexadecimal digits>
  lineage = 7,     // id: <type> "." <issuer> "." <serial> of a license identifier
  decision = 8,    // id: hash of the decision, 64 hexadecimal digits
  agreement = 9,   // id: <issuing province> "/" <verifying province>: recognition has a direction
  catalogue = 10,  // id: <province> "/" <license type>
};
bool is_known(SubjectKind kind);
// "license", "agency", …
std::string_view name_of(SubjectKind kind);
// Error::id_malformed.
Result<SubjectKind> parse_subject_kind(std::string_view text);
// Does every ledger keep a list of the subjects of this kind? Of those who may do what, not of what they did.
bool is_registered(SubjectKind kind);

struct SubjectKey {
  SubjectKind kind = SubjectKind::license;
  std::string id;

  auto operator<=>(const SubjectKey&) const = default;

  // The subject's path in the state tree.
  Hash path() const;
  std::string text() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& kind& bounded<limits::kSubjectId>(id);
  }
};

// "license:…", "invoice:…", "agency:…", "province:…", "roster:", "request:…"; without a kind, a license identifier or an
// invoice number is recognised by its form. Error::id_malformed, and Error::id_check_char for a license identifier whose
// check character is wrong.
Result<SubjectKey> parse_subject(std::string_view text);

}  // namespace hufu
