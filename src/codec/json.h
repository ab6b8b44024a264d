// JSON in: a bounded DOM over simdjson, which no other file includes.
//
// The document is parsed once; values are two words and borrow from the Json that made them. A
// missing key gives a value for which IsMissing() holds, so chains need no checks:
// doc.Root()["a"]["b"].Text(). Depth is limited to 64 (deeper input is an error), size to
// max_bytes. Thread-compatible: one Json per thread; it can be reused for many documents, which
// keeps its buffers.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace scantling::codec {

class JsonValue {
 public:
  enum class Type : uint8_t { kMissing, kNull, kBool, kNumber, kText, kArray, kObject };

  JsonValue() = default;
  Type type() const;
  bool IsMissing() const { return words_[0] == 0; }
  bool IsObject() const { return type() == Type::kObject; }
  bool IsArray() const { return type() == Type::kArray; }

  JsonValue operator[](
      std::string_view key) const;  // first member of that name; missing when this is no object
  std::optional<std::string_view> MaybeText() const;
  std::string_view Text() const { return MaybeText().value_or(std::string_view()); }
  std::optional<int64_t> Int() const;    // whole numbers in range
  std::optional<double> Double() const;  // any number
  std::optional<bool> Bool() const;

  // In document order; return false to stop. Nothing is called when this is not of that type.
  void ForEach(const std::function<bool(JsonValue)>& visit) const;
  void ForEachMember(const std::function<bool(std::string_view, JsonValue)>& visit) const;
  size_t Size() const;  // elements or members

 private:
  friend class Json;
  uintptr_t words_[2] = {0, 0};
};

class Json {
 public:
  Json();
  ~Json();
  Json(Json&&) noexcept;
  Json& operator=(Json&&) noexcept;

  // The text need not be padded; it is copied only when the page after it may be unreadable. The
  // returned value and all views taken from it are valid until the next Parse or the end of this
  // object (and not longer than `text` is not needed).
  base::Result<JsonValue> Parse(std::string_view text, uint64_t max_bytes = uint64_t{256} << 20);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scantling::codec
