// The condition language: values by CEL's rules, errors that name the place and what to write, no
// crash on any text.
#include "policy/cel/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <random>

namespace scantling::policy::cel {
namespace {

using ::testing::HasSubstr;

constexpr std::array<std::string_view, 4> kLevelWords = {"unknown", "low", "high", "critical"};
const EnumInfo kLevels{"severity", kLevelWords, true, 0};
constexpr std::array<std::string_view, 2> kStateWords = {"fixed", "not_fixed"};
const EnumInfo kStates{"fix_state", kStateWords, false, -1};

const std::array<FieldInfo, 2> kItemFields = {{
    {"name", {.kind = Kind::kString}, false, ""},
    {"score", {.kind = Kind::kDouble}, true, ""},
}};
const RecordInfo kItem{"item", 3, kItemFields};

const std::array<FieldInfo, 11> kThingFields = {{
    {"name", {.kind = Kind::kString}, false, ""},
    {"score", {.kind = Kind::kDouble}, true, ""},
    {"count", {.kind = Kind::kInt}, false, ""},
    {"known", {.kind = Kind::kBool}, false, ""},
    {"level", {.kind = Kind::kEnum, .enumeration = &kLevels}, false, ""},
    {"state", {.kind = Kind::kEnum, .enumeration = &kStates}, false, ""},
    {"day", {.kind = Kind::kDate}, true, ""},
    {"tags", {.kind = Kind::kList, .element = Kind::kString, .max_items = 10}, false, ""},
    {"os.id", {.kind = Kind::kString}, false, ""},
    {"items",
     {.kind = Kind::kList, .element = Kind::kRecord, .record = &kItem, .max_items = 1000},
     false,
     ""},
    {"lost", {.kind = Kind::kBool}, true, ""},
}};
const RecordInfo kThing{"thing", 0, kThingFields};
const std::array<FieldInfo, 1> kNowFields = {{{"", {.kind = Kind::kDate}, false, ""}}};
const RecordInfo kNow{"now", 1, kNowFields};

const Schema& TestSchema() {
  static const Schema kSchema{{{"thing", &kThing, false}, {"now", &kNow, true}},
                              {&kThing, &kNow, &kNow, &kItem},
                              {{"findings", "only in rules about the image"}}};
  return kSchema;
}

// Rows with score, day and lost missing, and items of which the second has no score.
class Cel : public ::testing::Test {
 protected:
  Cel() {
    tags_ = {Text("a"), Text("prod")};
    first_ = {Text("one"), Double(0.5)};
    second_ = {Text("two"), ErrorValue(Fault::kMissing, 3 << 16 | 1)};
    items_ = {Record(first_.data()), Record(second_.data())};
    thing_ = {Text("h\xC3\xA9llo"),
              ErrorValue(Fault::kMissing, 1),
              Int(3),
              Bool(true),
              Word(2),
              Word(0),
              ErrorValue(Fault::kMissing, 6),
              List(tags_),
              Text("debian"),
              List(items_),
              ErrorValue(Fault::kMissing, 10)};
    now_ = {Date(*base::ParseTime("2026-03-01"))};
    rows_.roots[0] = thing_.data();
    rows_.roots[1] = now_.data();
    rows_.now = now_[0].number;
  }

  // "true", "false", "error: ...", or "compile: ..." with the offset.
  std::string Run(std::string_view text) {
    auto program = Compile(text, TestSchema());
    if (!program) {
      return "compile " + std::to_string(program.error().offset) + ": " + program.error().text;
    }
    const Value value = evaluator_.Run(*program, rows_);
    if (value.IsError()) {
      return "error: " + FaultText(TestSchema(), value);
    }
    return value.truth ? "true" : "false";
  }

