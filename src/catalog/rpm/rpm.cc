// Which file of rpm's is it, and what became of it. Formats are in codec/, packages in packages.cc.
#include "catalog/rpm/rpm.h"

#include "base/strings.h"
#include "catalog/common/problems.h"
#include "catalog/rpm/packages.h"
#include "codec/rpmdb.h"

#include <array>
#include <string>
#include <string_view>

namespace scantling::catalog {
namespace {

constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kSuffix, "lib/rpm/rpmdb.sqlite"},
    ClaimPattern{ClaimKind::kSuffix, "lib/rpm/rpmdb.sqlite-wal"},
    ClaimPattern{ClaimKind::kSuffix, "lib/rpm/Packages"},
    ClaimPattern{ClaimKind::kSuffix, "lib/rpm/Packages.db"},
    ClaimPattern{ClaimKind::kSuffix, "lib/sysimage/rpm/rpmdb.sqlite"},
    ClaimPattern{ClaimKind::kSuffix, "lib/sysimage/rpm/rpmdb.sqlite-wal"},
    ClaimPattern{ClaimKind::kSuffix, "lib/sysimage/rpm/Packages"},
    ClaimPattern{ClaimKind::kSuffix, "lib/sysimage/rpm/Packages.db"},
    ClaimPattern{ClaimKind::kSuffix, "usr/share/rpm/rpmdb.sqlite"},
    ClaimPattern{ClaimKind::kSuffix, "usr/share/rpm/rpmdb.sqlite-wal"},
    ClaimPattern{ClaimKind::kSuffix, "usr/share/rpm/Packages"},
    ClaimPattern{ClaimKind::kSuffix, "usr/share/rpm/Packages.db"},
};

class Rpm final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "rpm",
        .version = 3,
        .ecosystem = version::Ecosystem::kRpm,
        .what =
            "RPM packages: sqlite, ndb and Berkeley databases in var/lib/rpm, "
            "usr/lib/sysimage/rpm, usr/share/rpm",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file, const base::Limits& limits) const override {
    FileFacts facts;
    Problems problems(facts, Info().name);
    if (file.path.ends_with("-wal")) {
      // rpm folds the log into the database and empties it when it ends; one with data was left by
      // a crash or a copy.
      if (!file.data.empty()) {
        problems.Gap("write-ahead-log",
                     "the database's write-ahead log holds " + std::to_string(file.data.size()) +
                         " bytes that are not read: newly installed packages may be missing");
      } else {
        facts.relevant = false;
      }
      return facts;
    }
    if (file.data.empty()) {
      facts.relevant = false;  // Packages is left empty beside another format by some tools
      return facts;
    }
    rpm::Packages packages(file.data.size(), limits, facts, problems);
    SCANTLING_TRY(
        const codec::RpmDbSummary summary,
        codec::ReadRpmDb(file.data, limits, [&](base::Bytes header) { packages.Add(header); }));
    for (const std::string& problem : summary.problems) {
      problems.Gap("damaged",
                   std::string(codec::ToString(summary.format)) + " database: " + problem);
    }
    if (summary.problem_count > summary.problems.size()) {
      problems.Gap("damaged", std::to_string(summary.problem_count - summary.problems.size()) +
                                  " more damaged parts");
    }
    packages.ResolveDepends();
    problems.Finish();
    return facts;
  }
};

}  // namespace

const Cataloger& RpmCataloger() {
  static const Rpm kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
