// The ledger's state as far as its only writer has led it: the law is asked here before anything is sent, and every
// subject's last operation is known without asking a node. Pure.
//
// It executes by chain/execute.hpp, as every node does; nothing but signatures is left out.
#pragma once

#include <map>

#include "ledger/chain/execute.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli::play {

class Mirror final : public StateReader {
 public:
  // `time_ms`: the ledger time that everything is taken to be ordered at.
  Mirror(const Genesis& genesis, std::uint64_t time_ms);

  std::optional<Standing> find(const SubjectKey& key) const override;
  // nullptr: the subject has none. Good until the next append.
  const Standing* standing(const SubjectKey& key) const;

  // As one submission of this agency, or province: applied whole, or nothing changes and it is told why.
  Result<void> append(const std::string& agency, const std::vector<Operation>& operations);

 private:
  std::optional<PublicKey> key_of(const std::string& agency) const;

  LedgerId ledger_;
  std::uint64_t time_ms_;
  std::uint64_t submissions_ = 0;
  std::map<SubjectKey, Standing> state_;
};

}  // namespace hufu::cli::play
