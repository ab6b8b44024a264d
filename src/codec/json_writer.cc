#include "codec/json_writer.h"

#include "base/strings.h"

#include <algorithm>
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

uint64_t Word(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// ASCII without anything to escape, which nearly all texts are. Sixteen bytes at a time; as signed
// numbers, control characters and bytes of 0x80 and more are both below the blank.
using Block = signed char __attribute__((vector_size(16)));
Block Odd(Block block) {
  return (block < 0x20) | (block == '"') | (block == '\\') | (block == 0x7F);
}
bool Any(Block block) {
  uint64_t words[2];
  std::memcpy(words, &block, sizeof(words));
  return (words[0] | words[1]) != 0;
}

bool IsPlain(std::string_view text) {
  const char* at = text.data();
  const size_t size = text.size();
  if (size >= sizeof(Block)) {
    Block block;
    std::memcpy(&block, at + size - sizeof(Block), sizeof(Block));  // the last ones, whole
    Block odd = Odd(block);
    for (size_t i = 0; i + sizeof(Block) < size; i += sizeof(Block)) {
      std::memcpy(&block, at + i, sizeof(Block));
      odd |= Odd(block);
    }
    return !Any(odd);
  }
  // Shorter ones become eight bytes or twice eight, some of them twice.
  uint64_t words[2];
  if (size >= sizeof(uint64_t)) {
    words[0] = Word(at);
    words[1] = Word(at + size - sizeof(uint64_t));
  } else if (size >= sizeof(uint32_t)) {
    uint32_t halves[2];
    std::memcpy(&halves[0], at, sizeof(uint32_t));
    std::memcpy(&halves[1], at + size - sizeof(uint32_t), sizeof(uint32_t));
    std::memcpy(&words[0], halves, sizeof(words[0]));
    words[1] = words[0];
  } else {
    words[0] = kOnes * 'a';
    for (size_t i = 0; i < size; ++i) {
      words[0] = words[0] << 8 | static_cast<unsigned char>(at[i]);
    }
    words[1] = words[0];
  }
  Block block;
  std::memcpy(&block, words, sizeof(block));
  return !Any(Odd(block));
}

bool IsAscii(std::string_view text) {
  uint64_t tops = 0;
  size_t i = 0;
  for (; i + sizeof(uint64_t) <= text.size(); i += sizeof(uint64_t)) {
    tops |= Word(text.data() + i);
  }
  for (; i < text.size(); ++i) {
    tops |= static_cast<unsigned char>(text[i]);
  }
  return (tops & kTops) == 0;
}

// The first place at or after `from` that may need an escape; text.size() when there is none.
size_t NextSpecial(std::string_view text, size_t from) {
  for (; from + sizeof(uint64_t) <= text.size(); from += sizeof(uint64_t)) {
    const uint64_t word = Word(text.data() + from);
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

// What stands before a value inside of brackets: a comma, a line's end, and the indentation.
constexpr size_t kReadyDepth = 15;
constexpr auto kBreak = [] {
  std::array<char, 2 + 2 * kReadyDepth> out{};
  out.fill(' ');
  out[0] = ',';
  out[1] = '\n';
  return out;
}();

}  // namespace

// A document is some hundred thousand short pieces: those that follow each other are copied in one
// step.
void JsonWriter::Append(std::span<const std::string_view> pieces) {
  size_t size = out_->size();
  const size_t before = size;
  for (const std::string_view piece : pieces) {
    size += piece.size();
  }
  out_->resize_and_overwrite(size, [&](char* buffer, size_t) {
    char* at = buffer + before;
    for (const std::string_view piece : pieces) {
      at = std::copy(piece.begin(), piece.end(), at);
    }
    return size;  // libstdc++ 12 passes the capacity when it has grown
  });
}

// What stands before the next value; past kReadyDepth the rest of the indentation is appended here.
std::string_view JsonWriter::Before() {
  if (after_key_) {
    after_key_ = false;
    return {};
  }
  if (has_items_.empty()) {
    return {};
  }
  const bool comma = has_items_.back() != 0;
  has_items_.back() = 1;
  if (!indented_) {
    return comma ? "," : "";
  }
  const size_t depth = has_items_.size();
  if (depth > kReadyDepth) {
    out_->append(comma ? ",\n" : "\n").append(2 * depth, ' ');
    return {};
  }
  return {kBreak.data() + (comma ? 0 : 1), 1 + (comma ? 1 : 0) + 2 * depth};
}

void JsonWriter::AppendQuoted(std::string_view text, std::string_view after) {
  const std::string_view before = Before();
  if (IsPlain(text)) {
    Append(std::array<std::string_view, 5>{before, "\"", text, "\"", after});
    return;
  }
  out_->append(before);
  AppendEscaped(*out_, text);
  out_->append(after);
}

void JsonWriter::Value() { out_->append(Before()); }

void JsonWriter::Open(char bracket) {
  Value();
  out_->push_back(bracket);
  has_items_.push_back(0);
}

void JsonWriter::Close(char bracket) {
  const bool any = has_items_.back() != 0;
  has_items_.pop_back();
  if (any && indented_) {
    out_->push_back('\n');
    out_->append(2 * has_items_.size(), ' ');
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

JsonWriter JsonWriter::Part(std::string* out) const {
  JsonWriter part(out, indented_ ? Layout::kIndented : Layout::kCompact);
  part.has_items_.assign(has_items_.size(), 1);  // each item with its comma; Items drops the first
  return part;
}

void JsonWriter::Items(std::string_view part) {
  if (part.empty()) {
    return;
  }
  const bool first = has_items_.back() == 0;
  has_items_.back() = 1;
  out_->append(part.substr(first ? 1 : 0));
  if (output_ != nullptr) {
    output_->Record();
  }
}

void JsonWriter::BeginObject() { Open('{'); }
void JsonWriter::EndObject() { Close('}'); }
void JsonWriter::BeginArray() { Open('['); }
void JsonWriter::EndArray() { Close(']'); }

void JsonWriter::Key(std::string_view key) {
  AppendQuoted(key, indented_ ? ": " : ":");
  after_key_ = true;
}

void JsonWriter::Text(std::string_view value) { AppendQuoted(value, {}); }

void JsonWriter::Text(std::string_view key, std::string_view value) {
  if (!IsPlain(key) || !IsPlain(value)) {
    Key(key);
    Text(value);
    return;
  }
  Append(
      std::array<std::string_view, 5>{Before(), "\"", key, indented_ ? "\": \"" : "\":\"", value});
  out_->push_back('"');
}

void JsonWriter::AnyText(std::string_view value) {
  if (IsAscii(value)) {
    Text(value);
  } else {
    Text(base::ToUtf8(value));
  }
}

void JsonWriter::AnyText(std::string_view key, std::string_view value) {
  if (IsAscii(value)) {
    Text(key, value);
  } else {
    Text(key, base::ToUtf8(value));
  }
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
