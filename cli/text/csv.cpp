#include "cli/text/csv.hpp"

namespace hufu::cli::text {
namespace {

bool is_formula(std::string_view text) {
  constexpr std::string_view kBegins = "=+-@";
  if (text.empty() || kBegins.find(text.front()) == std::string_view::npos) return false;
  const bool number = text.size() > 1 && text.front() == '-' &&
                      text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
  return !number;
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string out = is_formula(text) ? "'" : "";
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return out.append(text);
  out.insert(out.begin(), '"');
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    line += csv_cell(cell);
  }
  return line + "\r\n";
}

}  // namespace hufu::cli::text
