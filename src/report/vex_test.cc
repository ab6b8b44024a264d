// The three VEX writers: what they say, and that it reads back to the same. Their schemas:
// tests/e2e/test_formats_vex.py.
#include "policy/vex/vex.h"

#include "report/formats.h"
#include "report/sample_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace scantling::report {
namespace {

using model::TreatmentKind;
using ::testing::HasSubstr;
using ::testing::Not;

struct Form {
  std::string_view name;
  void (*write)(const model::Report&, const FormatOptions&, base::Output&);
};
constexpr Form kForms[] = {
    {"openvex", WriteOpenVex}, {"csaf", WriteCsafVex}, {"cyclonedx", WriteCycloneDxVex}};

std::string Write(const Form& form, const model::Report& report) {
  FormatOptions options;
  options.program_version = "0.1.0";
  options.screen.now = 1'790'000'000;
  return base::Rendered([&](base::Output& output) { form.write(report, options, output); });
}

// Every status, an image with a name, a component that stands twice.
model::Report Report() {
  model::Report report = SampleReport();
  report.inventory.components.push_back(report.inventory.components.back());
  report.inventory.components.back().ref += "#2";
  const auto lodash = report.inventory.components.back();
  const auto add = [&](const std::string& id, const model::Component& component, TreatmentKind kind,
                       std::string reason) {
    model::Finding finding = SampleFinding(id, component, model::Level::kHigh, 9);
    finding.treatment =
        model::Treatment{kind, "DOC", "d.json", std::move(reason), "in words", "", "", ""};
    if (kind == TreatmentKind::kAccepted) {
      finding.treatment->id = "EX-1";
      finding.treatment->owner = "ann";
      finding.treatment->approver = "bob";
      finding.treatment->until = "2026-12-31";
    }
    report.findings.push_back(finding);
  };
  const auto express = report.inventory.components[2];
  report.findings.resize(3);
  for (model::Finding& finding : report.findings) {
    finding.treatment.reset();
  }
  add("CVE-2099-0001", express, TreatmentKind::kAccepted, "accepted_risk");
  add("CVE-2099-0002", express, TreatmentKind::kNotAffected, "vulnerable_code_not_present");
  add("CVE-2099-0003", express, TreatmentKind::kNotAffected, "component_not_present");
  add("CVE-2099-0004", express, TreatmentKind::kFixed, "");
  add("CVE-2099-0005", express, TreatmentKind::kUnderInvestigation, "");
  add("CVE-2099-0006", express, TreatmentKind::kAffected, "");
  add("GHSA-aaaa-bbbb-cccc", express, TreatmentKind::kNotAffected, "");
  add("CVE-2099-0007", express, TreatmentKind::kAccepted, "mitigated");
  add("CVE-2099-0008", lodash, TreatmentKind::kNotAffected, "component_not_present");
  add("CVE-2099-0008", report.inventory.components[3], TreatmentKind::kNotAffected,
      "component_not_present");
  return report;
}

TEST(VexOut, ReadsBackToTheSame) {
  for (const Form& form : kForms) {
    const model::Report report = Report();
    const std::string text = Write(form, report);
    auto document = policy::ParseVex(text, "out.json");
    ASSERT_TRUE(document.has_value()) << form.name << document.error().Message();
    model::Report again = report;
    for (model::Finding& finding : again.findings) {
      finding.treatment.reset();
    }
    const std::vector<policy::VexDocument> documents = {*std::move(document)};
    policy::ApplyVex(again, documents);
    for (size_t i = 0; i < report.findings.size(); ++i) {
      const auto& before = report.findings[i];
      const auto& after = again.findings[i];
      ASSERT_TRUE(after.treatment.has_value()) << form.name << " " << before.id;
      const TreatmentKind kind =
          before.treatment ? before.treatment->kind : TreatmentKind::kAffected;
      if (kind == TreatmentKind::kAccepted) {
        EXPECT_EQ(after.treatment->kind, TreatmentKind::kAffected) << form.name << " " << before.id;
        EXPECT_THAT(after.treatment->words, HasSubstr("in words"));
        continue;
      }
      EXPECT_EQ(after.treatment->kind, kind) << form.name << " " << before.id;
      if (kind == TreatmentKind::kNotAffected) {
        EXPECT_EQ(after.treatment->reason, before.treatment->reason) << form.name << before.id;
      }
      if (kind == TreatmentKind::kNotAffected && before.treatment->reason.empty()) {
        EXPECT_EQ(after.treatment->words, "in words");
      }
    }
    EXPECT_EQ(text, Write(form, report)) << form.name;
  }
}

TEST(VexOut, AcceptedIsAffectedAndNotFixed) {
  model::Report report = Report();
  std::erase_if(report.findings, [](const auto& one) { return one.id != "CVE-2099-0001"; });
  const std::string openvex = Write(kForms[0], report);
  EXPECT_THAT(openvex, HasSubstr("\"status\": \"affected\""));
  EXPECT_THAT(openvex, HasSubstr("Will not fix: accepted_risk, until 2026-12-31 (EX-1, owner ann, "
                                 "approved by bob): in words"));
  const std::string csaf = Write(kForms[1], report);
  EXPECT_THAT(csaf, HasSubstr("\"known_affected\""));
  EXPECT_THAT(csaf, HasSubstr("\"no_fix_planned\""));
  const std::string cyclonedx = Write(kForms[2], report);
  EXPECT_THAT(cyclonedx, HasSubstr("\"state\": \"exploitable\""));
  EXPECT_THAT(cyclonedx, HasSubstr("\"will_not_fix\""));
  for (const std::string& text : {openvex, csaf, cyclonedx}) {
    EXPECT_THAT(text, Not(HasSubstr("not_affected")));
  }
}

TEST(VexOut, OnePackageTwiceWithTwoDecisionsStaysOpen) {
  model::Report report = Report();
  auto second = report.findings.back();
  second.treatment.reset();
  report.findings = {report.findings.back(), second};
  report.findings[1].component = report.inventory.components.back().ref;
  for (const Form& form : {kForms[0], kForms[1]}) {
    EXPECT_THAT(Write(form, report), Not(HasSubstr("not_affected"))) << form.name;
  }
}

TEST(VexOut, AFolderHasNoImageToNameAndReadsBack) {
  model::Report report = Report();
  report.inventory.image.reference.clear();
  report.inventory.image.digest.clear();
  for (const Form& form : kForms) {
    auto document = policy::ParseVex(Write(form, report), "out.json");
    ASSERT_TRUE(document.has_value()) << document.error().Message();
    const std::vector<policy::VexDocument> documents = {*std::move(document)};
    model::Report again = report;
    policy::ApplyVex(again, documents);
    EXPECT_TRUE(std::ranges::all_of(again.findings, [](const auto& one) {
      return one.treatment.has_value();
    })) << form.name;
  }
}

TEST(VexOut, TwentyThousandFindings) {
  model::Report report = Report();
  const model::Finding sample = report.findings[4];
  report.findings.clear();
  for (int i = 0; i < 20'000; ++i) {
    model::Component component = report.inventory.components[i % 4];
    component.purl = "pkg:npm/p" + std::to_string(i) + "@1.0.0";
    component.ref = component.purl;
    model::Finding finding = sample;
    finding.id = "CVE-2099-" + std::to_string(10'000 + i % 3'000);
    finding.component = component.ref;
    finding.treatment.reset();
    report.findings.push_back(finding);
    report.inventory.components.push_back(component);
  }
  for (const Form& form : kForms) {
    size_t bytes = 0;
    size_t largest = 0;
    base::Output output([&](std::string_view block) -> base::Result<void> {
      bytes += block.size();
      largest = std::max(largest, block.size());
      return {};
    });
    const auto start = std::chrono::steady_clock::now();
    form.write(report, {}, output);
    ASSERT_TRUE(output.Finish().has_value());
    const auto took = std::chrono::steady_clock::now() - start;
    RecordProperty(
        std::string(form.name) + "_ms",
        static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    EXPECT_GT(bytes, 1'000'000U);
    EXPECT_LT(largest, size_t{256} << 10) << form.name;  // in blocks
  }
}

}  // namespace
}  // namespace scantling::report
