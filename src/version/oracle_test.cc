// Our comparators against the ecosystems' own tools, on some thousand plausible pairs each. One
// process per tool, pairs on its standard input, one answer per line: "-1", "0", "1", or "x" when
// the tool refuses one of the two. A tool that is not installed skips its test and says so.
#include "base/strings.h"
#include "tests/support/process.h"
#include "version/compare.h"
#include "version/plausible.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace scantling::version {
namespace {

using Pair = std::pair<std::string, std::string>;

// A fixed seed: the same pairs on every run. SCANTLING_ORACLE_SEED=N looks further.
std::vector<Pair> MakePairs(Ecosystem ecosystem, size_t count) {
  const char* seed = std::getenv("SCANTLING_ORACLE_SEED");
  rc::Random random(seed == nullptr ? 20241124U : std::strtoull(seed, nullptr, 10));
  const rc::Gen<std::string> generator = PlausibleVersion(ecosystem);
  std::vector<Pair> out;
  std::set<Pair> seen;
  constexpr int kSize = 100;
  for (size_t tries = 0; out.size() < count && tries < 10 * count; ++tries) {
    Pair pair{generator(random.split(), kSize).value(), generator(random.split(), kSize).value()};
    if (seen.insert(pair).second) {
      out.push_back(std::move(pair));
    }
  }
  return out;
}

std::string Answer(Ecosystem ecosystem, const Pair& pair) {
  const std::optional<int> order = Compare(ecosystem, pair.first, pair.second);
  return order.has_value() ? std::to_string(*order) : "x";
}

// kTool: we must give the tool's answer, refusals included. kValidOnly: pairs that the tool refuses
// are skipped (we are more generous, by the documented rules). kBothValid: pairs that we refuse are
// skipped as well.
enum class Judge { kTool, kValidOnly, kBothValid };

void Check(Ecosystem ecosystem, const std::vector<std::string>& argv, Judge judge,
           const std::vector<std::string>& environment = {}, size_t count = 4000) {
  const std::vector<Pair> pairs = MakePairs(ecosystem, count);
  std::string input;
  for (const Pair& pair : pairs) {
    input.append(pair.first).append("\t").append(pair.second).append("\n");
  }
  const testing::ProcessResult result = testing::Run(argv, input, environment);
  ASSERT_EQ(result.exit, 0) << result.stderr_text.substr(0, 2000);
  std::vector<std::string_view> answers = base::Split(base::Trim(result.stdout_text), '\n');
  ASSERT_EQ(answers.size(), pairs.size()) << result.stderr_text.substr(0, 2000);
  size_t compared = 0;
  size_t wrong = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const std::string_view want = base::Trim(answers[i]);
    const std::string got = Answer(ecosystem, pairs[i]);
    if ((judge != Judge::kTool && want == "x") || (judge == Judge::kBothValid && got == "x")) {
      continue;
    }
    compared += want != "x" ? 1 : 0;
    if (got != want && ++wrong <= 20) {
      ADD_FAILURE() << "\"" << pairs[i].first << "\" against \"" << pairs[i].second << "\": we say "
                    << got << ", the tool says " << want;
    }
  }
  EXPECT_EQ(wrong, 0U) << "of " << compared;
  EXPECT_GT(compared, pairs.size() / 10);
  ::testing::Test::RecordProperty("compared", static_cast<int>(compared));
}

#define SCANTLING_NEEDS(program)                      \
  if (!testing::HaveProgram(program)) {               \
    GTEST_SKIP() << "no " << (program) << " in PATH"; \
  }

TEST(Oracle, Dpkg) {
  SCANTLING_NEEDS("dpkg");
  // dpkg compares one pair per run: a small shell loop, and fewer pairs.
  constexpr const char* kScript = R"(
tab=$(printf '\t')
while IFS="$tab" read -r a b; do
  if dpkg --compare-versions "$a" lt "$b" 2>/dev/null; then echo -1
  elif dpkg --compare-versions "$a" gt "$b" 2>/dev/null; then echo 1
  else echo 0; fi
done)";
  Check(Ecosystem::kDeb, {"sh", "-c", kScript}, Judge::kTool, {}, 600);
}

TEST(Oracle, Rpm) {
  SCANTLING_NEEDS("rpm");
  constexpr const char* kScript =
      "%{lua: for line in io.stdin:lines() do local a, b = line:match('^(.-)\\t(.*)$') "
      "io.stdout:write(rpm.vercmp(a, b), '\\n') end}";
  Check(Ecosystem::kRpm, {"rpm", "--eval", kScript}, Judge::kTool);
}

