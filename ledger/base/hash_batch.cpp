#include "ledger/base/hash_batch.hpp"

#include "ledger/base/check.hpp"

#ifdef HUFU_IPSEC_MB
#include <intel-ipsec-mb.h>
#endif

namespace hufu {
namespace {

// Fewer do not fill the lanes.
constexpr std::size_t kWorthIt = 8;

#ifdef HUFU_IPSEC_MB

class Lanes {
 public:
  Lanes() : manager_(alloc_mb_mgr(0)) {
    if (manager_ != nullptr) init_mb_mgr_auto(manager_, nullptr);
  }
  ~Lanes() {
    if (manager_ != nullptr) free_mb_mgr(manager_);
  }
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  bool worth_it() const {
    return manager_ != nullptr && (manager_->features & IMB_FEATURE_SHANI) == 0 &&
           (manager_->features & IMB_FEATURE_AVX2) != 0;
  }
  void hash(std::span<const HashBatch::Question> questions) {
    std::size_t done = 0;
    std::size_t under_way = 0;
    const auto count = [&done](IMB_JOB* job) {
      HUFU_CHECK(job->status == IMB_STATUS_COMPLETED);
      ++done;
    };
    for (const HashBatch::Question& each : questions) {
      if (each.message.empty()) {  // the library takes none
        *each.digest = sha256(each.message);
        continue;
      }
      ++under_way;
      IMB_JOB* job = IMB_GET_NEXT_JOB(manager_);
      job->cipher_mode = IMB_CIPHER_NULL;
      job->cipher_direction = IMB_DIR_ENCRYPT;
      job->chain_order = IMB_ORDER_HASH_CIPHER;
      job->hash_alg = IMB_AUTH_SHA_256;
      job->src = each.message.data();
      job->hash_start_src_offset_in_bytes = 0;
      job->msg_len_to_hash_in_bytes = each.message.size();
      job->auth_tag_output = each.digest->bytes.data();
      job->auth_tag_output_len_in_bytes = Hash::kSize;
      for (job = IMB_SUBMIT_JOB_NOCHECK(manager_); job != nullptr; job = IMB_GET_COMPLETED_JOB(manager_))
        count(job);
    }
    for (IMB_JOB* job = IMB_FLUSH_JOB(manager_); job != nullptr; job = IMB_FLUSH_JOB(manager_)) count(job);
    HUFU_CHECK(done == under_way);
  }

 private:
  IMB_MGR* manager_;
};

#else

class Lanes {
 public:
  static bool worth_it() { return false; }
  static void hash(std::span<const HashBatch::Question> /*questions*/) {}
};

#endif

Lanes& lanes() {
  thread_local Lanes own;
  return own;
}

}  // namespace

void HashBatch::finish() {
  if (questions_.size() >= kWorthIt && lanes().worth_it()) {
    lanes().hash(questions_);
  } else {
    for (const Question& each : questions_) *each.digest = sha256(each.message);
  }
  questions_.clear();
}

std::vector<Hash> EncodedBatch::finish() {
  const ByteSpan all = messages_.bytes();
  std::vector<Hash> digests(ends_.size());
  HashBatch batch;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); begin = ends_[i++])
    batch.add(all.subspan(begin, ends_[i] - begin), digests[i]);
  batch.finish();
  messages_.clear();
  ends_.clear();
  return digests;
}

}  // namespace hufu
