// Request targets: what asks something, asks the same again when written out.
#include "node/api/route.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hufu::api;
  for (const Method method : {Method::get, Method::post}) {
    const Routed routed = route(method, hufu::as_text({data, size}));
    if (const auto* fault = std::get_if<RouteFault>(&routed)) {
      FUZZ_CHECK(fault->status >= 400 && fault->status < 500 && hufu::is_utf8(fault->problem.why));
      continue;
    }
    const auto& question = std::get<Question>(routed);
    const Routed again = route(method_of(question), target_of(question));
    FUZZ_CHECK(std::holds_alternative<Question>(again) && std::get<Question>(again) == question);
  }
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  std::vector<Bytes> all;
  for (const char* target :
       {"/v1/submissions?wait=committed", "/v1/subjects/invoice:24932000000306111419/history?read=local",
        "/v1/subjects/agency:%e6%9c%ba/standing",
        "/v1/receipts/A/00000000000000000000000000000000?read=settled",
        "/v1/receipts/0000000000000000000000000000000000000000000000000000000000000000",
        "/v1/blocks/18446744073709551615", "/livez"}) {
    all.push_back(to_bytes(as_bytes(target)));
  }
  return all;
}
