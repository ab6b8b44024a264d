// apk: the sample in testdata/, damage, and the Alpine image of SCANTLING_FIXTURES.
#include "catalog/apk/apk.h"

#include "base/file.h"
#include "base/strings.h"
#include "catalog/common/kept_bytes.h"
#include "image/layer_tree.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <random>

namespace scantling::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

FileFacts Catalog(std::string_view path, std::string_view data) {
  auto facts = ApkCataloger().Catalog({.path = path, .data = base::AsBytes(data)}, base::Limits());
  EXPECT_TRUE(facts.has_value());
  return facts ? *std::move(facts) : FileFacts();
}

std::string Sample() {
  auto data = base::ReadFile(SCANTLING_SOURCE_DIR "/src/catalog/apk/testdata/installed", 1 << 20);
  EXPECT_TRUE(data.has_value());
  return data ? *std::move(data) : std::string();
}

TEST(Apk, RecordsAreHeldWithinTheFilesSize) {
  std::string data = "P:" + std::string(1 << 20, 'n') + "\nV:1\np:v\n\n";
  for (int i = 0; i < 60; ++i) {
    data += "P:a" + std::to_string(i) + "\nV:1\nD:v\n\n";
  }
  const FileFacts facts = Catalog("lib/apk/db/installed", data);
  EXPECT_FALSE(facts.understood);
  ASSERT_EQ(facts.diagnostics.size(), 1U);
  EXPECT_EQ(facts.diagnostics[0].code, "apk.limit.record-bytes");
  uint64_t kept = 0;
  for (const Record& record : facts.records) {
    for (const std::string& name : record.component.depends) {
      kept += name.size();
    }
  }
  EXPECT_LE(kept, data.size() + KeptBytes::kFloor);
}

TEST(Apk, SampleDatabase) {
  const FileFacts facts = Catalog("lib/apk/db/installed", Sample());
  EXPECT_TRUE(facts.understood);
  EXPECT_THAT(facts.diagnostics, IsEmpty());
  std::map<std::string, Record> packages;
  for (const Record& record : facts.records) {
    packages.emplace(record.component.name, record);
  }
  ASSERT_EQ(packages.size(), 5U);
  const Record& musl = packages.at("musl");
  EXPECT_EQ(musl.component.version, "1.2.3-r4");
  EXPECT_EQ(musl.component.architecture, "x86_64");
  EXPECT_EQ(musl.component.source_name, "musl");
  EXPECT_EQ(musl.component.vendor, "Timo Ter\xc3\xa4s <timo.teras@iki.fi>");
  EXPECT_EQ(musl.component.type, version::Ecosystem::kApk);
  EXPECT_EQ(musl.component.evidence, model::Evidence::kApkInstalled);
  EXPECT_THAT(musl.component.depends, IsEmpty());
  EXPECT_THAT(musl.owned, UnorderedElementsAre(image::PathHash("lib/ld-musl-x86_64.so.1"),
                                               image::PathHash("usr/lib/ld-musl-x86_64.so.1"),
                                               image::PathHash("lib/libc.musl-x86_64.so.1"),
                                               image::PathHash("usr/lib/libc.musl-x86_64.so.1")));
  EXPECT_THAT(packages.at("busybox").component.depends, ElementsAre("musl"));
  EXPECT_THAT(packages.at("busybox").owned,
              ::testing::Contains(image::PathHash("usr/share/udhcpc/default.script")));
  const Record& client = packages.at("ssl_client");
  EXPECT_EQ(client.component.source_name, "busybox");
  EXPECT_THAT(client.component.depends, ElementsAre("busybox", "musl", "other"));
  EXPECT_THAT(client.owned, ElementsAre(image::PathHash("usr/bin/ssl_client")));
  EXPECT_EQ(packages.at("musl-dev").component.role, model::Role::kHeaders);
  EXPECT_EQ(packages.at(".build-deps").component.role, model::Role::kBuildOnly);
  EXPECT_THAT(packages.at(".build-deps").component.depends, ElementsAre("gcc", "musl-dev"));
}

TEST(Apk, Repositories) {
  const FileFacts facts = Catalog("etc/apk/repositories",
                                  "https://dl-cdn.alpinelinux.org/alpine/v3.18/main\r\n"
                                  "# https://dl-cdn.alpinelinux.org/alpine/edge/main\n\n"
                                  "@edge https://dl-cdn.alpinelinux.org/alpine/edge/testing");
  ASSERT_EQ(facts.facts.size(), 2U);
  EXPECT_EQ(facts.facts[0].key, "apk.repository");
  EXPECT_EQ(facts.facts[0].value, "https://dl-cdn.alpinelinux.org/alpine/v3.18/main");
  EXPECT_EQ(facts.facts[1].value, "@edge https://dl-cdn.alpinelinux.org/alpine/edge/testing");
  EXPECT_EQ(Catalog("etc/apk/repositories.d/x.list", "https://a/v3.22/main\n").facts.size(), 1U);
  EXPECT_FALSE(Catalog("etc/apk/repositories.d/x.bak", "https://a/v3.22/main\n").relevant);
}

