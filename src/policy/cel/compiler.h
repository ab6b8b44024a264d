// Inside of the folder: the compiler's state and its three parts: expressions and operators
// (compile.cc), names, functions and macros (compile_names.cc), types of operators
// (compile_types.cc).
//
// The first error wins: it is kept, the tokens are thrown away, and every loop ends by itself.
#pragma once

#include "policy/cel/compile.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace scantling::policy::cel {

// A part that is read: its type, where its steps begin, what it costs.
struct Operand {
  Type type;
  uint32_t text_begin = 0;
  uint32_t step_begin = 0;
  int64_t constant = -1;  // index, when the steps are one kConstant
  uint64_t cost = 1;
};

class Compiler {
 public:
  Compiler(const Schema& schema, const CompileOptions& options)
      : schema_(schema), options_(options) {}
  std::expected<Program, CompileError> Run(std::string_view text);

 private:
  struct Variable {
    std::string name;
    Type type;
  };

  // compile.cc
  Operand Expression();
  Operand Or();
  Operand And();
  Operand Compared();
  Operand Sum();
  Operand Product();
  Operand Unary();
  Operand Member();
  Operand Primary();
  Operand Literal(const Token& token, bool negative);
  Operand ListLiteral(const Token& open);
  Operand Parenthesised(const Token& open);

  // compile_names.cc
  Operand Name(const Token& name);
  Operand Select(const Token& name, bool asks);
  Operand FieldOf(const RecordInfo& record, const Token& name, bool asks, bool in_loop, uint8_t at);
  Operand Has(const Token& name);
  Operand Function(const Token& name);
  Operand Method(Operand receiver, const Token& name);
  Operand TextMethod(Operand receiver, const Token& name);
  Operand Loop(Operand list, const Token& name, Macro macro);
  Operand DateOf(const Token& name);

  // compile_types.cc
  Operand Relate(Operand left, Operand right, Relation relation, uint32_t at);
  Operand Contained(Operand item, Operand list, uint32_t at);
  Operand Calculate(Operand left, Operand right, Arithmetic sign, uint32_t at);
  bool ToWord(Operand& literal, const EnumInfo& words);
  std::optional<int64_t> WordOf(std::string_view text, const EnumInfo& words, uint32_t at);

  const Token& Peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  Token Take() {
    Token token = Peek();
    last_end_ = token.end;
    if (at_ + 1 < tokens_.size()) {
      ++at_;
    }
    return token;
  }
  bool IsSign(std::string_view sign, size_t ahead = 0) const {
    return Peek(ahead).kind == TokenKind::kSign && Peek(ahead).text == sign;
  }
  bool Accept(std::string_view sign) {
    if (!IsSign(sign)) {
      return false;
    }
    Take();
    return true;
  }
  bool Expect(std::string_view sign, std::string_view where);

  bool failed() const { return error_.has_value(); }
  Operand Fail(uint32_t offset, std::string text);
  std::string Found() const;  // the next token, for messages

  uint32_t Emit(Step step, int effect);
  uint32_t Here() const { return static_cast<uint32_t>(program_.steps_.size()); }
  Operand Constant(const Value& value, const Type& type, uint32_t text_begin);
  Value KeepText(std::string text);
  void Note(const Operand& operand, bool connective, bool selection);
  bool WantBool(const Operand& operand, std::string_view where);

  const Schema& schema_;
  const CompileOptions& options_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  uint32_t last_end_ = 0;
  uint32_t nesting_ = 0;
  int stack_ = 0;
  std::optional<CompileError> error_;
  Program program_;
  std::vector<Variable> variables_;
  std::set<std::pair<uint8_t, uint16_t>> reads_;
};

uint64_t AddCost(uint64_t a, uint64_t b);
uint64_t TimesCost(uint64_t a, uint64_t b);

}  // namespace scantling::policy::cel
