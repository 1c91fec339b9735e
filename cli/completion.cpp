// Completion scripts, one case a command: what may follow it, and which options it knows.
#include <fmt/format.h>

#include <functional>

#include "cli/command_tree.hpp"

namespace hufu::cli {
namespace {

// Every command with its path ("hufu node start"), the root first.
void each_command(const CommandInfo& command, const std::string& path,
                  const std::function<void(const CommandInfo&, const std::string&)>& visit) {
  visit(command, path);
  for (const CommandInfo& child : command.commands) each_command(child, path + " " + child.name, visit);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// Inside single quotes for a shell.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Options whose next word is theirs, as a shell pattern: --lang|--node
std::string value_pattern(const CommandInfo& root) {
  std::string pattern;
  each_command(root, root.name, [&](const CommandInfo& command, const std::string&) {
    for (const OptionInfo& option : command.options) {
      if (!option.takes_value) continue;
      for (const std::string& name : option.names) pattern += (pattern.empty() ? "" : "|") + name;
    }
  });
  return pattern.empty() ? "--" : pattern;
}

std::string bash_script(const CommandInfo& root) {
  std::string commands;
  std::string options;
  each_command(root, root.name, [&](const CommandInfo& command, const std::string& path) {
    commands +=
        fmt::format("    {}) commands={} ;;\n", shell_word(path), shell_word(joined(command_names(command))));
    options += fmt::format("    {}) options={} ;;\n", shell_word(path),
                           shell_word(joined(option_names(root, command))));
  });
  std::string values;
  each_command(root, root.name, [&](const CommandInfo& command, const std::string&) {
    for (const OptionInfo& option : command.options) {
      if (option.values.empty()) continue;
      for (const std::string& name : option.names) {
        values += fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$word\")); return ;;\n", name,
                              shell_word(joined(option.values)));
      }
    }
  });
  return fmt::format(
      R"SCRIPT(# bash completion for hufu; put it into ~/.local/share/bash-completion/completions/hufu
_hufu() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local path=hufu commands options i
  COMPREPLY=()
  case "$before" in
{0}    *) ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${{COMP_WORDS[i]}}" in
      {1}) i=$((i + 1)); continue ;;
      -*) continue ;;
    esac
    case "$path" in
{2}    *) commands= ;;
    esac
    case " $commands " in
      *" ${{COMP_WORDS[i]}} "*) path="$path ${{COMP_WORDS[i]}}" ;;
      *) break ;;
    esac
  done
  case "$path" in
{2}    esac
  case "$path" in
{3}    esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -n $commands ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _hufu hufu
)SCRIPT",
      values, value_pattern(root), commands, options);
}

std::string zsh_script(const CommandInfo& root) {
  std::string cases;
  each_command(root, root.name, [&](const CommandInfo& command, const std::string& path) {
    std::string described;
    for (const CommandInfo& child : command.commands) {
      described += fmt::format(" {}", shell_word(child.name + ":" + child.summary));
    }
    std::string options;
    const auto add = [&](const CommandInfo& from) {
      for (const OptionInfo& option : from.options) {
        for (const std::string& name : option.names)
          options += fmt::format(" {}", shell_word(name + ":" + option.summary));
      }
    };
    add(command);
    if (&command != &root) add(root);
    cases += fmt::format("    {}) commands=({}) options=({}) ;;\n", shell_word(path), described, options);
  });
  return fmt::format(R"SCRIPT(#compdef hufu
# zsh completion for hufu; put it as _hufu into a folder of $fpath
_hufu_at() {{
  case "$1" in
{0}    *) commands=() options=() ;;
  esac
}}
_hufu() {{
  local path_=hufu i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$words[i]" in
      {1}) i=$((i + 1)); continue ;;
      -*) continue ;;
    esac
    _hufu_at "$path_"
    if (( ${{commands[(I)$words[i]:*]}} )); then path_="$path_ $words[i]"; else break; fi
  done
  _hufu_at "$path_"
  if [[ $words[CURRENT] == -* ]]; then
    _describe 'option' options
  elif (( $#commands )); then
    _describe 'command' commands
  else
    _files
  fi
}}
if [ "$funcstack[1]" = _hufu ]; then _hufu "$@"; else compdef _hufu hufu; fi
)SCRIPT",
                     cases, value_pattern(root));
}

std::string fish_script(const CommandInfo& root) {
  std::string out = R"SCRIPT(# fish completion for hufu; put it into ~/.config/fish/completions/hufu.fish
function __hufu_at
    set -l words
    set -l skip 0
    for word in (commandline -opc)
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
)SCRIPT";
  std::string names = value_pattern(root);
  for (char& c : names) {
    if (c == '|') c = ' ';
  }
  out += fmt::format("            case {}\n                set skip 1\n", names);
  out += R"SCRIPT(            case '-*'
            case '*'
                set -a words $word
        end
    end
    string match -q -- "$argv" "$words"
end
complete -c hufu -f
)SCRIPT";
  each_command(root, root.name, [&](const CommandInfo& command, const std::string& path) {
    for (const CommandInfo& child : command.commands) {
      out += fmt::format("complete -c hufu -n {} -a {} -d {}\n", shell_word("__hufu_at " + path), child.name,
                         shell_word(child.summary));
    }
    const std::string at =
        shell_word(command.commands.empty() ? "__hufu_at '" + path + "*'" : "__hufu_at " + path);
    if (command.takes_files) out += fmt::format("complete -c hufu -n {} -F\n", at);
    for (const OptionInfo& option : command.options) {
      std::string line = &command == &root ? "complete -c hufu" : fmt::format("complete -c hufu -n {}", at);
      for (const std::string& name : option.names) {
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (option.takes_value)
        line += option.values.empty() ? " -r -F" : " -x -a " + shell_word(joined(option.values));
      out += fmt::format("{} -d {}\n", line, shell_word(option.summary));
    }
  });
  return out;
}

}  // namespace

std::optional<Shell> shell_named(std::string_view name) {
  if (name == "bash") return Shell::bash;
  if (name == "zsh") return Shell::zsh;
  if (name == "fish") return Shell::fish;
  return std::nullopt;
}

std::string completion_script(const CommandInfo& root, Shell shell) {
  switch (shell) {
    case Shell::bash:
      return bash_script(root);
    case Shell::zsh:
      return zsh_script(root);
    case Shell::fish:
      return fish_script(root);
  }
  return {};
}

}  // namespace hufu::cli
