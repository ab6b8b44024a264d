// Which network addresses may be called, against requests that someone else's URL sends into our
// own network (SSRF). The address that a connection is really opened to is judged, after the name
// was resolved: a name that resolves to another address the second time does not pass.
//
// https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace scantling::net {

// IPv4 addresses are kept as ::ffff:a.b.c.d.
struct IpAddress {
  std::array<uint8_t, 16> bytes{};

  static std::optional<IpAddress> Parse(std::string_view text);  // no brackets, no zone
  static std::optional<IpAddress> FromSocket(const sockaddr& address);
  bool IsV4() const;
  std::string ToString() const;
};

enum class AddressKind : uint8_t {
  kPublic,
  kUnspecified,  // 0.0.0.0/8, ::
  kLoopback,
  kLinkLocal,  // 169.254/16 and fe80::/10
  kMetadata,   // where clouds hand out credentials to whoever is on the machine
  kPrivate,    // RFC 1918, RFC 6598, fc00::/7
  kReserved,   // multicast, documentation, benchmarks, never assigned
};
std::string_view ToString(AddressKind kind);
// Addresses inside others (6to4, NAT64, IPv4-mapped and -compatible) count as the one inside when
// that is not public.
AddressKind KindOf(const IpAddress& address);
// "localhost", or an address of this machine's own: what is sent there crosses no network.
bool IsLoopbackHost(std::string_view host);

// Thread-compatible.
class AddressPolicy {
 public:
  // No restriction: for what the person at the keyboard names.
  static AddressPolicy Any() { return AddressPolicy(true); }
  // Public addresses and what Allow() adds: for addresses that came from elsewhere.
  static AddressPolicy PublicOnly() { return AddressPolicy(false); }

  // "10.1.0.0/16", "fd00::/8", or one address. An allowed range goes before every other rule.
  base::Result<void> Allow(std::string_view range);
  bool unrestricted() const { return any_; }
  // An error says which kind of address it is.
  base::Result<void> Check(const IpAddress& address) const;

 private:
  explicit AddressPolicy(bool any) : any_(any) {}
  struct Range {
    IpAddress address;
    unsigned bits = 128;
  };
  bool any_;
  std::vector<Range> allowed_;
};

}  // namespace scantling::net
