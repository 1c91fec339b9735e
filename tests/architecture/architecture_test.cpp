// The rooms and their one direction. First the project itself, then the proof that this test can fail: for each kind of
// violation a small tree in which it was planted.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/architecture/rules.hpp"

namespace hufu::architecture {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string lines_of(const std::vector<std::string>& list) {
  std::string all;
  for (const std::string& line : list) all += "\n  " + line;
  return all;
}

TEST(Architecture, TheProjectKeepsItsRooms) {
  const fs::path root = HUFU_SOURCE_DIR;
  const Table table = parse_table(read_file(root / "tests/architecture/rooms.txt"));
  ASSERT_GE(table.rooms.size(), 7u);
  ASSERT_GE(room_sources(table, root).size(), 10u) << "the test looks in the wrong place: " << root;
  const auto found = violations(table, root);
  EXPECT_TRUE(found.empty()) << lines_of(found);
}

TEST(Architecture, EveryDoorLeadsFromAFileThatExists) {
  const fs::path root = HUFU_SOURCE_DIR;
  for (const auto& [file, rooms] : parse_table(read_file(root / "tests/architecture/rooms.txt")).doors) {
    EXPECT_TRUE(fs::is_regular_file(root / file)) << file << " is gone: close its door in rooms.txt";
  }
}

constexpr const char* kTable = R"(
room base ledger/base
  headers sodium.h
room ledger ledger
  uses base
  headers boost/ !boost/asio
room store ledger/rocksdb
  uses ledger
  headers rocksdb/
room consensus consensus
  uses base
  headers raft.h boost/asio
room cli cli
  uses store
door cli/run_node.cpp consensus
allow cli/import unicode/
limit 1 .hpp raft.h
pure ledger/record
impure-header thread
impure-word system_clock
)";

// A tree that keeps the table, until a test plants something in it.
class Planted : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = (fs::temp_directory_path() / "hufu-architecture-XXXXXX").string();
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    root_ = path;
    write("ledger/base/bytes.hpp", "#include <sodium.h>\n#include <vector>\n");
    write("ledger/record/license.hpp", "#include <boost/mpl/bool.hpp>\n#include \"ledger/base/bytes.hpp\"\n");
    write("ledger/rocksdb/store.cpp", "#include <rocksdb/db.h>\n#include \"ledger/record/license.hpp\"\n");
    write("consensus/raft_api.hpp", "#include <raft.h>\n#include <boost/asio.hpp>\n");
    write("cli/main.cpp", "#include \"ledger/base/bytes.hpp\"\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  std::vector<std::string> found() const { return violations(parse_table(kTable), root_); }
  void expect_only(const std::string& violation) const {
    EXPECT_EQ(found(), std::vector<std::string>{violation});
  }

 private:
  fs::path root_;
};

TEST_F(Planted, NothingPlantedNothingFound) { EXPECT_EQ(lines_of(found()), ""); }

TEST_F(Planted, AnEdgeThatPointsUp) {
  write("ledger/record/rules.cpp", "\n#include \"ledger/rocksdb/store.cpp\"\n");
  expect_only(
      "ledger/record/rules.cpp:2: room ledger must not include ledger/rocksdb/store.cpp of room store");
}

TEST_F(Planted, AnEdgeToASiblingRoom) {
  write("consensus/log.cpp", "#include \"ledger/record/license.hpp\"\n");
  expect_only(
      "consensus/log.cpp:1: room consensus must not include ledger/record/license.hpp of room ledger");
}

TEST_F(Planted, AnEdgeHiddenBySpacing) {
  write("ledger/base/hash.cpp", "  #  include\t\"ledger/record/license.hpp\"\n");
  expect_only("ledger/base/hash.cpp:1: room base must not include ledger/record/license.hpp of room ledger");
}

TEST_F(Planted, ADoorIsForOneFileOnly) {
  write("cli/run_node.cpp", "#include \"consensus/raft_api.hpp\"\n");
  write("cli/status.cpp", "#include \"consensus/raft_api.hpp\"\n");
  expect_only("cli/status.cpp:1: room cli must not include consensus/raft_api.hpp of room consensus");
}

TEST_F(Planted, AForbiddenLibrary) {
  write("ledger/record/id.cpp", "#include <rocksdb/db.h>\n");
  expect_only("ledger/record/id.cpp:1: room ledger must not include <rocksdb/db.h>");
}

TEST_F(Planted, APartTakenBackFromALibrary) {
  write("ledger/record/id.cpp", "#include <boost/asio/buffer.hpp>\n");
  expect_only("ledger/record/id.cpp:1: room ledger must not include <boost/asio/buffer.hpp>");
}

TEST_F(Planted, ALibraryOutsideItsFolder) {
  write("cli/import/decode.cpp", "#include <unicode/ucnv.h>\n");
  write("cli/show.cpp", "#include <unicode/ucnv.h>\n");
  expect_only("cli/show.cpp:1: room cli must not include <unicode/ucnv.h>");
}

TEST_F(Planted, AHeaderIncludedByTooMany) {
  write("consensus/tick.hpp", "#include <raft.h>\n");
  expect_only(
      "consensus/raft_api.hpp: raft.h is included by 2 files, at most 1 may: consensus/raft_api.hpp "
      "consensus/tick.hpp");
}

TEST_F(Planted, ARelativeInclude) {
  write("ledger/base/hash.cpp", "#include \"bytes.hpp\"\n");
  expect_only(
      "ledger/base/hash.cpp:1: \"bytes.hpp\" is no file; own includes are written from the project's root");
}

TEST_F(Planted, AClockInAPureFile) {
  write("ledger/record/day.cpp",
        "#include <thread>\nauto t = std::chrono::system_clock::now();\n// system_clock\n");
  EXPECT_EQ(found(), (std::vector<std::string>{"ledger/record/day.cpp:1: <thread> in a pure file",
                                               "ledger/record/day.cpp:2: system_clock in a pure file"}));
}

TEST_F(Planted, AWordInsideALongerNameIsFree) {
  write("ledger/record/day.cpp", "int my_system_clock = 0;\n");
  EXPECT_EQ(lines_of(found()), "");
}

TEST(RoomTable, RefusesARoomThatUsesOneBelowIt) {
  EXPECT_THROW(parse_table("room a x\n  uses b\nroom b y\n"), std::runtime_error);
  EXPECT_THROW(parse_table("room a x\n  uses a\n"), std::runtime_error);
}

TEST(RoomTable, RefusesALineItDoesNotKnow) {
  EXPECT_THROW(parse_table("rooms a x\n"), std::runtime_error);
  EXPECT_THROW(parse_table("room a\n"), std::runtime_error);
  EXPECT_THROW(parse_table("limit one .cpp x\n"), std::runtime_error);
}

}  // namespace
}  // namespace hufu::architecture
