// rpm: records from databases made here, and from the real ones of SCANTLING_FIXTURES. That the
// databases are read right is shown in codec/rpmdb_test.cc, with rpm as the oracle.
#include "catalog/rpm/rpm.h"

#include "base/file.h"
#include "catalog/common/kept_bytes.h"
#include "catalog/rpm/packages.h"
#include "catalog/rpm/rich_dependency.h"
#include "image/layer_tree.h"
#include "tests/support/rpm_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <map>
#include <random>

namespace scantling::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

base::Result<FileFacts> Catalog(std::string_view path, std::string_view data) {
  return RpmCataloger().Catalog({.path = path, .data = base::AsBytes(data)}, base::Limits());
}

TEST(Rpm, SampleDatabasesInEveryFormat) {
  const auto headers = scantling::testing::SampleRpmHeaders();
  for (const std::string& data :
       {scantling::testing::MakeRpmSqlite(headers), scantling::testing::MakeRpmNdb(headers),
        scantling::testing::MakeRpmBerkeleyDb(headers)}) {
    const auto facts = Catalog("var/lib/rpm/rpmdb.sqlite", data);
    ASSERT_TRUE(facts.has_value());
    EXPECT_TRUE(facts->understood);
    EXPECT_THAT(facts->diagnostics, IsEmpty());
    std::map<std::string, Record> packages;
    for (const Record& record : facts->records) {
      packages.emplace(record.component.name, record);
    }
    ASSERT_THAT(packages, SizeIs(3)) << "gpg-pubkey is no package";
    const Record& bash = packages.at("bash");
    EXPECT_EQ(bash.component.version, "5.1.8-6.el9");
    EXPECT_EQ(bash.component.architecture, "noarch");
    EXPECT_EQ(bash.component.vendor, "Sample Vendor");
    EXPECT_EQ(bash.component.source_name, "bash");
    EXPECT_EQ(bash.component.source_version, "");
    EXPECT_EQ(bash.component.type, version::Ecosystem::kRpm);
    EXPECT_EQ(bash.component.evidence, model::Evidence::kRpmDatabase);
    EXPECT_TRUE(bash.component.essential);
    EXPECT_THAT(bash.component.depends, ElementsAre("glibc", "nodejs-devel"))
        << "by capability, by file";
    EXPECT_THAT(bash.owned,
                UnorderedElementsAre(image::PathHash("usr/bin/bash"), image::PathHash("usr/bin/sh"),
                                     image::PathHash("etc/bashrc")));
    EXPECT_EQ(packages.at("glibc").component.version, "0:2.34-60.el9");
    EXPECT_THAT(packages.at("glibc").component.depends, IsEmpty());
    EXPECT_THAT(packages.at("glibc").owned,
                UnorderedElementsAre(image::PathHash("lib64/libc.so.6"),
                                     image::PathHash("usr/lib64/libc.so.6")));
    const model::Component& node = packages.at("nodejs-devel").component;
    EXPECT_EQ(node.version, "1:18.14.2-2.module");
    EXPECT_EQ(node.module, "nodejs:18:9020230301:rhel9");
    EXPECT_EQ(node.source_name, "nodejs");
    EXPECT_EQ(node.source_version, "")
        << "the same but for the epoch, which source rpms do not have";
    EXPECT_EQ(node.role, model::Role::kHeaders);
    EXPECT_THAT(node.depends, ElementsAre("bash"));
  }
}

TEST(Rpm, SourceRpmNames) {
  const struct {
    const char* text;
    std::pair<std::string_view, std::string_view> want;
  } cases[] = {
      {"bash-5.1.8-6.el9.src.rpm", {"bash", "5.1.8-6.el9"}},
      {"java-17-openjdk-17.0.1-2.nosrc.rpm", {"java-17-openjdk", "17.0.1-2"}},
      {"bash-5.1.8-6.el9.x86_64.rpm", {}},
      {"a.src.rpm", {}},
      {"a-1.src.rpm", {}},
      {"-1-2.src.rpm", {}},
      {"-.src.rpm", {}},
      {"", {}},
      {"(none)", {}},
  };
  for (const auto& [text, want] : cases) {
    EXPECT_EQ(rpm::SplitSourceRpm(text), want) << text;
  }
}

