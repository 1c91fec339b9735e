#include "cli/offline/picture.hpp"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <cmath>
#include <numbers>
#include <random>

#include "cli/offline/qr.hpp"

namespace hufu::offline {
namespace {

constexpr std::string_view kPrefix = "HUFU1:";

// A text as compact proofs have it, of that many characters.
std::string text_of(std::size_t size) {
  static constexpr std::string_view kBase45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  std::mt19937 random(static_cast<unsigned>(size));
  std::string text(kPrefix);
  while (text.size() < size) text += kBase45[random() % kBase45.size()];
  return text;
}

std::uint8_t pixel(const Picture& picture, double x, double y) {
  if (x < 0 || y < 0 || x > picture.width - 2.0 || y > picture.height - 2.0) return 255;
  const auto left = static_cast<std::size_t>(x);
  const auto top = static_cast<std::size_t>(y);
  const double right = x - static_cast<double>(left);
  const double low = y - static_cast<double>(top);
  const auto at = [&](std::size_t i, std::size_t j) { return double(picture.gray[j * picture.width + i]); };
  return static_cast<std::uint8_t>((at(left, top) * (1 - right) + at(left + 1, top) * right) * (1 - low) +
                                   (at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right) * low);
}

// As a camera sees it: turned about its middle, scaled, on a larger white page.
Picture photographed(const Picture& picture, double degrees, double scale) {
  const double angle = degrees * std::numbers::pi / 180;
  const auto side = static_cast<unsigned>(picture.width * scale * 1.5);
  Picture photo{.width = side, .height = side, .gray = Bytes(std::size_t{side} * side)};
  for (unsigned y = 0; y < side; ++y) {
    for (unsigned x = 0; x < side; ++x) {
      const double dx = (x - side / 2.0) / scale;
      const double dy = (y - side / 2.0) / scale;
      photo.gray[std::size_t{y} * side + x] =
          pixel(picture, picture.width / 2.0 + dx * std::cos(angle) - dy * std::sin(angle),
                picture.height / 2.0 + dx * std::sin(angle) + dy * std::cos(angle));
    }
  }
  return photo;
}

Picture noisy(Picture picture, int strength) {
  std::mt19937 random(1);
  for (std::uint8_t& gray : picture.gray) {
    const int changed = gray * 3 / 4 + 20 + static_cast<int>(random() % (2 * strength)) - strength;
    gray = static_cast<std::uint8_t>(std::clamp(changed, 0, 255));
  }
  return picture;
}

std::string seen(const Picture& picture) {
  const Result<std::string> text = read_code(picture, kPrefix);
  return text ? *text : "nothing";
}

Bytes jpeg_of(const Picture& picture, int quality) {
  const tjhandle handle = tjInitCompress();
  unsigned char* made = nullptr;
  unsigned long size = 0;
  EXPECT_EQ(tjCompress2(handle, picture.gray.data(), static_cast<int>(picture.width), 0,
                        static_cast<int>(picture.height), TJPF_GRAY, &made, &size, TJSAMP_GRAY, quality, 0),
            0);
  const Bytes file(made, made + size);
  tjFree(made);
  tjDestroy(handle);
  return file;
}

TEST(QrCode, P1EveryTextIsReadAgain) {
  for (const std::size_t size : {std::size_t{6}, std::size_t{60}, std::size_t{700}, std::size_t{1500},
                                 std::size_t{2256}, std::size_t{3500}, std::size_t{4296}}) {
    const std::string text = text_of(size);
    const QrCode code = make_qr(text).value();
    EXPECT_EQ(read_code(draw(code, 4), kPrefix).value(), text) << size;
  }
}

TEST(QrCode, WhatTheModeCannotHoldIsRefused) {
  EXPECT_EQ(make_qr("").error(), Error::text_malformed);
  EXPECT_EQ(make_qr("HUFU1:a").error(), Error::text_malformed);
  EXPECT_EQ(make_qr(std::string("HUFU1:\0", 7)).error(), Error::text_malformed);
  EXPECT_TRUE(make_qr(text_of(4296)));
  EXPECT_EQ(make_qr(text_of(4297)).error(), Error::oversize);
}

// The picture that a terminal shows of the characters, two modules each.
Picture shown(const std::string& characters, unsigned scale) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < characters.size();) {
    if (rows.empty() || characters[i] == '\n') {
      if (characters[i] == '\n') ++i;
      if (i >= characters.size()) break;
      rows.resize(rows.size() + 2);
    }
    const std::string_view rest = std::string_view(characters).substr(i);
    const std::size_t bytes = rest[0] == ' ' ? 1 : 3;
    const std::string_view one = rest.substr(0, bytes);
    rows[rows.size() - 2] += one == "█" || one == "▀" ? '#' : ' ';
    rows[rows.size() - 1] += one == "█" || one == "▄" ? '#' : ' ';
    i += bytes;
  }
  Picture picture{.width = static_cast<unsigned>(rows[0].size()) * scale,
                  .height = static_cast<unsigned>(rows.size()) * scale,
                  .gray = {}};
  for (unsigned y = 0; y < picture.height; ++y) {
    for (unsigned x = 0; x < picture.width; ++x)
      picture.gray.push_back(rows[y / scale][x / scale] == '#' ? 255 : 0);
  }
  return picture;
}