TEST(Oracle, PythonPackaging) {
  const std::string python = "/usr/bin/python3";
  if (testing::Run({python, "-c", "import packaging"}).exit != 0) {
    GTEST_SKIP() << "no python3-packaging";
  }
  constexpr const char* kScript = R"(
import sys
from packaging.version import Version, InvalidVersion
for line in sys.stdin:
    a, b = line.rstrip('\n').split('\t')
    try:
        a, b = Version(a), Version(b)
        print((a > b) - (a < b))
    except InvalidVersion:
        print('x')
)";
  Check(Ecosystem::kPypi, {python, "-c", kScript}, Judge::kTool);
}

constexpr const char* kNodeScript = R"(
const semver = require('semver');
const loose = process.argv[1] === 'loose';
for (const line of require('fs').readFileSync(0, 'utf8').trimEnd().split('\n')) {
  const [a, b] = line.split('\t');
  const strict = (v) => loose || /^\d/.test(v);
  console.log(strict(a) && strict(b) && semver.valid(a, loose) && semver.valid(b, loose)
      ? semver.compare(a, b, loose) : 'x');
}
)";

bool HaveNodeSemver(const std::vector<std::string>& environment) {
  return testing::HaveProgram("node") &&
         testing::Run({"node", "-e", "require('semver')"}, {}, environment).exit == 0;
}

TEST(Oracle, NodeSemver) {
  const std::vector<std::string> environment = {"NODE_PATH=/usr/share/nodejs"};
  if (!HaveNodeSemver(environment)) {
    GTEST_SKIP() << "no node with node-semver";
  }
  // node refuses numbers beyond 2^53; we do not.
  Check(Ecosystem::kNpm, {"node", "-e", kNodeScript, "loose"}, Judge::kValidOnly, environment);
}

TEST(Oracle, NodeSemverStrictForCargo) {
  const std::vector<std::string> environment = {"NODE_PATH=/usr/share/nodejs"};
  if (!HaveNodeSemver(environment)) {
    GTEST_SKIP() << "no node with node-semver";
  }
  Check(Ecosystem::kCargo, {"node", "-e", kNodeScript, "strict"}, Judge::kValidOnly, environment,
        8000);
}

TEST(Oracle, RubyGems) {
  SCANTLING_NEEDS("ruby");
  constexpr const char* kScript = R"(
STDIN.each_line do |line|
  a, b = line.chomp.split("\t")
  if Gem::Version.correct?(a) && Gem::Version.correct?(b)
    puts(Gem::Version.new(a) <=> Gem::Version.new(b))
  else
    puts "x"
  end
end
)";
  Check(Ecosystem::kGem, {"ruby", "-e", kScript}, Judge::kTool);
}

TEST(Oracle, ComposerSemver) {
  SCANTLING_NEEDS("php");
  if (!std::filesystem::exists("/usr/share/php/Composer/Semver/autoload.php")) {
    GTEST_SKIP() << "no php-composer-semver";
  }
  constexpr const char* kScript = R"(
require '/usr/share/php/Composer/Semver/autoload.php';
$parser = new Composer\Semver\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  list($a, $b) = explode("\t", rtrim($line, "\n"));
  try {
    $a = $parser->normalize($a);
    $b = $parser->normalize($b);
    echo strpos($a, 'dev-') === 0 || strpos($b, 'dev-') === 0 ? 'x' : version_compare($a, $b), "\n";
  } catch (Exception $e) { echo "x\n"; }
}
)";
  Check(Ecosystem::kComposer, {"php", "-r", kScript}, Judge::kTool);
}

// The Go distribution carries golang.org/x/mod/semver for its own commands; a module of a moment
// runs that copy.
TEST(Oracle, GoModSemver) {
  SCANTLING_NEEDS("go");
  const std::string root(base::Trim(testing::Run({"go", "env", "GOROOT"}).stdout_text));
  const std::filesystem::path source = root + "/src/cmd/vendor/golang.org/x/mod/semver/semver.go";
  if (!std::filesystem::exists(source)) {
    GTEST_SKIP() << "no " << source;
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("scantling-go-oracle." + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "semver");
  std::filesystem::copy_file(source, folder / "semver" / "semver.go");
  std::ofstream(folder / "go.mod") << "module oracle\n\ngo 1.18\n";
  std::ofstream(folder / "main.go") << R"(package main

import (
	"bufio"
	"fmt"
	"oracle/semver"
	"os"
	"strings"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		a, b, _ := strings.Cut(in.Text(), "\t")
		a, b = "v"+strings.TrimPrefix(a, "v"), "v"+strings.TrimPrefix(b, "v")
		if !semver.IsValid(a) || !semver.IsValid(b) {
			fmt.Println("x")
		} else {
			fmt.Println(semver.Compare(a, b))
		}
	}
}
)";
  const std::vector<std::string> environment = {"GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off",
                                                "GOTOOLCHAIN=local"};
  const testing::ProcessResult built =
      testing::Run({"go", "build", "-C", folder.string(), "-o", "oracle", "."}, {}, environment);
  if (built.exit == 0) {
    // Releases of Go itself ("go1.21rc2") are ours alone.
    Check(Ecosystem::kGo, {(folder / "oracle").string()}, Judge::kValidOnly, environment, 8000);
  }
  std::filesystem::remove_all(folder);
  if (built.exit != 0) {
    GTEST_SKIP() << "go cannot build here: " << built.stderr_text.substr(0, 500);
  }
}

