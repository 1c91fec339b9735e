#include "cli/offline/picture.hpp"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <memory>

#include "ledger/base/check.hpp"

namespace hufu::offline {
namespace {

constexpr std::array<std::uint8_t, 8> kPngStart = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::array<std::uint8_t, 3> kJpegStart = {0xff, 0xd8, 0xff};

bool starts_with(ByteSpan file, ByteSpan start) {
  return file.size() >= start.size() && std::equal(start.begin(), start.end(), file.begin());
}

Result<Picture> blank(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return Error::image_unreadable;
  if (width > kPictureSide || height > kPictureSide || width * height > kPicturePixels)
    return Error::oversize;
  return Picture{.width = static_cast<unsigned>(width),
                 .height = static_cast<unsigned>(height),
                 .gray = Bytes(width * height)};
}

Result<Picture> read_png(ByteSpan file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> owner(&image, png_image_free);
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) return Error::image_unreadable;
  Result<Picture> picture = blank(image.width, image.height);
  if (!picture) return picture;
  image.format = PNG_FORMAT_GRAY;
  const png_color white{255, 255, 255};  // under what is transparent
  if (png_image_finish_read(&image, &white, picture->gray.data(), 0, nullptr) == 0)
    return Error::image_unreadable;
  return picture;
}

Result<Picture> read_jpeg(ByteSpan file) {
  struct Close {
    void operator()(void* handle) const { tjDestroy(handle); }
  };
  const std::unique_ptr<void, Close> handle(tjInitDecompress());
  HUFU_CHECK(handle != nullptr);
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(handle.get(), file.data(), file.size(), &width, &height, &subsampling, &colours) !=
          0 ||
      width < 0 || height < 0)
    return Error::image_unreadable;
  Result<Picture> picture = blank(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
  if (!picture) return picture;
  // A photo with a scratch in its bytes still shows its code: only fatal errors end it. The number of scans is bounded,
  // because each costs the time of a picture.
  if (tjDecompress2(handle.get(), file.data(), file.size(), picture->gray.data(), width, 0, height, TJPF_GRAY,
                    TJFLAG_LIMITSCANS) != 0 &&
      tjGetErrorCode(handle.get()) == TJERR_FATAL)
    return Error::image_unreadable;
  return picture;
}

}  // namespace

bool is_picture(ByteSpan file) { return starts_with(file, kPngStart) || starts_with(file, kJpegStart); }

Result<Picture> read_picture(ByteSpan file) {
  if (file.size() > kPictureBytes) return Error::oversize;
  if (starts_with(file, kPngStart)) return read_png(file);
  if (starts_with(file, kJpegStart)) return read_jpeg(file);
  return Error::image_unreadable;
}

Bytes write_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  Bytes file(size);
  HUFU_CHECK(png_image_write_to_memory(&image, file.data(), &size, 0, picture.gray.data(), 0, nullptr) != 0);
  file.resize(size);
  return file;
}

}  // namespace hufu::offline
