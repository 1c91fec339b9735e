#include "ledger/checkpoint/checkpoint.hpp"

#include <algorithm>
#include <charconv>

#include "ledger/base/mutant.hpp"

namespace hufu {
namespace {

Signature sign_cosignature(std::string_view body, const SigningKey& key, std::uint64_t time_s) {
  return key.sign(as_bytes(cosignature_message(time_s, body)));
}

// Up to the end of the line, which is taken off *text. Nothing: there is no end.
std::optional<std::string_view> take_line(std::string_view* text) {
  const std::size_t end = text->find('\n');
  if (end == text->npos) return std::nullopt;
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

// Decimal, without sign and leading zero.
std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (std::to_string(size) != text) return std::nullopt;
  return size;
}

NoteSignature note_line(const NoteKey& key, Bytes signature) {
  return {.name = key.name, .key_id = key.id(), .signature = std::move(signature)};
}

}  // namespace

std::string checkpoint_body(std::string_view origin, const Checkpoint& checkpoint) {
  return std::string(origin) + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) +
         "\n";
}

Result<Checkpoint> parse_checkpoint_body(std::string_view origin, std::string_view body) {
  const std::optional<std::string_view> first = take_line(&body);
  const std::optional<std::string_view> second = take_line(&body);
  const std::optional<std::string_view> third = take_line(&body);
  if (!third || !body.empty() || first->empty()) return Error::note_malformed;
  const std::optional<std::uint64_t> size = parse_size(*second);
  const Result<Bytes> root = from_base64(*third);
  if (!size || !root || root->size() != Hash::kSize) return Error::note_malformed;
  if (*first != origin) return Error::foreign_origin;
  Checkpoint checkpoint{.size = *size, .root = {}};
  std::copy(root->begin(), root->end(), checkpoint.root.bytes.begin());
  return checkpoint;
}

Cosignature cosign(std::string_view origin, const Checkpoint& checkpoint, std::uint64_t member,
                   const SigningKey& cosign_key, std::uint64_t time_s) {
  return {.member = member,
          .time_s = time_s,
          .signature = sign_cosignature(checkpoint_body(origin, checkpoint), cosign_key, time_s)};
}

Result<void> check_cosignature(std::string_view origin, const Checkpoint& checkpoint,
                               const PublicKey& cosign_key, const Cosignature& cosignature) {
  const std::string message = cosignature_message(cosignature.time_s, checkpoint_body(origin, checkpoint));
  if (!verify(cosign_key, as_bytes(message), cosignature.signature) && !mutated("cosignature_unchecked"))
    return Error::signature_invalid;
  return {};
}

Result<std::uint64_t> check_certified(std::string_view origin, const RosterStanding& roster,
                                      const CertifiedCheckpoint& certified) {
  const std::vector<Cosignature>& cosignatures = certified.cosignatures;
  const auto not_ascending = [](const Cosignature& a, const Cosignature& b) { return a.member >= b.member; };
  if (std::adjacent_find(cosignatures.begin(), cosignatures.end(), not_ascending) != cosignatures.end()) {
    return Error::not_canonical;
  }
  for (const Cosignature& cosignature : cosignatures) {
    if (find_member(roster, cosignature.member) == nullptr) return Error::proof_invalid;
  }
  std::vector<std::uint64_t> times;
  for (const Cosignature& cosignature : cosignatures) {
    const PublicKey& key = find_member(roster, cosignature.member)->cosign_key;
    if (auto checked = check_cosignature(origin, certified.checkpoint, key, cosignature); !checked) {
      return checked.error();
    }
    times.push_back(cosignature.time_s);
  }
  const std::size_t quorum = roster.quorum() - (mutated("quorum_one_less") ? 1 : 0);
  if (times.size() < quorum) return Error::quorum_missing;
  std::sort(times.begin(), times.end(), std::greater<>());
  return times[quorum - 1];
}

