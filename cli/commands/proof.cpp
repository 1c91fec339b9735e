#include "cli/commands/proof.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>

#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/offline/qr.hpp"
#include "cli/proof_file.hpp"
#include "cli/text/width.hpp"
#include "cli/verification.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kPixelsPerModule = 8;

Try<std::uint64_t> size_of(const std::string& text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || (error == std::errc() && end == text.data() + text.size())) return size;
  return Trouble{.error = Error::usage,
                 .what = fmt::format("--since {} is no number", text::printable(text)),
                 .next = "it is the size of a log of blocks, as hufu trust show tells it"};
}

// Who asks: a node, from the founding document on.
Try<CheckedProof> proof_of(const std::string& id, const api::ProofWish& wish, const Session& session) {
  const Try<SubjectKey> subject = subject_of(id);
  if (!subject) return subject.error();
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return genesis.error();
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return client.error();
  return fetch_proof(**client, founding_anchor(*genesis), *subject, wish, session);
}

// A proof file makes its compact form under the roster that its handovers lead to.
Try<CheckedProof> checked_file(Proof proof, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return genesis.error();
  ProofFinding finding = check_proof(founding_anchor(*genesis), proof);
  return CheckedProof{.proof = std::move(proof), .finding = std::move(finding)};
}

// The compact proof of what was named: a file that holds one, a proof file, or an identifier to ask for.
Try<CompactProof> compact_of(const std::string& what, const Session& session) {
  std::error_code ignored;
  std::optional<Proof> proof;
  if (what == "-" || fs::exists(what, ignored)) {
    Try<offline::Presented> presented = read_proof(what);
    if (!presented) return presented.error();
    if (auto* const compact = std::get_if<CompactProof>(&*presented)) return std::move(*compact);
    proof = std::move(std::get<Proof>(*presented));
  }
  const Try<CheckedProof> checked =
      proof ? checked_file(std::move(*proof), session) : proof_of(what, {}, session);
  if (!checked) return checked.error();
  Result<CompactProof> compact = make_compact(checked->proof, checked->finding.roster);
  if (compact) return std::move(*compact);
  Trouble trouble{.error = compact.error(), .what = fmt::format("{} has no compact form", what)};
  if (compact.error() == Error::not_found)
    trouble.why = "it shows what stands; that nothing stands is shown by a proof file";
  return trouble;
}

// Nothing is handed out that a reader could not read again.
bool reads_again(const offline::Picture& picture, const std::string& text) {
  const Result<std::string> read = offline::read_code(picture, kCompactPrefix);
  return read && *read == text;
}

}  // namespace

Try<void> write_proof(const std::string& path, ByteSpan content) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    const Try<Bytes> there = read_file(path, kProofBytes);
    if (!there || offline::form_of(*there) != offline::Form::proof_file)
      return file_trouble(Error::already_exists, path);
  }
  return replace_file(path, content, 0644);
}

int run(const ProofGet& options, const Session& session) {
  const Try<std::uint64_t> since = size_of(options.since);
  if (!since) return session.fail(since.error());
  if (const Try<void> known = check_provinces(options.verifiers); !known) return session.fail(known.error());
  const Try<CheckedProof> checked =
      proof_of(options.id, {.since = *since, .verifiers = options.verifiers}, session);
  if (!checked) return session.fail(checked.error());
  const Evidence& evidence = checked->proof.evidence;
  const std::string path = options.out.empty() ? evidence.subject.key.id + ".hufu" : options.out;
  const Bytes file = encode_proof(checked->proof);
  if (const Try<void> written = write_proof(path, file); !written) return session.fail(written.error());
  const std::string as_of = api::moment_text(checked->finding.time_s * 1000);
  if (session.options().json) {
    session.print_json(json::object{{"file", path},
                                    {"subject", evidence.subject.key.text()},
                                    {"present", evidence.subject.standing.has_value()},
                                    {"bytes", file.size()},
                                    {"height", api::number_json(evidence.head.height)},
                                    {"asOf", as_of},
                                    {"cosignatures", checked->proof.cosignatures.size()},
                                    {"exit", kOk}});
    return kOk;
  }
  text::Table table;
  table.add({std::string(session.tr("proof", "证明文件")), path});
  table.add({std::string(session.tr("subject", "标识")), evidence.subject.key.text()});
  table.add({std::string(session.tr("as of", "证明时点")),
             fmt::format("{}, block {}, cosigned by {} of {} nodes", as_of, evidence.head.height,
                         checked->proof.cosignatures.size(), checked->finding.roster.members.size())});
  table.add({std::string(session.tr("bytes", "字节")), text::grouped(file.size())});
  session.print(table.str());
  return kOk;
}

int run(const ProofInspect& options, const Session& session) {
  const Try<offline::Presented> presented = read_proof(options.path);
  if (!presented) return session.fail(presented.error());
  if (session.options().json) {
    session.print_json(to_json(*presented));
    return kOk;
  }
  const Try<Genesis> genesis = load_genesis(session);  // for the nodes' names, if it is at hand
  session.print(people_text(*presented, genesis ? &genesis->roster : nullptr, session));
  session.say(session.tr("this is what it says; hufu verify checks whether it holds",
                         "以上为文件自述；是否成立请用 hufu verify 核验"));
  return kOk;
}

int run(const ProofQr& options, const Session& session) {
  const Try<CompactProof> compact = compact_of(options.what, session);
  if (!compact) return session.fail(compact.error());
  const std::string text = compact_text(*compact);
  if (options.text) {
    session.print(text + "\n");
    return kOk;
  }
  const Result<offline::QrCode> code = offline::make_qr(text);
  if (!code) return session.fail({.error = code.error(), .what = "no QR code can hold it"});
  const offline::Picture picture = offline::draw(*code, kPixelsPerModule);
  if (!reads_again(picture, text)) {
    return session.fail({.error = Error::image_unreadable, .what = "the QR code could not be read again"});
  }
  if (!options.png.empty()) {
    const Try<void> written = replace_file(options.png, offline::write_png(picture), 0644);
    if (!written) return session.fail(written.error());
  }
  if (!options.svg.empty()) {
    const Try<void> written = replace_file(options.svg, as_bytes(offline::qr_svg(*code)), 0644);
    if (!written) return session.fail(written.error());
  }
  if (session.options().json) {
    session.print_json(json::object{{"text", text}, {"modules", code->side}, {"exit", kOk}});
  } else if (options.png.empty() && options.svg.empty()) {
    session.print(offline::qr_characters(*code));
  }
  session.say(
      fmt::format(fmt::runtime(session.tr("{} characters, {} × {} modules", "{} 个字符，{} × {} 模块")),
                  text.size(), code->side, code->side));
  return kOk;
}

}  // namespace hufu::cli
