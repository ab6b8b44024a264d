// Expressions and operators, by CEL's precedence. See compile.h; the state is in compiler.h.
#include "policy/cel/compile.h"

#include "base/strings.h"
#include "policy/cel/compiler.h"

#include <algorithm>
#include <limits>

namespace scantling::policy::cel {

uint64_t AddCost(uint64_t a, uint64_t b) {
  return a > std::numeric_limits<uint64_t>::max() - b ? std::numeric_limits<uint64_t>::max()
                                                      : a + b;
}
uint64_t TimesCost(uint64_t a, uint64_t b) {
  uint64_t out = 0;
  return __builtin_mul_overflow(a, b, &out) ? std::numeric_limits<uint64_t>::max() : out;
}

Operand Compiler::Fail(uint32_t offset, std::string text) {
  if (!error_) {
    error_ = CompileError{std::move(text), offset};
  }
  at_ = tokens_.size() - 1;
  return {};
}

std::string Compiler::Found() const {
  const Token& token = Peek();
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the condition ends";
    case TokenKind::kText:
      return "a text stands there";
    case TokenKind::kInt:
    case TokenKind::kDouble:
      return "a number stands there";
    case TokenKind::kName:
    case TokenKind::kSign:
      return "\"" + token.text.substr(0, 40) + "\" stands there";
  }
  return "";
}

bool Compiler::Expect(std::string_view sign, std::string_view where) {
  if (Accept(sign)) {
    return true;
  }
  Fail(Peek().begin,
       "\"" + std::string(sign) + "\" is expected " + std::string(where) + "; " + Found());
  return false;
}

uint32_t Compiler::Emit(Step step, int effect) {
  constexpr size_t kMaxSteps = 4096;
  stack_ += effect;
  if (stack_ >= static_cast<int>(kMaxStack) - 1 || program_.steps_.size() >= kMaxSteps) {
    Fail(last_end_, "the condition is too long; make several rules of it");
    stack_ = 1;
    return 0;
  }
  program_.steps_.push_back(step);
  return Here() - 1;
}

Value Compiler::KeepText(std::string text) {
  program_.texts_.push_back(std::move(text));
  return Text(program_.texts_.back());
}

Operand Compiler::Constant(const Value& value, const Type& type, uint32_t text_begin) {
  Operand out;
  out.type = type;
  out.text_begin = text_begin;
  out.step_begin = Here();
  out.constant = static_cast<int64_t>(program_.constants_.size());
  program_.constants_.push_back(value);
  Emit({.op = Op::kConstant, .c = static_cast<uint32_t>(out.constant)}, 1);
  return out;
}

void Compiler::Note(const Operand& operand, bool connective, bool selection) {
  if (failed() || (operand.type.kind != Kind::kBool && !selection)) {
    return;
  }
  program_.parts_.push_back({.step_begin = operand.step_begin,
                             .step_end = Here(),
                             .text_begin = operand.text_begin,
                             .text_end = last_end_,
                             .type = operand.type,
                             .connective = connective,
                             .selection = selection,
                             .in_loop = !variables_.empty()});
}

bool Compiler::WantBool(const Operand& operand, std::string_view where) {
  if (failed()) {
    return false;
  }
  if (operand.type.kind == Kind::kBool) {
    return true;
  }
  Fail(operand.text_begin,
       std::string(where) + " true or false is expected; this is " + Describe(operand.type));
  return false;
}

std::expected<Program, CompileError> Compiler::Run(std::string_view text) {
  if (text.size() > options_.text_bytes) {
    return std::unexpected(CompileError{
        "the condition is longer than " + std::to_string(options_.text_bytes) + " bytes", 0});
  }
  auto tokens = Tokens(text);
  if (!tokens) {
    return std::unexpected(std::move(tokens).error());
  }
  tokens_ = *std::move(tokens);
  program_.text_ = text;
  program_.schema_ = &schema_;
  if (tokens_.size() == 1) {
    return std::unexpected(CompileError{"the condition is empty; write true to mean always", 0});
  }
  const Operand whole = Expression();
  if (!failed() && Peek().kind != TokenKind::kEnd) {
    Fail(Peek().begin, "an operator (&&, ||, ==, ...) is expected; " + Found());
  }
  if (!failed() && whole.type.kind != options_.want) {
    Fail(whole.text_begin, "the condition is " + Describe(whole.type) + "; " +
                               Describe({.kind = options_.want}) + " is expected");
  }
  if (!failed() && whole.cost > options_.cost_limit) {
    Fail(0, "the condition may cost " + std::to_string(whole.cost) + " steps, the limit is " +
                std::to_string(options_.cost_limit) +
                "; avoid a loop over findings or components inside another");
  }
  if (failed()) {
    return std::unexpected(*std::move(error_));
  }
  program_.type_ = whole.type;
  program_.cost_ = whole.cost;
  program_.reads_.assign(reads_.begin(), reads_.end());
  return std::move(program_);
}