TEST(QrCode, TheTerminalsCharactersShowIt) {
  const std::string text = text_of(700);
  const std::string characters = qr_characters(make_qr(text).value());
  EXPECT_EQ(read_code(shown(characters, 4), kPrefix).value(), text);
}

TEST(QrCode, TheSvgDrawsEveryDarkModuleOnce) {
  const QrCode code = make_qr(text_of(300)).value();
  const std::string svg = qr_svg(code);
  std::vector<std::string> drawn(code.side + 8, std::string(code.side + 8, ' '));
  std::size_t at = svg.find(" d=\"");
  while ((at = svg.find('M', at)) != std::string::npos) {
    unsigned x = 0, y = 0, run = 0, back = 0;
    ASSERT_EQ(std::sscanf(svg.c_str() + at, "M%u %uh%uv1h-%uz", &x, &y, &run, &back), 4);
    EXPECT_EQ(run, back);
    for (unsigned i = 0; i < run; ++i) {
      EXPECT_EQ(drawn.at(y).at(x + i), ' ');
      drawn[y][x + i] = '#';
    }
    ++at;
  }
  for (int y = 0; y < static_cast<int>(code.side) + 8; ++y) {
    for (int x = 0; x < static_cast<int>(code.side) + 8; ++x)
      ASSERT_EQ(drawn[y][x] == '#', code.dark(x - 4, y - 4)) << x << "," << y;
  }
}

TEST(Picture, PngIsReadAsWritten) {
  const Picture picture = draw(make_qr(text_of(200)).value(), 3);
  EXPECT_EQ(read_picture(write_png(picture)).value(), picture);
}

TEST(Picture, TurnedScaledAndNoisyPhotosAreRead) {
  const std::string text = text_of(1900);  // as a compact proof of a ledger with a million subjects
  const Picture sharp = draw(make_qr(text).value(), 8);
  for (const double degrees : {0.0, 2.0, 9.0, 90.0, 180.0, 263.0}) {
    EXPECT_EQ(seen(photographed(sharp, degrees, 0.8)), text) << degrees;
  }
  for (const double scale : {0.45, 0.6, 1.0, 1.7}) {
    EXPECT_EQ(seen(photographed(sharp, 1.0, scale)), text) << scale;
  }
  EXPECT_EQ(seen(noisy(photographed(sharp, 3.0, 1.0), 60)), text);
  const Bytes jpeg = jpeg_of(noisy(photographed(sharp, 4.0, 1.0), 25), 50);
  ASSERT_TRUE(is_picture(jpeg));
  EXPECT_EQ(seen(read_picture(jpeg).value()), text);
}

