#include "cli/commands/key.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

void show(const KeyFile& key, const std::string& path, const Session& session) {
  const std::string public_key = to_hex(SigningKey(key.seed).public_key());
  if (session.options().json) {
    return session.print_json(json::object{{"file", path}, {"label", key.label}, {"publicKey", public_key}});
  }
  text::Table table;
  table.add({std::string(session.tr("file", "文件")), path});
  table.add({std::string(session.tr("label", "标签")), text::printable(key.label)});
  table.add({std::string(session.tr("public key", "公钥")), public_key});
  session.print(table.str());
}

}  // namespace

int run(const KeyNew& options, const Session& session) {
  std::error_code ignored;
  // Looked at before anyone types a passphrase; the write itself refuses to overwrite.
  if (std::filesystem::exists(options.path, ignored)) {
    return session.fail(file_trouble(Error::already_exists, options.path, "the key file"));
  }
  const Try<std::string> phrase = new_passphrase(options.passphrase, session);
  if (!phrase) return session.fail(phrase.error());
  const KeyFile key{.label = options.label, .seed = random_seed()};
  const Result<void> written = write_key_file(options.path, key.label, key.seed, *phrase);
  if (!written) return session.fail(file_trouble(written.error(), options.path, "the key file"));
  show(key, options.path, session);
  session.say(session.tr("keep the file and its passphrase apart; without either the key is lost",
                         "请将密钥文件与口令分开保管；缺一即无法恢复"));
  return kOk;
}

int run(const KeyShow& options, const Session& session) {
  const Try<KeyFile> key = open_key(options.path, options.passphrase, session);
  if (!key) return session.fail(key.error());
  show(*key, options.path, session);
  return kOk;
}

}  // namespace hufu::cli
