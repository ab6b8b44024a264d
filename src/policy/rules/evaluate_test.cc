// Verdicts: stages, agreements, changes, grace, deadlines, exceptions, what has no value, and what
// follows when nothing could be judged; and the explanation of each.
#include "policy/rules/evaluate.h"

#include "base/strings.h"
#include "policy/cel/compile.h"
#include "policy/rules/explain.h"
#include "policy/vex/test_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scantling::policy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr base::Seconds kNow = 1'795'478'400;  // 2026-11-24

Policy MakePolicy(const std::string& rules, const std::string& head = "agreement: none\n") {
  auto policy =
      ParsePolicy("schema: scantling.policy/1\nname: p\n" + head + "rules:\n" + rules, "p.yaml");
  EXPECT_TRUE(policy.has_value()) << (policy ? "" : policy.error().Message());
  return policy ? *std::move(policy) : Policy();
}
std::string RuleText(const std::string& when, const std::string& rest = "stage: enforce") {
  return "- {id: r, text: t, who: app, when: '" + when + "', " + rest + "}\n";
}

struct World {
  model::Report report;
  PolicyContext context;
  World() {
    report.inventory.components = {
        TestComponent("pkg:npm/a@1", "a", "1", version::Ecosystem::kNpm)};
    report.ecosystems = {{"npm", 1, "2026-11-20", model::DataState::kCovered}};
    report.inventory.image.reference = "acme/shop:1";
    model::Finding& finding = report.findings.emplace_back();
    finding.id = "CVE-1";
    finding.component = "pkg:npm/a@1";
    finding.severity.level = model::Level::kHigh;
    finding.published = "2026-11-01";
    context.facts.now = kNow;
    context.facts.team = "shop";
  }
  model::Finding& finding() { return report.findings[0]; }
  model::RuleOutcome Of(const Policy& policy) const {
    return Evaluate(policy, report, context).rules.at(0);
  }
  std::string Why(const Policy& policy) const {
    return base::Join(ExplainRule(policy, policy.rules.at(0), report, 0, context), "\n");
  }
};

TEST(Evaluate, Stages) {
  const World world;
  for (const auto& [stage, stopped, warned] :
       {std::tuple("observe", false, false), std::tuple("warn", false, true),
        std::tuple("enforce", true, false)}) {
    const Policy policy =
        MakePolicy(RuleText("finding.severity >= \"high\"", "stage: " + std::string(stage)));
    const model::Verdict verdict = Evaluate(policy, world.report, world.context);
    EXPECT_EQ(verdict.stopped, stopped);
    EXPECT_EQ(verdict.warned, warned);
    EXPECT_THAT(verdict.rules[0].findings, ElementsAre("CVE-1@pkg:npm/a@1"));
    EXPECT_THAT(verdict.notes, IsEmpty());
  }
}

TEST(Evaluate, EnvironmentsHaveTheirStage) {
  World world;
  const Policy policy =
      MakePolicy(RuleText("true", "stage: observe, environments: {production: enforce}"));
  EXPECT_EQ(world.Of(policy).stage, model::Stage::kObserve);
  world.context.facts.environment = "production";
  EXPECT_EQ(world.Of(policy).stage, model::Stage::kEnforce);
  EXPECT_THAT(world.Why(policy), HasSubstr("stage: enforce, as written for production"));
}

TEST(Evaluate, WithoutAnAgreementARuleIsHeldBack) {
  World world;
  const Policy policy = MakePolicy(RuleText("true"), "");
  const auto stage = [&](const std::string& entry) {
    auto agreements = ParseAgreements(
        "schema: scantling.agreements/1\nagreements:\n- {policy: p, rule: r, stage: enforce, who: "
        "Ada, replay: none, " +
            entry + "}\n",
        "a.yaml");
    EXPECT_TRUE(agreements.has_value()) << (agreements ? "" : agreements.error().Message());
    world.context.maybe_agreements = &*agreements;
    const model::RuleOutcome outcome = world.Of(policy);
    world.context.maybe_agreements = nullptr;
    EXPECT_EQ(outcome.asked, model::Stage::kEnforce);
    EXPECT_EQ(outcome.held_back.empty(), outcome.stage == model::Stage::kEnforce);
    return std::string(model::ToString(outcome.stage));
  };
  EXPECT_EQ(world.Of(policy).stage, model::Stage::kWarn);
  EXPECT_EQ(world.Of(policy).held_back, "no agreement to enforce it for team shop");
  EXPECT_TRUE(Evaluate(policy, world.report, world.context).warned);
  EXPECT_EQ(stage("team: shop, when: 2026-11-24"), "enforce");
  EXPECT_EQ(stage("team: '*', when: 2026-11-01"), "enforce");
  EXPECT_EQ(stage("team: pay, when: 2026-11-01"), "warn");
  EXPECT_EQ(stage("team: shop, when: 2026-11-25"), "warn");  // not yet
  EXPECT_EQ(stage("team: shop, when: 2026-11-01, digest: '" + policy.rules[0].digest + "'"),
            "enforce");
  EXPECT_EQ(stage("team: shop, when: 2026-11-01, digest: 'sha256:00'"), "warn");
  EXPECT_THAT(world.Why(policy), HasSubstr("the policy writes enforce, but there is no agreement"));
  const Policy required = MakePolicy(RuleText("true", "stage: warn"), "agreement: required\n");
  EXPECT_EQ(world.Of(required).stage, model::Stage::kObserve);
  world.context.as_written = true;
  EXPECT_EQ(world.Of(policy).stage, model::Stage::kEnforce);
}