TEST(Picture, WithoutACodeOrWithTwoNothingIsRead) {
  const Picture one = draw(make_qr("HUFU1:ONE").value(), 8);
  const Picture other = draw(make_qr("HUFU1:OTHER").value(), 8);
  ASSERT_EQ(one.width, other.width);
  Picture both{.width = one.width, .height = 2 * one.height, .gray = one.gray};
  both.gray.insert(both.gray.end(), other.gray.begin(), other.gray.end());
  EXPECT_EQ(read_code(both, kPrefix).error(), Error::image_unreadable);
  EXPECT_EQ(read_code(both, "HUFU1:ON").value(), "HUFU1:ONE");
  EXPECT_EQ(read_code(both, "HTTP").error(), Error::image_unreadable);
  const Picture white{.width = 400, .height = 300, .gray = Bytes(120'000, 255)};
  EXPECT_EQ(read_code(white, kPrefix).error(), Error::image_unreadable);
  EXPECT_EQ(read_code(Picture{}, kPrefix).error(), Error::image_unreadable);
}

TEST(HostilePicture, CutShortOrFlippedNeverCrashes) {
  const Picture picture = draw(make_qr(text_of(100)).value(), 2);
  for (const Bytes& whole : {write_png(picture), jpeg_of(picture, 80)}) {
    for (std::size_t size = 0; size < whole.size(); size += 7) {
      const Result<Picture> read = read_picture(ByteSpan(whole).first(size));
      if (read) {
        EXPECT_EQ(read->gray.size(), std::size_t{read->width} * read->height);
      }
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
      Bytes flipped = whole;
      flipped[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
      const Result<Picture> read = read_picture(flipped);
      if (read) {
        EXPECT_LE(read->gray.size(), kPicturePixels);
      }
    }
  }
  EXPECT_EQ(read_picture({}).error(), Error::image_unreadable);
  EXPECT_EQ(read_picture(as_bytes("GIF89a")).error(), Error::image_unreadable);
}

// A few bytes that ask for gigabytes of pixels.
TEST(HostilePicture, ManyPixelsAreRefusedBeforeTheyAreAllocated) {
  Bytes png = write_png(Picture{.width = 8, .height = 8, .gray = Bytes(64, 255)});
  const auto claim = [&](std::uint32_t width, std::uint32_t height) {
    Bytes file = png;
    for (int i = 0; i < 4; ++i) {
      file[16 + i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
      file[20 + i] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
    }
    std::uint32_t crc = 0xffffffff;  // of the chunk: type and data
    for (std::size_t i = 12; i < 29; ++i) {
      crc ^= file[i];
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    for (int i = 0; i < 4; ++i) file[29 + i] = static_cast<std::uint8_t>(~crc >> (24 - 8 * i));
    return read_picture(file).error();
  };
  EXPECT_EQ(claim(20'000, 20'000), Error::oversize);
  EXPECT_EQ(claim(1, 20'001), Error::oversize);
  EXPECT_EQ(claim(1'000'000, 1'000'000), Error::oversize);
  EXPECT_EQ(claim(0x7fffffff, 0x7fffffff), Error::image_unreadable);  // the library's own bound
  EXPECT_EQ(claim(0, 8), Error::image_unreadable);

  Bytes jpeg = jpeg_of(Picture{.width = 16, .height = 16, .gray = Bytes(256, 255)}, 80);
  for (std::size_t i = 0; i + 9 < jpeg.size(); ++i) {
    if (jpeg[i] != 0xff || jpeg[i + 1] != 0xc0) continue;
    for (const std::size_t at : {i + 5, i + 6, i + 7, i + 8}) jpeg[at] = 0x7f;
    break;
  }
  EXPECT_EQ(read_picture(jpeg).error(), Error::oversize);
  EXPECT_EQ(read_picture(Bytes(kPictureBytes + 1, 0xff)).error(), Error::oversize);
}

}  // namespace
}  // namespace hufu::offline
