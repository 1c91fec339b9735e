#include "cli/settings.hpp"

#include <gtest/gtest.h>

namespace hufu::cli {
namespace {

TEST(Settings, PathsAreRelativeToTheFile) {
  const Settings settings =
      parse_settings(
          "genesis = \"l.genesis\"\nnodes = [\"https://a:1\"]\nkey = \"/k/a.key\"\nkeys = \"keys\"\n"
          "documents = \"documents\"\nlanguage = \"zh\"",
          "/etc/h.toml")
          .value();
  EXPECT_EQ(settings.genesis, "/etc/l.genesis");
  EXPECT_EQ(settings.key, "/k/a.key");
  EXPECT_EQ(settings.keys, "/etc/keys");
  EXPECT_EQ(settings.documents, "/etc/documents");
  EXPECT_EQ(settings.nodes, std::vector<std::string>{"https://a:1"});
  EXPECT_EQ(settings.language, "zh");
}

TEST(Settings, EverythingUnknownOrMistypedIsNamed) {
  const auto why = [](const char* toml) {
    const Try<Settings> settings = parse_settings(toml, "h.toml");
    return settings ? std::string("accepted") : settings.error().why;
  };
  EXPECT_EQ(why("genesys = \"x\""), "genesys is not a setting");
  EXPECT_EQ(why("genesis = 1"), "genesis is not a text");
  EXPECT_EQ(why("nodes = \"x\""), "nodes is not a list of texts");
  EXPECT_EQ(why("nodes = [1]"), "nodes is not a list of texts");
  EXPECT_EQ(why("language = \"fr\""), "language is neither zh nor en");
  EXPECT_EQ(why("= 1").substr(0, 6), "line 1");
}

TEST(Settings, AFileThatWasNamedMustBeThere) {
  EXPECT_EQ(load_settings("/no/such/file.toml").error().error, Error::file_missing);
}

}  // namespace
}  // namespace hufu::cli
