// Maven groups of artifacts whose jars do not carry their own: those that Gradle, Ant or
// hand-written builds make, without a pom.properties. Well-known facts, each easily checked on
// Maven Central; extend it by a row.
#pragma once

#include <string_view>

namespace scantling::catalog::java {

// "" = not known.
std::string_view KnownGroup(std::string_view artifact, std::string_view version);

}  // namespace scantling::catalog::java
