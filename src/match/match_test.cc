// The rules of docs/matching.md, one table row or test each, against advisories in memory.
#include "match/session.h"
#include "match/severity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>

namespace scantling::match {
namespace {

using advisory::Statement;
using advisory::StatementState;
using model::Component;
using version::Ecosystem;

constexpr std::string_view kVector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

// Vulnerabilities are numbered in the order of AddVulnerability; all texts are literals.
class Fake final : public AdvisoryLookup {
 public:
  uint32_t AddVulnerability(std::string_view id, std::vector<std::string_view> aliases = {}) {
    advisory::Vulnerability out;
    out.id = id;
    out.aliases = std::move(aliases);
    out.published = 1'700'000'000;
    out.severities = {{model::Level::kUnknown, -1, std::string(kVector), "nvd"}};
    vulnerabilities_.push_back(out);
    return static_cast<uint32_t>(vulnerabilities_.size() - 1);
  }
  advisory::Vulnerability& Get(uint32_t index) { return vulnerabilities_[index]; }
  Statement& Say(std::string_view name_space, std::string_view package, Statement statement) {
    Count(name_space);
    sources_.push_back({std::string(statement.source),
                        statement.source == "npm-ghsa" ? "2025-02-18" : "2025-02-12", 1});
    auto& list = statements_[{std::string(name_space), std::string(package)}];
    list.push_back(std::move(statement));
    return list.back();
  }
  void SetStarter() { starter_ = true; }
  void Break() { broken_ = true; }

  base::Result<void> Lookup(std::string_view name_space, std::string_view package,
                            const std::function<void(const Statement&)>& visit) const override {
    if (broken_) {
      return base::Error(base::ErrorCode::kMismatch, "block 3: checksum");
    }
    ++lookups;
    const auto found = statements_.find({std::string(name_space), std::string(package)});
    if (found != statements_.end()) {
      for (const Statement& statement : found->second) {
        visit(statement);
      }
    }
    return {};
  }
  base::Result<advisory::Vulnerability> GetVulnerability(uint32_t index) const override {
    if (index >= vulnerabilities_.size()) {
      return base::Invalid("no such vulnerability");
    }
    return vulnerabilities_[index];
  }
  base::Result<std::optional<uint32_t>> FindVulnerability(std::string_view id) const override {
    for (uint32_t i = 0; i < vulnerabilities_.size(); ++i) {
      const auto& aliases = vulnerabilities_[i].aliases;
      if (vulnerabilities_[i].id == id ||
          std::find(aliases.begin(), aliases.end(), id) != aliases.end()) {
        return std::optional(i);
      }
    }
    return std::optional<uint32_t>();
  }
  base::Result<std::vector<std::pair<std::string, std::string>>> PackagesOf(
      uint32_t vulnerability) const override {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [key, list] : statements_) {
      if (std::any_of(list.begin(), list.end(), [vulnerability](const Statement& statement) {
            return statement.vulnerability == vulnerability;
          })) {
        out.push_back(key);
      }
    }
    return out;
  }
  Contents About() const override { return {sources_, namespaces_, starter_}; }

  mutable std::atomic<uint64_t> lookups = 0;  // asked by several threads

 private:
  void Count(std::string_view name) {
    for (advisory::NamespaceInfo& info : namespaces_) {
      if (info.name == name) {
        ++info.statements;
        return;
      }
    }
    namespaces_.push_back({name, "2025-02-12", 1, "test"});
  }

