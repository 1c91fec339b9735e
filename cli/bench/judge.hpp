// Whether a node's answer is what it should be: every one is read whole and compared with what was sent, and of some the
// signatures are checked too, after the clock has stopped. Pure.
#pragma once

#include "cli/bench/flow.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli::bench {

class AppendJudge {
 public:
  AppendJudge(const Genesis& genesis, const std::vector<Request>& requests, bool certified)
      : genesis_(genesis), requests_(requests), certified_(certified) {}

  Judgement judge(std::size_t request, const Answer& answer, std::string& why);
  // Of the answers that were kept: receipts hold, and who said certified has a quorum's cosignatures.
  Result<void> check_kept() const;

 private:
  const Genesis& genesis_;
  const std::vector<Request>& requests_;
  const bool certified_;
  std::size_t judged_ = 0;
  std::vector<Bytes> kept_;
};

class ProofJudge {
 public:
  explicit ProofJudge(const Genesis& genesis) : genesis_(genesis) {}

  Judgement judge(const Answer& answer, std::string& why);
  // Of the proofs that were kept: none of their checks fails.
  Result<void> check_kept() const;

 private:
  const Genesis& genesis_;
  std::size_t judged_ = 0;
  std::vector<Bytes> kept_;
};

}  // namespace hufu::cli::bench
