#include "cli/demo/playing.hpp"

namespace hufu::cli::demo {

Playing::Playing(const DataSet& data, const Genesis& genesis, std::uint64_t time_ms,
                 play::Lives::SaltsOf salts_of, play::Player::Sink sink)
    : data_(data),
      today_(china_day_at(static_cast<std::int64_t>(time_ms))),
      mirror_(genesis, time_ms),
      lives_(mirror_, genesis, std::move(salts_of)),
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
    if (const Try<void> loaded = lives_.load_records(path); !loaded) return loaded;
  }
  for (const auto& [name, kind] : {std::pair("license_events.jsonl", SubjectKind::license),
                                   std::pair("invoice_events.jsonl", SubjectKind::invoice)}) {
    const std::string path = data_.canonical(name);
    if (path.empty()) continue;
    if (const Try<void> played = play::play_events(path, kind, player_); !played) return played;
  }
  player_.finish();
  return {};
}

Try<void> Playing::withdraw() {
  std::vector<Decision> decisions = withdrawals_of(data_, today_);
  decisions_ += decisions.size();
  return decide(std::move(decisions), today_, mirror_, sink_);
}

}  // namespace hufu::cli::demo