  std::vector<advisory::Vulnerability> vulnerabilities_;
  std::map<std::pair<std::string, std::string>, std::vector<Statement>> statements_;
  std::vector<model::SourceInfo> sources_;
  std::vector<advisory::NamespaceInfo> namespaces_;
  bool starter_ = false;
  bool broken_ = false;
};

Statement Says(uint32_t vulnerability, std::string_view advisory, std::string_view source,
               std::vector<version::Interval> intervals,
               StatementState state = StatementState::kAffected, std::string_view note = {}) {
  Statement out;
  out.vulnerability = vulnerability;
  out.advisory = advisory;
  out.source = source;
  out.intervals = std::move(intervals);
  out.state = state;
  out.note = note;
  return out;
}

Component Make(Ecosystem type, std::string name, std::string version) {
  Component out;
  out.type = type;
  out.name = std::move(name);
  out.version = std::move(version);
  out.ref = "pkg:" + std::string(version::PurlType(type)) + "/" + out.name + "@" + out.version;
  out.purl = out.ref;
  out.layer = 0;
  out.locations = {{"some/" + out.name, 0}};
  if (type == Ecosystem::kDeb) {
    out.distro = "debian:12";
  } else if (type == Ecosystem::kApk) {
    out.distro = "alpine:v3.18";
  } else if (type == Ecosystem::kRpm) {
    out.distro = "almalinux:8";
  }
  return out;
}

MatchResult Matched(const Fake& fake, std::vector<Component> components) {
  model::Inventory inventory;
  inventory.components = std::move(components);
  auto result = MatchWith(inventory, fake);
  EXPECT_TRUE(result.has_value());
  return result.has_value() ? *std::move(result) : MatchResult();
}

bool HasDiagnostic(const MatchResult& result, std::string_view code) {
  return std::any_of(result.diagnostics.begin(), result.diagnostics.end(),
                     [code](const auto& diagnostic) { return diagnostic.code == code; });
}

// --- which lookup

struct LookupCase {
  std::string name;
  Component component;
  std::string name_space;
  std::string package;
  std::string version;
  Skip skip = Skip::kNone;
};

Component With(Component component, const std::function<void(Component&)>& change) {
  change(component);
  return component;
}

std::vector<LookupCase> LookupCases() {
  return {
      {"DebBinaryName", Make(Ecosystem::kDeb, "zlib1g", "1:1.2-1"), "debian:12", "zlib1g",
       "1:1.2-1"},
      {"DebSource",
       With(Make(Ecosystem::kDeb, "libc6", "2.36-9+b1"),
            [](Component& c) {
              c.source_name = "glibc";
              c.source_version = "2.36-9";
            }),
       "debian:12", "glibc", "2.36-9"},
      {"ApkOrigin",
       With(Make(Ecosystem::kApk, "libssl3", "3.1.4-r0"),
            [](Component& c) { c.source_name = "openssl"; }),
       "alpine:v3.18", "openssl", "3.1.4-r0"},
      {"RpmBinary",
       With(Make(Ecosystem::kRpm, "openssl-libs", "1:1.1.1k-9.el8"),
            [](Component& c) { c.source_name = "openssl"; }),
       "almalinux:8", "openssl-libs", "1:1.1.1k-9.el8"},
      {"PypiNormalised", Make(Ecosystem::kPypi, "Foo_Bar.baz", "1"), "pypi", "foo-bar-baz", "1"},
      {"NpmScoped", Make(Ecosystem::kNpm, "@a/b", "1.0.0"), "npm", "@a/b", "1.0.0"},
      {"Maven", Make(Ecosystem::kMaven, "g:a", "1"), "maven", "g:a", "1"},
      {"MavenWithoutGroup", Make(Ecosystem::kMaven, "a", "1"), "maven", "a", "1", Skip::kNoGroup},
      {"GoKeepsCase", Make(Ecosystem::kGo, "github.com/Masterminds/x/v2", "v2.0.0"), "golang",
       "github.com/Masterminds/x/v2", "v2.0.0"},
      {"GoStdlib", Make(Ecosystem::kGo, "stdlib", "go1.21.3 X:boring"), "golang", "stdlib",
       "1.21.3"},
      {"GoStdlibV", Make(Ecosystem::kGo, "stdlib", "v1.21.3"), "golang", "stdlib", "1.21.3"},
      {"NoDistribution",
       With(Make(Ecosystem::kDeb, "x", "1"), [](Component& c) { c.distro.clear(); }), "", "x", "1",
       Skip::kNoDistribution},
      {"Nodesource", Make(Ecosystem::kDeb, "nodejs", "18.19.0-1nodesource1"), "debian:12", "nodejs",
       "18.19.0-1nodesource1", Skip::kThirdParty},
      {"NginxOrg", Make(Ecosystem::kDeb, "nginx", "1.25.3-1~bookworm"), "debian:12", "nginx",
       "1.25.3-1~bookworm", Skip::kThirdParty},
      {"Backport", Make(Ecosystem::kDeb, "x", "1.2-1~bpo12+1"), "debian:12", "x", "1.2-1~bpo12+1"},
      {"RpmVendor",
       With(Make(Ecosystem::kRpm, "x", "1-1"), [](Component& c) { c.vendor = "Docker"; }),
       "almalinux:8", "x", "1-1", Skip::kThirdParty},
      {"RpmOwnVendor",
       With(Make(Ecosystem::kRpm, "x", "1-1"), [](Component& c) { c.vendor = "AlmaLinux"; }),
       "almalinux:8", "x", "1-1"},
  };
}

TEST(TargetOf, Table) {
  for (const LookupCase& test : LookupCases()) {
    SCOPED_TRACE(test.name);
    const Target target = TargetOf(test.component);
    EXPECT_EQ(target.name_space, test.name_space);
    EXPECT_EQ(target.package(), test.package);
    EXPECT_EQ(target.version, test.version);
    EXPECT_EQ(target.skip, test.skip);
  }
}

// --- fix states

struct StateCase {
  std::string name;
  StatementState state;
  std::string_view note;
  std::string_view fixed;
  std::optional<model::FixState> want;  // nullopt = no finding
};

TEST(Match, FixStates) {
  const std::vector<StateCase> cases = {
      {"Fixed", StatementState::kAffected, "", "2.0-1", model::FixState::kFixed},
      {"Open", StatementState::kAffected, "", "", model::FixState::kNotFixed},
      {"Ignored", StatementState::kWontFix, "ignored", "", model::FixState::kWontFix},
      {"Postponed", StatementState::kDeferred, "postponed", "", model::FixState::kDeferred},
      {"Undetermined", StatementState::kUndetermined, "undetermined", "",
       model::FixState::kUnknown},
      {"NotAffected", StatementState::kNotAffected, "", "", std::nullopt},
      {"AlreadyFixed", StatementState::kAffected, "", "1.0-1", std::nullopt},
      {"FixedBeforeIgnored", StatementState::kWontFix, "", "2.0-1", model::FixState::kFixed},
  };
  for (const StateCase& test : cases) {
    SCOPED_TRACE(test.name);
    Fake fake;
    const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
    fake.Say("debian:12", "x",
             Says(cve, "CVE-2024-1", "debian-osv", {{"0", test.fixed, ""}}, test.state, test.note));
    const MatchResult result = Matched(fake, {Make(Ecosystem::kDeb, "x", "1.0-1")});
    if (!test.want.has_value()) {
      EXPECT_TRUE(result.findings.empty());
      continue;
    }
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_EQ(result.findings[0].fix_state, *test.want);
    EXPECT_EQ(result.findings[0].fix_note, test.note);
    EXPECT_EQ(result.findings[0].rule, "deb: source package x in debian:12");
  }
}

TEST(Match, UnimportantIsNegligible) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  fake.Say("debian:12", "x",
           Says(cve, "CVE-2024-1", "debian-osv", {{}}, StatementState::kAffected, "unimportant"));
  const MatchResult result = Matched(fake, {Make(Ecosystem::kDeb, "x", "1.0-1")});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].severity.level, model::Level::kNegligible);
  EXPECT_EQ(result.findings[0].severity.source, "debian");
  EXPECT_EQ(result.findings[0].severities.size(), 2U);
}