struct BadCase {
  const char* name;
  const char* input;
  size_t packages;
  const char* message;
};

class ApkBad : public ::testing::TestWithParam<BadCase> {};

TEST_P(ApkBad, IsAGapAndTheRestGoesOn) {
  const FileFacts facts = Catalog("lib/apk/db/installed", GetParam().input);
  EXPECT_EQ(facts.records.size(), GetParam().packages);
  EXPECT_FALSE(facts.understood);
  ASSERT_FALSE(facts.diagnostics.empty());
  EXPECT_THAT(facts.diagnostics[0].message, ::testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Installed, ApkBad,
    ::testing::Values(BadCase{"Garbage", "P:a\nV:1\ngarbage\n\nP:b\nV:2\n", 2, "line 3"},
                      BadCase{"NoVersion", "P:a\n\nP:b\nV:2\n", 1, "line 1"},
                      BadCase{"NoName", "V:1\n\nP:b\nV:2\n", 1, "no name"},
                      BadCase{"NoFinalNewline", "P:a\nV:1\n\nP:b\nV:2", 2, "cut off"},
                      BadCase{"TwoNames", "P:a\nP:b\nV:2\n", 1, "second name"}),
    [](const auto& test) { return test.param.name; });

TEST(Apk, EveryPrefixAndRandomDamage) {
  const std::string sample = Sample();
  for (size_t size = 0; size < sample.size(); ++size) {
    const std::string prefix = sample.substr(0, size);
    const FileFacts facts = Catalog("lib/apk/db/installed", prefix);
    EXPECT_LE(facts.records.size(), 5U);
    if (!prefix.empty() && prefix.back() != '\n') {
      EXPECT_FALSE(facts.understood) << size;
    }
  }
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = sample;
    for (int flips = 0; flips < 4; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    EXPECT_LE(Catalog("lib/apk/db/installed", damaged).records.size(), damaged.size());
  }
}

TEST(ApkReal, AlpineImage) {
  const char* fixtures = std::getenv("SCANTLING_FIXTURES");
  const std::string archive =
      fixtures == nullptr ? "" : std::string(fixtures) + "/images/alpine-310.tar.gz";
  if (archive.empty() || !std::filesystem::exists(archive) ||
      !scantling::testing::HaveProgram("tar")) {
    GTEST_SKIP() << "SCANTLING_FIXTURES has no images/alpine-310.tar.gz, or there is no tar";
  }
  const auto layer =
      scantling::testing::Run({"tar", "xzOf", archive, "--wildcards", "*/layer.tar"});
  ASSERT_EQ(layer.exit, 0);
  const auto database =
      scantling::testing::Run({"tar", "xOf", "-", "lib/apk/db/installed"}, layer.stdout_text);
  ASSERT_EQ(database.exit, 0) << database.stderr_text;
  const auto list = scantling::testing::Run({"tar", "tf", "-"}, layer.stdout_text);
  ASSERT_EQ(list.exit, 0);

  std::vector<std::string> want;  // the plainest reading: P: and V: lines in order
  std::string name;
  std::string version;
  for (const std::string_view line : base::Split(database.stdout_text, '\n')) {
    if (line.starts_with("P:")) {
      name = line.substr(2);
    } else if (line.starts_with("V:")) {
      version = line.substr(2);
    } else if (line.empty() && !name.empty()) {
      want.push_back(name + " " + version);
      name.clear();
    }
  }
  const FileFacts facts = Catalog("lib/apk/db/installed", database.stdout_text);
  EXPECT_TRUE(facts.understood);
  std::vector<std::string> got;
  std::vector<uint64_t> owned;
  for (const Record& record : facts.records) {
    got.push_back(record.component.name + " " + record.component.version);
    owned.insert(owned.end(), record.owned.begin(), record.owned.end());
    for (const std::string& needed : record.component.depends) {
      EXPECT_TRUE(std::ranges::any_of(facts.records,
                                      [&](const Record& r) { return r.component.name == needed; }))
          << record.component.name << " needs " << needed;
    }
  }
  EXPECT_EQ(got, want);
  EXPECT_EQ(got.size(), 14U);
  // What the packages own is there.
  size_t found = 0;
  for (const std::string_view path : base::Split(list.stdout_text, '\n')) {
    found += std::ranges::find(owned, image::PathHash(path)) != owned.end() ? 1 : 0;
  }
  EXPECT_GT(found, 70U);
}

}  // namespace
}  // namespace scantling::catalog
