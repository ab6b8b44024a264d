// See address_policy.h.
#include "net/address_policy.h"

#include "base/strings.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <sys/socket.h>

namespace scantling::net {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

IpAddress FromV4(const uint8_t* four) {
  IpAddress out;
  std::copy(kMapped.begin(), kMapped.end(), out.bytes.begin());
  std::copy_n(four, 4, out.bytes.begin() + 12);
  return out;
}

bool InRange(const IpAddress& address, const IpAddress& range, unsigned bits) {
  for (unsigned i = 0; i < 16 && bits > 0; ++i) {
    const unsigned now = std::min(bits, 8U);
    const auto mask = static_cast<uint8_t>(0xffU << (8 - now));
    if ((address.bytes[i] & mask) != (range.bytes[i] & mask)) {
      return false;
    }
    bits -= now;
  }
  return true;
}

struct Special {
  std::string_view range;
  unsigned bits;
  AddressKind kind;
};

// The first that fits counts.
constexpr std::array kSpecialV4 = {
    Special{"169.254.169.254", 32, AddressKind::kMetadata},
    Special{"169.254.170.2", 32, AddressKind::kMetadata},
    Special{"169.254.170.23", 32, AddressKind::kMetadata},
    Special{"100.100.100.200", 32, AddressKind::kMetadata},
    Special{"168.63.129.16", 32, AddressKind::kMetadata},
    Special{"192.0.0.192", 32, AddressKind::kMetadata},
    Special{"0.0.0.0", 8, AddressKind::kUnspecified},
    Special{"127.0.0.0", 8, AddressKind::kLoopback},
    Special{"169.254.0.0", 16, AddressKind::kLinkLocal},
    Special{"10.0.0.0", 8, AddressKind::kPrivate},
    Special{"172.16.0.0", 12, AddressKind::kPrivate},
    Special{"192.168.0.0", 16, AddressKind::kPrivate},
    Special{"100.64.0.0", 10, AddressKind::kPrivate},
    Special{"192.0.0.0", 24, AddressKind::kReserved},
    Special{"192.0.2.0", 24, AddressKind::kReserved},
    Special{"192.88.99.0", 24, AddressKind::kReserved},
    Special{"198.18.0.0", 15, AddressKind::kReserved},
    Special{"198.51.100.0", 24, AddressKind::kReserved},
    Special{"203.0.113.0", 24, AddressKind::kReserved},
    Special{"224.0.0.0", 4, AddressKind::kReserved},
    Special{"240.0.0.0", 4, AddressKind::kReserved},
};

constexpr std::array kSpecialV6 = {
    Special{"fd00:ec2::254", 128, AddressKind::kMetadata},
    Special{"fd00:ec2::23", 128, AddressKind::kMetadata},
    Special{"fd20:ce::254", 128, AddressKind::kMetadata},
    Special{"::", 128, AddressKind::kUnspecified},
    Special{"::1", 128, AddressKind::kLoopback},
    Special{"fe80::", 10, AddressKind::kLinkLocal},
    Special{"fec0::", 10, AddressKind::kPrivate},
    Special{"fc00::", 7, AddressKind::kPrivate},
    Special{"ff00::", 8, AddressKind::kReserved},
    Special{"100::", 64, AddressKind::kReserved},
    Special{"2001:db8::", 32, AddressKind::kReserved},
    Special{"3fff::", 20, AddressKind::kReserved},
    Special{"2001::", 32, AddressKind::kReserved},  // Teredo: hides an IPv4 address
    Special{"64:ff9b:1::", 48, AddressKind::kReserved},
};

// IPv4 addresses inside IPv6 ones, by prefix: where they begin.
struct Inner {
  std::string_view range;
  unsigned bits;
  size_t offset;
};
constexpr std::array kInner = {
    Inner{"64:ff9b::", 96, 12},
    Inner{"2002::", 16, 2},
    Inner{"::", 96, 12},
};

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  const std::string zero_ended(text);
  in_addr four{};
  if (::inet_pton(AF_INET, zero_ended.c_str(), &four) == 1) {
    uint8_t bytes[4];
    std::memcpy(bytes, &four, sizeof(bytes));
    return FromV4(bytes);
  }
  in6_addr six{};
  if (::inet_pton(AF_INET6, zero_ended.c_str(), &six) == 1) {
    IpAddress out;
    std::memcpy(out.bytes.data(), &six, out.bytes.size());
    return out;
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::FromSocket(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof(four));
    uint8_t bytes[4];
    std::memcpy(bytes, &four.sin_addr, sizeof(bytes));
    return FromV4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof(six));
    IpAddress out;
    std::memcpy(out.bytes.data(), &six.sin6_addr, out.bytes.size());
    return out;
  }
  return std::nullopt;
}

bool IpAddress::IsV4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (IsV4()) {
    ::inet_ntop(AF_INET, bytes.data() + 12, text, sizeof(text));
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), text, sizeof(text));
  }
  return text;
}

std::string_view ToString(AddressKind kind) {
  switch (kind) {
    case AddressKind::kPublic:
      return "public";
    case AddressKind::kUnspecified:
      return "unspecified";
    case AddressKind::kLoopback:
      return "loopback";
    case AddressKind::kLinkLocal:
      return "link-local";
    case AddressKind::kMetadata:
      return "cloud metadata";
    case AddressKind::kPrivate:
      return "private";
    case AddressKind::kReserved:
      return "reserved";
  }
  return "unknown";
}

AddressKind KindOf(const IpAddress& address) {
  if (address.IsV4()) {
    for (const Special& special : kSpecialV4) {
      if (InRange(address, *IpAddress::Parse(special.range), 96 + special.bits)) {
        return special.kind;
      }
    }
    return AddressKind::kPublic;
  }
  for (const Special& special : kSpecialV6) {
    if (InRange(address, *IpAddress::Parse(special.range), special.bits)) {
      return special.kind;
    }
  }
  for (const Inner& inner : kInner) {
    if (InRange(address, *IpAddress::Parse(inner.range), inner.bits)) {
      return KindOf(FromV4(address.bytes.data() + inner.offset));
    }
  }
  return AddressKind::kPublic;
}

bool IsLoopbackHost(std::string_view host) {
  const auto address = IpAddress::Parse(host);
  return host == "localhost" || (address && KindOf(*address) == AddressKind::kLoopback);
}

base::Result<void> AddressPolicy::Allow(std::string_view range) {
  const size_t slash = std::min(range.find('/'), range.size());
  const auto address = IpAddress::Parse(range.substr(0, slash));
  if (!address) {
    return base::Invalid("\"" + std::string(range) + "\" is no network address or range");
  }
  const unsigned most = address->IsV4() ? 32 : 128;
  unsigned bits = most;
  if (slash < range.size()) {
    const auto number = base::ParseNumber<unsigned>(range.substr(slash + 1));
    if (!number || *number > most) {
      return base::Invalid("\"" + std::string(range) + "\": the part after / is no number up to " +
                           std::to_string(most));
    }
    bits = *number;
  }
  allowed_.push_back({*address, address->IsV4() ? bits + 96 : bits});
  return {};
}

base::Result<void> AddressPolicy::Check(const IpAddress& address) const {
  const AddressKind kind = KindOf(address);
  if (any_ || kind == AddressKind::kPublic) {
    return {};
  }
  for (const Range& range : allowed_) {
    if (InRange(address, range.address, range.bits)) {
      return {};
    }
  }
  return base::Error(base::ErrorCode::kUsage, address.ToString() + " is a " +
                                                  std::string(ToString(kind)) +
                                                  " address, which may not be called from here");
}

}  // namespace scantling::net
