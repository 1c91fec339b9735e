// The load of a measurement: submissions of records that no other submission of the run has, signed before the clock starts.
//
// The n-th record of a run is always the same subject; numbers are spread over their whole range, as keys are that come from many
// places, so that no index finds them in order.
#pragma once

#include "cli/demo/founding.hpp"
#include "cli/keyring.hpp"
#include "ledger/record/submission.hpp"

namespace hufu::cli::bench {

// One HTTP request, as it goes over the wire.
struct Request {
  Bytes wire;
  std::size_t body = 0;  // where it begins

  ByteSpan content() const { return ByteSpan(wire).subspan(body); }
};

struct LoadSize {
  std::uint64_t first = 0;  // number of the first record
  std::size_t submissions = 0;
  std::size_t records_each = 1;
  bool certified = false;  // answered when a quorum has cosigned
};

class LoadMaker {
 public:
  // The agencies of this data set sign, each in turn. Kind: license or invoice.
  static Try<LoadMaker> make(const demo::Founded& founded, const demo::DataSet& data, SubjectKind kind,
                             const Session& session);

  // On all cores.
  std::vector<Request> submissions(const LoadSize& size) const;
  // Questions for the proofs of records that stand on the ledger, spread over all of them.
  std::vector<Request> proofs(const std::vector<LoadSize>& standing, std::size_t count) const;
  // The rows of so many invoices as a tax office exports them.
  Try<void> write_export(const std::string& path, std::uint64_t first, std::size_t rows) const;

 private:
  struct Signer {
    const Signatory* signatory = nullptr;
    std::string province;
    std::string type;  // of licenses
  };
  // The submission with this record, counted from the first of the run, tells who signs.
  std::size_t signer_of(const LoadSize& size, std::size_t index) const {
    return (size.first / size.records_each + index) % signers_.size();
  }
  SubjectKey subject(std::uint64_t number, std::size_t signer) const;
  Operation issue(std::uint64_t number, std::size_t signer) const;
  Request submission(const LoadSize& size, std::size_t index) const;

  LedgerId ledger_;
  SubjectKind kind_ = SubjectKind::invoice;
  std::shared_ptr<const Keyring> keys_;  // what signers point into
  std::vector<Signer> signers_;
  CivilDay today_ = 0;
  RequestId run_{};  // part of every request id
};

// The provinces and agencies of a measured ledger.
demo::DataSet bench_data();

}  // namespace hufu::cli::bench