const Member* find_member(const RosterStanding& roster, std::uint64_t id) {
  const auto found = std::find_if(roster.members.begin(), roster.members.end(),
                                  [&](const Member& member) { return member.id == id; });
  return found == roster.members.end() ? nullptr : &*found;
}

NoteKey log_note_key(std::string_view origin, const Member& member) {
  return {.name = std::string(origin), .type = NoteKeyType::ed25519, .key = member.log_key};
}

NoteKey cosign_note_key(const Member& member) {
  return {.name = member.name, .type = NoteKeyType::cosignature_v1, .key = member.cosign_key};
}

Attestation attest(std::string_view origin, const Checkpoint& checkpoint, std::uint64_t member,
                   const SigningKey& log_key, const SigningKey& cosign_key, std::uint64_t time_s) {
  return {.checkpoint = checkpoint,
          .cosignature = cosign(origin, checkpoint, member, cosign_key, time_s),
          .log_signature = log_key.sign(as_bytes(checkpoint_body(origin, checkpoint)))};
}

Result<void> check_attestation(std::string_view origin, const RosterStanding& roster,
                               const Attestation& attestation) {
  const Member* const member = find_member(roster, attestation.cosignature.member);
  if (member == nullptr) return Error::proof_invalid;
  const std::string body = checkpoint_body(origin, attestation.checkpoint);
  if (!verify(member->log_key, as_bytes(body), attestation.log_signature)) return Error::signature_invalid;
  return check_cosignature(origin, attestation.checkpoint, member->cosign_key, attestation.cosignature);
}

std::string checkpoint_note(std::string_view origin, const RosterStanding& roster,
                            const std::vector<Attestation>& attestations) {
  HUFU_CHECK(!attestations.empty());
  std::vector<Attestation> sorted = attestations;
  std::sort(sorted.begin(), sorted.end(), [](const Attestation& a, const Attestation& b) {
    return a.cosignature.member < b.cosignature.member;
  });
  Note note{.text = checkpoint_body(origin, sorted.front().checkpoint), .signatures = {}};
  std::vector<NoteSignature> cosignatures;
  for (const Attestation& attestation : sorted) {
    const Member* const member = find_member(roster, attestation.cosignature.member);
    HUFU_CHECK(member != nullptr && attestation.checkpoint == sorted.front().checkpoint);
    note.signatures.push_back(note_line(log_note_key(origin, *member), to_bytes(attestation.log_signature)));
    const Cosignature& cosignature = attestation.cosignature;
    cosignatures.push_back(
        note_line(cosign_note_key(*member), cosignature_line(cosignature.time_s, cosignature.signature)));
  }
  std::move(cosignatures.begin(), cosignatures.end(), std::back_inserter(note.signatures));
  return format_note(note);
}

Result<CertifiedCheckpoint> open_checkpoint_note(std::string_view origin, const RosterStanding& roster,
                                                 std::string_view text) {
  const Result<Note> note = parse_note(text);
  if (!note) return note.error();
  const Result<Checkpoint> checkpoint = parse_checkpoint_body(origin, note->text);
  if (!checkpoint) return checkpoint.error();
  std::vector<NoteKey> keys;
  for (const Member& member : roster.members) keys.push_back(cosign_note_key(member));
  for (const Member& member : roster.members) keys.push_back(log_note_key(origin, member));
  const auto known = verify_note(*note, keys);
  if (!known) return known.error();

  std::vector<Cosignature> latest(roster.members.size());  // member 0, which does not exist: none
  for (const KnownSignature& line : *known) {
    if (line.key >= latest.size()) continue;  // a plain line
    Cosignature& cosignature = latest[line.key];
    if (cosignature.member != 0 && cosignature.time_s >= line.time_s) continue;
    cosignature = {.member = roster.members[line.key].id, .time_s = line.time_s, .signature = line.signature};
  }
  std::erase_if(latest, [](const Cosignature& cosignature) { return cosignature.member == 0; });
  return CertifiedCheckpoint{.checkpoint = *checkpoint, .cosignatures = std::move(latest)};
}

}  // namespace hufu
