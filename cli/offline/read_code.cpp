#include <zbar.h>

#include <memory>
#include <optional>

#include "cli/offline/picture.hpp"
#include "ledger/base/check.hpp"

namespace hufu::offline {
namespace {

constexpr unsigned kSmallestSide = 100;  // pixels; no code of ours is smaller

// Four pixels become one, the mean of them: what is noise in a large photo is gone in a smaller one.
Picture halved(const Picture& picture) {
  Picture half{.width = picture.width / 2, .height = picture.height / 2, .gray = {}};
  half.gray.resize(std::size_t{half.width} * half.height);
  for (unsigned y = 0; y < half.height; ++y) {
    const std::uint8_t* const row = picture.gray.data() + std::size_t{2} * y * picture.width;
    for (unsigned x = 0; x < half.width; ++x) {
      const unsigned sum =
          row[2 * x] + row[2 * x + 1] + row[picture.width + 2 * x] + row[picture.width + 2 * x + 1];
      half.gray[std::size_t{y} * half.width + x] = static_cast<std::uint8_t>(sum / 4);
    }
  }
  return half;
}

class Scanner {
 public:
  Scanner() : scanner_(zbar::zbar_image_scanner_create(), zbar::zbar_image_scanner_destroy) {
    HUFU_CHECK(scanner_ != nullptr);
    set(zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
    set(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    // Light on dark too, as a terminal may show it.
    set(zbar::ZBAR_NONE, zbar::ZBAR_CFG_TEST_INVERTED, 1);
  }

  // nullopt: none. Error::image_unreadable: two that differ.
  Result<std::optional<std::string>> find(const Picture& picture, std::string_view prefix) {
    const std::unique_ptr<zbar::zbar_image_t, decltype(&zbar::zbar_image_destroy)> image(
        zbar::zbar_image_create(), zbar::zbar_image_destroy);
    HUFU_CHECK(image != nullptr);
    zbar::zbar_image_set_format(image.get(), 0x30303859);  // "Y800": one byte a pixel
    zbar::zbar_image_set_size(image.get(), picture.width, picture.height);
    zbar::zbar_image_set_data(image.get(), picture.gray.data(), picture.gray.size(), nullptr);
    std::optional<std::string> found;
    if (zbar::zbar_scan_image(scanner_.get(), image.get()) <= 0) return found;
    for (const zbar::zbar_symbol_t* symbol = zbar::zbar_image_first_symbol(image.get()); symbol != nullptr;
         symbol = zbar::zbar_symbol_next(symbol)) {
      std::string text(zbar::zbar_symbol_get_data(symbol), zbar::zbar_symbol_get_data_length(symbol));
      if (!text.starts_with(prefix)) continue;
      if (found && *found != text) return Error::image_unreadable;
      found = std::move(text);
    }
    return found;
  }

 private:
  void set(zbar::zbar_symbol_type_t symbology, zbar::zbar_config_t config, int value) {
    HUFU_CHECK(zbar::zbar_image_scanner_set_config(scanner_.get(), symbology, config, value) == 0);
  }

  std::unique_ptr<zbar::zbar_image_scanner_t, decltype(&zbar::zbar_image_scanner_destroy)> scanner_;
};

}  // namespace

Result<std::string> read_code(const Picture& picture, std::string_view prefix) {
  Scanner scanner;
  Picture smaller = picture;
  while (smaller.width >= kSmallestSide && smaller.height >= kSmallestSide) {
    Result<std::optional<std::string>> found = scanner.find(smaller, prefix);
    if (!found) return found.error();
    if (*found) return std::move(**found);
    smaller = halved(smaller);
  }
  return Error::image_unreadable;
}

}  // namespace hufu::offline
