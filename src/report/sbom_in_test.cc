// Bills of materials in: ours, and shapes as Syft and Trivy write them (put together by hand after
// their documentation), what cannot be judged, and damage.
#include "report/sbom_in.h"

#include "report/formats.h"
#include "report/report.h"
#include "report/sample_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace scantling::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

model::Inventory Read(std::string_view text) {
  auto out = ReadSbom(text, "dir/x.json");
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().Message());
  return out ? *std::move(out) : model::Inventory();
}

const model::Component& Named(const model::Inventory& inventory, std::string_view name) {
  static const model::Component kNone;
  for (const model::Component& component : inventory.components) {
    if (component.name == name) {
      return component;
    }
  }
  ADD_FAILURE() << "no component " << name;
  return kNone;
}

std::string Problem(std::string_view text) {
  auto out = ReadSbom(text, "x.json");
  return out ? "" : out.error().Message();
}

std::string OwnCycloneDx() {
  return base::Rendered(
      [](base::Output& output) { WriteCycloneDxJson(SampleReport(), {}, output); });
}

std::string OwnSpdx() {
  return base::Rendered([](base::Output& output) { WriteSpdxJson(SampleReport(), {}, output); });
}

// All that a lookup in the advisories is made from.
void ExpectSameToMatch(const model::Inventory& have, const model::Inventory& want) {
  ASSERT_EQ(have.components.size(), want.components.size());
  std::map<std::string, const model::Component*> by_ref;
  for (const model::Component& component : have.components) {
    by_ref[component.ref] = &component;
  }
  for (const model::Component& component : want.components) {
    ASSERT_TRUE(by_ref.contains(component.ref)) << component.ref;
    const model::Component& read = *by_ref[component.ref];
    EXPECT_EQ(read.type, component.type);
    EXPECT_EQ(read.name, component.name);
    EXPECT_EQ(read.version, component.version);
    EXPECT_EQ(read.source_name, component.source_name);
    const std::string& source = component.source_version;
    EXPECT_EQ(read.source_version, source == component.version ? "" : source);
    if (component.purl.find("arch=") != std::string::npos) {
      EXPECT_EQ(read.architecture, component.architecture);
    }
    EXPECT_EQ(read.distro, component.distro);
    EXPECT_EQ(read.owner, component.owner);
    EXPECT_EQ(read.layer, component.layer);
  }
}

TEST(SbomIn, OurOwnCycloneDx) {
  const model::Inventory have = Read(OwnCycloneDx());
  ExpectSameToMatch(have, SampleReport().inventory);
  const model::Image& want = SampleReport().inventory.image;
  EXPECT_EQ(have.image.reference, want.reference);
  EXPECT_EQ(have.image.digest, want.digest);
  EXPECT_EQ(have.image.platform, want.platform);
  EXPECT_EQ(have.image.distro.id, want.distro.id);
  EXPECT_EQ(have.image.distro.version_id, want.distro.version_id);
  ASSERT_EQ(have.image.layers.size(), want.layers.size());
  EXPECT_EQ(have.image.layers[0].diff_id, want.layers[0].diff_id);
  EXPECT_EQ(have.image.source, "sbom:x.json");
  EXPECT_THAT(have.coverage.skipped, IsEmpty());
}

TEST(SbomIn, ModulesOfRpmsComeBack) {
  model::Report report = SampleReport();
  model::Component& rpm = report.inventory.components.emplace_back();
  rpm.type = version::Ecosystem::kRpm;
  rpm.evidence = model::Evidence::kRpmDatabase;
  rpm.name = "nodejs";
  rpm.version = "1:18.14.2-2.el8";
  rpm.purl = "pkg:rpm/almalinux/nodejs@18.14.2-2.el8?arch=x86_64&distro=almalinux-8.8&epoch=1";
  rpm.ref = rpm.purl;
  rpm.distro = "almalinux:8";
  rpm.module = "nodejs:18:8080";
  rpm.vendor = "AlmaLinux <packager@almalinux.org>";
  rpm.source_name = "nodejs";
  rpm.locations = {{"var/lib/rpm/rpmdb.sqlite", 0}};
  for (const auto write : {WriteCycloneDxJson, WriteSpdxJson}) {
    const model::Inventory have =
        Read(base::Rendered([&](base::Output& output) { write(report, FormatOptions(), output); }));
    const model::Component& read = Named(have, "nodejs");
    EXPECT_EQ(read.version, rpm.version);
    EXPECT_EQ(read.module, rpm.module);
    EXPECT_EQ(read.vendor, "AlmaLinux");
    EXPECT_EQ(read.distro, rpm.distro);
    EXPECT_EQ(read.source_name, "nodejs");
  }
}

