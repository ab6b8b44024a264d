#include "policy/exceptions/exceptions.h"

#include "base/strings.h"
#include "policy/exceptions/glob.h"
#include "policy/exceptions/import.h"
#include "policy/exceptions/recorded.h"
#include "policy/vex/image_name.h"
#include "policy/vex/test_report.h"
#include "policy/vex/vex.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::policy {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr base::Seconds kNow = 1'795'478'400;  // 2026-11-24

std::string Entry(const std::string& id, const std::string& rest,
                  const std::string& until = "2026-12-31") {
  return "  - id: " + id + "\n    owner: ann\n    approver: bob\n    reason: accepted_risk\n" +
         "    words: not used in production\n    created: 2026-11-01\n    until: " + until + "\n" +
         rest;
}
std::string File(const std::string& entries) {
  return "schema: scantling.exceptions/1\nexceptions:\n" + entries;
}

struct Applied {
  model::Report report = TestReport();
  Exceptions exceptions;
  std::vector<model::ExceptionUse> uses;

  // "EX-1 used 2"
  std::string Uses() const {
    std::string out;
    for (const auto& use : uses) {
      out += (out.empty() ? "" : ", ") + use.id + " " + use.state +
             (use.findings > 0 ? " " + std::to_string(use.findings) : "");
    }
    return out;
  }
  uint64_t Accepted() const {
    uint64_t out = 0;
    for (const auto& finding : report.findings) {
      out +=
          finding.treatment && finding.treatment->kind == model::TreatmentKind::kAccepted ? 1 : 0;
    }
    return out;
  }
};

Applied Apply(const std::string& text, const std::string& environment = "",
              base::Seconds now = kNow) {
  Applied out;
  auto parsed = ParseExceptions(text, "e.yaml");
  EXPECT_TRUE(parsed.has_value()) << parsed.error().Message();
  if (parsed) {
    out.exceptions = *std::move(parsed);
    out.uses = ApplyExceptions(out.report, out.exceptions, {environment, now});
  }
  EXPECT_EQ(out.report.findings.size(), 5U);
  return out;
}

TEST(Exceptions, Targets) {
  EXPECT_EQ(Apply(File(Entry("EX-1", "    finding: CVE-2020-8203\n"))).Uses(), "EX-1 used 1");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    finding: ghsa-jfh8-c2jp-5v3q\n"))).Uses(), "EX-1 used 1");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    component: lodash\n"))).Uses(), "EX-1 used 2");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    component: pkg:npm/lodash\n"))).Uses(), "EX-1 used 2");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    component: pkg:npm/lodash@4.17.15\n"))).Uses(),
            "EX-1 used 2");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    component: pkg:npm/lodash@4.17.16\n"))).Uses(),
            "EX-1 unused");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    component: glibc\n"))).Uses(), "EX-1 used 1");
  EXPECT_EQ(
      Apply(File(Entry("EX-1", "    component: lodash\n    finding: CVE-2020-8203\n"))).Uses(),
      "EX-1 used 1");
  EXPECT_EQ(
      Apply(File(Entry("EX-1", "    component: lodash\n    finding: CVE-2023-4911\n"))).Uses(),
      "EX-1 unused");
  const auto one = Apply(File(Entry("EX-1", "    finding: CVE-2020-8203\n")));
  const model::Treatment& treatment = *one.report.findings[1].treatment;
  EXPECT_EQ(treatment.kind, model::TreatmentKind::kAccepted);
  EXPECT_EQ(treatment.source, "e.yaml:3");
  EXPECT_EQ(treatment.reason, "accepted_risk");
  EXPECT_EQ(treatment.until, "2026-12-31");
  EXPECT_EQ(one.Accepted(), 1U);
}

