// Every feed's format on small hand-made files, with the traps that the real feeds hold.
#include "advisory/eol/eol.h"
#include "advisory/epss/epss.h"
#include "advisory/exploits/exploits.h"
#include "advisory/kev/kev.h"
#include "advisory/osv/osv.h"
#include "advisory/pypa/pypa.h"
#include "advisory/secdb/secdb.h"
#include "advisory/sources.h"
#include "advisory/test_support.h"
#include "advisory/vulnrichment/vulnrichment.h"
#include "advisory/withdrawn/withdrawn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::advisory {
namespace {

using test::Read;
using ::testing::ElementsAre;

FeedRecords ReadOsv(const OsvOptions& options, const std::string& text) {
  const auto reader = osv::MakeReader(options);
  return Read(*reader, {{"a/X.json", text}});
}

std::string Ranges(const FeedRecords& records, size_t advisory = 0, size_t statement = 0) {
  std::string out;
  for (const RangeRecord& range : records.advisories.at(advisory).statements.at(statement).ranges) {
    out += "[" + std::string(records.texts.Get(range.introduced)) + "," +
           std::string(records.texts.Get(range.fixed)) + "," +
           std::string(records.texts.Get(range.last_affected)) + "]";
  }
  return out;
}

constexpr OsvOptions kDebian = {"Debian", "nvd", 4};
constexpr OsvOptions kNpm = {"npm", "ghsa", 1};
constexpr OsvOptions kGo = {"Go", "go", 2};
constexpr OsvOptions kAlma = {"AlmaLinux", "alma", 6};

TEST(Osv, DebianUrgencyAndOtherEcosystems) {
  const FeedRecords out = ReadOsv(
      kDebian,
      R"({"id":"CVE-2030-0001","published":"2030-01-02T03:04:05Z","modified":"2030-02-01T00:00:00Z",
    "details":"Something breaks in the demo. More words.","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected":[
     {"package":{"ecosystem":"Debian:12","name":"demo"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.2-3+deb12u1"}]}],"ecosystem_specific":{"urgency":"not yet assigned"}},
     {"package":{"ecosystem":"Debian:11","name":"demo"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}],"ecosystem_specific":{"urgency":"unimportant"}},
     {"package":{"ecosystem":"Debian:13","name":"demo"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}],"ecosystem_specific":{"urgency":"end-of-life"}},
     {"package":{"ecosystem":"Debian:13","name":"other"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"0"}]}]},
     {"package":{"ecosystem":"Alpine:v3.18","name":"demo"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1-r0"}]}]},
     {"ranges":[{"type":"GIT","events":[{"introduced":"0"},{"fixed":"abc"}]}]}]})");
  ASSERT_EQ(out.advisories.size(), 1u);
  const auto& a = out.advisories[0];
  ASSERT_EQ(a.statements.size(), 4u);
  EXPECT_EQ(Ranges(out), "[,1.2-3+deb12u1,]");
  EXPECT_EQ(a.statements[0].level, model::Level::kUnknown);
  EXPECT_EQ(a.statements[1].level, model::Level::kNegligible);
  EXPECT_EQ(out.texts.Get(a.statements[1].note), "unimportant");
  EXPECT_EQ(Ranges(out, 0, 1), "[,,]");
  EXPECT_EQ(a.statements[2].state, StatementState::kWontFix);
  EXPECT_EQ(a.statements[3].state, StatementState::kNotAffected);
  EXPECT_EQ(out.texts.Get(a.summary), "Something breaks in the demo.");
  ASSERT_EQ(a.severities.size(), 1u);
  EXPECT_EQ(a.severities[0].score, 98);
  EXPECT_EQ(out.newest, "2030-02-01");
}