TEST(SbomIn, OurOwnSpdx) {
  model::Inventory want = SampleReport().inventory;
  const model::Inventory have = Read(OwnSpdx());
  for (model::Component& component : want.components) {
    component.layer = -1;  // the document lists no layers
  }
  ExpectSameToMatch(have, want);
  EXPECT_EQ(have.image.digest, want.image.digest);
  EXPECT_EQ(have.image.distro.id, want.image.distro.id);
}

constexpr std::string_view kSyft = R"json({
 "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
 "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
 "metadata": {"timestamp": "2024-01-02T03:04:05Z",
  "tools": {"components": [{"type": "application", "author": "anchore", "name": "syft"}]},
  "component": {"bom-ref": "1", "type": "container", "name": "shop:1.2",
   "version": "sha256:2222222222222222222222222222222222222222222222222222222222222222"}},
 "components": [
  {"bom-ref": "pkg:deb/debian/libc6@2.36?package-id=9", "type": "library",
   "publisher": "GNU Libc Maintainers", "name": "libc6", "version": "2.36-9+deb12u3",
   "licenses": [{"license": {"id": "LGPL-2.1-only"}}, {"license": {"name": "public"}}],
   "cpe": "cpe:2.3:a:libc6:libc6:2.36:*:*:*:*:*:*:*",
   "purl": "pkg:deb/debian/libc6@2.36-9+deb12u3?arch=amd64&upstream=glibc&distro=debian-12",
   "properties": [{"name": "syft:package:type", "value": "deb"},
    {"name": "syft:location:0:path", "value": "/var/lib/dpkg/status"},
    {"name": "syft:metadata:source", "value": "glibc"}]},
  {"bom-ref": "a", "type": "library", "name": "express", "version": "4.17.1",
   "purl": "pkg:npm/express@4.17.1"},
  {"bom-ref": "b", "type": "library", "name": "express", "version": "4.17.1",
   "purl": "pkg:npm/express@4.17.1"},
  {"bom-ref": "c", "type": "application", "name": "node", "version": "18.0.0",
   "purl": "pkg:generic/node@18.0.0"},
  {"bom-ref": "d", "type": "library", "name": "stray", "version": "1"},
  {"bom-ref": "e", "type": "library", "name": "x", "purl": "pkg:pypi/x"},
  {"bom-ref": "f", "type": "file", "name": "/etc/passwd"},
  {"bom-ref": "os:debian@12", "type": "operating-system", "name": "debian", "version": "12",
   "description": "Debian GNU/Linux 12 (bookworm)",
   "properties": [{"name": "syft:distro:id", "value": "debian"},
    {"name": "syft:distro:versionCodename", "value": "bookworm"},
    {"name": "syft:distro:versionID", "value": "12"}]}
 ]})json";

TEST(SbomIn, Syft) {
  const model::Inventory have = Read(kSyft);
  EXPECT_EQ(have.image.reference, "shop:1.2");
  EXPECT_THAT(have.image.digest, HasSubstr("sha256:22"));
  EXPECT_EQ(have.image.distro.codename, "bookworm");
  const model::Component& libc = Named(have, "libc6");
  EXPECT_EQ(libc.distro, "debian:12");
  EXPECT_EQ(libc.source_name, "glibc");
  EXPECT_EQ(libc.architecture, "amd64");
  EXPECT_EQ(libc.version, "2.36-9+deb12u3");
  EXPECT_THAT(libc.licenses, ElementsAre("LGPL-2.1-only", "public"));
  EXPECT_EQ(libc.locations.front().path, "var/lib/dpkg/status");
  EXPECT_EQ(have.components.size(), 4U);
  EXPECT_EQ(have.components[3].ref, "pkg:npm/express@4.17.1#2");
  ASSERT_EQ(have.coverage.skipped.size(), 3U);
  EXPECT_EQ(have.coverage.skipped[0].path, "node@18.0.0");
  EXPECT_THAT(have.coverage.skipped[0].reason, HasSubstr("\"generic\""));
  EXPECT_THAT(have.coverage.skipped[1].reason, HasSubstr("no package URL"));
  EXPECT_THAT(have.coverage.skipped[2].reason, HasSubstr("no version"));
  EXPECT_EQ(have.coverage.claimed, 6U);
  EXPECT_EQ(have.coverage.read, 4U);
  ASSERT_EQ(have.diagnostics.size(), 1U);
  EXPECT_THAT(have.diagnostics[0].message, HasSubstr("1 element of the kind \"file\""));
}

