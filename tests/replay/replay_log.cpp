// One log, played by whatever build this is: it must come to the same state root, head and log root everywhere.
//
//   replay_log write FILE N    makes a log of N submissions from chance of one seed, and plays it
//   replay_log play FILE       plays a log that any build has written
//
// Both print one line: submissions, applied, blocks, state root, head, root of the log of blocks. A log is a file of
// proposals as Raft carries them, each behind its length.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unordered_map>

#include "tests/ledger/dice.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::testing {
namespace {

constexpr std::size_t kBlockSubmissions = 50;
constexpr std::uint64_t kSeed = 19;

// A ledger in memory that keeps what execution needs, and nothing of the blocks but their hashes.
class Ledger : public StateReader {
 public:
  Ledger() : genesis_(make_genesis()), id_(ledger_id(genesis_)), head_(founding_block(genesis_)) {
    std::vector<StateLeaf> leaves;
    for (auto& [key, standing] : founding_state(genesis_)) {
      leaves.push_back({key.path(), standing.value_hash()});
      state_[key] = standing;
    }
    std::sort(leaves.begin(), leaves.end(), [](auto& a, auto& b) { return a.path < b.path; });
    version_ = tree_.build(leaves);
    log_.append(leaf_hash(encode(head_)));
  }
  std::optional<Standing> find(const SubjectKey& key) const override {
    const auto at = state_.find(key);
    return at == state_.end() ? std::nullopt : std::optional(at->second);
  }
  const LedgerId& id() const { return id_; }
  Proposal propose(std::vector<Submission> submissions) const {
    return {.version = Proposal::kVersion,
            .height = head_.height + 1,
            .parent = block_hash(head_),
            .time_ms = head_.time_ms + 1000,
            .submissions = std::move(submissions)};
  }
  void play(Proposal proposal) {
    submissions_ += proposal.submissions.size();
    const BlockHeader tip = head_;
    const Proposal frame{.version = proposal.version,
                         .height = proposal.height,
                         .parent = proposal.parent,
                         .time_ms = proposal.time_ms,
                         .submissions = {}};
    const Execution execution = execute(id_, std::move(proposal), *this, check_signed);
    std::vector<StateChange> changes;
    for (const auto& [path, change] : execution.changes) {
      changes.push_back({path, change.standing.value_hash()});
      state_[change.key] = change.standing;
    }
    version_ = tree_.update(version_, changes);
    head_ = make_header(frame.height, frame.parent, frame.time_ms, execution.included, version_.root());
    if (!check_follows(tip, head_)) throw std::runtime_error("a block does not follow");
    log_.append(leaf_hash(encode(head_)));
    applied_ += execution.included.size();
  }
  void print() const {
    std::printf("%zu submissions, %zu applied, %llu blocks, state %s, head %s, log %s\n", submissions_,
                applied_, static_cast<unsigned long long>(head_.height), to_hex(head_.state_root).c_str(),
                to_hex(block_hash(head_)).c_str(), to_hex(log_.root()).c_str());
  }

 private:
  Genesis genesis_;
  LedgerId id_;
  std::map<SubjectKey, Standing> state_;
  StateTree tree_;
  StateTree::Version version_;
  BlockHeader head_;
  Frontier log_;
  std::size_t submissions_ = 0;
  std::size_t applied_ = 0;
};

// What agencies do in a year: mostly new records, then all that may happen to one, and some that the law refuses.
class Authors {
 public:
  explicit Authors(const Ledger& ledger) : ledger_(ledger) {}

  Submission next() {
    const std::size_t kind = dice_.below(10);
    if (kind < 3 || numbers_ == 0) return sign(kIssuer, issue_of_license(++numbers_));
    if (kind < 6) return sign(kPlatform, issue_invoice(invoice(++numbers_)));
    const std::uint64_t number = 1 + dice_.below(numbers_);
    if (kind < 8) {
      const Operation change = change_of(license(number));  // before the next throw, whatever the compiler
      return sign(dice_.often() ? kIssuer : kOtherIssuer, change);
    }
    return sign(kPlatform, claim_of(invoice(number)));
  }

