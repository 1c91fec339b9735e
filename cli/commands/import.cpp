#include "cli/commands/import.hpp"

#include <fmt/format.h>

#include <deque>
#include <filesystem>
#include <map>

#include "cli/clock.hpp"
#include "cli/files.hpp"
#include "cli/import/mapping.hpp"
#include "cli/import/reader.hpp"
#include "cli/import_sender.hpp"
#include "cli/keyring.hpp"
#include "cli/private_types.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

Result<Hash> file_digest(const std::filesystem::path& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return Error::file_unreadable;
  Hash digest;
  std::vector<std::uint8_t> chunk(1 << 20);
  while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), file)) {
    digest = sha256({digest, ByteSpan(chunk).first(got)});
  }
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  if (failed) return Error::file_unreadable;
  return digest;
}

bool may_be_appended(importer::Verdict verdict) {
  return verdict == importer::Verdict::accept || verdict == importer::Verdict::repair ||
         verdict == importer::Verdict::warn;
}

FieldList take_fields(importer::Row& row) {
  FieldList fields;
  fields.reserve(row.fields.size());
  for (importer::Field& field : row.fields)
    fields.emplace_back(std::string(field.name), std::move(field.value));
  return fields;
}

// One run over all the paths.
class Run {
 public:
  Run(const Import& options, const Session& session) : options_(options), session_(session) {}

  Try<ImportResult> go() {
    if (const Try<void> ready = prepare(); !ready) return ready.error();
    progress_ = session_.progress(std::string(session_.tr("importing", "导入")),
                                  std::string(session_.tr("rows", "行")));
    for (const std::string& path : options_.paths) {
      if (const Try<void> done = read(path); !done) return done.error();
      if (sender_ && sender_->stopped()) break;
    }
    if (sender_) sender_->finish();
    flush(true);
    progress_->clear();
    result_.seconds = progress_->seconds();
    if (sender_) result_.stopped = sender_->stopped();
    if (sender_) result_.uncertified = sender_->uncertified();
    if (report_) {
      if (const Try<void> written = report_->finish(); !written) return written.error();
    }
    return std::move(result_);
  }

 private:
  Try<void> prepare() {
    if (!options_.mapping.empty()) {
      std::string why;
      Result<importer::Mapping> mapping = importer::load_mapping(options_.mapping, why);
      if (!mapping) {
        Trouble trouble = file_trouble(mapping.error(), options_.mapping, "the mapping file");
        trouble.why = why;
        return trouble;
      }
      reading_.mapping = std::move(*mapping);
    }
    if (!options_.report.empty()) {
      Try<std::unique_ptr<ImportReport>> report = ImportReport::open(options_.report);
      if (!report) return report.error();
      report_ = std::move(*report);
    }
    if (options_.dry_run) return {};
    return prepare_sending();
  }

  Try<void> prepare_sending() {
    Try<Genesis> genesis = load_genesis(session_);
    if (!genesis) return genesis.error();
    // Long patience: an election in the middle of an import is no reason to stop it.
    Try<std::unique_ptr<Client>> client = connect(session_, *genesis, std::chrono::minutes(2));
    if (!client) return client.error();
    client_ = std::move(*client);
    Try<Keyring> ring = Keyring::load(
        options_.keys, options_.passphrase, options_.agency, *genesis,
        [this] { return registered_agencies(*client_, session_); }, session_);
    if (!ring) return ring.error();
    ring_ = std::move(*ring);
    const Try<Blinding> wish = blinding_of(options_.hidden, options_.open);
    if (!wish) return wish.error();
    types_ = std::make_unique<PrivateTypes>(*client_, *wish, session_);
    if (!options_.documents.empty()) {
      if (const Try<void> made = make_private_folder(options_.documents); !made) return made.error();
    }
    sender_ = std::make_unique<ImportSender>(*client_, ledger_id(*genesis), options_.documents,
                                             wait_of(options_.wait), session_);
    return {};
  }

  Try<void> read(const std::string& path) {
    Result<std::unique_ptr<importer::Reader>> reader = importer::Reader::open(path, reading_);
    if (!reader) {
      Trouble trouble = file_trouble(reader.error(), path);
      if (reader.error() == Error::field_missing) {
        trouble.why = "no row of it looks like the header of a table of licenses or invoices";
        trouble.next = "say where the header stands and which column is which with --mapping FILE";
      }
      return trouble;
    }
    files_before_ = result_.totals.total;
    std::optional<std::uint32_t> source;
    while (!sender_ || !sender_->stopped()) {
      Result<std::optional<importer::Row>> row = (*reader)->next();
      if (!row) return file_trouble(row.error(), path);
      if (!*row) break;
      if (source != (*row)->source) {
        source = (*row)->source;
        if (const Try<void> begun = begin_source((*reader)->sources()[*source]); !begun) return begun.error();
      }
      take(**row, (*reader)->sources()[*source].path.string());
      if (trouble_) return *trouble_;
      show_progress((*reader)->progress());
    }
    for (const importer::PassedOver& passed : (*reader)->passed_over()) {
      session_.detail(fmt::format("{}: {}", passed.path.string(),
                                  session_.tr(describe(passed.why).en, describe(passed.why).zh)));
    }
    return {};
  }

