#include "version/purl.h"

#include "base/strings.h"

#include <algorithm>
#include <array>

namespace scantling::version {
namespace {

using base::Result;

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

Result<std::string> Decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const int high = i + 1 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return base::Invalid("package URL: '%' without two hexadecimal digits");
    }
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

// Letters, digits, ".-_~" and ':' stay; `keep` stays as well.
void Encode(std::string_view text, std::string_view keep, std::string& out) {
  constexpr std::string_view kStay = ".-_~:";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsAlnum(c) || kStay.contains(c) || keep.contains(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
}

bool ValidType(std::string_view type) {
  if (type.empty() || (type.front() >= '0' && type.front() <= '9')) {
    return false;
  }
  return std::ranges::all_of(type,
                             [](char c) { return IsAlnum(c) || c == '.' || c == '+' || c == '-'; });
}

bool ValidKey(std::string_view key) {
  if (key.empty() || (key.front() >= '0' && key.front() <= '9')) {
    return false;
  }
  return std::ranges::all_of(key,
                             [](char c) { return IsAlnum(c) || c == '.' || c == '_' || c == '-'; });
}

enum class Dots { kKeep, kDrop };

// Segments between slashes, decoded, joined by '/'; empty ones (and "." and ".." of a subpath) fall
// away.
Result<std::string> DecodeSegments(std::string_view text, Dots dots) {
  std::string out;
  for (const std::string_view raw : base::Split(text, '/')) {
    SCANTLING_TRY(const std::string decoded, Decode(raw));
    const std::string_view segment = decoded;
    if (segment.empty() || (dots == Dots::kDrop && (segment == "." || segment == ".."))) {
      continue;
    }
    if (segment.contains('/')) {
      return base::Invalid("package URL: an encoded '/' inside a path segment");
    }
    if (!out.empty()) {
      out.push_back('/');
    }
    out.append(segment);
  }
  return out;
}

// PEP 503.
std::string PythonName(std::string_view name) {
  std::string out;
  for (const char c : base::Lower(name)) {
    if (c != '-' && c != '_' && c != '.') {
      out.push_back(c);
    } else if (out.empty() || out.back() != '-') {
      out.push_back('-');
    }
  }
  return out;
}

struct TypeRule {
  std::string_view type;
  bool lower_namespace;
  bool lower_name;
};
constexpr std::array<TypeRule, 12> kTypeRules = {{{"alpm", true, true},
                                                  {"apk", true, true},
                                                  {"bitbucket", true, true},
                                                  {"bitnami", true, true},
                                                  {"composer", true, true},
                                                  {"deb", true, true},
                                                  {"github", true, true},
                                                  {"golang", true, true},
                                                  {"hex", true, true},
                                                  {"npm", true, true},
                                                  {"pub", false, true},
                                                  {"rpm", true, false}}};

void Normalise(PackageUrl& url) {
  url.type = base::Lower(url.type);
  if (url.type == "pypi") {
    url.name = PythonName(url.name);
    return;
  }
  for (const TypeRule& rule : kTypeRules) {
    if (rule.type == url.type) {
      url.namespace_ = rule.lower_namespace ? base::Lower(url.namespace_) : url.namespace_;
      url.name = rule.lower_name ? base::Lower(url.name) : url.name;
    }
  }
}

// "a=b&c=d" into the sorted pairs.
Result<void> ParseQualifiers(std::string_view text, PackageUrl& out) {
  for (const std::string_view pair : base::Split(text, '&')) {
    if (pair.empty()) {
      continue;
    }
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return base::Invalid("package URL: a qualifier without '='");
    }
    std::string key = base::Lower(pair.substr(0, equals));
    if (!ValidKey(key)) {
      return base::Invalid("package URL: bad qualifier key \"" + key + "\"");
    }
    SCANTLING_TRY(std::string value, Decode(pair.substr(equals + 1)));
    if (!value.empty()) {
      out.qualifiers.emplace_back(std::move(key), std::move(value));
    }
  }
  std::ranges::sort(out.qualifiers);
  const auto same = std::ranges::adjacent_find(
      out.qualifiers, [](const auto& a, const auto& b) { return a.first == b.first; });
  if (same != out.qualifiers.end()) {
    return base::Invalid("package URL: qualifier \"" + same->first + "\" is given twice");
  }
  return {};
}

// The last '@' begins the version, unless it is a scope ("npm/@babel/core").
size_t FindVersion(std::string_view text) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) {
    return at;
  }
  const bool slash_follows = text.find('/', at) != std::string_view::npos;
  const bool slash_before = at == 0 || text[at - 1] == '/';
  return slash_follows && slash_before ? std::string_view::npos : at;
}

}  // namespace