 private:
  static std::string license(std::uint64_t number) {
    const std::string serial = std::to_string(2019'000000 + number);
    LicenseId id{.type = kType, .issuer = kIssuer, .serial = serial, .version = "001", .check = '0'};
    id.check = license_check_char(id).value();
    return id.text();
  }
  static std::string invoice(std::uint64_t number) {
    return "2433200000030" + std::to_string(1'000'000 + number);
  }
  Submission sign(const std::string& agency, const Operation& operation) {
    auto key = keys_.find(agency);
    if (key == keys_.end()) key = keys_.emplace(agency, key_of(agency)).first;
    return sign_submission(ledger_.id(), agency, key->second, request(++requests_), {operation});
  }
  Operation issue_of_license(std::uint64_t number) const {
    Operation issue = issue_license(license(number));
    std::get<LicenseIssue>(issue.payload).commitment = sha256(as_bytes(issue.subject.id));
    return issue;
  }
  std::optional<Hash> last_of(const SubjectKey& key) const {
    const auto standing = ledger_.find(key);
    return standing ? std::optional(standing->last) : std::nullopt;
  }
  Operation change_of(const std::string& id) {
    constexpr LicenseAction kActions[] = {LicenseAction::suspend, LicenseAction::resume,
                                          LicenseAction::revoke};
    const SubjectKey key{SubjectKind::license, id};
    return {.subject = key,
            .previous = last_of(key),
            .effective = day("2020-01-01"),
            .payload = LicenseChange{.action = kActions[dice_.below(std::size(kActions))]}};
  }
  Operation claim_of(const std::string& number) {
    const SubjectKey key{SubjectKind::invoice, number};
    return {.subject = key,
            .previous = last_of(key),
            .effective = day("2024-06-01"),
            .payload = InvoiceClaim{.entity = buyer_of(invoice_document(number)),
                                    .period = 202406,
                                    .voucher = sha256(as_bytes(number))}};
  }

  const Ledger& ledger_;
  Dice dice_{kSeed};
  std::map<std::string, SigningKey> keys_;
  std::uint64_t numbers_ = 0;
  std::uint64_t requests_ = 0;
};

void write_log(const std::string& file, std::size_t count) {
  Ledger ledger;
  Authors authors(ledger);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  while (count > 0) {
    std::vector<Submission> submissions;
    for (; count > 0 && submissions.size() < kBlockSubmissions; --count)
      submissions.push_back(authors.next());
    Proposal proposal = ledger.propose(std::move(submissions));
    const Bytes entry = encode(proposal);
    const Bytes length = encode(std::uint64_t{entry.size()});
    out.write(reinterpret_cast<const char*>(length.data()), static_cast<std::streamsize>(length.size()));
    out.write(reinterpret_cast<const char*>(entry.data()), static_cast<std::streamsize>(entry.size()));
    ledger.play(std::move(proposal));
  }
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
  ledger.print();
}

void play_log(const std::string& file) {
  Ledger ledger;
  std::ifstream in(file, std::ios::binary);
  for (Bytes bytes(8); in.read(reinterpret_cast<char*>(bytes.data()), 8); bytes.resize(8)) {
    const auto length = decode<std::uint64_t>(bytes).value();
    bytes.resize(length);
    if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(length)))
      throw std::runtime_error(file + " is cut short");
    ledger.play(decode<Proposal>(bytes).value());
  }
  ledger.print();
}

}  // namespace
}  // namespace hufu::testing

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  try {
    if (what == "write" && argc == 4) {
      hufu::testing::write_log(argv[2], std::strtoull(argv[3], nullptr, 10));
    } else if (what == "play" && argc == 3) {
      hufu::testing::play_log(argv[2]);
    } else {
      std::fprintf(stderr, "replay_log write FILE N | replay_log play FILE\n");
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay_log: %s\n", error.what());
    return 1;
  }
  return 0;
}
