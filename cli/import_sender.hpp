// Sends the records of an import: grouped by agency into submissions, several under way, every row's outcome found out.
//
// Invariants
//   M1  a submission's request id follows from agency, file and rows alone: running an import again appends nothing twice
//   M2  rows that the ledger refuses keep no other row out: they are taken out by name and the rest is sent again
//   M3  a row is told as appended only after its receipt was checked
//   M4  what follows on another record of the agency travels with its other half (import_pairs.hpp)
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/import_row.hpp"
#include "cli/keyring.hpp"
#include "cli/records.hpp"

namespace hufu::cli {

class ImportSender {
 public:
  static constexpr std::size_t kRowsPerSubmission = 1'000;
  static constexpr std::size_t kWindow = 8;

  // `documents`: folder for the holders' files; empty: none are written.
  ImportSender(Client& client, LedgerId ledger, std::string documents, api::WaitWish wait,
               const Session& session);
  ~ImportSender();

  // From here on rows are of this file. Sends what is left of the one before.
  void begin_file(const Hash& digest);
  // Takes the row over; its outcome is filled in later, before `done` is called, in the order in which rows were given.
  void add(std::shared_ptr<ImportRow> row, const Signatory& signatory, PreparedRecord record);
  // Sends what is left and waits for everything.
  void finish();
  // Why no more is sent; the rows that are open then stay pending.
  const std::optional<Trouble>& stopped() const { return stopped_; }
  // Rows that stand on the ledger, but were answered before the quorum had cosigned it.
  std::size_t uncertified() const { return uncertified_; }

 private:
  struct Entry {
    std::shared_ptr<ImportRow> row;
    std::vector<Operation> operations;
    std::optional<Document> document;  // where it is to be kept
  };
  struct Batch {
    const Signatory* signatory = nullptr;
    Hash file;
    std::vector<Entry> entries;
    bool rest = false;  // what a refused one left over
    Hash id;            // of the submission, once sent
  };

  void send(Batch batch);
  void complete(Batch& batch);
  bool stood_before(const api::Accepted& accepted) const;
  void receive_one();
  void accepted(Batch& batch, const api::Accepted& accepted);
  void refused(Batch& batch, const Failure& failure);
  void refuse(Entry& entry, Error error);
  bool stands_with_this_content(const Entry& entry);
  void keep_document(const Entry& entry);

  Client& client_;
  LedgerId ledger_;
  std::string documents_;
  const Session& session_;
  Pipeline pipeline_;
  Hash file_;
  std::map<std::string, Batch> filling_;      // by agency
  std::map<std::uint64_t, Batch> under_way_;  // by tag
  std::uint64_t next_tag_ = 0;
  std::optional<std::uint64_t> begun_at_;  // the ledger's height when the first submission left
  std::size_t uncertified_ = 0;
  std::optional<Trouble> stopped_;
};

}  // namespace hufu::cli
