// Prints how large proofs are in ledgers of many subjects and how fast they are verified, and fails where a code does not fit
// its promise: `proof_figures SUBJECTS…`. All identifiers, standings and paths are of the real kind; the blocks that nothing
// is asked of are headers alone.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

#include "ledger/proof/compact.hpp"
#include "ledger/rules/rules.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu::testing {
namespace {

constexpr std::size_t kPerSubmission = 500;
constexpr std::size_t kPromise = 1'500;  // bytes of a code at 1,000,000 subjects in submissions of 500
constexpr std::uint64_t kTime = 1'770'000'000;

std::string license_id(std::size_t number) {
  std::string serial = std::to_string(number);
  serial.insert(0, 10 - serial.size(), '0');
  const char check = mod37_36(kType + kIssuer + serial + "001").value();
  return std::string(kLicenseIdRoot) + kType + "." + kIssuer + "." + serial + ".001." + check;
}
Operation issue(std::size_t number) {
  const std::string id = license_id(number);
  return {.subject = {SubjectKind::license, id},
          .previous = std::nullopt,
          .effective = day("2024-01-02"),
          .payload = LicenseIssue{.commitment = sha256(as_bytes(id)),
                                  .valid_from = day("2024-01-02"),
                                  .valid_to = day("2034-01-01"),
                                  .assurance = Assurance::l2}};
}
Standing standing_after(const Operation& operation, const AgencyStanding& agency) {
  return rules::apply({kIssuer, agency, {}, kTime * 1000, &kNoOthers}, operation, nullptr).value();
}
StateLeaf leaf_of(const SubjectKey& key, const Standing& standing) {
  return {.path = key.path(), .value_hash = standing.value_hash()};
}

// A ledger that holds so many licenses, the first of them in one submission in the middle of its log.
class LargeLedger {
 public:
  explicit LargeLedger(std::size_t subjects) {
    genesis_ = make_genesis();
    genesis_.roster = roster_of({1, 2, 3});
    ledger_ = ledger_id(genesis_);
    const auto founding = founding_state(genesis_);
    std::vector<StateLeaf> state;
    for (const auto& [key, standing] : founding) {
      state.push_back(leaf_of(key, standing));
      if (key.id == kIssuer) agency_ = {.key = key, .standing = standing, .proof = {}};
    }
    std::vector<Operation> operations;
    for (std::size_t number = 0; number < kPerSubmission; ++number) {
      operations.push_back(issue(number));
      state.push_back(leaf_of(operations.back().subject, standing_after(operations.back(), agency())));
    }
    // What the others hold counts for nothing but its hash.
    Standing standing = standing_after(operations.back(), agency());
    for (std::size_t number = kPerSubmission; number < subjects; ++number) {
      standing.last = state.back().value_hash;
      state.push_back(leaf_of({SubjectKind::license, license_id(number)}, standing));
    }
    std::sort(state.begin(), state.end(), [](auto& a, auto& b) { return a.path < b.path; });
    version_ = tree_.build(state);
    submission_ = sign_submission(ledger_, kIssuer, key_of(kIssuer), request(1), std::move(operations));
  }

  // Gives it a log of so many blocks, which all hold the same.
  void grow(std::size_t blocks) {
    place_ = {.height = blocks / 2, .submission = 0};
    block_ = header(place_.height);
    head_ = header(blocks - 1);
    BlockHeader other = head_;
    std::vector<Hash> leaves;
    leaves.reserve(blocks);
    for (other.height = 0; other.height < blocks; ++other.height) {
      leaves.push_back(leaf_hash(encode(other.height == place_.height ? block_ : other)));
    }
    checkpoint_ = {.size = blocks, .root = tree_root(leaves)};
    head_path_ = inclusion_path(leaves, blocks - 1);
    block_log_path_ = inclusion_path(leaves, place_.height);
    cosignatures_ = {cosign(ledger_.origin, checkpoint_, 1, key_of("cosign-1"), kTime),
                     cosign(ledger_.origin, checkpoint_, 2, key_of("cosign-2"), kTime)};
  }

  Proof proof(std::size_t number) const {
    const Operation& operation = submission_.operations[number];
    StandingEvidence agency = agency_;
    agency.proof = tree_.prove(version_, agency.key.path());
    Evidence evidence{
        .version = Evidence::kVersion,
        .ledger = ledger_,
        .head = head_,
        .log_size = checkpoint_.size,
        .log_root = checkpoint_.root,
        .head_path = head_path_,
        .subject = {.key = operation.subject,
                    .standing = standing_after(operation, this->agency()),
                    .proof = tree_.prove(version_, operation.subject.path())},
        .operations = {{.operation = operation,
                        .index = static_cast<std::uint32_t>(number),
                        .submission_path = inclusion_path(operation_hashes(submission_.operations), number),
                        .header = submission_.header,
                        .signature = submission_.signature,
                        .place = place_,
                        .block_path = {},
                        .block = block_,
                        .log_path = block_log_path_}},
        .support = {{.standing = std::move(agency), .operations = {}}}};
    return {.version = Proof::kVersion,
            .evidence = std::move(evidence),
            .cosignatures = cosignatures_,
            .handovers = {},
            .links = {}};
  }
  const Genesis& genesis() const { return genesis_; }
  const Submission& submission() const { return submission_; }