TEST(Evaluate, ChangesAndWhatIsNewInTheWorld) {
  World world;
  world.report.comparison.emplace();
  const Policy usual = MakePolicy(RuleText("true"));
  world.finding().change = model::Change::kExisting;
  EXPECT_THAT(world.Of(usual).findings, IsEmpty());
  EXPECT_THAT(world.Why(usual), HasSubstr("change: existing; the rule looks at introduced"));
  world.finding().change = model::Change::kIntroduced;
  EXPECT_EQ(world.Of(usual).findings.size(), 1U);
  world.finding().change = model::Change::kNewInWorld;
  EXPECT_THAT(world.Of(usual).findings, IsEmpty());
  EXPECT_EQ(world.Of(usual).routed.size(), 1U);
  EXPECT_FALSE(Evaluate(usual, world.report, world.context).stopped);
  EXPECT_THAT(world.Why(usual), HasSubstr("told to app"));
}

TEST(Evaluate, Grace) {
  World world;
  const auto outcome = [&](const std::string& grace) {
    return world.Of(MakePolicy(RuleText("true", "grace: " + grace)));
  };
  EXPECT_EQ(outcome("{days: 30}").in_grace.size(), 1U);
  EXPECT_EQ(outcome("{days: 30}").deadline, "2026-12-01");
  EXPECT_EQ(outcome("{days: 23}").findings.size(), 1U);  // its last day was yesterday
  EXPECT_EQ(outcome("{days: 24}").in_grace.size(), 1U);
  // Fixed on an unknown day: by the day of publication. Not yet fixed: all of it is to come.
  world.finding().fix_state = model::FixState::kFixed;
  EXPECT_EQ(outcome("{days: 3, since: fix_available}").findings.size(), 1U);
  world.finding().fix_state = model::FixState::kNotFixed;
  EXPECT_EQ(outcome("{days: 3, since: fix_available}").in_grace.size(), 1U);
  // Without a baseline nobody knows that it is new here; with one that does not have it, it is.
  EXPECT_EQ(outcome("{days: 3, since: first_seen}").findings.size(), 1U);
  world.context.facts.first_seen = [](const model::Finding&, const model::Component&) {
    return std::string();
  };
  EXPECT_EQ(outcome("{days: 3, since: first_seen}").deadline, "2026-11-27");
  world.finding().fix_available = "2026-11-20";
  EXPECT_EQ(outcome("{days: 3, since: fix_available}").findings.size(), 1U);
  world.finding().published = "";  // nobody knows: no grace
  EXPECT_EQ(outcome("{days: 30}").findings.size(), 1U);
  world.context.facts.first_seen = [](const model::Finding&, const model::Component&) {
    return std::string("2026-11-22");
  };
  EXPECT_EQ(outcome("{days: 2, since: first_seen}").findings.size(), 1U);
  EXPECT_EQ(outcome("{days: 3, since: first_seen}").in_grace.size(), 1U);
  EXPECT_THAT(world.Why(MakePolicy(RuleText("true", "grace: {days: 3, since: first_seen}"))),
              HasSubstr("(2026-11-22): until 2026-11-25\nresult: met, and in its grace"));
}

TEST(Evaluate, Deadlines) {
  World world;
  world.finding().priority.due = "2026-12-05";
  world.finding().kev = model::Kev{"", "2026-12-24", false};
  const auto deadline = [&](const std::string& text) {
    return world.Of(MakePolicy(RuleText("true", "deadline: " + text))).deadline;
  };
  EXPECT_EQ(deadline("priority"), "2026-12-05");
  EXPECT_EQ(deadline("kev_due"), "2026-12-24");
  EXPECT_EQ(deadline("{days: 30}"), "2026-12-01");
  EXPECT_EQ(deadline("{days: 30, since: fix_available}"), "");
}

