#include "codec/toml.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 64  // toml++ recurses on arrays and inline tables
#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace scantling::codec {
namespace {

// Dotted keys ("a.b.c = 1") nest without nesting brackets, so toml++'s own limit does not see them.
constexpr size_t kMaxDepth = 64;

std::string Number(int64_t value) { return std::to_string(value); }

std::string Number(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  return buffer;
}

std::string DateText(const toml::date& date) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04u-%02u-%02u", static_cast<unsigned>(date.year),
                static_cast<unsigned>(date.month), static_cast<unsigned>(date.day));
  return buffer;
}

std::string TimeText(const toml::time& time) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%02u:%02u:%02u", static_cast<unsigned>(time.hour),
                static_cast<unsigned>(time.minute), static_cast<unsigned>(time.second));
  return buffer;
}

std::string DateTimeText(const toml::date_time& value) {
  std::string out = DateText(value.date) + "T" + TimeText(value.time);
  const int minutes = value.offset ? value.offset->minutes : 0;
  if (minutes == 0) {
    return out + "Z";  // a time without an offset is taken as UTC
  }
  char buffer[40];
  const int size = minutes < 0 ? -minutes : minutes;
  std::snprintf(buffer, sizeof buffer, "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60,
                size % 60);
  return out + buffer;
}

void Place(const toml::source_region& region, TomlNode& out) {
  out.line = region.begin.line;
  out.column = region.begin.column;
}

// What is still to be turned into a node; `out` stays where it is because its parent's children
// are made before any of them is filled.
struct Open {
  const toml::node* from;
  TomlNode* out;
  size_t depth;
};

void Scalar(const toml::node& from, TomlNode& out) {
  using Kind = TomlNode::Kind;
  if (const auto* text = from.as_string()) {
    out.kind = Kind::kText;
    out.text = text->get();
  } else if (const auto* whole = from.as_integer()) {
    out.kind = Kind::kNumber;
    out.text = Number(whole->get());
  } else if (const auto* real = from.as_floating_point()) {
    out.kind = Kind::kNumber;
    out.text = Number(real->get());
  } else if (const auto* flag = from.as_boolean()) {
    out.kind = Kind::kBool;
    out.text = flag->get() ? "true" : "false";
  } else if (const auto* date = from.as_date()) {
    out.kind = Kind::kDate;
    out.text = DateText(date->get());
  } else if (const auto* time = from.as_time()) {
    out.kind = Kind::kDate;
    out.text = TimeText(time->get());
  } else if (const auto* moment = from.as_date_time()) {
    out.kind = Kind::kDate;
    out.text = DateTimeText(moment->get());
  }
}

base::Result<TomlNode> Convert(const toml::table& root) {
  TomlNode out;
  std::vector<Open> open = {{&root, &out, 1}};
  while (!open.empty()) {
    const Open next = open.back();
    open.pop_back();
    Place(next.from->source(), *next.out);
    if (next.depth > kMaxDepth) {
      return base::LimitMet("TOML: nested deeper than " + std::to_string(kMaxDepth) + " at line " +
                            std::to_string(next.out->line));
    }
    if (const toml::table* table = next.from->as_table()) {
      next.out->kind = TomlNode::Kind::kTable;
      next.out->children.resize(table->size());
      size_t index = 0;
      for (const auto& [key, value] : *table) {  // toml++ keeps a std::map: sorted
        next.out->keys.push_back(
            {std::string(key.str()), key.source().begin.line, key.source().begin.column});
        open.push_back({&value, &next.out->children[index++], next.depth + 1});
      }
    } else if (const toml::array* array = next.from->as_array()) {
      next.out->kind = TomlNode::Kind::kArray;
      next.out->children.resize(array->size());
      for (size_t i = 0; i < array->size(); ++i) {
        open.push_back({array->get(i), &next.out->children[i], next.depth + 1});
      }
    } else {
      Scalar(*next.from, *next.out);
    }
  }
  return out;
}

}  // namespace

const TomlNode& TomlNode::operator[](std::string_view key) const {
  static const TomlNode kNone;
  const auto found = std::ranges::find(keys, key, &Key::text);
  return found == keys.end() ? kNone : children[static_cast<size_t>(found - keys.begin())];
}

base::Result<TomlNode> ParseToml(std::string_view text, uint64_t max_bytes) {
  if (text.size() > max_bytes) {
    return base::LimitMet("TOML: " + std::to_string(text.size()) + " bytes, more than " +
                          std::to_string(max_bytes));
  }
  // toml++ and its destructors recurse on nested tables; a line of dots is the one way to nest them
  // without brackets.
  size_t dots = 0;
  for (const char c : text) {
    dots = c == '.' ? dots + 1 : (c == '\n' ? 0 : dots);
    if (dots > 4096) {
      return base::LimitMet("TOML: a line of more than 4,096 dots");
    }
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return base::Invalid("TOML: " + std::string(error.description()) + " at line " +
                         std::to_string(error.source().begin.line) + ", column " +
                         std::to_string(error.source().begin.column));
  }
  return Convert(parsed.table());
}

}  // namespace scantling::codec
