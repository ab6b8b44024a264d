// The screens: what they say, that they fit, and that no byte of an image reaches a terminal as a
// command.
#include "base/strings.h"
#include "report/report.h"
#include "report/sample_report.h"
#include "report/screen_parts.h"
#include "report/summary.h"
#include "report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

base::Seconds Time(std::string_view text) { return base::ParseTime(text).value_or(0); }

TEST(Text, CleanTakesOutWhatTerminalsObey) {
  EXPECT_EQ(Clean("plain"), "plain");
  EXPECT_EQ(Clean("a\x1b[31mb\x07"), "a?[31mb?");
  EXPECT_EQ(Clean("a\nb\tc"), "a b c");
  EXPECT_EQ(Clean("a\xC2\x9B"
                  "31m"),
            "a?31m");  // C1 CSI
  EXPECT_EQ(Clean("a\xE2\x80\xAE"
                  "b"),
            "a?b");  // right-to-left override
  EXPECT_EQ(Clean("\xC3\xA9\xFF"), "\xC3\xA9\xEF\xBF\xBD");
}

TEST(Text, ColumnsAndCuts) {
  EXPECT_EQ(Columns("abc"), 3U);
  EXPECT_EQ(Columns("\xE6\xBC\xA2"), 2U);  // a wide character
  EXPECT_EQ(Cut("abcdef", 4), "ab..");
  EXPECT_EQ(Cut("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2", 5), "\xE6\xBC\xA2..");
  EXPECT_EQ(Pad("ab", 4), "ab  ");
  EXPECT_EQ(PadLeft("ab", 4), "  ab");
  EXPECT_EQ(Wrap("aa bb cc", 5), (std::vector<std::string>{"aa bb", "cc"}));
  EXPECT_EQ(Wrap("", 5), std::vector<std::string>{""});
}

TEST(Text, SpansInWords) {
  EXPECT_EQ(Span(3 * base::kSecondsPerDay), "3 days");
  EXPECT_EQ(Span(base::kSecondsPerDay), "1 day");
  EXPECT_EQ(Span(426 * base::kSecondsPerDay), "14 months");
  EXPECT_EQ(Span(1100 * base::kSecondsPerDay), "3 years");
}