TEST(Rpm, RichDependencies) {
  const struct {
    const char* text;
    std::vector<std::string> want;
  } cases[] = {
      {"(a or b)", {"a|b"}},
      {"(a or b or libc.so.6()(64bit))", {"a|b|libc.so.6()(64bit)"}},
      {"(a >= 1.2 or b = 3-4)", {"a|b"}},
      {"(a and b)", {"a", "b"}},
      {"(a with a-libs >= 2)", {"a", "a-libs"}},
      {"(a without b)", {"a"}},
      {"(a if b)", {"a"}},
      {"(a unless b)", {"a"}},
      {"(a if b else c)", {"a", "c"}},
      {"(a if (b or c))", {"a"}},
      {"((a if b) or c)", {"a", "c"}},
      {"((a and b) or (c and d))", {"a", "b", "c", "d"}},
      {"(a or (b and c) or d or e)", {"a", "b", "c", "d|e"}},
      {"(/usr/bin/sh or bash)", {"/usr/bin/sh|bash"}},
      {"( a  or\tb )", {"a|b"}},
      {"(pkgconfig(x11) if y)", {"pkgconfig(x11)"}},
      {"", {}},
      {"(", {}},
      {"()", {}},
      {"(a", {"a"}},
      {"(a or", {"a"}},
      {"(a or )", {"a"}},
      {"a or b", {}},
      {")(", {}},
  };
  for (const auto& [text, want] : cases) {
    std::vector<std::string> needs;
    rpm::AddNeedsOf(text, needs);
    EXPECT_EQ(needs, want) << text;
  }
  std::vector<std::string> needs;
  rpm::AddNeedsOf(std::string(1'000'000, '('), needs);
  EXPECT_THAT(needs, IsEmpty());
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    static constexpr std::array<std::string_view, 12> kPieces = {
        "(", ")", " ", "a", "or", "and", "if", "else", "unless", "without", ">=", "x(y)"};
    std::string text = "(";
    for (int piece = 0; piece < 12; ++piece) {
      text += kPieces[random() % kPieces.size()];
    }
    rpm::AddNeedsOf(text, needs);
    needs.clear();
  }
}

TEST(Rpm, RichDependenciesBecomePackages) {
  using scantling::testing::MakeRpmHeader;
  using scantling::testing::RpmSample;
  const auto sample = [](std::string name, std::vector<std::string> needs) {
    return MakeRpmHeader(RpmSample{.name = name,
                                   .version = "1",
                                   .release = "1",
                                   .provides = {name},
                                   .needs = std::move(needs)});
  };
  const auto facts =
      Catalog("var/lib/rpm/Packages.db",
              scantling::testing::MakeRpmNdb(
                  {sample("top", {"(absent or second)", "(lib if systemd)", "(x and y)"}),
                   sample("second", {}), sample("lib", {}), sample("systemd", {})}));
  ASSERT_TRUE(facts.has_value());
  ASSERT_THAT(facts->records, SizeIs(4));
  EXPECT_THAT(facts->records[0].component.depends, ElementsAre("lib", "second"));
}

// Many packages that all need one with a name of 64 KiB: 24 KiB of database for each would become
// 64 KiB of dependencies.
TEST(Rpm, RecordsAreHeldWithinTheFilesSize) {
  using scantling::testing::MakeRpmHeader;
  std::vector<std::string> headers = {MakeRpmHeader(scantling::testing::RpmSample{
      .name = std::string(1 << 20, 'n'), .version = "1", .release = "1", .provides = {"p"}})};
  for (int i = 0; i < 60; ++i) {
    headers.push_back(MakeRpmHeader(scantling::testing::RpmSample{
        .name = "a" + std::to_string(i), .version = "1", .release = "1", .needs = {"p"}}));
  }
  const std::string data = scantling::testing::MakeRpmNdb(headers);
  const auto facts = Catalog("var/lib/rpm/Packages.db", data);
  ASSERT_TRUE(facts.has_value());
  EXPECT_FALSE(facts->understood);
  uint64_t kept = 0;
  for (const Record& record : facts->records) {
    for (const std::string& name : record.component.depends) {
      kept += name.size();
    }
  }
  EXPECT_LE(kept, data.size() + KeptBytes::kFloor);
  EXPECT_GT(kept, KeptBytes::kFloor / 2);
  ASSERT_THAT(facts->diagnostics, SizeIs(1));
  EXPECT_EQ(facts->diagnostics[0].code, "rpm.limit.record-bytes");
}

