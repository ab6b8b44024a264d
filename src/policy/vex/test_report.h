// A report of a small image for the tests of statements and exceptions. Not part of the library.
#pragma once

#include "model/report.h"

namespace scantling::policy {

inline model::Component TestComponent(std::string purl, std::string name, std::string version,
                                      version::Ecosystem type) {
  model::Component out;
  out.purl = std::move(purl);
  out.ref = out.purl;
  out.name = std::move(name);
  out.version = std::move(version);
  out.type = type;
  out.locations = {{"app/" + out.name, 1}};
  out.layer = 1;
  return out;
}

inline model::Finding TestFinding(std::string id, const model::Component& component,
                                  std::vector<std::string> aliases = {}) {
  model::Finding out;
  out.id = std::move(id);
  out.aliases = std::move(aliases);
  out.component = component.ref;
  out.layer = component.layer;
  out.origin = component.layer == 0 ? model::Origin::kBase : model::Origin::kApplication;
  return out;
}

inline model::Report TestReport() {
  model::Report out;
  model::Image& image = out.inventory.image;
  image.source = "oci:shop:1.4";
  image.reference = "ghcr.io/acme/shop:1.4";
  image.digest = "sha256:" + std::string(64, 'a');
  image.config_digest = "sha256:" + std::string(64, 'b');
  image.platform = "linux/amd64";
  image.layers = {
      {0, "sha256:" + std::string(64, 'c'), "sha256:" + std::string(64, 'd'), 0, "", ""},
      {1, "sha256:" + std::string(64, 'e'), "sha256:" + std::string(64, 'f'), 0, "", ""}};
  image.distro = {"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)", ""};
  auto lodash =
      TestComponent("pkg:npm/lodash@4.17.15", "lodash", "4.17.15", version::Ecosystem::kNpm);
  auto log4j =
      TestComponent("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
                    "org.apache.logging.log4j:log4j-core", "2.14.1", version::Ecosystem::kMaven);
  log4j.container = "app/app.jar";
  auto shop = TestComponent("pkg:maven/com.acme/shop@1.4", "com.acme:shop", "1.4",
                            version::Ecosystem::kMaven);
  shop.locations = {{"app/app.jar", 1}};
  auto libc = TestComponent("pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12", "libc6",
                            "2.36-9", version::Ecosystem::kDeb);
  libc.source_name = "glibc";
  libc.architecture = "amd64";
  libc.locations = {{"var/lib/dpkg/status", 0}};
  libc.layer = 0;
  auto requests =
      TestComponent("pkg:pypi/requests@2.31.0", "requests", "2.31.0", version::Ecosystem::kPypi);
  out.inventory.components = {libc, log4j, shop, lodash, requests};
  out.findings = {
      TestFinding("CVE-2021-44228", log4j, {"GHSA-jfh8-c2jp-5v3q"}),
      TestFinding("CVE-2020-8203", lodash),
      TestFinding("CVE-2021-23337", lodash),
      TestFinding("CVE-2023-4911", libc),
      TestFinding("CVE-2024-35195", requests),
  };
  return out;
}

}  // namespace scantling::policy