  std::vector<Value> tags_;
  std::vector<Value> first_;
  std::vector<Value> second_;
  std::vector<Value> items_;
  std::vector<Value> thing_;
  std::vector<Value> now_;
  Rows rows_;
  Evaluator evaluator_;
};

TEST_F(Cel, Values) {
  for (const std::string_view holds :
       {"true",
        "!false",
        "!!true",
        "1 + 2 * 3 == 7",
        "(1 + 2) * 3 == 9",
        "7 / 2 == 3",
        "-7 / 2 == -3",
        "-7 % 3 == -1",
        "1 < 2",
        "2 >= 2",
        "1 != 2",
        "1.5 > 1",
        "1 == 1.0",
        "9007199254740993 > 9007199254740992.0",
        "-9223372036854775808 < 0",
        "0x10 == 16",
        "1e3 == 1000.0",
        ".5 == 0.5",
        "'a' < 'b'",
        "\"a\" == 'a'",
        R"('\x41\u00e9' == 'Aé')",
        R"(r'\d' == '\\d')",
        "'''a'b''' == \"a'b\"",
        "null == null",
        "thing.known",
        "thing.count == 3",
        "thing.name.startsWith('h')",
        "thing.name.endsWith('llo')",
        "thing.name.contains('éll')",
        "thing.name.matches('^h.l+o$')",
        "size(thing.name) == 5",
        "thing.name.size() == 5",
        "thing.tags.size() == 2",
        "'prod' in thing.tags",
        "!('x' in thing.tags)",
        "!('x' in [])",
        "2 in [1, 2, 3]",
        "thing.os.id == 'debian'",
        "thing.level >= 'high'",
        "thing.level < 'critical'",
        "thing.level in ['high', 'low']",
        "thing.state == 'fixed'",
        "'fixed' != 'not_fixed'",
        "!has(thing.score)",
        "has(thing.name)",
        "thing.items.exists(i, i.name == 'two')",
        "thing.items.all(i, i.name != 'three')",
        "thing.items.exists_one(i, i.name == 'one')",
        "thing.items.filter(i, i.name == 'one').size() == 1",
        "thing.items.filter(i, has(i.score)).exists(i, i.score == 0.5)",
        "thing.items.exists(i, thing.tags.exists(t, t == 'a' && i.name == 'two'))",
        "[1, 2, 3].exists(n, n > 2)",
        "[].all(n, false)",
        "[thing.count, 4].exists(n, n == 3)",
        "[1, thing.count].all(n, n > 0)",
        "[1, 2].filter(n, n > 1) .size() == 1",
        "now == date('2026-03-01')",
        "now - date('2026-02-01') == days(28)",
        "age(date('2026-02-01')) > days(20)",
        "date('2026-02-01') + days(28) == now",
        "timestamp('2026-03-01T00:00:00Z') <= now",
        "days(1) + days(2) == days(3)",
        "thing.count > 2 ? true : false",
        "false ? false : thing.known",
        "double(thing.count) == 3.0",
        "int(3.9) == 3",
        "0.5 * 2 == 1.0",
        "-days(1) < days(0)",
        "// a comment\ntrue"}) {
    EXPECT_EQ(Run(holds), "true") << holds;
  }
}

TEST_F(Cel, ErrorsAreAbsorbedAsInCel) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"thing.score > 0.1", "error: thing.score is not known"},
      {"thing.score > 0.1 && false", "false"},
      {"false && thing.score > 0.1", "false"},
      {"thing.score > 0.1 && true", "error: thing.score is not known"},
      {"true && thing.score > 0.1", "error: thing.score is not known"},
      {"thing.score > 0.1 || true", "true"},
      {"true || thing.score > 0.1", "true"},
      {"thing.score > 0.1 || false", "error: thing.score is not known"},
      {"thing.lost && thing.score > 0.1", "error: thing.lost is not known"},
      {"!thing.lost", "error: thing.lost is not known"},
      {"thing.lost ? true : true", "error: thing.lost is not known"},
      {"has(thing.score) && thing.score > 0.1", "false"},
      {"thing.items.exists(i, i.score > 0.4)", "true"},
      {"thing.items.exists(i, i.score > 0.6)", "error: item.score is not known"},
      {"thing.items.all(i, i.score > 0.6)", "false"},
      {"thing.items.all(i, i.score > 0.4)", "error: item.score is not known"},
      {"thing.items.exists_one(i, i.score > 0.4)", "error: item.score is not known"},
      {"thing.items.filter(i, i.score > 0.4).size() == 1", "error: item.score is not known"},
      {"thing.score in [0.1]", "error: thing.score is not known"},
      {"1 / (thing.count - 3) == 1", "error: a division by zero"},
      {"9223372036854775807 + thing.count > 0", "error: a number is too large"},
      {"date(thing.name) < now", "error: a text is no date"},
      {"[1.0, thing.score].exists(x, x > 5.0)", "error: thing.score is not known"},
  };
  for (const auto& [text, want] : cases) {
    EXPECT_EQ(Run(text), want) << text;
  }
  thing_[4] = Word(0);
  EXPECT_THAT(Run("thing.level >= 'high'"), HasSubstr("neither more nor less"));
  EXPECT_EQ(Run("thing.level == 'unknown'"), "true");
  EXPECT_EQ(Run("thing.level in ['high', 'critical']"), "false");
}

