#include "cli/arguments/families.hpp"
#include "cli/arguments/submitting.hpp"
#include "cli/commands/agreement.hpp"
#include "cli/commands/authority.hpp"
#include "cli/commands/decide.hpp"

namespace hufu::cli {
namespace {

template <class Options>
void agency_code(CommandLine& line, Options& options) {
  line.option("CODE", options.code, {"the agency", "机构代码"}).required();
}

void grants(CommandLine& line, const char* name, std::vector<std::string>& values, Said summary) {
  line.list(name, values, summary).value("TYPE:issue,change[:FROM[:TO]]");
}

void add_agency_entries(CommandLine agency) {
  auto [add, options] = agency.command<AgencyAdd>("add", {"propose to register an agency", "提议登记机构"});
  agency_code(add, options);
  add.option("--name", options.name, {"its name", "名称"}).value("TEXT").required();
  add.option("--province", options.province, {"to which it belongs", "所属省份"}).value("CODE").required();
  grants(add, "--grant", options.grants, {"what it may do, may be repeated", "授权，可重复"});
  add.list("--public-key", options.keys, {"a key of its own, may be repeated", "机构公钥，可重复"})
      .value("HEX")
      .required();
  proposing(add, options.propose);
  auto [regrant, regrant_options] =
      agency.command<AgencyRegrant>("regrant", {"propose all its grants anew", "提议更改机构授权"});
  agency_code(regrant, regrant_options);
  regrant.option("--name", regrant_options.name, {"its new name; else as it is", "新名称"}).value("TEXT");
  grants(regrant, "--grant", regrant_options.grants,
         {"what it may do from now on; what is not named is taken away", "新的授权，未列出的即撤销"});
  proposing(regrant, regrant_options.propose);
}

void add_agency_steps(CommandLine agency) {
  const auto step = [&](const char* name, Said summary, AgencyStep taken) {
    auto [line, options] = agency.command<AgencyStepTaken>(name, summary, AgencyStepTaken{.step = taken});
    agency_code(line, options);
    proposing(line, options.propose);
  };
  step("suspend", {"propose to suspend an agency", "提议暂停机构"}, AgencyStep::suspend);
  step("resume", {"propose to let it act again", "提议恢复机构"}, AgencyStep::resume);
  step("withdraw", {"propose to end its authority, with --day as its last", "提议撤回机构授权"},
       AgencyStep::withdraw);
  auto [succeed, options] =
      agency.command<AgencySucceed>("succeed", {"propose who carries on its licenses", "提议承接机构"});
  agency_code(succeed, options);
  succeed.option("--by", options.successor, {"the successor", "承接机构"}).value("CODE").required();
  proposing(succeed, options.propose);
}

void add_agency_keys(CommandLine agency) {
  auto [add, options] = agency.command<AgencyKeyAdd>("key-add", {"propose a new key", "提议新增密钥"});
  agency_code(add, options);
  add.option("--public-key", options.key, {"the new key", "新公钥"}).value("HEX").required();
  grants(add, "--scope", options.scope, {"only this, of what the agency may", "密钥权限范围"});
  add.option("--from", options.from, {"from when on it may sign", "起始时间"}).value("TIME");
  add.option("--to", options.to, {"until when", "终止时间"}).value("TIME");
  proposing(add, options.propose);
  auto [end, end_options] =
      agency.command<AgencyKeyEnd>("key-end", {"propose the end of a key", "提议停用密钥"});
  agency_code(end, end_options);
  end.option("--public-key", end_options.key, {"the key", "公钥"}).value("HEX").required();
  end.option("--compromised-since", end_options.compromised_since,
             {"what it signed from then on is suspect", "自何时起可疑"})
      .value("TIME");
  proposing(end, end_options.propose);
}

void add_recognition(CommandLine root) {
  CommandLine recognition = root.group("recognition", {"what provinces recognise of each other", "跨省互认"});
  auto [text, options] = recognition.command<RecognitionPropose>(
      "propose", {"propose an agreement, first or new text", "提议互认协议"});
  text.option("FILE", options.file, {"the agreement in JSON", "协议 JSON 文件"}).required();
  proposing(text, options.propose);
  auto [end, end_options] = recognition.command<RecognitionEnd>(
      "end", {"one side withdraws, with --day as the last", "单方终止互认"});
  end.option("ISSUER", end_options.issuer, {"the issuing province", "签发省份"}).required();
  end.option("VERIFIER", end_options.verifier, {"the verifying province", "核验省份"}).required();
  proposing(end, end_options.propose);
}

void add_settings(CommandLine root) {
  CommandLine catalogue = root.group("catalogue", {"license types as provinces use them", "证照目录"});
  auto [set, options] =
      catalogue.command<CatalogueSet>("set", {"propose what a type means in a province", "提议目录条目"});
  set.option("FILE", options.file, {"the entry in JSON", "条目 JSON 文件"}).required();
  proposing(set, options.propose);
  CommandLine province = root.group("province", {"a province's authority", "省级管理机构"});
  auto [keys, province_options] =
      province.command<ProvinceSet>("set", {"propose who decides for a province", "提议省级管理密钥"});
  keys.option("CODE", province_options.code, {"the province", "省份"}).required();
  keys.option("--name", province_options.name, {"its new name; else as it is", "新名称"}).value("TEXT");
  keys.list("--public-key", province_options.keys,
            {"an authority's key, all of them", "管理公钥，须全部列出"})
      .value("HEX")
      .required();
  keys.option("--threshold", province_options.threshold, {"how many must agree", "须同意的人数"})
      .value("N")
      .between(1, static_cast<int>(limits::kAuthorityKeys))
      .required();
  keys.list("--grant", province_options.grants,
            {"what it may grant, all of it; never more than now", "可授权范围，须全部列出，只能缩小"})
      .value("TYPE:ACTIONS[:FROM[:TO]]");
  proposing(keys, province_options.propose);
}

void add_decisions(CommandLine root) {
  constexpr Said kDecision = {"its id, or a decision file", "决定编号或决定文件"};
  auto [file, file_options] =
      root.command<ProposeFile>("propose", {"propose a decision from a file", "提议文件中的决定"});
  file.option("FILE", file_options.file, {"a decision file", "决定文件"}).required();
  submitting(file, file_options.submit);
  auto [approve, options] = root.command<ApproveDecision>(
      "approve", {"put your key under a decision; enacts it when it is the last", "同意决定"});
  approve.option("DECISION", options.decision, kDecision).required();
  approve.flag("-y,--yes", options.yes, {"do not ask", "不再询问"});
  approve.flag("--no-enact", options.no_enact, {"leave the enactment to somebody else", "只同意，不生效"});
  submitting(approve, options.submit);
  auto [enact, enact_options] =
      root.command<EnactDecision>("enact", {"put an approved decision into force", "使已同意的决定生效"});
  enact.option("DECISION", enact_options.decision, kDecision).required();
  submitting(enact, enact_options.submit);
  CommandLine decision = root.group("decision", {"decisions of provinces", "省级决定"});
  auto [show, show_options] =
      decision.command<DecisionShow>("show", {"what is decided, and who agreed", "显示决定与同意情况"});
  show.option("DECISION", show_options.decision, kDecision).required();
}

void add_rotation(CommandLine root) {
  CommandLine key = root.group("key", {"keys of agencies and nodes", "机构与节点的密钥"});
  auto [rotate, options] =
      key.command<KeyRotate>("rotate", {"an agency's key brings in the next and ends", "轮换机构密钥"});
  rotate.option("--new", options.next, {"the new key's file, or its public key", "新密钥文件或公钥"})
      .value("FILE|HEX")
      .required();
  rotate.flag("--keep", options.keep, {"the old key stays in force", "保留旧密钥"});
  submitting(rotate, options.submit);
}

}  // namespace

void add_governance(CommandLine root) {
  CommandLine agency = root.group("agency", {"who may issue what", "签发机构"});
  add_agency_entries(agency);
  add_agency_steps(agency);
  add_agency_keys(agency);
  add_recognition(root);
  add_settings(root);
  add_decisions(root);
  add_rotation(root);
}

}  // namespace hufu::cli
