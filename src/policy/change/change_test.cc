// A change against its baseline: every class of finding, the file, and what damages it.
#include "base/file.h"
#include "codec/json.h"
#include "policy/change/baseline.h"
#include "policy/change/compare.h"
#include "policy/change/component_from_purl.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr base::Seconds kNow = 1'700'000'000;  // 2023-11-14

model::Component Component(const std::string& purl, int32_t layer = 2) {
  std::string why;
  auto facts = ComponentFromPurl(purl, why);
  EXPECT_TRUE(facts.has_value()) << why;
  facts->component.layer = layer;
  facts->component.locations = {{"srv/x", layer}};
  return facts->component;
}

model::Finding Finding(const std::string& id, const model::Component& component,
                       model::Origin origin = model::Origin::kApplication) {
  model::Finding out;
  out.id = id;
  out.component = component.ref;
  out.origin = origin;
  out.published = "2023-01-01";
  return out;
}

model::Report Report(std::vector<model::Component> components,
                     std::vector<model::Finding> findings) {
  model::Report out;
  out.inventory.image.reference = "shop:1";
  out.inventory.image.distro = {"debian", "12", "bookworm", "", ""};
  out.inventory.components = std::move(components);
  out.findings = std::move(findings);
  out.database.digest = "sha256:1";
  out.database.sources = {{"npm-ghsa", "2023-11-01", 10}};
  out.base_layers = 1;
  return out;
}

model::Change Only(const model::Report& report) { return report.findings.at(0).change; }

const std::string kOld = "pkg:npm/lodash@4.17.15";
const std::string kNew = "pkg:npm/lodash@4.17.16";

TEST(Compare, IntroducedExistingAndNewInWorld) {
  const auto lodash = Component(kOld);
  const auto express = Component("pkg:npm/express@4.17.1");
  const Baseline baseline =
      BaselineFromReport(Report({lodash}, {Finding("CVE-1", lodash)}), "main");
  EXPECT_EQ(baseline.recorded, "2023-11-01");
  model::Report now = Report({express, lodash}, {Finding("CVE-1", lodash), Finding("CVE-2", lodash),
                                                 Finding("CVE-3", express)});
  Compare(now, baseline, {Finding("CVE-1", lodash), Finding("CVE-2", lodash)});
  EXPECT_EQ(now.findings[0].change, model::Change::kExisting);
  EXPECT_EQ(now.findings[1].change, model::Change::kNewInWorld);
  EXPECT_EQ(now.findings[2].change, model::Change::kIntroduced);
  ASSERT_TRUE(now.comparison.has_value());
  EXPECT_EQ(now.comparison->introduced, 1U);
  EXPECT_EQ(now.comparison->existing, 1U);
  EXPECT_EQ(now.comparison->new_in_world, 1U);
  EXPECT_THAT(now.comparison->resolved, IsEmpty());
  EXPECT_THAT(now.comparison->notes, IsEmpty());
  EXPECT_EQ(now.comparison->against, "main");
}

// "As of" is about what tells of vulnerabilities: a newer list of ends of support says nothing.
TEST(Compare, AsOfIsTheRangeOfVulnerabilityData) {
  const auto lodash = Component(kOld);
  model::Report before = Report({lodash}, {});
  before.database.sources = {{"debian-osv", "2023-10-20", 1},
                             {"endoflife-date", "2024-05-05", 1},
                             {"epss", "2021-08-31", 1},
                             {"npm-ghsa", "2023-11-01", 1}};
  const Baseline baseline = BaselineFromReport(before, "main");
  EXPECT_EQ(baseline.recorded, "2023-11-01");
  model::Report now = Report({lodash}, {});
  Compare(now, baseline, {});
  EXPECT_EQ(now.comparison->recorded, "2023-10-20 to 2023-11-01");
  before.database.sources = {{"epss", "2021-08-31", 1}};
  Compare(now, BaselineFromReport(before, "main"), {});
  EXPECT_EQ(now.comparison->recorded, "");
  EXPECT_EQ(DatesOf({}).newest, "");
}

