#include "tests/readme/transcript.hpp"

#include <sstream>

namespace hufu::readme {
namespace {

constexpr std::string_view kAnything = "…";

// Does the line fit the pattern, in which kAnything stands for any text?
bool fits(std::string_view pattern, std::string_view line) {
  const std::size_t gap = pattern.find(kAnything);
  if (gap == std::string_view::npos) return pattern == line;
  if (!line.starts_with(pattern.substr(0, gap))) return false;
  pattern.remove_prefix(gap + kAnything.size());
  line.remove_prefix(gap);
  for (std::size_t skip = 0; skip <= line.size(); ++skip) {
    if (fits(pattern, line.substr(skip))) return true;
  }
  return false;
}

}  // namespace

std::vector<Step> steps_of(std::string_view page) {
  std::vector<Step> steps;
  std::istringstream lines{std::string(page)};
  std::string line;
  bool inside = false;
  bool continues = false;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.starts_with("```")) {
      inside = !inside && line == "```console";
      continues = false;
    } else if (!inside) {
      continue;
    } else if (line.starts_with("$ ")) {
      steps.push_back({.line = number, .command = line.substr(2), .expected = {}});
      continues = line.ends_with('\\');
    } else if (continues) {
      steps.back().command += "\n" + line;
      continues = line.ends_with('\\');
    } else if (!steps.empty()) {
      steps.back().expected.push_back(line);
    }
  }
  return steps;
}

std::string difference(const std::vector<std::string>& expected, const std::vector<std::string>& printed) {
  std::size_t at = 0;
  bool anything_between = false;
  for (const std::string& pattern : expected) {
    if (pattern == kAnything) {
      anything_between = true;
      continue;
    }
    const std::size_t first = at;
    while (anything_between && at < printed.size() && !fits(pattern, printed[at])) ++at;
    if (at == printed.size()) return "nothing printed for: " + pattern;
    if (!fits(pattern, printed[at])) return "printed: " + printed[first] + "\nexpected: " + pattern;
    ++at;
    anything_between = false;
  }
  if (at < printed.size() && !anything_between) return "not expected: " + printed[at];
  return "";
}

}  // namespace hufu::readme
