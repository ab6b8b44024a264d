// JSON in: any bytes are an answer, and what was read can be written and read again.
#include "codec/json.h"
#include "codec/json_writer.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using scantling::codec::JsonValue;

void Copy(JsonValue value, scantling::codec::JsonWriter& out) {
  switch (value.type()) {
    case JsonValue::Type::kObject:
      out.BeginObject();
      value.ForEachMember([&](std::string_view key, JsonValue member) {
        out.Key(key);
        Copy(member, out);
        return true;
      });
      out.EndObject();
      break;
    case JsonValue::Type::kArray:
      out.BeginArray();
      value.ForEach([&](JsonValue element) {
        Copy(element, out);
        return true;
      });
      out.EndArray();
      break;
    case JsonValue::Type::kText:
      out.Text(value.Text());
      break;
    case JsonValue::Type::kNumber:
      out.Double(value.Double().value_or(0));
      break;
    case JsonValue::Type::kBool:
      out.Bool(value.Bool().value_or(false));
      break;
    default:
      out.Null();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scantling::codec::Json json;
  const auto root = json.Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (root) {
    std::string copy;
    scantling::codec::JsonWriter out(&copy, scantling::codec::JsonWriter::Layout::kCompact);
    Copy(*root, out);
    scantling::codec::Json again;
    if (!again.Parse(copy)) {
      __builtin_trap();
    }
  }
  return 0;
}
