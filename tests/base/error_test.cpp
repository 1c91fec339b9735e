#include "ledger/base/error.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace hufu {
namespace {

TEST(Errors, TheTableIsInTheOrderOfPrecedenceAndUnique) {
  std::set<std::string_view> codes;
  int last = 0;
  for (const ErrorInfo& info : all_errors()) {
    EXPECT_GT(static_cast<int>(info.error), last) << info.code;
    last = static_cast<int>(info.error);
    EXPECT_TRUE(codes.insert(info.code).second) << info.code;
    EXPECT_FALSE(info.en.empty() || info.zh.empty()) << info.code;
    EXPECT_FALSE(info.next.empty() || info.next_zh.empty()) << info.code;
    EXPECT_EQ(info.en.find('\n'), std::string_view::npos);
    EXPECT_GT(info.exit, 0) << info.code;
    EXPECT_GE(info.http, 400) << info.code;
  }
}

TEST(Errors, ATypedErrorCarriesItsCode) {
  const Result<int> refused = Error::lic_terminal;
  EXPECT_EQ(code_of(refused.error()), "LIC_TERMINAL");
}

// Every enumerator of the header has a row, whose code is the enumerator in capitals.
TEST(Errors, TheTableHoldsEveryEnumerator) {
  std::ifstream header(HUFU_SOURCE_DIR "/ledger/base/error.hpp");
  ASSERT_TRUE(header);
  std::set<std::string> rows;
  for (const ErrorInfo& info : all_errors()) rows.emplace(info.code);
  std::size_t enumerators = 0;
  for (std::string line; std::getline(header, line);) {
    std::string name;
    int number = 0;
    char equals = 0;
    if (!(std::istringstream(line) >> name >> equals >> number) || equals != '=' || number < 100) continue;
    ++enumerators;
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_TRUE(rows.contains(name)) << name;
  }
  EXPECT_EQ(enumerators, rows.size());
}

}  // namespace
}  // namespace hufu
