#include "codec/xml_writer.h"

#include <array>
#include <utility>

namespace scantling::codec {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Bytes that cannot stand as they are, or (0xEF) may begin a character that cannot.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> out{};
  for (size_t c = 0; c < 0x20; ++c) {
    out[c] = true;
  }
  for (const unsigned char c : {'&', '<', '>', '"', '\xEF'}) {
    out[c] = true;
  }
  return out;
}();

// What stands for the character at the front of `text`, and how many bytes it takes; 0 for an
// ordinary one.
std::pair<std::string_view, size_t> Escape(std::string_view text) {
  switch (text.front()) {
    case '&':
      return {"&amp;", 1};
    case '<':
      return {"&lt;", 1};
    case '>':
      return {"&gt;", 1};
    case '"':
      return {"&quot;", 1};
    case '\n':
      return {"&#10;", 1};  // as it stands, an attribute's would be read as a space
    case '\t':
      return {"&#9;", 1};
    case '\r':
      return {"&#13;", 1};
    case '\xEF':
      if (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) {
        return {kReplacement, 3};
      }
      return {{}, 0};
    default:
      return {kReplacement, 1};
  }
}

void AppendEscaped(std::string& out, std::string_view text) {
  size_t clean = 0;
  for (size_t i = 0; i < text.size();) {
    if (!kSpecial[static_cast<unsigned char>(text[i])]) {
      ++i;
      continue;
    }
    const auto [escape, taken] = Escape(text.substr(i));
    if (taken == 0) {
      ++i;
      continue;
    }
    out.append(text.substr(clean, i - clean)).append(escape);
    i += taken;
    clean = i;
  }
  out.append(text.substr(clean));
}

}  // namespace

void XmlWriter::CloseTag() {
  if (in_tag_) {
    out_.push_back('>');
    in_tag_ = false;
  }
}

void XmlWriter::Newline() {
  out_.push_back('\n');
  out_.append(open_.size() * 2, ' ');
}

void XmlWriter::Begin(std::string_view name) {
  CloseTag();
  Newline();
  out_.push_back('<');
  out_ += name;
  open_.push_back(name);
  in_tag_ = true;
  has_text_ = false;
}

void XmlWriter::Attribute(std::string_view name, std::string_view value) {
  out_.push_back(' ');
  out_ += name;
  out_ += "=\"";
  AppendEscaped(out_, value);
  out_.push_back('"');
}

void XmlWriter::Text(std::string_view text) {
  CloseTag();
  AppendEscaped(out_, text);
  has_text_ = true;
}

void XmlWriter::End() {
  const std::string_view name = open_.back();
  open_.pop_back();
  if (in_tag_) {
    out_ += "/>";
    in_tag_ = false;
  } else {
    if (!has_text_) {
      Newline();
    }
    out_ += "</";
    out_ += name;
    out_.push_back('>');
  }
  has_text_ = false;
  if (open_.empty()) {
    out_.push_back('\n');
  }
  constexpr size_t kNearTheTop = 2;
  if (open_.size() <= kNearTheTop) {
    output_.Record();
  }
}

void XmlWriter::Element(std::string_view name, std::string_view text) {
  Begin(name);
  Text(text);
  End();
}

}  // namespace scantling::codec
