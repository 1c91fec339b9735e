#include "cli/import_sender.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/document_file.hpp"
#include "cli/import_pairs.hpp"
#include "ledger/base/check.hpp"
#include "ledger/proof/receipt.hpp"

namespace hufu::cli {
namespace {

// M1. What a refused submission leaves over is another submission: its rows are counted one by one.
RequestId request_id_of(const std::string& agency, const Hash& file,
                        const std::vector<std::uint64_t>& records, bool rest) {
  Writer writer;
  writer& file& records.front() & static_cast<std::uint64_t>(records.size());
  if (rest) {
    for (const std::uint64_t record : records) writer& record;
  }
  const Hash hash = tagged_hash("hufu/import/v1", {as_bytes(agency), as_bytes("\n"), writer.bytes()});
  RequestId id{};
  std::copy_n(hash.bytes.begin(), id.size(), id.begin());
  return id;
}

const Hash* commitment_of(const Standing& standing) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) return &license->commitment;
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) return &invoice->commitment;
  return nullptr;
}

const Hash* commitment_in(const Operation& operation) {
  if (const auto* license = std::get_if<LicenseIssue>(&operation.payload)) return &license->commitment;
  if (const auto* invoice = std::get_if<InvoiceIssue>(&operation.payload)) return &invoice->commitment;
  return nullptr;
}

}  // namespace

ImportSender::ImportSender(Client& client, LedgerId ledger, std::string documents, api::WaitWish wait,
                           const Session& session)
    : client_(client),
      ledger_(std::move(ledger)),
      documents_(std::move(documents)),
      session_(session),
      pipeline_(client, kWindow, wait) {}

ImportSender::~ImportSender() = default;

void ImportSender::begin_file(const Hash& digest) {
  std::map<std::string, Batch> left;
  left.swap(filling_);
  for (auto& [agency, batch] : left) send(std::move(batch));
  file_ = digest;
}

void ImportSender::add(std::shared_ptr<ImportRow> row, const Signatory& signatory, PreparedRecord record) {
  Batch& batch = filling_[signatory.agency];
  batch.signatory = &signatory;
  batch.file = file_;
  batch.entries.push_back(
      {.row = std::move(row), .operations = std::move(record.operations), .document = std::nullopt});
  if (!documents_.empty()) batch.entries.back().document = std::move(record.document);
  if (batch.entries.size() < kRowsPerSubmission) return;
  Batch full = std::move(batch);
  filling_.erase(signatory.agency);
  send(std::move(full));
}

void ImportSender::finish() {
  begin_file(file_);
  while (!under_way_.empty() && !stopped_) receive_one();
}

// A node also says "repeated" of what this very run appended, when its answer was lost on the way and it was sent again.
bool ImportSender::stood_before(const api::Accepted& accepted) const {
  return accepted.repeated && (!begun_at_ || accepted.receipt.place.height <= *begun_at_);
}

void ImportSender::send(Batch batch) {
  if (stopped_ || batch.entries.empty()) return;
  if (next_tag_ == 0) {
    if (const Reply<api::Head> head = client_.head()) begun_at_ = head->header.height;
  }
  while (pipeline_.full() && !stopped_) receive_one();
  if (!stopped_) complete(batch);
  if (stopped_) return;
  std::vector<Operation> operations;
  std::vector<std::uint64_t> records;
  for (const Entry& entry : batch.entries) {
    operations.insert(operations.end(), entry.operations.begin(), entry.operations.end());
    records.push_back(entry.row->record);
  }
  const Signatory& signatory = *batch.signatory;
  const Submission submission = sign_submission(
      ledger_, signatory.agency, signatory.key,
      request_id_of(signatory.agency, batch.file, records, batch.rest), std::move(operations));
  batch.id = submission_id(ledger_, submission.header);
  const std::uint64_t tag = next_tag_++;
  under_way_.emplace(tag, std::move(batch));
  pipeline_.push(tag, encode(submission));
}

// M4. What is refused and sent again is completed again: what it follows on may have been refused, too.
void ImportSender::complete(Batch& batch) {
  ImportPairs pairs(batch.signatory->agency, [this](const SubjectKey& subject) -> std::optional<Standing> {
    while (!under_way_.empty() && !stopped_) receive_one();  // it may be among them
    Reply<api::StandingAnswer> answer = client_.standing(subject);
    return answer ? std::move(answer->standing) : std::nullopt;
  });
  for (Entry& entry : batch.entries) pairs.complete(entry.operations);
}

