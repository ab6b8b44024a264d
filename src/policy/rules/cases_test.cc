// Cases: the ready policies against theirs, every variable that can be given, mistakes with their
// places.
#include "policy/rules/cases.h"

#include "base/file.h"
#include "base/strings.h"
#include "policy/rules/evaluate.h"
#include "policy/rules/ready.h"
#include "policy/rules/yaml_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::policy {
namespace {

using ::testing::HasSubstr;

std::string ReadyFile(std::string_view name, std::string_view ending) {
  const std::string path = std::string(SCANTLING_SOURCE_DIR) + "/src/policy/rules/ready/" +
                           std::string(name) + std::string(ending);
  auto text = base::ReadFile(path, 1 << 20);
  return text ? *std::move(text) : "cannot read " + path;
}

std::string MessageOf(std::string_view text) {
  const auto cases = ParseCases(text, "c.yaml");
  return cases ? "no error" : cases.error().Message();
}

TEST(ReadyPolicies, AreTheirFilesAndPassTheirCases) {
  ASSERT_EQ(ReadyPolicies().size(), 6U);
  for (const ReadyPolicy& ready : ReadyPolicies()) {
    SCOPED_TRACE(ready.name);
    EXPECT_EQ(ready.text, ReadyFile(ready.name, ".yaml")) << "run ready/embed.py > texts.cc";
    const auto policy = ParsePolicy(ready.text, std::string(ready.name) + ".yaml");
    ASSERT_TRUE(policy.has_value()) << policy.error().Message();
    EXPECT_EQ(policy->name, ready.name);
    EXPECT_EQ(policy->description, ready.summary);
    const auto cases = ParseCases(ReadyFile(ready.name, ".cases.yaml"), "cases.yaml");
    ASSERT_TRUE(cases.has_value()) << cases.error().Message();
    std::set<std::string> asked;
    for (const PolicyCase& each : *cases) {
      for (const auto& [id, want] : each.rules) {
        asked.insert(id);
      }
    }
    for (const Rule& rule : policy->rules) {
      EXPECT_TRUE(asked.contains(rule.id)) << "no case asks rule " << rule.id;
    }
    for (const CaseResult& result : RunCases(*policy, *cases)) {
      EXPECT_TRUE(result.passed) << result.name << "\n" << result.text;
    }
  }
  EXPECT_EQ(MaybeReadyPolicy("strict")->name, "strict");
  EXPECT_EQ(MaybeReadyPolicy("Strict"), nullptr);
}

// A value for each type of variable, as YAML and as a condition writes it.
struct Written {
  std::string yaml;
  std::string condition;
};
Written WrittenFor(const VariableHelp& variable) {
  if (variable.name == "component.type") {
    return {"npm", "\"npm\""};
  }
  if (variable.name == "image.repository") {
    return {"docker.io/acme/shop", "\"docker.io/acme/shop\""};
  }
  if (variable.type == "a text") {
    return {"some", "\"some\""};
  }
  if (variable.type == "true or false") {
    return {"true", "true"};
  }
  if (variable.type == "a whole number") {
    return {"3", "3"};
  }
  if (variable.type == "a number with a point") {
    return {"0.25", "0.25"};
  }
  if (variable.type == "a date") {
    return {"2025-05-06", "date(\"2025-05-06\")"};
  }
  if (variable.type == "a list of texts") {
    return {"[one, two]", ""};
  }
  if (variable.type.starts_with("one of ")) {
    const std::string word(
        base::Trim(std::string_view(variable.type).substr(variable.type.rfind(',') + 1)));
    return {word, "\"" + word + "\""};
  }
  return {"", ""};
}

TEST(Cases, EveryVariableCanBeGiven) {
  size_t tried = 0;
  for (const VariableHelp& variable : VariableTable()) {
    const size_t dot = variable.name.find('.');
    if (dot == std::string::npos) {
      continue;  // now, findings, components
    }
    const std::string record = variable.name.substr(0, dot);
    SCOPED_TRACE(variable.name);
    const Written written = WrittenFor(variable);
    ASSERT_FALSE(written.yaml.empty()) << variable.type;
    const std::string condition =
        written.condition.empty()
            ? "size(" + variable.name + ") == 2 && \"two\" in " + variable.name
            : variable.name + " == " + written.condition;
    const auto policy = ParsePolicy(
        "schema: scantling.policy/1\nname: p\nrules:\n- {id: r, text: t, when: '" + condition +
            "', changes: [introduced, inherited, existing, new_in_world]}\n",
        "p.yaml");
    ASSERT_TRUE(policy.has_value()) << policy.error().Message();
    std::string given = record + ": {" + variable.name.substr(dot + 1) + ": " + written.yaml;
    given += variable.name == "image.size_bytes" ? ", layers: 2}" : "}";
    given += record == "finding" ? "" : ", finding: {change: introduced}";
    const std::string text = "schema: scantling.policy-cases/1\ncases:\n- name: n\n  given: {" +
                             given + "}\n  now: 2026-01-01\n  expect: {r: " +
                             (variable.name == "finding.change" ? "routed" : "met") + "}\n";
    const auto cases = ParseCases(text, "c.yaml");
    ASSERT_TRUE(cases.has_value()) << cases.error().Message();
    EXPECT_EQ(RunCases(*policy, *cases)[0].text, "");
    ++tried;
  }
  EXPECT_GT(tried, 70U);
}

TEST(Cases, ManyFindingsAndComponentsForRulesAboutTheImage) {
  const auto policy = ParsePolicy(R"(schema: scantling.policy/1
name: p
rules:
- {id: many, text: t, applies_to: image, when: 'findings.filter(f, f.severity == "high").size() >= 2'}
- {id: curl, text: t, applies_to: image, when: 'components.exists(c, c.name == "curl")'}
)",
                                  "p.yaml");
  ASSERT_TRUE(policy.has_value()) << policy.error().Message();
  const auto cases = ParseCases(R"(schema: scantling.policy-cases/1
cases:
- name: two
  given:
    findings: [{severity: high}, {severity: high}, {severity: low}]
    components: [{name: curl, type: deb}]
  now: 2026-01-01
  expect: {many: met, curl: met}
- name: one
  given: {findings: [{severity: high}]}
  now: 2026-01-01
  expect: {many: not_met, curl: met}
)",
                                "c.yaml");
  ASSERT_TRUE(cases.has_value()) << cases.error().Message();
  const auto results = RunCases(*policy, *cases);
  EXPECT_TRUE(results[0].passed) << results[0].text;
  EXPECT_EQ(results[1].text, "c.yaml:9: curl: expected met, it is not_met");
}

