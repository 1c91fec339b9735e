// Lies to clients: each takes a true answer of the public API and changes one thing in it.
#include <functional>
#include <map>

#include "ledger/trace/trace.hpp"
#include "node/api/wire.hpp"
#include "tests/faults/liar/liar.hpp"

namespace hufu::liar {
namespace {

using Impostors = std::vector<Impostor>;

void spoil(Hash& hash) { hash.bytes[0] ^= 1; }
void spoil(Signature& signature) { signature.bytes[7] ^= 1; }

// Everybody signs it who is in on it.
std::vector<Cosignature> all_sign(const Checkpoint& checkpoint, const Impostors& impostors) {
  std::vector<Cosignature> cosignatures;
  for (const Impostor& each : impostors) cosignatures.push_back(each.cosigned(checkpoint));
  std::sort(cosignatures.begin(), cosignatures.end(),
            [](const Cosignature& a, const Cosignature& b) { return a.member < b.member; });
  return cosignatures;
}

template <class T>
T read(ByteSpan truth) {
  Result<T> value = decode<T>(truth);
  if (!value) give_up("the answer on stdin is not one that this lie is about");
  return *std::move(value);
}

// ---- proofs ----

// A history that ends otherwise: the newest block has another time, and everything above it is computed anew.
void fork(Proof& proof, const Impostors& impostors) {
  proof.evidence.head.time_ms += 1;
  const Result<Checkpoint> other = log_of(proof.evidence.head, proof.evidence.head_path);
  if (!other) give_up("the proof's head leads nowhere");
  proof.evidence.log_root = other->root;
  proof.cosignatures = all_sign(*other, impostors);
}

// The member beside the liar, whose key it does not have.
std::uint64_t other_member(const Impostor& liar) {
  for (const Member& member : liar.genesis.roster.members) {
    if (member.id != liar.member) return member.id;
  }
  give_up("there is no other member");
}

void in_anothers_name(Proof& proof, const Impostors& impostors) {
  proof.cosignatures = all_sign(proof.checkpoint().checkpoint, impostors);
  Cosignature other = proof.cosignatures.front();
  other.member = other_member(impostors.front());
  proof.cosignatures.push_back(other);
  std::sort(proof.cosignatures.begin(), proof.cosignatures.end(),
            [](const Cosignature& a, const Cosignature& b) { return a.member < b.member; });
}

void of_another_ledger(Proof& proof, const Impostors& impostors) {
  Impostors elsewhere = impostors;
  for (Impostor& each : elsewhere) each.genesis.origin += ".elsewhere";
  proof.cosignatures = all_sign(proof.checkpoint().checkpoint, elsewhere);
}

void unsigned_handover(Proof& proof, const Impostors& impostors) {
  const Evidence& evidence = proof.evidence;
  proof.handovers.push_back(
      Handover{.header = evidence.head,
               .log_path = evidence.head_path,
               .cosignatures = all_sign(proof.checkpoint().checkpoint, {impostors.front()}),
               .roster = evidence.subject,
               .consistency = {}});
}

using ProofLie = std::function<void(Proof&, const Impostors&)>;
const std::map<std::string, ProofLie>& proof_lies() {
  static const std::map<std::string, ProofLie> lies{
      {"proof.root", [](Proof& proof, const Impostors&) { spoil(proof.evidence.log_root); }},
      {"proof.state", [](Proof& proof, const Impostors&) { spoil(proof.evidence.head.state_root); }},
      {"proof.cosignature",
       [](Proof& proof, const Impostors&) { spoil(proof.cosignatures.back().signature); }},
      {"proof.one_signs",
       [](Proof& proof, const Impostors& impostors) {
         proof.cosignatures = all_sign(proof.checkpoint().checkpoint, {impostors.front()});
       }},
      {"proof.fork", fork},
      {"proof.name", in_anothers_name},
      {"proof.ledger", of_another_ledger},
      {"proof.handover", unsigned_handover},
      {"proof.signature",
       [](Proof& proof, const Impostors&) { spoil(proof.evidence.operations.at(0).signature); }},
      {"proof.hidden", [](Proof& proof, const Impostors&) { proof.evidence.operations.pop_back(); }},
      {"proof.never",
       [](Proof& proof, const Impostors&) {
         proof.evidence.subject.standing.reset();
         proof.evidence.operations.clear();
       }},
  };
  return lies;
}

// ---- receipts, blocks, the head, checkpoints, traces ----

using Lie = std::function<Bytes(ByteSpan, const Impostors&)>;

template <class T, class Change>
Lie about(Change change) {
  return [change](ByteSpan truth, const Impostors& impostors) {
    T value = read<T>(truth);
    change(value, impostors);
    return encode(value);
  };
}

void signed_by_the_liar(Receipt& receipt, const Impostor& liar) {
  receipt.header.key = liar.log_key().public_key();
  receipt.signature = liar.log_key().sign(signed_bytes(receipt.ledger, receipt.header));
}

// The same size with another root, signed as a node's checkpoint is.
Bytes forked_note(ByteSpan truth, const Impostors& impostors) {
  const Impostor& liar = impostors.front();
  const auto opened = open_checkpoint_note(liar.genesis.origin, liar.genesis.roster, as_text(truth));
  if (!opened) give_up("no checkpoint on stdin");
  Checkpoint other = opened->checkpoint;
  spoil(other.root);
  std::vector<Attestation> attestations;
  for (const Impostor& each : impostors) {
    attestations.push_back(
        attest(each.genesis.origin, other, each.member, each.log_key(), each.cosign_key(), now_s()));
  }
  const std::string note = checkpoint_note(liar.genesis.origin, liar.genesis.roster, attestations);
  return to_bytes(as_bytes(note));
}

const std::map<std::string, Lie>& other_lies() {
  using api::Accepted;
  static const std::map<std::string, Lie> lies{
      {"receipt.signature",
       about<Accepted>([](Accepted& a, const Impostors&) { spoil(a.receipt.signature); })},
      {"receipt.key", about<Accepted>([](Accepted& a, const Impostors& impostors) {
         signed_by_the_liar(a.receipt, impostors.front());
       })},
      {"receipt.place", about<Accepted>([](Accepted& a, const Impostors&) { a.receipt.place.height += 1; })},
      {"receipt.root", about<Accepted>([](Accepted& a, const Impostors&) { spoil(a.receipt.log_root); })},
      {"receipt.one_signs", about<Accepted>([](Accepted& a, const Impostors& impostors) {
         a.cosignatures = all_sign({a.receipt.log_size, a.receipt.log_root}, {impostors.front()});
         a.certified = true;
       })},
      {"block.operation",
       about<Block>([](Block& b, const Impostors&) { b.submissions.at(0).operations.at(0).effective += 1; })},
      {"block.signature",
       about<Block>([](Block& b, const Impostors&) { spoil(b.submissions.at(0).signature); })},
      {"block.time", about<Block>([](Block& b, const Impostors&) { b.header.time_ms += 1; })},
      {"block.hidden", about<Block>([](Block& b, const Impostors&) {
         // Consistent in itself: the header states what is left.
         b.submissions.pop_back();
         b.header.count -= 1;
         b.header.submissions_root = tree_root(submission_leaves(b.submissions));
       })},
      {"head.root", about<api::Head>([](api::Head& h, const Impostors&) { spoil(h.log_root); })},
      {"note.fork", forked_note},
      {"trace.key", about<SignedEntry>([](SignedEntry& entry, const Impostors& impostors) {
         entry.signature = impostors.front().log_key().sign(encode(entry.entry));
       })},
  };
  return lies;
}

}  // namespace

Bytes lie_about(const std::string& lie, ByteSpan truth, const Impostors& impostors) {
  const auto about_proof = proof_lies().find(lie);
  if (about_proof != proof_lies().end()) {
    Result<Proof> proof = decode_proof(truth);
    if (!proof) give_up("no proof on stdin");
    about_proof->second(*proof, impostors);
    return encode_proof(*proof);
  }
  const auto other = other_lies().find(lie);
  if (other == other_lies().end()) give_up("no lie is called " + lie);
  return other->second(truth, impostors);
}

}  // namespace hufu::liar
