#include "cli/arguments/submitting.hpp"

namespace hufu::cli {

void waiting(CommandLine line, std::string& wait) {
  line.option("--wait", wait,
              {"until a quorum of nodes has cosigned it, or only stored it", "等待多数节点共签，或仅提交"})
      .one_of({kWaits.begin(), kWaits.end()});
}

void signing(CommandLine& line, KeyOptions& key) {
  line.option("--key", key.key, {"the agency's key file", "机构密钥文件"}).value("FILE");
  line.option("--agency", key.agency, {"the agency, when the genesis does not tell", "机构代码"})
      .value("CODE");
  line.passphrase(key.passphrase);
}

void submitting(CommandLine& line, SubmitOptions& options) {
  signing(line, options.key);
  line.option("--day", options.day, {"when it takes effect; else today", "生效日期，默认今天"})
      .value("YYYY-MM-DD");
  line.option("--request-id", options.request_id,
              {"repeat a request whose outcome is unknown", "重发结果未知的请求"})
      .value("HEX");
  waiting(line, options.wait);
}

void proposing(CommandLine& line, ProposeOptions& options) {
  line.option("--out", options.out, {"write the decision to a file for the others", "将决定写入文件"})
      .value("FILE");
  submitting(line, options.submit);
}

void blinding(CommandLine& line, bool& hidden, bool& open) {
  line.flag("--private", hidden,
            {"under a blinded identifier, whatever the catalogue says", "以盲化标识存证"});
  line.flag("--public", open, {"under the real identifier, whatever the catalogue says", "以真实标识存证"});
}

}  // namespace hufu::cli
