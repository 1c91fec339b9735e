// Pictures from anywhere: what is read is within its bounds, and whoever looks for a code in it survives. The first byte
// chooses: a picture file, or pixels of that width as they are.
#include "cli/offline/qr.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

constexpr std::size_t kPixelsLookedAt = 250'000;  // for speed; larger ones differ in nothing

void look(const hufu::offline::Picture& picture) {
  if (picture.gray.size() > kPixelsLookedAt) return;
  const hufu::Result<std::string> text = hufu::offline::read_code(picture, "HUFU1:");
  FUZZ_CHECK(!text || text->starts_with("HUFU1:"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const unsigned width = data[0];
  const hufu::ByteSpan rest(data + 1, size - 1);
  if (width == 0) {
    const hufu::Result<hufu::offline::Picture> picture = hufu::offline::read_picture(rest);
    if (!picture) return 0;
    FUZZ_CHECK(picture->gray.size() == std::size_t{picture->width} * picture->height);
    FUZZ_CHECK(picture->gray.size() <= hufu::offline::kPicturePixels);
    look(*picture);
    return 0;
  }
  const auto height = static_cast<unsigned>(std::min<std::size_t>(rest.size() / width, 1'000));
  look({.width = width, .height = height, .gray = hufu::to_bytes(rest.first(std::size_t{width} * height))});
  return 0;
}

std::vector<hufu::Bytes> hufu::fuzz::seeds() {
  const offline::Picture code = offline::draw(offline::make_qr("HUFU1:0123456789").value(), 4);
  Bytes file = offline::write_png(code);
  file.insert(file.begin(), 0);
  Bytes pixels = code.gray;
  pixels.insert(pixels.begin(), static_cast<std::uint8_t>(code.width));
  return {std::move(file), std::move(pixels)};
}
