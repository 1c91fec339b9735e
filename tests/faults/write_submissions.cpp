// Signs many submissions ahead of time, so that the fault harness (Python, without Ed25519) only has to send bytes.
//
//   fault_submissions GENESIS KEY PASSPHRASE_FILE AGENCY TYPE FIRST SUBJECTS OUT
//
// OUT, little-endian: for every submission
//   subject u32, step u32, id raw32, length u32, submission bytes
// Steps of one license: 0 issue, 1 suspend, 2 resume, then two rivals with the same `previous`, 3 revoke and 4 cancel, of
// which a ledger may take one only. Each operation names the one before it, so a step that was lost, doubled or put in
// another order cannot be accepted unseen.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "ledger/base/key_file.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/record/document.hpp"
#include "ledger/record/submission.hpp"

namespace {

using namespace hufu;  // NOLINT(google-build-using-namespace): a program of one file

// Before every day on which a test lets a clock stand: nothing may take effect in the future.
constexpr CivilDay kDay = 14610;  // 2010-01-01

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "fault_submissions: %s\n", why.c_str());
  std::exit(2);
}

Bytes content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string license(const std::string& type, const std::string& agency, std::size_t number) {
  std::string serial = std::to_string(number);
  serial.insert(0, 12 - std::min<std::size_t>(12, serial.size()), '0');
  return std::string(kLicenseIdRoot) + type + "." + agency + "." + serial + ".001." +
         mod37_36(type + agency + serial + "001").value();
}

RequestId request_of(std::size_t number, std::uint8_t step) {
  RequestId id{};
  for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  id[8] = step;
  return id;
}

class SubmissionFile {
 public:
  SubmissionFile(const std::string& path, LedgerId ledger, std::string agency, const Seed& seed)
      : out_(path, std::ios::binary), ledger_(std::move(ledger)), agency_(std::move(agency)), key_(seed) {
    if (!out_) give_up("cannot write " + path);
  }
  void put(std::size_t number, std::uint32_t step, const Operation& operation) {
    const Submission made = sign_submission(ledger_, agency_, key_,
                                            request_of(number, static_cast<std::uint8_t>(step)), {operation});
    const Bytes bytes = encode(made);
    put_u32(static_cast<std::uint32_t>(number));
    put_u32(step);
    put_bytes(submission_id(ledger_, made.header).bytes);
    put_u32(static_cast<std::uint32_t>(bytes.size()));
    put_bytes(bytes);
  }

 private:
  void put_u32(std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out_.put(static_cast<char>(value >> (8 * i) & 0xFF));
  }
  void put_bytes(ByteSpan bytes) { out_ << as_text(bytes); }

  std::ofstream out_;
  const LedgerId ledger_;
  const std::string agency_;
  const SigningKey key_;
};

void write_life(SubmissionFile& file, const Seed& secret, std::size_t number, const std::string& id) {
  const SubjectKey subject{SubjectKind::license, id};
  const Document document =
      make_document(subject, {{"certIdentifier", id}, {"holderName", "x"}}, secret).value();
  Operation last{.subject = subject,
                 .previous = std::nullopt,
                 .effective = kDay,
                 .payload = LicenseIssue{.commitment = commitment(document).value(), .valid_from = kDay}};
  file.put(number, 0, last);
  std::uint32_t step = 1;
  const auto follow = [&](LicenseAction action) {
    Operation next{.subject = subject,
                   .previous = last.hash(),
                   .effective = kDay,
                   .payload = LicenseChange{.action = action}};
    file.put(number, step++, next);
    return next;
  };
  last = follow(LicenseAction::suspend);
  last = follow(LicenseAction::resume);
  follow(LicenseAction::revoke);
  follow(LicenseAction::cancel);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9)
    give_up("usage: fault_submissions GENESIS KEY PASSPHRASE_FILE AGENCY TYPE FIRST SUBJECTS OUT");
  const Result<Genesis> genesis = decode_genesis(content_of(argv[1]));
  if (!genesis) give_up("no genesis");
  const Bytes passphrase = content_of(argv[3]);
  const Result<KeyFile> file =
      open_key_file(argv[2], as_text(passphrase).substr(0, as_text(passphrase).find('\n')));
  if (!file) give_up("no key");
  SubmissionFile out(argv[8], ledger_id(*genesis), argv[4], file->seed);
  const std::size_t first = std::strtoull(argv[6], nullptr, 10);
  const std::size_t subjects = std::strtoull(argv[7], nullptr, 10);
  for (std::size_t number = first; number < first + subjects; ++number) {
    write_life(out, file->seed, number, license(argv[5], argv[4], number));
  }
  return 0;
}
