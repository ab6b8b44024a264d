// Which operators go with which types, and what to write instead. See compiler.h.
#include "base/nearest.h"
#include "base/time.h"
#include "policy/cel/compiler.h"

#include <algorithm>

namespace scantling::policy::cel {
namespace {

std::string WordList(const EnumInfo& words) {
  std::string out;
  for (const std::string_view word : words.words) {
    out += (out.empty() ? "" : ", ") + std::string(word);
  }
  return out;
}

bool IsWhole(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kDate || kind == Kind::kDuration;
}

}  // namespace

std::optional<int64_t> Compiler::WordOf(std::string_view text, const EnumInfo& words, uint32_t at) {
  const auto found = std::find(words.words.begin(), words.words.end(), text);
  if (found != words.words.end()) {
    return found - words.words.begin();
  }
  const std::string near = base::Nearest(text, words.words);
  Fail(at, "\"" + std::string(text.substr(0, 60)) + "\" is no word of " + std::string(words.name) +
               " (" + WordList(words) + ")" +
               (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  return std::nullopt;
}

// A literal text, or a literal list of texts, becomes words.
bool Compiler::ToWord(Operand& literal, const EnumInfo& words) {
  if (literal.constant < 0) {
    Fail(literal.text_begin, "a word of " + std::string(words.name) + " in quotes is expected (" +
                                 WordList(words) + ")");
    return false;
  }
  const Value value = program_.constants_[static_cast<size_t>(literal.constant)];
  Value made = value;
  if (literal.type.kind == Kind::kList) {
    std::vector<Value> items;
    for (const Value& item : value.Items()) {
      const auto word = WordOf(item.Text(), words, literal.text_begin);
      if (!word) {
        return false;
      }
      items.push_back(Word(*word));
    }
    program_.lists_.push_back(std::move(items));
    made = List(program_.lists_.back());
    literal.type.element = Kind::kEnum;
  } else {
    const auto word = WordOf(value.Text(), words, literal.text_begin);
    if (!word) {
      return false;
    }
    made = Word(*word);
    literal.type.kind = Kind::kEnum;
  }
  literal.type.enumeration = &words;
  program_.constants_[static_cast<size_t>(literal.constant)] = made;
  return true;
}

Operand Compiler::Relate(Operand left, Operand right, Relation relation, uint32_t at) {
  if (left.type.kind == Kind::kEnum && right.type.kind == Kind::kString) {
    if (!ToWord(right, *left.type.enumeration)) {
      return {};
    }
  } else if (right.type.kind == Kind::kEnum && left.type.kind == Kind::kString) {
    if (!ToWord(left, *right.type.enumeration)) {
      return {};
    }
  }
  const Kind a = left.type.kind;
  const Kind b = right.type.kind;
  const bool equality = relation == Relation::kEqual || relation == Relation::kUnequal;
  Step step{.op = Op::kCompare, .a = static_cast<uint8_t>(relation)};
  const auto set = [&step](Class kind) { step.b = static_cast<uint16_t>(kind); };
  if (a == Kind::kEnum && b == Kind::kEnum && left.type.enumeration == right.type.enumeration) {
    const EnumInfo& words = *left.type.enumeration;
    if (!equality && !words.ordered) {
      return Fail(at,
                  "the words of " + std::string(words.name) + " have no order; use == or in [...]");
    }
    set(Class::kOrdered);
    step.c = static_cast<uint32_t>(words.unknown + 1);
  } else if (a == b && IsWhole(a)) {
    set(Class::kNumber);
  } else if (a == Kind::kDouble && b == Kind::kDouble) {
    set(Class::kReal);
  } else if ((a == Kind::kInt && b == Kind::kDouble) || (a == Kind::kDouble && b == Kind::kInt)) {
    set(Class::kMixed);
  } else if (a == Kind::kString && b == Kind::kString) {
    set(Class::kText);
  } else if (a == Kind::kBool && b == Kind::kBool) {
    set(Class::kBool);
  } else if (a == Kind::kNull && b == Kind::kNull && equality) {
    set(Class::kNull);
  } else if (a == Kind::kNull || b == Kind::kNull) {
    return Fail(at, "nothing here is null: whether something is known is asked with has(...)");
  } else if ((a == Kind::kDate && b == Kind::kString) || (a == Kind::kString && b == Kind::kDate)) {
    return Fail(at, "a date is compared with a date; write date(\"2026-01-31\")");
  } else if ((a == Kind::kDuration && b == Kind::kInt) ||
             (a == Kind::kInt && b == Kind::kDuration)) {
    return Fail(at, "a length of time is compared with one; write days(30)");
  } else if (a == Kind::kList || b == Kind::kList) {
    return Fail(at, "lists are asked with in, size(), exists() and all()");
  } else {
    return Fail(at, Describe(left.type) + " cannot be compared with " + Describe(right.type));
  }
  Emit(step, -1);
  left.type = {.kind = Kind::kBool};
  left.constant = -1;
  left.cost = AddCost(left.cost, AddCost(right.cost, 1));
  return left;
}

Operand Compiler::Contained(Operand item, Operand list, uint32_t at) {
  if (list.type.kind != Kind::kList) {
    return Fail(at, "after \"in\" a list is expected; this is " + Describe(list.type) +
                        (list.type.kind == Kind::kString ? "; write text.contains(\"part\")" : ""));
  }
  if (list.type.element == Kind::kRecord) {
    return Fail(at, "records are asked with exists() and all()");
  }
  if (item.type.kind == Kind::kEnum && list.type.element == Kind::kString) {
    if (!ToWord(list, *item.type.enumeration)) {
      return {};
    }
  } else if (item.type.kind == Kind::kString && list.type.element == Kind::kEnum) {
    if (!ToWord(item, *list.type.enumeration)) {
      return {};
    }
  }
  Step step{.op = Op::kIn};
  const auto set = [&step](Class kind) { step.b = static_cast<uint16_t>(kind); };
  const Kind a = item.type.kind;
  const Kind b = list.type.element;
  if (b == Kind::kNull) {
    set(Class::kNumber);  // the empty list holds nothing
  } else if (a == Kind::kEnum && b == Kind::kEnum &&
             item.type.enumeration == list.type.enumeration) {
    set(Class::kNumber);
  } else if (a == b && IsWhole(a)) {
    set(Class::kNumber);
  } else if (a == Kind::kDouble && b == Kind::kDouble) {
    set(Class::kReal);
  } else if ((a == Kind::kInt && b == Kind::kDouble) || (a == Kind::kDouble && b == Kind::kInt)) {
    set(Class::kMixed);
  } else if (a == Kind::kString && b == Kind::kString) {
    set(Class::kText);
  } else if (a == Kind::kBool && b == Kind::kBool) {
    set(Class::kBool);
  } else {
    return Fail(at, Describe(item.type) + " cannot be in " + Describe(list.type));
  }
  Emit(step, -1);
  item.cost = AddCost(item.cost, AddCost(list.cost, list.type.max_items));
  item.type = {.kind = Kind::kBool};
  item.constant = -1;
  return item;
}

Operand Compiler::Calculate(Operand left, Operand right, Arithmetic sign, uint32_t at) {
  // A whole number that is written beside a number with a point is one with a point.
  const auto widen = [this](Operand& literal) {
    Value& value = program_.constants_[static_cast<size_t>(literal.constant)];
    value = Double(static_cast<double>(value.number));
    literal.type.kind = Kind::kDouble;
  };
  if (left.type.kind == Kind::kDouble && right.type.kind == Kind::kInt && right.constant >= 0) {
    widen(right);
  } else if (right.type.kind == Kind::kDouble && left.type.kind == Kind::kInt &&
             left.constant >= 0) {
    widen(left);
  }
  const Kind a = left.type.kind;
  const Kind b = right.type.kind;
  const bool add = sign == Arithmetic::kAdd;
  const bool subtract = sign == Arithmetic::kSubtract;
  Step step{.op = Op::kArithmetic, .a = static_cast<uint8_t>(sign)};
  step.b = static_cast<uint16_t>(Class::kNumber);
  if (a == Kind::kInt && b == Kind::kInt) {
    step.result = Kind::kInt;
  } else if (a == Kind::kDouble && b == Kind::kDouble && sign != Arithmetic::kRemainder) {
    step.b = static_cast<uint16_t>(Class::kReal);
    step.result = Kind::kDouble;
  } else if (a == Kind::kDate && b == Kind::kDuration && (add || subtract)) {
    step.result = Kind::kDate;
  } else if (a == Kind::kDuration && b == Kind::kDate && add) {
    step.result = Kind::kDate;
  } else if (a == Kind::kDuration && b == Kind::kDuration && (add || subtract)) {
    step.result = Kind::kDuration;
  } else if (a == Kind::kDate && b == Kind::kDate && subtract) {
    step.result = Kind::kDuration;
  } else if ((a == Kind::kString || a == Kind::kList) && a == b && add) {
    return Fail(at, "texts and lists are not joined in conditions");
  } else if ((a == Kind::kDate && b == Kind::kInt) || (a == Kind::kInt && b == Kind::kDate)) {
    return Fail(at, "days are added to a date with days(7)");
  } else if ((a == Kind::kInt && b == Kind::kDouble) || (a == Kind::kDouble && b == Kind::kInt)) {
    return Fail(at, "a whole number and one with a point are not mixed; write double(...)");
  } else {
    static constexpr std::array<std::string_view, 5> kSigns = {"+", "-", "*", "/", "%"};
    return Fail(at, std::string(kSigns[static_cast<size_t>(sign)]) + " does not go with " +
                        Describe(left.type) + " and " + Describe(right.type));
  }
  Emit(step, -1);
  left.type = {.kind = step.result};
  left.constant = -1;
  left.cost = AddCost(left.cost, AddCost(right.cost, 1));
  return left;
}

}  // namespace scantling::policy::cel
