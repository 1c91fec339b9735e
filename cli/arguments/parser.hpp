// How a family of commands says what may be written on its command line. Behind it stands CLI11, which only parser.cpp
// includes: it costs a compiler seconds a file.
//
// An option's variable lives as long as the parser, within the options of its command.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_tree.hpp"
#include "cli/secrets.hpp"
#include "cli/session.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hufu::cli {

using Run = std::function<int(const Session&)>;

// The same summary for people of both languages.
struct Said {
  const char* english;
  const char* chinese;
};

class OptionLine {
 public:
  explicit OptionLine(CLI::Option& option) : option_(&option) {}
  OptionLine value(const char* name);  // what stands for the value in the help: "FILE"
  OptionLine required();
  OptionLine one_of(std::vector<std::string> values);
  OptionLine between(int lowest, int highest);

 private:
  CLI::Option* option_;
};

class CommandLine {
 public:
  // `chosen` is set to what the command line asks for.
  CommandLine(CLI::App& app, bool chinese, Run& chosen) : app_(&app), chinese_(chinese), chosen_(&chosen) {}

  // The same again for a name that is there: two families may add to one group.
  CommandLine group(const char* name, Said summary);
  CommandLine add(const char* name, Said summary, Run run);
  // No help and no completion lists it.
  void hidden();
  // What a group does when none of its commands is named.
  void otherwise(Run run);
  // A command that runs as run(options, session).
  template <class Options>
  std::pair<CommandLine, Options&> command(const char* name, Said summary, Options initial = {}) {
    const auto options = std::make_shared<Options>(std::move(initial));
    return {add(name, summary, Run([options](const Session& session) { return run(*options, session); })),
            *options};
  }

  // "--name,-n", or a name without dashes for what is told by its place.
  OptionLine option(const char* names, std::string& variable, Said summary);
  OptionLine option(const char* names, int& variable, Said summary);
  OptionLine option(const char* names, unsigned& variable, Said summary);
  OptionLine flag(const char* names, bool& variable, Said summary);
  // May be repeated; each use takes one value, so that what follows stays what it is.
  OptionLine list(const char* names, std::vector<std::string>& values, Said summary);
  // By its place, as many as there are.
  OptionLine words(const char* name, std::vector<std::string>& values, Said summary);
  void passphrase(PassphraseSource& source);

  bool chinese() const { return chinese_; }
  const char* tr(Said said) const { return chinese_ ? said.chinese : said.english; }

 private:
  CLI::App* app_;
  bool chinese_;
  Run* chosen_;
};

}  // namespace hufu::cli
