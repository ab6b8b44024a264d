// See spdx.h.
#include "base/bytes.h"
#include "base/digest.h"
#include "report/cyclonedx.h"
#include "report/licenses.h"
#include "report/spdx.h"
#include "version/purl.h"

#include <unordered_map>

namespace scantling::report {
namespace {

constexpr std::string_view kOs = "SPDXRef-OperatingSystem";

// Letters, digits, '.' and '-' are what an identifier may have.
void AppendIdText(std::string& out, std::string_view text) {
  constexpr size_t kReadable = 60;
  for (const char c : text.substr(0, kReadable)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-';
    out.push_back(good ? c : '-');
  }
}

std::string SupplierOf(std::string_view vendor) {
  const auto [name, address] = SplitVendor(vendor);
  if (name.empty()) {
    return {};
  }
  std::string out = "Organization: ";
  out += name;
  if (!address.empty()) {
    out.append(" (").append(address).append(")");
  }
  for (char& c : out) {  // one line
    c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

std::string SourceInfoOf(const model::Component& component) {
  std::string out(model::ToString(component.evidence));
  for (const model::Location& location : component.locations) {
    out.append(out.ends_with(':') ? " " : &location == &component.locations.front() ? ": " : ", ");
    out += location.path;
    constexpr size_t kMost = 4'000;
    if (out.size() > kMost) {
      out += ", ...";
      break;
    }
  }
  if (component.layer >= 0) {
    out += "; layer " + std::to_string(component.layer);
  }
  if (!component.source_name.empty()) {
    out += "; built from source package " + component.source_name;
    const std::string& version =
        component.source_version.empty() ? component.version : component.source_version;
    out += version.empty() ? "" : " " + version;
  }
  if (!component.module.empty()) {
    out += "; module " + component.module;
  }
  return out;
}

std::string AdvisoryComment(const model::Finding& finding) {
  std::string out = finding.id;
  out.append(": ").append(model::ToString(finding.severity.level));
  if (!finding.fixed_versions.empty()) {
    out += ", fixed in " + finding.fixed_versions.front();
  } else {
    out.append(", fix: ").append(model::ToString(finding.fix_state));
  }
  if (const std::string words = TreatmentWords(finding); !words.empty()) {
    out += "; " + words;
  }
  return out;
}

void SetLicense(const std::vector<std::string>& licenses, SpdxPackage& out,
                SpdxLicenseNames& names) {
  DeclaredLicense declared = Declared(licenses);
  for (LicenseName& name : declared.references) {
    names.emplace(std::move(name.ref), std::move(name.name));
  }
  out.license = std::move(declared.expression);
}

}  // namespace

std::string SpdxNamespace(const SbomSource& source) {
  constexpr size_t kUrnUuid = 9;  // "urn:uuid:"
  return "https://spdx.org/spdxdocs/scantling-" + CdxSerial(source).substr(kUrnUuid);
}

std::string SpdxId(const model::Component& component) {
  std::string out = "SPDXRef-Package-";
  out += version::PurlType(component.type);
  out.push_back('-');
  AppendIdText(out, component.name);
  constexpr size_t kHexDigits = 16;
  out += "-" + base::Sha256Of(base::AsBytes(component.ref)).Hex().substr(0, kHexDigits);
  return out;
}

void ForEachSpdxPackage(const SbomSource& source, SpdxLicenseNames& names,
                        const std::function<void(const SpdxPackage&)>& visit) {
  const model::Image& image = source.inventory.image;
  {
    SpdxPackage package;
    const std::string name = ImageName(image);
    package.id = kSpdxImage;
    package.name = name;
    package.version = image.digest;
    package.purpose = "CONTAINER";
    package.sha256 = Sha256Hex(image.digest);
    package.purl = UsablePurl(OciPurl(image));
    if (!image.platform.empty()) {
      package.source_info = "platform " + image.platform;
    }
    visit(package);
  }
  if (!image.distro.id.empty()) {
    SpdxPackage package;
    package.id = kOs;
    package.name = image.distro.id;
    package.version = image.distro.version_id;
    package.purpose = "OPERATING_SYSTEM";
    package.description = image.distro.pretty_name;
    visit(package);
  }
  std::unordered_map<std::string_view, std::vector<const model::Finding*>> findings;
  for (const model::Finding& finding : source.findings()) {
    findings[finding.component].push_back(&finding);
  }
  for (const model::Component& component : source.inventory.components) {
    SpdxPackage package;
    package.id = SpdxId(component);
    package.name = component.name;
    package.version = component.version;
    package.purpose = !component.main_module.empty() && component.name == component.main_module &&
                              component.type == version::Ecosystem::kGo
                          ? "APPLICATION"
                          : "LIBRARY";
    package.supplier = SupplierOf(component.vendor);
    package.source_info = SourceInfoOf(component);
    package.purl = UsablePurl(component.purl);
    SetLicense(component.licenses, package, names);
    if (const auto found = findings.find(component.ref); found != findings.end()) {
      for (const model::Finding* finding : found->second) {
        if (Publisher publisher = PublisherOf(finding->id, finding->source);
            !publisher.url.empty()) {
          package.advisories.push_back({std::move(publisher.url), AdvisoryComment(*finding)});
        }
      }
    }
    visit(package);
  }
}

void ForEachSpdxRelationship(
    const SbomSource& source,
    const std::function<void(std::string_view, std::string_view, std::string_view)>& visit) {
  const std::vector<model::Component>& components = source.inventory.components;
  visit("SPDXRef-DOCUMENT", "DESCRIBES", kSpdxImage);
  if (!source.inventory.image.distro.id.empty()) {
    visit(kSpdxImage, "CONTAINS", kOs);
  }
  std::vector<std::string> ids;
  ids.reserve(components.size());
  for (const model::Component& component : components) {
    ids.push_back(SpdxId(component));
    visit(kSpdxImage, "CONTAINS", ids.back());
  }
  const SbomGraph graph = GraphOf(source.inventory);
  for (size_t i = 0; i < components.size(); ++i) {
    for (const uint32_t part : graph.holds[i]) {
      visit(ids[i], "CONTAINS", ids[part]);
    }
    for (const uint32_t need : graph.needs[i]) {
      visit(ids[i], "DEPENDS_ON", ids[need]);
    }
  }
}

}  // namespace scantling::report
