#include "cli/document_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

const std::string kNumber = "24332000000306111419";

Document document(const std::string& buyer = "某公司") {
  const Seed secret(std::array<std::uint8_t, 32>{7});
  return make_document({SubjectKind::invoice, kNumber}, {{"invoiceNumber", kNumber}, {"buyerName", buyer}},
                       secret)
      .value();
}

TEST(DocumentFile, ReadsBackWhatItWrote) {
  const Try<Document> read = parse_document(document_text(document()), "x");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, document());
}

TEST(DocumentFile, AnythingElseIsRefusedWithItsPlace) {
  const std::string good = document_text(document());
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return parse_document(text, "x");
  };
  EXPECT_FALSE(parse_document("", "x"));
  EXPECT_FALSE(parse_document("[]", "x"));
  EXPECT_FALSE(parse_document("{}", "x"));
  EXPECT_FALSE(replaced("document v1", "document v2"));
  EXPECT_FALSE(replaced("\"salt\"", "\"salz\""));
  EXPECT_FALSE(replaced("invoice:", "invoise:"));
  EXPECT_FALSE(replaced("buyerName", "zzz"));  // no longer sorted
  const Try<Document> fault = replaced("\"value\"", "\"worth\"");
  ASSERT_FALSE(fault);
  EXPECT_NE(fault.error().why.find("/fields/0"), std::string::npos) << fault.error().why;
  EXPECT_EQ(exit_of(fault.error()), kLocal);
}

TEST(DocumentFile, APartSaysNothingOfTheRestButHowMuchItIs) {
  const Document part = disclose(document(), {"invoiceNumber"}).value();
  const std::string text = document_text(part);
  EXPECT_EQ(parse_document(text, "x").value(), part);
  EXPECT_EQ(text.find("buyerName"), std::string::npos);
  EXPECT_EQ(text.find("某公司"), std::string::npos);
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return parse_document(changed, "x");
  };
  EXPECT_FALSE(replaced("\"count\": 2", "\"count\": 1"));
  EXPECT_FALSE(replaced("\"count\": 2", "\"count\": 257"));
  EXPECT_FALSE(replaced("\"count\": 2", "\"count\": 2.0"));
  EXPECT_FALSE(replaced("\"positions\"", "\"places\""));
  EXPECT_FALSE(replaced("\"subtrees\": [", "\"subtrees\": [7, "));
}

TEST(DocumentFile, IsForItsHolderAloneAndNeverOverwritten) {
  std::string folder = (fs::temp_directory_path() / "hufu-document-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/" + document_file_name(document().subject);
  ASSERT_TRUE(write_document(path, document()));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_TRUE(write_document(path, document()));  // the same again
  const Try<void> other = write_document(path, document("另一公司"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().error, Error::already_exists);
  EXPECT_EQ(read_document(path).value(), document());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace hufu::cli
