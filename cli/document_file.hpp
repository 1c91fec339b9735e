// A document as its holder keeps it: fields with their salts, in JSON. Whoever has this file can show it, whole or in part;
// whoever has only the ledger learns nothing from it.
//
//   {"hufu": "document v1", "subject": "license:…", "fields": [{"name": "…", "value": "…", "salt": "hex"}, …]}
//
// and of a part of it, besides, what stands for the rest (ledger/record/document.hpp):
//
//    "hidden": {"count": 14, "positions": [3, 7], "subtrees": ["hex", …]}
#pragma once

#include <string>

#include "cli/files.hpp"
#include "cli/session.hpp"
#include "ledger/record/document.hpp"

namespace hufu::cli {

std::string document_text(const Document& document);
// Strict: an unknown member, an unsorted or unsalted field is refused, with its place.
Try<Document> parse_document(std::string_view text, const std::string& source);

Try<Document> read_document(const std::string& path);
// Mode 0600. A file that holds exactly this document already is no trouble.
Try<void> write_document(const std::string& path, const Document& document, Durable durable = Durable::yes);
// "1.2.156.….json", "24932000000306111419.json"
std::string document_file_name(const SubjectKey& subject);

}  // namespace hufu::cli