TEST(Exceptions, Scopes) {
  const auto scoped = [](const std::string& scope, const std::string& environment = "") {
    return Apply(File(Entry("EX-1", "    component: lodash\n    scope: {" + scope + "}\n")),
                 environment)
        .Uses();
  };
  const std::string used = "EX-1 used 2";
  EXPECT_EQ(scoped("repository: ghcr.io/acme/shop"), used);
  EXPECT_EQ(scoped("repository: ghcr.io/acme/*"), used);
  EXPECT_EQ(scoped("repository: ghcr.io/*"), "EX-1 unused");
  EXPECT_EQ(scoped("repository: ghcr.io/**"), used);
  EXPECT_EQ(scoped("repository: shop"), "EX-1 unused");
  EXPECT_EQ(scoped("tag: '1.*'"), used);
  EXPECT_EQ(scoped("tag: '2.*'"), "EX-1 unused");
  EXPECT_EQ(scoped("digest: 'sha256:" + std::string(64, 'a') + "'"), used);
  EXPECT_EQ(scoped("digest: 'sha256:" + std::string(64, 'c') + "'"), "EX-1 unused");
  EXPECT_EQ(scoped("environment: production", "production"), used);
  EXPECT_EQ(scoped("environment: production", "test"), "EX-1 unused");
  EXPECT_EQ(scoped("environment: production"), "EX-1 unused");
  EXPECT_EQ(scoped("path: app/*"), used);
  EXPECT_EQ(scoped("path: /app/lodash"), used);
  EXPECT_EQ(scoped("path: other/**"), "EX-1 unused");
  EXPECT_EQ(scoped("layer: application"), used);
  EXPECT_EQ(scoped("layer: base"), "EX-1 unused");
  EXPECT_EQ(scoped("layer: 'sha256:" + std::string(64, 'e') + "'"), used);
  EXPECT_EQ(scoped("layer: 'sha256:" + std::string(64, 'f') + "'"), used);
  EXPECT_EQ(scoped("layer: 'sha256:" + std::string(64, 'c') + "'"), "EX-1 unused");
}

TEST(Exceptions, APlaceOutsideOfThePathKeepsItOpen) {
  auto report = TestReport();
  report.inventory.components[3].locations.push_back({"srv/lodash", 1});
  const auto exceptions = ParseExceptions(
      File(Entry("EX-1", "    component: lodash\n    scope: {path: app/*}\n")), "e.yaml");
  EXPECT_EQ(ApplyExceptions(report, *exceptions, {"", kNow}).at(0).state, "unused");
  EXPECT_FALSE(report.findings[1].treatment.has_value());
}

TEST(Exceptions, PackageUrlsInOtherSpellings) {
  for (const std::string purl : {"pkg:npm/@acme/Lodash@1.0", "pkg:npm/%40acme/lodash@1.0"}) {
    auto report = TestReport();
    report.inventory.components[3].purl = purl;
    report.inventory.components[3].version = "1.0";
    const auto exceptions =
        ParseExceptions(File(Entry("EX-1", "    component: 'pkg:npm/%40acme/lodash'\n")), "e.yaml");
    EXPECT_EQ(ApplyExceptions(report, *exceptions, {"", kNow}).at(0).findings, 2U) << purl;
  }
}

TEST(Exceptions, SeveralFiles) {
  auto report = TestReport();
  std::vector<Exceptions> files;
  files.push_back(*ParseExceptions(File(Entry("EX-1", "    component: lodash\n")), "a.yaml"));
  files.push_back(*ParseExceptions(File(Entry("EX-2", "    component: glibc\n")), "b.yaml"));
  const auto uses = ApplyExceptions(report, files, {"", kNow});
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[1].where, "b.yaml:3");
  EXPECT_EQ(report.findings[1].treatment->id, "EX-1");
  EXPECT_EQ(report.findings[3].treatment->id, "EX-2");
}

