// The canonical codec: how every signed, hashed, stored or sent byte string is written and read.
//
// A type describes itself once with Boost.Serialization's `template <class Archive> void serialize(Archive&, unsigned)`.
// Writer and Reader below implement Boost's archive concept; no header, class id or library version reaches the bytes.
//
//   value     := integer | flag | raw | string | list | optional | variant | struct
//   integer   := 1, 2, 4 or 8 bytes, little-endian, two's complement
//   flag      := 0x00 | 0x01                                  (bool)
//   enum      := its underlying integer; bool is_known(E) decides which values exist
//   raw       := the bytes of a std::array<std::uint8_t, N>
//   length    := u8 if the bound is <= 255, u16 if <= 65,535, else u32; <= the bound
//   string    := length, that many bytes                      (bounded<Max>(std::string or Bytes))
//   list      := length, that many values                     (bounded<Max>(std::vector<T>))
//   optional  := 0x00 | 0x01 value
//   variant   := u8 tag (T::kTag of the alternative), value
//   version   := u8 that has one allowed value                  (exactly<N>(std::uint8_t))
//   struct    := its members in order
//
// Invariants
//   K1  one value has one encoding: decode(b) == ok(v) implies encode(v) == b  (fuzzed for every root type)
//   K2  decode reads at most its input, allocates at most a constant times its input, and never throws
//   K3  the first error sticks; values read after it are zero
#pragma once

#include <algorithm>
#include <array>
#include <boost/mpl/bool.hpp>
#include <boost/serialization/serialization.hpp>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "ledger/base/bytes.hpp"
#include "ledger/base/check.hpp"

namespace hufu {

// A string or list together with the bound of its field.
template <std::size_t Max, class T>
struct Bounded {
  T& value;
};
template <std::size_t Max, class T>
Bounded<Max, T> bounded(T& value) {
  return {value};
}

// The version of a root type: any other value is Error::unknown_tag.
template <std::uint8_t N>
struct Exactly {
  std::uint8_t& value;
};
template <std::uint8_t N>
Exactly<N> exactly(std::uint8_t& value) {
  return {value};
}

namespace codec_detail {
template <std::size_t Max>
using LengthOf = std::conditional_t<(Max <= 0xFF), std::uint8_t,
                                    std::conditional_t<(Max <= 0xFFFF), std::uint16_t, std::uint32_t>>;

template <class T>
struct IsRaw : std::false_type {};
template <std::size_t N>
struct IsRaw<std::array<std::uint8_t, N>> : std::true_type {};

template <class T>
concept ByteString = std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>;
}  // namespace codec_detail

class Writer {
 public:
  using is_saving = boost::mpl::true_;
  using is_loading = boost::mpl::false_;

  template <class T>
  Writer& operator&(const T& value) {
    put(value);
    return *this;
  }
  template <class T>
  Writer& operator<<(const T& value) {
    return *this & value;
  }
  void raw(ByteSpan bytes) {
    if (!bytes.empty()) std::memcpy(extend(bytes.size()), bytes.data(), bytes.size());
  }
  void reserve(std::size_t bytes) {
    if (out_.size() < bytes) out_.resize(bytes);
  }
  // Good until the next write.
  ByteSpan bytes() const { return {out_.data(), size_}; }
  void clear() { size_ = 0; }
  Bytes take() {
    out_.resize(std::exchange(size_, 0));
    return std::move(out_);
  }

 private:
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      *extend(1) = value ? 1 : 0;
    } else if constexpr (std::is_enum_v<T>) {
      put(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T>) {
      const auto bits = static_cast<std::make_unsigned_t<T>>(value);
      std::uint8_t* const little = extend(sizeof(T));
      for (std::size_t i = 0; i < sizeof(T); ++i) little[i] = static_cast<std::uint8_t>(bits >> (8 * i));
    } else if constexpr (codec_detail::IsRaw<T>::value) {
      raw(value);
    } else {
      // serialize() is one description for both directions and therefore not const; writing changes nothing.
      boost::serialization::serialize_adl(*this, const_cast<T&>(value), 0U);
    }
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class... Ts>
  void put(const std::variant<Ts...>& value) {
    std::visit(
        [this]<class T>(const T& alternative) {
          put(std::uint8_t{T::kTag});
          put(alternative);
        },
        value);
  }
  template <std::uint8_t N>
  void put(const Exactly<N>& version) {
    put(version.value);
  }
  template <std::size_t Max, class T>
  void put(const Bounded<Max, T>& field) {
    HUFU_CHECK(field.value.size() <= Max);
    put(static_cast<codec_detail::LengthOf<Max>>(field.value.size()));
    if constexpr (codec_detail::ByteString<std::remove_const_t<T>>) {
      raw({reinterpret_cast<const std::uint8_t*>(field.value.data()), field.value.size()});
    } else {
      for (const auto& element : field.value) put(element);
    }
  }

  static constexpr std::size_t kFirst = 128;

  // Room for so many more bytes, which the caller fills.
  std::uint8_t* extend(std::size_t count) {
    const std::size_t at = size_;
    size_ += count;
    if (size_ > out_.size()) out_.resize(std::max({size_, 2 * out_.size(), kFirst}));
    return out_.data() + at;
  }

  Bytes out_;  // the first size_ bytes are written, the others are room
  std::size_t size_ = 0;
};

class Reader {
 public:
  using is_saving = boost::mpl::false_;
  using is_loading = boost::mpl::true_;

