// Who is this jar? From its pom.properties, manifest and file name, in this order, to Maven
// coordinates.
//
// File names: "artifact-version[-classifier].jar"
// (https://maven.apache.org/ref/current/maven-repository-metadata/ has the layout). A group is
// never derived from a package or bundle name: those look like groups and often are not. Where only
// the artifact is known, known_groups.h may know the group; otherwise it stays empty.
#pragma once

#include "catalog/java/manifest.h"
#include "model/component.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog::java {

struct FileName {
  std::string_view artifact;
  std::string_view version;     // "" none
  std::string_view classifier;  // "linux-x86_64", "sources"; "" none
};
// `stem` is the file's name without folder and extension.
FileName SplitFileName(std::string_view stem);

struct Identity {
  std::string group;  // "" unknown
  std::string artifact;
  std::string version;  // "" unknown
  model::Evidence evidence = model::Evidence::kJavaFileName;
  std::vector<std::string> licenses;  // as declared
  bool is_main = false;  // the archive itself; else something that was merged into it (shaded)

  std::string Name() const { return group.empty() ? artifact : group + ":" + artifact; }
};

// One per pom.properties, and one for the archive itself where none of those is it. At most one is
// main. `maybe_manifest` may be null.
std::vector<Identity> Identify(std::string_view stem, const std::vector<PomProperties>& poms,
                               const Manifest* maybe_manifest);

}  // namespace scantling::catalog::java
