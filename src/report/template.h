// Templates in Mustache (https://mustache.github.io/mustache.5.html, its specification without the
// optional modules), filled from the report's own JSON, scantling.report/1.
//
// Variables {{a}} (escaped for HTML), {{{a}}} and {{&a}} (not escaped), dotted names, {{.}},
// sections
// {{#a}} {{/a}}, inverted sections {{^a}}, comments, other delimiters {{=<% %>=}}, standalone tags.
// Not handled, and an error: partials {{>a}}, blocks and parents; lambdas do not exist, for the
// data are JSON.
//
// A template is compiled to a flat list of steps; the list, the depth of sections, the steps that a
// run makes and the bytes that it writes are limited, so that no template runs for ever.
#pragma once

#include "base/output.h"
#include "base/result.h"
#include "codec/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

struct TemplateLimits {
  uint64_t template_bytes = uint64_t{1} << 20;
  uint32_t depth = 32;
  uint64_t steps = 50'000'000;
  uint64_t output_bytes = uint64_t{256} << 20;
};

class Template {
 public:
  // Errors name line and column.
  static base::Result<Template> Compile(std::string_view text, const TemplateLimits& limits = {});

  // What is appended before an error stays appended.
  base::Result<void> Render(codec::JsonValue data, base::Output& output) const;

 private:
  enum class Kind : uint8_t { kText, kEscaped, kRaw, kSection, kInverted, kEnd };
  struct Step {
    Kind kind;
    uint32_t line;
    uint32_t column;
    uint32_t other;                 // of a section: its end; of an end: its section
    std::string text;               // literal, or the name
    std::vector<std::string> path;  // of the name; empty for "."
  };
  friend class TemplateCompiler;
  friend class TemplateRun;

  TemplateLimits limits_;
  std::vector<Step> steps_;
};

}  // namespace scantling::report