// --- which source decides

TEST(Match, RecordOfTheVulnerabilityBeforeBundles) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  auto& dsa = fake.Say("debian:12", "x", Says(cve, "DSA-1-1", "debian-osv", {{"0", "2.0-1", ""}}));
  dsa.published = 1'710'000'000;
  fake.Say("debian:12", "x", Says(cve, "CVE-2024-1", "debian-osv", {{"0", "2.0-1", ""}}));
  const MatchResult result = Matched(fake, {Make(Ecosystem::kDeb, "x", "1.0-1")});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].advisory, "CVE-2024-1");
  EXPECT_EQ(result.findings[0].fix_available, "2024-03-09");

  Fake denied;
  const uint32_t other = denied.AddVulnerability("CVE-2024-2");
  denied.Say("debian:12", "x", Says(other, "DSA-2-1", "debian-osv", {{"0", "2.0-1", ""}}));
  denied.Say("debian:12", "x",
             Says(other, "CVE-2024-2", "debian-osv", {}, StatementState::kNotAffected));
  EXPECT_TRUE(Matched(denied, {Make(Ecosystem::kDeb, "x", "1.0-1")}).findings.empty());
}

TEST(Match, OwnDatabaseBeforeGithub) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1", {"GHSA-a", "GO-2024-1"});
  fake.Say("golang", "golang.org/x/net", Says(cve, "GHSA-a", "golang-ghsa", {{"0", "0.30.0", ""}}));
  fake.Say("golang", "golang.org/x/net",
           Says(cve, "GO-2024-1", "go-vulndb", {{"0", "0.17.0", ""}}));
  EXPECT_TRUE(
      Matched(fake, {Make(Ecosystem::kGo, "golang.org/x/net", "v0.20.0")}).findings.empty());
  const MatchResult result = Matched(fake, {Make(Ecosystem::kGo, "golang.org/x/net", "v0.10.0")});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].source, "go-vulndb");
  EXPECT_EQ(result.findings[0].fixed_versions, std::vector<std::string>{"0.17.0"});
  EXPECT_EQ(result.findings[0].aliases, (std::vector<std::string>{"GHSA-a", "GO-2024-1"}));
}

TEST(Match, FixesOfAllBranchesAscending) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2021-44228");
  fake.Say("maven", "g:log4j-core", Says(cve, "GHSA-j", "maven-ghsa", {{"2.13.0", "2.15.0", ""}}));
  fake.Say("maven", "g:log4j-core", Says(cve, "GHSA-j", "maven-ghsa", {{"2.4", "2.12.2", ""}}));
  fake.Say("maven", "g:log4j-core", Says(cve, "GHSA-j", "maven-ghsa", {{"2.0", "2.3.1", ""}}));
  const MatchResult result = Matched(fake, {Make(Ecosystem::kMaven, "g:log4j-core", "2.10.0"),
                                            Make(Ecosystem::kMaven, "g:log4j-core", "2.14.1"),
                                            Make(Ecosystem::kMaven, "g:log4j-core", "2.12.2")});
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_EQ(result.findings[0].fixed_versions, (std::vector<std::string>{"2.12.2", "2.15.0"}));
  EXPECT_EQ(result.findings[0].range, ">= 2.4, < 2.12.2");
  EXPECT_EQ(result.findings[1].fixed_versions, (std::vector<std::string>{"2.15.0"}));
}

