// The stack machine of program.h. Types were settled when the program was made, so a step looks at
// kinds only to let errors pass.
#include "base/time.h"
#include "policy/cel/program.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scantling::policy::cel {
namespace {

template <typename T>
bool Holds(Relation relation, T a, T b) {
  switch (relation) {
    case Relation::kEqual:
      return a == b;
    case Relation::kUnequal:
      return a != b;
    case Relation::kLess:
      return a < b;
    case Relation::kLessEqual:
      return a <= b;
    case Relation::kGreater:
      return a > b;
    case Relation::kGreaterEqual:
      return a >= b;
  }
  return false;
}

// An int and a double by their exact values, as CEL orders them.
long double Exact(const Value& value) {
  return value.kind == Kind::kDouble ? static_cast<long double>(value.real)
                                     : static_cast<long double>(value.number);
}

Value Compare(const Step& step, const Value& a, const Value& b) {
  const auto relation = static_cast<Relation>(step.a);
  switch (static_cast<Class>(step.b)) {
    case Class::kNumber:
      return Bool(Holds(relation, a.number, b.number));
    case Class::kOrdered: {
      const int64_t unknown = static_cast<int64_t>(step.c) - 1;
      if (relation != Relation::kEqual && relation != Relation::kUnequal &&
          (a.number == unknown || b.number == unknown)) {
        return ErrorValue(Fault::kUnordered);
      }
      return Bool(Holds(relation, a.number, b.number));
    }
    case Class::kReal:
      return Bool(Holds(relation, a.real, b.real));
    case Class::kMixed:
      return Bool(Holds(relation, Exact(a), Exact(b)));
    case Class::kText:
      return Bool(Holds(relation, a.Text(), b.Text()));
    case Class::kBool:
      return Bool(Holds(relation, a.truth, b.truth));
    case Class::kNull:
      return Bool(relation == Relation::kEqual);
  }
  return ErrorValue(Fault::kNone);
}

Value In(const Step& step, const Value& item, const Value& list) {
  Step equal = step;
  equal.a = static_cast<uint8_t>(Relation::kEqual);
  Value error = Bool(false);
  for (const Value& other : list.Items()) {
    if (other.IsError()) {
      error = other;
    } else if (Compare(equal, item, other).IsTrue()) {
      return Bool(true);
    }
  }
  return error;
}

Value Whole(const Step& step, int64_t a, int64_t b) {
  int64_t out = 0;
  bool over = false;
  switch (static_cast<Arithmetic>(step.a)) {
    case Arithmetic::kAdd:
      over = __builtin_add_overflow(a, b, &out);
      break;
    case Arithmetic::kSubtract:
      over = __builtin_sub_overflow(a, b, &out);
      break;
    case Arithmetic::kMultiply:
      over = __builtin_mul_overflow(a, b, &out);
      break;
    case Arithmetic::kDivide:
    case Arithmetic::kRemainder:
      if (b == 0) {
        return ErrorValue(Fault::kDivision);
      }
      if (a == std::numeric_limits<int64_t>::min() && b == -1) {
        return ErrorValue(Fault::kOverflow);
      }
      out = static_cast<Arithmetic>(step.a) == Arithmetic::kDivide ? a / b : a % b;
      break;
  }
  return over ? ErrorValue(Fault::kOverflow) : MakeNumber(step.result, out);
}

Value Real(const Step& step, double a, double b) {
  switch (static_cast<Arithmetic>(step.a)) {
    case Arithmetic::kAdd:
      return Double(a + b);
    case Arithmetic::kSubtract:
      return Double(a - b);
    case Arithmetic::kMultiply:
      return Double(a * b);
    case Arithmetic::kDivide:
      return Double(a / b);
    case Arithmetic::kRemainder:
      break;
  }
  return ErrorValue(Fault::kNone);
}

int64_t Characters(std::string_view text) {
  int64_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  }
  return count;
}

