// Many SHA-256 at once. Messages that do not depend on each other are hashed side by side in the lanes of one core's vector
// registers (intel-ipsec-mb), three to five times as fast as one after the other where the CPU has no instructions for SHA;
// where it has them, where it has no wide registers, and for a few messages, they go through sha256(). Never another digest.
//
//   HashBatch batch;
//   for (…) batch.add(message, digest);
//   batch.finish();
//
// Threads: a batch belongs to one; each thread has lanes of its own.
#pragma once

#include <vector>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"

namespace hufu {

class HashBatch {
 public:
  // Message and digest stay where they are until finish(), which writes the digest.
  void add(ByteSpan message, Hash& digest) { questions_.push_back({message, &digest}); }
  void finish();

  struct Question {
    ByteSpan message;
    Hash* digest;
  };

 private:
  std::vector<Question> questions_;
};

// The same for values: their encodings lie one behind the other until they are hashed.
class EncodedBatch {
 public:
  // One message: the encodings of these, in order.
  template <class... Values>
  void add(const Values&... values) {
    (messages_ & ... & values);
    ends_.push_back(messages_.bytes().size());
  }
  // The digests, in the order of the messages; the batch is empty again.
  std::vector<Hash> finish();

 private:
  Writer messages_;
  std::vector<std::size_t> ends_;
};

}  // namespace hufu
