#include "consensus/wire.hpp"

#include "consensus/records.hpp"

namespace hufu::consensus::wire {

namespace {

// Data of all entries, so that a message of many small and one large entry is bounded too.
bool over_append_bound(const std::vector<EntryView>& entries) {
  if (entries.size() <= 1) return false;
  std::size_t total = 0;
  for (const EntryView& entry : entries) total += entry.data.size();
  return total > kMaxAppendBytes;
}

}  // namespace

template <class Archive>
void serialize(Archive& archive, VoteRequest& body, unsigned /*version*/) {
  number(archive, body.term);
  number(archive, body.last_index);
  number(archive, body.last_term);
  archive& body.pre_vote;
}

template <class Archive>
void serialize(Archive& archive, Vote& body, unsigned /*version*/) {
  number(archive, body.term);
  archive& body.granted& body.pre_vote;
}

template <class Archive>
void serialize(Archive& archive, Append& body, unsigned /*version*/) {
  number(archive, body.term);
  number(archive, body.prev_index);
  number(archive, body.prev_term);
  number(archive, body.commit);
  auto entries = bounded<kMaxAppendEntries>(body.entries);
  archive& entries;
  if constexpr (Archive::is_loading::value) {
    if (over_append_bound(body.entries)) archive.fail(Error::oversize);
  }
}

template <class Archive>
void serialize(Archive& archive, AppendResult& body, unsigned /*version*/) {
  number(archive, body.term);
  number(archive, body.rejected);
  number(archive, body.last_index);
}

template <class Archive>
void serialize(Archive& archive, Install& body, unsigned /*version*/) {
  number(archive, body.term);
  archive& body.snapshot;
}

template <class Archive>
void serialize(Archive& archive, Frame& frame, unsigned /*version*/) {
  std::uint8_t version = kVersion;
  archive& version;
  if constexpr (Archive::is_loading::value) {
    if (version != kVersion) return archive.fail(Error::unknown_tag);
  }
  archive& frame.group& frame.from& frame.to& frame.message;
  if constexpr (Archive::is_loading::value) {
    if (frame.from == 0 || frame.to == 0 || frame.from == frame.to) archive.fail(Error::field_invalid);
  }
}

Bytes encode(const Frame& frame) {
  Writer writer;
  if (const auto* append = std::get_if<Append>(&frame.message)) {
    std::size_t total = 0;
    for (const EntryView& entry : append->entries) total += 13 + entry.data.size();
    writer.reserve(64 + total);
  }
  writer& frame;
  return writer.take();
}

std::optional<std::uint64_t> group_of(ByteSpan bytes) {
  Reader reader(bytes);
  std::uint8_t version = 0;
  std::uint64_t group = 0;
  reader& version& group;
  if (reader.error() || version != kVersion) return std::nullopt;
  return group;
}

Result<Frame> decode(ByteSpan bytes) {
  if (bytes.size() > kMaxRaftFrame) return Error::oversize;
  return hufu::decode<Frame>(bytes);
}

}  // namespace hufu::consensus::wire
