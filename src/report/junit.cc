// JUnit XML, as Jenkins reads it (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd): a suite
// of the policy's rules where there is a policy, and a suite of the findings.
//
// A rule that is met and enforced is a failure. A finding fails when an enforced rule meets it;
// without a policy, when this change answers for it (without a baseline: always). Closed findings
// are skipped tests with the reason.
#include "base/strings.h"
#include "codec/xml_writer.h"
#include "report/formats.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::report {
namespace {

using codec::XmlWriter;

void Put(XmlWriter& out, std::string_view name, std::string_view value, size_t most_bytes = 500) {
  out.Attribute(name, CutBytes(Clean(value.substr(0, most_bytes * 4)), most_bytes));
}

void OpenSuite(XmlWriter& out, std::string_view name, size_t tests, size_t failures, size_t skipped,
               const std::string& time, size_t errors = 0) {
  out.Begin("testsuite");
  Put(out, "name", name);
  Put(out, "tests", std::to_string(tests));
  Put(out, "failures", std::to_string(failures));
  Put(out, "errors", std::to_string(errors));
  Put(out, "skipped", std::to_string(skipped));
  Put(out, "timestamp", time);
  Put(out, "time", "0");
}

// <failure>, <error>, <skipped> or <system-out> in a case. `element` is a literal.
void Outcome(XmlWriter& out, std::string_view element, std::string_view type,
             std::string_view message, std::string_view text) {
  out.Begin(element);
  if (element != "system-out") {
    if (!type.empty()) {
      Put(out, "type", type);
    }
    Put(out, "message", message);
  }
  out.Text(CutBytes(Clean(text.substr(0, 16'000)), 4000));
  out.End();
}

bool IsFailure(const model::RuleOutcome& outcome) {
  return IsMet(outcome) && outcome.stage == model::Stage::kEnforce;
}

void WriteRules(const model::Report& report, const std::string& time, XmlWriter& out) {
  const auto& rules = report.verdict->rules;
  OpenSuite(out, "policy " + report.verdict->policy, rules.size(),
            static_cast<size_t>(std::count_if(rules.begin(), rules.end(), IsFailure)), 0, time);
  for (const model::RuleOutcome& outcome : rules) {
    out.Begin("testcase");
    Put(out, "name", outcome.text.empty() ? outcome.rule : outcome.text);
    Put(out, "classname", "policy." + outcome.rule);
    Put(out, "time", "0");
    std::string text(model::ToString(outcome.stage));
    text += ": " + base::Join(RuleFacts(outcome), "; ");
    if (!outcome.held_back.empty()) {
      text += "; held back: " + outcome.held_back;
    }
    std::string keys;
    for (size_t i = 0; i < outcome.findings.size() && i < 20; ++i) {
      keys += (keys.empty() ? ": " : ", ") + outcome.findings[i];
    }
    if (IsFailure(outcome)) {
      Outcome(out, "failure", "rule", text, text + keys);
    } else if (IsWorthALine(outcome)) {
      Outcome(out, "system-out", "", "", text + keys);
    }
    out.End();
  }
  out.End();
}

}  // namespace

void WriteJUnit(const model::Report& report, const FormatOptions& options, base::Output& output) {
  const Index index(report);
  const Stages stages(report);
  const Steps steps(report);
  auto fails = [&](const model::Finding& finding) {
    if (!report.verdict) {
      return IsOfThisChange(report, finding);
    }
    return model::IsOpen(finding) &&
           stages.Of(model::FindingKey(finding.id, finding.component)) == model::Stage::kEnforce;
  };
  // The attributes come first, so the counts do too.
  size_t failures = 0;
  size_t closed = 0;
  for (const model::Finding& finding : report.findings) {
    failures += fails(finding) ? 1 : 0;
    closed += model::IsOpen(finding) ? 0 : 1;
  }
  const std::string time = DocumentTime(report, options).substr(0, 19);
  XmlWriter out(&output);
  out.Begin("testsuites");
  Put(out, "name", "Scantling " + ImageNameOf(report));
  if (report.verdict) {
    WriteRules(report, time, out);
  }
  OpenSuite(out, "vulnerabilities", report.findings.size(), failures, closed, time);
  for (const model::Finding& finding : report.findings) {
    const model::Component* component = index.MaybeComponent(finding.component);
    out.Begin("testcase");
    Put(out, "name", finding.id + " in " + NameAndVersion(component, finding.component), 300);
    std::string group(component == nullptr ? "unknown" : version::PurlType(component->type));
    Put(out, "classname", group.append(".").append(NameOf(component, finding)), 300);
    Put(out, "time", "0");
    if (const int32_t line = LineOf(report, finding.layer); line > 0) {
      Put(out, "file", report.inventory.image.dockerfile);
      Put(out, "line", std::to_string(line));
    }
    const std::string solution = SolutionOf(finding, component, steps.MaybeOf(finding));
    std::string facts(model::ToString(finding.severity.level));
    facts += ": " + solution;
    if (!finding.summary.empty()) {
      facts += ". " + finding.summary;
    }
    if (const std::string link = AdvisoryLink(finding.id); !link.empty()) {
      facts += " " + link;
    }
    if (!model::IsOpen(finding)) {
      Outcome(out, "skipped", "", TreatmentText(finding), "");
    } else if (fails(finding)) {
      Outcome(out, "failure", model::ToString(finding.severity.level), solution, facts);
    } else {
      Outcome(out, "system-out", "", "", facts);
    }
    out.End();
  }
  out.End();
  out.End();
}

// An error where the policy stops; else skipped, for it is not passed.
void WriteFailedJUnit(const model::Report& report, const FormatOptions& options,
                      base::Output& output) {
  const bool stopped = report.verdict && report.verdict->stopped;
  XmlWriter out(&output);
  out.Begin("testsuites");
  Put(out, "name", "Scantling " + ImageNameOf(report));
  OpenSuite(out, "scan", 1, 0, stopped ? 0 : 1, DocumentTime(report, options).substr(0, 19),
            stopped ? 1 : 0);
  out.Begin("testcase");
  Put(out, "name", "the image can be scanned");
  Put(out, "classname", "scan");
  Put(out, "time", "0");
  const std::string text = FailedText(report);
  Outcome(out, stopped ? "error" : "skipped", stopped ? "scan" : "", text, text);
  out.End();
  out.End();
  out.End();
}

}  // namespace scantling::report