TEST(Match, FixInsideAnotherRangeIsNone) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  fake.Say("npm", "x",
           Says(cve, "GHSA-a", "npm-ghsa", {{"0", "1.1.0", ""}, {"1.0.5", "1.2.0", ""}}));
  const MatchResult result = Matched(fake, {Make(Ecosystem::kNpm, "x", "1.0.0")});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].fixed_versions, (std::vector<std::string>{"1.2.0"}));
}

// --- rpm

struct ModuleCase {
  std::string name;
  std::string component_module;
  std::string version;
  std::string_view statement_module;
  bool finding;
};

TEST(Match, RpmModules) {
  const std::vector<ModuleCase> cases = {
      {"SameStream", "nodejs:18:8090:abc", "1:18.1-1.module_el8.9", "nodejs:18", true},
      {"OtherStream", "nodejs:16:8090:abc", "1:16.1-1.module_el8.9", "nodejs:18", false},
      {"PlainStatementModularPackage", "nodejs:18:8090:abc", "1:18.1-1.module_el8.9", "", false},
      {"ModularStatementPlainPackage", "", "1:10-1.el8", "nodejs:18", false},
      {"BothPlain", "", "1:10-1.el8", "", true},
      {"AnyModule", "nodejs:18:8090:abc", "1:18.1-1.module_el8.9", "*", true},
      {"AnyModulePlainPackage", "", "1:10-1.el8", "*", false},
      {"LabelLost", "", "1:18.1-1.module_el8.9", "nodejs:18", true},
  };
  for (const ModuleCase& test : cases) {
    SCOPED_TRACE(test.name);
    Fake fake;
    const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
    auto& statement =
        fake.Say("almalinux:8", "nodejs", Says(cve, "ALSA-1", "alma-osv", {{"0", "1:20-1", ""}}));
    statement.module = test.statement_module;
    Component component = Make(Ecosystem::kRpm, "nodejs", test.version);
    component.module = test.component_module;
    EXPECT_EQ(Matched(fake, {component}).findings.size(), test.finding ? 1U : 0U);
  }
}

TEST(Match, RpmEpochAndArchitecture) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  auto& statement =
      fake.Say("almalinux:8", "x", Says(cve, "ALSA-1", "alma-osv", {{"0", "1:1.0-1", ""}}));
  statement.architecture = "x86_64";
  Component component = Make(Ecosystem::kRpm, "x", "2.0-1");  // epoch 0 is below epoch 1
  component.architecture = "x86_64";
  EXPECT_EQ(Matched(fake, {component}).findings.size(), 1U);
  component.architecture = "aarch64";
  EXPECT_TRUE(Matched(fake, {component}).findings.empty());
}

TEST(Match, RpmFixOfTheOwnMinorRelease) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-2961");
  fake.Say("almalinux:8", "glibc",
           Says(cve, "ALSA-2024:2722", "alma-osv", {{"0", "2.28-236.el8_9.13", ""}}));
  fake.Say("almalinux:8", "glibc",
           Says(cve, "ALSA-2024:3269", "alma-osv", {{"0", "2.28-251.el8_10.1", ""}}));
  EXPECT_EQ(Matched(fake, {Make(Ecosystem::kRpm, "glibc", "2.28-236.el8_9.12")}).findings.size(),
            1U);
  EXPECT_TRUE(
      Matched(fake, {Make(Ecosystem::kRpm, "glibc", "2.28-236.el8_9.13")}).findings.empty());
  EXPECT_EQ(Matched(fake, {Make(Ecosystem::kRpm, "glibc", "2.28-225.el8")}).findings.size(), 1U);
  EXPECT_TRUE(
      Matched(fake, {Make(Ecosystem::kRpm, "glibc", "2.28-251.el8_10.2")}).findings.empty());
}

// --- the set that the program carries

