#include <fmt/format.h>

#include <filesystem>

#include "cli/bench/measurement.hpp"
#include "cli/commands/import.hpp"
#include "cli/import_sender.hpp"

namespace hufu::cli::bench {

// The very work of `hufu import`, over an export made for it; nothing of it was prepared.
Try<Figures> Measurement::import_round(const RoundPlan& plan) {
  const std::string path = fmt::format("{}/import-{}.csv", cluster_.founded().directory, ++imports_);
  if (const auto written = maker_.write_export(path, next_number_, plan.records); !written)
    return written.error();
  next_number_ += plan.records;
  Try<Figures> figures = begin_figures(plan);
  if (!figures) return figures.error();
  const Try<std::uint64_t> from = cluster_.drained();
  if (!from) return from.error();
  const Try<std::size_t> leader = cluster_.leader();
  if (!leader) return leader.error();
  const Try<StageTimes> before = cluster_.stages(*leader);
  if (!before) return before.error();
  const std::uint64_t disk = cluster_.disk();
  Import options;
  options.paths = {path};
  options.keys = {cluster_.founded().keys_folder()};
  options.passphrase.file = cluster_.founded().passphrase_file();
  options.wait = plan.certified ? "certified" : "committed";
  const Usage begun = usage();
  const Try<ImportResult> result = import_files(options, cluster_.session());
  if (!result) return result.error();
  if (result->stopped) return *result->stopped;
  const Usage answered = usage();
  const Try<std::uint64_t> to = cluster_.drained();
  if (!to) return to.error();
  const Try<OnLedger> counted = cluster_.count(*from, *to);
  if (!counted) return counted.error();
  const std::uint64_t appended = result->totals.of(RowOutcome::appended);
  if (appended != plan.records || counted->records != appended) {
    return Trouble{.error = Error::content_mismatch,
                   .what = fmt::format("of {} rows {} were imported, and {} stand in the blocks",
                                       plan.records, appended, counted->records),
                   .exit = kIntegrityAlarm};
  }
  figures->seconds = std::chrono::duration<double>(answered.at - begun.at).count();
  figures->records = appended;
  figures->submissions = counted->submissions;
  figures->plan.size = ImportSender::kRowsPerSubmission;
  figures->plan.clients = figures->plan.in_flight = ImportSender::kWindow;
  end_figures(begun, answered, usage(), disk, *figures);
  const Try<StageTimes> after = cluster_.stages(*leader);
  if (!after) return after.error();
  set_stages(*before, *after, *figures);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return figures;
}

}  // namespace hufu::cli::bench