TEST(Compare, AVersionThatKeepsTheFindingBringsNothing) {
  const auto old = Component(kOld);
  const auto bumped = Component(kNew);
  const Baseline baseline = BaselineFromReport(Report({old}, {Finding("CVE-1", old)}), "main");
  model::Report now = Report({bumped}, {Finding("CVE-1", bumped)});
  Compare(now, baseline, {Finding("CVE-1", old)});
  EXPECT_EQ(Only(now), model::Change::kExisting);
  // Published since, and the old version has it too: the bump is not to blame.
  now = Report({bumped}, {Finding("CVE-9", bumped)});
  Compare(now, baseline, {Finding("CVE-1", old), Finding("CVE-9", old)});
  EXPECT_EQ(Only(now), model::Change::kNewInWorld);
  ASSERT_EQ(now.comparison->resolved.size(), 1U);
  EXPECT_EQ(now.comparison->resolved[0].id, "CVE-1");
  EXPECT_EQ(now.comparison->resolved[0].origin, model::Origin::kApplication);
  // The old version does not have it: the bump brought it.
  now = Report({bumped}, {Finding("CVE-9", bumped)});
  Compare(now, baseline, {Finding("CVE-1", old)});
  EXPECT_EQ(Only(now), model::Change::kIntroduced);
}

TEST(Compare, AliasesPathsAndLayersDoNotMatter) {
  auto old = Component(kOld, 2);
  auto moved = Component(kOld, 5);
  moved.locations = {{"another/place", 5}};
  model::Finding first = Finding("GHSA-1", old);
  model::Finding second = Finding("CVE-1", moved);
  second.aliases = {"GHSA-1"};
  const Baseline baseline = BaselineFromReport(Report({old}, {first}), "main");
  model::Report now = Report({moved}, {second});
  Compare(now, baseline, {first});
  EXPECT_EQ(Only(now), model::Change::kExisting);
  EXPECT_THAT(now.comparison->resolved, IsEmpty());
}

TEST(Compare, TheBaseIsInherited) {
  const auto old = Component("pkg:deb/debian/openssl@3.0.9-1?arch=amd64&distro=debian-12", 0);
  const auto fresh = Component("pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12", 0);
  const Baseline baseline =
      BaselineFromReport(Report({old}, {Finding("CVE-1", old, model::Origin::kBase)}), "main");
  model::Report now = Report({fresh}, {Finding("CVE-1", fresh, model::Origin::kBase),
                                       Finding("CVE-2", fresh, model::Origin::kBase)});
  Compare(now, baseline, {Finding("CVE-1", old)});
  EXPECT_EQ(now.findings[0].change, model::Change::kInherited);
  EXPECT_EQ(now.findings[1].change, model::Change::kInherited);  // the base changed
  now = Report({old}, {Finding("CVE-3", old, model::Origin::kBase)});
  Compare(now, baseline, {Finding("CVE-1", old), Finding("CVE-3", old)});
  EXPECT_EQ(Only(now), model::Change::kNewInWorld);
}

TEST(Compare, ClosedFindingsAreNotCounted) {
  const auto lodash = Component(kOld);
  model::Finding accepted = Finding("CVE-1", lodash);
  accepted.treatment.emplace();
  model::Report now = Report({lodash}, {accepted});
  Compare(now, BaselineFromReport(Report({Component("pkg:npm/a@1")}, {}), "main"), {});
  EXPECT_EQ(Only(now), model::Change::kIntroduced);
  EXPECT_EQ(now.comparison->introduced, 0U);
}

TEST(Compare, ABillOfMaterialsHasNoFindings) {
  const auto lodash = Component(kOld);
  model::Inventory inventory = Report({lodash}, {}).inventory;
  inventory.image.created = "2023-06-01T00:00:00Z";
  const Baseline baseline = BaselineFromInventory(inventory, "old.cdx.json");
  model::Report now = Report({lodash}, {Finding("CVE-1", lodash), Finding("CVE-2", lodash)});
  now.findings[1].published = "2023-07-01";
  Compare(now, baseline, now.findings);
  EXPECT_EQ(now.findings[0].change, model::Change::kExisting);
  EXPECT_EQ(now.findings[1].change, model::Change::kNewInWorld);
  EXPECT_THAT(now.comparison->notes, ElementsAre(HasSubstr("bill of materials")));
}

