// Variables, functions, methods and the macros over lists. See compiler.h.
#include "base/nearest.h"
#include "base/time.h"
#include "policy/cel/compiler.h"

#include <algorithm>
#include <array>

namespace scantling::policy::cel {
namespace {

constexpr std::array<std::string_view, 8> kFunctions = {"has",  "size", "date", "timestamp",
                                                        "days", "age",  "int",  "double"};
constexpr std::array<std::string_view, 9> kMethods = {"startsWith", "endsWith",   "contains",
                                                      "matches",    "size",       "exists",
                                                      "all",        "exists_one", "filter"};

std::string MeantOf(std::string_view name, std::span<const std::string_view> names) {
  const std::string near = base::Nearest(name, names);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

// The field that a dotted path names, or whether some field's name goes on from there.
struct PathMatch {
  int exact = -1;
  bool longer = false;
};
PathMatch FindField(const RecordInfo& record, std::string_view path) {
  PathMatch out;
  for (size_t i = 0; i < record.fields.size(); ++i) {
    const std::string_view name = record.fields[i].name;
    if (name == path) {
      out.exact = static_cast<int>(i);
    } else if (name.size() > path.size() && name.starts_with(path) && name[path.size()] == '.') {
      out.longer = true;
    }
  }
  return out;
}

}  // namespace

Operand Compiler::Name(const Token& name) {
  if (name.text == "true" || name.text == "false") {
    Operand out = Constant(Bool(name.text == "true"), {.kind = Kind::kBool}, name.begin);
    return out;
  }
  if (name.text == "null") {
    return Constant(Null(), {.kind = Kind::kNull}, name.begin);
  }
  if (name.text == "in") {
    return Fail(name.begin, "a value is expected before \"in\"");
  }
  if (name.text == "and" || name.text == "or" || name.text == "not") {
    return Fail(name.begin, "write && for \"and\", || for \"or\", ! for \"not\"");
  }
  if (IsSign("(")) {
    return name.text == "has" ? Has(name) : Function(name);
  }
  return Select(name, false);
}

Operand Compiler::Select(const Token& name, bool asks) {
  for (size_t i = variables_.size(); i-- > 0;) {
    const Variable& variable = variables_[i];
    if (variable.name != name.text) {
      continue;
    }
    if (variable.type.kind == Kind::kRecord) {
      return FieldOf(*variable.type.record, name, asks, true, static_cast<uint8_t>(i));
    }
    if (asks) {
      return Fail(name.begin, "has() asks for a field, like has(finding.epss)");
    }
    Operand out;
    out.type = variable.type;
    out.text_begin = name.begin;
    out.step_begin = Here();
    Emit({.op = Op::kVariable, .a = static_cast<uint8_t>(i)}, 1);
    return out;
  }
  for (size_t i = 0; i < schema_.roots.size(); ++i) {
    const RootInfo& root = schema_.roots[i];
    if (root.name != name.text) {
      continue;
    }
    if (!root.scalar) {
      return FieldOf(*root.record, name, asks, false, static_cast<uint8_t>(i));
    }
    Operand out;
    out.type = root.record->fields[0].type;
    out.text_begin = name.begin;
    out.step_begin = Here();
    reads_.emplace(static_cast<uint8_t>(i), uint16_t{0});
    Emit({.op = asks ? Op::kHasField : Op::kField, .a = static_cast<uint8_t>(i)}, 1);
    if (asks) {
      out.type = {.kind = Kind::kBool};
    } else {
      Note(out, false, true);
    }
    return out;
  }
  for (const auto& [elsewhere, hint] : schema_.elsewhere) {
    if (elsewhere == name.text) {
      return Fail(name.begin, name.text + ": " + std::string(hint));
    }
  }
  std::vector<std::string_view> names;
  for (const Variable& variable : variables_) {
    names.emplace_back(variable.name);
  }
  std::string all;
  for (const RootInfo& root : schema_.roots) {
    names.push_back(root.name);
    all += (all.empty() ? "" : ", ") + std::string(root.name);
  }
  const std::string meant = MeantOf(name.text, names);
  return Fail(name.begin,
              "unknown name " + name.text.substr(0, 60) +
                  (meant.empty() ? " (there are " + all + "; a text needs quotes)" : meant));
}

// A record's name is read; its field follows.
Operand Compiler::FieldOf(const RecordInfo& record, const Token& name, bool asks, bool in_loop,
                          uint8_t at) {
  Operand out;
  out.text_begin = name.begin;
  out.step_begin = Here();
  if (!IsSign(".")) {
    return Fail(name.begin, name.text + " is a " + std::string(record.name) +
                                "; name one of its fields, like " + name.text + "." +
                                std::string(record.fields[0].name));
  }
  std::string path;
  uint32_t field_begin = 0;
  PathMatch found;
  while (IsSign(".") && Peek(1).kind == TokenKind::kName) {
    const std::string longer = path.empty() ? Peek(1).text : path + "." + Peek(1).text;
    const PathMatch next = FindField(record, longer);
    if (next.exact < 0 && !next.longer) {
      break;
    }
    Take();
    field_begin = field_begin == 0 ? Peek().begin : field_begin;
    Take();
    path = longer;
    found = next;
    if (!next.longer) {
      break;
    }
  }
  if (found.exact < 0) {
    std::string wrong = path;
    uint32_t begin = field_begin;
    if (IsSign(".") && Peek(1).kind == TokenKind::kName) {
      begin = path.empty() ? Peek(1).begin : begin;
      wrong += (path.empty() ? "" : ".") + Peek(1).text;
    } else if (path.empty()) {
      return Fail(Peek().end, "the name of a field is expected after \".\"");
    }
    std::vector<std::string_view> names;
    for (const FieldInfo& field : record.fields) {
      names.push_back(field.name);
    }
    const std::string near = base::Nearest(wrong, names);
    return Fail(begin, std::string(record.name) + " has no field " + wrong.substr(0, 60) +
                           (near.empty() ? "" : "; did you mean " + near + "?"));
  }
  const FieldInfo& field = record.fields[static_cast<size_t>(found.exact)];
  const auto index = static_cast<uint16_t>(found.exact);
  if (in_loop) {
    Emit({.op = asks ? Op::kHasMember : Op::kMember, .a = at, .b = index}, 1);
  } else {
    reads_.emplace(at, index);
    Emit({.op = asks ? Op::kHasField : Op::kField, .a = at, .b = index}, 1);
  }
  out.type = asks ? Type{.kind = Kind::kBool} : field.type;
  if (!asks) {
    Note(out, false, true);
  }
  return out;
}

Operand Compiler::Has(const Token& name) {
  Take();  // the parenthesis
  const Token root = Take();
  if (root.kind != TokenKind::kName) {
    return Fail(root.begin, "has() asks for a field, like has(finding.epss)");
  }
  Operand out = Select(root, true);
  if (failed() || !Expect(")", "after the field of has()")) {
    return {};
  }
  out.text_begin = name.begin;
  Note(out, false, false);
  return out;
}

Operand Compiler::DateOf(const Token& name) {
  Operand out = Expression();
  if (failed() || !Expect(")", "after the date")) {
    return {};
  }
  if (out.type.kind != Kind::kString) {
    return Fail(out.text_begin,
                name.text + "() takes a text like \"2026-01-31\"; this is " + Describe(out.type));
  }
  if (out.constant >= 0) {
    Value& value = program_.constants_[static_cast<size_t>(out.constant)];
    const auto time = base::ParseTime(value.Text());
    if (!time) {
      return Fail(out.text_begin, "\"" + std::string(value.Text().substr(0, 40)) +
                                      "\" is no date; write one like \"2026-01-31\"");
    }
    value = Date(*time);
  } else {
    Emit({.op = Op::kDate}, 0);
    ++out.cost;
  }
  out.type = {.kind = Kind::kDate};
  out.text_begin = name.begin;
  return out;
}

Operand Compiler::Function(const Token& name) {
  if (std::find(kFunctions.begin(), kFunctions.end(), name.text) == kFunctions.end()) {
    const bool method = std::find(kMethods.begin(), kMethods.end(), name.text) != kMethods.end();
    return Fail(name.begin, method
                                ? name.text + " follows what it asks: value." + name.text + "(...)"
                                : "unknown function " + name.text.substr(0, 60) +
                                      MeantOf(name.text, kFunctions));
  }
  Take();  // the parenthesis
  if (name.text == "date" || name.text == "timestamp") {
    return DateOf(name);
  }
  Operand argument = Expression();
  if (failed() || !Expect(")", "after what " + name.text + "() takes")) {
    return {};
  }
  const Kind kind = argument.type.kind;
  Kind result = Kind::kInt;
  std::optional<Op> op;
  std::string_view takes;
  if (name.text == "size") {
    takes = "a text or a list";
    if (kind == Kind::kString) {
      op = Op::kSizeText;
    } else if (kind == Kind::kList) {
      op = Op::kSizeList;
    }
  } else if (name.text == "days") {
    takes = "a whole number";
    result = Kind::kDuration;
    if (kind == Kind::kInt) {
      op = Op::kDays;
    }
  } else if (name.text == "age") {
    takes = "a date";
    result = Kind::kDuration;
    if (kind == Kind::kDate) {
      op = Op::kAge;
      program_.uses_now_ = true;
    }
  } else if (name.text == "double") {
    takes = "a whole number";
    result = Kind::kDouble;
    if (kind == Kind::kInt) {
      op = Op::kToDouble;
    }
  } else {
    takes = "a number with a point";
    if (kind == Kind::kDouble) {
      op = Op::kToInt;
    }
  }
  if (!op) {
    return Fail(argument.text_begin, name.text + "() takes " + std::string(takes) + "; this is " +
                                         Describe(argument.type));
  }
  Emit({.op = *op}, 0);
  argument.type = {.kind = result};
  argument.constant = -1;
  argument.text_begin = name.begin;
  ++argument.cost;
  return argument;
}

Operand Compiler::Method(Operand receiver, const Token& name) {
  if (name.text == "exists") {
    return Loop(receiver, name, Macro::kExists);
  }
  if (name.text == "all") {
    return Loop(receiver, name, Macro::kAll);
  }
  if (name.text == "exists_one") {
    return Loop(receiver, name, Macro::kExistsOne);
  }
  if (name.text == "filter") {
    return Loop(receiver, name, Macro::kFilter);
  }
  if (name.text == "size") {
    Take();
    if (!Expect(")", "after size(")) {
      return {};
    }
    if (receiver.type.kind != Kind::kString && receiver.type.kind != Kind::kList) {
      return Fail(name.begin,
                  "size() is asked of a text or a list; this is " + Describe(receiver.type));
    }
    Emit({.op = receiver.type.kind == Kind::kString ? Op::kSizeText : Op::kSizeList}, 0);
    receiver.type = {.kind = Kind::kInt};
    receiver.constant = -1;
    ++receiver.cost;
    return receiver;
  }
  return TextMethod(receiver, name);
}

Operand Compiler::TextMethod(Operand receiver, const Token& name) {
  static constexpr std::array<std::pair<std::string_view, Op>, 4> kOps = {{
      {"startsWith", Op::kStartsWith},
      {"endsWith", Op::kEndsWith},
      {"contains", Op::kContains},
      {"matches", Op::kMatches},
  }};
  const auto* method = std::find_if(kOps.begin(), kOps.end(), [&](const auto& candidate) {
    return candidate.first == name.text;
  });
  if (method == kOps.end()) {
    return Fail(name.begin,
                "unknown function " + name.text.substr(0, 60) + MeantOf(name.text, kMethods));
  }
  if (receiver.type.kind != Kind::kString) {
    return Fail(name.begin,
                name.text + "() is asked of a text; this is " + Describe(receiver.type) +
                    (receiver.type.kind == Kind::kEnum ? ", which is compared with == or in" : "") +
                    (receiver.type.kind == Kind::kList
                         ? "; ask its elements: .exists(x, x." + name.text + "(...))"
                         : ""));
  }
  Take();  // the parenthesis
  const Operand argument = Expression();
  if (failed() || !Expect(")", "after what " + name.text + "() takes")) {
    return {};
  }
  if (argument.type.kind != Kind::kString) {
    return Fail(argument.text_begin,
                name.text + "() takes a text; this is " + Describe(argument.type));
  }
  receiver.cost = AddCost(receiver.cost, AddCost(argument.cost, 4));
  receiver.type = {.kind = Kind::kBool};
  receiver.constant = -1;
  if (method->second != Op::kMatches) {
    Emit({.op = method->second}, -1);
    Note(receiver, false, false);
    return receiver;
  }
  if (argument.constant < 0) {
    return Fail(argument.text_begin,
                "the pattern of matches() is a text in quotes, so that it is "
                "read once");
  }
  auto pattern = Regex::Make(program_.constants_[static_cast<size_t>(argument.constant)].Text());
  if (!pattern) {
    return Fail(argument.text_begin, "the pattern cannot be read: " + pattern.error());
  }
  if (program_.patterns_.size() >= 64) {
    return Fail(argument.text_begin, "more than 64 patterns; make several rules of the condition");
  }
  program_.patterns_.push_back(std::make_unique<Regex>(*std::move(pattern)));
  program_.steps_.pop_back();  // the pattern's text is no step
  --stack_;
  Emit({.op = Op::kMatches, .c = static_cast<uint32_t>(program_.patterns_.size() - 1)}, 0);
  Note(receiver, false, false);
  return receiver;
}

Operand Compiler::Loop(Operand list, const Token& name, Macro macro) {
  if (list.type.kind != Kind::kList) {
    return Fail(name.begin, name.text + "() goes over a list; this is " + Describe(list.type));
  }
  if (variables_.size() >= kMaxLoops) {
    return Fail(name.begin, "more than " + std::to_string(kMaxLoops) + " loops inside one another");
  }
  Take();  // the parenthesis
  const Token variable = Take();
  if (variable.kind != TokenKind::kName) {
    return Fail(variable.begin,
                "a name for the element is expected: " + name.text + "(x, condition about x)");
  }
  if (std::any_of(schema_.roots.begin(), schema_.roots.end(),
                  [&](const RootInfo& root) { return root.name == variable.text; }) ||
      variable.text == "true" || variable.text == "false" || variable.text == "null" ||
      variable.text == "in") {
    return Fail(variable.begin, variable.text + " is a name already; take another for the element");
  }
  if (!Expect(",", "between the element's name and the condition")) {
    return {};
  }
  Type element{
      .kind = list.type.element, .enumeration = list.type.enumeration, .record = list.type.record};
  const auto depth = static_cast<uint16_t>(variables_.size());
  variables_.push_back({variable.text, element});
  const uint32_t start = Emit({.op = Op::kLoop, .a = static_cast<uint8_t>(macro), .b = depth}, 0);
  const uint32_t body = Here();
  const Operand condition = Expression();
  if (!WantBool(condition, "as the condition of " + name.text + "()") ||
      !Expect(")", "after the condition of " + name.text + "()")) {
    return {};
  }
  variables_.pop_back();
  Emit({.op = Op::kNext, .a = static_cast<uint8_t>(macro), .b = depth, .c = body}, -1);
  if (failed()) {
    return {};
  }
  program_.steps_[start].c = Here();
  list.cost = AddCost(
      list.cost, TimesCost(std::max<uint64_t>(1, list.type.max_items), AddCost(condition.cost, 2)));
  list.constant = -1;
  if (macro != Macro::kFilter) {
    list.type = {.kind = Kind::kBool};
    Note(list, false, false);
  }
  return list;
}

}  // namespace scantling::policy::cel
