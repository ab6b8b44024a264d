// Installed Python packages: *.dist-info/METADATA, *.egg-info/PKG-INFO, *.egg-info files,
// EGG-INFO/PKG-INFO of unpacked eggs, zipped *.egg, and *.dist-info/INSTALLER.
//
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
// Name and version come from the headers, as written; the folder's name is a fallback, with a note.
// Packages that another one carries inside (setuptools/_vendor/*.dist-info) are installed code too,
// and are listed. Facts: "python.installer:<folder of INSTALLER>" = its first line ("pip", "uv",
// "debian"). Not handled: RECORD (ownership comes from the OS packages), conda-meta, lock and
// requirements files (what somebody asked for is not what is installed), packages without metadata.
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& PythonCataloger();

}  // namespace scantling::catalog