TEST(Compare, GapsAreUnknownAndNotesSayWhatDiffers) {
  auto inner = Component("pkg:maven/a/b@1");
  inner.locations = {{"srv/app.jar!/lib/b.jar", 2}};
  model::Report before = Report({Component(kOld)}, {});
  before.inventory.coverage.skipped = {{"srv/app.jar", 2, "limit: archive-bytes"}};
  before.inventory.image.distro.version_id = "11";
  before.inventory.image.platform = "linux/arm64";
  before.database.sources = {{"debian-osv", "2023-12-01", 1}};
  model::Report now = Report({inner}, {Finding("CVE-1", inner)});
  now.inventory.image.platform = "linux/amd64";
  now.database.sources.push_back({"debian-osv", "2023-11-01", 1});
  Compare(now, BaselineFromReport(before, "main"), {});
  EXPECT_EQ(Only(now), model::Change::kUnknown);
  EXPECT_THAT(now.comparison->notes,
              ElementsAre(HasSubstr("without the data of npm-ghsa"), HasSubstr("is older"),
                          HasSubstr("debian 11 -> debian 12"), HasSubstr("platform"),
                          HasSubstr("1 finding is in files")));
}

TEST(Compare, DataThatTookAFindingBackIsNotAResolution) {
  const auto lodash = Component(kOld);
  const Baseline baseline =
      BaselineFromReport(Report({lodash}, {Finding("CVE-1", lodash)}), "main");
  model::Report now = Report({lodash}, {});
  Compare(now, baseline, {});
  EXPECT_THAT(now.comparison->resolved, IsEmpty());
  EXPECT_THAT(now.comparison->notes, ElementsAre(HasSubstr("1 finding that the baseline")));
}

model::Report Sample() {
  auto rpm =
      Component("pkg:rpm/almalinux/bash@5.1-6.el9?arch=x86_64&distro=almalinux-9.2&epoch=1", 0);
  rpm.vendor = "AlmaLinux";
  rpm.source_name = "bash";
  rpm.module = "m:1";
  auto stray = Component("pkg:npm/%40a/b@1.0.0");
  stray.ref += "#2";
  stray.owner = rpm.ref;
  model::Component bare;
  bare.type = version::Ecosystem::kMaven;
  bare.name = "x";
  bare.ref = "bare \"one\"";
  bare.layer = 1;
  model::Finding finding = Finding("CVE-1", stray);
  finding.aliases = {"GHSA-1", "GHSA-2"};
  model::Report out = Report({rpm, stray, bare}, {finding, Finding("CVE-0", rpm)});
  out.inventory.image.layers.resize(2);
  out.inventory.image.layers[0].diff_id = "sha256:aa";
  out.inventory.coverage.skipped = {{"a", 0, "limit: x"}};
  return out;
}

std::string Written(const model::Report& report, const Baseline* previous = nullptr,
                    base::Seconds now = kNow) {
  return base::Rendered(
      [&](base::Output& output) { WriteBaseline(report, previous, now, output); });
}

TEST(BaselineFile, ReadsBackWhatMatchingNeeds) {
  const model::Report report = Sample();
  const std::string text = Written(report);
  EXPECT_TRUE(LooksLikeBaseline(text));
  auto baseline = ParseBaseline(text, "main.json");
  ASSERT_TRUE(baseline.has_value()) << baseline.error().Message();
  ASSERT_EQ(baseline->inventory.components.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    const model::Component& want = report.inventory.components[i];
    const model::Component& have = baseline->inventory.components[i];
    EXPECT_EQ(have.ref, want.ref);
    EXPECT_EQ(have.purl, want.purl);
    EXPECT_EQ(have.type, want.type);
    EXPECT_EQ(have.name, want.name);
    EXPECT_EQ(have.version, want.version);
    EXPECT_EQ(have.source_name, want.source_name);
    EXPECT_EQ(have.distro, want.distro);
    EXPECT_EQ(have.module, want.module);
    EXPECT_EQ(have.vendor, want.vendor);
    EXPECT_EQ(have.owner, want.owner);
    EXPECT_EQ(have.layer, want.layer);
  }
  EXPECT_EQ(baseline->inventory.components[0].version, "1:5.1-6.el9");
  EXPECT_EQ(baseline->inventory.components[0].distro, "almalinux:9");
  EXPECT_EQ(baseline->recorded, "2023-11-14");
  EXPECT_EQ(baseline->base_layers, 1);
  EXPECT_EQ(baseline->inventory.image.layers[0].diff_id, "sha256:aa");
  ASSERT_EQ(baseline->findings.size(), 2U);
  EXPECT_EQ(baseline->findings[0].package, "pkg:npm/%40a/b");
  EXPECT_THAT(baseline->findings[0].aliases, ElementsAre("GHSA-1", "GHSA-2"));
  // And again, to the same bytes.
  model::Report again = report;
  again.inventory.components = baseline->inventory.components;
  EXPECT_EQ(Written(again), text);
}