TEST(Evaluate, AConditionWithoutAValueIsNeither) {
  World world;
  const Policy policy = MakePolicy(RuleText("finding.epss > 0.5"));
  const model::Verdict verdict = Evaluate(policy, world.report, world.context);
  EXPECT_THAT(verdict.rules[0].findings, IsEmpty());
  EXPECT_EQ(verdict.rules[0].unknown.size(), 1U);
  EXPECT_EQ(verdict.rules[0].unknown_why, "finding.epss is not known");
  EXPECT_FALSE(verdict.stopped);
  EXPECT_TRUE(verdict.warned);  // by default
  EXPECT_THAT(verdict.notes, ElementsAre(HasSubstr("is not decided for 1 of the findings")));
  EXPECT_THAT(world.Why(policy), HasSubstr("result: not decided"));
  const Policy stop = MakePolicy(RuleText("finding.epss > 0.5"),
                                 "agreement: none\non_failure: {condition_unknown: stop}\n");
  EXPECT_TRUE(Evaluate(stop, world.report, world.context).stopped);
  world.finding().epss = model::Epss{0.75, -1, ""};
  EXPECT_THAT(world.Why(policy), HasSubstr("finding.epss = 0.75\n"));
  EXPECT_EQ(world.Of(policy).findings.size(), 1U);
}

TEST(Evaluate, ExceptionsForARule) {
  World world;
  const auto exceptions = ParseExceptions(
      "schema: scantling.exceptions/1\nexceptions:\n- {id: E, rule: r, finding: CVE-1, owner: a, "
      "approver: b, reason: accepted_risk, words: w, created: 2026-11-01, until: 2026-11-30}\n",
      "e.yaml");
  ASSERT_TRUE(exceptions.has_value());
  world.context.exceptions = {&*exceptions, 1};
  const Policy policy = MakePolicy(RuleText("true"));
  EXPECT_EQ(world.Of(policy).excepted.size(), 1U);
  EXPECT_FALSE(Evaluate(policy, world.report, world.context).stopped);
  EXPECT_THAT(world.Why(policy), HasSubstr("exception: E (e.yaml:3) of a, until 2026-11-30"));
  world.context.facts.now += 10 * base::kSecondsPerDay;
  EXPECT_EQ(world.Of(policy).findings.size(), 1U);
  world.finding().treatment = model::Treatment{};  // closed: not looked at
  EXPECT_THAT(world.Of(policy).findings, IsEmpty());
  EXPECT_THAT(world.Why(policy), HasSubstr("the finding is closed: accepted"));
}

TEST(Evaluate, RulesAboutTheImage) {
  World world;
  const Policy policy =
      MakePolicy(RuleText("findings.exists(f, f.severity == \"high\") &&\n  image.components < 5",
                          "applies_to: image, stage: enforce"));
  EXPECT_EQ(world.Of(policy).matched,
            "findings.exists(f, f.severity == \"high\") && image.components < 5");
  EXPECT_TRUE(Evaluate(policy, world.report, world.context).stopped);
  EXPECT_THAT(world.Why(policy), HasSubstr("image.components = 1\n"));
  world.report.findings.clear();
  EXPECT_EQ(world.Of(policy).matched, "");
}

TEST(Evaluate, TheConfigurationIsKnownOrUnknown) {
  World world;
  const Policy policy = MakePolicy(
      "- {id: root, text: t, applies_to: image, when: config.runs_as_root, stage: enforce}\n"
      "- {id: secret, text: t, applies_to: image, when: 'config.env.exists(e, "
      "e.matches(\"(TOKEN|PASSWORD)$\"))', stage: warn}\n"
      "- {id: ports, text: t, when: '\"22/tcp\" in config.ports', stage: warn, changes: "
      "[introduced, "
      "inherited, existing, new_in_world]}\n"
      "- {id: guarded, text: t, applies_to: image, when: 'has(config.user) && config.user == "
      "\"\"'}\n");
  const model::Verdict unknown = Evaluate(policy, world.report, world.context);
  EXPECT_FALSE(unknown.stopped);
  EXPECT_EQ(unknown.rules[0].unknown_why, "config.runs_as_root is not known");
  EXPECT_EQ(unknown.rules[1].unknown_why, "config.env is not known");
  EXPECT_EQ(unknown.rules[2].unknown_why, "config.ports is not known");
  EXPECT_EQ(unknown.rules[3].unknown_why, "");
  model::ImageConfig& config = world.report.inventory.image.config.emplace();
  config.environment = {"DB_PASSWORD", "PATH"};
  config.ports = {"22/tcp"};
  const model::Verdict known = Evaluate(policy, world.report, world.context);
  EXPECT_EQ(known.rules[0].matched, "config.runs_as_root");
  EXPECT_NE(known.rules[1].matched, "");
  EXPECT_FALSE(known.rules[2].findings.empty());
  EXPECT_NE(known.rules[3].matched, "");
  const auto lines =
      ExplainRule(policy, policy.rules[1], world.report, std::nullopt, world.context);
  EXPECT_THAT(base::Join(lines, "\n"), HasSubstr("config.env = [\"DB_PASSWORD\", \"PATH\"]"));
}

