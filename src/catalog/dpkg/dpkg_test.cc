// dpkg: the sample in testdata/, damage, and this machine's own database as dpkg-query lists it.
#include "catalog/dpkg/dpkg.h"

#include "base/file.h"
#include "base/strings.h"
#include "catalog/common/kept_bytes.h"
#include "catalog/common/package_role.h"
#include "catalog/dpkg/copyright.h"
#include "image/layer_tree.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <random>

namespace scantling::catalog {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

FileFacts Catalog(std::string_view path, std::string_view data) {
  auto facts = DpkgCataloger().Catalog({.path = path, .data = base::AsBytes(data)}, base::Limits());
  EXPECT_TRUE(facts.has_value());
  return facts ? *std::move(facts) : FileFacts();
}

std::string Sample() {
  auto data = base::ReadFile(SCANTLING_SOURCE_DIR "/src/catalog/dpkg/testdata/status", 1 << 20);
  EXPECT_TRUE(data.has_value());
  return data ? *std::move(data) : std::string();
}

std::map<std::string, model::Component> ByName(const FileFacts& facts) {
  std::map<std::string, model::Component> out;
  for (const Record& record : facts.records) {
    out.emplace(record.component.name, record.component);
  }
  return out;
}

TEST(Dpkg, SampleStatus) {
  const FileFacts facts = Catalog("var/lib/dpkg/status", Sample());
  EXPECT_TRUE(facts.understood);
  const auto packages = ByName(facts);
  ASSERT_EQ(packages.size(), 9U);
  EXPECT_EQ(facts.records.size(), 9U);

  const model::Component& libc = packages.at("libc6");
  EXPECT_EQ(libc.version, "2.36-9+deb12u8");
  EXPECT_EQ(libc.source_name, "glibc");
  EXPECT_EQ(libc.source_version, "");
  EXPECT_EQ(libc.architecture, "amd64");
  EXPECT_EQ(libc.vendor, "GNU Libc Maintainers <debian-glibc@lists.debian.org>");
  EXPECT_EQ(libc.type, version::Ecosystem::kDeb);
  EXPECT_EQ(libc.evidence, model::Evidence::kDpkgStatus);
  EXPECT_FALSE(libc.essential);
  EXPECT_THAT(libc.depends, ElementsAre("libcrypt1", "libgcc-s1"));

  const model::Component& base_files = packages.at("base-files");
  EXPECT_TRUE(base_files.essential);
  EXPECT_EQ(base_files.source_name, "base-files");
  EXPECT_THAT(base_files.depends, ElementsAre("libc6", "libcrypt1|libcrypt2", "mawk"))
      << "awk is mawk's";

  const model::Component& mawk = packages.at("mawk");
  EXPECT_EQ(mawk.source_name, "mawk-src");
  EXPECT_EQ(mawk.source_version, "1.3.4.20200120");

  EXPECT_THAT(packages.at("gcc-12").depends, ElementsAre("cpp-12", "gcc-12-base|default-mta"));
  EXPECT_TRUE(packages.at("waiting-for-removal").essential);
}

TEST(Dpkg, Roles) {
  const auto packages = ByName(Catalog("var/lib/dpkg/status", Sample()));
  EXPECT_EQ(packages.at("gcc-12").role, model::Role::kBuildOnly);
  EXPECT_EQ(packages.at("dpkg-dev").role, model::Role::kBuildOnly);
  EXPECT_EQ(packages.at("gcc-12-base").role, model::Role::kRuntime);
  EXPECT_EQ(packages.at("libc6-dev").role, model::Role::kHeaders);
  EXPECT_EQ(packages.at("bash-doc").role, model::Role::kDocumentation);
  EXPECT_EQ(packages.at("mawk").role, model::Role::kRuntime);
}

TEST(PackageRole, ByName) {
  const struct {
    const char* name;
    model::Role want;
  } cases[] = {
      {"gcc", model::Role::kBuildOnly},
      {"gcc-c++", model::Role::kBuildOnly},
      {"gcc-x86-64-linux-gnu", model::Role::kBuildOnly},
      {"g++-12", model::Role::kBuildOnly},
      {"cpp-12", model::Role::kBuildOnly},
      {"clang15", model::Role::kBuildOnly},
      {"clang15-libs", model::Role::kRuntime},
      {"build-base", model::Role::kBuildOnly},
      {"golang-1.19-go", model::Role::kBuildOnly},
      {"make", model::Role::kBuildOnly},
      {"makedev", model::Role::kRuntime},
      {"gccgo-libs", model::Role::kRuntime},
      {"glibc-devel", model::Role::kHeaders},
      {"musl-dev", model::Role::kHeaders},
      {"kernel-headers", model::Role::kHeaders},
      {"linux-headers-6.1.0-18-amd64", model::Role::kHeaders},
      {"linux-libc-dev", model::Role::kHeaders},
      {"libgcc", model::Role::kRuntime},
      {"perl-doc", model::Role::kDocumentation},
      {"python3", model::Role::kRuntime},
  };
  for (const auto& [name, want] : cases) {
    EXPECT_EQ(RoleFromName(name), want) << name;
  }
}

TEST(Dpkg, HalfInstalledIsSaid) {
  const FileFacts facts = Catalog("var/lib/dpkg/status", Sample());
  ASSERT_EQ(facts.diagnostics.size(), 1U);
  EXPECT_EQ(facts.diagnostics[0].code, "dpkg.half-installed");
  EXPECT_EQ(facts.diagnostics[0].severity, model::Severity::kNote);
}

TEST(Dpkg, CarriageReturnsAndBlankLinesOfBlanks) {
  std::string crlf;
  for (const char c : Sample()) {
    crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  const auto packages = ByName(Catalog("var/lib/dpkg/status", crlf));
  EXPECT_EQ(packages.size(), 9U);
  EXPECT_EQ(packages.at("libc6").version, "2.36-9+deb12u8");
  EXPECT_THAT(packages.at("base-files").depends,
              ElementsAre("libc6", "libcrypt1|libcrypt2", "mawk"));
}

struct BadCase {
  const char* name;
  const char* input;
  size_t packages;
  const char* message;
};

class DpkgBad : public ::testing::TestWithParam<BadCase> {};

TEST_P(DpkgBad, IsAGapAndTheRestGoesOn) {
  const FileFacts facts = Catalog("var/lib/dpkg/status", GetParam().input);
  EXPECT_EQ(facts.records.size(), GetParam().packages);
  EXPECT_FALSE(facts.understood);
  ASSERT_FALSE(facts.diagnostics.empty());
  EXPECT_THAT(facts.diagnostics[0].message, ::testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Status, DpkgBad,
    ::testing::Values(
        BadCase{"Garbage", "Package: a\nVersion: 1\ngarbage\n\nPackage: b\nVersion: 2\n", 2,
                "line 3"},
        BadCase{"NoVersion", "Package: a\n\nPackage: b\nVersion: 2\n", 1, "no Version"},
        BadCase{"NoPackage", "Version: 1\n\nPackage: b\nVersion: 2\n", 1, "no Package"},
        BadCase{"UnknownState", "Package: a\nStatus: install ok weird\nVersion: 1\n", 0,
                "unknown Status"},
        BadCase{"NoFinalNewline", "Package: a\nVersion: 1\n\nPackage: b\nVersion: 2", 2, "cut off"},
        BadCase{"TwoVersions", "Package: a\nVersion: 1\nVersion: 2\n", 1, "second Version"},
        BadCase{"Continuation", " lost\nPackage: a\nVersion: 1\n", 1, "continuation"},
        BadCase{"NoColon", ": x\n", 0, "line 1"}),
    [](const auto& test) { return test.param.name; });

TEST(Dpkg, ManyProblemsAreCountedNotListed) {
  std::string garbage;
  for (int i = 0; i < 1000; ++i) {
    garbage += "garbage\n";
  }
  const FileFacts facts = Catalog("var/lib/dpkg/status", garbage);
  ASSERT_EQ(facts.diagnostics.size(), 21U);
  EXPECT_THAT(facts.diagnostics.back().message, ::testing::HasSubstr("980 more"));
}

// A virtual package of two bytes whose giver has a long name, and a million stanzas of nothing.
TEST(Dpkg, RecordsAreHeldWithinTheFilesSize) {
  std::string status = "Package: " + std::string(1 << 20, 'n') + "\nVersion: 1\nProvides: v\n\n";
  for (int i = 0; i < 60; ++i) {
    status += "Package: a" + std::to_string(i) + "\nVersion: 1\nDepends: v, v|v\n\n";
  }
  FileFacts facts = Catalog("var/lib/dpkg/status", status);
  EXPECT_FALSE(facts.understood);
  ASSERT_FALSE(facts.diagnostics.empty());
  EXPECT_EQ(facts.diagnostics[0].code, "dpkg.limit.record-bytes");
  uint64_t kept = 0;
  for (const Record& record : facts.records) {
    for (const std::string& names : record.component.depends) {
      kept += names.size();
    }
  }
  EXPECT_LE(kept, status.size() + KeptBytes::kFloor);
  status.clear();
  for (int i = 0; i < 100'000; ++i) {
    status += "Package:a\nVersion:1\n\n";
  }
  facts = Catalog("var/lib/dpkg/status", status);
  EXPECT_FALSE(facts.understood);
  EXPECT_LE(facts.records.size() * sizeof(Record), status.size() + KeptBytes::kFloor);
  EXPECT_EQ(facts.diagnostics.size(), 1U);
}

TEST(Dpkg, NamesAreUtf8) {
  const FileFacts facts =
      Catalog("var/lib/dpkg/status", "Package: a\xff\nVersion: 1\nMaintainer: Jos\xc3\xa9\n");
  ASSERT_EQ(facts.records.size(), 1U);
  EXPECT_EQ(facts.records[0].component.name, "a\xef\xbf\xbd");
  EXPECT_EQ(facts.records[0].component.vendor, "Jos\xc3\xa9");
}

TEST(Dpkg, Distroless) {
  const FileFacts package = Catalog("var/lib/dpkg/status.d/libssl3",
                                    "Package: libssl3.0\nSource: openssl\nVersion: 3.0.14-1");
  ASSERT_EQ(package.records.size(), 1U);
  EXPECT_TRUE(package.understood);
  EXPECT_EQ(package.records[0].component.source_name, "openssl");
  ASSERT_EQ(package.facts.size(), 1U);
  EXPECT_EQ(package.facts[0].key, "dpkg.status.d");
  EXPECT_EQ(package.facts[0].value, "libssl3=libssl3.0");

  const FileFacts files = Catalog("var/lib/dpkg/status.d/libssl3.md5sums",
                                  "d41d8cd98f00b204e9800998ecf8427e  ./usr/lib/libssl.so.3\n"
                                  "d41d8cd98f00b204e9800998ecf8427e  usr/share/doc/a b\n");
  EXPECT_TRUE(files.records.empty());
  EXPECT_TRUE(files.understood);
  ASSERT_EQ(files.facts.size(), 1U);
  EXPECT_EQ(files.facts[0].key, "dpkg.owner.md5sums");
  EXPECT_EQ(files.facts[0].value, "libssl3");
  EXPECT_THAT(files.owned, ElementsAre(image::PathHash("usr/lib/libssl.so.3"),
                                       image::PathHash("usr/share/doc/a b")));
}

TEST(Dpkg, FileLists) {
  const FileFacts facts = Catalog("var/lib/dpkg/info/libc6:amd64.list",
                                  "/.\n/lib\n/lib/x.so\n/usr/share\n/usr/share/y\n");
  ASSERT_EQ(facts.facts.size(), 1U);
  EXPECT_EQ(facts.facts[0].key, "dpkg.owner.list");
  EXPECT_EQ(facts.facts[0].value, "libc6:amd64");
  EXPECT_THAT(facts.owned,
              UnorderedElementsAre(image::PathHash("lib"), image::PathHash("lib/x.so"),
                                   image::PathHash("usr/lib/x.so"), image::PathHash("usr/share"),
                                   image::PathHash("usr/share/y")))
      << "with the merged-/usr spelling";
  EXPECT_FALSE(Catalog("var/lib/dpkg/info/x.list", "relative\n").understood);
  EXPECT_FALSE(Catalog("var/lib/dpkg/info/x.md5sums", "0123  usr/x\n").understood);
  EXPECT_TRUE(Catalog("var/lib/dpkg/info/x.list", "").understood);
}

TEST(Dpkg, OtherFilesOfInfoAreNotOurs) {
  for (const char* name :
       {"libc6:amd64.postinst", "libc6:amd64.conffiles", "format", "libc6:amd64.shlibs"}) {
    EXPECT_FALSE(Catalog("var/lib/dpkg/info/" + std::string(name), "x").relevant) << name;
  }
}

TEST(Dpkg, EveryPrefixAndRandomDamage) {
  const std::string sample = Sample();
  for (size_t size = 0; size < sample.size(); ++size) {
    const std::string prefix = sample.substr(0, size);
    const FileFacts facts = Catalog("var/lib/dpkg/status", prefix);
    EXPECT_EQ(facts.understood, prefix.empty() || prefix.back() == '\n' ? facts.understood : false)
        << size;
    EXPECT_LE(facts.records.size(), 9U);
  }
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = sample;
    for (int flips = 0; flips < 5; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    for (const char* path : {"var/lib/dpkg/status", "var/lib/dpkg/status.d/x",
                             "var/lib/dpkg/info/x.list", "var/lib/dpkg/info/x.md5sums"}) {
      EXPECT_LE(Catalog(path, damaged).records.size(), damaged.size());
    }
  }
}

TEST(DpkgReal, ThisMachineAsDpkgQueryListsIt) {
  const auto status = base::ReadFile("/var/lib/dpkg/status", uint64_t{1} << 30);
  if (!status || !scantling::testing::HaveProgram("dpkg-query")) {
    GTEST_SKIP() << "no dpkg database or no dpkg-query on this machine";
  }
  const auto query =
      scantling::testing::Run({"dpkg-query", "-W", "-f",
                               "${db:Status-Status}\\t${Package} ${Version} ${Architecture} "
                               "${source:Package} ${source:Version}\\n"});
  ASSERT_EQ(query.exit, 0);
  std::vector<std::string> want;
  for (const std::string_view line : base::Split(query.stdout_text, '\n')) {
    const size_t tab = line.find('\t');
    if (tab != std::string_view::npos && line.substr(0, tab) != "config-files" &&
        line.substr(0, tab) != "not-installed") {
      want.emplace_back(line.substr(tab + 1));
    }
  }
  const FileFacts facts = Catalog("var/lib/dpkg/status", *status);
  EXPECT_TRUE(facts.understood);
  std::vector<std::string> got;
  for (const Record& record : facts.records) {
    const model::Component& c = record.component;
    got.push_back(c.name + " " + c.version + " " + c.architecture + " " + c.source_name + " " +
                  (c.source_version.empty() ? c.version : c.source_version));
  }
  std::ranges::sort(want);
  std::ranges::sort(got);
  EXPECT_EQ(got, want);
}

TEST(DpkgReal, EveryListOfThisMachine) {
  const std::filesystem::path folder = "/var/lib/dpkg/info";
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    GTEST_SKIP() << "no dpkg database on this machine";
  }
  uint64_t owned = 0;
  std::chrono::nanoseconds spent{};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto data = base::ReadFile(entry.path(), uint64_t{1} << 30);
    ASSERT_TRUE(data.has_value());
    const auto start = std::chrono::steady_clock::now();
    const FileFacts facts = Catalog("var/lib/dpkg/info/" + entry.path().filename().string(), *data);
    spent += std::chrono::steady_clock::now() - start;
    EXPECT_TRUE(facts.understood) << entry.path();
    owned += facts.owned.size();
  }
  RecordProperty("paths", std::to_string(owned));
  RecordProperty("microseconds", std::to_string(spent.count() / 1000));
}

TEST(DpkgCopyright, ShortNamesOfTheMachineReadableForm) {
  const std::string text =
      "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
      "Upstream-Name: x\nLicense: GPL-2+ or MIT\n\n"
      "Files: *\nCopyright: 2020 A\nLicense: BSD-3-clause\n Redistribution and use in source\n"
      " License: not this\n\nFiles: b\nlicense:Expat\n\nLicense: BSD-3-clause\n text\n\nLicense:\n";
  const auto licenses = [](std::string_view from) {
    return dpkg::LicensesOfCopyright(base::AsBytes(from));
  };
  EXPECT_THAT(licenses(text), ElementsAre("BSD-3-clause", "Expat", "GPL-2+ or MIT"));
  EXPECT_THAT(licenses("# c\n\nFormat-Specification: http://dep.debian.net/deps/dep5/\nLicense: X"),
              ElementsAre("X"));
  for (const char* other : {"", "This package was debianized by\nLicense: GPL\n",
                            "Format: of my own\nLicense: GPL\n", "License: GPL\nFormat: dep5\n"}) {
    EXPECT_THAT(licenses(other), IsEmpty()) << other;
  }
  for (size_t length = 0; length < text.size(); ++length) {
    // A cut name is one more.
    EXPECT_LE(licenses(std::string_view(text).substr(0, length)).size(), 4U);
  }
  EXPECT_EQ(dpkg::PackageOfCopyright("usr/share/doc/libssl3/copyright"), "libssl3");
  for (const char* other : {"copyright", "usr/share/doc/copyright", "usr/share/doc//copyright",
                            "usr/share/doc/a/b/copyright", "srv/usr/share/doc/a/copyright",
                            "usr/share/doc/a/copyrights"}) {
    EXPECT_EQ(dpkg::PackageOfCopyright(other), "") << other;
  }
  const FileFacts facts = Catalog("usr/share/doc/x/copyright", text);
  EXPECT_FALSE(facts.relevant);
  EXPECT_TRUE(facts.understood);
  EXPECT_EQ(facts.facts.size(), 3U);
  EXPECT_TRUE(Catalog("app/copyright", text).facts.empty());
}

}  // namespace
}  // namespace scantling::catalog
