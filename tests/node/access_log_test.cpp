#include "node/access_log.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "node/access_recorder.hpp"
#include "node/metrics.hpp"
#include "tests/consensus/scratch.hpp"

namespace hufu::node {
namespace {

namespace fs = std::filesystem;

SigningKey key(std::uint8_t number) { return SigningKey(Seed(std::array<std::uint8_t, 32>{number})); }

const Hash kGenesis = sha256(as_bytes("genesis"));
const AccessKeeper kKeeper{.genesis = kGenesis, .member = 1};
constexpr std::uint64_t kNow = 1'760'000'000'000;

SignedTrace trace(std::uint32_t number, std::uint64_t time_ms = kNow) {
  Trace made{.genesis = kGenesis, .agency = "A", .time_ms = time_ms, .reason = "核验"};
  for (std::size_t i = 0; i < 4; ++i) made.id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return sign_trace(std::move(made), key(1));
}

class AccessLogFile : public testing::Test {
 protected:
  consensus::Checked<std::unique_ptr<AccessLog>> open() { return AccessLog::open(file_, kKeeper, key(9)); }
  void fill(std::uint32_t count) {
    auto log = open();
    ASSERT_TRUE(log) << log.error().detail;
    for (std::uint32_t i = 0; i < count; ++i) ASSERT_TRUE((*log)->append({trace(i)}, kNow + i));
  }
  Bytes bytes() const {
    std::ifstream in(file_, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    return to_bytes(as_bytes(text));
  }
  void write(ByteSpan content) const { write(content, file_); }
  static void write(ByteSpan content, const fs::path& file) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  }

  consensus::Scratch scratch_;
  const fs::path file_ = scratch_.path() / "access.log";
  const fs::path mark_ = scratch_.path() / "access.log.mark";
};

TEST_F(AccessLogFile, GoesOnAfterARestart) {
  fill(3);
  fill(2);
  auto log = open();
  ASSERT_TRUE(log);
  EXPECT_EQ((*log)->size(), 5U);
  const auto page = (*log)->read(0, kTracePage);
  ASSERT_TRUE(page);
  AccessChain chain(kKeeper);
  for (const SignedEntry& entry : page->entries) EXPECT_TRUE(chain.check(entry, key(9).public_key()));
  EXPECT_EQ(chain.next(), 5U);
}

TEST_F(AccessLogFile, IsReadFromAnyPlace) {
  auto log = open();
  ASSERT_TRUE(log);
  const std::uint32_t count = 2 * kTracePage + 7;
  for (std::uint32_t i = 0; i < count;) {
    std::vector<AccessRecord> records;
    for (; i < count && records.size() < AccessLog::kBatchEntries; ++i) records.emplace_back(trace(i));
    ASSERT_TRUE((*log)->append(std::move(records), kNow));
  }
  for (const std::uint64_t from : {0U, 1U, 499U, 500U, 501U, 1000U, 1006U, 1007U, 5000U}) {
    const auto page = (*log)->read(from, 3);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, count);
    ASSERT_EQ(page->entries.size(), from >= count ? 0 : std::min<std::size_t>(3, count - from)) << from;
    if (!page->entries.empty()) {
      EXPECT_EQ(page->entries.front().entry.seq, from);
    }
  }
  EXPECT_EQ((*log)->read(7, kTracePage)->entries.size(), kTracePage);
}

// The second entry was on its way when the process died: the mark still says that one was synced.
TEST_F(AccessLogFile, ATornTailIsCutOffWhereverItWasTorn) {
  fill(1);
  fs::copy_file(mark_, scratch_.path() / "mark of one");
  fill(1);
  const Bytes whole = bytes();
  const std::size_t half = whole.size() / 2;  // entries of the same length
  for (std::size_t length = half + 1; length < whole.size(); length += 7) {
    write(ByteSpan(whole).first(length));
    fs::copy_file(scratch_.path() / "mark of one", mark_, fs::copy_options::overwrite_existing);
    auto log = open();
    ASSERT_TRUE(log) << length;
    EXPECT_EQ((*log)->size(), 1U);
    EXPECT_EQ((*log)->cut_off(), length - half);
    ASSERT_TRUE((*log)->append({trace(7)}, kNow));
    log->reset();
    EXPECT_EQ((*open())->size(), 2U);
  }
}

TEST_F(AccessLogFile, SpaceThatWasNeverWrittenIsCutOff) {
  fill(2);
  const Bytes whole = bytes();
  Bytes zeros = whole;
  zeros.resize(whole.size() + 4096);
  write(zeros);
  EXPECT_EQ((*open())->size(), 2U);
  EXPECT_EQ(bytes(), whole);
}

// What was acknowledged is never taken for torn, wherever the file ends and whatever is damaged in it.
TEST_F(AccessLogFile, WhatWasSyncedIsMissed) {
  fill(3);
  const Bytes whole = bytes();
  for (std::size_t length = 0; length < whole.size(); length += 5) {
    write(ByteSpan(whole).first(length));
    const auto log = open();
    ASSERT_FALSE(log) << length;
    EXPECT_EQ(log.error().error, Error::storage_corrupt);
    EXPECT_NE(log.error().detail.find("move it and its .mark away"), std::string::npos);
    EXPECT_EQ(bytes().size(), length);
  }
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    Bytes changed = whole;
    changed[at] ^= 1;
    write(changed);
    ASSERT_FALSE(open()) << at;
    EXPECT_EQ(bytes(), changed);  // left as it is
  }
  fs::remove(file_);
  EXPECT_FALSE(open());
  EXPECT_FALSE(fs::exists(file_));  // the copy that is put back has its place
  fs::remove(mark_);
  EXPECT_EQ((*open())->size(), 0U);  // as the refusal said
}

