// The file: what goes in comes out; a damaged one gives an error or the same answers, never other
// ones.
#include "advisory/database.h"

#include "advisory/format.h"
#include "advisory/hash.h"
#include "advisory/starter/starter.h"
#include "advisory/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>

namespace scantling::advisory {
namespace {

std::string Sample() {
  auto records = starter::ReadSet(R"(eol debian 12 2028-06-30
eol alpine 3.18 2025-05-09
vuln CVE-2030-0001,GHSA-aaaa-bbbb-cccc 2030-01-02 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Demo breaks
kev 2030-01-03 2030-01-24 ransomware
exploit weaponised metasploit github-poc
 npm demo >=1.0<1.2;>=2.0<=2.5
 debian:12 demo <1.0-1+deb12u1 level=low advisory=DSA-1-1 date=2030-01-05
 debian:11 demo open level=negligible note=unimportant
 alpine:v3.18 demo unaffected
 almalinux:8 demo <1-1.module_el8 module=demo:1 level=high advisory=ALSA-2030:1 date=2030-02-01
vuln CVE-2030-0002 2030-02-02 - Another
 npm demo >=3.0
)");
  EXPECT_TRUE(records.has_value()) << (records.has_value() ? "" : records.error().Message());
  FeedInput input;
  input.name = "sample";
  input.as_of = records->as_of;
  input.records = *std::move(records);
  std::vector<FeedInput> feeds;
  feeds.push_back(std::move(input));
  return test::BuildBytes(std::move(feeds));
}

// Everything that the sample's reader may ask; nullopt when anything is an error.
std::optional<std::string> Everything(std::string_view bytes) {
  const auto db = Database::FromBytes(base::AsBytes(bytes), false);
  if (!db.has_value()) {
    return std::nullopt;
  }
  std::string out = db->Info().digest + "\n";
  for (const model::SourceInfo& source : db->Info().sources) {
    out += source.name + " " + source.as_of + " " + std::to_string(source.records) + "\n";
  }
  for (const NamespaceInfo& space : db->Namespaces()) {
    out += std::string(space.name) + " " + std::string(space.as_of) + " " +
           std::to_string(space.statements) + "\n";
    for (const std::string_view package : {"demo", "none"}) {
      for (const std::string& line : test::LookupAll(*db, space.name, package)) {
        if (line.find("ERROR") != std::string::npos) {
          return std::nullopt;
        }
        out += line + "\n";
      }
    }
  }
  for (const std::string_view id :
       {"CVE-2030-0001", "GHSA-aaaa-bbbb-cccc", "CVE-2030-0002", "CVE-2030-0003"}) {
    const auto index = db->FindVulnerability(id);
    if (!index.has_value()) {
      return std::nullopt;
    }
    if (!index->has_value()) {
      out += "none\n";
      continue;
    }
    const auto v = db->GetVulnerability(**index);
    const auto packages = db->PackagesOf(**index);
    if (!v.has_value() || !packages.has_value()) {
      return std::nullopt;
    }
    out += test::Describe(*v) + "\n";
    for (const auto& [space, name] : *packages) {
      out += space + "/" + name + "\n";
    }
  }
  out +=
      std::string(db->EndOfLife("debian", "12.7")) + std::string(db->EndOfLife("alpine", "3.18.4"));
  return out;
}

TEST(Database, RoundTrip) {
  const std::string bytes = Sample();
  const auto db = Database::FromBytes(base::AsBytes(bytes), true);
  ASSERT_TRUE(db.has_value());
  EXPECT_TRUE(db->Verify().has_value());
  EXPECT_TRUE(db->Info().embedded);
  EXPECT_EQ(db->Info().sources[0].as_of, "2030-02-02");
  EXPECT_THAT(test::LookupAll(*db, "npm", "demo"),
              ::testing::ElementsAre("CVE-2030-0001: CVE-2030-0001 sample state=0 level=0 note= "
                                     "module= date=2030-01-02 [1.0,1.2,] [2.0,,2.5]",
                                     "CVE-2030-0002: CVE-2030-0002 sample state=0 level=0 note= "
                                     "module= date=2030-02-02 [3.0,,]"));
  EXPECT_THAT(test::LookupAll(*db, "debian:12", "demo"),
              ::testing::ElementsAre("CVE-2030-0001: DSA-1-1 sample state=0 level=2 note= module= "
                                     "date=2030-01-05 [,1.0-1+deb12u1,]"));
  EXPECT_THAT(test::LookupAll(*db, "debian:11", "demo"),
              ::testing::ElementsAre("CVE-2030-0001: CVE-2030-0001 sample state=0 level=1 "
                                     "note=unimportant module= date=2030-01-02 [,,]"));
  EXPECT_THAT(
      test::LookupAll(*db, "alpine:v3.18", "demo"),
      ::testing::ElementsAre(
          "CVE-2030-0001: CVE-2030-0001 sample state=1 level=0 note= module= date=2030-01-02"));
  EXPECT_THAT(test::LookupAll(*db, "almalinux:8", "demo"),
              ::testing::ElementsAre(
                  "CVE-2030-0001: ALSA-2030:1 sample state=0 level=4 note= module=demo:1 "
                  "date=2030-02-01 [,1-1.module_el8,]"));
  EXPECT_TRUE(test::LookupAll(*db, "npm", "nothing").empty());
  EXPECT_TRUE(test::LookupAll(*db, "nowhere", "demo").empty());
  const auto v = db->GetVulnerability(**db->FindVulnerability("GHSA-aaaa-bbbb-cccc"));
  EXPECT_EQ(test::Describe(*v),
            "CVE-2030-0001 \"Demo breaks\" 1893542400 alias=GHSA-aaaa-bbbb-cccc "
            "starter/5/9.800000/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H "
            "kev=2030-01-03,2030-01-24,ransomware "
            "exploit=2,github-poc,metasploit");
  EXPECT_EQ(db->EndOfLife("debian", "12"), "2028-06-30");
  EXPECT_EQ(db->EndOfLife("alpine", "3.18.4"), "2025-05-09");
  EXPECT_EQ(db->EndOfLife("debian", "1"), "");
  EXPECT_FALSE(db->GetVulnerability(2).has_value());
}

TEST(Database, EveryTruncation) {
  const std::string bytes = Sample();
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(Database::FromBytes(base::AsBytes(std::string_view(bytes).substr(0, size)), false)
                     .has_value())
        << size;
  }
}

TEST(Database, BitFlips) {
  const std::string bytes = Sample();
  const auto want = Everything(bytes);
  ASSERT_TRUE(want.has_value());
  uint32_t seed = 7;
  size_t errors = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string bad = bytes;
    seed = seed * 1664525 + 1013904223;
    // Half of the flips go to where the content is: the first bytes of each section.
    const size_t page = (seed >> 4) % (bad.size() / format::kPageSize);
    const size_t within = i % 2 == 0 ? (seed >> 12) % 512 : (seed >> 12) % format::kPageSize;
    const size_t at = std::min(page * format::kPageSize + within, bad.size() - 1);
    bad[at] = static_cast<char>(bad[at] ^ (1 << (seed >> 29)));
    const auto got = Everything(bad);
    errors += got.has_value() ? 0 : 1;
    if (got.has_value()) {
      ASSERT_EQ(*got, *want) << at;
    }
  }
  EXPECT_GT(errors, 1000u);
}

