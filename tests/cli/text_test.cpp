#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/text/progress.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli::text {
namespace {

TEST(Width, ChineseCharactersTakeTwoCellsAndMarksNone) {
  EXPECT_EQ(width("abc"), 3U);
  EXPECT_EQ(width("虎符"), 4U);
  EXPECT_EQ(width("Ａ１"), 4U);                 // full-width
  EXPECT_EQ(width("e\xCC\x81"), 1U);            // e and a combining acute
  EXPECT_EQ(width("㛃𬭎"), 4U);              // outside the basic plane too
  EXPECT_EQ(width("\x1b[32mPASS\x1b[0m"), 4U);  // our own colours
  EXPECT_EQ(width(""), 0U);
  EXPECT_EQ(width("\xFF"), 1U);  // no UTF-8: one replacement character
}

TEST(Width, PadAndShortenCountCells) {
  EXPECT_EQ(pad("虎", 4), "虎  ");
  EXPECT_EQ(pad("虎符", 3), "虎符");
  EXPECT_EQ(shorten("虎符账本", 5), "虎符…");
  EXPECT_EQ(shorten("虎符", 4), "虎符");
}

TEST(Width, NoRecordCanMoveTheCursor) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n"), "a\xEF\xBF\xBD[2Jb\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xE2\x80\xAEx"), "\xEF\xBF\xBDx");  // right-to-left override
  EXPECT_EQ(printable("虎符"), "虎符");
}

TEST(Mask, NamesKeepFirstAndLastCodesTheirEnds) {
  EXPECT_EQ(masked_name("王山"), "王*");
  EXPECT_EQ(masked_name("欧阳娜娜"), "欧**娜");
  EXPECT_EQ(masked_name("甲"), "甲");
  EXPECT_EQ(masked_name(""), "");
  EXPECT_EQ(masked_code("91330105XT0029853W"), "9133**********853W");
  EXPECT_EQ(masked_code("1234"), "1***");
}

TEST(Table, ColumnsLineUpUnderWideCharacters) {
  Table table({"省份", "NAME"});
  table.add({"沪", "a"});
  table.add({"浙江省", "b"});
  EXPECT_EQ(table.str(), "省份    NAME\n沪      a\n浙江省  b\n");
}

TEST(Numbers, AreGroupedAndDurationsRead) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(duration(4.4), "4s");
  EXPECT_EQ(duration(90), "1m 30s");
  EXPECT_EQ(duration(3725), "1h 02m");
  EXPECT_EQ(bytes_size(512), "512 B");
  EXPECT_EQ(bytes_size(3ULL << 30), "3.0 GiB");
}

TEST(ProgressLine, TellsShareRateAndTimeLeft) {
  EXPECT_EQ(progress_line("importing", 500, 1000, 10, "rows", false),
            "importing [##########..........]  50%  500/1,000 rows  50 rows/s  10s left");
  EXPECT_EQ(progress_line("importing", 1000, 1000, 10, "rows", false),
            "importing [####################] 100%  1,000/1,000 rows  100 rows/s");
  EXPECT_EQ(progress_line("x", 7, 0, 0, "rows", false), "x  7 rows  0 rows/s");
}

TEST(Suggest, NeighboursAreFoundStrangersAreNot) {
  const std::vector<std::string> commands = {"verify", "version", "revoke", "resume", "node"};
  EXPECT_EQ(nearest("verfy", commands), "verify");
  EXPECT_EQ(nearest("evrify", commands), "verify");  // swapped
  EXPECT_EQ(nearest("VERIFY", commands), "verify");
  EXPECT_EQ(nearest("res", commands), "resume");  // begun
  EXPECT_EQ(nearest("xyzzy", commands), std::nullopt);
  EXPECT_EQ(nearest("", commands), std::nullopt);
}

TEST(Suggest, DistanceIsAMetricInItsEdges) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggest, TheNearestFileStandsInTheSameFolder) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "hufu-near-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/ledger.genesis") << "x";
  EXPECT_EQ(nearest_file(folder + "/ledgr.genesis"), folder + "/ledger.genesis");
  EXPECT_EQ(nearest_file(folder + "/quite-another"), std::nullopt);
  EXPECT_EQ(nearest_file(folder + "/no/such/folder"), std::nullopt);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace hufu::cli::text
