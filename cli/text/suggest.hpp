// "did you mean …": the nearest of the names that exist. Pure, but for nearest_file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hufu::cli::text {

// Insertions, deletions, substitutions and swaps of neighbours, in bytes; ASCII letters without regard to case.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest candidate, if it is near enough to be meant: at most a third of the characters differ, or the candidate
// begins with the word (of 2 characters or more). The first of equals.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// The file in the same folder whose name is nearest to that of a path which does not exist, as a path written alike.
std::optional<std::string> nearest_file(const std::string& path);

}  // namespace hufu::cli::text
