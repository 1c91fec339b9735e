// Makes a submission by hand, sound or broken in one way, as bytes on stdout: what a hostile or mistaken client might send.
//
//   craft KIND GENESIS KEY PASSPHRASE_FILE AGENCY LICENSE_ID [REQUEST_NUMBER]
//
//   sound             a license issued, as it should be
//   changed           the same request id, other content
//   bad-signature     one bit of the signature flipped
//   foreign           signed for a ledger with another founding time
//   unknown-agency    signed in the name of an agency that is not there
//   not-held          signed with a key that the agency does not hold
//   truncated         the last byte missing
//   trailing          one byte more
//   empty             no operation
//   oversize          larger than any submission may be
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ledger/base/key_file.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/record/document.hpp"
#include "ledger/record/submission.hpp"

namespace {

using namespace hufu;  // NOLINT(google-build-using-namespace): a program of one file

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "craft: %s\n", why.c_str());
  std::exit(2);
}

Bytes content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Operation issue(const std::string& id, const Seed& secret, const std::string& holder) {
  const SubjectKey subject{SubjectKind::license, id};
  const Document document =
      make_document(subject, {{"certIdentifier", id}, {"holderName", holder}}, secret).value();
  const CivilDay day = parse_civil_day("2024-01-02").value();
  return {.subject = subject,
          .previous = std::nullopt,
          .effective = day,
          .payload = LicenseIssue{.commitment = commitment(document).value(), .valid_from = day}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) give_up("usage: craft KIND GENESIS KEY PASSPHRASE_FILE AGENCY LICENSE_ID [REQUEST_NUMBER]");
  const std::string kind = argv[1];
  const Result<Genesis> genesis = decode_genesis(content_of(argv[2]));
  if (!genesis) give_up("no genesis");
  const Bytes passphrase = content_of(argv[4]);
  const std::string_view phrase = as_text(passphrase).substr(0, as_text(passphrase).find('\n'));
  const Result<KeyFile> file = open_key_file(argv[3], phrase);
  if (!file) give_up("no key");
  Seed seed = file->seed;
  std::string agency = argv[5];
  RequestId request{};
  request[0] = static_cast<std::uint8_t>(argc > 7 ? std::atoi(argv[7]) : 1);

  LedgerId ledger = ledger_id(*genesis);
  if (kind == "foreign") ledger.genesis.bytes[0] ^= 1;
  if (kind == "unknown-agency") agency = "NOBODY";
  if (kind == "not-held") seed = seed.derive("another");
  const SigningKey key(seed);
  const std::string holder = kind == "changed" ? "another" : "somebody";
  Submission submission = sign_submission(ledger, agency, key, request, {issue(argv[6], file->seed, holder)});
  if (kind == "empty") {
    submission.operations.clear();
    submission.header.count = 0;
    submission.header.root = empty_log_root();
    submission.signature = key.sign(signed_bytes(ledger, submission.header));
  }
  if (kind == "bad-signature") submission.signature.bytes[7] ^= 1;
  Bytes bytes = encode(submission);
  if (kind == "truncated") bytes.pop_back();
  if (kind == "trailing") bytes.push_back(0);
  if (kind == "oversize") bytes.resize(limits::kSubmissionBytes + 1);
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  return 0;
}
