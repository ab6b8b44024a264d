// See supported.h.
#include "catalog/supported.h"

#include "catalog/common/cataloger.h"

namespace scantling::catalog {
namespace {

std::string Describe(const ClaimPattern& claim) {
  const std::string pattern(claim.pattern);
  switch (claim.kind) {
    case ClaimKind::kPath:
      return "`/" + pattern + "`";
    case ClaimKind::kSuffix:
      return "`**/" + pattern + "`";
    case ClaimKind::kBaseName:
      return "`**/" + pattern + "`";
    case ClaimKind::kExtension:
      return "`**/*" + pattern + "`";
    case ClaimKind::kInFolder:
      return "`**/" + pattern + "/*`";
    case ClaimKind::kMagic:
      return "any file that begins with the magic of its format";
  }
  return {};
}

}  // namespace

std::string SupportedMarkdown() {
  std::string out =
      "# What is recognised\n\n"
      "Made from the code (`src/catalog/registry.cc`); `catalog_test` compares this page with it, "
      "and rewrites it when\n"
      "`SCANTLING_UPDATE_DOCS=1` is set. The version is part of the layer cache's key.\n\n"
      "| cataloger | version | what it reads | files |\n|---|---|---|---|\n";
  for (const Cataloger* cataloger : Catalogers()) {
    const CatalogerInfo& info = cataloger->Info();
    out += "| " + std::string(info.name) + " | " + std::to_string(info.version) + " | " +
           std::string(info.what) + " | ";
    for (size_t i = 0; i < info.claims.size(); ++i) {
      out += (i == 0 ? "" : ", ") + Describe(info.claims[i]);
    }
    out += " |\n";
  }
  return out;
}

}  // namespace scantling::catalog