TEST(Evaluate, FailsWell) {
  World world;
  const Policy policy = MakePolicy(RuleText("true", "stage: warn"));
  EXPECT_TRUE(ScanFailed(policy, "no such image", world.context).stopped);
  const Policy mild = MakePolicy(RuleText("true", "stage: warn"),
                                 "on_failure: {scan_failed: {observe: note, warn: warn}}\n");
  EXPECT_FALSE(ScanFailed(mild, "no such image", world.context).stopped);
  EXPECT_THAT(ScanFailed(mild, "no such image", world.context).notes,
              ElementsAre("the image could not be scanned: no such image (warn)"));
  world.report.findings.clear();
  world.report.ecosystems[0].data_as_of = "2026-11-01";
  EXPECT_THAT(Evaluate(policy, world.report, world.context).notes,
              ElementsAre(HasSubstr("older than 14 days: npm is of 2026-11-01 (warn)")));
  const Policy stale = MakePolicy(RuleText("true"),
                                  "agreement: none\non_failure: {data_stale: {enforce: stop, "
                                  "after_days: 22}}\n");
  EXPECT_TRUE(Evaluate(stale, world.report, world.context).stopped);
  world.report.ecosystems[0].data_as_of = "";
  EXPECT_THAT(Evaluate(policy, world.report, world.context).notes,
              ElementsAre(HasSubstr("could be looked up")));
}

// What compiles also runs, whatever it is.
TEST(Conditions, AnyTextIsAnErrorOrRuns) {
  const World world;
  Variables variables(world.report, world.context.facts);
  const std::vector<std::string> kAtoms = {
      "finding.kev",
      "finding.epss > 0.5",
      "finding.severity >= \"high\"",
      "(finding.due < now)",
      "has(finding.epss)",
      "finding.aliases.exists(a, a == \"b\")",
      "true",
      "finding.id.matches(\"^C+\")",
      "age(finding.published) > days(3)",
      "1 / (size(finding.aliases) - 1) > 0",
      "finding.score * 2.0 < 9.5 - finding.risk",
      "component.name in [\"a\", finding.id]",
      "9223372036854775807 + finding.layer > 0",
      "size(finding.fixed_versions.filter(v, v > \"1\")) % 2 == 0",
      "(",
      "finding",
      "-\"x\""};
  const std::vector<std::string> kJoins = {" && ", " || ", " == ", " ? true : ", " && !", ", "};
  size_t ran = 0;
  rc::check("compile and run", [&] {
    const auto picks =
        *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, 10'000));
    std::string text = "true";
    for (const size_t pick : picks) {
      text += kJoins[pick % 97 % kJoins.size()] + kAtoms[pick % kAtoms.size()];
    }
    if (auto program = cel::Compile(text, VariableSchema(false))) {
      cel::Evaluator evaluator;
      const cel::Value value = evaluator.Run(*program, variables.ForFinding(0));
      RC_ASSERT(value.kind == cel::Kind::kBool || value.IsError());
      ++ran;
    } else {
      RC_ASSERT(program.error().offset <= text.size());
    }
  });
  EXPECT_GT(ran, 0U);
}

TEST(Variables, RowsHaveAsManyFieldsAsTheTables) {
  const World world;
  Variables variables(world.report, world.context.facts);
  // A row that is shorter than its table leaves fields that are "false" by default: each last field
  // is set by hand here.
  const cel::Rows& rows = variables.ForFinding(0);
  const cel::Schema& schema = VariableSchema(false);
  for (size_t root = 0; root < schema.roots.size(); ++root) {
    for (size_t field = 0; field < schema.roots[root].record->fields.size(); ++field) {
      const cel::FieldInfo& info = schema.roots[root].record->fields[field];
      const cel::Value& value = rows.roots[root][field];
      EXPECT_TRUE(value.kind == info.type.kind || (info.optional && value.IsError()))
          << schema.roots[root].name << "." << info.name;
      if (value.IsError()) {
        EXPECT_EQ(cel::FaultText(schema, value), std::string(schema.roots[root].name) + "." +
                                                     std::string(info.name) + " is not known");
      }
    }
  }
  EXPECT_EQ(VariableTable().size(), 25U + 13 + 4 + 12 + 11 + 4 + 4 + 2 + 2 + 3);
}

}  // namespace
}  // namespace scantling::policy