TEST(Osv, BundlesCarryTheirCves) {
  const FeedRecords out = ReadOsv(
      kAlma,
      R"({"id":"ALSA-2030:1","summary":"Important: demo:1.0 security update","published":"2030-01-01T00:00:00Z",
    "related":["CVE-2030-0001","CVE-2030-0002","RHSA-2030:1"],"affected":[
     {"package":{"ecosystem":"AlmaLinux:8","name":"demo-libs"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1:2-3.module_el8.9.0+1+ab"}]}]},
     {"package":{"ecosystem":"AlmaLinux:8","name":"plain"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2-3.el8"}]}]}]})");
  ASSERT_EQ(out.advisories.size(), 1u);
  EXPECT_TRUE(out.advisories[0].bundle);
  EXPECT_EQ(out.advisories[0].ids.size(), 2u);
  EXPECT_EQ(out.texts.Get(out.advisories[0].statements[0].module), "demo:1.0");
  EXPECT_EQ(out.texts.Get(out.advisories[0].statements[1].module), "");
  EXPECT_EQ(out.advisories[0].statements[0].level, model::Level::kHigh);
  // A bug fix names no vulnerability.
  const FeedRecords none =
      ReadOsv(kAlma, R"({"id":"ALBA-2030:1","summary":"demo bug fix update","affected":[
     {"package":{"ecosystem":"AlmaLinux:8","name":"demo"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1-1.el8"}]}]}]})");
  EXPECT_TRUE(none.advisories.empty());
}

TEST(Osv, GithubRanges) {
  const FeedRecords out = ReadOsv(
      kNpm,
      R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2030-0003"],"database_specific":{"severity":"MODERATE"},"affected":[
    {"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"last_affected":"1.4.0"}]}]},
    {"package":{"ecosystem":"npm","name":"b"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}],"database_specific":{"last_known_affected_version_range":"< 2.0"}},
    {"package":{"ecosystem":"npm","name":"c"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"fixed":"2.0"}]}],"database_specific":{"last_known_affected_version_range":"<= 1.5"}},
    {"package":{"ecosystem":"npm","name":"d"},"versions":["3.3.6"]},
    {"package":{"ecosystem":"npm","name":"e"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.1"},{"introduced":"2.0"},{"fixed":"2.2"}]}]}]})");
  EXPECT_EQ(Ranges(out, 0, 0), "[,,1.4.0]");
  EXPECT_EQ(Ranges(out, 0, 1), "[,2.0,]");
  EXPECT_EQ(Ranges(out, 0, 2), "[1.0,2.0,1.5]");
  EXPECT_EQ(Ranges(out, 0, 3), "[3.3.6,,3.3.6]");
  EXPECT_EQ(Ranges(out, 0, 4), "[,1.1,][2.0,2.2,]");
  EXPECT_EQ(out.advisories[0].severities[0].level, model::Level::kMedium);
}

TEST(Osv, EventsOutOfOrderAreSortedByTheEcosystem) {
  const FeedRecords out =
      ReadOsv(kNpm,
              R"({"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2030-0003"],"affected":[
    {"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"fixed":"10.2.0"},{"introduced":"10.0.0"},{"fixed":"9.1.0"},{"introduced":"0"}]}]},
    {"package":{"ecosystem":"npm","name":"b"},"ranges":[{"type":"SEMVER","events":[{"introduced":"2.0.0"},{"introduced":"0"},{"last_affected":"2.0.0"},{"fixed":"1.0.0"}]}]},
    {"package":{"ecosystem":"npm","name":"c"},"ranges":[{"type":"SEMVER","events":[{"last_affected":"2.0.0"},{"introduced":"0"},{"fixed":"1.0.0"},{"introduced":"2.0.0"}]}]},
    {"package":{"ecosystem":"npm","name":"d"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"no version"},{"introduced":"2.0.0"},{"fixed":"1.0.0"}]}]}]})");
  EXPECT_EQ(Ranges(out, 0, 0), "[,9.1.0,][10.0.0,10.2.0,]") << "9 is below 10 for npm";
  EXPECT_EQ(Ranges(out, 0, 1), "[,1.0.0,][2.0.0,,2.0.0]");
  EXPECT_EQ(Ranges(out, 0, 2), "[,1.0.0,][2.0.0,,2.0.0]");
  EXPECT_EQ(Ranges(out, 0, 3), "[,no version,][2.0.0,1.0.0,]") << "not comparable: as it stands";
}

TEST(Osv, GoImportsDatesAndWithdrawn) {
  const FeedRecords out = ReadOsv(
      kGo,
      R"({"id":"GO-2030-0001","published":"0001-01-01T00:00:00Z","aliases":["CVE-2030-0004","BIT-x-1"],"affected":[
    {"package":{"ecosystem":"Go","name":"example.org/m"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],
     "ecosystem_specific":{"imports":[{"path":"example.org/m/p","symbols":["A","B.c"]},{"path":"example.org/m/q"}],
      "custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.9.0"},{"fixed":"2.9.12"}]}]}}]})");
  EXPECT_EQ(Ranges(out), "[2.9.0,2.9.12,]");
  EXPECT_EQ(out.advisories[0].published, 0);
  EXPECT_EQ(out.advisories[0].ids.size(), 1u);
  ASSERT_EQ(out.advisories[0].statements[0].imports.size(), 2u);
  EXPECT_EQ(out.texts.Get(out.advisories[0].statements[0].imports[0]), "example.org/m/p\tA,B.c");
  const FeedRecords none =
      ReadOsv(kGo, R"({"id":"GO-2030-0002","withdrawn":"2030-01-01T00:00:00Z","affected":[
    {"package":{"ecosystem":"Go","name":"m"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]})");
  EXPECT_TRUE(none.advisories.empty());
  EXPECT_EQ(none.withdrawn_records, 1u);
}

