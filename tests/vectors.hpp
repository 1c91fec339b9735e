// Other people's test vectors, from the shared folder when that is beside the project, or where HUFU_SHARED says.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace hufu::testing {

inline std::filesystem::path vectors(const std::string& name) {
  const char* const named = std::getenv("HUFU_SHARED");
  const std::filesystem::path folder = named != nullptr ? named : HUFU_SOURCE_DIR "/../shared";
  return folder / "vectors" / name;
}

inline boost::json::value read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str());
}

inline std::string text_of(const boost::json::value& value, const char* name) {
  return std::string(value.at(name).as_string());
}

}  // namespace hufu::testing

#define SKIP_WITHOUT(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << (path) << " not found; set HUFU_SHARED"
