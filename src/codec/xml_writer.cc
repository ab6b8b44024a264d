#include "codec/xml_writer.h"

namespace scantling::codec {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void AppendEscaped(std::string& out, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";  // as it stands, an attribute's would be read as a space
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += kReplacement;
        } else if (c == '\xEF' && (text.substr(i).starts_with("\xEF\xBF\xBE") ||
                                   text.substr(i).starts_with("\xEF\xBF\xBF"))) {
          out += kReplacement;
          i += 2;
        } else {
          out.push_back(c);
        }
    }
  }
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
