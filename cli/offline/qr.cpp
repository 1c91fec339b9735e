#include "cli/offline/qr.hpp"

#include <qrencode.h>

#include <memory>

#include "ledger/base/check.hpp"

namespace hufu::offline {
namespace {

constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::size_t kMostCharacters = 4'296;  // version 40, level L

int whole_side(const QrCode& code) { return static_cast<int>(code.side + 2 * kQuietZone); }

// In a picture with the quiet zone.
bool dark_at(const QrCode& code, int x, int y) {
  return code.dark(x - static_cast<int>(kQuietZone), y - static_cast<int>(kQuietZone));
}

}  // namespace

bool QrCode::dark(int x, int y) const {
  const int end = static_cast<int>(side);
  if (x < 0 || y < 0 || x >= end || y >= end) return false;
  return modules[static_cast<std::size_t>(y) * side + static_cast<std::size_t>(x)] != 0;
}

Result<QrCode> make_qr(std::string_view text) {
  if (text.empty() || text.find_first_not_of(kAlphanumeric) != std::string_view::npos)
    return Error::text_malformed;
  if (text.size() > kMostCharacters) return Error::oversize;
  // The lowest level of correction: what makes these codes hard to read is how dense they are, not dirt.
  const std::unique_ptr<QRinput, decltype(&QRinput_free)> input(QRinput_new2(0, QR_ECLEVEL_L), QRinput_free);
  HUFU_CHECK(input != nullptr);
  HUFU_CHECK(QRinput_append(input.get(), QR_MODE_AN, static_cast<int>(text.size()),
                            reinterpret_cast<const unsigned char*>(text.data())) == 0);
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(QRcode_encodeInput(input.get()), QRcode_free);
  if (made == nullptr) return Error::oversize;
  QrCode code{.side = static_cast<unsigned>(made->width), .modules = {}};
  code.modules.resize(std::size_t{code.side} * code.side);
  for (std::size_t i = 0; i < code.modules.size(); ++i) code.modules[i] = made->data[i] & 1U;
  return code;
}

Picture draw(const QrCode& code, unsigned pixels_per_module) {
  const unsigned side = static_cast<unsigned>(whole_side(code)) * pixels_per_module;
  Picture picture{.width = side, .height = side, .gray = Bytes(std::size_t{side} * side, 255)};
  for (unsigned y = 0; y < side; ++y) {
    for (unsigned x = 0; x < side; ++x) {
      if (dark_at(code, static_cast<int>(x / pixels_per_module), static_cast<int>(y / pixels_per_module)))
        picture.gray[std::size_t{y} * side + x] = 0;
    }
  }
  return picture;
}

std::string qr_characters(const QrCode& code) {
  const int side = whole_side(code);
  std::string out;
  for (int y = 0; y < side; y += 2) {
    for (int x = 0; x < side; ++x) {
      const bool upper = !dark_at(code, x, y);
      const bool lower = y + 1 < side && !dark_at(code, x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += '\n';
  }
  return out;
}

std::string qr_svg(const QrCode& code) {
  const int side = whole_side(code);
  const std::string length = std::to_string(side);
  std::string path;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      if (!dark_at(code, x, y)) continue;
      int run = 1;
      while (dark_at(code, x + run, y)) ++run;
      path += "M" + std::to_string(x) + " " + std::to_string(y) + "h" + std::to_string(run) + "v1h-" +
              std::to_string(run) + "z";
      x += run;
    }
  }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + length + " " + length +
         "\" shape-rendering=\"crispEdges\">\n<rect width=\"" + length + "\" height=\"" + length +
         "\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"" + path + "\"/>\n</svg>\n";
}

}  // namespace hufu::offline
