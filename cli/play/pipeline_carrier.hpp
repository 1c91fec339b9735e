// Carries submissions to the nodes: signs them, several under way, and looks at every receipt.
#pragma once

#include <functional>
#include <map>

#include "cli/client/client.hpp"
#include "cli/ledger_access.hpp"
#include "cli/play/sender.hpp"

namespace hufu::cli::play {

class PipelineCarrier final : public Carrier {
 public:
  static constexpr std::size_t kWindow = 8;
  using KeyOf = std::function<const Signatory*(const std::string& agency)>;

  // All outlive the carrier.
  PipelineCarrier(Client& client, LedgerId ledger, KeyOf key_of, const Session& session);

  bool full() const override;
  void push(std::uint64_t tag, const std::string& agency, std::vector<Operation> operations) override;
  Answer next() override;

 private:
  struct Sent {
    Hash id;
    std::vector<SubjectKey> subjects;  // of its operations, to name those at fault
  };
  Trouble refused(const Sent& sent, const Failure& failure) const;

  LedgerId ledger_;
  KeyOf key_of_;
  const Session& session_;
  Pipeline pipeline_;
  std::map<std::uint64_t, Sent> under_way_;
  std::deque<Answer> unsent_;  // nobody here signs for them
};

}  // namespace hufu::cli::play