TEST(BaselineFile, FirstSeenGoesFromBaselineToBaseline) {
  model::Report report = Sample();
  const auto first = ParseBaseline(Written(report), "a");
  ASSERT_TRUE(first.has_value());
  report.findings[0].id = "GHSA-2";  // the data names it by another id now
  report.findings[0].aliases = {};
  report.findings.push_back(Finding("CVE-7", report.inventory.components[0]));
  const auto second =
      ParseBaseline(Written(report, &*first, kNow + 10 * base::kSecondsPerDay), "b");
  ASSERT_TRUE(second.has_value());
  const FirstSeen seen(*second);
  const auto& components = report.inventory.components;
  EXPECT_EQ(seen.Of(report.findings[0], components[1]), "2023-11-14");
  EXPECT_EQ(seen.Of(report.findings[1], components[0]), "2023-11-14");
  EXPECT_EQ(seen.Of(report.findings[2], components[0]), "2023-11-24");
  EXPECT_EQ(seen.Of(report.findings[2], components[1]), "");
}

TEST(BaselineFile, ErrorsNameTheLine) {
  const std::string whole = Written(Sample());
  struct Case {
    std::string from;
    std::string to;
    std::string want;
  };
  for (const Case& c : std::vector<Case>{
           {"scantling.baseline/1", "scantling.baseline/2", "main.json: no \"schema\""},
           {"\"recorded\":\"2023-11-14\"", "\"recorded\":\"soon\"", "recorded is not a date"},
           {"\"purl\":\"pkg:npm/%40a/b@1.0.0\"", "\"purl\":3",
            "main.json: line 7, column 10: components/1/purl is not a text"},
           {"\"purl\":\"pkg:npm/%40a/b@1.0.0\"", "\"purl\":\"x\"", "components/1/purl says no"},
           {"\"type\":\"maven\"", "\"type\":\"x\"", "components/2/type"},
           {"\"layer\":1", "\"layer\":-7", "components/2/layer is not"},
           {"\"gaps\":[", "\"gabs\":[", "gaps is missing"},
           {"bare \\\"one\\\"", "pkg:npm/%40a/b@1.0.0#2", "has the ref of an earlier"},
           {"]}\n", "]\n", "main.json: line "}}) {
    std::string text = whole;
    const size_t at = c.from == "]}\n" ? text.rfind(c.from) : text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, c.from.size(), c.to);
    const auto baseline = ParseBaseline(text, "main.json");
    ASSERT_FALSE(baseline.has_value()) << c.to;
    EXPECT_THAT(baseline.error().Message(), HasSubstr(c.want));
  }
}

TEST(BaselineFile, EveryPrefixIsAnErrorAndDamageIsNoCrash) {
  const std::string whole = Written(Sample());
  for (size_t length = 0; length + 1 < whole.size(); ++length) {
    EXPECT_FALSE(ParseBaseline(std::string_view(whole).substr(0, length), "x").has_value());
  }
  std::mt19937 random(9);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (int flips = 0; flips < 3; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    if (const auto baseline = ParseBaseline(damaged, "x")) {
      model::Report now = Sample();
      Compare(now, *baseline, {});
    }
  }
}

TEST(BaselineFile, FollowsItsSchema) {
  const std::string program =
      "import json,sys\n"
      "try:\n"
      "  import jsonschema\n"
      "except ImportError:\n"
      "  sys.exit(77)\n"
      "schema=json.load(open(sys.argv[1]))\n"
      "cls=jsonschema.validators.validator_for(schema)\n"
      "cls.check_schema(schema)\n"
      "doc=json.load(sys.stdin)\n"
      "errors=list(cls(schema).iter_errors(doc))\n"
      "print('\\n'.join(str(list(e.path))+' '+e.message[:300] for e in errors[:5]))\n"
      "doc['later']=1\n"
      "strict=list(cls(schema).iter_errors(doc))\n"
      "sys.exit(1 if errors or not strict else 0)\n";
  if (!scantling::testing::HaveProgram("python3")) {
    GTEST_SKIP() << "python3 is not installed";
  }
  for (const model::Report& report : {Sample(), model::Report{}}) {
    const auto result = scantling::testing::Run(
        {"python3", "-c", program, std::string(SCANTLING_SOURCE_DIR) + "/api/baseline.schema.json"},
        Written(report));
    if (result.exit == 77) {
      GTEST_SKIP() << "python3-jsonschema is not installed";
    }
    EXPECT_EQ(result.exit, 0) << result.stdout_text << result.stderr_text;
  }
}