TEST(Screen, SaysWhatToDo) {
  const std::string text = ToScreen(SampleReport(), {.width = 100, .now = Time("2025-02-20")});
  EXPECT_THAT(text,
              HasSubstr("shop:1.4  linux/amd64  Debian 12 (bookworm)  4 components in 2 layers"));
  EXPECT_THAT(text, HasSubstr(" 1 bump log4j-core 2.14.1 -> 2.17.1 in app.jar"));
  EXPECT_THAT(text, HasSubstr("exploited (KEV); overdue 3 years"));
  EXPECT_THAT(text, HasSubstr("nothing to do yet"));
  EXPECT_THAT(text, HasSubstr("3 findings: 1 critical, 2 high; 1 exploited (KEV), 2 with a fix"));
  EXPECT_THAT(text, HasSubstr("no advisories for npm (2 components not checked)"));
  EXPECT_THAT(text,
              HasSubstr("C CVE-2021-44228      log4j-core 2.14.1 -> 2.15.0  97%  exploited (KEV)"));
  EXPECT_THAT(text, Not(HasSubstr("NOTE")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Screen, SaysWhatThePipelineDecides) {
  const std::string text = ToScreen(SampleCiReport(), {.width = 200, .now = Time("2025-02-20")});
  for (const char* want :
       {"VERDICT stopped: an enforced rule is met; policy balanced, environment production, team "
        "shop",
        "STOP exploited: Nothing that is exploited in the wild (1 finding; for: application; due "
        "2021-12-24)",
        "1 in grace", "1 new in the world, told to application",
        "held back: the policy asks to enforce, here it may only warn: no agreement for team",
        "warn base-age: The base is younger than 90 days (the base is 431 days old; for: image "
        "owner)",
        "undecided likely: Nothing that is likely to be exploited (1 left out by an exception; 1 "
        "undecided: finding.epss is not known)",
        "ok 1 rule more met nothing", "npm has no advisory data: warn",
        "CHANGE against shop:1.3 (as of 2025-02-10)",
        "1 introduced by this change, 1 inherited from the base, 0 there before, 1 new in the "
        "world; 1 resolved",
        "not compared: the baseline has no layers", "EXCEPTIONS 1 used, 1 unused, of 3",
        "EX-9 expired, until 2025-01-01, 1 finding, owner carol",
        "EX-12 expiring, until 2025-03-01", "Closed: 1 accepted, 1 closed by VEX, not counted here",
        "3 findings: 1 critical, 2 high"}) {
    EXPECT_THAT(text, HasSubstr(want));
  }
  EXPECT_THAT(text, Not(HasSubstr("CVE-2021-23337")));
  EXPECT_THAT(text, Not(HasSubstr("CVE-2023-5156")));
  const std::string all = ToScreen(SampleCiReport(), {.width = 200, .all = true});
  for (const char* want :
       {"risk accepted until 2025-03-01: no_exposure; templates are ours [EX-12, "
        "exceptions.yaml:14]",
        "not affected (VEX): vulnerable_code_not_present", "under investigation (VEX)",
        "closed: nothing to do, and not counted", "resolved: CVE-2019-10744",
        "EX-13 unused, until 2025-12-01", "ok root"}) {
    EXPECT_THAT(all, HasSubstr(want));
  }
}

TEST(Screen, AgesComeFromNowOnly) {
  const std::string without = ToScreen(SampleReport(), {.width = 100});
  EXPECT_THAT(without, Not(HasSubstr("overdue")));
  EXPECT_THAT(without, HasSubstr("due 2021-12-24"));
  const std::string later = ToScreen(SampleReport(), {.width = 100, .now = Time("2029-01-01")});
  EXPECT_THAT(later, HasSubstr("days old: later CVEs are not seen"));
  EXPECT_THAT(later, HasSubstr("reached its end of life on 2028-06-30"));
}

TEST(Screen, LinesFit) {
  model::Report report = SampleCiReport();
  report.actions[0].title += " and also in a file with quite a long name somewhere far below srv";
  report.actions[0].reason +=
      " with a reason that goes on and on, so that it needs more than a line";
  for (const int width : {64, 80, 100, 140}) {
    for (const bool all : {false, true}) {
      const std::string text =
          ToScreen(report, {.width = width, .all = all, .now = Time("2025-02-20")});
      EXPECT_THAT(text, HasSubstr("VERDICT"));
      for (const std::string_view line : base::Split(text, '\n')) {
        EXPECT_LE(Columns(line), static_cast<size_t>(width)) << line;
      }
    }
  }
}

TEST(Screen, AtMostEightActions) {
  model::Report report = SampleReport();
  for (int i = 0; i < 500; ++i) {
    model::Action action = report.actions[1];
    action.title = "bump number" + std::to_string(i);
    report.actions.insert(report.actions.begin(), action);
  }
  const std::string text = ToScreen(report, {.width = 80, .now = Time("2025-02-20")});
  EXPECT_THAT(text, HasSubstr(" 8 bump"));
  EXPECT_THAT(text, Not(HasSubstr(" 9 bump")));
  EXPECT_THAT(text, HasSubstr("smaller step"));
  EXPECT_LE(base::Split(text, '\n').size(), 40U);
}

TEST(Screen, AllListsEveryFinding) {
  const std::string text = ToScreen(SampleReport(), {.width = 80, .all = true});
  for (const char* want :
       {"CVE-2021-44228", "CVE-2020-8203", "CVE-2023-4911", "fix put off (postponed)",
        "raise the version in pom.xml", "srv/b.jar (layer 2): malformed", "LAYERS"}) {
    EXPECT_THAT(text, HasSubstr(want));
  }
}

TEST(Screen, StarterSetIsSaidFirst) {
  model::Report report = SampleReport();
  report.database.embedded = true;
  const std::string text = ToScreen(report, {.width = 80});
  EXPECT_TRUE(text.starts_with("NOTE This scan used the starter set of advisories"));
  EXPECT_THAT(text, HasSubstr("scantling db build"));
}

TEST(Screen, NothingIsCleanWithoutData) {
  model::Report report = SampleReport();
  report.findings.clear();
  report.actions.clear();
  EXPECT_THAT(ToScreen(report, {}),
              HasSubstr("No known vulnerability in what was checked: 1 debian:12 "
                        "(2025-02-12), 1 maven (2025-02-18)"));
  for (auto& ecosystem : report.ecosystems) {
    ecosystem.state = model::DataState::kNoData;
  }
  EXPECT_THAT(ToScreen(report, {}), HasSubstr("Nothing was checked"));
  report.inventory.components.clear();
  report.ecosystems.clear();
  EXPECT_THAT(ToScreen(report, {}), HasSubstr("Nothing found to check"));
}

TEST(Screen, ImagesCannotCommandTheTerminal) {
  model::Report report = SampleCiReport();
  const std::string evil =
      "x\x1b]0;title\x07\xC2\x9B"
      "31m\r\n";
  report.inventory.image.reference = evil;
  report.inventory.image.distro.version_id = evil;
  report.inventory.image.distro.pretty_name = evil;
  report.inventory.image.platform = evil;
  report.inventory.image.layers[0].created_by = evil;
  for (auto& component : report.inventory.components) {
    component.name = evil;
    component.version = evil;
    component.owner = evil;
    component.locations[0].path = evil;
    component.via = {evil};
  }
  for (auto& finding : report.findings) {
    finding.id = evil;
    finding.summary = evil;
    finding.fix_note = evil;
    finding.fixed_versions = {evil};
    finding.priority.reasons = {evil};
    finding.published = evil;
  }
  for (auto& action : report.actions) {
    action.title = evil;
    action.steps = {evil};
    action.reason = evil;
    action.created_by = evil;
    action.due = evil;
  }
  report.inventory.coverage.skipped[0].path = evil;
  report.inventory.diagnostics[0].message = evil;
  report.ecosystems[0].name = evil;
  for (auto& finding : report.findings) {
    finding.treatment =
        model::Treatment{model::TreatmentKind::kAccepted, evil, evil, evil, evil, evil, evil, evil};
  }
  report.findings[0].treatment.reset();
  report.comparison->against = evil;
  report.comparison->recorded = evil;
  report.comparison->notes = {evil};
  report.comparison->resolved[0].id = evil;
  report.verdict->policy = report.verdict->environment = report.verdict->team = evil;
  report.verdict->notes = {evil};
  for (auto& rule : report.verdict->rules) {
    rule.rule = rule.text = rule.who = rule.held_back = rule.unknown_why = rule.matched =
        rule.deadline = evil;
  }
  for (auto& use : report.exceptions) {
    use.id = use.where = use.owner = use.until = use.state = use.note = evil;
  }
  report.base_known_by = evil;
  match::Explanation explanation{
      evil, {evil}, evil, true, {{evil, evil, true, evil, evil, evil, evil, evil, evil}}, {evil}};
  const ScreenOptions options{.width = 80, .all = true, .now = 0};
  for (const std::string& text :
       {ToScreen(report, options), ToScreen(report, {.width = 80, .now = 0}),
        InventoryToTable(report.inventory, options), ExplanationToText(explanation, options)}) {
    for (const char c : text) {
      EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
    }
    EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
  }
}

TEST(Screen, ColourOnlyWhenAsked) {
  EXPECT_THAT(ToScreen(SampleReport(), {.color = true}), HasSubstr("\x1b[1m"));
}

TEST(Inventory, TableHasALineEach) {
  const std::string text = InventoryToTable(SampleReport().inventory, {});
  EXPECT_THAT(text, HasSubstr("npm      lodash"));
  EXPECT_THAT(text, HasSubstr("4 components"));
}

TEST(Explain, SaysWhy) {
  match::Explanation explanation;
  explanation.id = "CVE-2024-2961";
  EXPECT_THAT(ExplanationToText(explanation, {}), HasSubstr("no advisory of that name"));
  explanation.known = true;
  explanation.packages = {"debian:12 glibc"};
  EXPECT_THAT(ExplanationToText(explanation, {}), HasSubstr("It is about: debian:12 glibc"));
  explanation.verdicts.push_back(
      {"pkg:deb/libc6", "2.36-9+deb12u4", true, "debian-osv", "2025-02-12", "DSA-5673-1",
       "< 2.36-9+deb12u6", "deb: source glibc", "2.36-9+deb12u4 is below the fix 2.36-9+deb12u6"});
  const std::string text = ExplanationToText(explanation, {});
  EXPECT_THAT(text, HasSubstr("FINDING"));
  EXPECT_THAT(text, HasSubstr("is below the fix"));
  EXPECT_THAT(text, HasSubstr("debian-osv, as of 2025-02-12"));
  // What was decided about it stands at the head, not only below.
  const std::string closed =
      ExplanationToText(explanation, {}, {{"pkg:deb/libc6", model::TreatmentKind::kNotAffected}});
  EXPECT_THAT(closed, HasSubstr("  not affected  pkg:deb/libc6\n"));
  EXPECT_THAT(closed, Not(HasSubstr("FINDING")));
  explanation.verdicts[0].is_finding = false;
  EXPECT_THAT(
      ExplanationToText(explanation, {}, {{"pkg:deb/libc6", model::TreatmentKind::kAccepted}}),
      HasSubstr("  not a finding pkg:deb/libc6\n"));
}

TEST(Summary, CountsAndGaps) {
  const Summary summary = Summarize(SampleReport());
  EXPECT_EQ(summary.findings, 3U);
  EXPECT_EQ(summary.exploited, 1U);
  EXPECT_EQ(summary.fixable, 2U);
  EXPECT_EQ(summary.actions, 2U);
  EXPECT_EQ(Gaps(SampleReport()).size(), 2U);
}

TEST(Summary, ComponentsThatWereNotLookedUpAreAGap) {
  model::Report report = SampleReport();
  report.ecosystems[0].skipped = 1;
  report.ecosystems[1].components = 40;
  report.ecosystems[1].skipped = 3;
  EXPECT_THAT(
      Gaps(report),
      ::testing::IsSupersetOf(
          {std::string("1 of debian:12's 1 component not looked up (not the distribution's own)"),
           std::string("3 of maven's 40 components not looked up (archives without a group)")}));
  report.findings.clear();
  report.actions.clear();
  EXPECT_THAT(ToScreen(report, {.width = 200}), HasSubstr("37 maven (2025-02-18)"));
}

TEST(Screen, FixedUpstreamOnlyIsCountedApart) {
  model::Report report = SampleReport();
  for (model::Action& action : report.actions) {
    action.kind = model::ActionKind::kNothingYet;
  }
  EXPECT_THAT(ToScreen(report, {.width = 160}), HasSubstr("; 2 fixed upstream only"));
}

TEST(Screen, EpssIsSaidOnce) {
  model::Report report = SampleReport();
  report.findings[0].priority.reasons = {"EPSS 0.97 of 2025-02-19"};
  const std::string text = ToScreen(report, {.width = 160, .all = true});
  EXPECT_THAT(text, HasSubstr("EPSS 0.97 of 2025-02-19"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("EPSS 97%")));
}

}  // namespace
}  // namespace scantling::report
