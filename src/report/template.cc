#include "report/template.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::report {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

class TemplateCompiler {
 public:
  TemplateCompiler(std::string_view text, const TemplateLimits& limits) : text_(text) {
    out_.limits_ = limits;
  }

  base::Result<Template> Run() {
    if (text_.size() > out_.limits_.template_bytes) {
      return base::LimitMet("the template is larger than " +
                            std::to_string(out_.limits_.template_bytes) + " bytes");
    }
    while (true) {
      const size_t open = text_.find(open_, at_);
      if (open == std::string_view::npos) {
        Literal(text_.size());
        break;
      }
      SCANTLING_DO(Tag(open));
    }
    if (!sections_.empty()) {
      const Template::Step& section = out_.steps_[sections_.back()];
      return base::Invalid(Place(section.line, section.column) + "the section \"" + section.text +
                           "\" is not closed: {{/" + section.text + "}} is missing");
    }
    return std::move(out_);
  }

 private:
  static std::string Place(uint32_t line, uint32_t column) {
    return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  }

  // Line and column of a place at or after the last one that was asked for.
  void Walk(size_t to) {
    for (; walked_ < to; ++walked_) {
      if (text_[walked_] == '\n') {
        ++line_;
        line_start_ = walked_ + 1;
      }
    }
  }
  base::Error Wrong(size_t at, const std::string& what) {
    Walk(at);
    return base::Invalid(Place(line_, Column(at)) + what);
  }
  uint32_t Column(size_t at) const { return static_cast<uint32_t>(at - line_start_ + 1); }

  void Literal(size_t end) {
    if (end > at_) {
      out_.steps_.push_back(
          {Template::Kind::kText, 0, 0, 0, std::string(text_.substr(at_, end - at_)), {}});
    }
    at_ = end;
  }

  // A tag that stands alone on its line takes the line with it.
  bool Standalone(size_t open, size_t end, size_t& line_begin, size_t& line_end) const {
    size_t begin = open;
    while (begin > at_ && IsBlank(text_[begin - 1])) {
      --begin;
    }
    if (begin != 0 && text_[begin - 1] != '\n') {
      return false;
    }
    size_t after = end;
    while (after < text_.size() && IsBlank(text_[after])) {
      ++after;
    }
    if (after < text_.size() && text_[after] == '\r') {
      ++after;
    }
    if (after < text_.size() && text_[after] != '\n') {
      return false;
    }
    line_begin = begin;
    line_end = std::min(after + 1, text_.size());
    return true;
  }

