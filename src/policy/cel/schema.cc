// See schema.h.
#include "policy/cel/schema.h"

namespace scantling::policy::cel {
namespace {

std::string_view Plain(Kind kind) {
  switch (kind) {
    case Kind::kError:
      return "an error";
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "true or false";
    case Kind::kInt:
      return "a whole number";
    case Kind::kDouble:
      return "a number with a point";
    case Kind::kString:
      return "a text";
    case Kind::kDate:
      return "a date";
    case Kind::kDuration:
      return "a length of time";
    case Kind::kEnum:
      return "a word";
    case Kind::kList:
      return "a list";
    case Kind::kRecord:
      return "a record";
  }
  return "a value";
}

}  // namespace

std::string Describe(const Type& type) {
  if (type.kind == Kind::kEnum && type.enumeration != nullptr) {
    return "a word of " + std::string(type.enumeration->name);
  }
  if (type.kind == Kind::kRecord && type.record != nullptr) {
    return "a " + std::string(type.record->name);
  }
  if (type.kind == Kind::kList) {
    switch (type.element) {
      case Kind::kString:
        return "a list of texts";
      case Kind::kInt:
      case Kind::kDouble:
        return "a list of numbers";
      case Kind::kEnum:
        return "a list of words of " +
               std::string(type.enumeration != nullptr ? type.enumeration->name : "");
      case Kind::kRecord:
        return "a list of " + std::string(type.record != nullptr ? type.record->name : "record") +
               "s";
      default:
        return "a list";
    }
  }
  return std::string(Plain(type.kind));
}

std::string FaultText(const Schema& schema, const Value& error) {
  switch (error.fault) {
    case Fault::kMissing: {
      const size_t record = error.size >> 16;
      const size_t field = error.size & 0xFFFF;
      if (record < schema.records.size() && field < schema.records[record]->fields.size()) {
        const RecordInfo& info = *schema.records[record];
        const std::string_view name = info.fields[field].name;
        return (name.empty() ? std::string(info.name)
                             : std::string(info.name) + "." + std::string(name)) +
               " is not known";
      }
      return "something is not known";
    }
    case Fault::kUnordered:
      return "the value is \"unknown\", which is neither more nor less than another";
    case Fault::kOverflow:
      return "a number is too large";
    case Fault::kDivision:
      return "a division by zero";
    case Fault::kDate:
      return "a text is no date";
    case Fault::kCost:
      return "the condition costs too much on this report";
    case Fault::kSpace:
      return "the condition makes lists that are too large";
    case Fault::kNone:
      break;
  }
  return "no value";
}

}  // namespace scantling::policy::cel
