#include "cli/import_row.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

ImportRow row() {
  return {.file = "台账, 1.csv",
          .record = 7,
          .verdict = importer::Verdict::reject,
          .notes = {{importer::Note::id_check_char, "certIdentifier"}},
          .identity = "",
          .outcome = RowOutcome::left_out,
          .error = std::nullopt,
          .why = "said \"no\"",
          .height = 0};
}

TEST(ImportReport, CsvCellsAreQuotedAsRfc4180Says) {
  EXPECT_EQ(
      csv_line(row()),
      "\"台账, 1.csv\",7,license,REJECT,ID_CHECK_CHAR:certIdentifier,,left_out,,\"said \"\"no\"\"\",\r\n");
}

TEST(ImportReport, StandsInItsPlaceOnlyWhenWhole) {
  std::string folder = (fs::temp_directory_path() / "hufu-report-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/report.jsonl";
  {
    auto abandoned = ImportReport::open(path);
    ASSERT_TRUE(abandoned);
    (*abandoned)->write(row());
  }
  EXPECT_TRUE(fs::is_empty(folder));
  auto report = ImportReport::open(path);
  ASSERT_TRUE(report);
  (*report)->write(row());
  (*report)->write(row());
  ASSERT_TRUE((*report)->finish());
  std::ifstream in(path);
  std::string line;
  int lines = 0;
  while (std::getline(in, line)) {
    ++lines;
    EXPECT_NE(line.find("\"outcome\":\"left_out\""), std::string::npos) << line;
  }
  EXPECT_EQ(lines, 2);
  EXPECT_EQ(ImportReport::open(folder + "/no/report.jsonl").error().error, Error::file_unwritable);
  fs::remove_all(folder);
}

TEST(ImportRows, EveryOutcomeHasAName) {
  for (int i = 1; i < 8; ++i) EXPECT_NE(name_of(static_cast<RowOutcome>(i)), "unknown");
}

}  // namespace
}  // namespace hufu::cli
