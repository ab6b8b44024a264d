// See url.h.
#include "net/url.h"

#include "base/strings.h"

namespace scantling::net {
namespace {

constexpr size_t kMaxUrlBytes = 16 << 10;

uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string Url::Origin() const {
  const bool brackets = host.find(':') != std::string::npos;
  std::string out = scheme + "://" + (brackets ? "[" + host + "]" : host);
  if (port != DefaultPort(scheme)) {
    out += ":" + std::to_string(port);
  }
  return out;
}

base::Result<Url> ParseUrl(std::string_view text) {
  // Messages do not repeat the text: it may hold a password.
  if (text.size() > kMaxUrlBytes) {
    return base::LimitMet("a URL of more than " + std::to_string(kMaxUrlBytes) + " bytes");
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\') {
      return base::Invalid("a URL with blanks, control characters or backslashes in it");
    }
  }
  Url out;
  const size_t colon = text.find("://");
  out.scheme = base::Lower(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (out.scheme != "http" && out.scheme != "https") {
    return base::Invalid("a URL that begins with neither http:// nor https://");
  }
  text.remove_prefix(colon + 3);
  const size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  std::string_view target = text.substr(end);
  target = target.substr(0, target.find('#'));
  out.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  if (authority.find('@') != std::string_view::npos) {
    return base::Invalid("a URL with a user name or password in it");
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) {
      return base::Invalid("a URL whose IPv6 address has no end");
    }
    out.host = base::Lower(authority.substr(1, bracket - 1));
    port = authority.substr(bracket + 1);
    if (out.host.find_first_not_of("0123456789abcdef:.") != std::string::npos ||
        out.host.find(':') == std::string::npos) {
      return base::Invalid("a URL whose brackets hold no IPv6 address");
    }
  } else {
    const size_t at = std::min(authority.find(':'), authority.size());
    out.host = base::Lower(authority.substr(0, at));
    port = authority.substr(at);
    for (const char c : out.host) {
      if (!IsUnreserved(c)) {
        return base::Invalid("a URL whose host name has a character that no host name has");
      }
    }
  }
  if (out.host.empty()) {
    return base::Invalid("a URL without a host");
  }
  out.port = DefaultPort(out.scheme);
  if (!port.empty()) {
    const auto number = base::ParseNumber<uint16_t>(port.substr(1));
    if (port[0] != ':' || (!number && port.size() > 1) || (number && *number == 0)) {
      return base::Invalid("a URL whose port is no number from 1 to 65535");
    }
    out.port = number.value_or(out.port);
  }
  return out;
}

std::string PercentEncode(std::string_view text, std::string_view keep) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c) || keep.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
  return out;
}

}  // namespace scantling::net
