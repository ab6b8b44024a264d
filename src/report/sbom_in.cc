// See sbom_in.h.
#include "report/sbom_in.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_place.h"
#include "report/cyclonedx_in.h"
#include "report/sbom_builder.h"
#include "report/spdx_in.h"

namespace scantling::report {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{512} << 20;

base::Error WrongForm(std::string_view text) {
  const std::string_view start = base::Trim(text.substr(0, 400));
  if (start.starts_with('<')) {
    return base::Unsupported("XML is not read; write the bill of materials as JSON");
  }
  if (start.starts_with("SPDXVersion:")) {
    return base::Unsupported("SPDX tag-value is not read; write it as JSON");
  }
  return base::Invalid(
      "neither \"bomFormat\": \"CycloneDX\" nor \"spdxVersion\": this is no bill of materials that "
      "is known here");
}

}  // namespace

bool LooksLikeSbom(std::string_view text) {
  const std::string_view start = text.substr(0, 4096);
  return start.find("\"bomFormat\"") != std::string_view::npos ||
         start.find("\"spdxVersion\"") != std::string_view::npos;
}

base::Result<model::Inventory> ReadSbom(std::string_view text, const std::string& path) {
  codec::Json json;
  auto root = json.Parse(text, kMaxBytes);
  if (!root) {
    const std::string_view start = base::Trim(text.substr(0, 400));
    if (start.starts_with('<') || start.starts_with("SPDXVersion:")) {
      return WrongForm(text).With(path);
    }
    const std::string place = codec::ToString(codec::PlaceOfJsonError(text));
    return base::Error(root.error().code(),
                       (place.empty() ? "" : place + ": ") + root.error().Message())
        .With(path);
  }
  SbomBuilder builder;
  base::Result<void> read;
  if ((*root)["bomFormat"].Text() == "CycloneDX") {
    read = ReadCycloneDx(*root, builder);
  } else if (!(*root)["spdxVersion"].IsMissing()) {
    read = ReadSpdx(*root, builder);
  } else if (!(*root)["@context"].IsMissing()) {
    read = base::Unsupported("SPDX 3 is not read; write it as SPDX 2.3 JSON or CycloneDX");
  } else {
    read = WrongForm(text);
  }
  if (!read) {
    return std::move(read).error().With(path);
  }
  builder.image().source = "sbom:" + std::string(base::BaseName(path));
  return builder.Finish();
}

}  // namespace scantling::report
