// Policy and agreement files: mistakes with their places, cut and damaged files, the schemas.
#include "base/file.h"
#include "base/strings.h"
#include "policy/rules/agreements.h"
#include "policy/rules/policy.h"
#include "policy/rules/ready.h"
#include "policy/rules/variables.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHead = "schema: scantling.policy/1\nname: p\nrules:\n";
constexpr std::string_view kAgreements =
    "schema: scantling.agreements/1\nagreements:\n- policy: p\n  rule: r\n  stage: enforce\n  "
    "team: "
    "shop\n  who: Ada\n  when: 2026-01-05\n  replay: 30 days\n";

std::string PolicyMessage(const std::string& text) {
  const auto policy = ParsePolicy(text, "p.yaml");
  return policy ? "no error" : policy.error().Message();
}

TEST(Policy, MistakesHaveTheirPlace) {
  struct Case {
    std::string rules;
    std::string want;
  };
  const std::vector<Case> cases = {
      {"- {id: r, text: t, when: true}\n", "no error"},
      {"- {id: r, text: t, when: finding.sevrity == 1}\n",
       "p.yaml:4:34: rule r: finding has no field sevrity; did you mean severity?"},
      {"- id: r\n  text: t\n  when: >\n    finding.kev &&\n    finding.epss > \"x\"\n",
       "p.yaml:8:18"},
      {"- id: r\n  text: t\n  when: finding.severity == \"hihg\"\n", "p.yaml:6:29"},
      {"- id: r\n  text: t\n  when: findings.size() > 1\n", "p.yaml:6:9"},
      {"- id: r\n  text: t\n  when: finding.kev\n  stage: enforced\n",
       "p.yaml:7:10: rule r: stage is to be one of observe, warn, enforce; did you mean "
       "\"enforce\"?"},
      {"- id: r\n  text: t\n  when: finding.kev\n  stge: warn\n",
       "p.yaml:7:3: rule r has no \"stge\"; did you mean \"stage\"?"},
      {"- id: r\n  text: t\n  when: finding.kev\n  grace: {days: -1}\n", "p.yaml:7:17"},
      {"- id: r\n  text: t\n  when: finding.kev\n  grace: 7\n", "p.yaml:7:10"},
      {"- id: r\n  text: t\n  when: finding.kev\n  deadline: tomorrow\n", "p.yaml:7:13"},
      {"- id: r\n  text: t\n  when: finding.kev\n  changes: [new]\n", "p.yaml:7:13"},
      {"- id: r\n  text: t\n  when: finding.kev\n  environments: {a: b}\n", "p.yaml:7:21"},
      {"- id: r\n  text: t\n", "p.yaml:4:3: rule r has no condition"},
      {"- id: R r\n  text: t\n  when: true\n", "p.yaml:4:7: an id is made of"},
      {"- {id: r, text: t, when: true}\n- {id: r, text: t, when: true}\n",
       "p.yaml:5:8: a second rule r"},
      {"- text\n", "p.yaml:4:3"},
      {"- {id: r, text: t, when: 'finding.id.matches(\"(\")'}\n", "p.yaml:4:"},
  };
  for (const Case& each : cases) {
    EXPECT_THAT(PolicyMessage(std::string(kHead) + each.rules), HasSubstr(each.want)) << each.rules;
  }
  EXPECT_THAT(PolicyMessage("schema: scantling.policy/2\n"), HasSubstr("p.yaml:1:9"));
  EXPECT_THAT(PolicyMessage(""), HasSubstr("p.yaml:1:1"));
  EXPECT_THAT(PolicyMessage("schema: scantling.policy/1\nname: p\nrules: {}\n"),
              HasSubstr("p.yaml:3:8: the policy has no rules"));
  EXPECT_THAT(PolicyMessage(std::string(kHead) + "- {id: a, text: t, when: x}\n- {id: b, text: t, "
                                                 "when: y}\n"),
              HasSubstr("p.yaml:5:"));  // all at once
  EXPECT_THAT(PolicyMessage("schema: scantling.policy/1\nname: p\non_failure: {scan_faild: stop}\n"
                            "rules: [{id: r, text: t, when: true}]\n"),
              HasSubstr("p.yaml:3:14: on_failure has no \"scan_faild\"; did you mean"));
  EXPECT_THAT(PolicyMessage("schema: scantling.policy/1\nname: p\nname: q\n"),
              HasSubstr("p.yaml:3:1: YAML"));
}

TEST(Agreements, MistakesHaveTheirPlace) {
  const auto message = [](std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    const auto agreements = ParseAgreements(text, "a.yaml");
    return agreements ? std::string("no error") : agreements.error().Message();
  };
  const std::string text(kAgreements);
  EXPECT_EQ(message(text, "Ada", "Ada"), "no error");
  EXPECT_THAT(message(text, "  who: Ada\n", ""), HasSubstr("a.yaml:3:3: agreement 1 has no who"));
  EXPECT_THAT(message(text, "2026-01-05", "soon"), HasSubstr("a.yaml:8:9"));
  EXPECT_THAT(message(text, "enforce", "stop"), HasSubstr("a.yaml:5:10"));
  EXPECT_THAT(message(text, "team:", "teem:"), HasSubstr("did you mean \"team\"?"));
  EXPECT_THAT(message(text, "agreements/1", "policy/1"), HasSubstr("a.yaml:1:9"));
  EXPECT_THAT(message(text, "agreements:\n-", "agreements:\n "), HasSubstr("a.yaml:3:"));
}

