// A cluster of real nodes with the keys of all its agencies, and what became of what they submit.
#pragma once

#include <map>

#include "cli/client/client.hpp"
#include "ledger/base/key_file.hpp"
#include "ledger/proof/receipt.hpp"
#include "ledger/record/document.hpp"
#include "tests/cluster/cluster.hpp"

namespace hufu::testing {

inline constexpr CivilDay kToday = 20'000;  // 2024-10-04

inline RequestId request_of(std::uint64_t number) {
  RequestId id{};
  for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

// What became of one submission, for good.
struct Settled {
  std::optional<Place> place;  // it was appended
  Error error = Error::usage;  // or refused, and why
  std::optional<Place> obstacle;
};

// The cluster with the keys of all its agencies.
class Field {
 public:
  explicit Field(const std::filesystem::path& folder) : cluster(folder) {
    genesis = decode_genesis(as_bytes(read_file(Cluster::text(cluster.report(), "genesis")))).value();
    ledger = ledger_id(genesis);
    phrase_ = read_file(Cluster::text(cluster.report(), "passphraseFile"));
    while (!phrase_.empty() && phrase_.back() == '\n') phrase_.pop_back();
    for (const auto& agency : cluster.report().at("agencies").as_array()) {
      keys_[Cluster::text(agency, "code")] = Cluster::text(agency, "key");
    }
  }

  Bytes submission(const std::string& agency, std::vector<Operation> operations) {
    auto key = opened_.find(agency);
    if (key == opened_.end()) {
      key = opened_.emplace(agency, open_key_file(keys_.at(agency), phrase_).value().seed).first;
    }
    return encode(
        sign_submission(ledger, agency, key->second, request_of(++requests_), std::move(operations)));
  }
  std::unique_ptr<cli::Client> client(std::size_t node) const {
    cli::ClientOptions options;
    options.genesis = genesis;
    options.patience = std::chrono::seconds(60);
    options.unreachable = std::chrono::seconds(60);
    // Each asks its own node first, and another when that one is away.
    for (std::size_t i = 0; i < cluster.size(); ++i) {
      const std::size_t next = (node + i) % cluster.size();
      options.urls.push_back(Cluster::text(cluster.report().at("nodes").at(next), "api"));
    }
    return std::move(cli::Client::make(std::move(options)).value());
  }
  // An agency that may issue this type, by its place among them.
  std::string agency_for(std::string_view type, std::size_t number) const {
    for (const FoundingAgency& agency : genesis.agencies) {
      for (const Grant& grant : agency.standing.grants) {
        if (grant.type == type && number-- == 0) return agency.code;
      }
    }
    throw std::runtime_error("no such agency");
  }
  const AgencyStanding& standing_of(const std::string& code) const {
    return std::find_if(genesis.agencies.begin(), genesis.agencies.end(),
                        [&](auto& a) { return a.code == code; })
        ->standing;
  }

  Cluster cluster;
  Genesis genesis;
  LedgerId ledger;

 private:
  std::map<std::string, std::string> keys_;  // agency -> file
  std::map<std::string, SigningKey> opened_;
  std::string phrase_;
  std::uint64_t requests_ = 0;
};

inline Settled settled(const cli::Reply<api::Accepted>& reply) {
  if (reply) return {.place = reply->receipt.place, .error = Error::usage, .obstacle = std::nullopt};
  const api::Refusal& refusal = reply.error().problem.refusal;
  return {.place = std::nullopt,
          .error = refusal.error,
          .obstacle = refusal.faults.empty() ? std::nullopt : refusal.faults.front().place};
}

// A submission counts once: whose outcome is not known is sent again, the same bytes.
inline bool is_open(const Settled& outcome) {
  constexpr Error kOpen[] = {Error::outcome_unknown, Error::timed_out,    Error::no_quorum,
                             Error::overloaded,      Error::rate_limited, Error::ledger_unavailable};
  return !outcome.place && std::find(std::begin(kOpen), std::end(kOpen), outcome.error) != std::end(kOpen);
}

inline std::string license_of(std::string_view type, std::string_view issuer, std::uint64_t serial) {
  const std::string text = std::to_string(2024'000000 + serial);
  LicenseId id{.type = type, .issuer = issuer, .serial = text, .version = "001", .check = '0'};
  id.check = license_check_char(id).value();
  return id.text();
}

inline Operation issue_of(const std::string& id, std::optional<Succession> from) {
  return {.subject = {SubjectKind::license, id},
          .previous = std::nullopt,
          .effective = kToday,
          .payload = LicenseIssue{.commitment = sha256(as_bytes(id)),
                                  .valid_from = kToday,
                                  .valid_to = std::nullopt,
                                  .assurance = Assurance::l2,
                                  .from = std::move(from)}};
}

}  // namespace hufu::testing
