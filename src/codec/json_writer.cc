#include "codec/json_writer.h"

#include <charconv>
#include <cmath>

namespace scantling::codec {
namespace {

void AppendEscaped(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  size_t clean = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // U+2028 and U+2029 end a line in JavaScript: E2 80 A8, E2 80 A9.
    const bool separator = c == 0xE2 && i + 2 < text.size() &&
                           static_cast<unsigned char>(text[i + 1]) == 0x80 &&
                           (static_cast<unsigned char>(text[i + 2]) & 0xFE) == 0xA8;
    if (c >= 0x20 && c != '"' && c != '\\' && !separator && c != 0x7F) {
      continue;
    }
    out.append(text.substr(clean, i - clean));
    if (separator) {
      out += static_cast<unsigned char>(text[i + 2]) == 0xA8 ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += "\\u00";
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
    }
    clean = i + 1;
  }
  out.append(text.substr(clean));
  out.push_back('"');
}

}  // namespace

void JsonWriter::Newline() {
  if (indented_) {
    out_->push_back('\n');
    out_->append(has_items_.size() * 2, ' ');
  }
}

void JsonWriter::Value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!has_items_.empty()) {
    if (has_items_.back()) {
      out_->push_back(',');
    }
    has_items_.back() = true;
    Newline();
  }
}

void JsonWriter::Open(char bracket) {
  Value();
  out_->push_back(bracket);
  has_items_.push_back(false);
}

void JsonWriter::Close(char bracket) {
  const bool any = has_items_.back();
  has_items_.pop_back();
  if (any) {
    Newline();
  }
  out_->push_back(bracket);
  if (has_items_.empty() && indented_) {
    out_->push_back('\n');
  }
}

void JsonWriter::BeginObject() { Open('{'); }
void JsonWriter::EndObject() { Close('}'); }
void JsonWriter::BeginArray() { Open('['); }
void JsonWriter::EndArray() { Close(']'); }

void JsonWriter::Key(std::string_view key) {
  Value();
  AppendEscaped(*out_, key);
  out_->push_back(':');
  if (indented_) {
    out_->push_back(' ');
  }
  after_key_ = true;
}

void JsonWriter::Text(std::string_view value) {
  Value();
  AppendEscaped(*out_, value);
}

void JsonWriter::Int(int64_t value) {
  Value();
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  out_->append(buffer, static_cast<size_t>(end - buffer));
}

void JsonWriter::Uint(uint64_t value) {
  Value();
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  out_->append(buffer, static_cast<size_t>(end - buffer));
}

void JsonWriter::Double(double value) {
  if (!std::isfinite(value)) {
    Null();
    return;
  }
  Value();
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  out_->append(buffer, static_cast<size_t>(end - buffer));
}

void JsonWriter::Bool(bool value) {
  Value();
  out_->append(value ? "true" : "false");
}

void JsonWriter::Null() {
  Value();
  out_->append("null");
}

void JsonWriter::Texts(std::string_view key, const std::vector<std::string>& values) {
  Key(key);
  BeginArray();
  for (const std::string& value : values) {
    Text(value);
  }
  EndArray();
}

}  // namespace scantling::codec
