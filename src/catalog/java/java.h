// Java archives: jar, war, ear, par, jpi and hpi, nested in one another to any depth within limits,
// in memory.
//
// identity.h says who an archive is: pom.properties (all that it holds: shaded jars carry those of
// what they swallowed), then the manifest, then the file name; Evidence tells which. Only these
// small files and nested archives are unpacked, the latter without a copy when they are stored;
// class files are never read. Component.name is "group:artifact", or the artifact alone where the
// group is unknown. Members are located as "app.jar!/BOOT-INF/lib/x.jar", with the outermost file
// as `container` and its artifact as `main_module`; the outermost archive itself has neither. Not
// handled: jmod and jimage (the JDK's own modules), classes copied into a jar without their
// pom.properties, pom.xml without pom.properties, archives in tar or other containers. Archives of
// sources and documentation give no component.
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& JavaCataloger();

}  // namespace scantling::catalog
