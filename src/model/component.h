// What is installed in an image: plain structs, filled by catalog and read by everything to the
// right of it.
//
// All texts are UTF-8. Layer indexes count from 0 at the bottom, over the layers that carry files
// (an OCI history's empty entries have none); -1 where the source has no layers (rootfs:).
#pragma once

#include "version/ecosystem.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::model {

struct Location {
  std::string path;  // in the merged tree, no leading slash; a nested archive's member as
                     // "app.jar!/BOOT-INF/lib/x.jar"
  int32_t layer = -1;
  auto operator<=>(const Location&) const = default;
};

// How we know that a component is there.
enum class Evidence : uint8_t {
  kDpkgStatus,
  kApkInstalled,
  kRpmDatabase,
  kPythonDistInfo,
  kPythonEggInfo,
  kNodePackageJson,
  kJavaPomProperties,
  kJavaManifest,
  kJavaFileName,
  kGoBuildInfo,
};
std::string_view ToString(Evidence evidence);  // "dpkg-status", "apk-installed", ...

// What a component is for; drives "take out what only builds".
enum class Role : uint8_t { kRuntime, kBuildOnly, kHeaders, kDocumentation };
std::string_view ToString(Role role);

struct Component {
  std::string ref;  // unique in a report; made by catalog: the purl, and "#2", "#3" ... where one
                    // purl stands more than once
  std::string purl;
  std::string name;     // binary package name for deb/apk/rpm; "group:artifact" for Maven;
                        // "@scope/name" for npm; module path for Go
  std::string version;  // as its ecosystem writes it, epoch included ("1:2.3-4"); "" when the
                        // evidence names none
  version::Ecosystem type = version::Ecosystem::kDeb;
  std::string source_name;     // deb source, apk origin, rpm source name; "" for language packages
  std::string source_version;  // "" = same as version
  std::string architecture;    // deb/apk/rpm
  std::string distro;  // advisory namespace of the distribution: "debian:12", "alpine:v3.18",
                       // "almalinux:9"; "" for language packages
  std::string module;  // rpm modularity label "nodejs:18:..." ; "" none
  std::string
      vendor;  // maintainer (deb), vendor (rpm): tells third-party packages from the distribution's
  std::vector<Location> locations;  // sorted; at least one
  int32_t layer = -1;               // the layer that brought it
  int32_t last_layer = -1;          // the last layer that touched one of its files
  std::string owner;                // ref of the OS package whose file the evidence is; "" none
  Evidence evidence = Evidence::kDpkgStatus;
  Role role = Role::kRuntime;
  bool essential = false;  // dpkg Essential/Protected or the like: never proposed for removal
  std::vector<std::string> depends;  // OS packages: names (no versions) this one needs, sorted;
                                     // alternatives: first one that is installed
  std::vector<std::string> via;      // chain from the top-level package to the one before this one,
                                     // "express@4.17.1"; empty = top level
  std::string container;  // for a member of an archive or a binary: the outermost file's path
                          // ("app.jar", "usr/bin/kubectl")
  std::vector<std::string> licenses;  // as the package declares them ("MIT", "GPL-2.0-or-later AND
                                      // BSD-3-Clause"), sorted; empty = not known
  std::string
      main_module;  // Go: the main module of the binary; Java: the outermost artifact, when known
};

}  // namespace scantling::model