  Try<void> begin_source(const importer::Source& source) {
    if (source.mapping) {
      session_.detail(importer::print_mapping(*source.mapping));
      if (!options_.save_mapping.empty()) {
        const Try<void> saved =
            replace_file(options_.save_mapping, as_bytes(importer::print_mapping(*source.mapping)), 0644);
        if (!saved) return saved.error();
      }
    }
    if (!sender_) return {};
    const Result<Hash> digest = file_digest(source.path);
    if (!digest) return file_trouble(digest.error(), source.path.string());
    sender_->begin_file(*digest);
    return {};
  }

  void take(importer::Row& row, const std::string& file) {
    auto told = std::make_shared<ImportRow>(ImportRow{.file = file,
                                                      .record = row.record,
                                                      .kind = row.kind,
                                                      .verdict = row.verdict,
                                                      .notes = row.notes,
                                                      .identity = row.identity});
    open_.push_back(told);
    ++result_.totals.total;
    ++result_.totals.verdicts[static_cast<std::size_t>(row.verdict)];
    if (!may_be_appended(row.verdict)) {
      told->outcome = RowOutcome::left_out;
    } else if (options_.dry_run) {
      told->outcome = RowOutcome::would_append;
    } else {
      send(row, told);
    }
    flush(false);
  }

  void send(importer::Row& row, const std::shared_ptr<ImportRow>& told) {
    const bool license = row.kind == importer::RecordKind::license;
    const Signatory* const signatory = license ? issuer_of(row, *told) : platform_of(row, *told);
    if (signatory == nullptr) return;
    const Seed secret = signatory->salt_secret();
    const std::optional<Seed> blinding = license ? blinding_of_row(row, *signatory) : std::nullopt;
    if (trouble_) return;  // the row stays pending
    Preparing<PreparedRecord> record = license ? prepare_license(take_fields(row), secret, today_, blinding)
                                               : prepare_invoice(take_fields(row), secret);
    if (!record) {
      told->outcome = record.error().held ? RowOutcome::held : RowOutcome::refused;
      told->error = record.error().error;
      told->why = record.error().why;
      return;
    }
    sender_->add(told, *signatory, std::move(*record));
  }

  // Nothing: the type is public.
  std::optional<Seed> blinding_of_row(const importer::Row& row, const Signatory& signatory) {
    const Result<LicenseId> id = parse_license_id(row.identity);
    if (!id) return std::nullopt;  // refused for it where the record is prepared
    const Try<bool> hidden = types_->has(signatory.agency, std::string(id->type));
    if (!hidden) trouble_ = hidden.error();
    return hidden && *hidden ? std::optional<Seed>(signatory.blinding_secret()) : std::nullopt;
  }

  const Signatory* issuer_of(const importer::Row& row, ImportRow& told) {
    const Result<LicenseId> id = parse_license_id(row.identity);
    const std::string issuer = !id ? std::string() : std::string(id->issuer);
    return or_foreign(ring_.agency(issuer), told, "agency " + issuer);
  }

  const Signatory* platform_of(const importer::Row& row, ImportRow& told) {
    if (!options_.agency.empty())
      return or_foreign(ring_.agency(options_.agency), told, "agency " + options_.agency);
    const Result<InvoiceNumber> number = parse_invoice_key(row.identity);
    const std::optional<std::string> province = number ? province_of_invoice(*number) : std::nullopt;
    if (!province) return or_foreign(nullptr, told, "a province that the number does not tell");
    return or_foreign(ring_.invoices_of(*province), told, "the tax platform of " + *province);
  }

  static const Signatory* or_foreign(const Signatory* signatory, ImportRow& told, const std::string& whose) {
    if (signatory == nullptr) {
      told.outcome = RowOutcome::foreign;
      told.error = Error::issuer_unknown;
      told.why = "the record is for " + whose + " to sign, and its key is not here";
    }
    return signatory;
  }

  // Reports rows in the order of the files, as far as they are decided.
  void flush(bool all) {
    while (!open_.empty() && (all || open_.front()->outcome != RowOutcome::pending)) {
      const ImportRow& row = *open_.front();
      ++result_.totals.outcomes[static_cast<std::size_t>(row.outcome)];
      if (report_) report_->write(row);
      if (row.outcome == RowOutcome::refused) {
        session_.detail(fmt::format("{}:{}: {} {}", row.file, row.record, row.identity, row.why));
      }
      open_.pop_front();
    }
  }

  void show_progress(const importer::Progress& read) {
    const std::uint64_t rows = result_.totals.total - files_before_;
    const std::uint64_t guessed =
        read.bytes_done == 0
            ? 0
            : static_cast<std::uint64_t>(static_cast<double>(rows) * static_cast<double>(read.bytes_total) /
                                         static_cast<double>(read.bytes_done));
    progress_->update(rows, std::max(rows, guessed));
  }

