// lib/dpkg/info/<package>[:<arch>].list (one absolute path a line, folders too) and *.md5sums ("<32
// hex digits>  <path>"). There are thousands in an image, so: views, one hash per path, no text
// kept.
#pragma once

#include "base/bytes.h"
#include "catalog/common/cataloger.h"
#include "catalog/common/problems.h"

namespace scantling::catalog::dpkg {

void ParseList(base::Bytes data, FileFacts& facts, Problems& problems);
void ParseMd5sums(base::Bytes data, FileFacts& facts, Problems& problems);

}  // namespace scantling::catalog::dpkg