TEST(Osv, Malformed) {
  const auto reader = osv::MakeReader(kNpm);
  FeedRecords out;
  EXPECT_FALSE(reader->Read("x.json", "[1]", out).has_value());
  EXPECT_FALSE(reader->Read("x.json", R"({"affected":[]})", out).has_value());
  EXPECT_FALSE(reader->Read("x.json", R"({"id":"GHSA-)", out).has_value());
  EXPECT_TRUE(reader->Read("x.json", R"({"id":7,"summary":[]})", out).has_value());
  EXPECT_TRUE(
      reader
          ->Read(
              "x.json",
              R"({"id":"GHSA-a","affected":[{"package":7,"ranges":{}},{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"fixed":3},7]}]}]})",
              out)
          .has_value());
  EXPECT_TRUE(out.advisories.empty());
}

TEST(Pypa, Yaml) {
  const auto reader = pypa::MakeReader();
  const FeedRecords out = Read(*reader, {{"vulns/x/PYSEC-2030-1.yaml", R"(id: PYSEC-2030-1
published: 2030-01-02T00:00:00Z
aliases: [CVE-2030-0005, GHSA-aaaa-bbbb-dddd, SNYK-1]
details: 'Text of it.'
affected:
- package: {ecosystem: PyPI, name: Demo_Pkg}
  ranges:
  - type: GIT
    events: [{introduced: "0"}, {fixed: deadbeef}]
  - type: ECOSYSTEM
    events:
    - introduced: "0"
    - fixed: 1.10
    - introduced: "2.0"
    - fixed: 2.1
  versions: ["1.0"]
severity:
- type: CVSS_V3
  score: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H
)"}});
  ASSERT_EQ(out.advisories.size(), 1u);
  EXPECT_EQ(Ranges(out), "[,1.10,][2.0,2.1,]");
  EXPECT_EQ(out.texts.Get(out.advisories[0].statements[0].package), "demo-pkg");
  EXPECT_EQ(out.advisories[0].ids.size(), 2u);
  EXPECT_EQ(out.advisories[0].severities[0].score, 75);
  FeedRecords none;
  EXPECT_FALSE(reader->Read("PYSEC-1.yaml", "a: [", none).has_value());
}

TEST(Secdb, FixesAndNeverAffected) {
  const auto reader = secdb::MakeReader();
  constexpr std::string_view kText =
      R"J({"distroversion":"v3.21","packages":[{"pkg":{"name":"demo","secfixes":{
    "1.0-r1":["CVE-2030-0006","CVE-2030-0007 (+ regression fix)"],"0":["CVE-2030-0008"]}}}]})J";
  const FeedRecords out = Read(*reader, {{"3.21/main.json", std::string(kText)}});
  ASSERT_EQ(out.advisories.size(), 3u);
  EXPECT_EQ(out.texts.Get(out.advisories[1].id), "CVE-2030-0007");
  EXPECT_EQ(Ranges(out, 1), "[,1.0-r1,]");
  EXPECT_EQ(out.advisories[2].statements[0].state, StatementState::kNotAffected);
  EXPECT_EQ(out.texts.Get(out.advisories[2].statements[0].name_space), "alpine:v3.21");
  FeedRecords none;
  EXPECT_FALSE(reader->Read("x.json", "{}", none).has_value());
}

