#include "ledger/base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hufu {
namespace {

TEST(Hex, WritesLowerCaseAndReadsBoth) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0xAB, 0xff}), "00abff");
  EXPECT_EQ(from_hex("00abFF").value(), (Bytes{0x00, 0xAB, 0xff}));
}

TEST(Hex, RefusesOddLengthsAndForeignCharacters) {
  for (const char* text : {"0", "0g", "00 ", " 00", "0x00", "00\n"}) {
    EXPECT_EQ(from_hex(text).error(), Error::hex_malformed) << text;
  }
}

RC_GTEST_PROP(Hex, ReadsWhatItWrites, (const Bytes& bytes)) {
  RC_ASSERT(from_hex(to_hex(bytes)).value() == bytes);
}

TEST(Base64, Rfc4648Section10) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), coded);
    EXPECT_EQ(as_text(from_base64(coded).value()), plain);
  }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9v\n", "Zm 9v", "Zm9v=", "Z", "Zm-_"}) {
    EXPECT_EQ(from_base64(text).error(), Error::base64_malformed) << text;
  }
}

RC_GTEST_PROP(Base64, ReadsWhatItWrites, (const Bytes& bytes)) {
  RC_ASSERT(from_base64(to_base64(bytes)).value() == bytes);
}

TEST(Utf8, AcceptsWellFormedText) {
  for (const char* text : {"", "a", "虎符", "\xF0\xA0\x80\x80", "\x7f", "\xC2\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8, RefusesOverlongSurrogateAndTruncated) {
  for (const char* text :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE8\x99", "\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

}  // namespace
}  // namespace hufu