  explicit Reader(ByteSpan bytes) : rest_(bytes) {}

  template <class T>
  Reader& operator&(T&& value) {
    get(value);
    return *this;
  }
  template <class T>
  Reader& operator>>(T&& value) {
    return *this & value;
  }
  // For a serialize() that finds its value out of the grammar (an unsorted set, a text with a control character …).
  void fail(Error error) {
    if (!error_) error_ = error;
    rest_ = {};
  }
  std::optional<Error> error() const { return error_; }
  std::size_t remaining() const { return rest_.size(); }
  // The next count bytes as they stand.
  ByteSpan raw(std::size_t count) {
    if (rest_.size() < count) {
      fail(Error::truncated);
      return {};
    }
    const ByteSpan bytes = rest_.first(count);
    rest_ = rest_.subspan(count);
    return bytes;
  }

 private:
  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      get(byte);
      if (byte > 1) fail(Error::not_canonical);
      value = byte == 1;
    } else if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> number{};
      get(number);
      value = static_cast<T>(number);
      if (!error_ && !is_known(value)) fail(Error::unknown_tag);
    } else if constexpr (std::is_integral_v<T>) {
      std::make_unsigned_t<T> bits = 0;
      const ByteSpan little = raw(sizeof(T));
      for (std::size_t i = 0; i < little.size(); ++i) {
        bits = static_cast<std::make_unsigned_t<T>>(bits | static_cast<std::make_unsigned_t<T>>(little[i])
                                                               << (8 * i));
      }
      value = static_cast<T>(bits);
    } else if constexpr (codec_detail::IsRaw<T>::value) {
      const ByteSpan bytes = raw(value.size());
      if (bytes.empty()) return value.fill(0);
      std::copy(bytes.begin(), bytes.end(), value.begin());
    } else {
      boost::serialization::serialize_adl(*this, value, 0U);
    }
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (present && !error_) get(value.emplace());
  }
  template <class... Ts>
  void get(std::variant<Ts...>& value) {
    std::uint8_t tag = 0;
    get(tag);
    if (error_) return;
    const bool known = ((Ts::kTag == tag && (get(value.template emplace<Ts>()), true)) || ...);
    if (!known) fail(Error::unknown_tag);
  }
  template <std::uint8_t N>
  void get(Exactly<N>& version) {
    get(version.value);
    if (!error_ && version.value != N) fail(Error::unknown_tag);
  }
  template <std::size_t Max, class T>
  void get(Bounded<Max, T>& field) {
    codec_detail::LengthOf<Max> length = 0;
    get(length);
    field.value.clear();
    if (error_) return;
    if (length > Max) return fail(Error::too_long);
    if constexpr (codec_detail::ByteString<T>) {
      const ByteSpan bytes = raw(length);
      field.value.assign(bytes.begin(), bytes.end());
    } else {
      // Elements are added as they are read: a large count in a short input costs nothing.
      for (std::size_t i = 0; i < length && !error_; ++i) get(field.value.emplace_back());
    }
  }

  ByteSpan rest_;
  std::optional<Error> error_;
};

template <class T>
Bytes encode(const T& value) {
  Writer writer;
  writer& value;
  return writer.take();
}

template <class T>
Result<T> decode(ByteSpan bytes) {
  Reader reader(bytes);
  T value{};
  reader& value;
  if (reader.error()) return *reader.error();
  if (reader.remaining() != 0) return Error::trailing_bytes;
  return value;
}

}  // namespace hufu
