// A document as the ledger sees it: named fields, each with its own salt, and one commitment to them all.
//
//   field      := name string<64>, value string<16384>, salt string<64>      (salt of at least 16 bytes)
//   leaf       := "hufu/field/v1\n" || field
//   commitment := RFC 6962 root over the leaves, fields sorted by name (bytewise), names unique
//
// Because each field is salted, a commitment tells nothing about a field that is not shown, and a holder can show any
// subset: fields that are hidden are replaced by their leaf hashes.
#pragma once

#include <optional>
#include <variant>
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

struct Document {
  SubjectKey subject;
  std::vector<Field> fields;  // sorted by name, unique

  bool operator==(const Document&) const = default;
  // nullptr if there is no such field.
  const Field* find(std::string_view name) const;
};

// Sorts the fields and gives each its salt: the first 16 bytes of HMAC-SHA-256(secret, encode(subject) || 0x00 || name).
// The same secret, subject and name give the same salt, so importing a file twice makes the same commitment; the secret
// never leaves the agency. Error::field_invalid for an empty or repeated name or text that is not UTF-8, Error::too_long
// and Error::oversize for bounds.
Result<Document> make_document(const SubjectKey& subject,
                               std::vector<std::pair<std::string, std::string>> fields, const Seed& secret);

// Error::field_invalid unless sorted, unique, salted and within bounds.
Result<Hash> commitment(const Document& document);

// How a party (a buyer, an accounting entity) stands on the ledger: its code hashed with the salt of one of the
// document's fields. Who holds the document can name the party; who sees only the ledger cannot guess it.
//   party := SHA-256("hufu/party/v1\n" || salt string<64> || code)
Hash party(ByteSpan salt, std::string_view code);

}  // namespace hufu