void ImportSender::receive_one() {
  const std::optional<Pipeline::Done> done = pipeline_.next();
  HUFU_CHECK(done.has_value());
  auto node = under_way_.extract(done->tag);
  Batch batch = std::move(node.mapped());
  done->reply ? accepted(batch, *done->reply) : refused(batch, done->reply.error());
}

void ImportSender::accepted(Batch& batch, const api::Accepted& accepted) {
  const Result<void> checked = check_receipt(ledger_, accepted.receipt);
  if (!checked || accepted.receipt.id() != batch.id) {
    stopped_ = Trouble{.error = checked ? Error::proof_invalid : checked.error(),
                       .what = "a node's receipt does not hold",
                       .next = "report the node to its operator",
                       .exit = kIntegrityAlarm};
    return;
  }
  if (!accepted.certified) uncertified_ += batch.entries.size();
  for (Entry& entry : batch.entries) {
    entry.row->outcome = stood_before(accepted) ? RowOutcome::already : RowOutcome::appended;
    entry.row->height = accepted.receipt.place.height;
    keep_document(entry);
  }
}

void ImportSender::refused(Batch& batch, const Failure& failure) {
  const api::Refusal& refusal = failure.problem.refusal;
  // The id follows from the rows: it can only have been used by an earlier run over the same rows. What differs is the
  // day of a state that the file gives without a day.
  if (refusal.error == Error::request_id_reused) {
    for (Entry& entry : batch.entries) {
      entry.row->outcome = RowOutcome::already;
      keep_document(entry);
    }
    return;
  }
  if (api::is_passing(refusal.error) || api::is_outcome_unknown(refusal.error)) {
    Trouble trouble = trouble_of(failure, session_, "the import stopped before its end");
    trouble.next = "run the same command again: what was appended is not appended twice";
    stopped_ = std::move(trouble);
    return;
  }
  std::map<std::uint32_t, Error> faults;
  for (const api::OperationFault& fault : refusal.faults) faults.emplace(fault.operation, fault.error);
  Batch rest{.signatory = batch.signatory, .file = batch.file, .entries = {}, .rest = true, .id = {}};
  std::uint32_t operation = 0;
  for (Entry& entry : batch.entries) {
    std::optional<Error> error;
    for (std::size_t i = 0; i < entry.operations.size(); ++i, ++operation) {
      const auto fault = faults.find(operation);
      if (fault == faults.end()) continue;
      // That it stands there already says more than what follows from that.
      if (!error || fault->second == Error::inv_duplicate_issue) error = fault->second;
    }
    if (faults.empty()) error = refusal.error;  // at fault as a whole
    if (error) {
      refuse(entry, *error);
    } else {
      rest.entries.push_back(std::move(entry));
    }
  }
  send(std::move(rest));
}

void ImportSender::refuse(Entry& entry, Error error) {
  const bool duplicate = error == Error::lic_duplicate_issue || error == Error::inv_duplicate_issue;
  if (duplicate && stands_with_this_content(entry)) {
    entry.row->outcome = RowOutcome::already;
    return keep_document(entry);
  }
  entry.row->outcome = RowOutcome::refused;
  entry.row->error = error;
  entry.row->why = session_.tr(describe(error).en, describe(error).zh);
}

bool ImportSender::stands_with_this_content(const Entry& entry) {
  // What a node refused as a duplicate it has itself: its own word is enough, and cheap.
  const auto issue = std::find_if(entry.operations.begin(), entry.operations.end(),
                                  [](const Operation& each) { return commitment_in(each) != nullptr; });
  HUFU_CHECK(issue != entry.operations.end());
  const SubjectKey& subject = issue->subject;
  Reply<api::StandingAnswer> answer = client_.standing(subject, api::ReadWish::local);
  if (!answer || !answer->standing) answer = client_.standing(subject);
  if (!answer || !answer->standing) return false;
  const Hash* const recorded = commitment_of(*answer->standing);
  return recorded != nullptr && *recorded == *commitment_in(*issue);
}

void ImportSender::keep_document(const Entry& entry) {
  if (!entry.document) return;
  const std::string path = documents_ + "/" + document_file_name(entry.document->subject);
  // Its salts follow from the agency's key: what a power cut takes, the same import makes again.
  const Try<void> written = write_document(path, *entry.document, Durable::no);
  if (!written) session_.warn(fmt::format("{}: {}", written.error().what, written.error().why));
}

}  // namespace hufu::cli
