// Every code is explained, in both languages, and the document says what the program says.
#include "cli/codes.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "cli/commands/about.hpp"

namespace hufu::cli {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream in(std::string(HUFU_SOURCE_DIR) + "/" + path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string explained(const std::string& code, const std::string& language) {
  GlobalOptions options;
  options.language = language;
  options.color = "never";
  ::testing::internal::CaptureStdout();
  const int exit = run(Explain{.code = code, .markdown = false}, Session(options));
  const std::string text = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(exit, kOk) << code;
  return text;
}
void expect_in(const std::string& text, std::string_view part) {
  EXPECT_FALSE(part.empty()) << text;
  EXPECT_NE(text.find(part), std::string::npos) << "no \"" << part << "\" in\n" << text;
}

TEST(Codes, TheDocumentIsWhatTheProgramPrints) {
  EXPECT_EQ(content_of("docs/CODES.md"), codes_markdown())
      << "make it again: hufu explain --markdown > docs/CODES.md";
}

TEST(Codes, EveryReasonOfTheHeaderIsThere) {
  const std::string header = content_of("ledger/proof/reason.hpp");
  const std::size_t begin = header.find("enum class Reason");
  std::istringstream lines(header.substr(begin, header.find("};", begin) - begin));
  std::set<std::string> codes;
  for (const Reason reason : all_reasons())
    EXPECT_TRUE(codes.emplace(code_of(reason)).second) << code_of(reason);
  std::size_t enumerators = 0;
  for (std::string line; std::getline(lines, line);) {
    std::string name = line.substr(0, line.find(','));
    name.erase(0, name.find_first_not_of(' '));
    if (line.find(',') == std::string::npos ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos)
      continue;
    ++enumerators;
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_TRUE(codes.contains(name)) << name;
  }
  EXPECT_EQ(enumerators, codes.size());
}

TEST(Codes, EveryErrorIsExplainedInBothLanguages) {
  for (const ErrorInfo& info : all_errors()) {
    for (const bool chinese : {false, true}) {
      const std::string text = explained(std::string(info.code), chinese ? "zh" : "en");
      expect_in(text, chinese ? info.zh : info.en);
      expect_in(text, chinese ? info.next_zh : info.next);
      expect_in(text, std::to_string(info.exit));
    }
  }
}

TEST(Codes, EveryReasonIsExplainedInBothLanguages) {
  for (const Reason reason : all_reasons()) {
    const ReasonInfo& info = describe(reason);
    const Advice& advice = advice_for(reason);
    for (const bool chinese : {false, true}) {
      const std::string text = explained(std::string(info.code), chinese ? "zh" : "en");
      expect_in(text, chinese ? info.zh : info.en);
      expect_in(text, chinese ? advice.zh : advice.en);
      expect_in(text, std::to_string(exit_of(reason)));
    }
  }
}

TEST(Codes, AReasonsExitIsThatOfAVerificationThatGivesItAlone) {
  EXPECT_EQ(exit_of(Reason::expired), kRefused);
  EXPECT_EQ(exit_of(Reason::no_agreement), kNotRecognised);
  EXPECT_EQ(exit_of(Reason::ledger_stale), kUndetermined);
  EXPECT_EQ(exit_of(Reason::fork_detected), kIntegrityAlarm);
  EXPECT_EQ(exit_of(Reason::disputed), kOk);
}

TEST(Codes, EveryExitCodeThatIsGivenIsInTheTable) {
  std::set<int> known;
  for (const ExitInfo& info : all_exits()) known.insert(info.exit);
  for (const ErrorInfo& info : all_errors()) EXPECT_TRUE(known.contains(info.exit)) << info.code;
  for (const Reason reason : all_reasons()) EXPECT_TRUE(known.contains(exit_of(reason))) << code_of(reason);
}

TEST(Codes, EveryNoteOfAnImportIsExplained) {
  for (const importer::NoteInfo& info : importer::all_notes()) {
    const std::string code(info.code);
    expect_in(explained(code, "en"), info.en);
    expect_in(explained(code, "zh"), info.zh);
    expect_in(explained(code, "zh"), advice_for(info.verdict).zh);
  }
}

}  // namespace
}  // namespace hufu::cli
