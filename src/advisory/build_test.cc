// `db build`, on a small folder of feeds and, when SCANTLING_FEEDS names it, on the real ones.
#include "advisory/build.h"

#include "advisory/database.h"
#include "advisory/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace scantling::advisory {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

void Write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

class SmallFeeds : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("scantling_build_test_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    Write(root_ / "MANIFEST.tsv",
          "name\tsource\tcommit\tas_of\tbytes\tsha256\nnpm-ghsa\tx\ty\t2030-02-18\t1\tz\ncisa-"
          "kev\tx\ty\t2029-01-01\t1\tz\n");
    Write(
        root_ / "npm-ghsa/2030/GHSA-aaaa-aaaa-aaaa.json",
        R"({"id":"GHSA-aaaa-aaaa-aaaa","aliases":["CVE-2030-0001"],"modified":"2030-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0"}]}]}]})");
    Write(root_ / "npm-ghsa/2030/broken.json", "{\"id\": ");
    Write(
        root_ / "cisa-kev/known_exploited_vulnerabilities.json",
        R"({"catalogVersion":"2030.03.01","vulnerabilities":[{"cveID":"CVE-2030-0001","dateAdded":"2030-01-05","dueDate":"2030-01-26"},{"cveID":"CVE-2030-0009","dateAdded":"2030-01-05","dueDate":"2030-01-26","vulnerabilityName":"Router bug"}]})");
    Write(root_ / "something-else/readme", "x");
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path root_;
};

TEST_F(SmallFeeds, BuildsAndTellsWhatItCouldNotRead) {
  BuildOptions options;
  options.feeds_folder = root_.string();
  std::string bytes;
  const auto report = BuildDatabase(options, &bytes);
  ASSERT_TRUE(report.has_value()) << report.error().Message();
  ASSERT_EQ(report->sources.size(), 2u);
  EXPECT_EQ(report->sources[0],
            (model::SourceInfo{"cisa-kev", "2030-03-01", 2}));  // its own date, not the manifest's
  EXPECT_EQ(report->sources[1], (model::SourceInfo{"npm-ghsa", "2030-02-18", 1}));
  ASSERT_EQ(report->diagnostics.size(), 2u);
  EXPECT_THAT(report->diagnostics[0].path, HasSubstr("broken.json"));
  EXPECT_EQ(report->diagnostics[1].code, "feed.unknown");
  const auto db = Database::FromBytes(base::AsBytes(bytes), false);
  ASSERT_TRUE(db.has_value());
  EXPECT_EQ(db->FindNamespace("npm")->as_of, "2030-02-18");
  EXPECT_TRUE(db->FindVulnerability("CVE-2030-0009")->has_value());
  std::string again;
  options.jobs = 1;
  ASSERT_TRUE(BuildDatabase(options, &again).has_value());
  EXPECT_EQ(bytes, again);
}

TEST_F(SmallFeeds, ABrokenArchiveIsAnError) {
  Write(root_ / "debian-osv.tar.zst", "\x28\xB5\x2F\xFD garbage");
  BuildOptions options;
  options.feeds_folder = root_.string();
  std::string bytes;
  const auto report = BuildDatabase(options, &bytes);
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().Message(), HasSubstr("debian-osv"));
}

TEST(Build, NoFeeds) {
  BuildOptions options;
  options.feeds_folder = "/nonexistent";
  std::string bytes;
  EXPECT_FALSE(BuildDatabase(options, &bytes).has_value());
}

