// A document as the ledger sees it: named fields, each with its own salt, and one commitment to them all.
//
//   field      := name string<64>, value string<16384>, salt string<64>      (salt of at least 16 bytes)
//   leaf       := "hufu/field/v1\n" || field
//   commitment := SHA-256("hufu/document/v1\n" || count u16 || root)
//   root       := RFC 6962 root over the `count` leaves, fields sorted by name (bytewise), names unique
//
// Because each field is salted, a commitment tells nothing about a field that is not shown, and a holder can show any
// part: a document of which fields are hidden says where its shown fields stand among all of them, and gives the roots of the
// largest subtrees that hold no shown field, from left to right. The names of hidden fields are not told; how many there
// are is, and is bound by the commitment, since the root alone does not say how many leaves lie under a subtree.
//
// Invariants
//   P1  a document and every part of it have the same commitment; a part of a part is a part of the whole, to the byte
//   P2  of one set of shown fields there is one form: no hash too many, none that could be joined with its sibling
#pragma once

#include <optional>
#include <vector>

#include "ledger/base/ed25519.hpp"
#include "ledger/record/subject.hpp"

namespace hufu {

struct Field {
  std::string name;
  std::string value;
  Bytes salt;

  bool operator==(const Field&) const = default;
  // RFC 6962 leaf hash of the field's leaf.
  Hash leaf() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kFieldName>(name) & bounded<limits::kFieldValue>(value) &
        bounded<limits::kSaltMax>(salt);
  }
};

// What stands for the fields that are not shown.
struct Hidden {
  std::uint16_t count = 0;               // of all fields, the shown ones too
  std::vector<std::uint16_t> positions;  // of each shown field among all, rising
  std::vector<Hash> subtrees;            // P2

  bool operator==(const Hidden&) const = default;
};

struct Document {
  SubjectKey subject;
  std::vector<Field> fields;       // the shown ones, sorted by name, unique
  std::optional<Hidden> hidden{};  // nothing: all fields are shown

  bool operator==(const Document&) const = default;
  // nullptr if there is no such field, or it is hidden.
  const Field* find(std::string_view name) const;
  // Of all fields, shown and hidden.
  std::size_t count() const { return hidden ? hidden->count : fields.size(); }
};

// Sorts the fields and gives each its salt: the first 16 bytes of HMAC-SHA-256(secret, encode(subject) || 0x00 || name).
// The same secret, subject and name give the same salt, so importing a file twice makes the same commitment; the secret
// never leaves the agency. Error::field_invalid for an empty or repeated name or text that is not UTF-8, Error::too_long
// and Error::oversize for bounds.
Result<Document> make_document(const SubjectKey& subject,
                               std::vector<std::pair<std::string, std::string>> fields, const Seed& secret);

// Of the whole document, also where only a part is shown. Error::field_invalid unless sorted, unique, salted and within
// bounds, and the hidden fields are as P2 says.
Result<Hash> commitment(const Document& document);

// The document with only these fields shown; names in any order, repeated ones count once. Error::field_unknown for a field that
// is not there to show, Error::field_missing without names, the errors of commitment() for a document out of form.
Result<Document> disclose(const Document& document, const std::vector<std::string>& names);

// How a party (a buyer, an accounting entity) stands on the ledger: its code hashed with the salt of one of the
// document's fields. Who holds the document can name the party; who sees only the ledger cannot guess it.
//   party := SHA-256("hufu/party/v1\n" || salt string<64> || code)
Hash party(ByteSpan salt, std::string_view code);

}  // namespace hufu
