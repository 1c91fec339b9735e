#include <fmt/format.h>

#include <chrono>

#include "cli/clock.hpp"
#include "cli/demo/stage.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/keyring.hpp"
#include "cli/play/pipeline_carrier.hpp"

namespace hufu::cli::demo {
namespace {

// The keys of agencies and of the provinces' authorities.
class Keys {
 public:
  static Try<Keys> load(const Founded& founded, const Session& session) {
    Keys keys;
    const PassphraseSource source{.descriptor = -1, .file = founded.passphrase_file()};
    const AskAgencies nobody_else = [] { return Try<Agencies>(Agencies()); };
    Try<Keyring> ring =
        Keyring::load({founded.keys_folder()}, source, {}, founded.genesis, nobody_else, session);
    if (!ring) return ring.error();
    keys.ring_ = std::move(*ring);
    for (const FoundingProvince& province : founded.genesis.provinces) {
      const Try<KeyFile> key = open_key(founded.authority_file(province.code), source, session);
      if (!key) return key.error();
      keys.authorities_.emplace(
          province.code, Signatory{.agency = province.code, .seed = key->seed, .key = SigningKey(key->seed)});
    }
    for (const FoundingAgency& agency : founded.genesis.agencies) {
      if (const Signatory* const signatory = keys.ring_.agency(agency.code))
        keys.salts_.emplace(agency.code, signatory->salt_secret());
    }
    return keys;
  }

  const Signatory* signatory(const std::string& code) const {
    const auto authority = authorities_.find(code);
    return authority == authorities_.end() ? ring_.agency(code) : &authority->second;
  }
  const Seed* salts(const std::string& agency) const {
    const auto found = salts_.find(agency);
    return found == salts_.end() ? nullptr : &found->second;
  }

 private:
  Keyring ring_;
  std::map<std::string, Signatory> authorities_;
  std::map<std::string, Seed> salts_;
};

}  // namespace

Try<void> Stage::keep(const Document& document, std::uint64_t height) {
  const std::string path = founded_.documents() + "/" + document_file_name(document.subject);
  acknowledged_.push_back({.subject = document.subject, .height = height, .document = path});
  return write_document(path, document, Durable::no);
}

Try<void> Stage::play() {
  const auto begun = std::chrono::steady_clock::now();
  if (const auto made = make_private_folder(founded_.documents()); !made) return made;
  const Try<Keys> keys = Keys::load(founded_, session_);
  if (!keys) return keys.error();
  play::PipelineCarrier carrier(
      *client_, ledger_id(founded_.genesis), [&](const std::string& code) { return keys->signatory(code); },
      session_);
  play::Sender sender(
      carrier, [this](const Document& document, std::uint64_t height) { return keep(document, height); });
  Playing playing(
      data_, founded_.genesis, now_ms(), [&](const std::string& agency) { return keys->salts(agency); },
      [&](play::Act act) { sender.add(std::move(act)); });
  // Each part stands on the ledger before the next begins: a withdrawal must not overtake what came before it.
  const auto finish = [&](const Try<void>& part) -> Try<void> {
    if (!part) return part;
    sender.finish();
    return sender.stopped() ? Try<void>(*sender.stopped()) : Try<void>();
  };
  if (const auto done = finish(playing.recognise()); !done) return done;
  if (data_.has_events()) {
    if (const auto done = finish(playing.live()); !done) return done;
  }
  if (const auto done = finish(playing.withdraw()); !done) return done;
  const play::Player& player = playing.player();
  played_ = {.licenses = player.licenses(),
             .invoices = player.invoices(),
             .refused = player.refused(),
             .decisions = playing.decisions(),
             .submissions = sender.submissions(),
             .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()};
  return {};
}

}  // namespace hufu::cli::demo
