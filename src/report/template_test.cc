// Mustache: what the specification says, errors with their place, and limits.
#include "report/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::report {
namespace {

using ::testing::HasSubstr;

std::string Filled(std::string_view text, std::string_view data,
                   const TemplateLimits& limits = {}) {
  auto compiled = Template::Compile(text, limits);
  if (!compiled) {
    return "error: " + compiled.error().Message();
  }
  codec::Json json;
  auto root = json.Parse(data);
  EXPECT_TRUE(root.has_value()) << data;
  std::string problem;
  std::string out = base::Rendered([&](base::Output& output) {
    if (auto rendered = compiled->Render(*root, output); !rendered) {
      problem = "error: " + rendered.error().Message();
    }
  });
  return problem.empty() ? out : problem;
}

struct Case {
  const char* text;
  const char* data;
  const char* want;
};

class Mustache : public ::testing::TestWithParam<Case> {};

TEST_P(Mustache, Renders) {
  EXPECT_EQ(Filled(GetParam().text, GetParam().data), GetParam().want) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Specification, Mustache,
    ::testing::Values(Case{"", "{}", ""}, Case{"plain } }} {", "{}", "plain } }} {"},
                      Case{"a {{x}} b", R"({"x": "<&\">'"})", "a &lt;&amp;&quot;&gt;&#39; b"},
                      Case{"{{{x}}} {{&x}} {{& x }}", R"({"x": "<&>"})", "<&> <&> <&>"},
                      Case{"{{x}} {{y}} {{z}}", R"({"x": 7, "y": 0.5, "z": true})", "7 0.5 true"},
                      Case{"[{{missing}}][{{n}}]", R"({"n": null})", "[][]"},
                      Case{"{{a.b.c}}|{{a.x.c}}", R"({"a": {"b": {"c": "d"}}})", "d|"},
                      Case{"{{#a}}{{b}}{{/a}}", R"({"a": {"b": 1}})", "1"},
                      Case{"{{#a}}<{{.}}>{{/a}}", R"({"a": [1, "x", true]})", "<1><x><true>"},
                      Case{"{{#a}}{{#b}}{{.}}{{n}}{{/b}};{{/a}}",
                           R"({"a": [{"b": [1,2], "n": 9}, {"b": []}]})", "1929;;"},
                      Case{"{{#a}}yes{{/a}}{{^a}}no{{/a}}", R"({"a": []})", "no"},
                      Case{"{{#a}}yes{{/a}}{{^a}}no{{/a}}", R"({"a": 0})", "yes"},
                      Case{"{{#a}}yes{{/a}}{{^a}}no{{/a}}", R"({"a": ""})", "no"},
                      Case{"{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{}", "no"},
                      Case{"{{^a}}{{^b}}x{{/b}}{{/a}}", "{}", "x"},
                      Case{"{{#a}}{{x}}{{/a}}", R"({"a": [{}, {"x": 2}], "x": 1})", "12"},
                      Case{"{{#a.b}}{{c}}{{/a.b}}", R"({"a": {"b": {"c": 3}}})", "3"},
                      Case{"a{{! all\nof this }}b", "{}", "ab"},
                      Case{"a\n  {{! alone }}\nb", "{}", "a\nb"},
                      Case{"{{#a}}\n- {{.}}\n{{/a}}\nend", R"({"a": [1, 2]})", "- 1\n- 2\nend"},
                      Case{"x\r\n{{#a}}\r\n{{.}}\r\n{{/a}}\r\n", R"({"a": [1]})", "x\r\n1\r\n"},
                      Case{" {{#a}} y {{/a}} ", R"({"a": true})", "  y  "},
                      Case{"{{=<% %>=}}<% x %> {{x}} <%={{ }}=%>{{x}}", R"({"x": 1})", "1 {{x}} 1"},
                      Case{"{{=| |=}}|#a||.||/a|", R"({"a": [1, 2]})", "12"}));

TEST(MustacheErrors, NameThePlace) {
  struct Wrong {
    const char* text;
    const char* want;
  };
  for (const Wrong& wrong : std::vector<Wrong>{
           {"{{#a}}", "line 1, column 1: the section \"a\" is not closed"},
           {"x\n  {{/a}}", "line 2, column 3: nothing is open"},
           {"{{#a}}\n{{/b}}", "line 2, column 1: \"b\" closes \"a\", opened in line 1"},
           {"\n\n{{a", "line 3, column 1: the tag is not closed"},
           {"{{{a}}", "}}} is missing"},
           {"{{}}", "line 1, column 1: the tag has no name"},
           {"{{a b}}", "has blanks"},
           {"{{a..b}}", "has an empty part"},
           {"a {{> part}}", "line 1, column 3: partials"},
           {"{{$x}}{{/x}}", "not supported"},
           {"{{=<% =}}", "delimiters"},
           {"{{=a=}}", "delimiters"}}) {
    EXPECT_THAT(Filled(wrong.text, "{}"), HasSubstr(wrong.want)) << wrong.text;
  }
}

TEST(MustacheLimits, NothingRunsForEver) {
  std::string list = "[1";
  for (int i = 0; i < 999; ++i) {
    list += ",1";
  }
  list += "]";
  const std::string data = "{\"a\": " + list + "}";
  std::string deep;
  std::string ends;
  for (int i = 0; i < 6; ++i) {
    deep += "{{#a}}";
    ends += "{{/a}}";
  }
  // 1000^6 turns: the loop's own steps end it.
  EXPECT_THAT(Filled(deep + ends, data, {.steps = 100'000}), HasSubstr("more than 100000 steps"));
  EXPECT_THAT(Filled("{{#a}}{{#a}}0123456789{{/a}}{{/a}}", data, {.output_bytes = 1'000'000}),
              HasSubstr("more than 1000000 bytes"));
  std::string nested;
  for (int i = 0; i < 33; ++i) {
    nested += "{{#a}}";
  }
  EXPECT_THAT(Filled(nested, "{}"), HasSubstr("nested deeper than 32"));
  EXPECT_THAT(Filled(std::string(2'000'000, 'x'), "{}"), HasSubstr("larger than"));
}

TEST(MustacheDamage, NoCrash) {
  const std::string whole =
      "{{=<% %>=}}<%#a%>\n <%{b}%> <%={{ }}=%>{{{b}}} {{^c}}{{a.b.c}}{{/c}}{{! x }}\n{{/a}}{{&d}}";
  for (size_t length = 0; length <= whole.size(); ++length) {
    (void)Filled(std::string_view(whole).substr(0, length), R"({"a": [{"b": 1}]})");
  }
  std::mt19937 random(11);
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = whole;
    for (int flips = 0; flips < 4; ++flips) {
      damaged[random() % damaged.size()] = "{}#^/!&=. \nab"[random() % 13];
    }
    (void)Filled(damaged, R"({"a": [{"b": 1}, [], "x"], "b": {"a": true}})");
  }
}

}  // namespace
}  // namespace scantling::report
