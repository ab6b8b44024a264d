#include "program/text.h"

#include "base/strings.h"
#include "base/time.h"

#include <algorithm>

namespace scantling::program {

std::string Storable(std::string_view text) {
  std::string out = base::ToUtf8(text);
  for (size_t at = out.find('\0'); at != std::string::npos; at = out.find('\0', at)) {
    out.replace(at, 1, "\xEF\xBF\xBD");
  }
  return out;
}

std::string FormatMillis(Millis at) {
  if (at == 0) {
    return {};
  }
  std::string out = base::FormatTime(at / 1000);
  const auto rest = static_cast<int>(at % 1000);
  if (rest != 0 && out.ends_with("Z")) {
    const std::string digits = std::to_string(1000 + rest);
    out.back() = '.';
    out.append(digits, 1).append("Z");
  }
  return out;
}

std::optional<Millis> ParseMillis(std::string_view text) {
  const auto seconds = base::ParseTime(text);
  if (!seconds) {
    return std::nullopt;
  }
  Millis out = *seconds * 1000;
  // ParseTime passes fractions over.
  if (const size_t dot = text.find('.'); dot != std::string_view::npos) {
    Millis scale = 100;
    for (size_t i = dot + 1; i < text.size() && text[i] >= '0' && text[i] <= '9' && scale > 0;
         ++i, scale /= 10) {
      out += (text[i] - '0') * scale;
    }
  }
  return out;
}

base::Result<void> ReadTexts(codec::JsonValue object, std::string_view place,
                             const TextMembers& texts, size_t max_bytes,
                             std::initializer_list<std::string_view> others) {
  if (!object.IsObject()) {
    return base::Invalid(std::string(place) + (place.empty() ? "" : " ") + "an object is wanted");
  }
  std::string wrong;
  object.ForEachMember([&](std::string_view key, codec::JsonValue member) {
    const auto found = std::find_if(texts.begin(), texts.end(),
                                    [&](const auto& text) { return text.first == key; });
    if (found != texts.end()) {
      if (!member.MaybeText() || member.Text().size() > max_bytes) {
        wrong = std::string(place) + std::string(key) + " must be a text of at most " +
                std::to_string(max_bytes) + " bytes";
      } else {
        *found->second = Storable(member.Text());
      }
    } else if (std::find(others.begin(), others.end(), key) == others.end()) {
      wrong = std::string(place) + "\"" + base::ToUtf8(key) + "\" is not known; there are";
      std::string_view separator = " ";
      for (const auto& [name, text] : texts) {
        wrong.append(separator).append(name);
        separator = ", ";
      }
      for (const std::string_view name : others) {
        wrong.append(separator).append(name);
      }
    }
    return wrong.empty();
  });
  return wrong.empty() ? base::Result<void>() : base::Result<void>(base::Invalid(std::move(wrong)));
}

}  // namespace scantling::program