TEST(Facts, KevTakesItsDateFromTheCatalogue) {
  const auto reader = kev::MakeReader();
  const FeedRecords out = Read(*reader, {{"known_exploited_vulnerabilities.json",
                                          R"({"catalogVersion":"2030.08.25","vulnerabilities":[
    {"cveID":"CVE-2030-0001","dateAdded":"2030-01-01","dueDate":"2030-01-22","knownRansomwareCampaignUse":"Known","vulnerabilityName":"Demo bug"}]})"}});
  EXPECT_EQ(out.as_of, "2030-08-25");
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_TRUE(out.facts[0].kev->ransomware);
  EXPECT_EQ(out.facts[0].kev->due_date, "2030-01-22");
}

TEST(Facts, EpssNewestFileCounts) {
  const auto reader = epss::MakeReader();
  const FeedRecords out = Read(
      *reader,
      {{"b.json",
        R"({"score_date":"2030-08-31T00:00:00+0000","data":[{"id":"CVE-2030-0001","epss":0.5},{"id":"CVE-2030-0002","epss":7}]})"},
       {"a.json",
        R"({"score_date":"2030-06-01T00:00:00+0000","data":[{"id":"CVE-2030-0001","epss":0.1}]})"}});
  EXPECT_EQ(out.as_of, "2030-08-31");
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_DOUBLE_EQ(out.facts[0].epss->probability, 0.5);
  EXPECT_EQ(out.facts[0].epss->percentile, -1);
  EXPECT_EQ(out.facts[0].epss->date, "2030-08-31");
}

TEST(Facts, VulnrichmentIgnoresCase) {
  const auto reader = vulnrichment::MakeReader();
  const FeedRecords out =
      Read(*reader, {{"2030/CVE-2030-0001.json",
                      R"({"cveMetadata":{"cveId":"CVE-2030-0001","state":"PUBLISHED"},"containers":{
    "cna":{"metrics":[{"cvssV3_1":{"vectorString":"CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]},
    "adp":[{"providerMetadata":{"shortName":"CISA-ADP"},"metrics":[{"other":{"type":"ssvc","content":{"options":[{"Exploitation":"PoC"},{"Automatable":"Yes"},{"Technical Impact":"TOTAL"}]}}}]}]}})"},
                     {"2030/CVE-2030-0002.json",
                      R"({"cveMetadata":{"cveId":"CVE-2030-0002","state":"REJECTED"}})"}});
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].ssvc->exploitation, "poc");
  EXPECT_EQ(out.facts[0].ssvc->automatable, "yes");
  EXPECT_EQ(out.facts[0].ssvc->technical_impact, "total");
  EXPECT_EQ(out.texts.Get(out.facts[0].severities[0].source), "cna");
}

