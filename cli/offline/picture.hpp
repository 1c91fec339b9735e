// Pictures from anywhere: PNG and JPEG files into gray pixels, and the text of the QR code in them.
//
// A picture is hostile. Its size is read and bounded before anything is allocated for its pixels, and what a library does
// not take is image_unreadable. What the code says is only a claim: whoever reads it checks it as any other bytes.
#pragma once

#include <string>

#include "ledger/base/bytes.hpp"
#include "ledger/base/error.hpp"

namespace hufu::offline {

inline constexpr std::size_t kPictureBytes = 32U << 20;      // of the file
inline constexpr std::uint64_t kPicturePixels = 40'000'000;  // more than phones take unless told to
inline constexpr unsigned kPictureSide = 20'000;

struct Picture {
  unsigned width = 0;
  unsigned height = 0;
  Bytes gray;  // row by row from the top; 0 is black

  bool operator==(const Picture&) const = default;
};

// By its first bytes; says nothing about the rest.
bool is_picture(ByteSpan file);
// Error::image_unreadable, oversize.
Result<Picture> read_picture(ByteSpan file);
Bytes write_png(const Picture& picture);

// The text of the one QR code in it that begins with `prefix`. Error::image_unreadable when there is none, or two that
// differ.
Result<std::string> read_code(const Picture& picture, std::string_view prefix);

}  // namespace hufu::offline