Operand Compiler::Expression() {
  if (++nesting_ > options_.nesting) {
    return Fail(Peek().begin, "the condition is nested deeper than " +
                                  std::to_string(options_.nesting) + " levels");
  }
  Operand condition = Or();
  if (!failed() && IsSign("?")) {
    if (!WantBool(condition, "before \"?\"")) {
      return {};
    }
    Take();
    const uint32_t branch = Emit({.op = Op::kBranch}, -1);
    const Operand yes = Expression();
    if (failed() || !Expect(":", "between the two answers of \"?\"")) {
      return {};
    }
    const uint32_t jump = Emit({.op = Op::kJump}, -1);
    if (failed()) {
      return {};
    }
    program_.steps_[branch].c = Here();
    const Operand no = Expression();
    if (failed()) {
      return {};
    }
    const bool same = yes.type.kind == no.type.kind && yes.type.element == no.type.element &&
                      yes.type.enumeration == no.type.enumeration &&
                      yes.type.record == no.type.record;
    if (!same) {
      return Fail(no.text_begin, "both answers of \"?\" are to be of one kind; the first is " +
                                     Describe(yes.type) + ", this is " + Describe(no.type));
    }
    program_.steps_[jump].c = Here();
    condition.type = yes.type;
    condition.type.max_items = std::max(yes.type.max_items, no.type.max_items);
    condition.constant = -1;
    condition.cost = AddCost(condition.cost, AddCost(yes.cost, no.cost));
    Note(condition, true, false);
  }
  --nesting_;
  return condition;
}

Operand Compiler::Or() {
  Operand left = And();
  while (!failed() && IsSign("||")) {
    if (!WantBool(left, "before ||")) {
      return {};
    }
    Take();
    const uint32_t skip = Emit({.op = Op::kOrSkip}, 0);
    const Operand right = And();
    if (!WantBool(right, "after ||")) {
      return {};
    }
    Emit({.op = Op::kOr}, -1);
    if (failed()) {
      return {};
    }
    program_.steps_[skip].c = Here();
    left.constant = -1;
    left.cost = AddCost(left.cost, AddCost(right.cost, 2));
    Note(left, true, false);
  }
  return left;
}

Operand Compiler::And() {
  Operand left = Compared();
  while (!failed() && IsSign("&&")) {
    if (!WantBool(left, "before &&")) {
      return {};
    }
    Take();
    const uint32_t skip = Emit({.op = Op::kAndSkip}, 0);
    const Operand right = Compared();
    if (!WantBool(right, "after &&")) {
      return {};
    }
    Emit({.op = Op::kAnd}, -1);
    if (failed()) {
      return {};
    }
    program_.steps_[skip].c = Here();
    left.constant = -1;
    left.cost = AddCost(left.cost, AddCost(right.cost, 2));
    Note(left, true, false);
  }
  return left;
}

Operand Compiler::Compared() {
  static constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {{
      {"==", Relation::kEqual},
      {"!=", Relation::kUnequal},
      {"<", Relation::kLess},
      {"<=", Relation::kLessEqual},
      {">", Relation::kGreater},
      {">=", Relation::kGreaterEqual},
  }};
  Operand left = Sum();
  while (!failed()) {
    const Token sign = Peek();
    if (sign.kind == TokenKind::kName && sign.text == "in") {
      Take();
      const Operand list = Sum();
      if (failed()) {
        return {};
      }
      left = Contained(left, list, sign.begin);
      Note(left, false, false);
      continue;
    }
    const auto* relation =
        std::find_if(kRelations.begin(), kRelations.end(), [&](const auto& candidate) {
          return sign.kind == TokenKind::kSign && sign.text == candidate.first;
        });
    if (relation == kRelations.end()) {
      return left;
    }
    Take();
    const Operand right = Sum();
    if (failed()) {
      return {};
    }
    left = Relate(left, right, relation->second, sign.begin);
    Note(left, false, false);
  }
  return {};
}