TEST(Rpm, BadHeaderCostsItself) {
  auto headers = scantling::testing::SampleRpmHeaders();
  headers[0] = "not a header at all";
  headers.push_back(scantling::testing::MakeRpmHeader({{1000, {"nameless-version"}, {}, false}}));
  const auto facts =
      Catalog("var/lib/rpm/rpmdb.sqlite", scantling::testing::MakeRpmSqlite(headers));
  ASSERT_TRUE(facts.has_value());
  EXPECT_THAT(facts->records, SizeIs(2));
  EXPECT_FALSE(facts->understood);
  EXPECT_THAT(facts->diagnostics, SizeIs(2));
}

TEST(Rpm, DamagedFileListIsSaid) {
  const std::string header = scantling::testing::MakeRpmHeader({{1000, {"x"}, {}, false},
                                                                {1001, {"1"}, {}, false},
                                                                {1002, {"1"}, {}, false},
                                                                {1116, {}, {0, 9}, false},
                                                                {1117, {"a", "b"}, {}, true},
                                                                {1118, {"/usr/"}, {}, true}});
  const auto facts = Catalog("var/lib/rpm/Packages.db", scantling::testing::MakeRpmNdb({header}));
  ASSERT_TRUE(facts.has_value());
  ASSERT_THAT(facts->records, SizeIs(1));
  EXPECT_THAT(facts->records[0].owned, ElementsAre(image::PathHash("usr/a")));
  EXPECT_FALSE(facts->understood);
}

TEST(Rpm, OtherFiles) {
  EXPECT_FALSE(Catalog("var/lib/rpm/Packages", "this is not a database").has_value());
  EXPECT_FALSE(Catalog("var/lib/rpm/Packages", "")->relevant);
  EXPECT_FALSE(Catalog("var/lib/rpm/rpmdb.sqlite-wal", "")->relevant);
  const auto log = Catalog("var/lib/rpm/rpmdb.sqlite-wal", std::string(4152, 'x'));
  ASSERT_TRUE(log.has_value());
  EXPECT_FALSE(log->understood);
  EXPECT_THAT(log->diagnostics, SizeIs(1));
}

TEST(Rpm, RandomDamage) {
  const auto headers = scantling::testing::SampleRpmHeaders();
  std::mt19937 random(9);
  for (const std::string& data : {scantling::testing::MakeRpmSqlite(headers),
                                  scantling::testing::MakeRpmBerkeleyDb(headers)}) {
    for (int i = 0; i < 1500; ++i) {
      std::string damaged = data;
      for (int flips = 0; flips < 4; ++flips) {
        damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
      }
      const auto facts = Catalog("var/lib/rpm/Packages", damaged);
      if (facts) {
        EXPECT_LE(facts->records.size(), data.size());
      }
    }
  }
}

TEST(RpmReal, Fixtures) {
  const char* fixtures = std::getenv("SCANTLING_FIXTURES");
  const auto data = fixtures == nullptr
                        ? base::Result<std::string>(base::NotFound("unset"))
                        : base::ReadFile(std::string(fixtures) + "/rpmdb/ndb-Packages.db", 1 << 30);
  if (!data) {
    GTEST_SKIP() << "SCANTLING_FIXTURES has no rpmdb/ndb-Packages.db";
  }
  const auto facts = Catalog("usr/lib/sysimage/rpm/Packages.db", *data);
  ASSERT_TRUE(facts.has_value());
  EXPECT_TRUE(facts->understood);
  EXPECT_GE(facts->records.size(), 30U);
  size_t with_depends = 0;
  for (const Record& record : facts->records) {
    with_depends += record.component.depends.empty() ? 0 : 1;
    EXPECT_FALSE(record.component.source_name.empty());
  }
  EXPECT_GT(with_depends, facts->records.size() / 2);
}

}  // namespace
}  // namespace scantling::catalog
