// What somebody shows as proof, whichever of its forms it has: the proof file, the compact text, a picture of its QR code.
#pragma once

#include <variant>

#include "cli/offline/picture.hpp"
#include "ledger/proof/compact.hpp"
#include "ledger/proof/proof.hpp"

namespace hufu::offline {

using Presented = std::variant<Proof, CompactProof>;

enum class Form : std::uint8_t { proof_file, compact_text, picture, other };
// By the first bytes; says nothing about the rest.
Form form_of(ByteSpan file);

// Error::image_unreadable (no code in the picture), unknown_tag (of another form), those of the form's decoder.
Result<Presented> read_presented(ByteSpan file);

const SubjectKey& subject_of(const Presented& presented);

}  // namespace hufu::offline