Operand Compiler::Sum() {
  Operand left = Product();
  while (!failed() && (IsSign("+") || IsSign("-"))) {
    const Token sign = Take();
    const Operand right = Product();
    if (failed()) {
      return {};
    }
    left = Calculate(left, right, sign.text == "+" ? Arithmetic::kAdd : Arithmetic::kSubtract,
                     sign.begin);
  }
  return left;
}

Operand Compiler::Product() {
  Operand left = Unary();
  while (!failed() && (IsSign("*") || IsSign("/") || IsSign("%"))) {
    const Token sign = Take();
    const Operand right = Unary();
    if (failed()) {
      return {};
    }
    left = Calculate(left, right,
                     sign.text == "*"   ? Arithmetic::kMultiply
                     : sign.text == "/" ? Arithmetic::kDivide
                                        : Arithmetic::kRemainder,
                     sign.begin);
  }
  return left;
}

Operand Compiler::Unary() {
  const uint32_t begin = Peek().begin;
  size_t nots = 0;
  while (Accept("!")) {
    ++nots;
  }
  if (nots > 0) {
    Operand inner = Member();
    if (!WantBool(inner, "after !")) {
      return {};
    }
    // Two of them are none.
    if (nots % 2 == 1) {
      Emit({.op = Op::kNot}, 0);
    }
    inner.constant = -1;
    inner.text_begin = begin;
    ++inner.cost;
    Note(inner, true, false);
    return inner;
  }
  if (!IsSign("-")) {
    return Member();
  }
  Take();
  if (Peek().kind == TokenKind::kInt || Peek().kind == TokenKind::kDouble) {
    const Token number = Take();
    Operand out = Literal(number, true);
    out.text_begin = begin;
    return out;
  }
  Operand inner = Member();
  if (failed()) {
    return {};
  }
  const Kind kind = inner.type.kind;
  if (kind != Kind::kInt && kind != Kind::kDouble && kind != Kind::kDuration) {
    return Fail(inner.text_begin, "after - a number is expected; this is " + Describe(inner.type));
  }
  const Class number = kind == Kind::kDouble ? Class::kReal : Class::kNumber;
  Emit({.op = Op::kNegate, .b = static_cast<uint16_t>(number), .result = kind}, 0);
  inner.constant = -1;
  inner.text_begin = begin;
  ++inner.cost;
  return inner;
}

Operand Compiler::Member() {
  Operand operand = Primary();
  while (!failed()) {
    if (IsSign("[")) {
      return Fail(Peek().begin,
                  "lists are not taken apart by number; use exists(), all(), in or size()");
    }
    if (!IsSign(".")) {
      return operand;
    }
    Take();
    const Token name = Take();
    if (name.kind != TokenKind::kName) {
      return Fail(name.begin, "a name is expected after \".\"");
    }
    if (!IsSign("(")) {
      return Fail(name.begin, Describe(operand.type) + " has no field " + name.text);
    }
    operand = Method(operand, name);
  }
  return {};
}

Operand Compiler::Primary() {
  const Token token = Take();
  switch (token.kind) {
    case TokenKind::kInt:
    case TokenKind::kDouble:
    case TokenKind::kText:
      return Literal(token, false);
    case TokenKind::kName:
      return Name(token);
    case TokenKind::kSign:
      if (token.text == "(") {
        return Parenthesised(token);
      }
      if (token.text == "[") {
        return ListLiteral(token);
      }
      return Fail(token.begin, "a value is expected; \"" + token.text + "\" stands there");
    case TokenKind::kEnd:
      break;
  }
  return Fail(token.begin, "a value is expected; the condition ends");
}

Operand Compiler::Parenthesised(const Token& open) {
  Operand inner = Expression();
  if (failed() || !Expect(")", "at the end of the parenthesis")) {
    return {};
  }
  inner.text_begin = open.begin;
  return inner;
}

