// The service's appends: a receipt is given when the quorum has cosigned a checkpoint over it, or says that it has not.
#include "node/node_service.hpp"

namespace hufu::node {
namespace {

// From the commit on; with a quorum of nodes it takes milliseconds.
constexpr std::uint64_t kCertifiedWaitMs = 5'000;

}  // namespace

std::uint64_t NodeService::now_ms() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void NodeService::submit(Bytes submission, std::string address, std::chrono::milliseconds wait, Until until,
                         std::function<void(api::Submitted)> done) {
  if (until == Until::committed) {
    return parts_.core.admission().submit(std::move(submission), address, wait, std::move(done));
  }
  const std::uint64_t deadline_ms = now_ms() + static_cast<std::uint64_t>(wait.count());
  parts_.core.admission().submit(
      std::move(submission), address, wait,
      [self = self_, deadline_ms, done = std::move(done)](api::Submitted submitted) {
        auto* accepted = std::get_if<api::Accepted>(&submitted);
        if (accepted == nullptr || *self == nullptr) return done(std::move(submitted));
        (*self)->certify_receipt(std::move(*accepted), deadline_ms, done);
      });
}

void NodeService::certify_receipt(api::Accepted accepted, std::uint64_t deadline_ms,
                                  const std::function<void(api::Submitted)>& done) {
  const std::uint64_t size = accepted.receipt.place.height + 1;
  const auto& certified = parts_.core.attestor().certified();
  if (certified && certified->checkpoint().size >= size)
    return done(cosigned_receipt(std::move(accepted), true));
  receipts_.add(
      size, std::min(deadline_ms, now_ms() + kCertifiedWaitMs),
      [this, accepted = std::move(accepted), done](bool came) { done(cosigned_receipt(accepted, came)); });
}

// The same receipt, under what the quorum, or at least somebody, has cosigned.
api::Accepted NodeService::cosigned_receipt(api::Accepted accepted, bool certified) {
  const std::uint64_t height = accepted.receipt.place.height;
  std::optional<CertifiedCheckpoint> cosigned =
      certified ? parts_.core.attestor().certified()->cosigned() : parts_.core.attestor().gathered();
  if (!cosigned || cosigned->checkpoint.size <= height) return accepted;
  const std::uint64_t size = cosigned->checkpoint.size;
  if (last_path_.height != height || last_path_.size != size) {
    auto path = inclusion_path(parts_.store, height, size);
    if (!path) {
      damaged(path.error());
      return accepted;
    }
    last_path_ = {.height = height, .size = size, .hashes = *std::move(path)};
  }
  accepted.receipt.log_size = size;
  accepted.receipt.log_root = cosigned->checkpoint.root;
  accepted.receipt.log_path = last_path_.hashes;
  accepted.cosignatures = std::move(cosigned->cosignatures);
  accepted.certified = certified;
  return accepted;
}

void NodeService::on_certified() {
  receipts_.arrived(parts_.core.attestor().certified()->checkpoint().size);
  if (const auto& provable = parts_.core.attestor().provable())
    proofs_.arrived(provable->head.checkpoint.size);
}

void NodeService::tick() {
  receipts_.tick(now_ms());
  proofs_.tick(now_ms());
}

}  // namespace hufu::node