TEST_F(AccessLogFile, ADamagedMarkIsMadeAnewIfEverythingReads) {
  fill(2);
  const Bytes whole = bytes();
  for (const Bytes& mark : {Bytes{}, Bytes(16), Bytes(7, 0xFF), Bytes(16, 0xFF)}) {
    write(mark, mark_);
    EXPECT_EQ((*open())->size(), 2U);
    write(ByteSpan(whole).first(whole.size() - 1));
    EXPECT_FALSE(open());
    write(whole);
  }
  write(Bytes(16, 0xFF), mark_);
  write(ByteSpan(whole).first(whole.size() - 1));
  EXPECT_FALSE(open());  // which of the two is right nobody knows
}

TEST_F(AccessLogFile, OneChangedByteBeforeTheEndStopsIt) {
  fill(3);
  const Bytes whole = bytes();
  const std::size_t two_thirds = whole.size() / 3 * 2;
  for (std::size_t at = 0; at < two_thirds; ++at) {
    Bytes changed = whole;
    changed[at] ^= 1;
    write(changed);
    const auto log = open();
    ASSERT_FALSE(log) << at;
    EXPECT_EQ(log.error().error, Error::storage_corrupt);
    EXPECT_NE(log.error().detail.find("access.log"), std::string::npos);
    EXPECT_EQ(bytes(), changed);  // left as it is
  }
}

