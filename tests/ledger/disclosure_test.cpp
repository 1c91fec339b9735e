#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

std::string name_of_field(std::size_t number) {
  return std::string(1, static_cast<char>('a' + number / 26)) + static_cast<char>('a' + number % 26);
}

Document document_of(std::size_t count) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (std::size_t i = 0; i < count; ++i) fields.emplace_back(name_of_field(i), std::to_string(i));
  return make_document({SubjectKind::license, kLicense}, std::move(fields), seed_of("agency")).value();
}

std::vector<std::string> some_names(const Document& document, const std::vector<bool>& chosen) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < document.fields.size(); ++i) {
    if (chosen[i % chosen.size()]) names.push_back(document.fields[i].name);
  }
  if (names.empty()) names.push_back(document.fields.back().name);
  return names;
}

// A part of seven fields that shows the third and the sixth.
struct Part {
  Document whole = document_of(7);
  Hash committed = commitment(whole).value();
  Document part = disclose(whole, {name_of_field(5), name_of_field(2)}).value();

  bool still_verifies() const {
    const Result<Hash> made = commitment(part);
    return made && *made == committed;
  }
};

RC_GTEST_PROP(Disclosure, P1EveryPartHasTheCommitmentOfTheWhole, ()) {
  const Document whole = document_of(*rc::gen::inRange<std::size_t>(1, 40));
  const auto chosen = *rc::gen::container<std::vector<bool>>(whole.fields.size(), rc::gen::arbitrary<bool>());
  const Result<Document> part = disclose(whole, some_names(whole, chosen));
  RC_ASSERT(part.has_value());
  RC_ASSERT(commitment(*part).value() == commitment(whole).value());
  RC_ASSERT(part->count() == whole.count());
}

RC_GTEST_PROP(Disclosure, P1APartOfAPartIsThatPartOfTheWhole, ()) {
  const Document whole = document_of(*rc::gen::inRange<std::size_t>(1, 40));
  const auto bits = [&] {
    return *rc::gen::container<std::vector<bool>>(whole.fields.size(), rc::gen::arbitrary<bool>());
  };
  const Document part = disclose(whole, some_names(whole, bits())).value();
  const std::vector<std::string> fewer = some_names(part, bits());
  RC_ASSERT(disclose(part, fewer).value() == disclose(whole, fewer).value());
}

TEST(Disclosure, NothingOfAHiddenFieldIsInIt) {
  const Part one;
  ASSERT_EQ(one.part.fields.size(), 2U);
  EXPECT_EQ(one.part.fields[0], one.whole.fields[2]);
  EXPECT_EQ(one.part.fields[1], one.whole.fields[5]);
  EXPECT_EQ(one.part.hidden->positions, (std::vector<std::uint16_t>{2, 5}));
  EXPECT_EQ(one.part.find(name_of_field(3)), nullptr);
  // 0-1 together, 3, 4, 6: four hashes for five fields.
  ASSERT_EQ(one.part.hidden->subtrees.size(), 4U);
  EXPECT_EQ(one.part.hidden->subtrees[0], node_hash(one.whole.fields[0].leaf(), one.whole.fields[1].leaf()));
  EXPECT_EQ(one.part.hidden->subtrees[3], one.whole.fields[6].leaf());
}

TEST(Disclosure, WithAllFieldsItIsTheDocument) {
  const Document whole = document_of(3);
  EXPECT_EQ(disclose(whole, {"aa", "ab", "ac", "aa"}).value(), whole);
}

TEST(Disclosure, OnlyWhatIsShownCanBeShown) {
  const Part one;
  EXPECT_EQ(disclose(one.whole, {"nosuchfield"}).error(), Error::field_unknown);
  EXPECT_EQ(disclose(one.part, {name_of_field(3)}).error(), Error::field_unknown);
  EXPECT_EQ(disclose(one.whole, {}).error(), Error::field_missing);
}

TEST(Disclosure, AnyChangeOfAShownFieldIsSeen) {
  for (std::size_t i = 0; i < 2; ++i) {
    Part value;
    value.part.fields[i].value += "0";
    EXPECT_FALSE(value.still_verifies());
    Part salt;
    salt.part.fields[i].salt[0] ^= 1;
    EXPECT_FALSE(salt.still_verifies());
    Part name;
    name.part.fields[i].name += "a";  // still sorted
    EXPECT_FALSE(name.still_verifies());
  }
}

