// Document files, whole and in part, as holders present them: what is accepted has a commitment, is written to the same
// document again, and every part of it that can be shown has the same commitment.
#include "cli/document_file.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/world.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > limits::kDocumentBytes) return 0;  // as read_document does
  const auto document = cli::parse_document(as_text({data, size}), "fuzz");
  if (!document) return 0;
  const Result<Hash> committed = commitment(*document);
  FUZZ_CHECK(committed);
  FUZZ_CHECK(cli::parse_document(cli::document_text(*document), "fuzz").value() == *document);
  for (const Field& field : document->fields) {
    const Result<Document> part = disclose(*document, {field.name});
    FUZZ_CHECK(part && part->fields.size() == 1 && commitment(*part) == committed);
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  std::vector<std::pair<std::string, std::string>> fields;
  for (char name = 'a'; name <= 'k'; ++name) fields.emplace_back(std::string(1, name), "值");
  const Document whole =
      make_document({SubjectKind::license, testing::kLicense}, fields, testing::seed_of("s")).value();
  std::vector<Bytes> all;
  for (const Document& document :
       {whole, disclose(whole, {"a"}).value(), disclose(whole, {"b", "f", "k"}).value()}) {
    all.push_back(to_bytes(as_bytes(cli::document_text(document))));
  }
  return all;
}