TEST(Exceptions, Ends) {
  const auto at = [](const std::string& until) {
    return Apply(File(Entry("EX-1", "    component: lodash\n", until)), "", kNow + 3600);
  };
  EXPECT_EQ(at("2026-11-23").Uses(), "EX-1 expired");
  EXPECT_EQ(at("2026-11-23").Accepted(), 0U);
  EXPECT_EQ(at("2026-11-24").Uses(), "EX-1 expiring 2");
  EXPECT_EQ(at("2026-11-24").Accepted(), 2U);
  EXPECT_EQ(at("2026-12-08").Uses(), "EX-1 expiring 2");
  EXPECT_EQ(at("2026-12-09").Uses(), "EX-1 used 2");
  EXPECT_EQ(at("2030-01-01").uses.at(0).note, "runs for more than a year");
  // Written later than the day that is asked about.
  const auto early = Apply(File(Entry("EX-1", "    component: lodash\n")), "", kNow - 60 * 86'400);
  EXPECT_EQ(early.Uses(), "EX-1 unused");
  EXPECT_EQ(early.Accepted(), 0U);
  // What an earlier run accepted ends with it.
  auto again = Apply(File(Entry("EX-1", "    component: lodash\n")));
  EXPECT_EQ(again.Accepted(), 2U);
  ApplyExceptions(again.report, again.exceptions, {"", kNow + 90 * 86'400});
  EXPECT_EQ(again.Accepted(), 0U);
}

struct BrokenEntry {
  std::string entry;
  std::string why;
};

std::vector<BrokenEntry> BrokenEntries() {
  const std::string target = "    component: lodash\n";
  const auto without = [&](const std::string& key) {
    std::string entry = Entry("EX-1", target);
    const size_t at = entry.find(key + ":");
    entry.replace(at, entry.find('\n', at) - at, key + ": ''");
    return entry;
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string entry = Entry("EX-1", target);
    entry.replace(entry.find(from), from.size(), to);
    return entry;
  };
  return {
      {Entry("EX-1", ""), "about everything"},
      {Entry("EX-1", "    component: ''\n"), "e.yaml:10:16: \"component\" is empty"},
      {Entry("EX-1", "    component:\n"), "is empty"},
      {Entry("EX-1", "    component: '*'\n"), "no patterns"},
      {Entry("EX-1", "    component: pkg:npm\n"), "package URL"},
      {Entry("EX-1", "    finding: CVE-*\n"), "no patterns"},
      {Entry("EX-1", "    finding: [CVE-2020-8203]\n"), "is a text"},
      {Entry("EX-1", target + "    scop: {tag: '1'}\n"), "unknown key \"scop\""},
      {Entry("EX-1", target + "    scope: {tags: '1'}\n"), "unknown key \"tags\""},
      {Entry("EX-1", target + "    scope:\n"), "\"scope\" is a mapping"},
      {Entry("EX-1", target + "    scope: {digest: abc}\n"), "64 hexadecimal"},
      {Entry("EX-1", target + "    scope: {layer: top}\n"), "base, application"},
      {Entry("EX-1", target + "    scope: {repository: 'shop:1.4'}\n"), "no tag or digest"},
      {without("owner"), "\"owner\" is missing"},
      {without("approver"), "\"approver\" is missing"},
      {without("words"), "\"words\" is missing"},
      {without("until"), "every exception ends"},
      {without("created"), "\"created\" is missing"},
      {without("reason"), "give one of accepted_risk"},
      {with("approver: bob", "approver: ' ANN '"), "the approver is the owner"},
      {with("reason: accepted_risk", "reason: because"), "the reason is one of"},
      {with("until: 2026-12-31", "until: 2026-13-31"), "is a date"},
      {with("until: 2026-12-31", "until: never"), "is a date"},
      {with("until: 2026-12-31", "until: 2026-10-31"), "ends before"},
      {with("reason: accepted_risk", "reason: false_positive"), "wants one of"},
      {with("reason: accepted_risk",
            "reason: accepted_risk\n    justification: component_not_present"),
       "stays affected"},
      {"  - just text\n", "an entry is a mapping"},
  };
}

TEST(Exceptions, BrokenEntriesExceptNothingAndSayWhy) {
  for (const BrokenEntry& one : BrokenEntries()) {
    const auto applied = Apply(File(one.entry + Entry("EX-2", "    finding: CVE-2023-4911\n")));
    ASSERT_EQ(applied.uses.size(), 2U) << one.entry;
    EXPECT_EQ(applied.uses[0].state, "invalid") << one.entry;
    EXPECT_THAT(applied.uses[0].note, HasSubstr(one.why)) << one.entry;
    EXPECT_THAT(applied.uses[0].note, HasSubstr("e.yaml:"));
    EXPECT_EQ(applied.uses[1].state, "used");
    EXPECT_EQ(applied.Accepted(), 1U);
    EXPECT_EQ(applied.exceptions.InvalidCount(), 1U);
  }
}

// The schema and the program agree, but for what a schema cannot say.
TEST(Exceptions, FollowsItsSchema) {
  if (!testing::HaveProgram("python3")) {
    GTEST_SKIP() << "no python3: api/exceptions.schema.json was not checked";
  }
  const std::string program = R"(
import json, sys
try:
    import jsonschema, yaml
except ImportError:
    sys.exit(77)
rules = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(rules)
text = sys.stdin.read()
for document in text.split("\f"):
    value = yaml.load(document, Loader=yaml.BaseLoader)
    print("good" if jsonschema.Draft202012Validator(rules).is_valid(value) else "bad")
)";
  std::vector<std::string> texts = {
      File(Entry("EX-1",
                 "    finding: CVE-2020-8203\n    component: lodash\n    scope: {tag: '1.*', "
                 "layer: base, path: a}\n") +
           Entry("EX-2", "    rule: r\n"))};
  const auto broken = BrokenEntries();
  for (const BrokenEntry& one : broken) {
    texts.push_back(File(one.entry));
  }
  std::string input;
  for (const std::string& text : texts) {
    input += (input.empty() ? "" : "\f") + text;
  }
  const auto run = testing::Run(
      {"python3", "-c", program, std::string(SCANTLING_SOURCE_DIR) + "/api/exceptions.schema.json"},
      input);
  if (run.exit == 77) {
    GTEST_SKIP()
        << "no python3-jsonschema or python3-yaml: api/exceptions.schema.json was not checked";
  }
  ASSERT_EQ(run.exit, 0) << run.stderr_text;
  const auto lines = base::Split(run.stdout_text, '\n');
  ASSERT_EQ(lines.size(), texts.size() + 1);
  EXPECT_EQ(lines[0], "good");
  for (size_t i = 0; i < broken.size(); ++i) {
    const std::string& why = broken[i].why;
    const bool beyond = why == "package URL" || why == "no tag or digest" ||
                        why == "the approver is the owner" || why == "ends before" ||
                        broken[i].entry.find("2026-13-31") != std::string::npos;
    EXPECT_EQ(lines[i + 1], beyond ? "good" : "bad") << broken[i].entry;
  }
}

TEST(Exceptions, DoublesContradict) {
  const auto ids = Apply(File(Entry("EX-1", "    component: lodash\n") +
                              Entry("ex-1", "    finding: CVE-2023-4911\n")));
  EXPECT_EQ(ids.Uses(), "EX-1 invalid, ex-1 invalid");
  EXPECT_THAT(ids.uses[0].note, HasSubstr("also at e.yaml:11"));
  EXPECT_EQ(ids.Accepted(), 0U);
  const auto targets = Apply(
      File(Entry("EX-1", "    component: lodash\n") + Entry("EX-2", "    component: lodash\n")));
  EXPECT_EQ(targets.Uses(), "EX-1 invalid, EX-2 invalid");
  std::string renewed = Entry("EX-2", "    component: lodash\n");
  renewed.replace(renewed.find("2026-11-01"), 10, "2026-11-16");
  EXPECT_EQ(Apply(File(Entry("EX-1", "    component: lodash\n", "2026-11-15") + renewed)).Uses(),
            "EX-1 expired, EX-2 used 2");
}

TEST(Exceptions, BrokenFilesAreErrors) {
  const auto message = [](const std::string& text) {
    const auto parsed = ParseExceptions(text, "e.yaml");
    return parsed ? std::string("no error") : parsed.error().Message();
  };
  EXPECT_THAT(message(""), HasSubstr("e.yaml:1:1"));
  EXPECT_THAT(message("- a\n"), HasSubstr("mapping"));
  EXPECT_THAT(message("schema: scantling.exceptions/2\nexceptions: []\n"), HasSubstr("e.yaml:1:9"));
  EXPECT_THAT(message("schema: scantling.exceptions/1\n"), HasSubstr("must be a list"));
  EXPECT_THAT(message("schema: scantling.exceptions/1\nexceptions: {}\n"),
              HasSubstr("e.yaml:2:13"));
  EXPECT_THAT(message("schema: scantling.exceptions/1\nexception: []\n"),
              HasSubstr("e.yaml:2:1: unknown key"));
  EXPECT_THAT(message("schema: scantling.exceptions/1\nexceptions: [\n"),
              HasSubstr("no exception counts"));
  EXPECT_THAT(message("schema: scantling.exceptions/1\nexceptions: []\nexceptions: []\n"),
              HasSubstr("e.yaml:3:1: YAML: "));
  EXPECT_THAT(message("schema: scantling.exceptions/1\nexceptions: []\n---\na: b\n"),
              HasSubstr("e.yaml"));
  EXPECT_EQ(message("schema: scantling.exceptions/1\nexceptions: []\n"), "no error");
}

TEST(Exceptions, FalsePositiveIsNotAffected) {
  const auto applied =
      Apply(File("  - id: EX-1\n    owner: ann\n    approver: bob\n    reason: false_positive\n"
                 "    justification: vulnerable_code_not_present\n    words: built without it\n"
                 "    created: 2026-11-01\n    until: 2026-12-31\n    finding: CVE-2020-8203\n"));
  EXPECT_EQ(applied.Uses(), "EX-1 used 1");
  EXPECT_EQ(applied.report.findings[1].treatment->kind, model::TreatmentKind::kNotAffected);
  EXPECT_EQ(applied.report.findings[1].treatment->reason, "vulnerable_code_not_present");
}

TEST(Exceptions, ARuleAlone) {
  const auto applied =
      Apply(File(Entry("EX-1", "    rule: no-critical\n    finding: CVE-2020-8203\n") +
                 Entry("EX-2", "    rule: end-of-life\n") +
                 Entry("EX-3", "    rule: old-rule\n    finding: CVE-2020-8203\n", "2026-11-10")));
  // Used by a rule of a policy, and no policy is asked here.
  EXPECT_EQ(applied.Uses(), "EX-1 unused, EX-2 unused, EX-3 expired");
  EXPECT_THAT(applied.uses[0].note, HasSubstr("no policy is asked here"));
  EXPECT_EQ(applied.Accepted(), 0U);
  const RuleExceptions rules(applied.report, applied.exceptions, {"", kNow});
  EXPECT_TRUE(rules.RuleIsExcepted("no-critical", applied.report.findings[1]));
  EXPECT_FALSE(rules.RuleIsExcepted("no-critical", applied.report.findings[2]));
  EXPECT_FALSE(rules.RuleIsExcepted("other", applied.report.findings[1]));
  EXPECT_FALSE(rules.RuleIsExcepted("old-rule", applied.report.findings[1]));
  EXPECT_EQ(rules.FindForImage("no-critical"), nullptr);
  ASSERT_NE(rules.FindForImage("end-of-life"), nullptr);
  EXPECT_EQ(rules.FindForImage("end-of-life")->id, "EX-2");
}

TEST(Exceptions, OneForARuleIsUsedWhenItsRuleLeftSomethingOut) {
  Applied applied =
      Apply(File(Entry("EX-1", "    rule: no-critical\n    finding: CVE-2020-8203\n") +
                 Entry("EX-2", "    rule: no-critical\n    component: lodash\n", "2026-11-30") +
                 Entry("EX-3", "    rule: no-critical\n    finding: CVE-2023-4911\n") +
                 Entry("EX-4", "    rule: end-of-life\n") + Entry("EX-5", "    rule: no-root\n") +
                 Entry("EX-6", "    rule: no-critical\n    scope: {tag: '9'}\n") +
                 Entry("EX-7", "    rule: nope\n") + Entry("EX-8", "    component: glibc\n")));
  const model::Finding& finding = applied.report.findings[1];
  model::Verdict& verdict = applied.report.verdict.emplace();
  verdict.policy = "p";
  verdict.rules.resize(3);
  verdict.rules[0].rule = "no-critical";
  verdict.rules[0].excepted = {model::FindingKey(finding.id, finding.component)};
  verdict.rules[1].rule = "end-of-life";
  verdict.rules[1].excepted = {std::string(kImageExcepted)};
  verdict.rules[2].rule = "no-root";
  applied.report.exceptions = applied.uses;
  ApplyRuleExceptions(applied.report, {&applied.exceptions, 1}, {"", kNow});
  applied.uses = applied.report.exceptions;
  EXPECT_EQ(applied.Uses(),
            "EX-1 used 1, EX-2 expiring 1, EX-3 unused, EX-4 used, EX-5 unused, EX-6 unused, "
            "EX-7 unused, EX-8 used 1");
  EXPECT_EQ(applied.uses[1].note, "ends in 6 days");
  EXPECT_EQ(applied.uses[2].note, "rule no-critical meets nothing that it is about");
  EXPECT_EQ(applied.uses[4].note, "rule no-root meets nothing that it is about");
  EXPECT_THAT(applied.uses[5].note, HasSubstr("for tag 9"));
  EXPECT_EQ(applied.uses[6].note, "policy p has no rule nope");
  // A report of it that is judged again without the file keeps nothing of those for a rule.
  Applied again;
  KeepTreatments(again.report, applied.report, {.now = kNow});
  again.uses = again.report.exceptions;
  EXPECT_EQ(again.Uses(),
            "EX-1 unused, EX-2 expiring, EX-3 unused, EX-4 unused, EX-5 unused, EX-6 unused, "
            "EX-7 unused, EX-8 used 1");
  EXPECT_THAT(again.uses[1].note, HasSubstr("unused: "));
}

TEST(Exceptions, WhatStandsTwiceInSeveralFilesIsInvalidInBoth) {
  const std::string lodash = "    component: lodash\n";
  const auto problems = [](const std::vector<ExceptionsFile>& files) {
    const auto parsed = ParseExceptions(files);
    EXPECT_TRUE(parsed.has_value());
    std::vector<std::string> out;
    for (const Exceptions& file : *parsed) {
      for (const Exception& entry : file.entries) {
        out.push_back(entry.problem);
      }
    }
    return out;
  };
  const std::string first = File(Entry("A1", lodash));
  EXPECT_THAT(problems({{first, "a.yaml"}, {File(Entry("A2", "    component: x\n")), "b.yaml"}}),
              ElementsAre("", ""));
  EXPECT_THAT(problems({{first, "a.yaml"}, {File(Entry("a1", "    component: x\n")), "b.yaml"}}),
              ElementsAre("a.yaml:3: the id A1 is also at b.yaml:3: give each its own",
                          "b.yaml:3: the id a1 is also at a.yaml:3: give each its own"));
  EXPECT_THAT(problems({{first, "a.yaml"}, {File(Entry("A2", lodash)), "b.yaml"}}),
              ElementsAre("a.yaml:3: A2 at b.yaml:3 is about the same at the same time: keep one",
                          "b.yaml:3: A1 at a.yaml:3 is about the same at the same time: keep one"));
  // As in one file: two that are invalid by each other do not let a third one count.
  EXPECT_THAT(problems({{File(Entry("A1", lodash) + Entry("A2", lodash)), "a.yaml"},
                        {File(Entry("A3", lodash)), "b.yaml"}}),
              Each(HasSubstr("is about the same at the same time")));
}

TEST(Exceptions, AfterVex) {
  auto report = TestReport();
  report.findings[1].treatment =
      model::Treatment{model::TreatmentKind::kNotAffected, "V", "v.json", "x", "", "", "", ""};
  report.findings[2].treatment =
      model::Treatment{model::TreatmentKind::kAffected, "V", "v.json", "", "", "", "", ""};
  const auto exceptions = ParseExceptions(File(Entry("EX-1", "    finding: CVE-2020-8203\n") +
                                               Entry("EX-2", "    finding: CVE-2021-23337\n")),
                                          "e.yaml");
  const auto uses = ApplyExceptions(report, *exceptions, {"", kNow});
  EXPECT_EQ(uses[0].state, "unused");
  EXPECT_THAT(uses[0].note, HasSubstr("VEX"));
  EXPECT_EQ(report.findings[1].treatment->kind, model::TreatmentKind::kNotAffected);
  EXPECT_EQ(uses[1].state, "used");
  EXPECT_EQ(report.findings[2].treatment->kind, model::TreatmentKind::kAccepted);
}

TEST(Recorded, DecisionsOfAReportAreKeptUntilTheirEnd) {
  Applied first = Apply(File(Entry("EX-1", "    finding: CVE-2021-44228\n") +
                             Entry("EX-2", "    finding: CVE-2020-8203\n", "2026-11-30")));
  first.report.exceptions = first.uses;
  model::Finding& vex = first.report.findings.back();
  ASSERT_FALSE(vex.treatment.has_value());
  vex.treatment = model::Treatment{model::TreatmentKind::kNotAffected,
                                   "urn:vex:1",
                                   "v.json",
                                   "component_not_present",
                                   "",
                                   "",
                                   "",
                                   ""};
  const auto again = [&](KeepOptions options) {
    Applied out;
    const KeptTreatments kept = KeepTreatments(out.report, first.report, options);
    out.uses = out.report.exceptions;
    return std::pair(std::move(out), kept);
  };
  const auto [same, kept] = again({.now = kNow});
  EXPECT_EQ(kept.kept, 3U);
  EXPECT_EQ(kept.ended, 0U);
  EXPECT_EQ(same.Accepted(), first.Accepted());
  EXPECT_EQ(same.report.findings.back().treatment, vex.treatment);
  EXPECT_EQ(same.Uses(), first.Uses());
  // The last day counts, the day after does not.
  const base::Seconds day = base::kSecondsPerDay;
  EXPECT_EQ(again({.now = kNow + 6 * day}).second.ended, 0U);
  const auto [later, after] = again({.now = kNow + 7 * day});
  EXPECT_EQ(after.kept, 2U);
  EXPECT_EQ(after.ended, 1U);
  EXPECT_THAT(later.Uses(), HasSubstr("EX-2 expired"));
  // Files that are given take their place.
  EXPECT_EQ(again({.exceptions = false, .now = kNow}).second.kept, 1U);
  EXPECT_THAT(again({.exceptions = false, .now = kNow}).first.uses, IsEmpty());
  EXPECT_EQ(again({.vex = false, .now = kNow}).second.kept, 2U);
  // Another component, or a decision that is there already, is left alone.
  Applied other;
  for (model::Finding& finding : other.report.findings) {
    finding.component += "x";
  }
  EXPECT_EQ(KeepTreatments(other.report, first.report, {.now = kNow}).kept, 0U);
  Applied decided;
  decided.report.findings[0].treatment = vex.treatment;
  KeepTreatments(decided.report, first.report, {.now = kNow});
  EXPECT_EQ(decided.report.findings[0].treatment, vex.treatment);
}

TEST(Exceptions, EveryPrefixAndFlippedBytesWidenNothing) {
  const std::string text = File(Entry(
      "EX-1",
      "    finding: CVE-2020-8203\n    component: lodash\n    scope: {tag: '1.*', path: app/*}\n"));
  std::mt19937 random(7);
  const auto check = [](std::string_view damaged) {
    const auto parsed = ParseExceptions(damaged, "e.yaml");
    if (parsed) {
      auto report = TestReport();
      ApplyExceptions(report, *parsed, {"", kNow});
      EXPECT_EQ(report.findings.size(), 5U);
      for (size_t i = 0; i < report.findings.size(); ++i) {
        if (i != 1) {
          EXPECT_FALSE(report.findings[i].treatment.has_value()) << damaged;
        }
      }
    }
  };
  for (size_t i = 0; i <= text.size(); ++i) {
    // What is cut off within the target would be a wider entry; it comes last, so that it is
    // missing its dates before it is wider.
    check(std::string_view(text).substr(0, i));
  }
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto parsed = ParseExceptions(damaged, "e.yaml");
    (void)parsed.has_value();
  }
}

TEST(Glob, Patterns) {
  EXPECT_TRUE(GlobMatches("1.*", "1.4"));
  EXPECT_FALSE(GlobMatches("1.*", "2.4"));
  EXPECT_TRUE(GlobMatches("a/*/c", "a/b/c"));
  EXPECT_FALSE(GlobMatches("a/*", "a/b/c"));
  EXPECT_TRUE(GlobMatches("a/**", "a/b/c"));
  EXPECT_TRUE(GlobMatches("**/c", "a/b/c"));
  EXPECT_TRUE(GlobMatches("?.4", "1.4"));
  EXPECT_FALSE(GlobMatches("", "a"));
  EXPECT_TRUE(GlobMatches("", ""));
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_FALSE(GlobMatches(std::string(2000, '*') + "b", std::string(2000, 'a')));
}

TEST(ImageName, Parts) {
  EXPECT_EQ(ParseImageName("debian").repository, "docker.io/library/debian");
  EXPECT_EQ(ParseImageName("debian").tag, "latest");
  EXPECT_EQ(ParseImageName("acme/shop:1").repository, "docker.io/acme/shop");
  EXPECT_EQ(ParseImageName("localhost:5000/shop").repository, "localhost:5000/shop");
  EXPECT_EQ(ParseImageName("localhost:5000/shop:2").tag, "2");
  EXPECT_EQ(ParseImageName("ghcr.io/a/b:1@sha256:00").digest, "sha256:00");
  EXPECT_EQ(ParseImageName("docker.io/debian").repository, "docker.io/library/debian");
  EXPECT_EQ(ParseImageName("").repository, "");
}

}  // namespace
}  // namespace scantling::policy