struct PurlCase {
  std::string purl;
  std::string name;
  std::string version;
  std::string distro;
  std::string source;
  std::string source_version;
};

class FromPurl : public ::testing::TestWithParam<PurlCase> {};

TEST_P(FromPurl, KnowsWhatOtherToolsWrite) {
  const PurlCase& want = GetParam();
  std::string why;
  const auto facts = ComponentFromPurl(want.purl, why);
  ASSERT_TRUE(facts.has_value()) << why;
  const model::Component& have = facts->component;
  EXPECT_EQ(have.name, want.name);
  EXPECT_EQ(have.version, want.version);
  EXPECT_EQ(have.distro, want.distro);
  EXPECT_EQ(have.source_name, want.source);
  EXPECT_EQ(have.source_version, want.source_version);
}

INSTANTIATE_TEST_SUITE_P(
    All, FromPurl,
    ::testing::Values(
        PurlCase{"pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc",
                 "libc6", "2.36-9+deb12u4", "debian:12", "glibc", ""},
        PurlCase{"pkg:deb/debian/libnss@2.1?upstream=nss%402.0&distro=debian-12.5&epoch=2",
                 "libnss", "2:2.1", "debian:12", "nss", "2.0"},
        PurlCase{"pkg:deb/ubuntu/bash@5.1?distro=ubuntu-22.04", "bash", "5.1", "ubuntu:22.04", "",
                 ""},
        PurlCase{
            "pkg:apk/alpine/libssl3@3.1.4-r0?arch=x86_64&upstream=openssl&distro=alpine-3.18.4",
            "libssl3", "3.1.4-r0", "alpine:v3.18", "openssl", ""},
        PurlCase{"pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=3.18.4", "musl", "1.2.4-r2",
                 "alpine:v3.18", "", ""},
        PurlCase{"pkg:rpm/rhel/bash@4.4.20-4.el8_6?arch=x86_64&upstream=bash-4.4.20-4.el8_6.src.rpm"
                 "&distro=rhel-8.8",
                 "bash", "4.4.20-4.el8_6", "rhel:8", "bash", "4.4.20-4.el8_6"},
        PurlCase{"pkg:rpm/redhat/dbus@1.12.8-24.el8?arch=x86_64&distro=redhat-8.8&epoch=1", "dbus",
                 "1:1.12.8-24.el8", "rhel:8", "", ""},
        PurlCase{"pkg:rpm/amazon/curl@8.3.0-1?distro=amazon-2023", "curl", "8.3.0-1", "amzn:2023",
                 "", ""},
        PurlCase{"pkg:npm/%40babel/core@7.0.0", "@babel/core", "7.0.0", "", "", ""},
        PurlCase{"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
                 "org.apache.logging.log4j:log4j-core", "2.14.1", "", "", ""},
        PurlCase{"pkg:golang/github.com/Masterminds/semver/v3@v3.1.1",
                 "github.com/Masterminds/semver/v3", "v3.1.1", "", "", ""},
        PurlCase{"pkg:pypi/django@2.2", "django", "2.2", "", "", ""},
        PurlCase{"pkg:composer/symfony/http-kernel@5.4.0", "symfony/http-kernel", "5.4.0", "", "",
                 ""}));

TEST(FromPurlErrors, SayWhy) {
  std::string why;
  EXPECT_FALSE(ComponentFromPurl("pkg:generic/x@1", why));
  EXPECT_THAT(why, HasSubstr("\"generic\""));
  EXPECT_EQ(ComponentFromPurl("pkg:npm/x", why)->component.version, "");
  EXPECT_FALSE(ComponentFromPurl("x", why));
}

}  // namespace
}  // namespace scantling::policy
