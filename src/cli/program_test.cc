// The program itself, where no image is needed: exit codes, messages, settings in their order, a
// closed pipe. Scans are tried by tests/e2e.
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace scantling::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Program : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/scantling-cli-test-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  void TearDown() override {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  scantling::testing::ProcessResult Run(std::vector<std::string> arguments,
                                        std::string_view input = {},
                                        std::vector<std::string> environment = {}) const {
    arguments.insert(arguments.begin(), SCANTLING_PROGRAM_PATH);
    for (const char* name : {"XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "XDG_DATA_HOME=", "HOME="}) {
      environment.push_back(name + folder_);
    }
    return scantling::testing::Run(arguments, input, environment);
  }
  std::string Write(const std::string& name, std::string_view text) const {
    const std::string path = folder_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }
  std::string folder_;
};

TEST_F(Program, SaysItsVersionAndHelps) {
  EXPECT_THAT(Run({"--version"}).stdout_text, HasSubstr("scantling "));
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"scan", "--help"},
                                             {"db", "--help"},
                                             {"db", "build", "--help"},
                                             {"explain", "-h"}}) {
    const auto result = Run(command);
    EXPECT_EQ(result.exit, 0);
    EXPECT_THAT(result.stdout_text, HasSubstr("scantling"));
    EXPECT_THAT(result.stderr_text, IsEmpty());
  }
}

TEST_F(Program, WrongUsageIsTwoAndNamesTheNearest) {
  EXPECT_THAT(Run({"scna"}).stderr_text, HasSubstr("did you mean \"scan\"?"));
  EXPECT_THAT(Run({"scan", "x", "--fial-on", "kev"}).stderr_text,
              HasSubstr("did you mean --fail-on?"));
  EXPECT_THAT(Run({"scan", "x", "--fail-on", "purple"}).stderr_text, HasSubstr("kev"));
  EXPECT_THAT(Run({"scan", "x", "--limit", "file-byte=1"}).stderr_text, HasSubstr("file-bytes"));
  EXPECT_THAT(Run({"scan", "x", "--now", "yesterday"}).stderr_text, HasSubstr("2025-02-28"));
  EXPECT_THAT(Run({"scan", "x", "y"}).stderr_text, HasSubstr("too many"));
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{},
                                             {"scna"},
                                             {"scan"},
                                             {"scan", "x", "--nothing"},
                                             {"scan", "x", "--fail-on", "purple"},
                                             {"scan", "x", "y"},
                                             {"scan", "x", "--jobs", "many"},
                                             {"db"},
                                             {"db", "build"},
                                             {"version", "compare", "nothing"},
                                             {"inventory", "x", "--format", "sarif"},
                                             {"scan", "x", "-o", "sarfi=y"},
                                             {"scan", "x", "-o", "y", "-o", "html=y"},
                                             {"scan", "x", "--format", "template"},
                                             {"policy", "replay", "strict"},
                                             {"policy", "show", "nothing"},
                                             {"db", "lookup", "lodash"},
                                             {"completion", "tcsh"},
                                             {"docs", "x"}}) {
    const auto result = Run(command);
    EXPECT_EQ(result.exit, 2) << (command.empty() ? "" : command[0]) << result.stderr_text;
    EXPECT_THAT(result.stderr_text, Not(IsEmpty()));
  }
}

TEST_F(Program, WhatCannotBeScannedIsThree) {
  EXPECT_EQ(Run({"scan", folder_ + "/nothing"}).exit, 3);
  EXPECT_EQ(Run({"scan", "oci:" + folder_ + "/nothing"}).exit, 3);
  const std::string junk = Write("junk.db", "this is no database");
  const auto result = Run({"db", "info", "--db", junk});
  EXPECT_EQ(result.exit, 3);
  EXPECT_THAT(result.stderr_text, HasSubstr(junk));
  EXPECT_THAT(result.stderr_text, HasSubstr("scantling db build"));
}

TEST_F(Program, FlagsOverEnvironmentOverFile) {
  Write("scantling/config.yaml", "jobs: 3\nplatform: linux/arm64\nformat: json\n");
  const auto result =
      Run({"config", "show"}, {}, {"SCANTLING_JOBS=5", "SCANTLING_FEEDS=/x", "SCANTLING_JBOS=1"});
  EXPECT_EQ(result.exit, 0) << result.stderr_text;
  EXPECT_THAT(result.stdout_text, ::testing::ContainsRegex("jobs: 5 +# SCANTLING_JOBS"));
  EXPECT_THAT(result.stdout_text,
              ::testing::ContainsRegex("platform: linux/arm64 +# .*config.yaml:2"));
  EXPECT_THAT(result.stderr_text,
              HasSubstr("SCANTLING_JBOS, which is no setting; did you mean SCANTLING_JOBS?"));
  EXPECT_THAT(result.stderr_text, Not(HasSubstr("FEEDS")));
}

TEST_F(Program, AWrongFileIsTwoWithFileAndLine) {
  const std::string path = Write("other.yaml", "quiet: true\njbos: 3\n");
  const auto result = Run({"config", "show", "--config", path});
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.stderr_text, HasSubstr(path + ":2"));
  EXPECT_THAT(result.stderr_text, HasSubstr("did you mean \"jobs\"?"));
  EXPECT_EQ(Run({"config", "show", "--config", folder_ + "/nothing.yaml"}).exit, 2);
}

