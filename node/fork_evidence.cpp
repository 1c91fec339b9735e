#include "node/fork_evidence.hpp"

#include <fstream>

#include "ledger/base/failpoint.hpp"
#include "ledger/proof/fork.hpp"

namespace hufu::node {

namespace {

Result<Fork> fork_of(const LedgerId& ledger, const NodeReader& log, const CertifiedCheckpoint& ours,
                     const Attestation& theirs) {
  Fork fork;
  fork.ledger = ledger;
  fork.a = {theirs.checkpoint, {theirs.cosignature}};
  fork.b = ours;
  const std::uint64_t size = theirs.checkpoint.size;
  if (size == ours.checkpoint.size) return fork;
  const auto root = root_at(log, size);
  if (!root) return root.error();
  auto path = consistency_path(log, size, ours.checkpoint.size);
  if (!path) return path.error();
  fork.split = LogLink{.size = size, .root = *root, .consistency = *std::move(path)};
  return fork;
}

}  // namespace

Result<std::string> keep_fork(const std::filesystem::path& folder, const LedgerId& ledger,
                              const NodeReader& log, const CertifiedCheckpoint& ours,
                              const Attestation& theirs) {
  const auto fork = fork_of(ledger, log, ours, theirs);
  if (!fork) return fork.error();
  const std::filesystem::path path = folder / ("fork-" + std::to_string(theirs.checkpoint.size) + "-" +
                                               std::to_string(theirs.cosignature.member) + ".hufu");
  std::error_code failed;
  if (std::filesystem::exists(path, failed)) return path.string();
  std::filesystem::create_directories(folder, failed);
  // Complete under its name or not there: a reader never sees half of it.
  const std::filesystem::path draft = path.string() + ".part";
  const Bytes bytes = encode_fork(*fork);
  failpoint("evidence.before_write");
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Error::file_unwritable;
  failpoint("evidence.before_rename");
  std::filesystem::rename(draft, path, failed);
  if (failed) return Error::file_unwritable;
  failpoint("evidence.after_rename");
  return path.string();
}

}  // namespace hufu::node
