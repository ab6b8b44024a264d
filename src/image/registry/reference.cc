// See reference.h.
#include "image/registry/reference.h"

#include "base/strings.h"
#include "net/address_policy.h"

#include <algorithm>
#include <array>

namespace scantling::image::registry {
namespace {

constexpr size_t kMaxNameBytes = 255;
constexpr size_t kMaxTagBytes = 128;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Letters and digits, with ".", "_", "__" or dashes between.
bool IsComponent(std::string_view text) {
  size_t i = 0;
  bool separator = true;  // none may come first
  while (i < text.size()) {
    if (IsLower(text[i]) || IsDigit(text[i])) {
      separator = false;
      ++i;
      continue;
    }
    if (separator) {
      return false;
    }
    separator = true;
    if (text[i] == '.') {
      ++i;
    } else if (text[i] == '_') {
      i += text.substr(i).starts_with("__") ? 2 : 1;
    } else if (text[i] == '-') {
      while (i < text.size() && text[i] == '-') {
        ++i;
      }
    } else {
      return false;
    }
  }
  return !separator;
}

bool IsTag(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTagBytes && text[0] != '.' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '_' || c == '.' || c == '-';
         });
}

// "[::1]:5000" -> "::1"; "host:5000" -> "host".
std::string_view HostOf(std::string_view registry) {
  if (registry.starts_with('[')) {
    return registry.substr(1, std::min(registry.find(']'), registry.size()) - 1);
  }
  return registry.substr(0, registry.find(':'));
}

bool IsRegistry(std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos || !net::IpAddress::Parse(HostOf(text))) {
      return false;
    }
    port = text.substr(end + 1);
  } else {
    const std::string_view host = HostOf(text);
    for (const std::string_view part : base::Split(host, '.')) {
      if (part.empty() || part.front() == '-' || part.back() == '-' ||
          !std::all_of(part.begin(), part.end(),
                       [](char c) { return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '-'; })) {
        return false;
      }
    }
    port = text.substr(host.size());
  }
  if (port.empty()) {
    return true;
  }
  const auto number = base::ParseNumber<uint16_t>(port.substr(1));
  return port[0] == ':' && number && *number != 0;
}

// Is the first part of a name a host? docker's rule.
bool NamesHost(std::string_view part) {
  return part == "localhost" || part.find_first_of(".:[") != std::string_view::npos ||
         std::any_of(part.begin(), part.end(), IsUpper);
}

base::Error Wrong(std::string_view text, std::string_view why) {
  return {base::ErrorCode::kUsage,
          "\"" + base::ToUtf8(text.substr(0, 300)) + "\" is no image name: " + std::string(why)};
}

}  // namespace

std::string Reference::ToString() const {
  return Name() + (tag.empty() ? "" : ":" + tag) + (digest ? "@" + digest->ToString() : "");
}

std::string Reference::Host() const {
  return registry == "docker.io" ? "registry-1.docker.io" : registry;
}

base::Result<Reference> ParseReference(std::string_view text) {
  Reference out;
  std::string_view rest = text;
  if (const size_t at = rest.find('@'); at != std::string_view::npos) {
    const std::string_view digest = rest.substr(at + 1);
    out.digest = base::Digest::Parse(digest);
    if (!out.digest) {
      return Wrong(text, digest.starts_with("sha512:") ? "sha512 digests are not supported"
                                                       : "what follows @ is no sha256:... digest");
    }
    rest = rest.substr(0, at);
  }
  const size_t slash = rest.find('/');
  if (slash != std::string_view::npos && NamesHost(rest.substr(0, slash))) {
    out.registry = base::Lower(rest.substr(0, slash));
    // "Shop/web" would be a host by its capital alone, and none once it is written small.
    if (!IsRegistry(out.registry) || !NamesHost(out.registry)) {
      return Wrong(text, "the part before the first / is no HOST or HOST:PORT");
    }
    rest = rest.substr(slash + 1);
  } else {
    out.registry = "docker.io";
  }
  if (out.registry == "index.docker.io" || out.registry == "registry-1.docker.io") {
    out.registry = "docker.io";
  }
  if (const size_t colon = rest.find(':'); colon != std::string_view::npos) {
    out.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!IsTag(out.tag)) {
      return Wrong(text,
                   "a tag is at most 128 letters, digits, \".\", \"_\" and \"-\", and does not "
                   "begin with \".\" or \"-\"");
    }
  } else if (!out.digest) {
    out.tag = "latest";
  }
  if (rest.empty() || rest.size() + out.registry.size() > kMaxNameBytes) {
    return Wrong(text, rest.empty() ? "the repository is missing" : "it is too long");
  }
  for (const std::string_view part : base::Split(rest, '/')) {
    if (!IsComponent(part)) {
      return Wrong(text,
                   "a repository is made of small letters and digits, with single \".\", \"_\" or "
                   "\"-\" between them");
    }
  }
  const bool official = out.registry == "docker.io" && rest.find('/') == std::string_view::npos;
  out.repository = (official ? "library/" : "") + std::string(rest);
  return out;
}

bool LooksLikeReference(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kFileEndings = {
      ".tar",  ".tgz", ".gz",  ".zst", ".xz",  ".bz2",
      ".json", ".zip", ".iso", ".img", ".oci", ".txt"};
  const bool is_file =
      std::any_of(kFileEndings.begin(), kFileEndings.end(),
                  [&](std::string_view ending) { return base::Lower(text).ends_with(ending); });
  const size_t slash = text.find('/');
  const bool host = slash != std::string_view::npos && NamesHost(text.substr(0, slash));
  const bool tagged =
      text.find('@') != std::string_view::npos ||
      text.substr(text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/')).find(':') !=
          std::string_view::npos;
  return (tagged || (host && !is_file)) && ParseReference(text).has_value();
}

bool IsLoopback(std::string_view registry) {
  const std::string_view host = HostOf(registry);
  return net::IsLoopbackHost(host) || host.ends_with(".localhost");
}

}  // namespace scantling::image::registry
