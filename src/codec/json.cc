#include "codec/json.h"

#include <simdjson.h>

#include <cstring>

namespace scantling::codec {
namespace {

// Levels of nesting. No setting: simdjson wants it when the parser is made.
constexpr size_t kMaxDepth = 64;

using Element = simdjson::dom::element;
static_assert(sizeof(Element) <= 2 * sizeof(uintptr_t));

Element Load(const uintptr_t* words) {
  Element out;
  std::memcpy(static_cast<void*>(&out), words, sizeof(out));
  return out;
}

}  // namespace

JsonValue::Type JsonValue::type() const {
  if (IsMissing()) {
    return Type::kMissing;
  }
  switch (Load(words_).type()) {
    case simdjson::dom::element_type::ARRAY:
      return Type::kArray;
    case simdjson::dom::element_type::OBJECT:
      return Type::kObject;
    case simdjson::dom::element_type::STRING:
      return Type::kText;
    case simdjson::dom::element_type::BOOL:
      return Type::kBool;
    case simdjson::dom::element_type::NULL_VALUE:
      return Type::kNull;
    default:
      return Type::kNumber;
  }
}

namespace {

// Stores an element in the two words of a value. The document pointer is never null, so word 0
// tells "missing".
void Store(const Element& element, void* words) { std::memcpy(words, &element, sizeof(element)); }

}  // namespace

JsonValue JsonValue::operator[](std::string_view key) const {
  JsonValue out;
  if (!IsObject()) {
    return out;
  }
  Element found;
  if (Load(words_).at_key(key).get(found) == simdjson::SUCCESS) {
    Store(found, out.words_);
  }
  return out;
}

std::optional<std::string_view> JsonValue::MaybeText() const {
  if (type() != Type::kText) {
    return std::nullopt;
  }
  std::string_view text;
  if (Load(words_).get_string().get(text) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return text;
}

std::optional<int64_t> JsonValue::Int() const {
  int64_t value = 0;
  if (type() != Type::kNumber || Load(words_).get_int64().get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> JsonValue::Double() const {
  double value = 0;
  if (type() != Type::kNumber || Load(words_).get_double().get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

std::optional<bool> JsonValue::Bool() const {
  bool value = false;
  if (type() != Type::kBool || Load(words_).get_bool().get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

void JsonValue::ForEach(const std::function<bool(JsonValue)>& visit) const {
  simdjson::dom::array array;
  if (!IsArray() || Load(words_).get_array().get(array) != simdjson::SUCCESS) {
    return;
  }
  for (const Element element : array) {
    JsonValue value;
    Store(element, value.words_);
    if (!visit(value)) {
      return;
    }
  }
}

void JsonValue::ForEachMember(const std::function<bool(std::string_view, JsonValue)>& visit) const {
  simdjson::dom::object object;
  if (!IsObject() || Load(words_).get_object().get(object) != simdjson::SUCCESS) {
    return;
  }
  for (const auto& member : object) {
    JsonValue value;
    Store(member.value, value.words_);
    if (!visit(member.key, value)) {
      return;
    }
  }
}

size_t JsonValue::Size() const {
  size_t count = 0;
  ForEach([&](JsonValue) { return ++count != 0; });
  ForEachMember([&](std::string_view, JsonValue) { return ++count != 0; });
  return count;
}

struct Json::State {
  simdjson::dom::parser parser;
};

Json::Json() : state_(std::make_unique<State>()) {}
Json::~Json() = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;

base::Result<JsonValue> Json::Parse(std::string_view text, uint64_t max_bytes) {
  if (text.size() > max_bytes) {
    return base::LimitMet("JSON of " + std::to_string(text.size()) + " bytes, at most " +
                          std::to_string(max_bytes) + " are read (limit document-bytes)");
  }
  if (text.empty()) {
    return base::Invalid("JSON: no text");  // simdjson would copy from a null pointer
  }
  if (const auto error = state_->parser.allocate(text.size(), kMaxDepth);
      error != simdjson::SUCCESS) {
    return base::Invalid(std::string("JSON: ") + simdjson::error_message(error));
  }
  Element root;
  // Always lets simdjson copy into its padded buffer: a memcpy is cheap beside the parse, and no
  // caller can get it wrong.
  const auto error = state_->parser.parse(text.data(), text.size(), true).get(root);
  if (error != simdjson::SUCCESS) {
    if (error == simdjson::DEPTH_ERROR) {
      return base::LimitMet("JSON nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    return base::Invalid(std::string("JSON: ") + simdjson::error_message(error));
  }
  JsonValue out;
  Store(root, out.words_);
  return out;
}

}  // namespace scantling::codec
