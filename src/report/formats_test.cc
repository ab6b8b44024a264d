// Every row of FormatTable() over the same reports: what is promised of all of them (same bytes,
// clean text, in blocks), and what each form promises of its own.
#include "report/formats.h"

#include "base/strings.h"
#include "codec/json.h"
#include "report/markdown.h"
#include "report/pipeline_parts.h"
#include "report/sample_report.h"
#include "report/text.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

namespace scantling::report {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

FormatOptions Options() {
  FormatOptions options;
  options.screen.now = base::ParseTime("2025-02-20T08:00:00Z");
  options.program_version = "0.1.0";
  options.link = "https://ci.example/job/7";
  options.template_text = "{{#findings}}{{id}} {{component}} {{{summary}}}\n{{/findings}}";
  return options;
}

std::string Render(std::string_view name, const model::Report& report,
                   const FormatOptions& options = Options()) {
  const FormatInfo* format = MaybeFormat(name);
  EXPECT_NE(format, nullptr) << name;
  return format == nullptr ? std::string() : base::Rendered([&](base::Output& output) {
    format->write(report, options, output);
  });
}

size_t Occurrences(std::string_view text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

// Everything that comes from outside says `evil`.
model::Report HostileReport(const std::string& evil) {
  model::Report report = SampleCiReport();
  model::Image& image = report.inventory.image;
  image.source = image.reference = image.digest = image.platform = image.dockerfile = evil;
  image.distro = {evil, evil, evil, evil, evil};
  for (auto& layer : image.layers) {
    layer.created_by = layer.digest = layer.diff_id = evil;
  }
  image.annotations = {{evil, evil}};
  size_t number = 0;
  std::map<std::string, std::string> refs;
  for (auto& component : report.inventory.components) {
    std::string ref = evil + std::to_string(number++);
    refs[component.ref] = ref;
    component.ref = ref;
    component.name = component.version = component.purl = component.vendor = evil;
    component.source_name = component.source_version = component.architecture = evil;
    component.container = component.main_module = component.distro = evil;
    component.locations = {{evil, 1}};
    component.via = component.depends = component.licenses = {evil};
  }
  number = 0;
  std::map<std::string, std::string> keys;
  for (auto& finding : report.findings) {
    const std::string old = model::FindingKey(finding.id, finding.component);
    finding.id = evil + std::to_string(number++);
    finding.component = refs[finding.component];
    keys[old] = model::FindingKey(finding.id, finding.component);
    finding.summary = finding.fix_note = finding.advisory = finding.source = finding.range =
        finding.rule = finding.published = evil;
    finding.fixed_versions = finding.aliases = {evil};
    finding.priority.level = finding.priority.due = evil;
    finding.priority.reasons = {evil};
    finding.severity.vector = finding.severity.source = evil;
    if (finding.treatment) {
      auto& treatment = *finding.treatment;
      treatment.id = treatment.source = treatment.reason = treatment.words = treatment.owner =
          treatment.approver = treatment.until = evil;
    }
  }
  for (auto& action : report.actions) {
    action.id = action.title = action.created_by = action.reason = action.due = evil;
    action.steps = {evil};
    for (auto& key : action.resolves) {
      key = keys[key];
    }
  }
  auto& comparison = *report.comparison;
  comparison.against = comparison.recorded = comparison.against_digest = evil;
  comparison.notes = {evil};
  auto& verdict = *report.verdict;
  verdict.policy = verdict.environment = verdict.team = evil;
  verdict.notes = {evil};
  for (auto& rule : verdict.rules) {
    rule.rule = rule.text = rule.who = rule.held_back = rule.unknown_why = rule.matched =
        rule.deadline = evil;
    for (auto* list :
         {&rule.findings, &rule.in_grace, &rule.routed, &rule.excepted, &rule.unknown}) {
      for (auto& key : *list) {
        key = keys[key];
      }
    }
  }
  for (auto& use : report.exceptions) {
    use.id = use.where = use.owner = use.until = use.note = evil;
  }
  for (auto& ecosystem : report.ecosystems) {
    ecosystem.name = ecosystem.data_as_of = evil;
  }
  report.inventory.coverage.skipped[0] = {evil, 1, evil};
  report.inventory.diagnostics[0].message = evil;
  report.base_name = report.base_known_by = report.distro_end_of_life = evil;
  report.database.digest = evil;
  return report;
}

const std::vector<std::string>& Evils() {
  static const std::vector<std::string> kEvils = {
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>",
      "]]>--><!--&lt;\"'`|\\",
      "x\x1b]0;t\x07\xC2\x9B"
      "31m\r\n::error::gotcha\n::set-output name=a::b",
      "=cmd|' /C calc'!A0",
      "@everyone fixes #1 !2 ~label http://evil.example www.evil.example [a](javascript:b)",
      "\xE2\x80\xAE\xE2\x80\xA8\xEF\xBB\xBF\xFF\xFE\xEF\xBF\xBF\xC0\x80",
      "# title\n| a | b |\n- [ ] `code` *bold* $math$ :smile:",
      "%0A%25{{id}}{0}",
      std::string("a\0b", 3),
      "",
      std::string(10'000, 'A'),
      "\xE6\xBC\xA2" + std::string(200, '|')};
  return kEvils;
}

// 20,000 findings over 2,000 components; fewer where sanitizers make each one dear, unless the
// documents are for other checks.
int LargeFindings() {
#ifdef SCANTLING_SANITIZED
  return std::getenv("SCANTLING_DOCUMENTS") == nullptr ? 2'000 : 20'000;
#else
  return 20'000;
#endif
}
model::Report LargeReport() {
  model::Report report = SampleCiReport();
  report.inventory.components.clear();
  report.findings.clear();
  report.actions.clear();
  for (int i = 0; i < 2000; ++i) {
    report.inventory.components.push_back(SampleComponent(
        "package" + std::to_string(i), "1." + std::to_string(i), version::Ecosystem::kNpm, 1));
  }
  for (int i = 0; i < LargeFindings(); ++i) {
    const auto& component = report.inventory.components[static_cast<size_t>(i) / 10];
    auto finding = SampleFinding("CVE-2024-" + std::to_string(10'000 + i), component,
                                 static_cast<model::Level>(i % 6), static_cast<uint32_t>(i + 1));
    finding.summary = "A summary of ordinary length for vulnerability " + std::to_string(i);
    finding.fix_state = model::FixState::kFixed;
    finding.fixed_versions = {"2.0." + std::to_string(i)};
    finding.epss = {0.01, 0.5, "2025-02-01"};
    finding.change = i % 2 == 0 ? model::Change::kIntroduced : model::Change::kInherited;
    report.findings.push_back(std::move(finding));
  }
  for (int i = 0; i < LargeFindings() / 10; ++i) {
    model::Action action = SampleReport().actions[1];
    action.id = "bump:" + std::to_string(i);
    action.title = "bump package" + std::to_string(i);
    for (int j = 0; j < 10; ++j) {
      const auto& finding = report.findings[static_cast<size_t>(i * 10 + j)];
      action.resolves.push_back(model::FindingKey(finding.id, finding.component));
    }
    report.actions.push_back(std::move(action));
  }
  return report;
}

TEST(Formats, TheTableIsSound) {
  std::set<std::string_view> names;
  for (const FormatInfo& info : FormatTable()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(info.extension.starts_with(".")) << info.name;
    EXPECT_FALSE(info.help.empty()) << info.name;
    EXPECT_EQ(MaybeFormat(info.name), &info);
  }
  EXPECT_EQ(MaybeFormat("sarif2"), nullptr);
}

TEST(Formats, TimeOfTheDocument) {
  EXPECT_EQ(DocumentTime(SampleReport(), Options()), "2025-02-20T08:00:00Z");
  EXPECT_EQ(DocumentTime(SampleReport(), {}), "2025-02-01T10:00:00Z");
  EXPECT_EQ(DocumentTime({}, {}), "1970-01-01T00:00:00Z");
}

TEST(Formats, SameReportSameBytes) {
  for (const FormatInfo& info : FormatTable()) {
    const std::string first = Render(info.name, SampleCiReport());
    EXPECT_FALSE(first.empty()) << info.name;
    EXPECT_EQ(first, Render(info.name, SampleCiReport())) << info.name;
    (void)Render(info.name, model::Report{}, {});
    (void)Render(info.name, SampleReport(), {});
  }
}

TEST(Formats, HostileNamesStayText) {
  for (const std::string& evil : Evils()) {
    const model::Report report = HostileReport(evil);
    for (const FormatInfo& info : FormatTable()) {
      const std::string text = Render(info.name, report);
      EXPECT_EQ(base::ToUtf8(text), text) << info.name << ": " << evil.substr(0, 40);
      const bool verbatim = info.name == "template";  // {{{summary}}} is asked for
      for (const char c : text) {
        if (!verbatim && static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' &&
            c != '\t') {
          ADD_FAILURE() << info.name << " lets control characters through";
          break;
        }
      }
      if (info.extension == ".json" || info.extension == ".sarif") {
        codec::Json json;
        EXPECT_TRUE(json.Parse(text).has_value()) << info.name << ": " << evil.substr(0, 40);
      }
    }
  }
}

// In blocks: no format keeps the document of a large report in memory. The screen and the short
// forms are bounded by themselves.
TEST(Formats, LargeReportsLeaveInBlocks) {
  const model::Report report = LargeReport();
  for (const FormatInfo& info : FormatTable()) {
    size_t largest = 0;
    size_t whole = 0;
    base::Output output([&](std::string_view block) -> base::Result<void> {
      largest = std::max(largest, block.size());
      whole += block.size();
      return {};
    });
    info.write(report, Options(), output);
    EXPECT_TRUE(output.Finish().has_value()) << info.name;
    EXPECT_LE(largest, size_t{1} << 20) << info.name << ", " << whole << " bytes";
  }
}

TEST(CiText, TenLinesWithTheLink) {
  const std::string text = Render("ci-text", SampleCiReport());
  for (const char* want :
       {"shop:1.4: stopped: exploited; policy balanced, environment production, team shop\n",
        "this change brings 1 finding: 1 critical; 1 exploited (KEV), and resolves 1  (against "
        "shop:1.3)\n",
        "  1. bump log4j-core 2.14.1 -> 2.17.1 in app.jar  Dockerfile:12  ends CVE-2021-44228\n",
        "not this change's: 1 inherited from the base (image owner), 1 new in the world: "
        "CVE-2020-8203 (told to "
        "application)\n",
        "exceptions: EX-9 expired on 2025-01-01; EX-12 ends on 2025-03-01\n",
        "not covered: no advisories for npm", "all of it: https://ci.example/job/7\n"}) {
    EXPECT_THAT(text, HasSubstr(want));
  }
  EXPECT_THAT(text, Not(HasSubstr("lodash")));
  model::Report large = LargeReport();
  large.exceptions = SampleCiReport().exceptions;
  for (const model::Report& report : {SampleCiReport(), large, HostileReport(Evils()[10])}) {
    const std::string lines = Render("ci-text", report);
    EXPECT_LE(Occurrences(lines, "\n"), 10U) << lines;
    EXPECT_EQ(Occurrences(lines, "https://"), 1U);
    for (const std::string_view line : base::Split(lines, '\n')) {
      EXPECT_LE(Columns(line), 240U);
    }
  }
}

// What has no room is counted, not cut in its middle.
TEST(CiText, ListsEndWithWholeParts) {
  model::Report report = SampleCiReport();
  for (int i = 0; i < 9; ++i) {
    report.exceptions.push_back({"EX-1" + std::to_string(i) + std::string(40, 'x'),
                                 "exceptions.yaml:1", "a", "2025-01-01", "expired", 1, ""});
    report.comparison->notes.push_back("the data of source " + std::to_string(i) +
                                       " is older than when the baseline was made");
  }
  const std::string text = Render("ci-text", report);
  EXPECT_THAT(text, ContainsRegex("exceptions: .* expired on 2025-01-01; and [0-9]+ more\n"));
  EXPECT_THAT(text, ContainsRegex("not covered: .* baseline was made; and [0-9]+ more\n"));
  EXPECT_EQ(FitParts({"one"}, 0), "one");
  EXPECT_EQ(FitParts({"one", "two", "three"}, 30), "one; two; three");
  EXPECT_EQ(FitParts({"one", "two", "three"}, 15), "one; two; three");
  EXPECT_EQ(FitParts({"one", "two", "threefour"}, 18), "one; and 2 more");
  EXPECT_EQ(FitParts({}, 10), "");
}

// The step and the forms for other tools say the same version.
TEST(Pipelines, SolutionsAreTheSteps) {
  for (const char* name : {"sarif", "junit", "gitlab-container-scanning", "gitlab-code-quality"}) {
    const std::string text = Render(name, SampleReport());
    EXPECT_THAT(
        text, ContainsRegex("bump log4j-core 2.14.1 -(>|&gt;) 2.17.1 in app.jar .fixed in 2.15.0."))
        << name;
    EXPECT_THAT(text, Not(HasSubstr("upgrade org.apache"))) << name;
  }
  model::Report without = SampleReport();
  without.actions.clear();
  EXPECT_THAT(Render("junit", without), HasSubstr("upgrade lodash to 4.17.19"));
}

TEST(CiText, SaysThatTheDockerfileIsOfAnotherImage) {
  model::Report report = SampleCiReport();
  auto& diagnostics = report.inventory.diagnostics;
  diagnostics.push_back(
      {"dockerfile.unmapped", model::Severity::kNote, "Dockerfile", -1, "line 3: not found"});
  EXPECT_THAT(Render("ci-text", report), Not(HasSubstr("line 3: not found")));
  diagnostics.push_back({"dockerfile.unmapped", model::Severity::kWarning, "Other", -1, "another"});
  report.comparison->notes.clear();
  EXPECT_THAT(Render("ci-text", report), HasSubstr("Other: another"));
}

TEST(Pipelines, GraceAndUndecidedAreSaid) {
  model::Report report = SampleCiReport();
  model::Verdict& verdict = *report.verdict;
  verdict.rules.resize(2);
  model::RuleOutcome& grace = verdict.rules[0];
  grace.rule = "fs";
  grace.findings.clear();
  grace.in_grace = {"a@b"};
  grace.deadline = "2026-11-11";
  verdict.rules[1] = {};
  verdict.rules[1].rule = "ep";
  verdict.rules[1].unknown = {"a@b", "c@d"};
  verdict.rules[1].unknown_why = "finding.epss is not known";
  const std::string text = Render("ci-text", report);
  EXPECT_THAT(text, HasSubstr("in grace: fs: 1 finding, counts from 2026-11-11; undecided: ep for "
                              "2 findings: finding.epss is not known"));
  EXPECT_LE(Occurrences(text, "\n"), 10U);
  for (const std::string_view form : {"markdown", "html"}) {
    EXPECT_THAT(Render(form, report), HasSubstr("in grace"));
    EXPECT_THAT(Render(form, report), HasSubstr("counts from 2026-11-11"));
    EXPECT_THAT(Render(form, report), HasSubstr("undecided"));
    EXPECT_THAT(Render(form, report), Not(HasSubstr("not met")));
  }
}

TEST(CiText, SaysWhatItHadNot) {
  const std::string text = Render("ci-text", SampleReport(), {});
  EXPECT_THAT(text, HasSubstr("no policy, nothing is decided"));
  EXPECT_THAT(text, HasSubstr("no baseline, so not only what this change brings"));
  EXPECT_THAT(text, HasSubstr("no fix to install yet: CVE-2023-4911"));
}

TEST(Pipelines, FindingsWithoutAnActionAreSaid) {
  model::Report report = SampleCiReport();
  report.actions.clear();
  for (const char* name : {"ci-text", "markdown", "pr-comment", "github", "html"}) {
    const std::string text = Render(name, report);
    EXPECT_THAT(text, HasSubstr("a fix exists, no step is known")) << name;
    EXPECT_THAT(text, HasSubstr("CVE-2021-44228")) << name;
  }
}

TEST(Pipelines, WhatStopsOrWarnsIsToldWhateverItsClass) {
  for (const model::Stage stage :
       {model::Stage::kEnforce, model::Stage::kWarn, model::Stage::kObserve}) {
    model::Report report = SampleCiReport();
    model::Finding& finding = report.findings[0];
    finding.change = model::Change::kExisting;
    report.comparison->introduced = 0;
    report.comparison->existing = 1;
    model::Verdict& verdict = *report.verdict;
    verdict.rules.resize(1);
    verdict.rules[0].stage = verdict.rules[0].asked = stage;
    verdict.stopped = stage == model::Stage::kEnforce;
    verdict.warned = stage == model::Stage::kWarn;
    for (const std::string_view form : {"ci-text", "github", "markdown", "pr-comment", "html"}) {
      std::string text = Render(form, report);
      text = text.substr(0, text.find("<section id=\"findings\""));
      SCOPED_TRACE(std::string(form) + ", " + std::string(model::ToString(stage)) + "\n" + text);
      for (const std::string_view want :
           {"CVE-2021-44228 (there before this change)", "bump log4j-core 2.14.1"}) {
        EXPECT_EQ(text.find(want) != std::string::npos, stage != model::Stage::kObserve) << want;
      }
    }
    const std::string said = stage == model::Stage::kEnforce ? "of the others 1 stops"
                             : stage == model::Stage::kWarn  ? "of the others 1 warns"
                                                             : "";
    for (const std::string_view form : {"ci-text", "markdown", "html"}) {
      EXPECT_EQ(Render(form, report).find("of the others") != std::string::npos, !said.empty());
      EXPECT_THAT(Render(form, report), HasSubstr(said));
    }
    const std::string github = Render("github", report);
    EXPECT_EQ(Occurrences(github, "::error "), stage == model::Stage::kEnforce ? 1U : 0U);
    EXPECT_EQ(Occurrences(github, "::warning "), stage == model::Stage::kWarn ? 1U : 0U);
  }
}

TEST(Pipelines, OfAStepWithFindingsOfSeveralClassesItIsSaidHowMany) {
  model::Report report = SampleCiReport();
  model::Finding second = report.findings[0];
  second.id = "CVE-2021-45046";
  second.change = model::Change::kExisting;
  report.findings.push_back(second);
  const std::string key = model::FindingKey(second.id, second.component);
  report.actions[0].resolves.push_back(key);
  report.verdict->rules[0].findings.push_back(key);
  EXPECT_THAT(
      Render("ci-text", report),
      HasSubstr("ends CVE-2021-44228, CVE-2021-45046 (1 of them there before this change)"));
}

TEST(Markdown, NothingFromOutsideIsMarkup) {
  EXPECT_EQ(MarkdownText("a|b"), "a&#124;b");
  EXPECT_EQ(MarkdownText("@scope/name"), "&#64;&#8203;scope/name");
  EXPECT_EQ(MarkdownText("fixes #1"), "fixes &#35;&#8203;1");
  EXPECT_EQ(MarkdownText("www.evil.example"), "www&#46;evil.example");
  EXPECT_EQ(MarkdownCode("a`b"), "<code>a&#96;b</code>");
  for (const std::string& evil : Evils()) {
    for (const char* name : {"markdown", "pr-comment"}) {
      const std::string text = Render(name, HostileReport(evil));
      EXPECT_THAT(text, Not(HasSubstr("<script"))) << name;
      EXPECT_THAT(text, Not(HasSubstr("<img"))) << name;
      EXPECT_THAT(text, Not(HasSubstr("](javascript"))) << name;
      EXPECT_THAT(text, Not(HasSubstr("@everyone"))) << name;
      EXPECT_THAT(text, Not(HasSubstr("http://evil"))) << name;
      for (const std::string_view line : base::Split(text, '\n')) {
        if (line.starts_with("|")) {
          const size_t bars = Occurrences(line, "|");
          EXPECT_TRUE(bars >= 5 && bars <= 7) << line;
        }
      }
    }
  }
}

TEST(Markdown, SaysWhatToDo) {
  const std::string text = Render("markdown", SampleCiReport());
  for (const char* want :
       {"## Scantling: stopped, <code>shop&#58;1.4</code>", "### Do next",
        "<code>Dockerfile&#58;12</code>", "### Rules", "**stops**", "held back from enforce",
        "**Exceptions**: EX-9 expired",
        "**Not covered**: ", "[CVE-2021-44228](https://nvd.nist.gov/vuln/detail/CVE-2021-44228)",
        "[The full report](https://ci.example/job/7)"}) {
    EXPECT_THAT(text, HasSubstr(want));
  }
}

TEST(PullRequest, OneCommentPerImageWithinTheLimit) {
  EXPECT_TRUE(Render("pr-comment", SampleCiReport()).starts_with("<!-- scantling:shop -->\n"));
  for (const std::string& evil : Evils()) {
    const std::string text = Render("pr-comment", HostileReport(evil));
    const std::string first = text.substr(0, text.find('\n'));
    EXPECT_TRUE(first.starts_with("<!-- scantling:") && first.ends_with(" -->")) << first;
    EXPECT_EQ(Occurrences(first, "--"), 2U) << first;
  }
  model::Report large = LargeReport();
  EXPECT_LE(Render("pr-comment", large).size(), 65'536U);
  for (auto& action : large.actions) {
    action.title = action.reason = std::string(10'000, '|');
  }
  for (auto& finding : large.findings) {
    finding.id = std::string(1000, '*') + finding.id;
  }
  EXPECT_LE(Render("pr-comment", large).size(), 65'536U);
  EXPECT_LE(Render("markdown", large).size(), 900'000U);
}

TEST(Formats, AScanThatFailedNeverLooksClean) {
  for (const auto& [answer, stopped, warned] :
       {std::tuple("stop", true, false), {"warn", false, true}, {"note", false, false}}) {
    model::Report report;
    report.inventory.image.source = "shop.tar";
    model::Verdict& verdict = report.verdict.emplace();
    verdict.policy = "p";
    verdict.stopped = stopped;
    verdict.warned = warned;
    verdict.rules.resize(1);
    verdict.notes = {std::string("the image could not be scanned: shop.tar: cut off (") + answer +
                     ")"};
    size_t forms = 0;
    for (const FormatInfo& info : FormatTable()) {
      if (info.write_failed == nullptr) {
        continue;
      }
      ++forms;
      const std::string text = base::Rendered(
          [&](base::Output& output) { info.write_failed(report, Options(), output); });
      SCOPED_TRACE(std::string(info.name) + "\n" + text);
      EXPECT_THAT(text, HasSubstr("could not be scanned"));
      EXPECT_THAT(text, HasSubstr(answer));
      EXPECT_THAT(text, Not(HasSubstr("no finding")));
      EXPECT_THAT(text, Not(HasSubstr("no open finding")));
      EXPECT_THAT(text, Not(HasSubstr("not met")));
      if (info.name == "ci-text") {
        EXPECT_LE(Occurrences(text, "\n"), 10U);
      } else if (info.name == "github") {
        EXPECT_TRUE(text.starts_with(stopped ? "::error " : warned ? "::warning " : "::notice "));
      } else if (info.name == "pr-comment") {
        EXPECT_TRUE(text.starts_with("<!-- scantling:shop.tar -->\n"));
      } else if (info.name == "junit") {
        EXPECT_THAT(text, HasSubstr(stopped ? "<error type=\"scan\"" : "<skipped message="));
        EXPECT_THAT(
            text, HasSubstr(stopped ? "errors=\"1\" skipped=\"0\"" : "errors=\"0\" skipped=\"1\""));
      } else if (info.name == "gitlab-code-quality") {
        EXPECT_THAT(text, HasSubstr(stopped  ? "\"severity\":\"blocker\""
                                    : warned ? "\"severity\":\"major\""
                                             : "\"severity\":\"info\""));
      }
    }
    EXPECT_EQ(forms, 6U);
    for (const std::string_view form : {"json", "sarif", "html", "csv", "openvex", "cyclonedx"}) {
      EXPECT_EQ(MaybeFormat(form)->write_failed, nullptr) << form;
    }
  }
}

TEST(Repository, NameWithoutTagAndDigest) {
  model::Report report;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"shop:1.4", "shop"},
      {"localhost:5000/a/shop", "localhost:5000/a/shop"},
      {"localhost:5000/a/shop:1@sha256:ab", "localhost:5000/a/shop"},
      {"", ""}};
  for (const auto& [reference, want] : cases) {
    report.inventory.image.reference = reference;
    EXPECT_EQ(RepositoryOf(report), want);
  }
}

TEST(Github, AnnotationsAtTheLine) {
  const std::string text = Render("github", SampleCiReport());
  EXPECT_THAT(text, HasSubstr("::error file=Dockerfile,line=12,title=Scantling%3A bump log4j-core "
                              "2.14.1 -> 2.17.1 in app.jar::ends CVE-2021-44228 in log4j-core "
                              "2.14.1; exploited (KEV)"));
  EXPECT_THAT(text, HasSubstr("::warning file=Dockerfile,line=1,title=Scantling%3A The base is "
                              "younger than 90 days::the base is 431 days old"));
  for (const std::string& evil : Evils()) {
    const std::string hostile = Render("github", HostileReport(evil));
    for (const std::string_view line : base::Split(hostile, '\n')) {
      EXPECT_TRUE(line.empty() || line.starts_with("::error ") || line.starts_with("::warning ") ||
                  line.starts_with("::notice ") || line.starts_with("this change "))
          << line;
    }
  }
  const std::string large = Render("github", LargeReport());
  EXPECT_LE(Occurrences(large, "\n"), 31U);
  EXPECT_THAT(large, HasSubstr("more are in the summary of this job"));
}

TEST(Csv, NoFormulas) {
  const std::string text = Render("csv", HostileReport("=1+1"));
  EXPECT_THAT(text, HasSubstr("\"'=1+1\""));
  EXPECT_THAT(text, Not(HasSubstr(",=1")));
  EXPECT_EQ(Occurrences(text, "\r\n"), 6U);
  EXPECT_EQ(Occurrences(Render("csv", HostileReport("a\r\n\"b\",c")), "\r\n"), 6U);
}

TEST(Sarif, FollowsGithubsRules) {
  codec::Json json;
  const std::string text = Render("sarif", SampleCiReport());
  auto root = json.Parse(text);
  ASSERT_TRUE(root.has_value());
  std::vector<codec::JsonValue> runs;
  (*root)["runs"].ForEach([&](codec::JsonValue run) {
    runs.push_back(run);
    return true;
  });
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0]["results"].Size(), 3U);
  EXPECT_EQ(runs[0]["tool"]["driver"]["rules"].Size(), 3U);
  EXPECT_THAT(text, HasSubstr("\"security-severity\":\"9.5\""));
  EXPECT_THAT(text, HasSubstr("\"dataAsOf\":\"2025-02-12 to 2025-02-18\""));
  EXPECT_THAT(text, HasSubstr("\"notes\":[\"npm has no advisory data: warn\"]"));
  EXPECT_THAT(text, HasSubstr("\"uri\":\"Dockerfile\""));
  EXPECT_THAT(text, HasSubstr("\"startLine\":12"));
  EXPECT_THAT(text, HasSubstr("\"baselineState\":\"new\""));
  EXPECT_THAT(text, Not(HasSubstr("CVE-2021-23337")));
  model::Report without = SampleCiReport();
  without.inventory.image.dockerfile.clear();
  EXPECT_THAT(Render("sarif", without),
              HasSubstr("\"uri\":\"srv/org.apache.logging.log4j%3Alog4j-core\""));
}

TEST(Sarif, FingerprintsOutliveVersions) {
  model::Report report = SampleCiReport();
  model::Report later = report;
  auto& component = later.inventory.components[1];
  const std::string old_ref = component.ref;
  component.version = "2.14.2";
  component.ref = component.purl = "pkg:maven/x@2.14.2";
  component.locations = {{"opt/other/log4j.jar", 0}};
  for (auto& finding : later.findings) {
    if (finding.component == old_ref) {
      finding.component = component.ref;
    }
  }
  StableKeys before(report);
  StableKeys after(later);
  std::set<std::string> all;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    const std::string key = before.Next(report.findings[i]);
    EXPECT_EQ(key, after.Next(later.findings[i]));
    EXPECT_TRUE(all.insert(key).second);
  }
  EXPECT_EQ(UuidOf(*all.begin()).size(), 36U);
}

TEST(Html, NothingRunsButItsOwnScript) {
  for (const std::string& evil : Evils()) {
    const std::string text = Render("html", HostileReport(evil));
    EXPECT_EQ(Occurrences(text, "<script"), 2U) << evil.substr(0, 40);
    EXPECT_EQ(Occurrences(text, "</script"), 2U) << evil.substr(0, 40);
    EXPECT_EQ(Occurrences(text, "<img"), 0U);
    EXPECT_EQ(Occurrences(text, "<!--"), 0U);
  }
  const std::string text = Render("html", SampleCiReport());
  EXPECT_THAT(text, HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(text, Not(HasSubstr("src=")));
  EXPECT_THAT(text, Not(HasSubstr("@import")));
  EXPECT_LT(text.find("Do next"), text.find("<h2>Rules"));
  EXPECT_LT(text.find("<h2>Rules"), text.find("<h2>Findings"));
}

TEST(JUnit, FailuresByTheVerdict) {
  const std::string text = Render("junit", SampleCiReport());
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"policy balanced\" tests=\"5\" failures=\"1\""));
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"vulnerabilities\" tests=\"5\" failures=\"1\" "
                              "errors=\"0\" skipped=\"2\""));
  EXPECT_THAT(text, HasSubstr("<skipped message=\"risk accepted until 2025-03-01"));
  EXPECT_THAT(text, HasSubstr("file=\"Dockerfile\" line=\"12\""));
  EXPECT_THAT(Render("junit", SampleReport()),
              HasSubstr("<testsuite name=\"vulnerabilities\" tests=\"3\" failures=\"3\""));
}

