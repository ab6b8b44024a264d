// The stanzas of a dpkg status file (deb822: "Field: value", continuation lines start with a blank,
// an empty line ends a stanza), and what each says about a package. In: bytes. Out: records.
//
// Counted as installed: state installed, unpacked, half-configured, triggers-awaited,
// triggers-pending: their files are there. Left out: not-installed, config-files. half-installed:
// left out with a note, its files are partly there. The first word (install, deinstall, purge,
// hold) is only a wish and does not count. No Status field (status.d) = installed.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "catalog/common/cataloger.h"
#include "catalog/common/problems.h"

namespace scantling::catalog::dpkg {

enum class StatusKind : uint8_t {
  kDatabase,  // lib/dpkg/status: all packages; must end with a newline
  kSingle,    // a file of status.d: usually one package
};

void ParseStatus(base::Bytes data, StatusKind kind, const base::Limits& limits, FileFacts& facts,
                 Problems& problems);

}  // namespace scantling::catalog::dpkg