// One database of the real feeds for all tests below.
class RealFeeds : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* folder = std::getenv("SCANTLING_FEEDS");
    if (folder == nullptr) {
      return;
    }
    BuildOptions options;
    options.feeds_folder = folder;
    auto report = BuildDatabase(options, &bytes_);
    ASSERT_TRUE(report.has_value()) << report.error().Message();
    report_ = new BuildReport(*std::move(report));
    auto db = Database::FromBytes(base::AsBytes(bytes_), false);
    ASSERT_TRUE(db.has_value());
    db_ = new Database(*std::move(db));
  }
  static void TearDownTestSuite() {
    delete db_;
    delete report_;
    db_ = nullptr;
    report_ = nullptr;
    bytes_.clear();
  }
  void SetUp() override {
    if (db_ == nullptr) {
      GTEST_SKIP() << "SCANTLING_FEEDS is not set: the real advisory feeds are missing";
    }
  }

  // "advisory fixed-or-<=last" of the statements of one vulnerability about one package.
  static std::vector<std::string> Fixes(std::string_view space, std::string_view package,
                                        std::string_view id) {
    std::vector<std::string> out;
    const auto result = db_->Lookup(space, package, [&](const Statement& s) {
      const auto v = db_->GetVulnerability(s.vulnerability);
      if (!v.has_value() || v->id != id) {
        return;
      }
      std::string text(s.advisory);
      if (s.state == StatementState::kNotAffected) {
        text += " not affected";
      }
      for (const version::Interval& i : s.intervals) {
        text += i.introduced.empty() ? " " : " >=" + std::string(i.introduced) + " ";
        text += !i.fixed.empty()          ? "<" + std::string(i.fixed)
                : i.last_affected.empty() ? "open"
                                          : "<=" + std::string(i.last_affected);
      }
      out.push_back(text);
    });
    EXPECT_TRUE(result.has_value());
    return out;
  }
  static Vulnerability Get(std::string_view id) {
    const auto index = db_->FindVulnerability(id);
    EXPECT_TRUE(index.has_value() && index->has_value()) << id;
    return index.has_value() && index->has_value() ? *db_->GetVulnerability(**index)
                                                   : Vulnerability{};
  }

  static std::string bytes_;
  static BuildReport* report_;
  static Database* db_;
};
std::string RealFeeds::bytes_;
BuildReport* RealFeeds::report_ = nullptr;
Database* RealFeeds::db_ = nullptr;

TEST_F(RealFeeds, KnownFacts) {
  struct Case {
    std::string_view space, package, id, want;
  };
  for (const Case& c : {
           Case{"debian:12", "glibc", "CVE-2024-2961", "DSA-5673-1 <2.36-9+deb12u6"},
           Case{"debian:11", "glibc", "CVE-2024-2961", "DSA-5673-1 <2.31-13+deb11u9"},
           Case{"debian:10", "glibc", "CVE-2024-2961", "DLA-3807-1 <2.28-10+deb10u3"},
           Case{"debian:12", "glibc", "CVE-2023-4911", "DSA-5514-1 <2.36-9+deb12u3"},
           Case{"debian:12", "curl", "CVE-2023-38545", "DSA-5523-1 <7.88.1-10+deb12u4"},
           Case{"debian:12", "openssh", "CVE-2024-6387", "DSA-5724-1 <1:9.2p1-2+deb12u3"},
           Case{"debian:12", "zlib", "CVE-2023-45853", "CVE-2023-45853 open"},
           Case{"debian:12", "apt", "CVE-2011-3374", "CVE-2011-3374 open"},
           Case{"debian:11", "sudo", "CVE-2021-3156", "CVE-2021-3156 <1.9.5p1-1.1"},
           Case{"almalinux:9", "glibc", "CVE-2024-2961", "ALSA-2024:3339 <2.34-100.el9_4.2"},
           Case{"npm", "lodash", "CVE-2021-23337", "GHSA-35jh-r3h4-6jhm <4.17.21"},
           Case{"npm", "minimist", "CVE-2021-44906", "GHSA-xvch-5gv4-984h <0.2.4"},
           Case{"maven", "org.apache.commons:commons-text", "CVE-2022-42889",
                "GHSA-599f-7c49-w659 >=1.5 <1.10.0"},
           Case{"golang", "golang.org/x/net", "CVE-2023-39325", "GO-2023-2102 <0.17.0"},
           Case{"golang", "stdlib", "CVE-2023-39325", "GO-2023-2102 <1.20.10 >=1.21.0-0 <1.21.3"},
           Case{"pypi", "requests", "CVE-2023-32681", "GHSA-j8r2-6x86-q33q >=2.3.0 <2.31.0"},
           Case{"alpine:v3.18", "openssl", "CVE-2023-5363", "CVE-2023-5363 <3.1.4-r0"},
       }) {
    EXPECT_THAT(Fixes(c.space, c.package, c.id), Contains(HasSubstr(c.want)))
        << c.id << " " << c.package;
  }
  EXPECT_THAT(Fixes("maven", "org.apache.logging.log4j:log4j-core", "CVE-2021-44228"),
              Contains(HasSubstr("<2.15.0")));
}

TEST_F(RealFeeds, Vulnerabilities) {
  const Vulnerability log4j = Get("GHSA-jfh8-c2jp-5v3q");
  EXPECT_EQ(log4j.id, "CVE-2021-44228");
  ASSERT_TRUE(log4j.kev && log4j.exploit);
  EXPECT_EQ(log4j.kev->date_added, "2021-12-10");
  EXPECT_TRUE(log4j.kev->ransomware);
  EXPECT_EQ(log4j.exploit->kind, model::ExploitKind::kWeaponised);
  EXPECT_TRUE(std::is_sorted(log4j.severities.begin(), log4j.severities.end()));
  EXPECT_THAT(Get("GO-2023-2102").aliases, Contains("GHSA-4374-p667-p6c8"));
  EXPECT_EQ(Get("CVE-2021-23337").epss->date, "2021-08-31");
  // No group holds two CVEs, summaries are one short line.
  for (uint32_t i = 0; i < report_->vulnerabilities; ++i) {
    const auto v = db_->GetVulnerability(i);
    ASSERT_TRUE(v.has_value());
    ASSERT_LE(v->summary.size(), 200u);
    ASSERT_EQ(v->summary.find('\n'), std::string_view::npos);
    for (const std::string_view alias : v->aliases) {
      ASSERT_FALSE(alias.starts_with("CVE-")) << v->id;
    }
  }
}