 private:
  const AgencyStanding& agency() const { return std::get<AgencyStanding>(agency_.standing->detail); }
  BlockHeader header(std::uint64_t height) const {
    return {.version = BlockHeader::kVersion,
            .height = height,
            .parent = ledger_.genesis,
            .time_ms = (kTime - 60) * 1000 + height,
            .count = 1,
            .submissions_root = tree_root(submission_leaves({submission_})),
            .state_root = version_.root()};
  }

  Genesis genesis_;
  LedgerId ledger_;
  StandingEvidence agency_;
  StateTree tree_;
  StateTree::Version version_;
  Submission submission_;
  Place place_;
  BlockHeader block_;
  BlockHeader head_;
  Checkpoint checkpoint_;
  std::vector<Hash> head_path_;
  std::vector<Hash> block_log_path_;
  std::vector<Cosignature> cosignatures_;
};

// False: a check failed, or a code is larger than promised.
bool print_sizes(LargeLedger& ledger, std::size_t subjects, std::size_t blocks) {
  ledger.grow(blocks);
  const Anchor anchor = founding_anchor(ledger.genesis());
  std::size_t largest_code = 0;
  std::size_t all_codes = 0;
  std::size_t all_proofs = 0;
  bool good = true;
  for (std::size_t number = 0; number < kPerSubmission; ++number) {
    const Proof proof = ledger.proof(number);
    const CompactProof compact = make_compact(proof, anchor.roster).value();
    const std::size_t code = encode(compact).size();
    largest_code = std::max(largest_code, code);
    all_codes += code;
    all_proofs += encode_proof(proof).size();
    if (number % 50 != 0) continue;
    good = good && none_failed(check_proof(anchor, proof).checks) &&
           none_failed(check_compact(anchor, compact).checks);
  }
  std::printf("%9zu %9zu %8zu %8zu %8zu%s\n", subjects, blocks, all_proofs / kPerSubmission,
              all_codes / kPerSubmission, largest_code, good ? "" : "  a proof does not hold");
  return good && (blocks > subjects / kPerSubmission || largest_code <= kPromise);
}

// Of this thread's own time, so that a busy machine does not count. 0: it did not hold.
double per_second(const std::function<bool()>& what) {
  const std::clock_t begin = std::clock();
  std::size_t done = 0;
  std::clock_t passed = 0;
  while (passed < CLOCKS_PER_SEC) {
    if (!what()) return 0;
    ++done;
    passed = std::clock() - begin;
  }
  return static_cast<double>(done) * CLOCKS_PER_SEC / static_cast<double>(passed);
}

// False: a proof did not hold.
bool print_rates() {
  LargeLedger ledger(kPerSubmission);
  ledger.grow(2'000);
  const Anchor anchor = founding_anchor(ledger.genesis());
  const Proof proof = ledger.proof(0);
  const CompactProof compact = make_compact(proof, anchor.roster).value();
  const CertifiedCheckpoint certified = proof.checkpoint();
  const auto cosignatures = [&] {
    return check_certified(ledger.genesis().origin, anchor.roster, certified).has_value();
  };
  const LedgerId id = ledger_id(ledger.genesis());
  const auto signatures = [&] {
    const SubmissionHeader& header = ledger.submission().header;
    return cosignatures() && verify(header.key, signed_bytes(id, header), ledger.submission().signature);
  };
  const double proofs = per_second([&] { return none_failed(check_proof(anchor, proof).checks); });
  const double theirs = per_second(signatures);
  const double codes = per_second([&] { return none_failed(check_compact(anchor, compact).checks); });
  const double of_codes = per_second(cosignatures);
  std::printf(
      "verified offline a second of one core: proofs %.0f (their signatures alone %.0f, ratio %.2f), codes "
      "%.0f "
      "(%.0f, ratio %.2f)\n",
      proofs, theirs, proofs / theirs, codes, of_codes, codes / of_codes);
  return proofs > 0 && codes > 0;
}

}  // namespace
}  // namespace hufu::testing

int main(int argc, char** argv) {
  using namespace hufu::testing;  // NOLINT(google-build-using-namespace)
  bool good = true;
  std::printf(
      " subjects    blocks    proof     code  largest code (bytes; mean of 500, and their largest)\n");
  for (int i = 1; i < argc; ++i) {
    const std::size_t subjects = std::strtoul(argv[i], nullptr, 10);
    if (subjects < 2 * kPerSubmission) return 2;
    LargeLedger ledger(subjects);
    good = print_sizes(ledger, subjects, subjects / kPerSubmission) && good;
    good = print_sizes(ledger, subjects, subjects) && good;
  }
  return print_rates() && good ? 0 : 1;
}
