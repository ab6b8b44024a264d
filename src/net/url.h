// The addresses that we call: http and https only, without user names in them (credentials belong
// into headers, where no message shows them). https://www.rfc-editor.org/rfc/rfc3986
// Not handled: relative references (libcurl resolves redirects), international host names.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::net {

struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; IPv6 addresses without brackets
  uint16_t port = 0;   // the scheme's own when none is written
  std::string target;  // path and query, at least "/"

  // "https://host" or "http://host:5000": what messages show, and what credentials belong to.
  std::string Origin() const;
  std::string ToString() const { return Origin() + target; }
  bool SameOrigin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

base::Result<Url> ParseUrl(std::string_view text);

// Everything but letters, digits and "-._~" becomes %XX; `keep` names further characters to leave.
std::string PercentEncode(std::string_view text, std::string_view keep = "");

}  // namespace scantling::net