// apk from PATH, or the one inside the Alpine image among the fixtures, run by that image's own
// loader.
TEST(Oracle, ApkTools) {
  const char* fixtures = std::getenv("SCANTLING_FIXTURES");
  const std::string archive =
      fixtures == nullptr ? "" : std::string(fixtures) + "/images/alpine-310.tar.gz";
  std::vector<std::string> apk = {"apk"};
  std::filesystem::path folder;
  if (!testing::HaveProgram("apk")) {
    if (archive.empty() || !std::filesystem::exists(archive)) {
      GTEST_SKIP() << "no apk in PATH, and SCANTLING_FIXTURES has no images/alpine-310.tar.gz";
    }
    folder = std::filesystem::temp_directory_path() /
             ("scantling-apk-oracle." + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    constexpr const char* kUnpack =
        "cd \"$1\" && tar xzf \"$2\" && for layer in */layer.tar; do tar xf \"$layer\" lib sbin || "
        "exit 1; done";
    ASSERT_EQ(testing::Run({"sh", "-c", kUnpack, "sh", folder.string(), archive}).exit, 0);
    const std::string root = folder.string();
    apk = {root + "/lib/ld-musl-x86_64.so.1", "--library-path", root + "/lib", root + "/sbin/apk"};
  }
  constexpr const char* kScript = R"SH(
tab=$(printf '\t')
while IFS="$tab" read -r a b; do
  # The accident of apk-tools 2 that we do not follow: a pre-release right after a zero.
  case "$a $b" in *.0_alpha*|*.0_beta*|*.0_pre*|*.0_rc*|*.00_*) echo x; continue;; esac
  # Numbers of 64 bits came with 2.14, hashes with 3.
  case "$a $b" in *????????99999*|*20230101120000*|*~*) echo x; continue;; esac
  case "$("$@" version -t "$a" "$b" 2>/dev/null)" in "<") echo -1;; ">") echo 1;; "=") echo 0;; *) echo x;; esac
done)SH";
  std::vector<std::string> argv = {"sh", "-c", kScript, "sh"};
  argv.insert(argv.end(), apk.begin(), apk.end());
  // apk-tools 2 reads missing numbers as zeros and knows no hashes; numbers of 64 bits came
  // with 2.14.
  Check(Ecosystem::kApk, argv, Judge::kBothValid, {}, 800);
  if (!folder.empty()) {
    std::filesystem::remove_all(folder);
  }
}

TEST(Oracle, MavenComparableVersion) {
  const char* jar = "/usr/share/java/maven-artifact-3.x.jar";
  if (!testing::HaveProgram("java") || !std::filesystem::exists(jar)) {
    GTEST_SKIP() << "no java with " << jar;
  }
  // The class's own main() compares each argument with the one before it: a chain A B A' B' holds
  // every pair.
  const std::vector<Pair> pairs = MakePairs(Ecosystem::kMaven, 3000);
  std::vector<std::string> argv = {"java", "-cp",
                                   std::string(jar) + ":/usr/share/java/commons-lang3.jar",
                                   "org.apache.maven.artifact.versioning.ComparableVersion"};
  for (const Pair& pair : pairs) {
    argv.push_back(pair.first);
    argv.push_back(pair.second);
  }
  const testing::ProcessResult result = testing::Run(argv);
  ASSERT_EQ(result.exit, 0) << result.stderr_text.substr(0, 2000);
  size_t compared = 0;
  size_t wrong = 0;
  for (const std::string_view line : base::Split(result.stdout_text, '\n')) {
    const std::vector<std::string_view> fields = base::Split(base::Trim(line), ' ');
    if (!line.starts_with("   ") || fields.size() != 3) {
      continue;
    }
    ++compared;
    const std::optional<int> order = Compare(Ecosystem::kMaven, fields[0], fields[2]);
    ASSERT_TRUE(order.has_value());
    const int want = fields[1] == "<" ? -1 : (fields[1] == ">" ? 1 : 0);
    if (*order != want && ++wrong <= 20) {
      ADD_FAILURE() << "we say " << *order << ", Maven says " << line;
    }
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(compared, pairs.size());
}

}  // namespace
}  // namespace scantling::version
