#include "cli/trust_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.hpp"
#include "cli/ledger_access.hpp"

namespace hufu::cli {
namespace {

Trouble not_a_trust_file(const std::string& path) {
  return {.error = Error::unknown_tag,
          .what = fmt::format("{} is a founding document, not a trust file", path),
          .why = "a founding document remembers nothing",
          .next = fmt::format("hufu trust pin FILE --genesis {}", path),
          .exit = kLocal};
}

constexpr std::size_t kTrustBytes = 64U << 20;

}  // namespace

Try<offline::TrustSource> read_trust_source(const std::string& path) {
  const Try<Bytes> content = read_file(path, kTrustBytes);
  if (!content) return content.error();
  Result<offline::TrustSource> source = offline::read_trust(*content);
  if (!source) {
    Trouble trouble = file_trouble(source.error(), path, "the trust file");
    trouble.next = "a trust file is made by hufu trust pin; a genesis file will do too";
    return trouble;
  }
  return std::move(*source);
}

Try<offline::TrustSource> read_remembering(const std::string& path) {
  Try<offline::TrustSource> source = read_trust_source(path);
  if (source && !source->remembers) return not_a_trust_file(path);
  return source;
}

Try<offline::TrustSource> trust_of(const std::string& path, const Session& session) {
  if (!path.empty()) return read_trust_source(path);
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return genesis.error();
  return trust_in(*genesis);
}

offline::TrustSource trust_in(const Genesis& genesis) {
  return offline::read_trust(encode_genesis(genesis)).value();
}

Try<void> save_trust(const std::string& path, const offline::TrustSource& source) {
  if (!source.remembers) return {};
  return replace_file(path, encode_trust(source.trust), 0644);
}

Try<std::string> write_evidence(const std::string& trust_path, const Fork& fork) {
  const Bytes content = encode_fork(fork);
  const std::string name =
      fmt::format("fork-{}-{}.evidence", fork.a.checkpoint.size, to_hex(sha256(content)).substr(0, 12));
  const std::string path = (std::filesystem::path(trust_path).parent_path() / name).string();
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return path;  // named by its content
  const Try<void> written = write_new_file(path, content, 0644);
  if (!written) return written.error();
  return path;
}

Try<void> learn(const std::string& trust_path, const offline::TrustSource& source,
                const offline::Verified& verified, const Session& session) {
  if (!verified.remembered) return {};
  if (!verified.remembered->fork) return save_trust(trust_path, source);
  const Try<std::string> evidence = write_evidence(trust_path, *verified.remembered->fork);
  if (!evidence) return evidence.error();
  session.warn(fmt::format(
      fmt::runtime(session.tr("two histories of {} were shown; the evidence is {}; see who signed both with "
                              "hufu audit evidence {}",
                              "{} 出现两份不同的历史；证据文件：{}；查看双签者：hufu audit evidence {}")),
      verified.origin, *evidence, *evidence));
  return {};
}

}  // namespace hufu::cli
