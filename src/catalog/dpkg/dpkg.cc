// Which of dpkg's files is it? The rest is in status.cc and file_list.cc.
#include "catalog/dpkg/dpkg.h"

#include "base/strings.h"
#include "catalog/common/problems.h"
#include "catalog/dpkg/copyright.h"
#include "catalog/dpkg/file_list.h"
#include "catalog/dpkg/status.h"

#include <array>
#include <string>
#include <string_view>

namespace scantling::catalog {
namespace {

constexpr std::string_view kList = ".list";
constexpr std::string_view kMd5sums = ".md5sums";

constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kSuffix, "lib/dpkg/status"},
    ClaimPattern{ClaimKind::kInFolder, "lib/dpkg/status.d"},
    ClaimPattern{ClaimKind::kInFolder, "lib/dpkg/info"},
    ClaimPattern{ClaimKind::kBaseName, "copyright"},
};

class Dpkg final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "dpkg",
        .version = 2,
        .ecosystem = version::Ecosystem::kDeb,
        .what =
            "Debian packages: lib/dpkg/status, status.d (distroless), file lists in lib/dpkg/info; "
            "any prefix; licences of usr/share/doc/*/copyright",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file, const base::Limits& limits) const override {
    FileFacts facts;
    Problems problems(facts, Info().name);
    const std::string_view name = base::BaseName(file.path);
    if (name == "copyright") {
      ReadCopyright(file, facts);
      return facts;
    }
    const std::string_view folder = base::BaseName(base::DirName(file.path));
    if (name.ends_with(kMd5sums) && folder != "dpkg") {
      dpkg::ParseMd5sums(file.data, facts, problems);
      AddOwner(facts, "dpkg.owner.md5sums", name.substr(0, name.size() - kMd5sums.size()));
    } else if (folder == "info") {
      if (name.ends_with(kList)) {
        dpkg::ParseList(file.data, facts, problems);
        AddOwner(facts, "dpkg.owner.list", name.substr(0, name.size() - kList.size()));
      } else {
        facts.relevant = false;  // maintainer scripts, conffiles, triggers
      }
    } else if (folder == "status.d") {
      dpkg::ParseStatus(file.data, dpkg::StatusKind::kSingle, limits, facts, problems);
      for (const Record& record : facts.records) {
        facts.facts.push_back({"dpkg.status.d", base::ToUtf8(name) + "=" + record.component.name});
      }
    } else {
      dpkg::ParseStatus(file.data, dpkg::StatusKind::kDatabase, limits, facts, problems);
    }
    problems.Finish();
    return facts;
  }

 private:
  // Never a gap, and not counted: what it lacks are licences, not packages.
  static void ReadCopyright(const FileView& file, FileFacts& facts) {
    facts.relevant = false;
    if (const std::string_view package = dpkg::PackageOfCopyright(file.path); !package.empty()) {
      for (std::string& license : dpkg::LicensesOfCopyright(file.data)) {
        facts.facts.push_back({"dpkg.license", std::move(license)});
      }
    }
  }

  static void AddOwner(FileFacts& facts, std::string_view key, std::string_view owner) {
    facts.facts.push_back({std::string(key), base::ToUtf8(owner)});
  }
};

}  // namespace

const Cataloger& DpkgCataloger() {
  static const Dpkg kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