  base::Result<void> Tag(size_t open) {
    Walk(open);
    const uint32_t line = line_;
    const uint32_t column = Column(open);
    size_t begin = open + open_.size();
    const char sign = begin < text_.size() ? text_[begin] : '\0';
    std::string closing = close_;
    const bool triple = sign == '{' && open_ == "{{";
    if (triple) {
      closing = "}}}";
    } else if (sign == '=') {
      closing = "=" + close_;
    }
    const bool signed_tag =
        std::string_view("#^/!>&={<$").find(sign) != std::string_view::npos && sign != '\0';
    begin += signed_tag ? 1 : 0;
    const size_t close = text_.find(closing, begin);
    if (close == std::string_view::npos) {
      return Wrong(open, "the tag is not closed: " + closing + " is missing");
    }
    const size_t end = close + closing.size();
    const std::string_view name = base::Trim(text_.substr(begin, close - begin));
    const bool variable = !signed_tag || triple || sign == '&';
    size_t line_begin = open;
    size_t line_end = end;
    if (!variable) {
      (void)Standalone(open, end, line_begin, line_end);
    }
    Literal(line_begin);
    at_ = line_end;
    if (sign == '!') {
      return {};
    }
    if (sign == '=') {
      return Delimiters(open, name);
    }
    if (sign == '>' || sign == '<' || sign == '$') {
      return Wrong(open,
                   "partials, parents and blocks ({{>..}}, {{<..}}, {{$..}}) are not "
                   "supported: write the text here");
    }
    if (name.empty()) {
      return Wrong(open, "the tag has no name");
    }
    if (std::any_of(name.begin(), name.end(), [](char c) { return c == ' ' || c == '\n'; })) {
      return Wrong(open, "the name \"" + base::ToUtf8(name.substr(0, 60)) + "\" has blanks in it");
    }
    std::vector<std::string> path;
    if (name != ".") {
      for (const std::string_view part : base::Split(name, '.')) {
        if (part.empty()) {
          return Wrong(open,
                       "the name \"" + base::ToUtf8(name.substr(0, 60)) + "\" has an empty part");
        }
        path.emplace_back(part);
      }
    }
    Template::Kind kind = Template::Kind::kEscaped;
    uint32_t other = 0;
    const auto here = static_cast<uint32_t>(out_.steps_.size());
    if (sign == '#' || sign == '^') {
      kind = sign == '#' ? Template::Kind::kSection : Template::Kind::kInverted;
      if (sections_.size() >= out_.limits_.depth) {
        return Wrong(open, "sections are nested deeper than " + std::to_string(out_.limits_.depth));
      }
      sections_.push_back(here);
    } else if (sign == '/') {
      kind = Template::Kind::kEnd;
      if (sections_.empty()) {
        return Wrong(open, "nothing is open that \"" + base::ToUtf8(name) + "\" could close");
      }
      other = sections_.back();
      if (out_.steps_[other].text != name) {
        return Wrong(open, "\"" + base::ToUtf8(name) + "\" closes \"" +
                               base::ToUtf8(out_.steps_[other].text) + "\", opened in line " +
                               std::to_string(out_.steps_[other].line));
      }
      out_.steps_[other].other = here;
      sections_.pop_back();
    } else if (triple || sign == '&') {
      kind = Template::Kind::kRaw;
    }
    out_.steps_.push_back({kind, line, column, other, std::string(name), std::move(path)});
    return {};
  }

  base::Result<void> Delimiters(size_t open, std::string_view text) {
    const size_t gap = text.find_first_of(" \t\r\n");
    const std::string_view first = text.substr(0, gap);
    const std::string_view second =
        gap == std::string_view::npos ? std::string_view() : base::Trim(text.substr(gap));
    if (first.empty() || second.empty() ||
        second.find_first_of(" \t\r\n=") != std::string_view::npos ||
        first.find('=') != std::string_view::npos) {
      return Wrong(open, "delimiters are set as {{=<% %>=}}: two, with a blank between them");
    }
    open_ = first;
    close_ = second;
    return {};
  }

  std::string_view text_;
  Template out_;
  std::vector<uint32_t> sections_;
  std::string open_ = "{{";
  std::string close_ = "}}";
  size_t at_ = 0;
  size_t walked_ = 0;
  size_t line_start_ = 0;
  uint32_t line_ = 1;
};

class TemplateRun {
 public:
  TemplateRun(const Template& program, codec::JsonValue data, base::Output& output)
      : program_(program), output_(output) {
    stack_.push_back(data);
  }

  base::Result<void> Run() {
    const auto& steps = program_.steps_;
    uint64_t budget = program_.limits_.steps;
    uint64_t written = 0;
    for (size_t at = 0; at < steps.size(); ++at) {
      const Template::Step& step = steps[at];
      if (budget-- == 0) {
        return base::LimitMet("line " + std::to_string(step.line) +
                              ": the template makes more than " +
                              std::to_string(program_.limits_.steps) + " steps");
      }
      const size_t before = output_.text().size();
      switch (step.kind) {
        case Template::Kind::kText:
          output_.text() += step.text;
          break;
        case Template::Kind::kEscaped:
        case Template::Kind::kRaw:
          Variable(step);
          break;
        case Template::Kind::kSection:
          at = Enter(at);
          break;
        case Template::Kind::kInverted:
          if (!IsFalse(Lookup(step))) {
            at = step.other;
          }
          break;
        case Template::Kind::kEnd:
          at = Again(at);
          break;
      }
      written += output_.text().size() - before;
      if (written > program_.limits_.output_bytes) {
        return base::LimitMet("line " + std::to_string(step.line) +
                              ": the template writes more than " +
                              std::to_string(program_.limits_.output_bytes) + " bytes");
      }
      output_.Record();
    }
    return {};
  }

