#include "cli/demo/playing.hpp"

namespace hufu::cli::demo {

Playing::Playing(const DataSet& data, const Genesis& genesis, std::uint64_t time_ms,
                 play::Records::SaltsOf salts_of, play::Player::Sink sink)
    : data_(data),
      today_(china_day_at(static_cast<std::int64_t>(time_ms))),
      genesis_(genesis),
      time_ms_(time_ms),
      mirror_(genesis, time_ms),
      records_(genesis, std::move(salts_of)),
      lives_(mirror_, records_),
      sink_(std::move(sink)),
      player_(mirror_, lives_, sink_) {}

Try<void> Playing::recognise() {
  std::vector<Decision> decisions = recognition_of(data_, today_);
  decisions_ += decisions.size();
  return decide(std::move(decisions), today_, mirror_, sink_);
}

Try<void> Playing::live() {
  for (const char* name : {"licenses.jsonl", "invoices.jsonl"}) {
    const std::string path = data_.canonical(name);
    if (path.empty()) continue;
    if (const Try<void> loaded = records_.load(path); !loaded) return loaded;
  }
  for (const auto& [name, kind] : {std::pair("license_events.jsonl", SubjectKind::license),
                                   std::pair("invoice_events.jsonl", SubjectKind::invoice)}) {
    const std::string path = data_.canonical(name);
    if (path.empty()) continue;
    if (const Try<void> played = play(path, kind); !played) return played;
  }
  player_.finish();
  return {};
}

Try<void> Playing::play(const std::string& path, SubjectKind kind) {
  const auto malformed = [&](std::size_t line, const RecordFault& fault) {
    player_.refuse({.file = path,
                    .line = line,
                    .event = {},
                    .subject = {kind, {}},
                    .error = fault.error,
                    .why = fault.why});
  };
  Try<std::vector<play::LineEvent>> events = play::load_events(path, malformed);
  if (!events) return events.error();
  player_.note_advanced(play::arrange(
      *events, [this](const std::vector<const play::Event*>& life) { return refused_alone(life); }));
  for (const play::LineEvent& each : *events) player_.play(each.event, path, each.line);
  return {};
}

// Lives of invoices do not touch each other: one can be tried beside the ledger.
std::size_t Playing::refused_alone(const std::vector<const play::Event*>& life) const {
  play::Mirror mirror(genesis_, time_ms_);
  const play::Lives known(mirror, records_);
  play::Player player(mirror, known, [](const play::Act&) {});
  for (const play::Event* const event : life) player.play(*event, {}, 0);
  player.finish();
  return player.refused().size();
}

Try<void> Playing::withdraw() {
  std::vector<Decision> decisions = withdrawals_of(data_, today_);
  decisions_ += decisions.size();
  return decide(std::move(decisions), today_, mirror_, sink_);
}

}  // namespace hufu::cli::demo
