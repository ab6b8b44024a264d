// A policy: rules with a condition, a stage, a grace time and a deadline. scantling.policy/1, YAML;
// docs/formats/policy.md and api/policy.schema.json describe the file, docs/policy.md how to write
// one.
//
// Every mistake of a file is collected and named with file:line:column and what to write; a policy
// with one is refused as a whole, so that a rule that is misspelt is not a rule that is off.
#pragma once

#include "base/result.h"
#include "model/finding.h"
#include "model/verdict.h"
#include "policy/cel/program.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

inline constexpr std::string_view kPolicySchema = "scantling.policy/1";

enum class Since : uint8_t { kPublished, kFixAvailable, kFirstSeen };
struct Grace {
  int64_t days = 0;
  Since since = Since::kPublished;
};

struct Deadline {
  enum class Kind : uint8_t { kNone, kPriority, kKevDue, kDays };
  Kind kind = Kind::kNone;
  int64_t days = 0;  // kDays, from:
  Since since = Since::kPublished;
};

struct Rule {
  std::string id;
  std::string text;
  std::string who;
  bool about_image = false;
  std::array<bool, 5> changes{};  // by model::Change: which findings of a comparison count
  cel::Program when;
  model::Stage stage = model::Stage::kObserve;
  std::map<std::string, model::Stage> environments;
  Grace grace;
  Deadline deadline;
  std::string digest;  // of what it decides: condition, changes, grace; an agreement may name it
  uint32_t line = 0;
};

// What happens when there is no judgement, by the highest stage that holds in this run.
enum class Answer : uint8_t { kNote, kWarn, kStop };
std::string_view ToString(Answer answer);  // "note", "warn", "stop"
using Answers = std::array<Answer, 3>;     // by model::Stage

struct OnFailure {
  // A scan that failed is no pass, unless the policy says so.
  Answers scan_failed = {Answer::kStop, Answer::kStop, Answer::kStop};
  Answers unscanned = {Answer::kNote, Answer::kWarn, Answer::kStop};
  Answers data_stale = {Answer::kNote, Answer::kWarn, Answer::kWarn};
  int64_t stale_after_days = 14;
  Answers unknown = {Answer::kNote, Answer::kWarn, Answer::kWarn};  // a condition without a value
};

enum class AgreementNeed : uint8_t {
  kNone,
  kEnforce,   // to enforce
  kRequired,  // to go above observe
};

struct Policy {
  std::string name;
  std::string description;
  std::string path;    // as given, for messages
  std::string digest;  // sha256 of its bytes
  AgreementNeed agreement = AgreementNeed::kEnforce;
  OnFailure on_failure;
  std::vector<Rule> rules;

  const Rule* MaybeRule(std::string_view id) const;
};

// `path` is only for messages. The error lists up to 20 mistakes, one a line.
base::Result<Policy> ParsePolicy(std::string_view text, std::string_view path);

}  // namespace scantling::policy