constexpr std::string_view kTrivy = R"json({
 "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
 "metadata": {"timestamp": "2024-01-02T03:04:05+00:00",
  "component": {"bom-ref": "x", "type": "container", "name": "registry.example/shop:2",
   "properties": [
    {"name": "aquasecurity:trivy:DiffID", "value": "sha256:aa"},
    {"name": "aquasecurity:trivy:DiffID", "value": "sha256:bb"},
    {"name": "aquasecurity:trivy:ImageID", "value": "sha256:cc"},
    {"name": "aquasecurity:trivy:RepoDigest", "value": "registry.example/shop@sha256:dd"}]}},
 "components": [
  {"bom-ref": "0", "type": "operating-system", "name": "redhat", "version": "8.8"},
  {"bom-ref": "1", "type": "library", "supplier": {"name": "Red Hat, Inc."}, "name": "nodejs",
   "version": "18.14.2-2.module+el8", "purl":
   "pkg:rpm/redhat/nodejs@18.14.2-2.module%2Bel8?arch=x86_64&distro=redhat-8.8&epoch=1",
   "properties": [{"name": "aquasecurity:trivy:SrcName", "value": "nodejs"},
    {"name": "aquasecurity:trivy:SrcVersion", "value": "18.14.2"},
    {"name": "aquasecurity:trivy:SrcRelease", "value": "2.module+el8"},
    {"name": "aquasecurity:trivy:SrcEpoch", "value": "1"},
    {"name": "aquasecurity:trivy:Modularitylabel", "value": "nodejs:18:8080:63b34585"},
    {"name": "aquasecurity:trivy:LayerDiffID", "value": "sha256:bb"}]},
  {"bom-ref": "2", "type": "application", "name": "app/package-lock.json",
   "properties": [{"name": "aquasecurity:trivy:Class", "value": "lang-pkgs"}],
   "components": [{"type": "library", "group": "@babel", "name": "core", "version": "7.0.0",
    "purl": "pkg:npm/%40babel/core@7.0.0"}]}
 ],
 "dependencies": [{"ref": "1", "dependsOn": ["1", "9"]}], "vulnerabilities": []})json";

TEST(SbomIn, Trivy) {
  const model::Inventory have = Read(kTrivy);
  EXPECT_EQ(have.image.digest, "sha256:dd");
  EXPECT_EQ(have.image.config_digest, "sha256:cc");
  EXPECT_EQ(have.image.distro.id, "rhel");
  const model::Component& node = Named(have, "nodejs");
  EXPECT_EQ(node.version, "1:18.14.2-2.module+el8");
  EXPECT_EQ(node.source_version, "");  // the same as the version
  EXPECT_EQ(node.distro, "rhel:8");
  EXPECT_EQ(node.module, "nodejs:18:8080:63b34585");
  EXPECT_EQ(node.vendor, "Red Hat, Inc.");
  EXPECT_EQ(node.layer, 1);
  EXPECT_EQ(Named(have, "@babel/core").version, "7.0.0");
}

constexpr std::string_view kSpdx = R"json({
 "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
 "name": "shop", "documentNamespace": "https://example/x",
 "creationInfo": {"created": "2024-01-02T03:04:05Z", "creators": ["Tool: syft-1.0.0"]},
 "packages": [
  {"SPDXID": "SPDXRef-DocumentRoot-Image-shop", "name": "shop", "versionInfo": "1.2",
   "primaryPackagePurpose": "CONTAINER",
   "checksums": [{"algorithm": "SHA256", "checksumValue": "ee"}]},
  {"SPDXID": "SPDXRef-Package-apk", "name": "libssl3", "versionInfo": "3.1.4-r0",
   "licenseDeclared": "Apache-2.0", "supplier": "Person: Someone",
   "sourceInfo": "acquired package info from APK DB: /lib/apk/db/installed",
   "externalRefs": [
    {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:x"},
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator":
     "pkg:apk/alpine/libssl3@3.1.4-r0?arch=x86_64&upstream=openssl&distro=alpine-3.18.4"}]},
  {"SPDXID": "SPDXRef-Package-py", "name": "six", "versionInfo": "1.16.0",
   "licenseDeclared": "NOASSERTION", "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER",
    "referenceType": "purl", "referenceLocator": "pkg:pypi/six@1.16.0"}]},
  {"SPDXID": "SPDXRef-Package-none", "name": "none", "versionInfo": "1"},
  {"SPDXID": "SPDXRef-Package-deb", "name": "libc6", "versionInfo": "2.31",
   "sourceInfo": "built package from: glibc 2.31-13+deb11u5", "externalRefs": [
   {"referenceType": "purl", "referenceLocator": "pkg:deb/debian/libc6@2.31?distro=debian-11"}]}
 ],
 "relationships": [
  {"spdxElementId": "SPDXRef-Package-apk", "relatedSpdxElement": "SPDXRef-Package-py",
   "relationshipType": "OTHER",
   "comment": "ownership-by-file-overlap: the parent package claims ownership"}]})json";