TEST_F(RealFeeds, Traps) {
  // The withdrawn list holds: this one is a duplicate of a jQuery advisory.
  EXPECT_FALSE(db_->FindVulnerability("GHSA-257q-pv89-v3xv")->has_value());
  std::map<std::string, std::string> as_of;
  for (const model::SourceInfo& source : report_->sources) {
    as_of[source.name] = source.as_of;
  }
  EXPECT_EQ(as_of["epss"], "2021-08-31");
  EXPECT_EQ(as_of["cisa-kev"], "2025-08-25");
  EXPECT_EQ(as_of["debian-osv"], "2025-02-12");
  EXPECT_EQ(as_of["alma-osv"], "2026-08-21");
  EXPECT_EQ(db_->EndOfLife("debian", "12"), "2028-06-30");
  EXPECT_EQ(db_->EndOfLife("alpine", "3.18.4"), "2025-05-09");
  EXPECT_EQ(db_->EndOfLife("almalinux", "9.4"), "2032-05-31");
  size_t not_affected = 0;
  for (const NamespaceInfo& space : db_->Namespaces()) {
    EXPECT_FALSE(space.as_of.empty()) << space.name;
  }
  EXPECT_TRUE(db_->Lookup("alpine:v3.18", "curl",
                          [&](const Statement& s) {
                            not_affected += s.state == StatementState::kNotAffected;
                          })
                  .has_value());
  EXPECT_GT(not_affected, 0u);
  for (const model::Diagnostic& d : report_->diagnostics) {
    EXPECT_EQ(d.code, "feed.unknown") << d.path << ": " << d.message;
  }
}

TEST_F(RealFeeds, SizeAndIntegrity) {
  EXPECT_LE(bytes_.size(), size_t{150} << 20);
  EXPECT_TRUE(db_->Verify().has_value());
}

TEST_F(RealFeeds, SameBytesOnOneThread) {
  BuildOptions options;
  options.feeds_folder = std::getenv("SCANTLING_FEEDS");
  options.jobs = 1;
  std::string bytes;
  ASSERT_TRUE(BuildDatabase(options, &bytes).has_value());
  EXPECT_TRUE(bytes == bytes_);
}

// What the starter set says must be what the feeds say.
TEST_F(RealFeeds, StarterSetAgrees) {
  const auto starter = OpenEmbedded();
  ASSERT_TRUE(starter.has_value()) << starter.error().Message();
  size_t compared = 0;
  for (uint32_t i = 0; i < starter->Info().sources[0].records; ++i) {
    const auto v = starter->GetVulnerability(i);
    ASSERT_TRUE(v.has_value());
    const Vulnerability real = Get(v->id);
    EXPECT_EQ(v->kev.has_value(), real.kev.has_value()) << v->id;
    EXPECT_EQ(v->published, real.published) << v->id;
    const auto packages = starter->PackagesOf(i);
    ASSERT_TRUE(packages.has_value());
    for (const auto& [space, package] : *packages) {
      std::vector<std::string> ours;
      EXPECT_TRUE(
          starter
              ->Lookup(space, package,
                       [&](const Statement& s) {
                         if (s.vulnerability == i && s.state != StatementState::kNotAffected) {
                           std::string text;
                           for (const version::Interval& x : s.intervals) {
                             text += x.introduced.empty() ? " "
                                                          : " >=" + std::string(x.introduced) + " ";
                             text += !x.fixed.empty() ? "<" + std::string(x.fixed)
                                     : x.last_affected.empty()
                                         ? "open"
                                         : "<=" + std::string(x.last_affected);
                           }
                           ours.push_back(text);
                         }
                       })
              .has_value());
      const auto theirs = Fixes(space, package, v->id);
      for (const std::string& range : ours) {
        ++compared;
        EXPECT_THAT(theirs, Contains(::testing::EndsWith(range)))
            << v->id << " " << space << " " << package;
      }
    }
  }
  EXPECT_GT(compared, 500u);
}

}  // namespace
}  // namespace scantling::advisory
