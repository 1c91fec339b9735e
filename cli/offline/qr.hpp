// A text as a QR code, and the code as characters, SVG and pixels. Alphanumeric mode: upper-case letters, digits and
// " $%*+-./:", which is what the compact text of a proof is made of.
//
// Invariants
//   P1  read_code(draw(make_qr(t))) == t for every text that make_qr takes (picture.hpp)
//   P2  every form has the quiet zone of four modules that a reader needs
#pragma once

#include <string>
#include <string_view>

#include "cli/offline/picture.hpp"

namespace hufu::offline {

struct QrCode {
  unsigned side = 0;  // modules, without the quiet zone
  Bytes modules;      // row by row; 1: dark

  // Beyond the sides lies the quiet zone.
  bool dark(int x, int y) const;
};

// Error::text_malformed for characters that the mode does not have, oversize for what no code can hold.
Result<QrCode> make_qr(std::string_view text);

inline constexpr unsigned kQuietZone = 4;
Picture draw(const QrCode& code, unsigned pixels_per_module);
// Two modules a character, light ones drawn: on a dark background as on paper. One character a column.
std::string qr_characters(const QrCode& code);
std::string qr_svg(const QrCode& code);

}  // namespace hufu::offline