Result<PackageUrl> PackageUrl::Parse(std::string_view text, Spelling spelling) {
  PackageUrl out;
  if (const size_t hash = text.rfind('#'); hash != std::string_view::npos) {
    SCANTLING_TRY(out.subpath, DecodeSegments(text.substr(hash + 1), Dots::kDrop));
    text = text.substr(0, hash);
  }
  if (const size_t question = text.rfind('?'); question != std::string_view::npos) {
    SCANTLING_DO(ParseQualifiers(text.substr(question + 1), out));
    text = text.substr(0, question);
  }
  constexpr std::string_view kScheme = "pkg:";
  if (!base::EqualsIgnoreCase(text.substr(0, kScheme.size()), kScheme)) {
    return base::Invalid("package URL: does not begin with \"pkg:\"");
  }
  text.remove_prefix(kScheme.size());
  while (text.starts_with('/')) {
    text.remove_prefix(1);
  }
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || !ValidType(text.substr(0, slash))) {
    return base::Invalid("package URL: no type, or a bad one");
  }
  out.type = text.substr(0, slash);
  text.remove_prefix(slash + 1);

  if (const size_t at = FindVersion(text); at != std::string_view::npos) {
    SCANTLING_TRY(out.version, Decode(text.substr(at + 1)));
    text = text.substr(0, at);
  }
  while (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  const size_t last = text.rfind('/');
  if (last != std::string_view::npos) {
    SCANTLING_TRY(out.namespace_, DecodeSegments(text.substr(0, last), Dots::kKeep));
    text.remove_prefix(last + 1);
  }
  SCANTLING_TRY(out.name, Decode(text));
  if (out.name.empty()) {
    return base::Invalid("package URL: no name");
  }
  if (spelling == Spelling::kNormalised) {
    Normalise(out);
  } else {
    out.type = base::Lower(out.type);
  }
  return out;
}

std::string PackageUrl::ToString() const {
  PackageUrl url = *this;
  Normalise(url);
  std::string out = "pkg:";
  out.reserve(32 + namespace_.size() + name.size() + version.size());
  out.append(url.type).push_back('/');
  for (const std::string_view segment : base::Split(url.namespace_, '/')) {
    if (!segment.empty()) {
      Encode(segment, "", out);
      out.push_back('/');
    }
  }
  Encode(url.name, "", out);
  if (!url.version.empty()) {
    out.push_back('@');
    Encode(url.version, "", out);
  }
  std::ranges::sort(url.qualifiers);
  char separator = '?';
  for (const auto& [key, value] : url.qualifiers) {
    if (value.empty()) {
      continue;
    }
    out.push_back(separator);
    separator = '&';
    out.append(base::Lower(key)).push_back('=');
    Encode(value, "/", out);
  }
  separator = '#';
  for (const std::string_view segment : base::Split(url.subpath, '/')) {
    if (!segment.empty() && segment != "." && segment != "..") {
      out.push_back(separator);
      separator = '/';
      Encode(segment, "", out);
    }
  }
  return out;
}

std::string_view PackageUrl::Qualifier(std::string_view key) const {
  for (const auto& [name_of, value] : qualifiers) {
    if (name_of == key) {
      return value;
    }
  }
  return {};
}

void PackageUrl::SetQualifier(std::string_view key, std::string_view value) {
  std::erase_if(qualifiers, [&](const auto& pair) { return pair.first == key; });
  if (!value.empty()) {
    qualifiers.emplace_back(key, value);
    std::ranges::sort(qualifiers);
  }
}

std::optional<Ecosystem> PackageUrl::EcosystemFromType(std::string_view type) {
  for (const Ecosystem ecosystem : kAllEcosystems) {
    if (base::EqualsIgnoreCase(PurlType(ecosystem), type)) {
      return ecosystem;
    }
  }
  return std::nullopt;
}

std::string NormalizeName(Ecosystem ecosystem, std::string_view name) {
  switch (ecosystem) {
    case Ecosystem::kPypi:
      return PythonName(name);
    case Ecosystem::kCargo: {
      std::string out = base::Lower(name);
      std::ranges::replace(out, '_', '-');
      return out;
    }
    case Ecosystem::kGo:
    case Ecosystem::kNuget:
    case Ecosystem::kComposer:
      return base::Lower(name);
    case Ecosystem::kDeb:
    case Ecosystem::kApk:
    case Ecosystem::kRpm:
    case Ecosystem::kNpm:
    case Ecosystem::kMaven:
    case Ecosystem::kGem:
      break;
  }
  return std::string(name);
}

}  // namespace scantling::version