TEST_F(AccessLogFile, AnEntryTakenOutStopsIt) {
  fill(3);
  const Bytes whole = bytes();
  const auto third = static_cast<std::ptrdiff_t>(whole.size() / 3);
  Bytes fewer = whole;
  fewer.erase(fewer.begin() + third, fewer.begin() + 2 * third);
  write(fewer);
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

// A recorder whose pool works when it is told to.
class Recorder : public AccessLogFile {
 protected:
  void SetUp() override {
    auto opened = open();
    ASSERT_TRUE(opened);
    log_ = std::move(*opened);
    recorder_ = std::make_unique<AccessRecorder>(
        RecorderParts{.log = *log_,
                      .genesis = kGenesis,
                      .work = [this](std::function<void()> work) { work_.push_back(std::move(work)); },
                      .post = [](const std::function<void()>& work) { work(); },
                      .wall_clock_ms = [this] { return now_; },
                      .metrics = metrics_,
                      .fatal = [this](std::string_view why) { fatal_ = why; }});
  }
  void work() {
    while (!work_.empty()) {
      const auto next = std::move(work_.front());
      work_.pop_front();
      next();
    }
  }
  void record(const SignedTrace& trace) {
    recorder_->record(trace, [this](Result<SignedEntry> entry) { answers_.push_back(std::move(entry)); });
  }
  std::vector<Tally> tallies() {
    std::vector<Tally> all;
    const AccessPage page = log_->read(0, kTracePage).value();
    for (const SignedEntry& entry : page.entries) {
      if (const auto* tally = std::get_if<Tally>(&entry.entry.record)) all.push_back(*tally);
    }
    return all;
  }

  std::uint64_t now_ = kNow;
  Metrics metrics_;
  std::string fatal_;
  std::deque<std::function<void()>> work_;
  std::vector<Result<SignedEntry>> answers_;
  std::unique_ptr<AccessLog> log_;
  std::unique_ptr<AccessRecorder> recorder_;
};

TEST_F(Recorder, W1IsAnsweredAfterTheDiskAndInBatches) {
  for (std::uint32_t i = 0; i < 10; ++i) record(trace(i));
  EXPECT_TRUE(answers_.empty());
  EXPECT_EQ(work_.size(), 1U);
  work();
  ASSERT_EQ(answers_.size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(answers_[i]->entry.seq, i);
  EXPECT_EQ(log_->size(), 10U);
}

TEST_F(Recorder, W1ATraceSentTwiceIsWrittenOnce) {
  record(trace(1));
  record(trace(1));  // while the first is on its way
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].error(), Error::overloaded);
  work();
  record(trace(1));
  work();
  ASSERT_EQ(answers_.size(), 3U);
  EXPECT_EQ(answers_[2].value(), answers_[1].value());
  record(trace(1, kNow + 1));  // other content
  work();
  EXPECT_EQ(answers_[3].error(), Error::request_id_reused);
  EXPECT_EQ(log_->size(), 1U);
}

TEST_F(Recorder, AnOldTraceIsNotTaken) {
  record(trace(1, kNow - AccessRecorder::kClockDifferenceMs - 1));
  record(trace(2, kNow + AccessRecorder::kClockDifferenceMs + 1));
  ASSERT_EQ(answers_.size(), 2U);
  EXPECT_EQ(answers_[0].error(), Error::field_invalid);
  EXPECT_EQ(answers_[1].error(), Error::field_invalid);
  record(trace(3, kNow - AccessRecorder::kClockDifferenceMs));
  work();
  EXPECT_TRUE(answers_[2]);
}

TEST_F(Recorder, RefusalsAreCountedByAgencyAndError) {
  const api::Refusal claimed{.error = Error::inv_already_claimed,
                             .faults = {{.operation = 0, .error = Error::inv_already_claimed},
                                        {.operation = 3, .error = Error::inv_already_claimed}}};
  recorder_->refused("A", claimed);
  recorder_->refused("A", claimed);
  recorder_->refused("B", {.error = Error::lic_terminal, .faults = {}});
  recorder_->refused("B", {.error = Error::no_quorum, .faults = {}});  // says nothing of what was asked
  recorder_->tick();
  EXPECT_TRUE(work_.empty());
  now_ += AccessRecorder::kTallyMs;
  recorder_->tick();
  work();
  const std::vector<Tally> all = tallies();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], (Tally{.from_ms = kNow,
                           .to_ms = now_,
                           .agency = "A",
                           .error = static_cast<std::uint16_t>(Error::inv_already_claimed),
                           .count = 4}));
  EXPECT_EQ(all[1].agency, "B");
  EXPECT_EQ(all[1].count, 1U);
}

TEST_F(Recorder, WhatWasCountedIsWrittenWhenItStops) {
  recorder_->refused("A", {.error = Error::lic_terminal, .faults = {}});
  record(trace(1));
  recorder_->stop();
  work();
  EXPECT_EQ(tallies().size(), 1U);
  EXPECT_EQ(log_->size(), 2U);  // the trace was on its way already
  record(trace(2));
  EXPECT_EQ(answers_.back().error(), Error::ledger_unavailable);
}

}  // namespace
}  // namespace hufu::node
