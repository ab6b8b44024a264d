#include "policy/exceptions/import.h"

#include "policy/exceptions/exceptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// Imports, and holds what every import must hold: the text is our format and nothing in it is
// valid.
Imported Import(const std::string& text, const std::string& path) {
  auto imported = ImportIgnoreFile(text, path);
  EXPECT_TRUE(imported.has_value()) << imported.error().Message();
  if (!imported) {
    return {};
  }
  const auto exceptions = ParseExceptions(imported->yaml, "new.yaml");
  EXPECT_TRUE(exceptions.has_value()) << exceptions.error().Message() << imported->yaml;
  EXPECT_EQ(exceptions->entries.size(), imported->entries);
  EXPECT_EQ(exceptions->InvalidCount(), imported->entries) << imported->yaml;
  return *std::move(imported);
}

std::string FilledIn(std::string yaml) {
  const auto replace = [&yaml](const std::string& from, const std::string& to) {
    for (size_t at = yaml.find(from); at != std::string::npos; at = yaml.find(from)) {
      yaml.replace(at, from.size(), to);
    }
  };
  replace("owner: \"\"", "owner: ann");
  replace("approver: \"\"", "approver: bob");
  replace("reason: \"\"", "reason: accepted_risk");
  replace("words: \"\"", "words: why");
  replace("created: \"\"", "created: 2026-01-01");
  replace("until: \"\"", "until: 2026-12-31");
  return yaml;
}

TEST(Import, TrivyIgnore) {
  const auto imported = Import(
      "# Accept the risk\n# until spring\nCVE-2018-14618\n\nCVE-2019-14697 exp:2026-03-01\n"
      "AVD-DS-0002\ngeneric-unwanted-rule\nCVE-2020-1 exp:soon\nCVE-2020-2 # here\n",
      ".trivyignore");
  EXPECT_EQ(imported.entries, 4U);
  EXPECT_THAT(imported.yaml, HasSubstr("words: \"Accept the risk until spring\""));
  EXPECT_THAT(imported.yaml, HasSubstr("until: \"2026-03-01\""));
  EXPECT_THAT(imported.yaml, HasSubstr("words: \"here\""));
  EXPECT_THAT(imported.notes,
              ElementsAre(HasSubstr(".trivyignore:6:"), HasSubstr(":7:"), HasSubstr("soon")));
  const auto filled = ParseExceptions(FilledIn(imported.yaml), "new.yaml");
  ASSERT_TRUE(filled.has_value());
  EXPECT_EQ(filled->InvalidCount(), 0U) << filled->entries[0].problem;
}

TEST(Import, TrivyIgnoreYaml) {
  const auto imported = Import(
      "vulnerabilities:\n"
      "  - id: CVE-2022-40897\n    paths:\n      - "
      "\"usr/local/lib/python3.9/site-packages/setuptools-58.1.0.dist-info/METADATA\"\n"
      "    statement: Accept the risk\n"
      "  - id: CVE-2023-2650\n"
      "  - id: CVE-2023-3446\n    expired_at: 2023-09-01\n"
      "  - id: CVE-2023-29491\n    purls:\n      - pkg:deb/debian/libssl3\n      - "
      "pkg:deb/debian/openssl\n"
      "  - id: CVE-2023-1\n    paths: []\n"
      "  - id: CVE-2023-2\n    something: else\n"
      "misconfigurations:\n  - id: AVD-DS-0001\n",
      ".trivyignore.yaml");
  EXPECT_EQ(imported.entries, 5U);
  EXPECT_THAT(imported.yaml, HasSubstr("path: \"usr/local/lib"));
  EXPECT_THAT(imported.yaml, HasSubstr("component: \"pkg:deb/debian/libssl3\""));
  EXPECT_THAT(imported.yaml, HasSubstr("until: \"2023-09-01\""));
  EXPECT_THAT(imported.notes, SizeIs(3));
}

TEST(Import, Grype) {
  const auto imported = Import(
      "ignore:\n"
      "  - vulnerability: CVE-2008-4318\n    fix-state: unknown\n"
      "  - vulnerability: CVE-2014-54321\n    package:\n      name: lodash\n      version: 1.5.0\n "
      "     type: npm\n"
      "  - package:\n      type: gem\n"
      "  - package:\n      location: \"/usr/local/lib/node_modules/**\"\n"
      "  - vulnerability: GHSA-1\n    package:\n      location: "
      "\"/usr/local/lib/node_modules/**\"\n    reason: dev only\n"
      "  - package:\n      name: libcurl\n      version: \"1.5.1\"\n"
      "  - package:\n      name: \"linux-.*\"\n"
      "  - vex-status: not_affected\n"
      "  - vulnerability: CVE-1\n    namespace: nvd:cpe\n"
      "  - package:\n      name: openssl\n",
      ".grype.yaml");
  EXPECT_EQ(imported.entries, 3U) << imported.yaml;
  EXPECT_THAT(imported.yaml, HasSubstr("component: \"pkg:npm/lodash@1.5.0\""));
  EXPECT_THAT(imported.yaml, HasSubstr("path: \"/usr/local/lib/node_modules/**\""));
  EXPECT_THAT(imported.yaml, HasSubstr("component: \"openssl\""));
  EXPECT_THAT(imported.notes, SizeIs(7));
  EXPECT_THAT(imported.notes[0], HasSubstr("fix_state"));
}