Operand Compiler::Literal(const Token& token, bool negative) {
  if (token.kind == TokenKind::kText) {
    return Constant(KeepText(token.text), {.kind = Kind::kString}, token.begin);
  }
  if (token.kind == TokenKind::kDouble) {
    return Constant(Double(negative ? -token.real : token.real), {.kind = Kind::kDouble},
                    token.begin);
  }
  if (token.magnitude == uint64_t{1} << 63 && !negative) {
    return Fail(token.begin, "the number is too large");
  }
  const auto number = static_cast<int64_t>(negative ? ~token.magnitude + 1 : token.magnitude);
  return Constant(Int(number), {.kind = Kind::kInt}, token.begin);
}

Operand Compiler::ListLiteral(const Token& open) {
  constexpr uint32_t kMaxItems = 48;  // that are not constant: they stand on the stack
  constexpr uint32_t kMaxConstants = 1000;
  Operand out;
  out.text_begin = open.begin;
  out.step_begin = Here();
  out.type = {.kind = Kind::kList};
  std::vector<Value> constants;
  uint32_t count = 0;
  bool constant = true;
  while (!failed() && !IsSign("]")) {
    const Operand item = Expression();
    if (failed()) {
      return {};
    }
    if (item.type.kind == Kind::kList || item.type.kind == Kind::kRecord ||
        item.type.kind == Kind::kNull) {
      return Fail(item.text_begin,
                  "a list holds texts, numbers, dates or words; this is " + Describe(item.type));
    }
    if (count > 0 &&
        (out.type.element != item.type.kind || out.type.enumeration != item.type.enumeration)) {
      return Fail(item.text_begin, "a list holds values of one kind; this is " +
                                       Describe(item.type) + ", the ones before are not");
    }
    out.type.element = item.type.kind;
    out.type.enumeration = item.type.enumeration;
    out.cost = AddCost(out.cost, item.cost);
    ++count;
    if (constant && item.constant >= 0) {
      // Taken off again: a constant list is one constant.
      constants.push_back(program_.constants_[static_cast<size_t>(item.constant)]);
      program_.steps_.pop_back();
      --stack_;
      if (count > kMaxConstants) {
        return Fail(item.text_begin, "the list is longer than 1000 values");
      }
    } else {
      if (constant) {
        if (!constants.empty()) {
          // The steps of the ones before go first; the present item's are made again behind them.
          std::vector<Step> own(program_.steps_.begin() + item.step_begin, program_.steps_.end());
          if (std::any_of(own.begin(), own.end(), [](const Step& step) {
                return step.op == Op::kAndSkip || step.op == Op::kOrSkip ||
                       step.op == Op::kBranch || step.op == Op::kJump || step.op == Op::kLoop ||
                       step.op == Op::kNext;
              })) {
            return Fail(item.text_begin,
                        "in a list, write what is computed with && || ?: or a "
                        "loop before the constants");
          }
          std::erase_if(program_.parts_,
                        [&](const Part& part) { return part.step_begin >= item.step_begin; });
          program_.steps_.resize(item.step_begin);
          for (const Value& value : constants) {
            program_.constants_.push_back(value);
            Emit({.op = Op::kConstant, .c = static_cast<uint32_t>(program_.constants_.size() - 1)},
                 1);
          }
          program_.steps_.insert(program_.steps_.end(), own.begin(), own.end());
        }
        constant = false;
      }
      if (count > kMaxItems) {
        return Fail(item.text_begin, "the list is too long for values that are computed");
      }
    }
    if (!IsSign("]") && !Expect(",", "between the values of a list")) {
      return {};
    }
  }
  if (failed()) {
    return {};
  }
  Take();
  out.type.max_items = count;
  if (constant) {
    program_.lists_.push_back(std::move(constants));
    Operand list = Constant(List(program_.lists_.back()), out.type, open.begin);
    return list;
  }
  Emit({.op = Op::kMakeList, .c = count}, 1 - static_cast<int>(count));
  return out;
}

std::expected<Program, CompileError> Compile(std::string_view text, const Schema& schema,
                                             const CompileOptions& options) {
  return Compiler(schema, options).Run(text);
}

}  // namespace scantling::policy::cel