TEST(Policy, CutAndDamagedFilesDoNoHarm) {
  std::mt19937 random(11);
  for (const std::string_view text : {MaybeReadyPolicy("strict")->text, kAgreements}) {
    const auto read = [](std::string_view damaged) {
      (void)ParsePolicy(damaged, "p").has_value();
      (void)ParseAgreements(damaged, "a").has_value();
    };
    for (size_t i = 0; i <= text.size(); ++i) {
      read(text.substr(0, i));
    }
    for (int i = 0; i < 1000; ++i) {
      std::string damaged(text);
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8);
      read(damaged);
    }
  }
}

TEST(Policy, EveryMistakeAtOnceInTheOrderOfTheFile) {
  const auto policy = ParsePolicy(
      "schema: scantling.policy/1\nname: p\nrules:\n- id: a\n  when: finding.kve\n  text: t\n"
      "- id: a\n  stage: stop\n  whn: true\n",
      "p.yaml");
  ASSERT_FALSE(policy.has_value());
  std::vector<std::string> places;
  const std::string message = policy.error().Message();
  for (const std::string_view line : base::Split(message, '\n')) {
    places.emplace_back(line.substr(0, line.find(": ")));
  }
  EXPECT_THAT(places, ElementsAre("p.yaml:5:17", "p.yaml:7:3", "p.yaml:7:3", "p.yaml:7:7",
                                  "p.yaml:8:10", "p.yaml:9:3"))
      << message;
  EXPECT_THAT(message, HasSubstr("p.yaml:7:7: a second rule a"));
  const auto twice = ParsePolicy("schema: scantling.policy/1\nname: p\nname: q\n", "p.yaml");
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().Message(), "p.yaml:3:1: YAML: key \"name\" occurs twice");
}

// Python's jsonschema is the judge; what the schema says and what the parser says agree on good
// files.
TEST(Schemas, GoodFilesFollowThem) {
  const std::string script = R"(
import json, sys
try:
    import jsonschema, yaml
except ImportError as error:
    print(error); sys.exit(77)
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
class Loader(yaml.SafeLoader):
    pass
Loader.yaml_implicit_resolvers = {
    k: [(tag, r) for tag, r in v if tag != 'tag:yaml.org,2002:timestamp']
    for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
for name in sys.argv[2:]:
    jsonschema.Draft202012Validator(schema).validate(yaml.load(open(name), Loader))
    broken = yaml.load(open(name), Loader)
    broken['unheard_of'] = 1
    if jsonschema.Draft202012Validator(schema).is_valid(broken):
        print(name + ': an unknown key passes'); sys.exit(1)
)";
  const std::string root = SCANTLING_SOURCE_DIR;
  const std::string ready = root + "/src/policy/rules/ready/";
  std::vector<std::string> policies = {root + "/api/policy.schema.json"};
  std::vector<std::string> cases = {root + "/api/policy-cases.schema.json"};
  for (const ReadyPolicy& policy : ReadyPolicies()) {
    policies.push_back(ready + std::string(policy.name) + ".yaml");
    cases.push_back(ready + std::string(policy.name) + ".cases.yaml");
  }
  const std::string agreements = ::testing::TempDir() + "/agreements-schema.yaml";
  ASSERT_TRUE(base::WriteFileByRename(agreements, base::AsBytes(kAgreements)).has_value());
  for (const auto& files :
       {policies, cases,
        std::vector<std::string>{root + "/api/agreements.schema.json", agreements}}) {
    std::vector<std::string> command = {"python3", "-c", script};
    command.insert(command.end(), files.begin(), files.end());
    const auto result = testing::Run(command);
    if (result.exit == 77 || result.exit == 127) {
      GTEST_SKIP() << "python3 with jsonschema and yaml is not there: " << result.stdout_text;
    }
    EXPECT_EQ(result.exit, 0) << result.stdout_text << result.stderr_text;
  }
}

// The table of docs/policy.md is this one.
TEST(Documentation, HasTheTableOfVariables) {
  std::string table;
  for (const VariableHelp& variable : VariableTable()) {
    table += "| `" + variable.name + "` | " + variable.type +
             (variable.optional ? ", may be unknown" : "") + " | " + variable.help + " |\n";
  }
  const auto text = base::ReadFile(std::string(SCANTLING_SOURCE_DIR) + "/docs/policy.md", 1 << 20);
  ASSERT_TRUE(text.has_value());
  EXPECT_NE(text->find(table), std::string::npos) << "the table is to be:\n" << table;
}

}  // namespace
}  // namespace scantling::policy
