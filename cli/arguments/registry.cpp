#include "cli/commands/registry.hpp"

#include "cli/arguments/families.hpp"

namespace hufu::cli {
namespace {

void add_form(CommandLine& line, ListForm& form) {
  line.flag("--csv", form.csv, {"as CSV, for a spreadsheet", "以 CSV 输出"});
  line.option("--proofs", form.proofs,
              {"write a proof of each entry into this folder", "在此目录为每一项写出证明文件"})
      .value("DIR");
}

template <class List>
void add_list(CommandLine group, Said summary) {
  auto [list, options] = group.command<List>("list", summary);
  add_form(list, options.form);
}

}  // namespace

void add_registry(CommandLine root) {
  add_list<AgencyList>(root.group("agency", {"who may issue what", "签发机构"}),
                       {"all agencies with what they are granted", "列出全部机构及其授权"});
  CommandLine catalogue = root.group("catalogue", {"license types as provinces use them", "证照目录"});
  add_list<CatalogueList>(catalogue, {"all license types", "列出全部证照类型"});
  const auto all = std::make_shared<CatalogueList>();
  add_form(catalogue, all->form);
  catalogue.otherwise([all](const Session& session) { return run(*all, session); });
  add_list<RecognitionList>(root.group("recognition", {"what provinces recognise of each other", "跨省互认"}),
                            {"all agreements between provinces", "列出全部互认协议"});
}

}  // namespace hufu::cli
