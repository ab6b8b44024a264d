#include "codec/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace scantling::codec {
namespace {

// Bytes that may need an escape: control characters, quote, backslash, DEL, and 0xE2, which begins
// U+2028 and U+2029.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> out{};
  for (size_t c = 0; c < 0x20; ++c) {
    out[c] = true;
  }
  for (const unsigned char c : {'"', '\\', '\x7F', '\xE2'}) {
    out[c] = true;
  }
  return out;
}();

// The escape of the character at the front of `text`, and how many bytes it takes; nothing when it
// needs none.
size_t AppendEscape(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  const auto c = static_cast<unsigned char>(text[0]);
  switch (c) {
    case '"':
    case '\\':
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
      return 1;
    case '\n':
      out += "\\n";
      return 1;
    case '\t':
      out += "\\t";
      return 1;
    case '\r':
      out += "\\r";
      return 1;
    case 0xE2:
      // Both end a line in JavaScript.
      if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9")) {
        out += text[2] == '\xA8' ? "\\u2028" : "\\u2029";
        return 3;
      }
      return 0;
    default:
      out += "\\u00";
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
      return 1;
  }
}

// Whether one of eight bytes is `c`, or (Below) less than `c`; c < 0x80. Bytes of 0x80 and more may
// count falsely below a true hit only, which costs a second look and never misses one.
constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kTops = 0x8080808080808080;
constexpr uint64_t Below(uint64_t word, uint8_t c) { return (word - kOnes * c) & ~word & kTops; }
constexpr uint64_t Equal(uint64_t word, uint8_t c) { return Below(word ^ (kOnes * c), 1); }

// The first place at or after `from` that may need an escape; text.size() when there is none.
size_t NextSpecial(std::string_view text, size_t from) {
  for (; from + sizeof(uint64_t) <= text.size(); from += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + from, sizeof(word));
    if ((Below(word, 0x20) | Equal(word, '"') | Equal(word, '\\') | Equal(word, 0x7F) |
         Equal(word, 0xE2)) != 0) {
      break;
    }
  }
  while (from < text.size() && !kSpecial[static_cast<unsigned char>(text[from])]) {
    ++from;
  }
  return from;
}

void AppendEscaped(std::string& out, std::string_view text) {
  out.push_back('"');
  size_t clean = 0;
  for (size_t i = NextSpecial(text, 0); i < text.size(); i = NextSpecial(text, i)) {
    const size_t before = out.size();
    out.append(text.substr(clean, i - clean));
    const size_t taken = AppendEscape(out, text.substr(i));
    if (taken == 0) {
      out.resize(before);  // an ordinary character after all: it stays in the clean run
      ++i;
      continue;
    }
    i += taken;
    clean = i;
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
  constexpr size_t kNearTheTop = 3;
  if (output_ != nullptr && has_items_.size() <= kNearTheTop) {
    output_->Record();
  }
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
  out_->append(indented_ ? ": " : ":");
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
