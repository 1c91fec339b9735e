// hufu genesis new|show
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli {

// A founding document from a draft, from flags, or from a draft that flags add to.
struct GenesisNew {
  std::string draft;  // JSON as `hufu genesis show --json` prints it
  std::string origin;
  std::vector<std::string> provinces;    // 310000=上海市
  std::vector<std::string> authorities;  // code=310000,keys=HEX+HEX+HEX,threshold=2
  std::vector<std::string> agencies;  // code=…,name=…,province=…,key=HEX,types=T1+T2[,from=DAY][,to=DAY]
  std::vector<std::string> nodes;  // id=1,name=…,province=…,log=HEX,cosign=HEX,tls=HEX,peer=H:P,api=H:P
  std::string out;
};
int run(const GenesisNew& options, const Session& session);

struct GenesisShow {
  std::string path;  // empty: that of --genesis
};
int run(const GenesisShow& options, const Session& session);

// The draft's JSON with what the flags add. Every flag at fault is named.
Try<std::string> draft_with_flags(const GenesisNew& options, std::string_view draft, std::uint64_t now_ms);

// Checked whole: all faults in one trouble.
Try<Genesis> checked_genesis(std::string_view draft_json, const std::string& source, const Session& session);

}  // namespace hufu::cli