TEST(Disclosure, AnyChangeOfWhatStandsForTheRestIsSeen) {
  for (std::size_t i = 0; i < Part().part.hidden->subtrees.size(); ++i) {
    Part changed;
    changed.part.hidden->subtrees[i].bytes[31] ^= 1;
    EXPECT_FALSE(changed.still_verifies());
    Part fewer;
    fewer.part.hidden->subtrees.erase(fewer.part.hidden->subtrees.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(fewer.still_verifies());
    Part more;
    more.part.hidden->subtrees.insert(more.part.hidden->subtrees.begin() + static_cast<std::ptrdiff_t>(i),
                                      Hash{});
    EXPECT_FALSE(more.still_verifies());
  }
  Part swapped;
  std::swap(swapped.part.hidden->subtrees[1], swapped.part.hidden->subtrees[2]);
  EXPECT_FALSE(swapped.still_verifies());
}

TEST(Disclosure, TheOrderOfTheFieldsCannotBeChanged) {
  Part swapped;
  std::swap(swapped.part.fields[0], swapped.part.fields[1]);
  EXPECT_FALSE(swapped.still_verifies());
  Part values;
  std::swap(values.part.fields[0].value, values.part.fields[1].value);
  EXPECT_FALSE(values.still_verifies());
}

TEST(Disclosure, APlaceOrTheCountCannotBeChanged) {
  for (std::uint16_t a = 0; a < 8; ++a) {
    for (std::uint16_t b = 0; b < 8; ++b) {
      Part moved;
      moved.part.hidden->positions = {a, b};
      EXPECT_EQ(moved.still_verifies(), a == 2 && b == 5) << a << " " << b;
    }
  }
  for (std::uint16_t count = 0; count < 300; ++count) {
    Part recounted;
    recounted.part.hidden->count = count;
    EXPECT_EQ(recounted.still_verifies(), count == 7) << count;
  }
}

// The root of four leaves is also that of three, of which the last is called a leaf: the root alone would let a holder
// say "one of three".
TEST(Disclosure, ASubtreeCannotPassForOneField) {
  const Document whole = document_of(4);
  Document part = disclose(whole, {"aa"}).value();
  ASSERT_EQ(part.hidden->subtrees.size(), 2U);
  part.hidden->count = 3;
  EXPECT_TRUE(commitment(part));
  EXPECT_NE(commitment(part).value(), commitment(whole).value());
}

TEST(Disclosure, P2ThereIsOneFormOnly) {
  // Two hashes where their parent's stands.
  Part apart;
  apart.part.hidden->subtrees[0] = apart.whole.fields[0].leaf();
  apart.part.hidden->subtrees.insert(apart.part.hidden->subtrees.begin() + 1, apart.whole.fields[1].leaf());
  EXPECT_EQ(commitment(apart.part).error(), Error::field_invalid);
  // A part that hides nothing.
  Document whole = document_of(2);
  whole.hidden = Hidden{.count = 2, .positions = {0, 1}, .subtrees = {}};
  EXPECT_EQ(commitment(whole).error(), Error::field_invalid);
  // One that shows nothing.
  Document nothing = document_of(2);
  nothing.hidden = Hidden{.count = 2, .positions = {}, .subtrees = {Hash{}}};
  nothing.fields.clear();
  EXPECT_EQ(commitment(nothing).error(), Error::field_missing);
}

TEST(Disclosure, AHiddenFieldCannotBeClaimedUnderAnotherName) {
  Part claimed;
  // The holder knows the hidden field, and shows it as what it is not.
  Field other = claimed.whole.fields[3];
  other.name = claimed.whole.fields[3].name + "x";
  claimed.part.fields.insert(claimed.part.fields.begin() + 1, other);
  claimed.part.hidden->positions = {2, 3, 5};
  claimed.part.hidden->subtrees.erase(claimed.part.hidden->subtrees.begin() + 1);
  EXPECT_TRUE(commitment(claimed.part));
  EXPECT_FALSE(claimed.still_verifies());
  claimed.part.fields[1].name = claimed.whole.fields[3].name;
  EXPECT_TRUE(claimed.still_verifies());
}

}  // namespace
}  // namespace hufu
