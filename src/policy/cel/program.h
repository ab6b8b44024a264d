// A compiled condition: a flat list of steps for a stack machine, made once by Compile() and run by
// an Evaluator for each finding, without allocation.
//
// Semantics are CEL's (https://github.com/google/cel-spec/blob/master/doc/langdef.md): an error is
// a value that passes through operators, && and || absorb it where the other side decides (false &&
// error is false, error || true is true), so do all() and exists(). Selecting a field that is not
// known here is such an error.
#pragma once

#include "policy/cel/regex.h"
#include "policy/cel/schema.h"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace scantling::policy::cel {

enum class Op : uint8_t {
  kConstant,   // c: index
  kField,      // a: root, b: field
  kVariable,   // a: loop depth
  kMember,     // a: loop depth, b: field of its record
  kHasField,   // a: root, b: field
  kHasMember,  // a: loop depth, b: field
  kNot,
  kNegate,   // b: class
  kAndSkip,  // c: where to go when the top is false
  kAnd,
  kOrSkip,
  kOr,
  kBranch,      // c: start of the other arm; the step before it jumps to the end
  kJump,        // c
  kCompare,     // a: Relation, b: Class
  kIn,          // b: class
  kArithmetic,  // a: sign, b: class
  kStartsWith,
  kEndsWith,
  kContains,
  kMatches,  // c: pattern
  kSizeText,
  kSizeList,
  kDays,
  kDate,
  kAge,
  kToDouble,
  kToInt,
  kMakeList,  // c: items
  kLoop,      // a: Macro, b: depth, c: after the loop
  kNext,      // a: Macro, b: depth, c: start of the body
};

enum class Relation : uint8_t { kEqual, kUnequal, kLess, kLessEqual, kGreater, kGreaterEqual };
enum class Class : uint8_t {
  kNumber,   // int, date, duration, enum: compared as int64
  kOrdered,  // an enum in an order; c: its word "unknown" + 1
  kReal,     // double with double
  kMixed,    // int with double
  kText,
  kBool,
  kNull,
};
enum class Arithmetic : uint8_t { kAdd, kSubtract, kMultiply, kDivide, kRemainder };
enum class Macro : uint8_t { kExists, kAll, kExistsOne, kFilter };

struct Step {
  Op op;
  uint8_t a = 0;
  uint16_t b = 0;
  uint32_t c = 0;
  Kind result = Kind::kInt;  // of kArithmetic and kNegate
};

// A part of the text and the steps that give its value; for explanations.
struct Part {
  uint32_t step_begin;
  uint32_t step_end;
  uint32_t text_begin;
  uint32_t text_end;
  Type type;
  bool connective;  // && || ! ?: : its sides say more
  bool selection;   // a variable's field
  bool in_loop;     // needs a loop's variable
};

class Program {
 public:
  Program() = default;
  Program(Program&&) noexcept = default;
  Program& operator=(Program&&) noexcept = default;
  const std::string& text() const { return text_; }
  const Type& type() const { return type_; }
  const Schema& schema() const { return *schema_; }
  uint64_t cost() const { return cost_; }  // estimate, in steps
  const std::vector<Part>& parts() const { return parts_; }
  const std::vector<Step>& steps() const { return steps_; }
  // Root and field of every field that the program reads; sorted.
  const std::vector<std::pair<uint8_t, uint16_t>>& reads() const { return reads_; }
  bool uses_now() const { return uses_now_; }

 private:
  friend class Compiler;
  friend class Evaluator;
  std::string text_;
  Type type_;
  const Schema* schema_ = nullptr;
  uint64_t cost_ = 0;
  std::vector<Step> steps_;
  std::vector<Value> constants_;
  std::deque<std::string> texts_;         // of constants
  std::deque<std::vector<Value>> lists_;  // of constants
  std::vector<std::unique_ptr<Regex>> patterns_;
  std::vector<Part> parts_;
  std::vector<std::pair<uint8_t, uint16_t>> reads_;
  bool uses_now_ = false;
};

// What the variables are now: the fields of each root, in the order of Schema::roots.
struct Rows {
  std::array<const Value*, 16> roots{};
  base::Seconds now = 0;
};

inline constexpr uint32_t kMaxStack = 64;
inline constexpr uint32_t kMaxLoops = 4;

// Runs programs. Keeps its buffers between runs. Thread-compatible: one for each thread.
class Evaluator {
 public:
  explicit Evaluator(uint64_t cost_limit = 20'000'000) : cost_limit_(cost_limit) {}

  Value Run(const Program& program, const Rows& rows) {
    return Run(program, rows, 0, static_cast<uint32_t>(program.steps_.size()));
  }
  // The value of one part that is not in a loop.
  Value Run(const Program& program, const Rows& rows, const Part& part) {
    return Run(program, rows, part.step_begin, part.step_end);
  }

 private:
  struct Loop {
    const Value* items;
    uint32_t count;
    uint32_t index;
    uint32_t kept;       // elements for which the condition held
    Value* out;          // of filter()
    size_t arena_block;  // where the arena stood
    size_t arena_used;
  };

  Value Run(const Program& program, const Rows& rows, uint32_t begin, uint32_t end);
  Value* Allocate(size_t count);  // nullptr: over the limit
  bool Spend(uint64_t steps) {
    spent_ += steps;
    return spent_ <= cost_limit_;
  }
  Value Start(const Step& step, Value list, uint32_t& at);
  bool Advance(const Step& step, Value verdict, Value& result, uint32_t& at);

  uint64_t cost_limit_;
  uint64_t spent_ = 0;
  std::array<Loop, kMaxLoops> loops_{};
  std::vector<std::unique_ptr<Value[]>> blocks_;
  std::vector<size_t> block_sizes_;
  size_t block_ = 0;
  size_t used_ = 0;
};

}  // namespace scantling::policy::cel