TEST(Match, StarterSet) {
  const auto database = advisory::OpenEmbedded();
  ASSERT_TRUE(database.has_value());
  model::Inventory inventory;
  Component libc = Make(Ecosystem::kDeb, "libc6", "2.36-9");
  libc.source_name = "glibc";
  inventory.components = {libc,
                          Make(Ecosystem::kMaven, "org.apache.logging.log4j:log4j-core", "2.14.1"),
                          Make(Ecosystem::kNpm, "lodash", "4.17.15")};
  const auto result = Match(inventory, *database);
  ASSERT_TRUE(result.has_value());
  std::map<std::string, const model::Finding*> by_id;
  for (const model::Finding& finding : result->findings) {
    by_id[finding.id] = &finding;
  }
  ASSERT_TRUE(by_id.contains("CVE-2021-44228"));
  EXPECT_TRUE(by_id["CVE-2021-44228"]->kev.has_value());
  ASSERT_TRUE(by_id.contains("CVE-2024-2961"));
  EXPECT_EQ(by_id["CVE-2024-2961"]->fixed_versions.front(), "2.36-9+deb12u6");
  EXPECT_EQ(by_id["CVE-2024-2961"]->fix_available, "2024-04-23");
  for (const auto& row : result->ecosystems) {
    EXPECT_EQ(row.state, model::DataState::kStarterSet) << row.name;
  }
  const auto why = Explain("CVE-2021-44228", inventory, *database);
  ASSERT_TRUE(why.has_value());
  ASSERT_EQ(why->verdicts.size(), 1U);
  EXPECT_TRUE(why->verdicts[0].is_finding);
}

// --- ownership

struct OwnerCase {
  std::string name;
  std::optional<Statement> distribution;
  std::string language_finding_rule;  // "" = the language package has no finding
  bool os_finding;
};

TEST(Match, OwnersCountPerVulnerability) {
  const std::string rule = "pypi: requests";
  const std::vector<OwnerCase> cases = {
      {"Silent", std::nullopt,
       rule + "; the file belongs to python3-requests; debian:12 says nothing about it", false},
      {"NotAffected", Says(0, "CVE-2024-1", "debian-osv", {}, StatementState::kNotAffected), "",
       false},
      {"FixedHere", Says(0, "CVE-2024-1", "debian-osv", {{"0", "2.28.1+dfsg-1", ""}}), "", false},
      {"Affected", Says(0, "CVE-2024-1", "debian-osv", {{"0", "2.28.1+dfsg-9", ""}}), "", true},
      {"Undetermined",
       Says(0, "CVE-2024-1", "debian-osv", {{"0", "", ""}}, StatementState::kUndetermined),
       rule + "; the file belongs to python3-requests; debian:12 has not decided", true},
      {"OtherVulnerability", Says(1, "CVE-2024-2", "debian-osv", {{"0", "", ""}}),
       rule + "; the file belongs to python3-requests; debian:12 says nothing about it", true},
  };
  for (const OwnerCase& test : cases) {
    SCOPED_TRACE(test.name);
    Fake fake;
    fake.AddVulnerability("CVE-2024-1", {"GHSA-r"});
    fake.AddVulnerability("CVE-2024-2");
    fake.Say("pypi", "requests", Says(0, "GHSA-r", "pip-ghsa", {{"0", "2.31.0", ""}}));
    if (test.distribution.has_value()) {
      fake.Say("debian:12", "requests", *test.distribution);
    }
    Component package = Make(Ecosystem::kDeb, "python3-requests", "2.28.1+dfsg-1");
    package.source_name = "requests";
    Component language = Make(Ecosystem::kPypi, "requests", "2.28.1");
    language.owner = package.ref;
    const MatchResult result = Matched(fake, {package, language});
    std::string got;
    bool os_finding = false;
    for (const model::Finding& finding : result.findings) {
      if (finding.component == language.ref) {
        got = finding.rule;
      } else {
        os_finding = true;
      }
    }
    EXPECT_EQ(got, test.language_finding_rule);
    EXPECT_EQ(os_finding, test.os_finding);
  }
}

TEST(Match, KnownHolesOfOneComponent) {
  Fake fake;
  fake.AddVulnerability("CVE-2024-1");
  fake.AddVulnerability("CVE-2024-2");
  fake.AddVulnerability("CVE-2024-3");
  fake.Say("npm", "tar",
           Says(0, "GHSA-a", "npm-ghsa", {{"0", "6.2.1", ""}, {"7.0.0", "7.1.0", ""}}));
  fake.Say("npm", "tar", Says(1, "GHSA-b", "npm-ghsa", {{"0", "", ""}}));
  fake.Say("npm", "tar", Says(2, "GHSA-c", "npm-ghsa", {{"0", "6.0.0", ""}}));
  Component component = Make(Ecosystem::kNpm, "tar", "6.1.0");
  const auto holes = KnownHolesWith(component, fake);
  ASSERT_TRUE(holes.has_value());
  EXPECT_THAT(*holes, ::testing::UnorderedElementsAre(::testing::ElementsAre("6.2.1", "7.1.0"),
                                                      ::testing::IsEmpty()));
  component.version = "";
  EXPECT_TRUE(KnownHolesWith(component, fake).has_value());
  const Component third = Make(Ecosystem::kDeb, "nodejs", "18.19.0-1nodesource1");
  EXPECT_THAT(*KnownHolesWith(third, fake), ::testing::IsEmpty());
  fake.Break();
  component.version = "6.1.0";
  EXPECT_FALSE(KnownHolesWith(component, fake).has_value());
}

