// Exceptions: risks that somebody takes, for a time, in the file scantling.exceptions/1
// (api/exceptions.schema.json, docs/exceptions.md).
//
// A file that cannot be read as a whole is an error, and no exception of it counts. An entry that
// is broken - a missing or unknown key, a bad date, nothing that it is about, an approver who is
// the owner, an id or a target that stands twice - is kept with the reason, is reported as
// "invalid" in each run, and excepts nothing; the others count. Whether one has ended is judged
// when it is used, with `now`; it counts through its `until` day, UTC, and not before its `created`
// day.
//
// An exception with a `rule` concerns that rule of the policy alone and leaves the finding open;
// the others put a model::Treatment on the findings that they are about. Both never remove a
// finding. Thread-compatible.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "model/report.h"
#include "version/purl.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

inline constexpr std::string_view kExceptionsSchema = "scantling.exceptions/1";

// Why a risk is taken. What each means as VEX: docs/exceptions.md.
struct ReasonInfo {
  std::string_view name;
  std::string_view help;
};
std::span<const ReasonInfo> ReasonTable();

struct ExceptionScope {
  std::string repository;  // glob; made long ("docker.io/library/debian")
  std::string tag;         // glob
  std::string digest;      // of the manifest or the configuration
  std::string environment;
  std::string path;   // glob; every place of the component must match
  std::string layer;  // "base", "application", or a layer's digest or diff id
  bool operator==(const ExceptionScope&) const = default;
};

struct Exception {
  std::string id;
  std::string where;    // "exceptions.yaml:14"
  std::string problem;  // why it is invalid; "" it is not
  std::string finding;  // an id; "" any
  std::string component;
  std::optional<version::PackageUrl> purl;  // when `component` is a package URL
  std::string purl_key;                     // its PackageKey; "" when it names a source package
  std::string rule;
  ExceptionScope scope;
  std::string owner;
  std::string approver;
  std::string reason;         // a name of ReasonTable()
  std::string justification;  // of false_positive: one of OpenVEX's five
  std::string words;
  std::string created;
  std::string until;
  int64_t created_day = 0;  // since 1970-01-01
  int64_t until_day = 0;
};

struct Exceptions {
  std::string path;
  std::vector<Exception> entries;  // in the file's order, invalid ones too

  size_t InvalidCount() const;
};

// Errors name file:line:column and what to do.
base::Result<Exceptions> ParseExceptions(std::string_view text, std::string_view path);

struct ExceptionsFile {
  std::string text;
  std::string path;
};
// Files that count together, in their order: what may stand once in a file may stand once in all of
// them.
base::Result<std::vector<Exceptions>> ParseExceptions(std::span<const ExceptionsFile> files);

struct ExceptionContext {
  std::string environment;  // "production"; "" not said
  base::Seconds now = 0;
};

// What stands in RuleOutcome::excepted for a rule about the image.
inline constexpr std::string_view kImageExcepted = "image";

// Sets Finding::treatment, where no VEX statement closes the finding (call ApplyVex before); what
// an earlier run accepted is forgotten first. When several exceptions are about one finding, the
// first of the file is on it and all count as used. In the file's order. Those for one rule are
// unused until a policy was asked: ApplyRuleExceptions.
std::vector<model::ExceptionUse> ApplyExceptions(model::Report& report,
                                                 const Exceptions& exceptions,
                                                 const ExceptionContext& context);

// Several files, in their order; forgets what an earlier run accepted once.
std::vector<model::ExceptionUse> ApplyExceptions(model::Report& report,
                                                 std::span<const Exceptions> files,
                                                 const ExceptionContext& context);

// What the verdict made of the exceptions for one rule: those by which their rule left something
// out are used, the others say why not. Requires: report.verdict, and report.exceptions as
// ApplyExceptions returned it for the same files and context.
void ApplyRuleExceptions(model::Report& report, std::span<const Exceptions> files,
                         const ExceptionContext& context);

// The exceptions that concern one rule each, ready to be asked many times. Borrows all three.
// Only those that count at `now` in this image.
class RuleExceptions {
 public:
  RuleExceptions(const model::Report& report, const Exceptions& exceptions,
                 const ExceptionContext& context);

  // The exception by which the rule leaves this finding out; null: none.
  const Exception* Find(std::string_view rule, const model::Finding& finding) const;
  bool RuleIsExcepted(std::string_view rule, const model::Finding& finding) const {
    return Find(rule, finding) != nullptr;
  }
  // The same for a rule about the image: exceptions that name neither a finding nor a component,
  // nor a path or a layer.
  const Exception* FindForImage(std::string_view rule) const;

 private:
  const model::Report& report_;
  std::map<std::string, std::vector<const Exception*>, std::less<>> by_rule_;
  std::map<std::string_view, const model::Component*> components_;
};

}  // namespace scantling::policy