// A step that makes one value of one.
Value Unary(const Step& step, const Value& a, base::Seconds now) {
  switch (step.op) {
    case Op::kNot:
      return Bool(!a.truth);
    case Op::kNegate:
      if (static_cast<Class>(step.b) == Class::kReal) {
        return Double(-a.real);
      }
      return a.number == std::numeric_limits<int64_t>::min() ? ErrorValue(Fault::kOverflow)
                                                             : MakeNumber(step.result, -a.number);
    case Op::kSizeText:
      return Int(Characters(a.Text()));
    case Op::kSizeList:
      return Int(a.size);
    case Op::kDays: {
      int64_t seconds = 0;
      return __builtin_mul_overflow(a.number, base::kSecondsPerDay, &seconds)
                 ? ErrorValue(Fault::kOverflow)
                 : Duration(seconds);
    }
    case Op::kDate: {
      const auto time = base::ParseTime(a.Text());
      return time ? Date(*time) : ErrorValue(Fault::kDate);
    }
    case Op::kAge: {
      int64_t seconds = 0;
      return __builtin_sub_overflow(now, a.number, &seconds) ? ErrorValue(Fault::kOverflow)
                                                             : Duration(seconds);
    }
    case Op::kToDouble:
      return Double(static_cast<double>(a.number));
    case Op::kToInt:
      // The limits of int64 as doubles: the upper one is not representable.
      return std::isnan(a.real) || a.real >= 9223372036854775808.0 ||
                     a.real <= -9223372036854775809.0
                 ? ErrorValue(Fault::kOverflow)
                 : Int(static_cast<int64_t>(a.real));
    default:
      return ErrorValue(Fault::kNone);
  }
}

}  // namespace

Value* Evaluator::Allocate(size_t count) {
  constexpr size_t kBlock = 1024;
  constexpr size_t kTotal = size_t{1} << 20;
  while (block_ < blocks_.size()) {
    if (block_sizes_[block_] - used_ >= count) {
      Value* out = blocks_[block_].get() + used_;
      used_ += count;
      return out;
    }
    ++block_;
    used_ = 0;
  }
  size_t total = 0;
  for (const size_t size : block_sizes_) {
    total += size;
  }
  const size_t size = std::max(kBlock, count);
  if (size > kTotal - std::min(kTotal, total)) {
    return nullptr;
  }
  blocks_.push_back(std::make_unique_for_overwrite<Value[]>(size));
  block_sizes_.push_back(size);
  used_ = count;
  return blocks_.back().get();
}

// What stands on the stack while the loop runs; moves `at` behind the loop when there is nothing to
// go over.
Value Evaluator::Start(const Step& step, Value list, uint32_t& at) {
  const auto macro = static_cast<Macro>(step.a);
  if (list.IsError()) {
    at = step.c;
    return list;
  }
  Loop& loop = loops_[step.b];
  loop = {list.items, list.size, 0, 0, nullptr, 0, 0};
  if (macro == Macro::kFilter) {
    loop.out = Allocate(std::max<size_t>(1, list.size));
    if (loop.out == nullptr) {
      at = step.c;
      return ErrorValue(Fault::kSpace);
    }
  }
  loop.arena_block = block_;
  loop.arena_used = used_;
  if (list.size == 0) {
    at = step.c;
    return macro == Macro::kFilter ? List({loop.out, size_t{0}}) : Bool(macro == Macro::kAll);
  }
  return Bool(macro == Macro::kAll);
}

// Takes the verdict about one element into `result`; true: go on with the next one.
bool Evaluator::Advance(const Step& step, Value verdict, Value& result, uint32_t& at) {
  Loop& loop = loops_[step.b];
  const auto macro = static_cast<Macro>(step.a);
  block_ = loop.arena_block;
  used_ = loop.arena_used;
  switch (macro) {
    case Macro::kExists:
      if (verdict.IsTrue()) {
        result = verdict;
        return false;
      }
      if (verdict.IsError() && !result.IsError()) {
        result = verdict;
      }
      break;
    case Macro::kAll:
      if (verdict.IsFalse()) {
        result = verdict;
        return false;
      }
      if (verdict.IsError() && !result.IsError()) {
        result = verdict;
      }
      break;
    case Macro::kExistsOne:
    case Macro::kFilter:
      if (verdict.IsError()) {
        result = verdict;
        return false;
      }
      if (verdict.truth) {
        if (loop.out != nullptr) {
          loop.out[loop.kept] = loop.items[loop.index];
        }
        ++loop.kept;
      }
      break;
  }
  ++loop.index;
  if (loop.index < loop.count) {
    at = step.c;
    return true;
  }
  if (macro == Macro::kExistsOne) {
    result = Bool(loop.kept == 1);
  } else if (macro == Macro::kFilter) {
    result = List({loop.out, loop.kept});
  }
  return false;
}

