// Byte views and conversions. Views never own; who stores one also stores its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace scantling::base {

using Bytes = std::span<const std::byte>;

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace scantling::base
