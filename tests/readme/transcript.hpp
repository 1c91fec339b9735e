// A shell session written into a page for people, as something that can be run and compared.
//
//   transcript := fenced block "```console", whose lines are steps
//   step       := "$ " command, then the lines it prints; a command ending in "\" goes on in the next line
//
// In the expected lines "…" stands for anything inside a line; a line that is only "…" for any number of lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hufu::readme {

struct Step {
  std::size_t line = 0;  // of the command in the page, from 1
  std::string command;
  std::vector<std::string> expected;
};

// All steps of all console blocks, in order.
std::vector<Step> steps_of(std::string_view page);

// Empty if the printed lines are the expected ones, else the first expected line that found no counterpart, or the first
// printed line that nobody expected.
std::string difference(const std::vector<std::string>& expected, const std::vector<std::string>& printed);

}  // namespace hufu::readme
