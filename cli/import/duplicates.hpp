// Has this document been read before, and did it say the same?
//
// Holds 32 bytes a document, never the document: SHA-256 prefixes, so that nobody can prepare a file whose records pass for
// each other's duplicates.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hufu::cli::importer {

class Duplicates {
 public:
  enum class Seen : std::uint8_t {
    never,
    same_text,     // letter for letter
    same_content,  // written differently
    conflict,      // the same identity, other content
  };

  Duplicates();

  // `key` is the document's identity, `text` the record as it stands in the file, `content` what it says. Remembers the
  // first of each identity.
  Seen see(std::string_view key, std::string_view text, std::string_view content);

 private:
  struct Slot {
    std::uint64_t key[2] = {0, 0};  // both 0: free
    std::uint64_t text = 0;
    std::uint64_t content = 0;
  };
  Slot& slot_for(std::vector<Slot>& slots, const Slot& wanted) const;
  void grow();

  std::vector<Slot> slots_;  // open addressing, a power of two, at most 3/4 full
  std::size_t used_ = 0;
};

}  // namespace hufu::cli::importer
