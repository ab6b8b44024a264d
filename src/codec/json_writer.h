// JSON out: a streaming writer with a fixed layout, so that the same calls give the same bytes.
//
// Into a text, or into a base::Output, which is told of a record whenever a list's or an object's
// member closes near the top of the document.
//
// Two-space indentation or compact. Keys are written in the order of the calls. Text must be UTF-8
// (AnyText makes it so); control characters, quotes, backslashes, and U+2028/9 are escaped.
// Thread-compatible.
#pragma once

#include "base/output.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

class JsonWriter {
 public:
  enum class Layout : uint8_t { kCompact, kIndented };
  explicit JsonWriter(std::string* out, Layout layout = Layout::kIndented)
      : out_(out), indented_(layout == Layout::kIndented) {}
  explicit JsonWriter(base::Output* output, Layout layout = Layout::kIndented)
      : out_(&output->text()), output_(output), indented_(layout == Layout::kIndented) {}

  // For a part of this writer's document: the items of the list that is open here, which Items()
  // takes in. A part is written on its own, so that others can be at the same time.
  JsonWriter Part(std::string* out) const;
  // Items that a Part() wrote; "" = none.
  void Items(std::string_view part);

  void BeginObject();
  void EndObject();
  void BeginArray();
  void EndArray();
  void Key(std::string_view key);

  void Text(std::string_view value);
  void AnyText(std::string_view value);  // passes through base::ToUtf8 where it has to
  void Int(int64_t value);
  void Uint(uint64_t value);
  void Double(double value);  // shortest text that reads back the same; not finite becomes null
  void Bool(bool value);
  void Null();

  // Members.
  void Text(std::string_view key, std::string_view value);
  void AnyText(std::string_view key, std::string_view value);
  void Int(std::string_view key, int64_t value) { Key(key), Int(value); }
  void Uint(std::string_view key, uint64_t value) { Key(key), Uint(value); }
  void Double(std::string_view key, double value) { Key(key), Double(value); }
  void Bool(std::string_view key, bool value) { Key(key), Bool(value); }
  void Texts(std::string_view key, const std::vector<std::string>& values);

 private:
  void Value();  // comma and indentation before a value
  void Open(char bracket);
  void Close(char bracket);
  void Append(std::span<const std::string_view> pieces);
  std::string_view Before();
  void AppendQuoted(std::string_view text, std::string_view after);

  std::string* out_;
  base::Output* output_ = nullptr;
  bool indented_;
  bool after_key_ = false;
  std::vector<uint8_t> has_items_;  // one per open bracket
};

}  // namespace scantling::codec