// Makes the checksums right again, as an attacker would.
void Reseal(std::string& bytes) {
  format::SectionRow sums;
  std::memcpy(&sums, bytes.data() + format::kSectionsAt + format::kChecksums * sizeof(sums),
              sizeof(sums));
  const auto page = [&](size_t n) {
    return base::AsBytes(std::string_view(bytes).substr(n * format::kPageSize, format::kPageSize));
  };
  for (size_t n = 1; n < sums.offset / format::kPageSize; ++n) {
    const uint64_t hash = HashOf(page(n));
    std::memcpy(bytes.data() + sums.offset + (n - 1) * 8, &hash, 8);
  }
  const uint64_t all = HashOf(base::AsBytes(std::string_view(bytes).substr(sums.offset)));
  std::memcpy(bytes.data() + format::kChecksumsHashAt, &all, 8);
  const uint64_t head =
      HashOf(base::AsBytes(std::string_view(bytes).substr(0, format::kHeaderHashAt)));
  std::memcpy(bytes.data() + format::kHeaderHashAt, &head, 8);
}

TEST(Database, HostileOffsets) {
  const std::string bytes = Sample();
  uint32_t seed = 11;
  size_t errors = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bad = bytes;
    for (int flips = 0; flips < 3; ++flips) {
      seed = seed * 1664525 + 1013904223;
      const size_t page = 1 + (seed >> 4) % (bad.size() / format::kPageSize - 1);
      seed = seed * 1664525 + 1013904223;
      const size_t at = page * format::kPageSize + (seed >> 8) % 256;
      const uint32_t value = (seed >> 28) < 4 ? 0xFFFFFFFF : seed >> 3;
      std::memcpy(bad.data() + at, &value, std::min<size_t>(4, bad.size() - at));
    }
    Reseal(bad);
    errors += Everything(bad).has_value() ? 0 : 1;
    const auto db = Database::FromBytes(base::AsBytes(bad), false);
    if (db.has_value()) {
      (void)db->Verify().has_value();
    }
  }
  EXPECT_GT(errors, 100u);
}

