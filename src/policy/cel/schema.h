// The variables that conditions may name: records of typed fields. What is not declared is an error
// when the policy is read, with the nearest name.
#pragma once

#include "policy/cel/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy::cel {

struct RootInfo {
  std::string_view name;
  const RecordInfo* record = nullptr;
  bool scalar = false;  // the name stands for the record's first field itself: now, findings
};

struct Schema {
  std::vector<RootInfo> roots;
  std::vector<const RecordInfo*> records;  // by RecordInfo::id
  // Names that exist elsewhere, and what to do instead: "findings" in a rule about one finding.
  std::vector<std::pair<std::string_view, std::string_view>> elsewhere;
};

// "finding.epss is not known", "3 / 0 has no value"
std::string FaultText(const Schema& schema, const Value& error);

}  // namespace scantling::policy::cel
