// Values and types of the condition language: 16 bytes each, trivially copied, nothing owned. Texts
// and lists are views: of the report that is judged, of the program's constants, or of the
// evaluator's arena (the results of list literals and filter(), good until the next evaluation).
//
// Deliberately not here: maps, bytes, unsigned numbers, nested lists, messages (CEL has them; no
// variable of a policy needs them).
#pragma once

#include "base/time.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace scantling::policy::cel {

enum class Kind : uint8_t {
  kError,
  kNull,
  kBool,
  kInt,
  kDouble,
  kString,
  kDate,      // a point in time, seconds since 1970 UTC
  kDuration,  // seconds
  kEnum,      // one word of a fixed list, by its place in it
  kList,
  kRecord,
};

// Why an expression has no value.
enum class Fault : uint8_t {
  kNone,
  kMissing,    // a field that is not known here; Value::where says which
  kUnordered,  // "unknown" was asked whether it is more or less than something
  kOverflow,
  kDivision,
  kDate,   // a text that is no date
  kCost,   // the cost limit was met
  kSpace,  // lists made by filter() are too large
};

struct RecordInfo;

// A closed list of words, as the report writes them. In conditions they are written as texts and
// checked when the policy is read.
struct EnumInfo {
  std::string_view name;  // "severity"
  std::span<const std::string_view> words;
  bool ordered = false;  // < and > follow the list
  int unknown = -1;      // the word that stands outside of the order; -1 none
};

struct Type {
  Kind kind = Kind::kNull;
  Kind element = Kind::kNull;  // of a list; kNull: of the empty list
  const EnumInfo* enumeration = nullptr;
  const RecordInfo* record = nullptr;
  uint32_t max_items = 0;  // of a list: what the static cost counts with
};

struct FieldInfo {
  std::string_view name;  // may hold dots: "distro.id"
  Type type;
  bool optional = false;  // it may be missing: has() asks
  std::string_view help;
};

struct RecordInfo {
  std::string_view name;  // "finding"
  uint16_t id = 0;        // for messages about missing fields: index in Schema::records
  std::span<const FieldInfo> fields;
};

struct Value {
  Kind kind;
  Fault fault;
  bool truth;
  uint8_t unused;
  uint32_t size;  // of a text or list; for kMissing: record id << 16 | field
  union {
    int64_t number;  // kInt, kDate, kDuration, kEnum
    double real;
    const char* text;
    const Value* items;  // of a list; of a record: its fields, in the order of RecordInfo
  };

  std::string_view Text() const { return {text, size}; }
  std::span<const Value> Items() const { return {items, size}; }
  bool IsError() const { return kind == Kind::kError; }
  bool IsTrue() const { return kind == Kind::kBool && truth; }
  bool IsFalse() const { return kind == Kind::kBool && !truth; }
};
static_assert(sizeof(Value) == 16);

inline Value MakeNumber(Kind kind, int64_t number) {
  Value out{};
  out.kind = kind;
  out.number = number;
  return out;
}
inline Value Null() { return MakeNumber(Kind::kNull, 0); }
inline Value Int(int64_t number) { return MakeNumber(Kind::kInt, number); }
inline Value Date(base::Seconds time) { return MakeNumber(Kind::kDate, time); }
inline Value Duration(base::Seconds length) { return MakeNumber(Kind::kDuration, length); }
inline Value Word(int64_t ordinal) { return MakeNumber(Kind::kEnum, ordinal); }
inline Value Bool(bool truth) {
  Value out = MakeNumber(Kind::kBool, 0);
  out.truth = truth;
  return out;
}
inline Value Double(double real) {
  Value out{};
  out.kind = Kind::kDouble;
  out.real = real;
  return out;
}
inline Value Text(std::string_view text) {
  Value out{};
  out.kind = Kind::kString;
  out.size = static_cast<uint32_t>(text.size());
  out.text = text.data();
  return out;
}
inline Value List(std::span<const Value> items) {
  Value out{};
  out.kind = Kind::kList;
  out.size = static_cast<uint32_t>(items.size());
  out.items = items.data();
  return out;
}
inline Value Record(const Value* fields) {
  Value out{};
  out.kind = Kind::kRecord;
  out.items = fields;
  return out;
}
inline Value ErrorValue(Fault fault, uint32_t where = 0) {
  Value out{};
  out.kind = Kind::kError;
  out.fault = fault;
  out.size = where;
  return out;
}

// "a list of texts", "one of the words of severity", "a number"
std::string Describe(const Type& type);

}  // namespace scantling::policy::cel
