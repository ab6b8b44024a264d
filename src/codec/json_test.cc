// JSON in and out: values, limits, hostile input, escapes.
#include "codec/json.h"

#include "base/strings.h"
#include "codec/json_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace scantling::codec {
namespace {

TEST(Json, ReadsValues) {
  Json json;
  const auto root = json.Parse(R"({"a":{"b":[1,2.5,"x",true,null]},"n":-7,"big":1e300})");
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ((*root)["n"].Int(), -7);
  EXPECT_EQ((*root)["big"].Double(), 1e300);
  EXPECT_FALSE((*root)["big"].Int().has_value());
  EXPECT_TRUE((*root)["a"]["none"]["deeper"].IsMissing());
  EXPECT_EQ((*root)["a"]["b"].Size(), 5U);
  std::string types;
  (*root)["a"]["b"].ForEach([&](JsonValue value) {
    types += std::to_string(static_cast<int>(value.type()));
    return true;
  });
  EXPECT_EQ(types, "33421");
  EXPECT_EQ((*root)["n"].Text(), "");
}

TEST(Json, DepthAndSizeAreLimited) {
  Json json;
  const std::string deep = std::string(1'000'000, '[');
  EXPECT_FALSE(json.Parse(deep).has_value());
  const std::string sixty = std::string(60, '[') + std::string(60, ']');
  EXPECT_TRUE(json.Parse(sixty).has_value());
  const std::string hundred = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(json.Parse(hundred).error().code(), base::ErrorCode::kLimit);
  EXPECT_EQ(json.Parse("[1,2]", 3).error().code(), base::ErrorCode::kLimit);
}

TEST(Json, EveryPrefixAndEveryFlippedBitIsAnAnswer) {
  const std::string good = R"({"schema":"x/1","list":[{"k":"vé\n"},1.5e3,[]],"t":true})";
  Json json;
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(json.Parse(std::string_view(good).substr(0, i)).has_value()) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      const auto root = json.Parse(bad);
      if (root) {
        root->ForEachMember([](std::string_view, JsonValue value) { return value.Size() < 1000; });
      }
    }
  }
  EXPECT_TRUE(json.Parse(good).has_value());
}

TEST(JsonWriter, LayoutIsFixed) {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Text("quote\"", "a\\\n\x01\x7F\xE2\x80\xA8");
  json.Key("empty");
  json.BeginArray();
  json.EndArray();
  json.Texts("list", {"x", "y"});
  json.Double("d", 0.1);
  json.EndObject();
  EXPECT_EQ(out,
            "{\n  \"quote\\\"\": \"a\\\\\\n\\u0001\\u007f\\u2028\",\n  \"empty\": [],\n"
            "  \"list\": [\n    \"x\",\n    \"y\"\n  ],\n  \"d\": 0.1\n}\n");
  Json parser;
  const auto root = parser.Parse(out);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ((*root)["quote\""].Text(), "a\\\n\x01\x7F\xE2\x80\xA8");
}

// Every length around the steps that the writer takes, with each byte at each place.
TEST(JsonWriter, EveryByteAtEveryPlace) {
  Json parser;
  for (size_t size = 0; size <= 40; ++size) {
    for (size_t place = 0; place < std::max<size_t>(size, 1); ++place) {
      for (const char byte :
           {'a', ' ', '"', '\\', '\x1f', '\0', '\x7f', '\x7e', '!', '\xe2', '\xff'}) {
        std::string text(size, 'x');
        if (size != 0) {
          text[place] = byte;
        }
        std::string out;
        JsonWriter json(&out);
        json.BeginObject();
        json.AnyText("key", text);
        json.Key("list");
        json.BeginArray();
        json.AnyText(text);
        json.EndArray();
        if (static_cast<unsigned char>(byte) < 0x80) {
          json.Text(text, text);
        }
        json.EndObject();
        const auto root = parser.Parse(out);
        ASSERT_TRUE(root.has_value()) << out;
        EXPECT_EQ((*root)["key"].Text(), base::ToUtf8(text));
        (*root)["list"].ForEach([&](JsonValue value) {
          EXPECT_EQ(value.Text(), base::ToUtf8(text));
          return true;
        });
        if (static_cast<unsigned char>(byte) < 0x80) {
          EXPECT_EQ((*root)[text].Text(), text);
        }
        EXPECT_EQ(out.find('\x1f'), std::string::npos);
        EXPECT_EQ(out.find('\x7f'), std::string::npos);
      }
    }
  }
}

TEST(JsonWriter, DeepLevelsAreIndentedLikeOthers) {
  std::string out;
  JsonWriter json(&out);
  constexpr size_t kDepth = 20;
  for (size_t i = 0; i < kDepth; ++i) {
    json.BeginArray();
    json.Int(1);
  }
  json.Text("x");
  for (size_t i = 0; i < kDepth; ++i) {
    json.EndArray();
  }
  std::string want;
  const auto line = [&want](size_t depth, const char* text) {
    want += std::string(2 * depth, ' ') + text;
  };
  line(0, "[\n");
  for (size_t i = 1; i < kDepth; ++i) {
    line(i, "1,\n");
    line(i, "[\n");
  }
  line(kDepth, "1,\n");
  line(kDepth, "\"x\"\n");
  for (size_t i = kDepth; i-- > 0;) {
    line(i, "]\n");
  }
  EXPECT_EQ(out, want);
}

TEST(JsonWriter, Compact) {
  std::string out;
  JsonWriter json(&out, JsonWriter::Layout::kCompact);
  json.BeginArray();
  json.Int(-1);
  json.Null();
  json.BeginObject();
  json.Bool("b", false);
  json.EndObject();
  json.EndArray();
  EXPECT_EQ(out, R"([-1,null,{"b":false}])");
}

}  // namespace
}  // namespace scantling::codec
