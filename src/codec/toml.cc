#include "codec/toml.h"

#include "base/strings.h"
#include "base/time.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace scantling::codec {
namespace {

constexpr size_t kMaxDepth = 64;

// How a table or an array came to be decides who may still add to it.
enum class How : uint8_t { kImplicit, kHeader, kDotted, kClosed, kTableArray };

struct Node {
  TomlNode::Kind kind = TomlNode::Kind::kMissing;
  How how = How::kClosed;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string text;
  std::vector<std::unique_ptr<Node>> items;
  std::map<std::string, std::unique_ptr<Node>, std::less<>> members;

  Node* Find(std::string_view key) const {
    const auto found = members.find(key);
    return found == members.end() ? nullptr : found->second.get();
  }
};

bool IsBare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

void AppendUtf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | code >> 18));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

// Digits of the radix, with single underscores between them.
bool IsDigits(std::string_view text, std::string_view digits) {
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_' ? !after_digit : !digits.contains(c)) {
      return false;
    }
    after_digit = c != '_';
  }
  return after_digit;
}

bool IsNumber(std::string_view text) {
  constexpr std::string_view kDecimal = "0123456789";
  if (text.starts_with("0x")) {
    return IsDigits(text.substr(2), "0123456789abcdefABCDEF");
  }
  if (text.starts_with("0o")) {
    return IsDigits(text.substr(2), "01234567");
  }
  if (text.starts_with("0b")) {
    return IsDigits(text.substr(2), "01");
  }
  if (text.starts_with('+') || text.starts_with('-')) {
    text.remove_prefix(1);
  }
  if (text == "inf" || text == "nan") {
    return true;
  }
  if (const size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view exponent = text.substr(e + 1);
    exponent.remove_prefix(exponent.starts_with('+') || exponent.starts_with('-') ? 1 : 0);
    if (!IsDigits(exponent, kDecimal)) {
      return false;
    }
    text = text.substr(0, e);
  }
  const size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  return IsDigits(whole, kDecimal) && (whole.size() == 1 || whole.front() != '0') &&
         (dot == std::string_view::npos || IsDigits(text.substr(dot + 1), kDecimal));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    root_.kind = TomlNode::Kind::kTable;
    root_.how = How::kHeader;
    root_.line = 1;
    root_.column = 1;
  }

  base::Result<TomlNode> Run() {
    Node* table = &root_;
    while (true) {
      SCANTLING_DO(SkipLines());
      if (AtEnd()) {
        return Convert();
      }
      if (Peek() == '[') {
        SCANTLING_TRY(table, Header());
      } else {
        SCANTLING_TRY(Node * target, NewKey(*table));
        SCANTLING_DO(Value(*target));
      }
      SkipBlanks();
      SCANTLING_DO(Comment());
      if (!AtEnd() && !Newline()) {
        return Error("expected the end of the line");
      }
    }
  }

 private:
  struct Part {
    std::string text;
    uint32_t line;
    uint32_t column;
  };

  bool AtEnd() const { return at_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  std::string_view Rest() const { return text_.substr(at_); }
  uint32_t Column() const { return static_cast<uint32_t>(at_ - line_start_ + 1); }

  base::Error Error(std::string_view message) const {
    return base::Invalid("TOML: " + std::string(message) + " at line " + std::to_string(line_) +
                         ", column " + std::to_string(Column()));
  }
  base::Error Error(std::string_view message, const Part& part) const {
    return base::Invalid("TOML: " + std::string(message) + " at line " + std::to_string(part.line) +
                         ", column " + std::to_string(part.column));
  }

  void SkipBlanks() {
    while (Peek() == ' ' || Peek() == '\t') {
      ++at_;
    }
  }
  bool Newline() {
    const size_t size = Rest().starts_with("\r\n") ? 2 : (Peek() == '\n' ? 1 : 0);
    if (size == 0) {
      return false;
    }
    at_ += size;
    ++line_;
    line_start_ = at_;
    return true;
  }
  base::Result<void> Comment() {
    if (Peek() != '#') {
      return {};
    }
    while (!AtEnd() && Peek() != '\n' && !Rest().starts_with("\r\n")) {
      if (IsControl(Peek())) {
        return Error("a control character");
      }
      ++at_;
    }
    return {};
  }
  static bool IsControl(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  }
  // Blanks, comments and ends of lines.
  base::Result<void> SkipLines() {
    do {
      SkipBlanks();
      SCANTLING_DO(Comment());
    } while (Newline());
    return {};
  }

  base::Result<std::vector<Part>> KeyParts() {
    std::vector<Part> out;
    while (true) {
      SkipBlanks();
      Part part{{}, line_, Column()};
      if (Peek() == '"' || Peek() == '\'') {
        if (Rest().starts_with("\"\"\"") || Rest().starts_with("'''")) {
          return Error("a key is one line");
        }
        SCANTLING_DO(Text(part.text));
      } else {
        const size_t begin = at_;
        while (!AtEnd() && IsBare(Peek())) {
          ++at_;
        }
        part.text = text_.substr(begin, at_ - begin);
        if (part.text.empty()) {
          return Error("expected a key");
        }
      }
      out.push_back(std::move(part));
      if (out.size() > kMaxDepth) {
        return base::LimitMet("TOML: a key of more than 64 parts at line " + std::to_string(line_));
      }
      SkipBlanks();
      if (Peek() != '.') {
        return out;
      }
      ++at_;
    }
  }

  static Node* Make(Node& parent, const Part& part, How how) {
    auto node = std::make_unique<Node>();
    node->kind = TomlNode::Kind::kTable;
    node->how = how;
    node->line = part.line;
    node->column = part.column;
    return parent.members.emplace(part.text, std::move(node)).first->second.get();
  }

  // "a.b = ": the place of the value, in a table that is open for it.
  base::Result<Node*> NewKey(Node& table) {
    SCANTLING_TRY(const std::vector<Part> parts, KeyParts());
    Node* at = &table;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      Node* next = at->Find(parts[i].text);
      if (next == nullptr) {
        next = Make(*at, parts[i], How::kDotted);
      } else if (next->kind != TomlNode::Kind::kTable || next->how != How::kDotted) {
        return Error("the key \"" + parts[i].text + "\" is defined already", parts[i]);
      }
      at = next;
    }
    if (at->Find(parts.back().text) != nullptr) {
      return Error("the key \"" + parts.back().text + "\" stands twice", parts.back());
    }
    if (Peek() != '=') {
      return Error("expected '='");
    }
    ++at_;
    SkipBlanks();
    return Make(*at, parts.back(), How::kClosed);
  }

  // "[a.b]" or "[[a.b]]": the table that the following lines fill.
  base::Result<Node*> Header() {
    ++at_;
    const bool array = Peek() == '[';
    at_ += array ? 1 : 0;
    SCANTLING_TRY(const std::vector<Part> parts, KeyParts());
    if (!Rest().starts_with(array ? "]]" : "]")) {
      return Error(array ? "expected ']]'" : "expected ']'");
    }
    at_ += array ? 2 : 1;
    Node* at = &root_;
    for (size_t i = 0; i < parts.size(); ++i) {
      const bool last = i + 1 == parts.size();
      Node* next = at->Find(parts[i].text);
      const auto taken = [&] {
        return Error("\"" + parts[i].text + "\" is defined already", parts[i]);
      };
      if (next == nullptr) {
        next = Make(*at, parts[i], last ? How::kHeader : How::kImplicit);
        if (last && array) {
          next->kind = TomlNode::Kind::kArray;
          next->how = How::kTableArray;
        }
      } else if (last && !array) {
        if (next->how != How::kImplicit) {
          return taken();
        }
        next->how = How::kHeader;
      } else if (last ? next->how != How::kTableArray : next->how == How::kClosed) {
        return taken();
      }
      if (last && array) {
        auto item = std::make_unique<Node>();
        item->kind = TomlNode::Kind::kTable;
        item->how = How::kHeader;
        item->line = parts[i].line;
        item->column = parts[i].column;
        next->items.push_back(std::move(item));
      }
      at = next->how == How::kTableArray ? next->items.back().get() : next;
    }
    return at;
  }

  // A value, with all that is nested in it; `open` are the arrays and inline tables around.
  base::Result<void> Value(Node& out) {
    std::vector<Node*> open;
    Node* target = &out;
    while (true) {
      target->line = line_;
      target->column = Column();
      const char c = Peek();
      if (c == '[' || c == '{') {
        if (open.size() == kMaxDepth) {
          return base::LimitMet("TOML: nested deeper than 64 at line " + std::to_string(line_));
        }
        ++at_;
        target->kind = c == '[' ? TomlNode::Kind::kArray : TomlNode::Kind::kTable;
        open.push_back(target);
        SCANTLING_TRY(target, Next(open, true));
      } else {
        SCANTLING_DO(Scalar(*target));
        target = nullptr;
      }
      while (target == nullptr && !open.empty()) {
        SCANTLING_TRY(target, Next(open, false));
      }
      if (target == nullptr) {
        return {};
      }
    }
  }

  // The next element's or member's place in the innermost open one; null when that one ends here.
  base::Result<Node*> Next(std::vector<Node*>& open, bool first) {
    Node& top = *open.back();
    const bool array = top.kind == TomlNode::Kind::kArray;
    const char end = array ? ']' : '}';
    const auto skip = [&]() -> base::Result<void> {
      if (array) {
        return SkipLines();
      }
      SkipBlanks();
      return {};
    };
    SCANTLING_DO(skip());
    bool comma = false;
    if (!first && Peek() == ',') {
      ++at_;
      comma = true;
      SCANTLING_DO(skip());
    }
    if (Peek() == end && (array || !comma)) {
      ++at_;
      Close(top);
      open.pop_back();
      return nullptr;
    }
    if (!first && !comma) {
      return Error(array ? "expected ',' or ']'" : "expected ',' or '}'");
    }
    if (!array) {
      return NewKey(top);
    }
    top.items.push_back(std::make_unique<Node>());
    return top.items.back().get();
  }

  // An inline table is whole: nobody adds to it, nor to what its dotted keys made.
  static void Close(Node& table) {
    std::vector<Node*> open = {&table};
    while (!open.empty()) {
      Node* next = open.back();
      open.pop_back();
      next->how = How::kClosed;
      for (const auto& [key, member] : next->members) {
        if (member->how == How::kDotted) {
          open.push_back(member.get());
        }
      }
    }
  }

  base::Result<void> Scalar(Node& out) {
    if (Peek() == '"' || Peek() == '\'') {
      out.kind = TomlNode::Kind::kText;
      return Text(out.text);
    }
    const size_t begin = at_;
    const auto token = [&] {
      while (!AtEnd() && (IsBare(Peek()) || Peek() == '+' || Peek() == '.' || Peek() == ':')) {
        ++at_;
      }
      return text_.substr(begin, at_ - begin);
    };
    std::string_view text = token();
    // A blank may stand between a date and its time.
    if (text.size() == 10 && text[4] == '-' && Rest().size() > 2 && Peek() == ' ' &&
        Rest()[1] >= '0' && Rest()[1] <= '9') {
      ++at_;
      text = token();
    }
    if (text == "true" || text == "false") {
      out.kind = TomlNode::Kind::kBool;
      out.text = text;
      return {};
    }
    if (IsNumber(text)) {
      out.kind = TomlNode::Kind::kNumber;
      out.text = text;
      return {};
    }
    std::string date(text);
    if (date.size() > 10 && date[4] == '-') {
      date[10] = 'T';
      const std::string_view tail = std::string_view(date).substr(11);
      if (tail.find_first_of("zZ+-") == std::string_view::npos) {
        date += "Z";  // a local time is taken as UTC
      }
    }
    const bool local_time = text.size() >= 8 && text[2] == ':' &&
                            base::ParseTime("2000-01-01T" + std::string(text) + "Z").has_value();
    if (local_time || base::ParseTime(date)) {
      out.kind = TomlNode::Kind::kDate;
      out.text = date;
      return {};
    }
    at_ = begin;
    return Error("expected a value: a text in quotes, a number, a date, true, false, [ or {");
  }

  // Any of the four kinds of texts.
  base::Result<void> Text(std::string& out) {
    const char quote = Peek();
    const std::string fence(3, quote);
    const bool lines = Rest().starts_with(fence);
    const bool escapes = quote == '"';
    at_ += lines ? 3 : 1;
    if (lines) {
      Newline();  // right after the opening, it does not count
    }
    while (true) {
      if (AtEnd()) {
        return Error("the text does not end");
      }
      const char c = Peek();
      if (c == quote) {
        if (!lines) {
          ++at_;
          return {};
        }
        if (Rest().starts_with(fence)) {
          at_ += 3;
          for (int i = 0; i < 2 && Peek() == quote; ++i) {  // up to two quotes before the fence
            out.push_back(quote);
            ++at_;
          }
          return {};
        }
      }
      if (c == '\n' || Rest().starts_with("\r\n")) {
        if (!lines) {
          return Error("the text does not end on its line");
        }
        Newline();
        out.push_back('\n');
        continue;
      }
      if (IsControl(c)) {
        return Error("a control character");
      }
      if (c == '\\' && escapes) {
        SCANTLING_DO(Escape(lines, out));
        continue;
      }
      out.push_back(c);
      ++at_;
    }
  }

  base::Result<void> Escape(bool lines, std::string& out) {
    constexpr std::string_view kFrom = "btnfr\"\\";
    constexpr std::string_view kTo = "\b\t\n\f\r\"\\";
    ++at_;
    const char c = Peek();
    if (const size_t at = kFrom.find(c); !AtEnd() && at != std::string_view::npos) {
      out.push_back(kTo[at]);
      ++at_;
      return {};
    }
    if (c == 'u' || c == 'U') {
      const size_t size = c == 'u' ? 4 : 8;
      const auto code = base::ParseNumber<uint32_t>(Rest().substr(1, size), 16);
      if (Rest().size() < size + 1 || !code || *code > 0x10FFFF ||
          (*code >= 0xD800 && *code < 0xE000)) {
        return Error("a bad \\u escape");
      }
      AppendUtf8(*code, out);
      at_ += size + 1;
      return {};
    }
    if (lines) {  // at the end of a line: leaves out all blanks and line ends that follow
      SkipBlanks();
      if (Newline()) {
        do {
          SkipBlanks();
        } while (Newline());
        return {};
      }
    }
    return Error("an unknown escape");
  }

  // The tree as it is given out. Not by recursion: children are made before they are filled.
  TomlNode Convert() {
    struct Open {
      Node* from;
      TomlNode* to;
    };
    TomlNode out;
    std::vector<Open> open = {{&root_, &out}};
    while (!open.empty()) {
      const auto [from, to] = open.back();
      open.pop_back();
      to->kind = from->kind;
      to->line = from->line;
      to->column = from->column;
      to->text = std::move(from->text);
      to->children.resize(from->items.size() + from->members.size());
      size_t index = 0;
      for (const auto& item : from->items) {
        open.push_back({item.get(), &to->children[index++]});
      }
      for (const auto& [key, member] : from->members) {
        to->keys.push_back({key, member->line, member->column});
        open.push_back({member.get(), &to->children[index++]});
      }
    }
    return out;
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  size_t line_start_ = 0;
  Node root_;
};

}  // namespace

const TomlNode& TomlNode::operator[](std::string_view key) const {
  static const TomlNode kNone;
  const auto found = std::ranges::find(keys, key, &Key::text);
  return found == keys.end() ? kNone : children[static_cast<size_t>(found - keys.begin())];
}

base::Result<TomlNode> ParseToml(std::string_view text, uint64_t max_bytes) {
  if (text.size() > max_bytes) {
    return base::LimitMet("TOML: " + std::to_string(text.size()) + " bytes, more than " +
                          std::to_string(max_bytes));
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (base::ToUtf8(text) != text) {
    return base::Invalid("TOML: not UTF-8 throughout");
  }
  return Parser(text).Run();
}

}  // namespace scantling::codec
