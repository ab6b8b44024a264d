// apk's installed database: bytes to records, with owned paths from its F: (folder) and R: (file)
// lines.
//
// `depends` holds names of packages of this database: so:, cmd:, pc: and path dependencies are
// replaced by the package that provides them and left out when none does; conflicts ("!name") are
// left out.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "catalog/common/cataloger.h"
#include "catalog/common/problems.h"

namespace scantling::catalog::apk {

void ParseInstalled(base::Bytes data, const base::Limits& limits, FileFacts& facts,
                    Problems& problems);

}  // namespace scantling::catalog::apk
