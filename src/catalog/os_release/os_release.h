// Which distribution is it: etc/os-release, usr/lib/os-release.
//
// https://www.freedesktop.org/software/systemd/man/latest/os-release.html : shell assignments,
// quoted as a shell would. Facts: "os-release.<KEY>" for the keys of the table in os_release.cc.
// Which file wins is the engine's to say (etc/ before usr/lib/, by the specification). Not handled:
// expansion ("$NAME"), which the specification forbids; etc/lsb-release, etc/debian_version,
// etc/redhat-release and the like, which say less than os-release. The ecosystem in Info() is a
// placeholder: this cataloger makes no components.
#pragma once

#include "catalog/common/cataloger.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::catalog {

const Cataloger& OsReleaseCataloger();

namespace os_release {

struct Assignments {
  std::vector<std::pair<std::string, std::string>>
      values;                       // in file order; a later one overrides an earlier one
  std::vector<uint64_t> bad_lines;  // neither comment nor assignment; the first few
};
Assignments Parse(std::string_view text);

}  // namespace os_release
}  // namespace scantling::catalog