Value Evaluator::Run(const Program& program, const Rows& rows, uint32_t begin, uint32_t end) {
  std::array<Value, kMaxStack> stack;  // not initialised: a step writes before another reads
  Value* top = stack.data() - 1;
  block_ = 0;
  used_ = 0;
  spent_ = end - begin;
  uint32_t at = begin;
  while (at < end) {
    const Step& step = program.steps_[at];
    ++at;
    switch (step.op) {
      case Op::kConstant:
        *++top = program.constants_[step.c];
        break;
      case Op::kField:
        *++top = rows.roots[step.a][step.b];
        break;
      case Op::kVariable:
        *++top = loops_[step.a].items[loops_[step.a].index];
        break;
      case Op::kMember: {
        const Value& record = loops_[step.a].items[loops_[step.a].index];
        *++top = record.items[step.b];
        break;
      }
      case Op::kHasField:
        *++top = Bool(!rows.roots[step.a][step.b].IsError());
        break;
      case Op::kHasMember:
        *++top = Bool(!loops_[step.a].items[loops_[step.a].index].items[step.b].IsError());
        break;
      case Op::kNot:
      case Op::kNegate:
      case Op::kSizeList:
      case Op::kDays:
      case Op::kDate:
      case Op::kAge:
      case Op::kToDouble:
      case Op::kToInt:
      case Op::kSizeText:
        if (!top->IsError()) {
          *top = Unary(step, *top, rows.now);
        }
        break;
      case Op::kAndSkip:
        if (top->IsFalse()) {
          at = step.c;
        }
        break;
      case Op::kAnd: {
        const Value right = *top--;
        if (right.IsFalse() || (!top->IsError())) {
          *top = right;
        }
        break;
      }
      case Op::kOrSkip:
        if (top->IsTrue()) {
          at = step.c;
        }
        break;
      case Op::kOr: {
        const Value right = *top--;
        if (right.IsTrue() || (!top->IsError())) {
          *top = right;
        }
        break;
      }
      case Op::kBranch:
        if (top->IsError()) {
          at = step.c - 1;  // the jump to the end; the error is the value
        } else if (!(top--)->truth) {
          at = step.c;
        }
        break;
      case Op::kJump:
        at = step.c;
        break;
      case Op::kCompare: {
        const Value right = *top--;
        if (!top->IsError()) {
          *top = right.IsError() ? right : Compare(step, *top, right);
        }
        break;
      }
      case Op::kIn: {
        const Value list = *top--;
        if (top->IsError()) {
          break;
        }
        if (list.IsError()) {
          *top = list;
          break;
        }
        if (!Spend(list.size)) {
          return ErrorValue(Fault::kCost);
        }
        *top = In(step, *top, list);
        break;
      }
      case Op::kArithmetic: {
        const Value right = *top--;
        if (top->IsError()) {
          break;
        }
        if (right.IsError()) {
          *top = right;
        } else if (static_cast<Class>(step.b) == Class::kReal) {
          *top = Real(step, top->real, right.real);
        } else {
          *top = Whole(step, top->number, right.number);
        }
        break;
      }
      case Op::kStartsWith:
      case Op::kEndsWith:
      case Op::kContains: {
        const Value right = *top--;
        if (top->IsError()) {
          break;
        }
        if (right.IsError()) {
          *top = right;
          break;
        }
        if (!Spend(top->size / 16)) {
          return ErrorValue(Fault::kCost);
        }
        const std::string_view text = top->Text();
        *top = Bool(step.op == Op::kStartsWith ? text.starts_with(right.Text())
                    : step.op == Op::kEndsWith ? text.ends_with(right.Text())
                                               : text.find(right.Text()) != std::string_view::npos);
        break;
      }
      case Op::kMatches:
        if (top->IsError()) {
          break;
        }
        if (!Spend(top->size)) {
          return ErrorValue(Fault::kCost);
        }
        *top = Bool(program.patterns_[step.c]->Finds(top->Text()));
        break;
      case Op::kMakeList: {
        Value* items = Allocate(step.c);
        if (items == nullptr) {
          return ErrorValue(Fault::kSpace);
        }
        top -= step.c;
        Value made = List({items, step.c});
        for (uint32_t i = 0; i < step.c; ++i) {
          items[i] = top[i + 1];
          if (items[i].IsError() && !made.IsError()) {
            made = items[i];
          }
        }
        *++top = made;
        break;
      }
      case Op::kLoop:
        *top = Start(step, *top, at);
        break;
      case Op::kNext: {
        const Value verdict = *top--;
        const uint32_t body = at - step.c;
        if (Advance(step, verdict, *top, at) && !Spend(body)) {
          return ErrorValue(Fault::kCost);
        }
        break;
      }
    }
  }
  return *top;
}

}  // namespace scantling::policy::cel
