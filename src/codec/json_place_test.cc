#include "codec/json_place.h"

#include <gtest/gtest.h>

#include <string>

namespace scantling::codec {
namespace {

TEST(JsonPlace, FirstError) {
  EXPECT_EQ(ToString(PlaceOfJsonError("{\n  \"a\": 1,\n  b\n}")), "line 3, column 3");
  EXPECT_EQ(ToString(PlaceOfJsonError("{\"a\": [1, 2}")), "line 1, column 12");
  EXPECT_EQ(ToString(PlaceOfJsonError("{\"a\": ")), "line 1, column 7");
  EXPECT_EQ(ToString(PlaceOfJsonError("[] []")), "line 1, column 4");
  EXPECT_EQ(ToString(PlaceOfJsonError("[1,]")), "line 1, column 4");
}

TEST(JsonPlace, ValueOfAPointer) {
  const std::string text =
      "{\"x\": {\"statements\": 1},\n \"statements\": [\n  {\"status\": 1},\n  {\"o\": {}, "
      "\"a/b\": []},\n"
      "  {\"status\":\n   \"fixed\"}]}";
  EXPECT_EQ(ToString(PlaceOfJsonValue(text, "/statements/2/status")), "line 6, column 4");
  EXPECT_EQ(ToString(PlaceOfJsonValue(text, "/statements/1/a~1b")), "line 4, column 20");
  EXPECT_EQ(ToString(PlaceOfJsonValue(text, "")), "line 1, column 1");
  EXPECT_EQ(ToString(PlaceOfJsonValue(text, "/statements/9")), "");
  for (size_t i = 0; i <= text.size(); ++i) {
    PlaceOfJsonError(std::string_view(text).substr(0, i));
    PlaceOfJsonValue(std::string_view(text).substr(0, i), "/statements/2/status");
  }
  EXPECT_GT(PlaceOfJsonError(std::string(1 << 20, '[')).column, 1U);
}

}  // namespace
}  // namespace scantling::codec