TEST(Facts, ExploitTables) {
  const auto metasploit = exploits::MakeMetasploitReader();
  FeedRecords out = Read(*metasploit, {{"modules.csv",
                                        "cve,module,rank,disclosure_date\nCVE-2030-0001,exploit/"
                                        "linux/x,600,\nCVE-2030-0002,auxiliary/scanner/x,300,\n"}});
  ASSERT_EQ(out.facts.size(), 2u);
  EXPECT_EQ(out.facts[0].exploit->kind, model::ExploitKind::kWeaponised);
  EXPECT_EQ(out.facts[1].exploit->kind, model::ExploitKind::kProofOfConcept);
  const auto edb = exploits::MakeExploitDbReader();
  out = Read(*edb, {{"a.tsv", "# comment\n1\tlinux\tlocal\tp.c\tCVE-2030-0001,CVE-2030-0002\n"}});
  EXPECT_EQ(out.facts.size(), 2u);
  const auto poc = exploits::MakePocReader();
  out = Read(
      *poc, {{"poc.csv",
              "cve,public_poc_repositories,first_seen,max_stars\nCVE-2030-0001,2,2030-01-01,0\n"}});
  EXPECT_EQ(out.facts.size(), 1u);
  FeedRecords none;
  EXPECT_FALSE(poc->Read("poc.csv", "a,b\n", none).has_value());
}

TEST(Facts, EndOfLife) {
  const auto pages = eol::MakeEndOfLifeDateReader();
  const FeedRecords out = Read(
      *pages, {{"products/debian.md",
                "---\ntitle: Debian\nreleases:\n  - releaseCycle: \"12\"\n    eol: 2026-07-11\n    "
                "eoes: 2028-06-30\n  - releaseCycle: \"13\"\n    eol: false\n---\ntext\n"},
               {"products/rhel.md",
                "---\nreleases:\n  - releaseCycle: \"9\"\n    eol: 2032-05-31\n    eoes: "
                "2036-05-31\n---\n"}});
  ASSERT_EQ(out.end_of_life.size(), 2u);
  EXPECT_EQ(out.end_of_life[0].date, "2028-06-30");
  EXPECT_EQ(out.end_of_life[1].date, "2032-05-31");
  EXPECT_FALSE(pages->Wants("products/nodejs.md"));
  const auto info = eol::MakeDistroInfoReader();
  const FeedRecords csv = Read(
      *info, {{"usr/share/distro-info/debian.csv",
               "version,codename,series,created,release,eol,eol-lts,eol-elts\n12,Bookworm,bookworm,"
               "2021-08-14,2023-06-10,2026-07-11,2028-06-30,2033-06-30\n,Sid,sid,1993-08-16\n"},
              {"usr/share/distro-info/ubuntu.csv",
               "version,codename,series,created,release,eol,eol-server,eol-esm\n22.04 "
               "LTS,Jammy,jammy,2021-10-14,2022-04-21,2027-04-01,2027-06-01,2032-04-09\n"}});
  ASSERT_EQ(csv.end_of_life.size(), 2u);
  EXPECT_EQ(csv.end_of_life[0].date, "2028-06-30");
  EXPECT_EQ(csv.end_of_life[1].version, "22.04");
}

TEST(Facts, WithdrawnList) {
  const auto reader = withdrawn::MakeReader();
  EXPECT_THAT(
      Read(*reader, {{"w.tsv", "# derived\nmaven\tGHSA-aaaa-bbbb-cccc\tDuplicate\n"}}).withdrawn,
      ElementsAre("GHSA-aaaa-bbbb-cccc"));
}

// Any prefix of any file: an error or records, never a crash.
TEST(Readers, EveryPrefix) {
  const std::string json =
      R"({"id":"CVE-2030-0001","cveMetadata":{"cveId":"CVE-2030-0001","state":"PUBLISHED"},"catalogVersion":"2030.01.01","vulnerabilities":[{"cveID":"CVE-2030-0001"}],"score_date":"2030-01-01","data":[{"id":"CVE-2030-0001","epss":0.1}],"distroversion":"v3","packages":[{"pkg":{"name":"a","secfixes":{"0":["CVE-2030-0001"]}}}],"affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]})";
  for (const SourceRow& row : SourceTable()) {
    const auto reader = row.make();
    for (size_t i = 0; i <= json.size(); ++i) {
      FeedRecords out;
      (void)reader->Read("CVE-x.json", std::string_view(json).substr(0, i), out).has_value();
    }
  }
}

}  // namespace
}  // namespace scantling::advisory