TEST_F(Cel, CompileErrorsSayWhereAndWhatToDo) {
  const std::vector<std::tuple<std::string_view, int, std::string_view>> cases = {
      {"", 0, "empty"},
      {"thing.scroe > 1", 6, "did you mean score?"},
      {"thnig.score > 1", 0, "did you mean thing?"},
      {"thing.os.idd == ''", 6, "did you mean os.id?"},
      {"thing", 0, "name one of its fields"},
      {"thing.os", 6, "no field os"},
      {"findings.size() > 0", 0, "only in rules about the image"},
      {"thing.level == 'hihg'", 15, "did you mean \"high\"?"},
      {"thing.level in ['low', 'hi']", 15, "\"hi\" is no word of severity"},
      {"thing.state < 'fixed'", 12, "have no order"},
      {"thing.level == thing.name", 15, "in quotes"},
      {"thing.score == null", 12, "has("},
      {"thing.day > '2026-01-01'", 10, "date(\"2026-01-31\")"},
      {"age(thing.day) > 30", 15, "days(30)"},
      {"thing.day + 3 < now", 10, "days(7)"},
      {"date('2026-13-01') < now", 5, "no date"},
      {"thing.count", 0, "a whole number; true or false is expected"},
      {"thing.count && true", 0, "before &&"},
      {"true && 1", 8, "after &&"},
      {"thing.known = true", 12, "write =="},
      {"thing.known & true", 12, "&&"},
      {"thing.known and true", 12, "operator"},
      {"not thing.known", 0, "! for"},
      {"thing.name.matches('(')", 19, "pattern cannot be read"},
      {"thing.name.matches(thing.name)", 19, "in quotes"},
      {"thing.level.startsWith('h')", 12, "compared with =="},
      {"thing.tags.contains('a')", 11, ".exists(x, x.contains(...))"},
      {"thing.name in 'abc'", 11, "contains"},
      {"thing.tags[0] == 'a'", 10, "exists()"},
      {"thing.tags == ['a']", 11, "in, size()"},
      {"'a' + 'b' == 'ab'", 4, "not joined"},
      {"1 + thing.score > 1.0 && 1.5 + thing.count > 1.0", 29, "double(...)"},
      {"true ? 1 : 'a'", 11, "one kind"},
      {"thing.items.exists(thing, true)", 19, "a name already"},
      {"thing.items.exists(i, i.nme == '')", 24, "did you mean name?"},
      {"thing.items.exists(i)", 20, "\",\" is expected"},
      {"(true", 5, "\")\" is expected"},
      {"true true", 5, "operator"},
      {"'abc", 0, "closing quote"},
      {"'\\q' == ''", 1, "escape"},
      {"b'a' == ''", 0, "bytes"},
      {"1u == 1", 0, "unsigned"},
      {"7d == 1", 0, "days(7)"},
      {"99999999999999999999 > 1", 0, "too large"},
      {"9223372036854775808 > 1", 0, "too large"},
      {"{}", 0, "maps"},
      {"sise(thing.tags) > 1", 0, "did you mean size?"},
      {"thing.name.startWith('a')", 11, "did you mean startsWith?"},
      {"startsWith('a')", 0, "follows what it asks"},
      {"has('a')", 4, "has(finding.epss)"},
      {"[1, 'a'].size() == 2", 4, "one kind"},
      {"thing.items.exists(a, thing.items.exists(b, thing.items.exists(c, true)))", 0, "cost"},
      {"thing.", 6, "field is expected"},
      {"thing.é", 6, "no meaning"},
  };
  for (const auto& [text, offset, want] : cases) {
    auto program = Compile(text, TestSchema());
    ASSERT_FALSE(program.has_value()) << text;
    EXPECT_THAT(program.error().text, HasSubstr(want)) << text;
    EXPECT_EQ(program.error().offset, static_cast<uint32_t>(offset))
        << text << ": " << program.error().text;
  }
}

