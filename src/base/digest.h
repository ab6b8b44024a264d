// SHA-256 and the "sha256:<hex>" digests of the OCI image specification
// (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests). sha512 digests
// are not supported.
#pragma once

#include "base/bytes.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::base {

struct Digest {
  std::array<std::byte, 32> bytes{};

  // "sha256:" and 64 lower-case hex digits; nullopt for anything else.
  static std::optional<Digest> Parse(std::string_view text);
  std::string Hex() const;
  std::string ToString() const { return "sha256:" + Hex(); }
  auto operator<=>(const Digest&) const = default;
};

// Streaming SHA-256. Single thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void Update(Bytes data);
  Digest Finish();  // once; the object may not be used afterwards

 private:
  friend class Sha256Team;
  struct State;
  std::unique_ptr<State> state_;
};

Digest Sha256Of(Bytes data);
Digest HmacSha256(std::string_view key, Bytes data);  // RFC 2104

}  // namespace scantling::base
