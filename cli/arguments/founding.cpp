#include "cli/arguments/families.hpp"
#include "cli/commands/genesis.hpp"
#include "cli/commands/key.hpp"

namespace hufu::cli {
namespace {

void add_key(CommandLine root) {
  CommandLine key = root.group("key", {"keys of agencies and nodes", "机构与节点的密钥"});
  auto [fresh, new_options] =
      key.command<KeyNew>("new", {"make a key and seal it with a passphrase", "生成密钥并以口令加密"});
  fresh.option("FILE", new_options.path, {"the file to make", "要生成的文件"}).required();
  fresh.option("--label", new_options.label, {"whose key it is, for people", "密钥归属说明"}).value("TEXT");
  fresh.passphrase(new_options.passphrase);
  auto [show, show_options] = key.command<KeyShow>("show", {"print the public key", "显示公钥"});
  show.option("FILE", show_options.path, {"the key file", "密钥文件"}).required();
  show.passphrase(show_options.passphrase);
}

void add_genesis(CommandLine root) {
  CommandLine genesis = root.group("genesis", {"the founding document of a ledger", "创世文件"});
  auto [fresh, options] = genesis.command<GenesisNew>(
      "new", {"write a founding document, checked whole", "生成并完整检查创世文件"});
  fresh.option("OUT", options.out, {"the file to make", "要生成的文件"}).required();
  fresh.option("--from", options.draft, {"a draft in JSON", "JSON 草稿"}).value("FILE");
  fresh.option("--origin", options.origin, {"the ledger's name", "账本名称"}).value("NAME");
  fresh.list("--province", options.provinces, {"a founding province", "创始省份"}).value("CODE=NAME");
  fresh
      .list("--authority", options.authorities,
            {"whose keys decide for a founding province, and how many of them",
             "创始省份的管理密钥与须同意的人数"})
      .value("code=,keys=K1+K2,threshold=[,types=A+B]");
  fresh.list("--agency", options.agencies, {"a founding agency", "创始机构"})
      .value("code=,name=,province=,key=,types=T1+T2");
  fresh.list("--member", options.nodes, {"a founding node", "创始节点"})
      .value("id=,name=,province=,log=,cosign=,tls=,peer=,api=");
  auto [show, show_options] =
      genesis.command<GenesisShow>("show", {"show a founding document", "显示创世文件"});
  show.option("FILE", show_options.path, {"the file; else that of --genesis", "创世文件"});
}

}  // namespace

void add_founding(CommandLine root) {
  add_key(root);
  add_genesis(root);
}

}  // namespace hufu::cli
