// Which of apk's files is it? The database is in installed.cc.
#include "catalog/apk/apk.h"

#include "base/strings.h"
#include "catalog/apk/installed.h"
#include "catalog/common/problems.h"

#include <array>
#include <string_view>

namespace scantling::catalog {
namespace {

constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kSuffix, "lib/apk/db/installed"},
    ClaimPattern{ClaimKind::kPath, "etc/apk/repositories"},
    ClaimPattern{ClaimKind::kInFolder, "etc/apk/repositories.d"},
};

void ParseRepositories(base::Bytes data, FileFacts& facts) {
  for (std::string_view line : base::Split(base::AsText(data), '\n')) {
    line = base::Trim(line);
    if (!line.empty() && !line.starts_with('#')) {
      facts.facts.push_back({"apk.repository", base::ToUtf8(line)});
    }
  }
}

class Apk final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "apk",
        .version = 2,
        .ecosystem = version::Ecosystem::kApk,
        .what =
            "Alpine packages: lib/apk/db/installed (any prefix), etc/apk/repositories for the "
            "stream",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file, const base::Limits& limits) const override {
    FileFacts facts;
    Problems problems(facts, Info().name);
    const std::string_view name = base::BaseName(file.path);
    if (name == "installed") {
      apk::ParseInstalled(file.data, limits, facts, problems);
    } else if (name == "repositories" || name.ends_with(".list")) {
      ParseRepositories(file.data, facts);
    } else {
      facts.relevant = false;
    }
    problems.Finish();
    return facts;
  }
};

}  // namespace

const Cataloger& ApkCataloger() {
  static const Apk kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
