// See copyright.h.
#include "catalog/dpkg/copyright.h"

#include "base/strings.h"
#include "catalog/common/licenses.h"

namespace scantling::catalog::dpkg {
namespace {

// Takes "License:" off the line, in any letter case.
bool TakeField(std::string_view& line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':' ||
      !base::EqualsIgnoreCase(line.substr(0, name.size()), name)) {
    return false;
  }
  line = base::Trim(line.substr(name.size() + 1));
  return true;
}

}  // namespace

std::string_view PackageOfCopyright(std::string_view path) {
  constexpr std::string_view kFolder = "usr/share/doc/";
  constexpr std::string_view kName = "/copyright";
  if (!path.starts_with(kFolder) || !path.ends_with(kName) ||
      path.size() <= kFolder.size() + kName.size()) {
    return {};
  }
  path = path.substr(kFolder.size(), path.size() - kFolder.size() - kName.size());
  return path.find('/') == std::string_view::npos ? path : std::string_view();
}

std::vector<std::string> LicensesOfCopyright(base::Bytes data) {
  std::string_view text = base::AsText(data);
  model::Component out;
  bool header = true;  // until the first field, which says that the file is of this form
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    // Fields begin at the line's start; what they continue with, and texts, are indented.
    if (line.empty() || line.front() == ' ' || line.front() == '\t' || line.front() == '#') {
      continue;
    }
    if (header) {
      std::string_view format = line;
      if (!(TakeField(format, "Format") || TakeField(format, "Format-Specification")) ||
          (format.find("copyright-format") == std::string_view::npos &&
           format.find("dep5") == std::string_view::npos &&
           format.find("DEP5") == std::string_view::npos)) {
        return {};
      }
      header = false;
    } else if ((line.front() == 'L' || line.front() == 'l') && TakeField(line, "License")) {
      AddLicense(line, out);
    }
  }
  return std::move(out.licenses);
}

}  // namespace scantling::catalog::dpkg