 private:
  struct Loop {
    size_t section;
    std::vector<codec::JsonValue> items;
    size_t next;
  };

  static bool IsFalse(codec::JsonValue value) {
    using Type = codec::JsonValue::Type;
    switch (value.type()) {
      case Type::kMissing:
      case Type::kNull:
        return true;
      case Type::kBool:
        return !value.Bool().value_or(false);
      case Type::kArray:
        return value.Size() == 0;
      case Type::kText:
        return value.Text().empty();
      case Type::kNumber:
      case Type::kObject:
        return false;
    }
    return true;
  }

  // The first part in the nearest context that has it, the rest below that.
  codec::JsonValue Lookup(const Template::Step& step) const {
    if (step.path.empty()) {
      return stack_.back();
    }
    for (size_t depth = stack_.size(); depth-- > 0;) {
      codec::JsonValue value = stack_[depth][step.path.front()];
      if (value.IsMissing()) {
        continue;
      }
      for (size_t i = 1; i < step.path.size(); ++i) {
        value = value[step.path[i]];
      }
      return value;
    }
    return {};
  }

  void Variable(const Template::Step& step) {
    const codec::JsonValue value = Lookup(step);
    std::string number;
    std::string_view text = value.Text();
    if (value.type() == codec::JsonValue::Type::kNumber) {
      codec::JsonWriter writer(&number, codec::JsonWriter::Layout::kCompact);
      if (const auto whole = value.Int()) {
        writer.Int(*whole);
      } else {
        writer.Double(value.Double().value_or(0));
      }
      text = number;
    } else if (value.type() == codec::JsonValue::Type::kBool) {
      text = value.Bool().value_or(false) ? "true" : "false";
    }
    if (step.kind == Template::Kind::kRaw) {
      output_.text() += text;
    } else {
      AppendHtml(output_.text(), text);
    }
  }

  size_t Enter(size_t at) {
    const Template::Step& step = program_.steps_[at];
    const codec::JsonValue value = Lookup(step);
    if (IsFalse(value)) {
      return step.other;
    }
    Loop loop{at, {}, 0};
    if (value.IsArray()) {
      value.ForEach([&](codec::JsonValue item) {
        loop.items.push_back(item);
        return true;
      });
    } else {
      loop.items.push_back(value);
    }
    stack_.push_back(loop.items.front());
    loop.next = 1;
    loops_.push_back(std::move(loop));
    return at;
  }

  // At the end of a section: the next item, or on.
  size_t Again(size_t at) {
    const size_t section = program_.steps_[at].other;
    if (loops_.empty() || loops_.back().section != section) {
      return at;  // the end of an inverted section
    }
    Loop& loop = loops_.back();
    if (loop.next < loop.items.size()) {
      stack_.back() = loop.items[loop.next++];
      return section;
    }
    stack_.pop_back();
    loops_.pop_back();
    return at;
  }

  const Template& program_;
  base::Output& output_;
  std::vector<codec::JsonValue> stack_;
  std::vector<Loop> loops_;
};

base::Result<Template> Template::Compile(std::string_view text, const TemplateLimits& limits) {
  return TemplateCompiler(text, limits).Run();
}

base::Result<void> Template::Render(codec::JsonValue data, base::Output& output) const {
  return TemplateRun(*this, data, output).Run();
}

void WriteTemplate(const model::Report& report, const FormatOptions& options,
                   base::Output& output) {
  auto compiled = Template::Compile(options.template_text);
  if (!compiled) {
    output.Fail(std::move(compiled).error().With("template"));
    return;
  }
  std::string text;
  text.reserve((report.findings.size() + report.inventory.components.size()) * 1024);
  codec::JsonWriter writer(&text, codec::JsonWriter::Layout::kCompact);
  PutReport(writer, report);
  codec::Json json;
  auto data = json.Parse(text);
  if (!data) {
    output.Fail(std::move(data).error());
    return;
  }
  if (auto rendered = compiled->Render(*data, output); !rendered) {
    output.Fail(std::move(rendered).error().With("template"));
  }
}

}  // namespace scantling::report
