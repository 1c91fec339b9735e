#include "cli/secrets.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

class Secrets : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hufu-secrets-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string folder_;
  const Session session_{[] {
    GlobalOptions quiet;
    quiet.quiet = true;
    quiet.language = "en";
    return quiet;
  }()};
};

TEST_F(Secrets, APassphraseIsReadFromADescriptorUpToTheLineFeed) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "open sesame\nrest", 16), 16);
  EXPECT_EQ(passphrase({.descriptor = ends[0]}, "x", session_).value(), "open sesame");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(Secrets, APassphraseFileThatOthersCanReadIsRefusedWithTheChmod) {
  const std::string path = folder_ + "/p";
  ASSERT_TRUE(write_secret_file(path, as_bytes("open sesame\n")));
  EXPECT_EQ(passphrase({.descriptor = -1, .file = path}, "x", session_).value(), "open sesame");
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  const Try<std::string> refused = passphrase({.descriptor = -1, .file = path}, "x", session_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::file_permissions);
  EXPECT_EQ(refused.error().next, "chmod 600 " + path);
}

TEST_F(Secrets, ANewPassphraseIsNeverEmpty) {
  const std::string path = folder_ + "/p";
  ASSERT_TRUE(write_secret_file(path, as_bytes("\n")));
  EXPECT_EQ(new_passphrase({.descriptor = -1, .file = path}, session_).error().error, Error::usage);
}

TEST_F(Secrets, AMissingKeyFileIsSaidBeforeAnyPassphraseIsAsked) {
  EXPECT_EQ(open_key(folder_ + "/none.key", {}, session_).error().error, Error::file_missing);
}

TEST_F(Secrets, RandomThingsDiffer) {
  EXPECT_NE(random_passphrase(), random_passphrase());
  EXPECT_EQ(random_passphrase().size(), 32U);
  EXPECT_NE(random_request_id(), random_request_id());
  EXPECT_NE(to_hex(random_seed().bytes()), to_hex(random_seed().bytes()));
}

}  // namespace
}  // namespace hufu::cli
