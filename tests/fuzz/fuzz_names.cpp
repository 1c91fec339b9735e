// Names as people type them: license identifiers, invoice keys, sums, days, subjects. Whatever is accepted is spelled in
// its one canonical way.
#include "ledger/record/identifiers.hpp"
#include "ledger/record/subject.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace hufu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(as_text({data, size}));
  if (const auto id = parse_license_id(text)) FUZZ_CHECK(id->text() == text);
  if (const auto number = parse_invoice_key(text)) FUZZ_CHECK(number->key() == text);
  if (const auto fen = parse_yuan(text)) FUZZ_CHECK(format_yuan(*fen) == text);
  if (const auto day = parse_civil_day(text)) FUZZ_CHECK(format_civil_day(*day) == text);
  if (const auto subject = parse_subject(text)) {
    FUZZ_CHECK(parse_subject(subject->text()).value() == *subject);
    FUZZ_CHECK(decode<SubjectKey>(encode(*subject)).value() == *subject);
  }
  FUZZ_CHECK(!uscc_valid(text) || uscc_shaped(text));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  std::vector<Bytes> all;
  for (const std::string_view text :
       {"1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000001.001.5", "24932000000306111419",
        "3100231130-48151623", "12345678-1234567890", "-1234567.89", "0.00", "2024-02-29", "0001-01-01",
        "91330105XT0029853W",
        "license:1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000001.001.5",
        "invoice:24932000000306111419", "agency:330000TAX", "roster:", "province:330000"}) {
    all.push_back(to_bytes(as_bytes(text)));
  }
  return all;
}
