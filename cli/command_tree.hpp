// The commands as data: what completion, suggestions and tests read. Made from the very parser that reads the command line,
// so the two cannot differ. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hufu::cli {

struct OptionInfo {
  std::vector<std::string> names;  // "--json", "-q"
  bool takes_value = false;
  std::string summary;
  std::vector<std::string> values;  // where only these are allowed
};

struct CommandInfo {
  std::string name;
  std::string summary;
  std::vector<OptionInfo> options;  // of this command; those of the root are understood everywhere
  std::vector<CommandInfo> commands;
  bool takes_files = false;  // has positional arguments
};

// The words after the program's name walked down the tree as far as they name commands; options and their values are
// passed over.
struct Walk {
  const CommandInfo* command = nullptr;  // the deepest command reached
  std::string path;                      // "hufu node"
  std::optional<std::string> unknown;    // the word where a command was expected and none has that name
};
Walk walk(const CommandInfo& root, std::span<const std::string> words);

std::vector<std::string> command_names(const CommandInfo& command);
// The option names that count at this command: its own and those of the root.
std::vector<std::string> option_names(const CommandInfo& root, const CommandInfo& command);

enum class Shell { bash, zsh, fish };
std::optional<Shell> shell_named(std::string_view name);
// A script for the shell to source.
std::string completion_script(const CommandInfo& root, Shell shell);

}  // namespace hufu::cli
