// What packages of every ecosystem declare as their licences.
#include "catalog/common/licenses.h"

#include "catalog/apk/apk.h"
#include "catalog/java/java.h"
#include "catalog/java/manifest.h"
#include "catalog/node/node.h"
#include "catalog/python/python.h"
#include "catalog/rpm/rpm.h"
#include "codec/zip_test_writer.h"
#include "tests/support/rpm_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Strings = std::vector<std::string>;

// Of the first record.
Strings Licenses(const Cataloger& cataloger, std::string_view path, std::string_view data) {
  auto facts = cataloger.Catalog({path, base::AsBytes(data)}, {});
  EXPECT_TRUE(facts.has_value() && !facts->records.empty()) << data;
  return facts && !facts->records.empty() ? facts->records.front().component.licenses : Strings();
}

TEST(CatalogLicenses, WhatIsKept) {
  model::Component component;
  for (const std::string& text :
       {std::string(" MIT "), std::string("BSD"), std::string("MIT"), std::string("UNKNOWN"),
        std::string(), std::string("(none)"), std::string("line\nline"),
        std::string(kMaxLicenseBytes + 1, 'x'), std::string("\xff")}) {
    AddLicense(text, component);
  }
  EXPECT_THAT(component.licenses, ElementsAre("BSD", "MIT", "\xEF\xBF\xBD"));
}

TEST(CatalogLicenses, OsPackages) {
  EXPECT_THAT(Licenses(ApkCataloger(), "lib/apk/db/installed",
                       "P:busybox\nV:1\nL:GPL-2.0-only AND MIT\n\n"),
              ElementsAre("GPL-2.0-only AND MIT"));
  EXPECT_THAT(Licenses(ApkCataloger(), "lib/apk/db/installed", "P:busybox\nV:1\n\n"), IsEmpty());
  const auto headers = scantling::testing::SampleRpmHeaders();
  EXPECT_THAT(Licenses(RpmCataloger(), "var/lib/rpm/rpmdb.sqlite",
                       scantling::testing::MakeRpmSqlite(headers)),
              ElementsAre("GPLv3+ and MIT"));
}

TEST(CatalogLicenses, Python) {
  const auto of = [](std::string_view headers) {
    return Licenses(PythonCataloger(), "a-1.dist-info/METADATA",
                    "Name: a\nVersion: 1\n" + std::string(headers) + "\n\nLicense: not this\n");
  };
  EXPECT_THAT(of("License: BSD\nLicense-Expression: MIT OR Apache-2.0"),
              ElementsAre("MIT OR Apache-2.0"));
  EXPECT_THAT(of("License: BSD\nClassifier: License :: OSI Approved :: BSD License"),
              ElementsAre("BSD"));
  EXPECT_THAT(of("License: Copyright (c) 2020\n  Permission is hereby granted\n"
                 "Classifier: Programming Language :: Python\n"
                 "Classifier: License :: OSI Approved\n"
                 "Classifier: License :: OSI Approved :: MIT License\n"
                 "Classifier: License :: Other/Proprietary License"),
              ElementsAre("MIT License", "Other/Proprietary License"));
  EXPECT_THAT(of("License: UNKNOWN"), IsEmpty());
}

TEST(CatalogLicenses, Node) {
  const auto of = [](std::string_view members) {
    return Licenses(NodeCataloger(), "node_modules/a/package.json",
                    R"({"name": "a", "version": "1", )" + std::string(members) + "}");
  };
  EXPECT_THAT(of("\"license\": \"(MIT OR GPL-2.0)\""), ElementsAre("(MIT OR GPL-2.0)"));
  EXPECT_THAT(of(R"("license": {"type": "ISC", "url": "x"})"), ElementsAre("ISC"));
  EXPECT_THAT(of(R"("licenses": [{"type": "MIT"}, {"type": "Apache-2.0"}, 3, "BSD"])"),
              ElementsAre("Apache-2.0", "BSD", "MIT"));
  EXPECT_THAT(of(R"("license": null, "licenses": {"type": "MIT"})"), ElementsAre("MIT"));
  EXPECT_THAT(of(R"("license": ["MIT", "Zlib"])"), ElementsAre("MIT", "Zlib"));
  EXPECT_THAT(of(R"("license": 7)"), IsEmpty());
}

constexpr std::string_view kPomXml = R"(<?xml version="1.0"?>
<project>
  <!-- <licenses><license><name>No</name></license></licenses> -->
  <name>Thing</name>
  <licenses>
    <license>
      <name>The Apache Software License,
        Version 2.0</name>
      <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>
    </license>
    <license><url>https://example.com/a?b&amp;c</url></license>
    <license><name> </name></license>
  </licenses>
</project>)";

TEST(CatalogLicenses, PomXml) {
  EXPECT_THAT(java::LicensesOfPom(kPomXml),
              ElementsAre("The Apache Software License, Version 2.0", "https://example.com/a?b&c"));
  for (size_t length = 0; length <= kPomXml.size(); ++length) {
    static_cast<void>(java::LicensesOfPom(kPomXml.substr(0, length)));
  }
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged(kPomXml);
    for (int flips = 0; flips < 4; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    static_cast<void>(java::LicensesOfPom(damaged));
  }
}

TEST(CatalogLicenses, BundleLicense) {
  EXPECT_THAT(java::LicensesOfBundle(
                  "\"Apache-2.0\";link=\"https://x/a,b\";description=\"a;b\", MIT,<<EXTERNAL>>"),
              ElementsAre("Apache-2.0", "MIT"));
  EXPECT_THAT(java::LicensesOfBundle("https://www.eclipse.org/legal/epl-2.0"),
              ElementsAre("https://www.eclipse.org/legal/epl-2.0"));
  EXPECT_THAT(java::LicensesOfBundle(""), IsEmpty());
}

TEST(CatalogLicenses, JavaArchives) {
  const std::string folder = "META-INF/maven/g/a/";
  const std::string properties = "groupId=g\nartifactId=a\nversion=1\n";
  const std::string manifest = "Bundle-License: MIT\r\n\r\n";
  EXPECT_THAT(Licenses(JavaCataloger(), "a-1.jar",
                       codec::ZipTestWriter()
                           .Add(folder + "pom.xml", kPomXml)
                           .Add(folder + "pom.properties", properties)
                           .Finish()),
              ElementsAre("The Apache Software License, Version 2.0", "https://example.com/a?b&c"));
  EXPECT_THAT(Licenses(JavaCataloger(), "a-1.jar",
                       codec::ZipTestWriter()
                           .Add("META-INF/MANIFEST.MF", manifest)
                           .Add(folder + "pom.xml", kPomXml)
                           .Add(folder + "pom.properties", properties)
                           .Finish()),
              ElementsAre("MIT"));
  // A pom.xml that is broken leaves the licence unknown and the rest as it was.
  codec::ZipTestWriter::Entry broken{folder + "pom.xml", std::string(kPomXml)};
  broken.claimed_crc = 7;
  auto facts = JavaCataloger().Catalog(
      {"a-1.jar",
       base::AsBytes(
           codec::ZipTestWriter().Add(broken).Add(folder + "pom.properties", properties).Finish())},
      {});
  ASSERT_TRUE(facts.has_value());
  EXPECT_TRUE(facts->understood);
  ASSERT_EQ(facts->records.size(), 1U);
  EXPECT_THAT(facts->records[0].component.licenses, IsEmpty());
}

}  // namespace
}  // namespace scantling::catalog
