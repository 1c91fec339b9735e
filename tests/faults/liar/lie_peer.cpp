// Lies to other nodes, over their own transport and with a member's TLS key.
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <bit>
#include <cstdio>

#include "consensus/tls_identity.hpp"
#include "consensus/wire.hpp"
#include "node/fetch.hpp"
#include "tests/faults/liar/liar.hpp"

namespace hufu::liar {
namespace {

namespace peer = node::peer;
using consensus::Channel;
using consensus::NodeId;

constexpr auto kEvery = std::chrono::milliseconds(100);
constexpr std::uint64_t kFar = 1'000'000;
constexpr std::uint64_t kAhead = 400;

std::vector<consensus::Peer> peers_of(const Genesis& genesis) {
  std::vector<consensus::Peer> peers;
  for (const Member& member : genesis.roster.members) {
    peers.push_back({member.id, member.tls_key, member.peer.host, member.peer.port});
  }
  return peers;
}

consensus::TransportOptions options_of(const Impostor& impostor) {
  const Member* const self = find_member(impostor.genesis.roster, impostor.member);
  consensus::TransportOptions options;
  options.self = impostor.member;
  options.network = impostor.ledger.genesis;
  options.listen_host = self->peer.host;
  options.listen_port = self->peer.port;
  return options;
}

std::string name_of(const peer::Request& request) {
  static constexpr const char* kNames[] = {"submit", "status", "headers", "blocks", "attestation", "way"};
  return kNames[request.index()];
}

template <class Change>
void change_first(peer::BlocksResponse& response, Change change) {
  Block block = decode<Block>(response.blocks.at(0).bytes).value();
  change(block);
  response.blocks.at(0).bytes = encode(block);
}

}  // namespace

FalsePeer::FalsePeer(boost::asio::io_context& io, Impostor impostor, const store::LedgerStore& store,
                     std::string lie)
    : impostor_(std::move(impostor)),
      store_(store),
      lie_(std::move(lie)),
      transport_(io, impostor_.seeds.tls, peers_of(impostor_.genesis), options_of(impostor_)),
      timer_(io) {}

void FalsePeer::start() {
  transport_.on_frame(
      [this](NodeId from, Channel channel, const Bytes& frame) { came(from, channel, frame); });
  if (const auto started = transport_.start(); !started) give_up(started.error().detail);
  speak_up();
}

void FalsePeer::say(const std::string& what) const {
  std::printf("%s\n", what.c_str());
  std::fflush(stdout);
}

void FalsePeer::came(NodeId from, Channel channel, ByteSpan frame) {
  if (channel != Channel::app_request) return;
  const auto message = decode<peer::Message<peer::Request>>(frame);
  if (!message) return;
  answer(from, message->correlation, message->body);
}

void FalsePeer::answer(NodeId to, std::uint64_t correlation, const peer::Request& request) {
  const bool fetches = std::holds_alternative<peer::HeadersRequest>(request) ||
                       std::holds_alternative<peer::BlocksRequest>(request) ||
                       std::holds_alternative<peer::WayRequest>(request);
  if (!fetches) return;
  say("asked " + name_of(request));
  if (is("fetch.silent")) return;
  peer::Message<peer::Response> message;
  message.correlation = is("fetch.correlation") ? correlation + kFar : correlation;
  message.body = lie_to(request);
  Bytes bytes = encode(message);
  if (is("fetch.truncated")) bytes.resize(bytes.size() / 2);
  if (transport_.send(to, Channel::app_response, std::move(bytes))) say("answered " + name_of(request));
}

peer::Response FalsePeer::lie_to(const peer::Request& request) {
  if (is("fetch.refused")) return peer::refused(Error::not_found);
  if (const auto* asked = std::get_if<peer::HeadersRequest>(&request)) return headers(*asked);
  if (const auto* asked = std::get_if<peer::BlocksRequest>(&request)) return blocks(*asked);
  return way();
}

peer::Response FalsePeer::headers(peer::HeadersRequest request) {
  if (is("headers.other_height")) request.from -= 1;
  peer::Response response = node::answer_headers(store_, request);
  auto* const told = std::get_if<peer::HeadersResponse>(&response);
  if (told == nullptr) return response;
  if (is("headers.none")) told->headers.clear();
  if (is("headers.forged")) told->headers.at(0).state_root.bytes[0] ^= 1;
  if (is("headers.later_forged")) told->headers.at(told->headers.size() / 2).time_ms += 1;
  return response;
}

peer::Response FalsePeer::blocks(peer::BlocksRequest request) {
  if (is("blocks.headers_instead")) return node::answer_headers(store_, {.from = request.from, .count = 1});
  if (is("blocks.out_of_order")) request.from += 1;
  if (is("blocks.beyond")) request.from = store_.head().height;
  peer::Response response = node::answer_blocks(store_, request);
  auto* const told = std::get_if<peer::BlocksResponse>(&response);
  if (told == nullptr) return response;
  if (is("blocks.none")) told->blocks.clear();
  if (is("blocks.undecodable")) told->blocks.at(0).bytes.pop_back();
  // One byte more than a block may have, and still within a frame.
  if (is("blocks.too_large")) told->blocks.assign(1, {Bytes(peer::kBlockBytes + 1)});
  if (is("blocks.operation"))
    change_first(*told, [](Block& block) { block.submissions.at(0).operations.at(0).effective += 1; });
  if (is("blocks.signature"))
    change_first(*told, [](Block& block) { block.submissions.at(0).signature.bytes[7] ^= 1; });
  if (is("blocks.hidden")) {
    change_first(*told, [](Block& block) {
      block.submissions.clear();
      block.header.count = 0;
      block.header.submissions_root = empty_log_root();
    });
  }
  return response;
}

// To a ledger far ahead that nobody else has, and a roster of the liar alone.
peer::Response FalsePeer::way() {
  BlockHeader header = store_.head();
  header.height += kFar;
  const std::vector<Hash> path(std::popcount(header.height));  // any hashes lead to some root
  const Checkpoint log = log_of(header, path).value();
  std::vector<Cosignature> cosignatures{impostor_.cosigned(log)};
  if (is("way.forged")) {
    Cosignature other = cosignatures.front();
    other.member = impostor_.member + 1;
    cosignatures.push_back(other);
  }
  peer::WayResponse way;
  if (is("way.head")) {
    way.head = peer::CertifiedHead{header, path, cosignatures};
    return way;
  }
  RosterStanding alone = impostor_.genesis.roster;
  alone.epoch += 1;
  std::erase_if(alone.members, [this](const Member& each) { return each.id != impostor_.member; });
  Standing standing{};
  standing.detail = alone;
  way.handover = Handover{.header = header,
                          .log_path = path,
                          .cosignatures = cosignatures,
                          .roster = {.key = roster_subject(), .standing = standing, .proof = {}},
                          .consistency = {}};
  return way;
}

// What it says unasked to one node; false: not connected.
bool FalsePeer::speak_to(NodeId to) {
  using consensus::wire::VoteRequest;
  const std::uint64_t epoch = impostor_.genesis.roster.epoch;
  const auto raft = [&](const consensus::wire::Frame& frame) {
    return transport_.send(to, Channel::raft, consensus::wire::encode(frame));
  };
  if (lie_.starts_with("attest.")) {
    peer::Message<peer::Request> message;
    message.body = peer::AttestationRequest{attestation()};
    return transport_.send(to, Channel::app_request, encode(message));
  }
  // A vote of an epoch to come: whoever hears of it asks how the roster got there.
  if (lie_.starts_with("way."))
    return raft({epoch + 1, impostor_.member, to, VoteRequest{.term = 1, .pre_vote = true}});
  if (is("raft.name")) {
    const NodeId other = other_member(to);
    return raft({epoch, other, to, VoteRequest{.term = kFar, .last_index = kFar, .last_term = kFar}});
  }
  if (is("raft.garbage")) return transport_.send(to, Channel::raft, encode(attestation()));
  if (is("app.garbage")) {
    return transport_.send(to, Channel::app_request, encode(attestation())) &&
           transport_.send(to, Channel::app_response, encode(attestation()));
  }
  return false;
}

// Neither the liar nor this one.
NodeId FalsePeer::other_member(NodeId than) const {
  for (const Member& member : impostor_.genesis.roster.members) {
    if (member.id != impostor_.member && member.id != than) return member.id;
  }
  give_up("there is no third member");
}

// Again and again.
void FalsePeer::speak_up() {
  for (const Member& member : impostor_.genesis.roster.members) {
    if (member.id != impostor_.member && speak_to(member.id)) say("told " + std::to_string(member.id));
  }
  timer_.expires_after(kEvery);
  timer_.async_wait([this](const boost::system::error_code& code) {
    if (!code) speak_up();
  });
}

Attestation FalsePeer::attestation() {
  const std::uint64_t size = store_.head().height + 1;
  Checkpoint said{size, root_at(store_, size).value()};
  std::string origin = impostor_.genesis.origin;
  std::uint64_t member = impostor_.member;
  if (is("attest.fork") || is("attest.ahead") || is("attest.future")) said.root.bytes[0] ^= 1;
  if (is("attest.ahead")) said.size += kAhead;
  if (is("attest.future")) said.size += kFar;
  if (is("attest.zero")) said.size = 0;
  if (is("attest.stale")) said = {1, root_at(store_, 1).value()};
  if (is("attest.ledger")) origin += ".elsewhere";
  if (is("attest.name")) member += 1;
  Attestation attestation =
      attest(origin, said, member, impostor_.log_key(), impostor_.cosign_key(), now_s());
  if (is("attest.cosignature")) attestation.cosignature.signature.bytes[7] ^= 1;
  if (is("attest.log_signature")) attestation.log_signature.bytes[7] ^= 1;
  return attestation;
}

std::string identity_pem(const Impostor& impostor) {
  const auto context = consensus::make_tls_context(impostor.seeds.tls, consensus::TlsSide::server_only, {});
  if (!context) give_up("no TLS identity");
  SSL_CTX* const native = (*context)->native_handle();
  const std::unique_ptr<BIO, void (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free_all);
  PEM_write_bio_PrivateKey(out.get(), SSL_CTX_get0_privatekey(native), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_X509(out.get(), SSL_CTX_get0_certificate(native));
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace hufu::liar
