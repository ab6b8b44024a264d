// See headers.h.
#include "image/registry/headers.h"

#include "base/strings.h"

#include <algorithm>
#include <cstdint>

namespace scantling::image::registry {
namespace {

constexpr size_t kMaxFieldBytes = 16 << 10;
constexpr size_t kMaxParameters = 64;

bool IsTokenCharacter(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool ended() const { return text_.empty(); }
  char front() const { return text_.empty() ? '\0' : text_.front(); }
  void Skip(std::string_view characters) {
    text_.remove_prefix(std::min(text_.find_first_not_of(characters), text_.size()));
  }
  bool Take(char wanted) {
    if (front() != wanted || ended()) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  std::string_view Token() {
    const auto end = std::find_if_not(text_.begin(), text_.end(), IsTokenCharacter);
    const std::string_view out = text_.substr(0, static_cast<size_t>(end - text_.begin()));
    text_.remove_prefix(out.size());
    return out;
  }
  // After the opening quote.
  std::optional<std::string> Quoted() {
    std::string out;
    while (!text_.empty()) {
      char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') {
        return out;
      }
      if (c == '\\' && !text_.empty()) {
        c = text_.front();
        text_.remove_prefix(1);
      }
      out.push_back(c);
    }
    return std::nullopt;
  }
  std::string_view UpTo(char end) {
    const std::string_view out = text_.substr(0, text_.find(end));
    text_.remove_prefix(out.size());
    return out;
  }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace

std::string_view Challenge::Text(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

std::vector<Challenge> ParseChallenges(std::string_view field) {
  std::vector<Challenge> out;
  Cursor in(field.substr(0, kMaxFieldBytes));
  size_t parameters = 0;
  while (parameters < kMaxParameters) {
    in.Skip(" \t,");
    const std::string_view name = in.Token();
    if (name.empty()) {
      return out;
    }
    in.Skip(" \t");
    if (!in.Take('=')) {  // a scheme; its parameters follow
      Challenge challenge;
      challenge.scheme = base::Lower(name);
      out.push_back(std::move(challenge));
      ++parameters;
      continue;
    }
    in.Skip(" \t");
    std::string value;
    if (in.Take('"')) {
      auto quoted = in.Quoted();
      if (!quoted) {
        return out;
      }
      value = std::move(*quoted);
    } else {
      value = in.Token();
    }
    if (out.empty()) {
      return out;
    }
    out.back().parameters.emplace_back(base::Lower(name), std::move(value));
    ++parameters;
  }
  return out;
}

std::optional<std::string> NextLink(std::string_view field) {
  Cursor in(field.substr(0, kMaxFieldBytes));
  while (!in.ended()) {
    in.Skip(" \t,");
    if (!in.Take('<')) {
      return std::nullopt;
    }
    const std::string target(in.UpTo('>'));
    if (!in.Take('>')) {
      return std::nullopt;
    }
    bool next = false;
    in.Skip(" \t");
    while (in.Take(';')) {
      in.Skip(" \t");
      const std::string name = base::Lower(in.Token());
      in.Skip(" \t");
      std::string value;
      if (in.Take('=')) {
        in.Skip(" \t");
        if (in.Take('"')) {
          auto quoted = in.Quoted();
          if (!quoted) {
            return std::nullopt;
          }
          value = std::move(*quoted);
        } else {
          value = in.Token();
        }
      }
      next = next || (name == "rel" && base::EqualsIgnoreCase(value, "next"));
      in.Skip(" \t");
    }
    if (next) {
      return target;
    }
    if (!in.ended() && in.front() != ',') {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace scantling::image::registry
