// The door: directories, progress, hostile files, and the rate.
#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/import/limits.hpp"
#include "tests/cli/import/read_all.hpp"

namespace hufu::cli::importer {
namespace {

namespace fs = std::filesystem;

TEST(Reader, ADirectoryIsReadFileByFileAndNamesWhatItPassedOver) {
  auto reader = Reader::open(sample_folder() / "legacy", {});
  ASSERT_TRUE(reader);
  std::uint64_t before = 0;
  std::size_t rows = 0;
  while (true) {
    auto row = (*reader)->next();
    ASSERT_TRUE(row);
    if (!*row) break;
    ++rows;
    EXPECT_LT((*row)->source, (*reader)->sources().size());
    const Progress progress = (*reader)->progress();
    EXPECT_GE(progress.bytes_done, before);
    EXPECT_LE(progress.bytes_done, progress.bytes_total);
    before = progress.bytes_done;
  }
  EXPECT_EQ((*reader)->sources().size(), 3u);
  EXPECT_EQ((*reader)->passed_over().size(), 3u) << "the truths are no records";
  EXPECT_EQ((*reader)->progress().bytes_done, (*reader)->progress().bytes_total);
  EXPECT_GT(rows, 350u);
}

TEST(Reader, EventsAndTruthsAreNotRecords) {
  for (const char* name : {"canonical/license_events.jsonl", "legacy/invoices_truth.jsonl"}) {
    const auto reader = Reader::open(sample_folder() / name, {});
    ASSERT_FALSE(reader) << name;
    EXPECT_EQ(reader.error(), Error::json_malformed);
  }
}

TEST(Reader, WhatIsNotThereOrNoFileIsRefused) {
  EXPECT_EQ(Reader::open(sample_folder() / "no such file", {}).error(), Error::file_missing);
  EXPECT_EQ(Reader::open("/dev/null", {}).error(), Error::file_unreadable);
}

TEST(Reader, TheSameInvoiceInTwoFilesIsReadOnce) {
  const fs::path folder = fs::temp_directory_path() / ("hufu-import-" + std::to_string(::getpid()));
  fs::create_directory(folder);
  fs::copy_file(sample_folder() / "canonical/invoices.jsonl", folder / "a.jsonl");
  for (const auto& xml : fs::directory_iterator(sample_folder() / "xml"))
    fs::copy_file(xml.path(), folder / xml.path().filename());
  auto reader = Reader::open(folder, {});
  ASSERT_TRUE(reader);
  std::size_t again = 0;
  for (const Row& row : drain(**reader)) again += notes_of(row).starts_with("DUPLICATE_") ? 1 : 0;
  EXPECT_EQ(again, 2u) << "the two XML files come first, their records in the other file are duplicates";
  fs::remove_all(folder);
}

TEST(Hostile, XmlWithADocumentTypeIsRefused) {
  const auto reader = Reader::open_memory(
      "<?xml version=\"1.0\"?><!DOCTYPE e [<!ENTITY a "
      "\"aaaa\">]><EInvoice><Header><EIid>&a;</EIid></Header></EInvoice>",
      {});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error(), Error::text_malformed);
  EXPECT_FALSE(Reader::open_memory("<html></html>", {}));
  EXPECT_FALSE(Reader::open_memory("<EInvoice", {}));
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_FALSE(Reader::open_memory(deep, {}));
  EXPECT_EQ(Reader::open_memory("<" + std::string(kXmlMaxBytes + 1, ' '), {}).error(), Error::oversize);
}

TEST(Hostile, JsonLinesThatAreNoRecordsCostOneRecordEach) {
  const std::string good =
      "{\"invoiceNumber\":\"24332000000762920616\",\"issueTime\":\"2024-04-03\",\"total\":\"1.00\"}\n";
  std::string deep = "{\"invoiceNumber\":";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  const std::string huge = "{\"invoiceNumber\":\"" + std::string(kJsonLineMaxBytes, '1') + "\"}";
  std::string all;
  for (const Row& row : rows_of(good + deep + "\n[]\n\nnot json\n" + huge + '\n')) {
    all += std::string(name_of(row.verdict)) + ':' + notes_of(row) + ' ';
  }
  EXPECT_EQ(all.find("ACCEPT:"), 0u) << all;
  EXPECT_NE(all.find("ROW_OVERSIZE"), std::string::npos) << all;
  EXPECT_NE(all.find("BLANK_ROW"), std::string::npos) << all;
  EXPECT_EQ(all.find("ACCEPT:", 1), std::string::npos) << all;
}

TEST(Hostile, DamagedBytesSendARecordToAPerson) {
  std::ifstream file(sample_folder() / "legacy" / "证照台账_GB18030.csv", std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto at = bytes.find("\r\n1,") + 4;
  bytes[at] = '\xFF';
  const auto rows = rows_of(bytes);
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().verdict, Verdict::review);
  EXPECT_NE(notes_of(rows.front()).find("ENCODING_DAMAGED"), std::string::npos);
  EXPECT_GT(rows.size(), 120u) << "the records after it are read";
}

// Not a limit, a figure: the whole way from GB18030 bytes to judged rows, on one core.
TEST(Rate, RowsASecond) {
  std::ifstream file(sample_folder() / "legacy" / "证照台账_GB18030.csv", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto header_end = bytes.find("\r\n", bytes.find("\r\n") + 2) + 2;
  const auto body_end = bytes.rfind("\r\n", bytes.size() - 3) + 2;
  std::string large = bytes.substr(0, header_end);
  const std::string body = bytes.substr(header_end, body_end - header_end);
  for (int i = 0; i < 200; ++i) large += body;
  const std::clock_t begin = std::clock();  // the processor's time: other processes do not count
  auto reader = Reader::open_memory(large, {});
  ASSERT_TRUE(reader);
  std::size_t rows = 0;
  for (auto row = (*reader)->next(); row && *row; row = (*reader)->next()) ++rows;
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::cout << rows << " rows, " << large.size() / 1'000'000 << " MB, " << seconds << " s of processor time, "
            << static_cast<std::uint64_t>(static_cast<double>(rows) / seconds) << " rows/s" << std::endl;
  EXPECT_GT(rows, 25'000u);
}

}  // namespace
}  // namespace hufu::cli::importer