TEST(Import, OsvScanner) {
  const auto imported = Import(
      "[[IgnoredVulns]]\nid = \"GO-2022-0968\"\nignoreUntil = 2022-11-09\nreason = \"No ssh "
      "servers are connected to or hosted in Go lang\"\n"
      "[[IgnoredVulns]]\nid = \"GO-2022-1059\"\n"
      "[[PackageOverrides]]\nname = \"lib\"\nversion = \"1.0.0\"\necosystem = \"Go\"\nignore = "
      "true\neffectiveUntil = 2022-11-09\nreason = \"abc\"\n"
      "[[PackageOverrides]]\nname = \"openssl\"\necosystem = \"Debian:12\"\nvulnerability.ignore = "
      "true\n"
      "[[PackageOverrides]]\necosystem = \"npm\"\nignore = true\n"
      "[[PackageOverrides]]\nname = \"x\"\necosystem = \"npm\"\nlicense.override = [\"MIT\"]\n",
      "osv-scanner.toml");
  EXPECT_EQ(imported.entries, 4U);
  EXPECT_THAT(imported.yaml, HasSubstr("until: \"2022-11-09\""));
  EXPECT_THAT(imported.yaml, HasSubstr("component: \"pkg:golang/lib@1.0.0\""));
  EXPECT_THAT(imported.yaml, HasSubstr("component: \"pkg:deb/debian/openssl\""));
  EXPECT_THAT(imported.notes, SizeIs(2));
}

TEST(Import, Sniffs) {
  EXPECT_EQ(SniffIgnoreFile("CVE-2020-1\n", "ignore"), IgnoreKind::kTrivyIgnore);
  EXPECT_EQ(SniffIgnoreFile("ignore:\n - x: y\n", "cfg"), IgnoreKind::kGrype);
  EXPECT_EQ(SniffIgnoreFile("vulnerabilities:\n", "x.yaml"), IgnoreKind::kTrivyIgnoreYaml);
  EXPECT_EQ(SniffIgnoreFile("[[IgnoredVulns]]\n", "x"), IgnoreKind::kOsvScanner);
  EXPECT_EQ(SniffIgnoreFile("hello\n", "x"), std::nullopt);
  const auto commented = ImportIgnoreFile("# why\nCVE-2021-44228\nCVE-2020-8203\n", ".trivyignore");
  ASSERT_TRUE(commented.has_value());
  EXPECT_EQ(commented->yaml.find("why"), commented->yaml.rfind("why"));  // of the first id alone
  EXPECT_THAT(ImportIgnoreFile("a: [\n", ".grype.yaml").error().Message(),
              HasSubstr(".grype.yaml"));
  EXPECT_THAT(ImportIgnoreFile("a = [\n", "osv-scanner.toml").error().Message(),
              HasSubstr("osv-scanner.toml:2:1: TOML"));
}

TEST(Import, HostileTextStaysText) {
  const auto imported = Import(
      "vulnerabilities:\n  - id: CVE-2020-1\n    statement: \"x\\\"\\n    until: 2099-01-01\\n    "
      "owner: eve\\x07\"\n",
      ".trivyignore.yaml");
  EXPECT_THAT(imported.yaml, Not(HasSubstr("\n    owner: eve")));
}

TEST(Import, WhatYamlRefusesIsReplaced) {
  EXPECT_THAT(
      Import("# a\xC2\x92\xEF\xBB\xBF\x01\xE2\x80\xA8z\xC3\xA9\nCVE-2020-1\n", ".trivyignore").yaml,
      HasSubstr("words: \"a??\\x01?z\xC3\xA9\""));
}

TEST(Import, EveryPrefixAndFlippedBytes) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {".trivyignore", "# a\nCVE-2018-14618 exp:2026-01-01\n"},
      {".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2022-40897\n    paths: [a]\n"},
      {".grype.yaml", "ignore:\n  - vulnerability: CVE-1\n    package: {name: a, type: npm}\n"},
      {"osv-scanner.toml", "[[IgnoredVulns]]\nid = \"GO-1\"\nignoreUntil = 2022-11-09\n"}};
  std::mt19937 random(7);
  for (const auto& [path, text] : files) {
    for (int i = 0; i < 1000; ++i) {
      std::string damaged = text.substr(0, static_cast<size_t>(i) % (text.size() + 1));
      if (i > 200) {
        damaged = text;
        damaged[random() % damaged.size()] = static_cast<char>(random());
      }
      const auto imported = ImportIgnoreFile(damaged, path);
      if (imported) {
        const auto exceptions = ParseExceptions(imported->yaml, "new.yaml");
        ASSERT_TRUE(exceptions.has_value()) << imported->yaml << exceptions.error().Message();
        EXPECT_EQ(exceptions->InvalidCount(), exceptions->entries.size());
      }
    }
  }
}

}  // namespace
}  // namespace scantling::policy