TEST(SbomIn, SpdxOfOthers) {
  const model::Inventory have = Read(kSpdx);
  EXPECT_EQ(have.image.digest, "sha256:ee");
  EXPECT_EQ(have.image.distro.id, "alpine");
  const model::Component& ssl = Named(have, "libssl3");
  EXPECT_EQ(ssl.distro, "alpine:v3.18");
  EXPECT_EQ(ssl.source_name, "openssl");
  EXPECT_THAT(ssl.licenses, ElementsAre("Apache-2.0"));
  EXPECT_EQ(Named(have, "six").owner, ssl.ref);
  EXPECT_THAT(Named(have, "six").licenses, IsEmpty());
  EXPECT_EQ(Named(have, "libc6").source_name, "glibc");
  EXPECT_EQ(Named(have, "libc6").source_version, "2.31-13+deb11u5");
  ASSERT_EQ(have.coverage.skipped.size(), 1U);
  EXPECT_EQ(have.coverage.skipped[0].path, "none@1");
}

TEST(SbomIn, ErrorsSayWhatItIs) {
  EXPECT_THAT(Problem("<bom xmlns=\"x\"/>"), HasSubstr("x.json: XML is not read"));
  EXPECT_THAT(Problem("SPDXVersion: SPDX-2.3\n"), HasSubstr("tag-value"));
  EXPECT_THAT(Problem("{\n \"bomFormat\": \n}"), HasSubstr("x.json: line 3"));
  EXPECT_THAT(Problem("{}"), HasSubstr("no bill of materials"));
  EXPECT_THAT(Problem(R"({"@context": "https://spdx.org/rdf/3.0.1"})"), HasSubstr("SPDX 3"));
  EXPECT_THAT(Problem(R"({"bomFormat": "CycloneDX", "specVersion": "2.0"})"), HasSubstr("\"2.0\""));
  EXPECT_THAT(Problem(R"({"spdxVersion": "SPDX-1"})"), HasSubstr("SPDX-1"));
  EXPECT_THAT(Problem(R"({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": 1})"),
              HasSubstr("not a list"));
  EXPECT_TRUE(LooksLikeSbom(kSyft));
  EXPECT_TRUE(LooksLikeSbom(kSpdx));
  EXPECT_FALSE(LooksLikeSbom("{}"));
  const model::Inventory empty = Read(R"({"bomFormat": "CycloneDX", "specVersion": "1.5"})");
  ASSERT_EQ(empty.diagnostics.size(), 1U);
  EXPECT_EQ(empty.diagnostics[0].code, "sbom.empty");
}

TEST(SbomIn, EveryPrefixIsAnErrorAndDamageIsNoCrash) {
  const std::string own = OwnCycloneDx();
  const std::string own_spdx = OwnSpdx();
  for (const std::string_view whole :
       {kSyft, kTrivy, kSpdx, std::string_view(own), std::string_view(own_spdx)}) {
    const size_t end = whole.find_last_of('}');
    for (size_t length = 0; length <= end; length += length < 4000 ? 1 : 17) {
      EXPECT_FALSE(ReadSbom(whole.substr(0, length), "x").has_value()) << length;
    }
    std::mt19937 random(2);
    for (int round = 0; round < 500; ++round) {
      std::string damaged(whole);
      for (int flips = 0; flips < 3; ++flips) {
        damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
      }
      if (const auto inventory = ReadSbom(damaged, "x")) {
        InventoryToTable(*inventory, {});
      }
    }
  }
}

}  // namespace
}  // namespace scantling::report