TEST(Match, ThirdPartyOwnerHasNoWord) {
  Fake fake;
  fake.AddVulnerability("CVE-2024-1");
  fake.Say("npm", "tar", Says(0, "GHSA-t", "npm-ghsa", {{"0", "6.2.1", ""}}));
  fake.Say("debian:12", "nodejs",
           Says(0, "CVE-2024-1", "debian-osv", {}, StatementState::kNotAffected));
  Component package = Make(Ecosystem::kDeb, "nodejs", "18.19.0-1nodesource1");
  Component language = Make(Ecosystem::kNpm, "tar", "6.1.0");
  language.owner = package.ref;
  const MatchResult result = Matched(fake, {package, language});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].component, language.ref);
  EXPECT_TRUE(HasDiagnostic(result, "match.third-party"));
  ASSERT_EQ(result.ecosystems.size(), 2U);
  EXPECT_EQ(result.ecosystems[0].name, "debian:12");
  EXPECT_EQ(result.ecosystems[0].components, 1U);
  EXPECT_EQ(result.ecosystems[0].skipped, 1U) << "counted, and not looked up";
  EXPECT_EQ(result.ecosystems[1].skipped, 0U);
}

// --- severity

TEST(Severity, OneRule) {
  struct Case {
    std::string name;
    std::vector<model::SeverityOpinion> opinions;
    std::string source;
    model::Level level;
  };
  using enum model::Level;
  const std::vector<Case> cases = {
      {"None", {}, "", kUnknown},
      {"GithubBeforeNvd",
       {{kCritical, 9.8, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "nvd"},
        {kHigh, 7.5, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "ghsa"}},
       "ghsa",
       kHigh},
      {"Version3BeforeVersion4",
       {{kHigh, 8.7, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", "ghsa"},
        {kMedium, 5.3, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "nvd"}},
       "nvd",
       kMedium},
      {"VectorBeforeWord",
       {{kLow, -1, "", "ghsa"}, {kHigh, 7.5, "AV:N/AC:L/Au:N/C:P/I:P/A:P", "nvd"}},
       "nvd",
       kHigh},
      {"UnknownSourcesByName", {{kLow, -1, "", "zzz"}, {kMedium, -1, "", "aaa"}}, "aaa", kMedium},
      {"UnknownLevelLast", {{kUnknown, -1, "", "ghsa"}, {kMedium, -1, "", "nvd"}}, "nvd", kMedium},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const model::SeverityOpinion got = ChooseSeverity(test.opinions);
    EXPECT_EQ(got.source, test.source);
    EXPECT_EQ(got.level, test.level);
  }
}

TEST(Match, DistributionsOwnLevelForItsPackage) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  auto& statement =
      fake.Say("almalinux:8", "x", Says(cve, "ALSA-1", "alma-osv", {{"0", "2-1", ""}}));
  statement.level = model::Level::kMedium;
  const MatchResult result = Matched(fake, {Make(Ecosystem::kRpm, "x", "1-1")});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].severity.level, model::Level::kMedium);
  EXPECT_EQ(result.findings[0].severity.source, "almalinux");
  ASSERT_EQ(result.findings[0].severities.size(), 2U);  // the vector's 9.8 stays
  EXPECT_EQ(result.findings[0].severities[1].level, model::Level::kCritical);
}

// --- unknown is an answer

TEST(Match, UncomparableVersionsAreSaid) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  fake.Say("npm", "x", Says(cve, "GHSA-a", "npm-ghsa", {{"0", "1.1.0", ""}}));
  const MatchResult result =
      Matched(fake, {Make(Ecosystem::kNpm, "x", "latest"), Make(Ecosystem::kNpm, "y", "latest")});
  EXPECT_TRUE(result.findings.empty());
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_EQ(result.diagnostics[0].code, "version.uncomparable");
  EXPECT_NE(result.diagnostics[0].message.find("x"), std::string::npos);
  EXPECT_NE(result.diagnostics[0].message.find("GHSA-a"), std::string::npos);

  Fake bound;
  const uint32_t other = bound.AddVulnerability("CVE-2024-2");
  bound.Say("npm", "x", Says(other, "GHSA-b", "npm-ghsa", {{"0", "not a version", ""}}));
  const MatchResult second = Matched(bound, {Make(Ecosystem::kNpm, "x", "1.0.0")});
  EXPECT_TRUE(second.findings.empty());
  EXPECT_TRUE(HasDiagnostic(second, "version.uncomparable"));
}