TEST(Database, NamesOtherFiles) {
  EXPECT_NE(Database::FromBytes(base::AsBytes("SQLite format 3"), false)
                .error()
                .Message()
                .find("not an advisory"),
            std::string::npos);
  EXPECT_FALSE(Database::Open("/nonexistent/advisory.db").has_value());
}

TEST(Starter, OpensFastAndKnowsTheFamousOnes) {
  const auto start = std::chrono::steady_clock::now();
  const auto db = OpenEmbedded();
  const double ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  ASSERT_TRUE(db.has_value()) << db.error().Message();
  RecordProperty("open_ms", std::to_string(ms));
  EXPECT_TRUE(db->Verify().has_value());
  EXPECT_TRUE(db->Info().embedded);
  EXPECT_GE(db->Info().sources[0].records, 150u);
  const auto log4j = db->FindVulnerability("CVE-2021-44228");
  ASSERT_TRUE(log4j.has_value() && log4j->has_value());
  EXPECT_EQ(db->GetVulnerability(**log4j)->kev->date_added, "2021-12-10");
  bool fixed = false;
  EXPECT_TRUE(db->Lookup("debian:12", "glibc", [&](const Statement& s) {
                  fixed = fixed ||
                          (s.advisory == "DSA-5673-1" && s.intervals[0].fixed == "2.36-9+deb12u6");
                }).has_value());
  EXPECT_TRUE(fixed);
  EXPECT_EQ(db->EndOfLife("debian", "12"), "2028-06-30");
  for (const std::string_view space :
       {"debian:11", "debian:12", "alpine:v3.10", "alpine:v3.21", "almalinux:8", "almalinux:9",
        "npm", "pypi", "maven", "golang"}) {
    EXPECT_TRUE(db->FindNamespace(space).has_value()) << space;
  }
}

TEST(Starter, MalformedLinesAreNamed) {
  EXPECT_NE(starter::ReadSet("\nvuln X\n").error().Message().find("line 2"), std::string::npos);
  EXPECT_FALSE(starter::ReadSet(" npm a <1\n").has_value());
  EXPECT_FALSE(starter::ReadSet("vuln CVE-2030-0001 2030-01-01 - x\n npm a 1\n").has_value());
  EXPECT_FALSE(starter::ReadSet("vuln CVE-2030-0001 2030-01-01 CVSS:3.1/X x\n").has_value());
  for (const std::string_view wrong :
       {"2030-01-02 1.5 0.9", "2030-01-02 0.5", "soon 0.5 0.9", "2030-01-02 0.5 x"}) {
    EXPECT_FALSE(
        starter::ReadSet("vuln CVE-2030-0001 2030-01-01 - x\nepss " + std::string(wrong) + "\n")
            .has_value())
        << wrong;
  }
  const auto scored =
      starter::ReadSet("vuln CVE-2030-0001 2030-01-01 - x\nepss 2030-01-02 0.25 0.9\n");
  ASSERT_TRUE(scored.has_value());
  ASSERT_EQ(scored->facts.size(), 1u);
  EXPECT_EQ(scored->facts[0].epss->probability, 0.25);
  EXPECT_EQ(scored->facts[0].epss->percentile, 0.9);
}

}  // namespace
}  // namespace scantling::advisory
