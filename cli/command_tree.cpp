#include "cli/command_tree.hpp"

#include <algorithm>

namespace hufu::cli {
namespace {

const OptionInfo* find_option(const CommandInfo& command, std::string_view name) {
  for (const OptionInfo& option : command.options) {
    if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) return &option;
  }
  return nullptr;
}

}  // namespace

Walk walk(const CommandInfo& root, std::span<const std::string> words) {
  Walk walk{.command = &root, .path = root.name, .unknown = std::nullopt};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") return walk;
    if (word.size() > 1 && word.starts_with('-')) {
      const OptionInfo* option = find_option(*walk.command, word);
      if (option == nullptr) option = find_option(root, word);
      if (option != nullptr && option->takes_value) ++i;
      continue;
    }
    if (walk.command->commands.empty()) return walk;
    const auto next = std::find_if(walk.command->commands.begin(), walk.command->commands.end(),
                                   [&](const CommandInfo& command) { return command.name == word; });
    if (next == walk.command->commands.end()) {
      walk.unknown = word;
      return walk;
    }
    walk.command = &*next;
    walk.path += " " + word;
  }
  return walk;
}

std::vector<std::string> command_names(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const CommandInfo& child : command.commands) names.push_back(child.name);
  return names;
}

std::vector<std::string> option_names(const CommandInfo& root, const CommandInfo& command) {
  std::vector<std::string> names;
  const auto add = [&](const CommandInfo& from) {
    for (const OptionInfo& option : from.options)
      names.insert(names.end(), option.names.begin(), option.names.end());
  };
  add(command);
  if (&command != &root) add(root);
  return names;
}

}  // namespace hufu::cli