TEST_F(Program, VersionCompare) {
  EXPECT_EQ(Run({"version", "compare", "deb"}, "1.0~rc1 < 1.0\n# a comment\n1:0 > 9\n").exit, 0);
  const auto wrong = Run({"version", "compare", "deb"}, "1.0 < 1.1\n1.0 > 2.0\n");
  EXPECT_EQ(wrong.exit, 1);
  EXPECT_THAT(wrong.stdout_text, HasSubstr("line 2: 1.0 > 2.0"));
}

TEST_F(Program, TheStarterSetAnswersWithoutAnyFile) {
  const auto info = Run({"db", "info"});
  EXPECT_EQ(info.exit, 0) << info.stderr_text;
  EXPECT_THAT(info.stdout_text, HasSubstr("starter set"));
  EXPECT_EQ(Run({"db", "verify"}).exit, 0);
  const auto lookup = Run({"db", "lookup", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"});
  EXPECT_THAT(lookup.stdout_text, HasSubstr("YES CVE-2021-44228"));
}

TEST_F(Program, DbLookupOfAnRpmHonoursModuleAndArchitecture) {
  const auto write = [&](const std::string& id, const std::string& fixed,
                         const std::string& summary) {
    Write("feeds/alma-osv/" + id + ".json",
          R"({"id":")" + id + R"(","modified":"2024-01-02T00:00:00Z",)" +
              R"("published":"2024-01-02T00:00:00Z","summary":")" + summary +
              R"(","related":["CVE-2024-)" + id.substr(id.size() - 4) +
              R"("],"affected":[{"package":{"ecosystem":"AlmaLinux:8",)" +
              R"("name":"nodejs"},"ranges":[{"type":"ECOSYSTEM","events":)" +
              R"([{"introduced":"0"},{"fixed":")" + fixed + R"("}]}]}]})");
  };
  write("ALSA-2024:1018", "1:18.20.0-1.module_el8.9.0+1+ab",
        "Important: nodejs:18 security update");
  write("ALSA-2024:1020", "1:20.12.0-1.module_el8.9.0+1+ab",
        "Important: nodejs:20 security update");
  const std::string database = folder_ + "/alma.db";
  const auto built = Run({"db", "build", "--feeds", folder_ + "/feeds", "-o", database});
  ASSERT_EQ(built.exit, 0) << built.stderr_text;
  const auto lookup = [&](const std::string& purl) {
    return Run({"db", "lookup", purl, "--db", database}).stdout_text;
  };
  const std::string both = lookup("pkg:rpm/almalinux/nodejs?distro=almalinux-8");
  EXPECT_THAT(both, HasSubstr("CVE-2024-1018"));
  EXPECT_THAT(both, HasSubstr("CVE-2024-1020"));
  const std::string one = lookup(
      "pkg:rpm/almalinux/"
      "nodejs@18.19.0-1.module_el8.9.0%2B1%2Bab?arch=x86_64&epoch=1&rpmmod=nodejs:18:89:rhel8&"
      "distro=almalinux-8");
  EXPECT_THAT(one, HasSubstr("CVE-2024-1018"));
  EXPECT_THAT(one, Not(HasSubstr("CVE-2024-1020")));
  EXPECT_THAT(one, HasSubstr("1 statement for other modules or architectures left out"));
  const std::string plain =
      lookup("pkg:rpm/almalinux/nodejs@18.19.0-1.el8?epoch=1&distro=almalinux-8");
  EXPECT_THAT(plain, HasSubstr("No statement about nodejs"));
}

TEST_F(Program, MadeTexts) {
  EXPECT_THAT(Run({"man"}).stdout_text, HasSubstr(".TH SCANTLING"));
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_EQ(Run({"completion", shell}).exit, 0);
  }
  if (scantling::testing::HaveProgram("bash")) {
    const auto script = Run({"completion", "bash"});
    EXPECT_EQ(scantling::testing::Run({"bash", "-n"}, script.stdout_text).exit, 0);
    const auto tried = scantling::testing::Run(
        {"bash", "-s"},
        script.stdout_text +
            "COMP_WORDS=(scantling db lo); COMP_CWORD=2; _scantling; echo \"${COMPREPLY[@]}\"\n"
            "COMP_WORDS=(scantling scan --fail-); COMP_CWORD=2; _scantling; echo "
            "\"${COMPREPLY[@]}\"\n");
    EXPECT_THAT(tried.stdout_text, HasSubstr("lookup\n--fail-on --fail-on-gaps"));
  }
}

TEST_F(Program, AClosedPipeEndsQuietly) {
  if (!scantling::testing::HaveProgram("bash")) {
    GTEST_SKIP() << "bash is not installed";
  }
  const std::string command =
      "set -o pipefail; for i in 1 2 3 4; do " SCANTLING_PROGRAM_PATH " man | true || exit 1; done";
  const auto result = scantling::testing::Run({"bash", "-c", command});
  EXPECT_EQ(result.exit, 0) << result.stderr_text;
  EXPECT_THAT(result.stderr_text, IsEmpty());
  const auto full =
      scantling::testing::Run({"bash", "-c", SCANTLING_PROGRAM_PATH " man > /dev/full"});
  EXPECT_EQ(full.exit, 3);
  EXPECT_THAT(full.stderr_text, HasSubstr("standard output"));
}

}  // namespace
}  // namespace scantling::cli