TEST(Gitlab, FingerprintsAndSeverities) {
  const std::string quality = Render("gitlab-code-quality", SampleCiReport());
  EXPECT_THAT(quality, HasSubstr("\"severity\":\"blocker\""));
  EXPECT_THAT(quality, HasSubstr("\"begin\":12"));
  const std::string scanning = Render("gitlab-container-scanning", SampleCiReport());
  EXPECT_THAT(scanning, HasSubstr("\"start_time\":\"2025-02-20T08:00:00\""));
  EXPECT_THAT(scanning, HasSubstr("\"operating_system\":\"debian:12\""));
  EXPECT_THAT(scanning, Not(HasSubstr("CVE-2021-23337")));
}

// The checks of tests/formats/check.py, written from the specifications; a document per format.
TEST(Formats, FollowTheirSpecifications) {
  if (!scantling::testing::HaveProgram("python3")) {
    GTEST_SKIP() << "python3 is not installed";
  }
  std::vector<std::pair<std::string, model::Report>> reports = {
      {"empty", {}}, {"sample", SampleReport()}, {"ci", SampleCiReport()}};
  for (size_t i = 0; i < Evils().size(); ++i) {
    reports.emplace_back("hostile" + std::to_string(i), HostileReport(Evils()[i]));
  }
  std::string input;
  for (const auto& [label, report] : reports) {
    for (const char* name : {"sarif", "gitlab-container-scanning", "gitlab-code-quality", "junit",
                             "csv", "html", "github"}) {
      const std::string text = Render(name, report);
      input += std::string(name) + " " + label + " " + std::to_string(text.size()) + "\n" + text;
    }
  }
  const auto result = scantling::testing::Run(
      {"python3", std::string(SCANTLING_SOURCE_DIR) + "/tests/formats/check.py"}, input);
  EXPECT_EQ(result.exit, 0) << result.stdout_text << result.stderr_text;
}

// For checks that need more than this machine may have (a browser, official schemas):
// SCANTLING_DOCUMENTS names a folder, and a document of every format is written there.
TEST(Documents, ForOtherChecks) {
  const char* folder = std::getenv("SCANTLING_DOCUMENTS");
  if (folder == nullptr) {
    GTEST_SKIP() << "SCANTLING_DOCUMENTS is not set";
  }
  const std::vector<std::pair<std::string, model::Report>> reports = {
      {"empty", {}},
      {"ci", SampleCiReport()},
      {"hostile", HostileReport(Evils()[0] + Evils()[2] + Evils()[4])},
      {"large", LargeReport()}};
  for (const auto& [label, report] : reports) {
    for (const FormatInfo& info : FormatTable()) {
      std::string path(folder);
      path.append("/").append(label).append("-").append(info.name).append(info.extension);
      std::ofstream file(path, std::ios::binary);
      file << Render(info.name, report);
      ASSERT_TRUE(file.good()) << path;
    }
  }
}

}  // namespace
}  // namespace scantling::report