TEST(Match, Coverage) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  fake.Say("debian:11", "x", Says(cve, "CVE-2024-1", "debian-osv", {{}}));
  fake.Say("npm", "x", Says(cve, "GHSA-a", "npm-ghsa", {{"0", "1", ""}}));
  Component nameless = Make(Ecosystem::kMaven, "some-jar", "1");
  Component no_distro = Make(Ecosystem::kApk, "musl", "1");
  no_distro.distro.clear();
  const auto components = std::vector{Make(Ecosystem::kDeb, "x", "1"),
                                      Make(Ecosystem::kNpm, "y", "1.0.0"), nameless, no_distro};
  const MatchResult result = Matched(fake, components);
  ASSERT_EQ(result.ecosystems.size(), 4U);
  EXPECT_EQ(result.ecosystems[0].name, "apk");
  EXPECT_EQ(result.ecosystems[0].state, model::DataState::kNoData);
  EXPECT_EQ(result.ecosystems[1].name, "debian:12");
  EXPECT_EQ(result.ecosystems[1].state, model::DataState::kUnsupportedRelease);
  EXPECT_EQ(result.ecosystems[2].name, "maven");
  EXPECT_EQ(result.ecosystems[2].state, model::DataState::kNoData);
  EXPECT_EQ(result.ecosystems[2].skipped, 1U) << "no group";
  EXPECT_EQ(result.ecosystems[3].name, "npm");
  EXPECT_EQ(result.ecosystems[3].state, model::DataState::kCovered);
  EXPECT_EQ(result.ecosystems[3].data_as_of, "2025-02-12");
  EXPECT_TRUE(HasDiagnostic(result, "match.maven-group-unknown"));
  EXPECT_TRUE(HasDiagnostic(result, "match.no-distribution"));
  fake.SetStarter();
  EXPECT_EQ(Matched(fake, components).ecosystems[3].state, model::DataState::kStarterSet);
}

TEST(Match, DamagedDatabaseIsAnError) {
  Fake fake;
  fake.Break();
  model::Inventory inventory;
  inventory.components = {Make(Ecosystem::kNpm, "x", "1.0.0")};
  EXPECT_FALSE(MatchWith(inventory, fake).has_value());
}

TEST(Match, AsManyThreadsAsOneLikes) {
  Fake fake;
  std::vector<Component> components;
  std::deque<std::string> ids;  // the fake borrows them, as a database's views do
  for (int i = 0; i < 700; ++i) {
    const std::string name = "p" + std::to_string(i);
    if (i % 3 != 0) {
      const uint32_t cve =
          fake.AddVulnerability(ids.emplace_back("CVE-2024-" + std::to_string(1000 + i / 2)));
      fake.Say("npm", name, Says(cve, "GHSA-x", "npm-ghsa", {{"0", "2.0.0", ""}}));
    }
    components.push_back(Make(Ecosystem::kNpm, name, i % 50 == 0 ? "not a version" : "1.0.0"));
  }
  model::Inventory inventory;
  inventory.components = std::move(components);
  const auto one = MatchWith(inventory, fake, 1);
  ASSERT_TRUE(one.has_value());
  EXPECT_GT(one->findings.size(), 400U);
  for (const unsigned jobs : {2U, 3U, 64U}) {
    const auto more = MatchWith(inventory, fake, jobs);
    ASSERT_TRUE(more.has_value());
    ASSERT_EQ(more->findings.size(), one->findings.size());
    for (size_t i = 0; i < one->findings.size(); ++i) {
      EXPECT_EQ(more->findings[i].component, one->findings[i].component);
      EXPECT_EQ(more->findings[i].id, one->findings[i].id);
    }
    EXPECT_EQ(more->diagnostics, one->diagnostics);
    EXPECT_EQ(more->ecosystems, one->ecosystems);
  }
}

// --- speed of thought: one lookup per source package

TEST(Match, BinariesOfOneSourceShareOneLookup) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1");
  fake.Say("debian:12", "glibc", Says(cve, "CVE-2024-1", "debian-osv", {{}}));
  std::vector<Component> components;
  for (int i = 0; i < 50; ++i) {
    components.push_back(Make(Ecosystem::kDeb, "libc-part" + std::to_string(i), "2.36-9"));
    components.back().source_name = "glibc";
  }
  EXPECT_EQ(Matched(fake, components).findings.size(), 50U);
  EXPECT_EQ(fake.lookups, 1U);
}

// --- explain

