// A ledger in memory, founded from a data set, on which events are played: submissions are signed and executed, and answered
// in an order that nobody chose.
#pragma once

#include "cli/demo/founding.hpp"
#include "cli/demo/playing.hpp"
#include "cli/play/sender.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::cli::testing {

using hufu::testing::Chain;
using hufu::testing::key_of;
using hufu::testing::seed_of;

// A moment after all days of the data sets.
inline constexpr std::uint64_t kNow = 1'790'000'000'000;

inline Genesis founded_from(const demo::DataSet& data) {
  Genesis genesis;
  genesis.origin = "hufu.test/played";
  genesis.time_ms = kNow;
  const demo::KeyMaker key = [](const std::string& code) {
    return Try<PublicKey>(key_of(code).public_key());
  };
  if (!demo::found_authorities(data, key, key, genesis)) std::abort();
  genesis.roster.members.push_back(hufu::testing::member(1));
  genesis.roster.members.front().province = genesis.provinces.front().code;
  return genesis;
}

// Salts by agency, as the keys would give them.
class Salts {
 public:
  const Seed* of(const std::string& agency) {
    return &seeds_.try_emplace(agency, seed_of(agency).derive("hufu/document-salts/v1")).first->second;
  }

 private:
  std::map<std::string, Seed> seeds_;
};

class ChainCarrier final : public play::Carrier {
 public:
  explicit ChainCarrier(Chain& chain) : chain_(chain) {}
  bool full() const override { return waiting_.size() >= 8; }
  void push(std::uint64_t tag, const std::string& agency, std::vector<Operation> operations) override {
    operations_ += operations.size();
    waiting_.push_back({tag, chain_.sign(agency, std::move(operations))});
  }
  Answer next() override {
    // A linear congruential generator: the same order in every run.
    chance_ = chance_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto at = waiting_.begin() + static_cast<std::ptrdiff_t>((chance_ >> 33) % waiting_.size());
    const auto [tag, submission] = std::move(*at);
    waiting_.erase(at);
    const Outcome outcome = chain_.extend({submission}).outcomes.front();
    Answer answer{.tag = tag, .height = chain_.head().height, .trouble = std::nullopt};
    if (!hufu::testing::applied(outcome)) {
      answer.trouble = Trouble{.error = hufu::testing::error_of(outcome), .what = "refused"};
    }
    return answer;
  }
  std::size_t operations() const { return operations_; }

 private:
  Chain& chain_;
  std::vector<std::pair<std::uint64_t, Submission>> waiting_;
  std::uint64_t chance_ = 1;
  std::size_t operations_ = 0;
};

// Everything of a data set on the chain.
struct PlayedWorld {
  explicit PlayedWorld(demo::DataSet set)
      : data(std::move(set)),
        chain(founded_from(data)),
        carrier(chain),
        sender(carrier,
               [this](const Document& document, std::uint64_t) {
                 documents.emplace(document.subject, document);
                 return Try<void>();
               }),
        playing(
            data, chain.genesis, kNow + 1'000'000,
            [this](const std::string& agency) { return salts.of(agency); },
            [this](play::Act act) { sender.add(std::move(act)); }) {}

  Try<void> play() {
    for (const auto part : {&demo::Playing::recognise, &demo::Playing::live, &demo::Playing::withdraw}) {
      if (const Try<void> done = (playing.*part)(); !done) return done;
      sender.finish();
      if (sender.stopped()) return *sender.stopped();
    }
    return {};
  }

  demo::DataSet data;
  Chain chain;
  Salts salts;
  std::map<SubjectKey, Document> documents;
  ChainCarrier carrier;
  play::Sender sender;
  demo::Playing playing;
};

// What `hufu submit` knows of an event's subjects: the ledger's standings and the keys, no document.
class FromChain final : public play::Surroundings {
 public:
  FromChain(const Chain& chain, Salts& salts) : chain_(chain), salts_(salts) {}
  const Standing* standing(const SubjectKey& subject) const override {
    const auto found = chain_.state.find(subject);
    return found == chain_.state.end() ? nullptr : &found->second;
  }
  std::optional<Document> document(const SubjectKey&, const std::string&) const override {
    return std::nullopt;
  }
  std::string platform_of(const std::string& province) const override { return demo::tax_platform(province); }
  const Seed* salts_of(const std::string& agency) const override { return salts_.of(agency); }

 private:
  const Chain& chain_;
  Salts& salts_;
};

}  // namespace hufu::cli::testing
