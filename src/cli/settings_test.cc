// Settings from file, environment and flags: one meaning, one order, and errors that name the place
// and the nearest name.
#include "cli/settings.h"

#include "base/file.h"
#include "cli/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string FileError(std::string_view text) {
  Settings settings;
  const auto result = ApplyFile(settings, text, "scantling.yaml");
  return result ? "" : result.error().Message();
}

TEST(Settings, AFileSetsEveryKind) {
  Settings settings;
  const auto result =
      ApplyFile(settings,
                "# a comment\nfail-on: [kev, critical]\nfail-on-gaps: true\njobs: 3\n"
                "exposed: yes\nlimit:\n  file-bytes: 2M\n  seconds: 9\n",
                "scantling.yaml");
  ASSERT_TRUE(result.has_value()) << result.error().Message();
  EXPECT_THAT(settings.fail_on, ElementsAre("kev", "critical"));
  EXPECT_TRUE(settings.fail_on_gaps);
  EXPECT_EQ(settings.jobs, 3U);
  EXPECT_EQ(settings.exposed, "yes");
  EXPECT_EQ(settings.limits.file_bytes, uint64_t{2} << 20);
  EXPECT_EQ(settings.limits.seconds, 9U);
  EXPECT_EQ(settings.origins.at("jobs"), "scantling.yaml:4");
}

TEST(Settings, FileErrorsNameLineAndNearestKey) {
  EXPECT_THAT(FileError("quiet: true\nfail_on: kev\n"), HasSubstr("scantling.yaml:2"));
  EXPECT_THAT(FileError("quiet: true\nfail_on: kev\n"), HasSubstr("did you mean \"fail-on\"?"));
  EXPECT_THAT(FileError("jobs: many\n"), HasSubstr("scantling.yaml:1"));
  EXPECT_THAT(FileError("color: blue\n"), HasSubstr("auto, always, never"));
  EXPECT_THAT(FileError("output: x\n"), HasSubstr("command line"));
  EXPECT_THAT(FileError("limit:\n  file-byte: 1\n"), HasSubstr("did you mean \"file-bytes\"?"));
  EXPECT_THAT(FileError("quiet: [a]\n"), HasSubstr("one value is wanted"));
  EXPECT_THAT(FileError("- a\n"), HasSubstr("scantling.yaml:1"));
  EXPECT_FALSE(FileError("a: [").empty());
  EXPECT_TRUE(FileError("").empty());
}

TEST(Settings, EveryPrefixOfAFileIsNoCrash) {
  const std::string whole = "fail-on: [kev, critical]\njobs: 3\nlimit:\n  file-bytes: 2M\n";
  for (size_t length = 0; length <= whole.size(); ++length) {
    FileError(std::string_view(whole).substr(0, length));
  }
}

TEST(Settings, TheEnvironmentGoesOverTheFile) {
  Settings settings;
  ASSERT_TRUE(ApplyFile(settings, "jobs: 3\nformat: json\n", "f").has_value());
  std::vector<std::string> warnings;
  const char* const variables[] = {
      "SCANTLING_JOBS=5", "SCANTLING_FEEDS=/x",  "SCANTLING_FIXTURES=/y",
      "SCANTLING_JOB=1",  "PATH=/bin",           "SCANTLING_LIMIT=components=7,seconds=1K",
      "SCANTLING_DB=",    "SCANTLING_NO_CACHE=1"};
  ASSERT_TRUE(ApplyEnvironment(settings, variables, warnings).has_value());
  EXPECT_EQ(settings.jobs, 5U);
  EXPECT_EQ(settings.format, "json");
  EXPECT_EQ(settings.limits.components, 7U);
  EXPECT_EQ(settings.limits.seconds, 1024U);
  EXPECT_TRUE(settings.no_cache);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("did you mean SCANTLING_JOBS?")));
  const char* const bad[] = {"SCANTLING_EXPOSED=perhaps"};
  const auto result = ApplyEnvironment(settings, bad, warnings);
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().Message(), HasSubstr("SCANTLING_EXPOSED"));
}

TEST(Settings, CountsWithUnits) {
  EXPECT_EQ(ParseCount("12").value(), 12U);
  EXPECT_EQ(ParseCount("2k").value(), 2048U);
  EXPECT_EQ(ParseCount("1T").value(), uint64_t{1} << 40);
  for (const char* bad : {"", "K", "-1", "1.5G", "99999999999T", "1KB", "x"}) {
    EXPECT_FALSE(ParseCount(bad).has_value()) << bad;
  }
}

TEST(Tables, EverySettingBelongsToKnownCommands) {
  for (const SettingInfo& setting : SettingTable()) {
    EXPECT_FALSE(setting.help.empty());
    std::string_view rest = setting.commands;
    while (!rest.empty()) {
      const size_t comma = std::min(rest.find(','), rest.size());
      EXPECT_NE(MaybeCommand(rest.substr(0, comma)), nullptr) << rest;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
}

// The committed pages are what the tables say. To renew one: scantling docs PAGE > FILE.
TEST(Tables, CommittedPagesAreCurrent) {
  const std::string root = SCANTLING_SOURCE_DIR;
  EXPECT_EQ(base::ReadFile(root + "/docs/cli.md", 1 << 20).value(), CliMarkdown());
  EXPECT_EQ(base::ReadFile(root + "/docs/configuration.md", 1 << 20).value(),
            ConfigurationMarkdown());
  EXPECT_EQ(base::ReadFile(root + "/api/config.schema.json", 1 << 20).value(), ConfigSchema());
}

TEST(Tables, HelpShowsLimitsAndExamples) {
  const std::string help = HelpFooter(*MaybeCommand("scan"));
  EXPECT_THAT(help, HasSubstr("file-bytes"));
  EXPECT_THAT(help, HasSubstr("scantling scan"));
  EXPECT_THAT(help, HasSubstr("Exit codes"));
  EXPECT_THAT(ManPage(), HasSubstr(".TH SCANTLING 1"));
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_THAT(Completion(shell), HasSubstr("fail-on"));
  }
}

}  // namespace
}  // namespace scantling::cli
