// The report as JSON: reads back as it was, follows its schema, and any damage is an error and
// nothing worse.
#include "codec/json.h"

#include "base/file.h"
#include "report/report.h"
#include "report/sample_report.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace scantling::report {
namespace {

using ::testing::HasSubstr;

TEST(ReportJson, ReadsBackTheSameBytes) {
  const std::string first = ToJson(SampleReport());
  auto again = FromJson(first);
  ASSERT_TRUE(again.has_value()) << again.error().Message();
  EXPECT_EQ(ToJson(*again), first);
  EXPECT_EQ(ToJson(SampleReport()), first);
  EXPECT_TRUE(first.starts_with("{\n  \"schema\": \"scantling.report/1\""));
}

TEST(ReportJson, WhatAPipelineAddsReadsBackTheSame) {
  const std::string first = ToJson(SampleCiReport());
  auto again = FromJson(first);
  ASSERT_TRUE(again.has_value()) << again.error().Message();
  EXPECT_EQ(ToJson(*again), first);
  EXPECT_EQ(again->findings[3].treatment, SampleCiReport().findings[3].treatment);
  EXPECT_EQ(again->findings[0].change, model::Change::kIntroduced);
  EXPECT_EQ(again->inventory.image.layers[1].line, 12);
  EXPECT_EQ(again->inventory.image.dockerfile, "Dockerfile");
  ASSERT_EQ(again->comparison->resolved.size(), 1U);
  EXPECT_EQ(again->verdict->rules[1].held_back, "no agreement for team shop");
  EXPECT_EQ(again->exceptions[1].state, "expiring");
}

// A report of before there were baselines and policies.
TEST(ReportJson, OldReportsRead) {
  std::string text = ToJson(SampleReport());
  for (const std::string_view member :
       {"\"verdict\": null,", "\"comparison\": null,", "\"exceptions\": [],",
        "\"change\": \"unknown\",", "\"treatment\": null,", "\"dockerfile\": \"\",",
        "\"line\": 0"}) {
    for (size_t at = text.find(member); at != std::string::npos; at = text.find(member, at)) {
      // "line" is the last member: the comma before it goes with it.
      const size_t from = member.back() == ',' ? at : text.rfind(',', at);
      text.erase(from, at + member.size() - from);
    }
  }
  auto old = FromJson(text);
  ASSERT_TRUE(old.has_value()) << old.error().Message();
  EXPECT_EQ(ToJson(*old), ToJson(SampleReport()));
}

TEST(ReportJson, CountsAreOfOpenFindings) {
  codec::Json json;
  const std::string text = ToJson(SampleCiReport());
  auto root = json.Parse(text);
  ASSERT_TRUE(root.has_value());
  const codec::JsonValue summary = (*root)["summary"];
  EXPECT_EQ(summary["findings"].Int(), 3);
  EXPECT_EQ(summary["accepted"].Int(), 1);
  EXPECT_EQ(summary["not_affected"].Int(), 1);
  EXPECT_EQ(summary["levels"]["high"].Int(), 2);
  EXPECT_EQ(summary["changes"]["resolved"].Int(), 1);
  EXPECT_EQ((*root)["findings"].Size(), 5U);
}

TEST(ReportJson, AnEmptyReportReadsBack) {
  const std::string first = ToJson(model::Report{});
  auto again = FromJson(first);
  ASSERT_TRUE(again.has_value()) << again.error().Message();
  EXPECT_EQ(ToJson(*again), first);
}

TEST(ReportJson, BytesThatAreNoTextBecomeText) {
  model::Report report = SampleReport();
  report.inventory.components[0].locations[0].path = "srv/\xff\xfe\x01\n\"name";
  report.inventory.image.annotations["\xc3"] = "a";
  report.inventory.image.annotations["\xc4"] = "b";
  report.inventory.image.layers[0].size_bytes = ~uint64_t{0};
  const std::string first = ToJson(report);
  auto again = FromJson(first);
  ASSERT_TRUE(again.has_value()) << again.error().Message();
  EXPECT_EQ(again->inventory.components[0].locations[0].path,
            "srv/\xEF\xBF\xBD\xEF\xBF\xBD\x01\n\"name");
}

TEST(ReportJson, EveryPrefixIsAnError) {
  const std::string whole = ToJson(SampleCiReport());
  for (size_t length = 0; length + 2 < whole.size(); ++length) {
    EXPECT_FALSE(FromJson(std::string_view(whole).substr(0, length)).has_value()) << length;
  }
}

TEST(ReportJson, RandomDamageIsNoCrash) {
  const std::string whole = ToJson(SampleCiReport());
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (int flips = 0; flips < 3; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    if (auto report = FromJson(damaged)) {
      EXPECT_FALSE(ToJson(*report).empty());
      EXPECT_FALSE(ToScreen(*report, {.all = true, .now = 0}).empty());
    }
  }
}

TEST(ReportJson, ErrorsNameThePlace) {
  struct Case {
    std::string from;
    std::string to;
    std::string want;
  };
  const std::string whole = ToJson(SampleCiReport());
  for (const Case& c : std::vector<Case>{
           {"\"fix_state\": \"deferred\"", "\"fix_state\": \"later\"", "findings[2].fix_state"},
           {"\"rank\": 2", "\"rank\": -2", "findings[1].priority.rank"},
           {"\"rank\": 2", "\"rank\": 99999999999", "findings[1].priority.rank"},
           {"\"ransomware\": true", "\"ransomware\": 1", "findings[0].kev.ransomware"},
           {"\"via\": [", "\"vja\": [", "components[0].via is not a list"},
           {"\"stage\": \"warn\"", "\"stage\": \"wran\"", "verdict.rules[1].stage"},
           {"\"against_digest\":", "\"against\":", "comparison.against_digest is missing"},
           {"\"until\": \"2025-01-01\"", "\"until\": 1", "exceptions[0].until"},
           {"\"change\": \"introduced\"", "\"change\": \"brought\"", "findings[0].change"},
           {"scantling.report/1", "scantling.report/2", "not a report"},
           {"scantling.report/1", "scantling.inventory/1", "inventory"}}) {
    std::string text = whole;
    text.replace(text.find(c.from), c.from.size(), c.to);
    auto report = FromJson(text);
    ASSERT_FALSE(report.has_value()) << c.to;
    EXPECT_THAT(report.error().Message(), HasSubstr(c.want));
  }
}

TEST(ReportJson, UnknownMembersArePassedOver) {
  std::string text = ToJson(SampleReport());
  text.insert(1, "\"later\": {\"a\": [1, 2]},");
  EXPECT_TRUE(FromJson(text).has_value());
}

TEST(ReportJson, CycloneDxHasTheChain) {
  const std::string text = InventoryToCycloneDx(SampleReport().inventory);
  codec::Json json;
  auto root = json.Parse(text);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ((*root)["specVersion"].Text(), "1.6");
  EXPECT_EQ((*root)["components"].Size(), 5U);
  EXPECT_THAT(text, HasSubstr("\"group\": \"org.apache.logging.log4j\""));
  bool chain = false;
  (*root)["dependencies"].ForEach([&](codec::JsonValue value) {
    chain = chain || value["ref"].Text() == "pkg:npm/express@4.17.1";
    return true;
  });
  EXPECT_TRUE(chain);
  EXPECT_EQ(InventoryToCycloneDx(SampleReport().inventory), text);
}

// Validates with python3-jsonschema, which a fresh machine may lack.
class ReportSchema : public ::testing::Test {
 protected:
  static void Validate(const std::string& schema, const std::string& document, bool want) {
    const std::string program =
        "import json,sys\n"
        "try:\n"
        "  import jsonschema\n"
        "except ImportError:\n"
        "  sys.exit(77)\n"
        "schema=json.load(open(sys.argv[1]))\n"
        "cls=jsonschema.validators.validator_for(schema)\n"
        "cls.check_schema(schema)\n"
        "errors=list(cls(schema).iter_errors(json.load(sys.stdin)))\n"
        "print('\\n'.join(str(list(e.path))+' '+e.message[:300] for e in errors[:5]))\n"
        "sys.exit(1 if errors else 0)\n";
    if (!scantling::testing::HaveProgram("python3")) {
      GTEST_SKIP() << "python3 is not installed";
    }
    const auto result = scantling::testing::Run(
        {"python3", "-c", program, std::string(SCANTLING_SOURCE_DIR) + "/api/" + schema}, document);
    if (result.exit == 77) {
      GTEST_SKIP() << "python3-jsonschema is not installed";
    }
    EXPECT_EQ(result.exit, want ? 0 : 1) << result.stdout_text << result.stderr_text;
  }
};

TEST_F(ReportSchema, ReportsFollowIt) {
  Validate("report.schema.json", ToJson(SampleReport()), true);
  Validate("report.schema.json", ToJson(SampleCiReport()), true);
  Validate("report.schema.json", ToJson(model::Report{}), true);
}

TEST_F(ReportSchema, ItIsStrict) {
  std::string text = ToJson(SampleReport());
  text.insert(1, "\"later\": 1,");
  Validate("report.schema.json", text, false);
}

TEST_F(ReportSchema, InventoriesFollowIt) {
  Validate("inventory.schema.json", base::Rendered([](base::Output& output) {
             WriteInventoryJson(SampleReport().inventory, output);
           }),
           true);
}

TEST(Json, SameBytesWithAnyNumberOfThreads) {
  model::Report report = SampleReport();
  const std::vector<model::Finding> findings = report.findings;
  const std::vector<model::Component> components = report.inventory.components;
  for (const size_t count : {255, 256, 1'024, 1'025, 2'100}) {
    report.findings.clear();
    report.inventory.components.clear();
    for (size_t i = 0; i < count; ++i) {
      report.findings.push_back(findings[i % findings.size()]);
      report.findings.back().priority.rank = static_cast<uint32_t>(i + 1);
      report.inventory.components.push_back(components[i % components.size()]);
      report.inventory.components.back().ref += "#" + std::to_string(i);
    }
    const std::string one = ToJson(report);
    for (const unsigned jobs : {2U, 5U}) {
      EXPECT_TRUE(base::Rendered([&](base::Output& output) { WriteJson(report, output, jobs); }) ==
                  one)
          << count << " items, " << jobs << " threads";
    }
  }
}

}  // namespace
}  // namespace scantling::report