TEST(Explain, SaysWhyAndWhyNot) {
  Fake fake;
  const uint32_t cve = fake.AddVulnerability("CVE-2024-1", {"GHSA-a"});
  fake.Say("npm", "lodash", Says(cve, "GHSA-a", "npm-ghsa", {{"0", "4.17.21", ""}}));
  fake.Say("maven", "g:lodash-jar", Says(cve, "GHSA-a", "maven-ghsa", {{"0", "2", ""}}));
  fake.Say("debian:12", "node-lodash",
           Says(cve, "CVE-2024-1", "debian-osv", {}, StatementState::kNotAffected));
  Component package = Make(Ecosystem::kDeb, "node-lodash", "4.17.20-1");
  Component owned = Make(Ecosystem::kNpm, "lodash", "4.17.20");
  owned.owner = package.ref;
  model::Inventory inventory;
  inventory.components = {package, Make(Ecosystem::kNpm, "lodash", "4.17.15"), owned,
                          Make(Ecosystem::kNpm, "lodash", "4.17.21"),
                          Make(Ecosystem::kMaven, "lodash-jar", "1")};
  const auto got = ExplainWith("GHSA-a", inventory, fake);
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(got->known);
  EXPECT_EQ(got->id, "CVE-2024-1");
  std::map<std::string, Verdict> by_ref;
  for (const Verdict& verdict : got->verdicts) {
    by_ref[verdict.component] = verdict;
  }
  ASSERT_EQ(by_ref.size(), 5U);
  const auto& hit = by_ref["pkg:npm/lodash@4.17.15"];
  EXPECT_TRUE(hit.is_finding);
  EXPECT_EQ(hit.why, "4.17.15 is below the fix 4.17.21; the fix is 4.17.21");
  EXPECT_EQ(hit.as_of, "2025-02-18");  // the feed's, not the namespace's
  EXPECT_FALSE(by_ref[owned.ref].is_finding);
  EXPECT_NE(by_ref[owned.ref].why.find("says that it is not affected"), std::string::npos);
  EXPECT_EQ(by_ref["pkg:npm/lodash@4.17.21"].why, "4.17.21 has the fix 4.17.21");
  EXPECT_EQ(by_ref["pkg:maven/lodash-jar@1"].why,
            "not looked up: the archive names no Maven group");
  EXPECT_FALSE(by_ref[package.ref].is_finding);
  EXPECT_EQ(got->packages, (std::vector<std::string>{"maven g:lodash-jar"}));

  const auto unknown = ExplainWith("CVE-1999-9", inventory, fake);
  ASSERT_TRUE(unknown.has_value());
  EXPECT_FALSE(unknown->known);
}

// Match and explain never disagree, and the order of the components does not matter.
TEST(Match, Laws) {
  Fake fake;
  static constexpr std::array<std::string_view, 4> kVersions = {"1.0.0", "1.5.0", "2.0.0", "bad"};
  for (uint32_t i = 0; i < 8; ++i) {
    static constexpr std::array<std::string_view, 8> kIds = {
        "CVE-1-1", "CVE-1-2", "CVE-1-3", "CVE-1-4", "CVE-1-5", "CVE-1-6", "CVE-1-7", "CVE-1-8"};
    fake.AddVulnerability(kIds[i]);
    fake.Say("npm", i % 2 == 0 ? "a" : "b",
             Says(i, kIds[i], "npm-ghsa", {{"0", kVersions[i % 4], ""}}));
    fake.Say("debian:12", "a",
             Says(i, kIds[i], "debian-osv", {{"0", i % 3 == 0 ? "2.0.0" : "", ""}},
                  static_cast<StatementState>(i % 5)));
  }
  EXPECT_TRUE(rc::check([&fake] {
    std::vector<Component> components;
    const auto picks = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 24));
    for (size_t n = 0; n < picks.size(); ++n) {
      const int pick = picks[n];
      Component component =
          Make(pick % 2 == 0 ? Ecosystem::kNpm : Ecosystem::kDeb, pick % 3 == 0 ? "a" : "b",
               std::string(kVersions[static_cast<size_t>(pick / 6)]));
      component.ref += "#" + std::to_string(n);
      if (pick % 2 == 0 && n > 0 && components[n - 1].type == Ecosystem::kDeb) {
        component.owner = components[n - 1].ref;
      }
      components.push_back(std::move(component));
    }
    const MatchResult one = Matched(fake, components);
    auto shuffled = components;
    std::reverse(shuffled.begin(), shuffled.end());
    const MatchResult two = Matched(fake, shuffled);
    std::vector<std::string> keys_one;
    std::vector<std::string> keys_two;
    for (const auto& finding : one.findings) {
      keys_one.push_back(model::FindingKey(finding.id, finding.component) + finding.rule);
    }
    for (const auto& finding : two.findings) {
      keys_two.push_back(model::FindingKey(finding.id, finding.component) + finding.rule);
    }
    RC_ASSERT(keys_one == keys_two);
    RC_ASSERT(one.diagnostics == two.diagnostics);
    RC_ASSERT(one.ecosystems == two.ecosystems);
    model::Inventory inventory;
    inventory.components = components;
    size_t explained = 0;
    for (const std::string_view id :
         {"CVE-1-1", "CVE-1-2", "CVE-1-3", "CVE-1-4", "CVE-1-5", "CVE-1-6", "CVE-1-7", "CVE-1-8"}) {
      auto explanation = ExplainWith(id, inventory, fake);
      RC_ASSERT(explanation.has_value());
      for (const Verdict& verdict : explanation->verdicts) {
        explained += verdict.is_finding ? 1 : 0;
      }
    }
    RC_ASSERT(explained == one.findings.size());
  }));
}

}  // namespace
}  // namespace scantling::match
