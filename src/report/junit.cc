// JUnit XML, as Jenkins reads it (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd): a suite
// of the policy's rules where there is a policy, and a suite of the findings.
//
// A rule that is met and enforced is a failure. A finding fails when an enforced rule meets it;
// without a policy, when this change answers for it (without a baseline: always). Closed findings
// are skipped tests with the reason. XML 1.0 cannot hold most control characters: they are cleaned.
#include "base/strings.h"
#include "report/formats.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::report {
namespace {

void AppendXml(std::string& out, std::string_view text, size_t most_bytes) {
  const std::string clean = CutBytes(Clean(text.substr(0, most_bytes * 4)), most_bytes);
  for (size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        // U+FFFE and U+FFFF are no characters of XML 1.0.
        if (clean.compare(i, 2, "\xEF\xBF") == 0 && i + 2 < clean.size() &&
            static_cast<unsigned char>(clean[i + 2]) >= 0xBE) {
          out += '?';
          i += 2;
        } else {
          out += c;
        }
    }
  }
}

void Attribute(std::string& out, std::string_view name, std::string_view value,
               size_t most_bytes = 500) {
  out += ' ';
  out += name;
  out += "=\"";
  AppendXml(out, value, most_bytes);
  out += '"';
}

void OpenSuite(std::string& out, std::string_view name, size_t tests, size_t failures,
               size_t skipped, const std::string& time) {
  out += "  <testsuite";
  Attribute(out, "name", name);
  Attribute(out, "tests", std::to_string(tests));
  Attribute(out, "failures", std::to_string(failures));
  Attribute(out, "errors", "0");
  Attribute(out, "skipped", std::to_string(skipped));
  Attribute(out, "timestamp", time);
  Attribute(out, "time", "0");
  out += ">\n";
}

// <failure>, <skipped> or <system-out> in a case.
void Outcome(std::string& out, std::string_view element, std::string_view type,
             std::string_view message, std::string_view text) {
  out += "      <";
  out += element;
  if (element != "system-out") {
    if (!type.empty()) {
      Attribute(out, "type", type);
    }
    Attribute(out, "message", message);
  }
  out += '>';
  AppendXml(out, text, 4000);
  out += "</";
  out += element;
  out += ">\n";
}

bool IsFailure(const model::RuleOutcome& outcome) {
  return IsMet(outcome) && outcome.stage == model::Stage::kEnforce;
}

void WriteRules(const model::Report& report, const std::string& time, base::Output& output) {
  const auto& rules = report.verdict->rules;
  std::string& out = output.text();
  OpenSuite(out, "policy " + report.verdict->policy, rules.size(),
            static_cast<size_t>(std::count_if(rules.begin(), rules.end(), IsFailure)), 0, time);
  for (const model::RuleOutcome& outcome : rules) {
    out += "    <testcase";
    Attribute(out, "name", outcome.text.empty() ? outcome.rule : outcome.text);
    Attribute(out, "classname", "policy." + outcome.rule);
    Attribute(out, "time", "0");
    out += ">\n";
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
    out += "    </testcase>\n";
    output.Record();
  }
  out += "  </testsuite>\n";
}

}  // namespace

void WriteJUnit(const model::Report& report, const FormatOptions& options, base::Output& output) {
  const Index index(report);
  const Stages stages(report);
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
  std::string& out = output.text();
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites";
  Attribute(out, "name", "Scantling " + ImageNameOf(report));
  out += ">\n";
  if (report.verdict) {
    WriteRules(report, time, output);
  }
  OpenSuite(out, "vulnerabilities", report.findings.size(), failures, closed, time);
  for (const model::Finding& finding : report.findings) {
    const model::Component* component = index.MaybeComponent(finding.component);
    out += "    <testcase";
    Attribute(out, "name", finding.id + " in " + NameAndVersion(component, finding.component), 300);
    std::string group(component == nullptr ? "unknown" : version::PurlType(component->type));
    Attribute(out, "classname", group.append(".").append(NameOf(component, finding)), 300);
    Attribute(out, "time", "0");
    if (const int32_t line = LineOf(report, finding.layer); line > 0) {
      Attribute(out, "file", report.inventory.image.dockerfile);
      Attribute(out, "line", std::to_string(line));
    }
    out += ">\n";
    std::string facts(model::ToString(finding.severity.level));
    facts += ": " + SolutionOf(finding, component);
    if (!finding.summary.empty()) {
      facts += ". " + finding.summary;
    }
    if (const std::string link = AdvisoryLink(finding.id); !link.empty()) {
      facts += " " + link;
    }
    if (!model::IsOpen(finding)) {
      Outcome(out, "skipped", "", TreatmentText(finding), "");
    } else if (fails(finding)) {
      Outcome(out, "failure", model::ToString(finding.severity.level),
              SolutionOf(finding, component), facts);
    } else {
      Outcome(out, "system-out", "", "", facts);
    }
    out += "    </testcase>\n";
    output.Record();
  }
  out += "  </testsuite>\n</testsuites>\n";
  output.Record();
}

}  // namespace scantling::report