TEST_F(Cel, LimitsHold) {
  EXPECT_THAT(Run(std::string(200, '(') + "true" + std::string(200, ')')), HasSubstr("nested"));
  EXPECT_EQ(Run(std::string(500, '!') + "true"), "true");
  std::string chain = "true";
  for (int i = 0; i < 900; ++i) {
    chain += " && true";
  }
  EXPECT_EQ(Run(chain), "true");
  for (int i = 0; i < 200; ++i) {
    chain += " && true";
  }
  EXPECT_THAT(Run(chain), HasSubstr("longer than 8192 bytes"));
  std::string deep;
  for (int i = 0; i < 80; ++i) {
    deep += "[thing.count, ";
  }
  EXPECT_THAT(Run(deep), HasSubstr("nested"));
  items_.assign(200'000, Record(first_.data()));
  thing_[9] = List(items_);
  Evaluator small(1000);
  auto program = Compile("thing.items.all(i, i.name == 'one')", TestSchema());
  ASSERT_TRUE(program.has_value());
  EXPECT_EQ(small.Run(*program, rows_).fault, Fault::kCost);
  EXPECT_TRUE(evaluator_.Run(*program, rows_).IsTrue());
  EXPECT_EQ(program->parts().back().step_end, program->steps().size());
}

TEST_F(Cel, EveryPrefixAndRandomDamage) {
  const std::string text =
      "thing.level >= 'high' && (has(thing.score) ? thing.score > 0.5 : thing.items.exists(i, "
      "i.name.matches(r'^o.e$') && i.score in [0.5, 1.0])) || age(date('2026-01-01')) > days(30) "
      "&& [thing.count, 2].filter(n, -n < 2 * 3 % 4).size() != 0x1";
  for (size_t length = 0; length <= text.size(); ++length) {
    (void)Run(std::string_view(text).substr(0, length));
  }
  EXPECT_EQ(Run(text), "true");
  std::mt19937 random(11);
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = text;
    for (int flips = 0; flips < 3; ++flips) {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    }
    (void)Run(damaged);
  }
}

// Random expressions made of the language's own pieces: what the compiler takes, runs.
RC_GTEST_PROP(CelLaws, WhatCompilesNeverCrashesAndIsPure, ()) {
  static const std::vector<std::string> kPieces = {"thing.score",
                                                   "thing.count",
                                                   "thing.known",
                                                   "thing.level",
                                                   "thing.day",
                                                   "thing.tags",
                                                   "thing.items",
                                                   "thing.name",
                                                   "true",
                                                   "false",
                                                   "1",
                                                   "0.5",
                                                   "'high'",
                                                   "now",
                                                   "days(1)",
                                                   "null",
                                                   "==",
                                                   "!=",
                                                   "<",
                                                   ">=",
                                                   "&&",
                                                   "||",
                                                   "!",
                                                   "?",
                                                   ":",
                                                   "+",
                                                   "-",
                                                   "*",
                                                   "/",
                                                   "%",
                                                   "in",
                                                   "(",
                                                   ")",
                                                   "[",
                                                   "]",
                                                   ",",
                                                   ".size()",
                                                   ".exists(x,",
                                                   ".all(y,",
                                                   ".filter(z,",
                                                   "x",
                                                   "y.name",
                                                   "z",
                                                   "has(",
                                                   "age(",
                                                   ".contains('a')",
                                                   "['high','low']",
                                                   "double("};
  const auto picks =
      *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, kPieces.size()));
  std::string text;
  for (const size_t pick : picks) {
    text += kPieces[pick] + " ";
  }
  std::vector<Value> fields = {Text("n"), ErrorValue(Fault::kMissing, 1),
                               Int(0),    Bool(false),
                               Word(0),   Word(1),
                               Date(0),   List({}),
                               Text(""),  List({}),
                               Bool(true)};
  const Value now = Date(1);
  Rows rows;
  rows.roots[0] = fields.data();
  rows.roots[1] = &now;
  for (const Kind want : {Kind::kBool, Kind::kInt, Kind::kList}) {
    auto program = Compile(text, TestSchema(), {.want = want});
    if (program) {
      Evaluator evaluator;
      const Value once = evaluator.Run(*program, rows);
      const Value again = evaluator.Run(*program, rows);
      RC_ASSERT(once.kind == again.kind);
      RC_ASSERT(once.kind == want || once.IsError());
    }
  }
}

// De Morgan holds with errors in it.
RC_GTEST_PROP(CelLaws, DeMorgan, (int a, int b, bool known)) {
  static const std::array<std::string, 3> kAtoms = {"true", "false", "thing.lost"};
  const std::string left = kAtoms[static_cast<size_t>(a < 0 ? -(a + 1) : a) % 3];
  const std::string right = kAtoms[static_cast<size_t>(b < 0 ? -(b + 1) : b) % 3];
  std::vector<Value> fields(kThingFields.size(), Bool(true));
  if (!known) {
    fields[10] = ErrorValue(Fault::kMissing, 10);
  }
  Rows rows;
  rows.roots[0] = fields.data();
  const auto one = Compile("!(" + left + " && " + right + ")", TestSchema());
  const auto two = Compile("!" + left + " || !" + right, TestSchema());
  RC_ASSERT(one.has_value() && two.has_value());
  Evaluator evaluator;
  const Value x = evaluator.Run(*one, rows);
  const Value y = evaluator.Run(*two, rows);
  RC_ASSERT(x.kind == y.kind && x.truth == y.truth);
}

}  // namespace
}  // namespace scantling::policy::cel
