#include "codec/json_place.h"

#include <vector>

namespace scantling::codec {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Scan {
 public:
  Scan(std::string_view text, std::string_view pointer, bool wants_value)
      : text_(text), wants_value_(wants_value) {
    while (!pointer.empty()) {
      pointer.remove_prefix(1);
      const size_t end = pointer.find('/');
      wanted_.push_back(Unescape(pointer.substr(0, end)));
      pointer = end == std::string_view::npos ? std::string_view() : pointer.substr(end);
    }
  }

  // The offset of the wanted value, or of the first error; npos when the text is well formed.
  size_t Run() {
    bool expects_value = true;
    while (true) {
      SkipBlanks();
      if (at_ == text_.size()) {
        return open_.empty() && !expects_value ? std::string_view::npos : at_;
      }
      const char c = text_[at_];
      if (expects_value) {
        if (c == ']' && !open_.empty() && open_.back().array && open_.back().count == 0) {
          Close();
          expects_value = false;
          continue;
        }
        if (Wanted()) {
          found_ = true;
          return at_;
        }
        if (c == '[' || c == '{') {
          ++at_;
          open_.push_back({c == '[', 0, Matches()});
          if (c == '[') {
            continue;
          }
          SkipBlanks();
          if (at_ < text_.size() && text_[at_] == '}') {
            Close();
            expects_value = false;
          } else if (!Key()) {
            return at_;
          }
          continue;
        }
        if (!Scalar()) {
          return at_;
        }
        expects_value = false;
        continue;
      }
      if (open_.empty()) {
        return at_;  // something after the document
      }
      Level& level = open_.back();
      if (c == ',') {
        ++at_;
        ++level.count;
        if (level.array) {
          SkipBlanks();
          if (at_ < text_.size() && text_[at_] == ']') {
            return at_;
          }
        } else {
          SkipBlanks();
          if (!Key()) {
            return at_;
          }
        }
        expects_value = true;
      } else if (c == (level.array ? ']' : '}')) {
        Close();
      } else {
        return at_;
      }
    }
  }
  bool found() const { return found_; }

 private:
  struct Level {
    bool array;
    uint64_t count;
    bool on_path;  // the way to here is the beginning of the wanted one
    std::string_view key = {};
  };

  static std::string Unescape(std::string_view token) {
    std::string out;
    for (size_t i = 0; i < token.size(); ++i) {
      if (token[i] == '~' && i + 1 < token.size()) {
        out.push_back(token[++i] == '1' ? '/' : '~');
      } else {
        out.push_back(token[i]);
      }
    }
    return out;
  }

  // Whether the value that begins here is on the way to the wanted one.
  bool Matches() const {
    // Called after the new level's parent is on the stack, and before the level itself is.
    if (open_.empty()) {
      return true;
    }
    const Level& level = open_.back();
    const size_t depth = open_.size() - 1;
    if (!level.on_path || depth >= wanted_.size()) {
      return false;
    }
    return level.array ? wanted_[depth] == std::to_string(level.count)
                       : level.key == wanted_[depth];
  }
  bool Wanted() const { return wants_value_ && open_.size() == wanted_.size() && Matches(); }

  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) {
      ++at_;
    }
  }
  void Close() {
    ++at_;
    open_.pop_back();
  }
  bool String() {
    if (at_ == text_.size() || text_[at_] != '"') {
      return false;
    }
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return false;
      }
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return false;
    }
    ++at_;
    return true;
  }
  bool Key() {
    const size_t begin = at_;
    if (!String()) {
      return false;
    }
    open_.back().key = text_.substr(begin + 1, at_ - begin - 2);
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != ':') {
      return false;
    }
    ++at_;
    return true;
  }
  bool Scalar() {
    if (text_[at_] == '"') {
      return String();
    }
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return true;
      }
    }
    const size_t end = text_.find_first_not_of("+-.0123456789eE", at_);
    if (end == at_) {
      return false;
    }
    at_ = end == std::string_view::npos ? text_.size() : end;
    return true;
  }

  std::string_view text_;
  bool wants_value_;
  std::vector<std::string> wanted_;
  std::vector<Level> open_;
  size_t at_ = 0;
  bool found_ = false;
};

JsonPlace PlaceOf(std::string_view text, size_t offset) {
  JsonPlace out{1, 1};
  for (const char c : text.substr(0, offset)) {
    out.column = c == '\n' ? 1 : out.column + 1;
    out.line += c == '\n' ? 1 : 0;
  }
  return out;
}

}  // namespace

JsonPlace PlaceOfJsonError(std::string_view text) {
  Scan scan(text, {}, false);
  const size_t at = scan.Run();
  return PlaceOf(text, at == std::string_view::npos ? text.size() : at);
}

JsonPlace PlaceOfJsonValue(std::string_view text, std::string_view pointer) {
  Scan scan(text, pointer, true);
  const size_t at = scan.Run();
  return scan.found() ? PlaceOf(text, at) : JsonPlace{};
}

std::string ToString(JsonPlace place) {
  return place.line == 0
             ? std::string()
             : "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
}

}  // namespace scantling::codec
