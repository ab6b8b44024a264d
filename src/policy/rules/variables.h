// The variables of a policy's conditions, and their values for one report. The table in
// docs/policy.md is made from these declarations.
#pragma once

#include "base/time.h"
#include "model/report.h"
#include "policy/cel/program.h"
#include "policy/cel/schema.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

// Rules about a finding know finding, component and layer; rules about the image know the lists
// findings (the open ones) and components; both know image, config, base, context, data, coverage
// and now.
const cel::Schema& VariableSchema(bool about_image);

// What the run knows beside the report.
struct RunFacts {
  std::string environment;          // "" not said
  std::string team;                 // "" not said
  std::string exposed = "unknown";  // "yes", "no", "unknown"
  base::Seconds now = 0;
  // Of a report that is not whole (history.h): what it would count; -1: count it.
  int64_t components = -1;
  int64_t skipped = -1;
  // Date at which a finding was first seen here, "" unknown; may be empty.
  std::function<std::string(const model::Finding&, const model::Component&)> first_seen = {};
};

// Borrows both. Thread-compatible; the rows of one call are good until the next.
class Variables {
 public:
  Variables(const model::Report& report, const RunFacts& facts);
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

  // Makes ForFinding() fill only the fields that these programs about findings read.
  void FillOnly(std::span<const cel::Program* const> programs);
  const cel::Rows& ForFinding(size_t index);
  // The lists are made when this is first asked for.
  const cel::Rows& ForImage();

  // null: a report that was put together by hand names no such component.
  const model::Component* ComponentOf(size_t finding) const { return component_of_[finding]; }
  // Seconds of the day, -1 unknown.
  base::Seconds FirstSeen(size_t finding) const { return first_seen_[finding]; }

 private:
  static constexpr uint64_t kAll = ~uint64_t{0};
  void FillFinding(size_t index, cel::Value* out, uint64_t wanted);
  void FillComponent(const model::Component& component, cel::Value* out, uint64_t wanted);
  void FillLayer(int32_t index, cel::Value* out);
  void FillImage();
  void FillConfig();
  cel::Value Texts(const std::vector<std::string>& texts);
  std::string_view Keep(std::string text);

  const model::Report& report_;
  const RunFacts& facts_;
  std::vector<const model::Component*> component_of_;
  std::vector<base::Seconds> first_seen_;
  std::deque<std::string> texts_;                // views of values point here
  std::deque<std::vector<cel::Value>> lists_;    // of the image's rows
  std::deque<std::vector<cel::Value>> scratch_;  // of the last finding
  bool in_scratch_ = false;
  std::array<uint64_t, 3> wanted_{kAll, kAll, kAll};  // fields of finding, component, layer
  std::vector<cel::Value> finding_, component_, layer_, image_, config_, base_, context_, data_;
  std::vector<cel::Value> coverage_, now_, findings_, components_;
  cel::Rows finding_rows_;
  cel::Rows image_rows_;
  bool lists_made_ = false;
};

// Names, types and help of every variable, for documentation: "finding.epss", "a number with a
// point, may be unknown", "...".
struct VariableHelp {
  std::string name;
  std::string type;
  bool optional = false;
  std::string help;
};
std::vector<VariableHelp> VariableTable();

}  // namespace scantling::policy