  const Import& options_;
  const Session& session_;
  importer::Options reading_;
  Keyring ring_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<PrivateTypes> types_;
  std::optional<Trouble> trouble_;  // nothing can be sent any more
  std::unique_ptr<ImportSender> sender_;
  std::unique_ptr<ImportReport> report_;
  std::unique_ptr<text::Progress> progress_;
  std::deque<std::shared_ptr<ImportRow>> open_;
  std::uint64_t files_before_ = 0;
  const CivilDay today_ = china_today();
  ImportResult result_;
};

int exit_of(const ImportResult& result) {
  if (result.stopped) return hufu::cli::exit_of(*result.stopped);
  return result.totals.of(RowOutcome::refused) > 0 ? kRules : kOk;
}

void print_people(const Import& options, const ImportResult& result, const Session& session) {
  const ImportTotals& totals = result.totals;
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese, std::uint64_t count) {
    table.add({std::string(session.tr(english, chinese)), text::grouped(count)});
  };
  row("rows read", "读取行数", totals.total);
  row("  ACCEPT", "  ACCEPT 合格", totals.of(importer::Verdict::accept));
  row("  REPAIR", "  REPAIR 已修复", totals.of(importer::Verdict::repair));
  row("  WARN", "  WARN 有疑点", totals.of(importer::Verdict::warn));
  row("  REVIEW", "  REVIEW 待人工", totals.of(importer::Verdict::review));
  row("  REJECT", "  REJECT 不合格", totals.of(importer::Verdict::reject));
  row("  SKIP", "  SKIP 跳过", totals.of(importer::Verdict::skip));
  if (options.dry_run) {
    row("would be appended", "将存证", totals.of(RowOutcome::would_append));
  } else {
    row("appended", "新存证", totals.of(RowOutcome::appended));
    row("on the ledger before", "此前已存证", totals.of(RowOutcome::already));
    if (result.uncertified > 0) row("  not certified yet", "  尚未共签认证", result.uncertified);
    row("refused by the rules", "规则拒绝", totals.of(RowOutcome::refused));
    row("held: successor not named", "暂缓：后续证照未注明", totals.of(RowOutcome::held));
    row("of agencies without a key here", "无密钥机构的记录", totals.of(RowOutcome::foreign));
    if (totals.of(RowOutcome::pending) > 0) row("outcome open", "结果未定", totals.of(RowOutcome::pending));
  }
  session.print(table.str());
  const double rate = result.seconds > 0 ? static_cast<double>(totals.total) / result.seconds : 0;
  session.say(fmt::format("{:.1f} s, {} {}", result.seconds, text::grouped(static_cast<std::uint64_t>(rate)),
                          session.tr("rows/s", "行/秒")));
  if (!options.report.empty()) {
    session.say(fmt::format("{}{}", session.tr("every row's reason: ", "逐行说明："), options.report));
  } else if (totals.of(importer::Verdict::review) + totals.of(importer::Verdict::reject) > 0) {
    session.say(session.tr("--report FILE tells every row's reason", "--report 文件 可查看逐行原因"));
  }
}

}  // namespace

json::object to_json(const ImportResult& result) {
  const ImportTotals& totals = result.totals;
  return {{"total", totals.total},
          {"accepted", totals.of(importer::Verdict::accept)},
          {"repaired", totals.of(importer::Verdict::repair)},
          {"warned", totals.of(importer::Verdict::warn)},
          {"review", totals.of(importer::Verdict::review)},
          {"rejected", totals.of(importer::Verdict::reject)},
          {"skipped", totals.of(importer::Verdict::skip)},
          {"appended", totals.of(RowOutcome::appended)},
          {"already", totals.of(RowOutcome::already)},
          {"refused", totals.of(RowOutcome::refused)},
          {"held", totals.of(RowOutcome::held)},
          {"foreign", totals.of(RowOutcome::foreign)},
          {"open", totals.of(RowOutcome::pending)},
          {"uncertified", result.uncertified},
          {"seconds", result.seconds}};
}

Try<ImportResult> import_files(const Import& options, const Session& session) {
  return Run(options, session).go();
}

int run(const Import& options, const Session& session) {
  const Try<ImportResult> result = import_files(options, session);
  if (!result) return session.fail(result.error());
  const int exit = exit_of(*result);
  if (session.options().json) {
    json::object document = to_json(*result);
    document["dryRun"] = options.dry_run;
    if (!options.report.empty()) document["report"] = options.report;
    if (result->stopped) document["problem"] = to_json(*result->stopped);
    document["exit"] = exit;
    session.print_json(document);
    return exit;
  }
  print_people(options, *result, session);
  if (result->stopped) return session.fail(*result->stopped);
  return exit;
}

}  // namespace hufu::cli
