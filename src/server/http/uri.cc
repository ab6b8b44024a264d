// Percent-encoding, queries, cookies and Accept-Encoding.
#include "server/http/uri.h"

#include "base/strings.h"

namespace scantling::server::http {
namespace {

constexpr size_t kMaxFields = 256;

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

enum class Plus : uint8_t { kItself, kSpace };

std::optional<std::string> Decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) {
        return std::nullopt;
      }
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high < 0 || low < 0 || high + low == 0) {
        return std::nullopt;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (text[i] == '+' && plus == Plus::kSpace) {
      out += ' ';
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> DecodePercent(std::string_view text) {
  return Decode(text, Plus::kItself);
}

std::optional<Fields> ParseQuery(std::string_view text) {
  Fields out;
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view field = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (field.empty()) {
      continue;
    }
    const size_t equals = field.find('=');
    auto name = Decode(field.substr(0, equals), Plus::kSpace);
    auto value =
        equals == std::string_view::npos ? "" : Decode(field.substr(equals + 1), Plus::kSpace);
    if (!name || !value || out.size() == kMaxFields) {
      return std::nullopt;
    }
    out.emplace_back(*std::move(name), *std::move(value));
  }
  return out;
}

std::string_view FindCookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const size_t end = header.find(';');
    const std::string_view pair = base::Trim(header.substr(0, end));
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) {
      continue;
    }
    std::string_view value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return value;
  }
  return {};
}

bool AcceptsCoding(std::string_view header, std::string_view coding) {
  bool any = false;
  while (!header.empty()) {
    const size_t end = header.find(',');
    const std::string_view item = header.substr(0, end);
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
    const size_t semicolon = item.find(';');
    const std::string_view name = base::Trim(item.substr(0, semicolon));
    bool allowed = true;
    if (semicolon != std::string_view::npos) {
      const std::string_view weight = base::Trim(item.substr(semicolon + 1));
      // "q=0", "q=0.", "q=0.0", ...
      allowed = !((weight.starts_with("q=0") || weight.starts_with("Q=0")) &&
                  weight.substr(3).find_first_not_of(".0") == std::string_view::npos);
    }
    if (base::EqualsIgnoreCase(name, coding)) {
      return allowed;
    }
    if (name == "*") {
      any = allowed;
    }
  }
  return any;
}

}  // namespace scantling::server::http