TEST(Cases, ReportsAndExceptionsOfFiles) {
  const auto policy = ParsePolicy(
      "schema: scantling.policy/1\nname: p\nrules:\n- {id: r, text: t, when: 'true', stage: "
      "enforce}\n",
      "p.yaml");
  const std::string text = R"(schema: scantling.policy-cases/1
cases:
- {name: n, given: {report: r.json}, exceptions: e.yaml, now: 2026-01-10, expect: {r: excepted, stop: false}}
- {name: o, given: {report: r.json}, exceptions: e.yaml, now: 2026-02-10, expect: {r: met, stop: true}}
)";
  CaseFiles files;
  files.report = [](const std::string& file) -> base::Result<model::Report> {
    EXPECT_EQ(file, "r.json");
    model::Report report;
    report.ecosystems = {{"npm", 1, "2026-01-09", model::DataState::kCovered}};
    report.inventory.components.emplace_back().ref = "a";
    report.findings.emplace_back().id = "CVE-1";
    report.findings[0].component = "a";
    return report;
  };
  files.text = [](const std::string&) -> base::Result<std::string> {
    return std::string(
        "schema: scantling.exceptions/1\nexceptions:\n- {id: E, rule: r, owner: a, approver: b, "
        "reason: accepted_risk, words: w, created: 2026-01-01, until: 2026-01-31}\n");
  };
  const auto cases = ParseCases(text, "c.yaml", files);
  ASSERT_TRUE(cases.has_value()) << cases.error().Message();
  for (const CaseResult& result : RunCases(*policy, *cases)) {
    EXPECT_TRUE(result.passed) << result.text;
  }
  EXPECT_THAT(MessageOf(text), HasSubstr("c.yaml:3:29: the report cannot be read"));
}

