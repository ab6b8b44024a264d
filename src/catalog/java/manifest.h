// META-INF/MANIFEST.MF and META-INF/maven/*/*/pom.properties: what a jar says about itself.
//
// https://docs.oracle.com/en/java/javase/17/docs/specs/jar/jar.html#jar-manifest (main section;
// lines end in CR, LF or CRLF, and go on where the next one begins with a space),
// https://maven.apache.org/shared/maven-archiver/#pom-properties-content Not handled: a manifest's
// per-entry sections; escapes in property files (coordinates have none).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog::java {

struct Manifest {
  std::string implementation_title;
  std::string implementation_version;
  std::string bundle_symbolic_name;  // directives (";singleton:=true") cut off
  std::string bundle_version;
  std::string bundle_license;  // as written: LicensesOfBundle()
  std::string automatic_module_name;
  std::string specification_title;
  std::string specification_version;
};
Manifest ParseManifest(std::string_view text);

struct PomProperties {
  std::string group;
  std::string artifact;
  std::string version;
  std::string folder;                 // of the file, in its archive
  std::vector<std::string> licenses;  // of the pom.xml beside it
};
PomProperties ParsePomProperties(std::string_view text);

// Of the header Bundle-License: "Apache-2.0;link=...,MIT", with quotation marks or without.
std::vector<std::string> LicensesOfBundle(std::string_view header);

// The names in a pom.xml's <licenses>, or the URL of one that has no name. A search for these tags,
// comments left out, and no XML parser: the worst that a broken file gives is no licence or a wrong
// one. A licence that the parent's pom.xml declares is not known.
std::vector<std::string> LicensesOfPom(std::string_view xml);

// A text that can be a version: begins with a digit (or 'v' and one), no unresolved "${...}"; what
// stands behind the first space is cut off. "" else.
std::string_view UsableVersion(std::string_view text);

}  // namespace scantling::catalog::java
