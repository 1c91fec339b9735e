// How the records that are both stored and sent are written. Pure.
//
//   hard      := u64 term, u64 vote
//   entry     := u64 term, u8 kind, u32 length, data                     length <= kMaxEntryBytes
//   member    := u64 id, string address                                  address <= kMaxAddressBytes, no NUL
//   members   := list of member                                          <= kMaxMembers, ids rising, none 0
//   snapshot  := u64 index, u64 term, u64 members_index, members, string pointer   pointer <= kMaxSnapshotPointer
//
// Terms and indexes stay below kMaxNumber, so that sums of a few of them never wrap.
#pragma once

#include "consensus/limits.hpp"
#include "consensus/log_store.hpp"
#include "ledger/base/codec.hpp"

namespace hufu::consensus {

inline constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 62;

// A term or an index.
template <class Archive>
void number(Archive& archive, std::uint64_t& value) {
  archive& value;
  if constexpr (Archive::is_loading::value) {
    if (value > kMaxNumber) archive.fail(Error::field_invalid);
  }
}

template <class Archive>
void serialize(Archive& archive, HardState& hard, unsigned /*version*/) {
  number(archive, hard.term);
  archive& hard.vote;
}

// Loading leaves a view into the input.
template <class Archive>
void serialize(Archive& archive, EntryView& entry, unsigned /*version*/) {
  number(archive, entry.term);
  auto length = static_cast<std::uint32_t>(entry.data.size());
  archive& entry.kind& length;
  if constexpr (Archive::is_loading::value) {
    if (length > kMaxEntryBytes) return archive.fail(Error::too_long);
    entry.data = archive.raw(length);
  } else {
    archive.raw(entry.data);
  }
}

template <class Archive>
void serialize(Archive& archive, Member& member, unsigned /*version*/) {
  auto address = bounded<kMaxAddressBytes>(member.address);
  archive& member.id& address;
}

inline bool well_formed(const std::vector<Member>& members) {
  NodeId before = 0;
  for (const Member& member : members) {
    if (member.id <= before || member.address.find('\0') != std::string::npos) return false;
    before = member.id;
  }
  return !members.empty() && members.size() <= kMaxMembers;
}

template <class Archive>
void serialize(Archive& archive, Snapshot& snapshot, unsigned /*version*/) {
  number(archive, snapshot.index);
  number(archive, snapshot.term);
  number(archive, snapshot.members_index);
  auto members = bounded<kMaxMembers>(snapshot.members);
  auto pointer = bounded<kMaxSnapshotPointer>(snapshot.pointer);
  archive& members& pointer;
  if constexpr (Archive::is_loading::value) {
    if (!archive.error() && !well_formed(snapshot.members)) archive.fail(Error::field_invalid);
  }
}

}  // namespace hufu::consensus