TEST(Cases, MistakesHaveTheirPlace) {
  const std::string head = "schema: scantling.policy-cases/1\ncases:\n";
  const auto one = [&](const std::string& given, const std::string& rest = "") {
    return MessageOf(head + "- name: n\n  now: 2026-01-01\n  given: " + given +
                     "\n  expect: {r: met}\n" + rest);
  };
  EXPECT_EQ(one("{finding: {}}"), "no error");
  EXPECT_THAT(one("{finding: {sevrity: high}}"),
              HasSubstr("c.yaml:5:21: finding has no \"sevrity\"; did you mean \"severity\"?"));
  EXPECT_THAT(one("{finding: {severity: hihg}}"), HasSubstr("c.yaml:5:31: finding.severity"));
  EXPECT_THAT(one("{finding: {kev: maybe}}"), HasSubstr("c.yaml:5:26: finding.kev is to be true"));
  EXPECT_THAT(one("{finding: {due: soon}}"), HasSubstr("is to be a date like"));
  EXPECT_THAT(one("{finding: {fixable: false, fix_state: fixed}}"), HasSubstr("give one of them"));
  EXPECT_THAT(one("{finding: [a]}"), HasSubstr("c.yaml:5:20"));
  EXPECT_THAT(one("{layer: {index: -1}}"), HasSubstr("whole number from 0"));
  EXPECT_THAT(one("{finding: {epss: nan}}"), HasSubstr("number from 0 up"));
  EXPECT_THAT(one("{findings: {}}"), HasSubstr("findings is to be a list"));
  EXPECT_THAT(one("{report: r.json, finding: {}}"), HasSubstr("cannot stand beside a report"));
  EXPECT_THAT(one("{finding: {}}", "  unless: 1\n"), HasSubstr("c.yaml:7:3: case 1 has no"));
  EXPECT_THAT(MessageOf(head + "- {name: n, given: {}, expect: {r: met}}\n"),
              HasSubstr("c.yaml:3:3: case 1 has no now"));
  EXPECT_THAT(MessageOf(head + "- {name: n, given: {}, now: 2026-01-01}\n"),
              HasSubstr("expects nothing"));
  EXPECT_THAT(MessageOf(head + "- {name: n, given: {}, now: 2026-01-01, expect: {r: yes}}\n"),
              HasSubstr("c.yaml:3:53"));
  EXPECT_THAT(MessageOf("schema: scantling.policy-cases/1\ncases: []\n"), HasSubstr("c.yaml:2:8"));
  EXPECT_THAT(MessageOf("schema: x\n"), HasSubstr("c.yaml:1:9"));
  EXPECT_THAT(MessageOf(head + "- just a text\n"), HasSubstr("c.yaml:3:3"));
}

TEST(Cases, CutAndDamagedFilesDoNoHarm) {
  const std::string text = ReadyFile("strict", ".cases.yaml");
  const auto policy = ParsePolicy(MaybeReadyPolicy("strict")->text, "p");
  ASSERT_TRUE(policy.has_value());
  const auto check = [&](std::string_view damaged) {
    if (const auto cases = ParseCases(damaged, "c.yaml")) {
      EXPECT_EQ(RunCases(*policy, *cases).size(), cases->size());
    }
  };
  for (size_t i = 0; i <= text.size(); ++i) {
    check(std::string_view(text).substr(0, i));
  }
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = text;
    damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8);
    check(damaged);
  }
}

}  // namespace
}  // namespace scantling::policy
