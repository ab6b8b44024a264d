// See cyclonedx.h.
#include "base/strings.h"
#include "report/cyclonedx.h"
#include "report/json_parts.h"
#include "report/licenses.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace scantling::report {
namespace {

std::string RootRef(const model::Image& image) {
  for (const std::string* text : {&image.digest, &image.config_digest, &image.reference}) {
    if (!text->empty()) {
      return "image:" + *text;
    }
  }
  return "image";
}

std::string OsRef(const model::Distro& distro) {
  return "os:" + distro.id + "@" + distro.version_id;
}

void Add(CdxProperties& properties, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    properties.emplace_back("scantling:" + std::string(name), value);
  }
}

std::string LayerText(int32_t layer) { return layer < 0 ? std::string() : std::to_string(layer); }

// CycloneDX has the namespace of a name apart: "group".
void SetName(const model::Component& component, CdxComponent& out) {
  const std::string_view name = component.name;
  size_t at = std::string::npos;
  if (component.type == version::Ecosystem::kMaven) {
    at = name.find(':');
  } else if (component.type == version::Ecosystem::kNpm && name.starts_with("@")) {
    at = name.find('/');
  }
  if (at != std::string::npos && at != 0) {
    out.group = name.substr(0, at);
    out.name = name.substr(at + 1);
  } else {
    out.name = name;
  }
}

// The schema takes either one expression or a list of identifiers and names.
std::vector<CdxLicense> LicensesOf(const std::vector<std::string>& declared) {
  std::vector<CdxLicense> out;
  bool compound = false;
  bool named = false;
  for (const std::string& license : declared) {
    if (const auto id = LicenseId(license)) {
      out.push_back({CdxLicense::Kind::kId, std::string(*id)});
    } else if (auto expression = LicenseExpression(license)) {
      compound = true;
      out.push_back({CdxLicense::Kind::kExpression, *std::move(expression)});
    } else {
      named = true;
      out.push_back({CdxLicense::Kind::kName, license});
    }
  }
  if (!compound) {
    return out;
  }
  if (!named) {
    return {{CdxLicense::Kind::kExpression, Declared(declared).expression}};
  }
  for (CdxLicense& license : out) {
    if (license.kind == CdxLicense::Kind::kExpression) {
      license.kind = CdxLicense::Kind::kName;
    }
  }
  return out;
}

CdxComponent ComponentOf(const model::Component& component) {
  CdxComponent out;
  if (!component.main_module.empty() && component.name == component.main_module &&
      component.type == version::Ecosystem::kGo) {
    out.type = "application";
  }
  out.ref = component.ref;
  out.supplier = SplitVendor(component.vendor).first;
  SetName(component, out);
  out.version = component.version;
  out.licenses = LicensesOf(component.licenses);
  out.purl = UsablePurl(component.purl);
  CdxProperties& properties = out.properties;
  Add(properties, "evidence", model::ToString(component.evidence));
  Add(properties, "role", model::ToString(component.role));
  Add(properties, "distro", component.distro);
  Add(properties, "module", component.module);
  Add(properties, "source:name", component.source_name);
  Add(properties, "source:version", component.source_version);
  Add(properties, "owner", component.owner);
  Add(properties, "container", component.container);
  Add(properties, "layer", LayerText(component.layer));
  for (const model::Location& location : component.locations) {
    Add(properties, "path", location.path);
    out.occurrences.push_back(
        {location.path, location.layer < 0 ? "" : "layer " + std::to_string(location.layer)});
  }
  return out;
}

std::string_view SeverityWord(model::Level level) {
  // The format's scale has no "negligible".
  return level == model::Level::kNegligible ? "info" : model::ToString(level);
}

std::string_view MethodOf(std::string_view vector) {
  if (vector.starts_with("CVSS:3.1/")) {
    return "CVSSv31";
  }
  if (vector.starts_with("CVSS:3.0/")) {
    return "CVSSv3";
  }
  if (vector.starts_with("CVSS:4.0/")) {
    return "CVSSv4";
  }
  return vector.starts_with("AV:") ? "CVSSv2" : "other";
}

CdxRating RatingOf(const model::SeverityOpinion& opinion) {
  return {opinion.source, opinion.score, SeverityWord(opinion.level), MethodOf(opinion.vector),
          opinion.vector};
}

// The justifications of OpenVEX and CSAF in CycloneDX's words; those are known as they are, too.
std::string_view JustificationOf(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"component_not_present", "code_not_present"},
      {"vulnerable_code_not_present", "code_not_present"},
      {"vulnerable_code_not_in_execute_path", "code_not_reachable"},
      {"inline_mitigations_already_exist", "protected_by_mitigating_control"},
  };
  for (const auto& [theirs, ours] : kWords) {
    if (reason == theirs) {
      return ours;
    }
  }
  static constexpr std::string_view kOwn[] = {
      "code_not_present",     "code_not_reachable",     "requires_configuration",
      "requires_dependency",  "requires_environment",   "protected_by_compiler",
      "protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control"};
  const auto found = std::ranges::find(kOwn, reason);
  return found == std::end(kOwn) ? std::string_view() : *found;
}

void SetAnalysis(const model::Finding& finding, CdxVulnerability& out) {
  if (!finding.treatment) {
    return;
  }
  switch (finding.treatment->kind) {
    case model::TreatmentKind::kAccepted:
      out.state = "exploitable";
      out.response = "will_not_fix";
      break;
    case model::TreatmentKind::kNotAffected:
      out.state = "not_affected";
      out.justification = JustificationOf(finding.treatment->reason);
      Add(out.properties, "justification", finding.treatment->reason);
      break;
    case model::TreatmentKind::kFixed:
      out.state = "resolved";
      break;
    case model::TreatmentKind::kAffected:
      out.state = "exploitable";
      break;
    case model::TreatmentKind::kUnderInvestigation:
      out.state = "in_triage";
      break;
  }
  out.detail = TreatmentWords(finding);
}

std::string NumberText(double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return {buffer, static_cast<size_t>(end - buffer)};
}

void AddThreat(const model::Finding& finding, CdxProperties& out) {
  if (finding.kev) {
    Add(out, "kev:date_added", finding.kev->date_added);
    Add(out, "kev:due_date", finding.kev->due_date);
    Add(out, "kev:ransomware", finding.kev->ransomware ? "true" : "false");
  }
  if (finding.epss) {
    Add(out, "epss:probability", NumberText(finding.epss->probability));
    if (finding.epss->percentile >= 0) {
      Add(out, "epss:percentile", NumberText(finding.epss->percentile));
    }
    Add(out, "epss:date", finding.epss->date);
  }
  if (finding.exploit) {
    Add(out, "exploit", ToString(finding.exploit->kind));
  }
  Add(out, "priority", finding.priority.level);
  Add(out, "due", finding.priority.due);
  Add(out, "fix_state", model::ToString(finding.fix_state));
  Add(out, "fix_note", finding.fix_note);
  if (finding.change != model::Change::kUnknown) {
    Add(out, "change", model::ToString(finding.change));
  }
  Add(out, "advisory", finding.advisory);
  Add(out, "feed", finding.source);
}

}  // namespace

std::string CdxSerial(const SbomSource& source) {
  std::string hex = DocumentIdentity(source);
  hex[12] = '8';  // version 8, variant 1: a UUID of one's own making (RFC 9562)
  hex[16] = 'a';
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

CdxComponent CdxImage(const SbomSource& source) {
  const model::Image& image = source.inventory.image;
  CdxComponent out;
  out.type = "container";
  out.ref = RootRef(image);
  out.name = image.reference.empty() ? image.source : image.reference;
  if (out.name.empty()) {
    out.name = "image";
  }
  out.version = image.digest;
  out.sha256 = Sha256Hex(image.digest);
  out.purl = UsablePurl(OciPurl(image));
  Add(out.properties, "image:source", image.source);
  Add(out.properties, "image:config_digest", image.config_digest);
  Add(out.properties, "image:platform", image.platform);
  for (const model::Layer& layer : image.layers) {
    const std::string name = "image:layer:" + std::to_string(layer.index);
    Add(out.properties, name + ":digest", layer.digest);
    Add(out.properties, name + ":diff_id", layer.diff_id);
  }
  return out;
}

void ForEachCdxComponent(const SbomSource& source,
                         const std::function<void(const CdxComponent&)>& visit) {
  if (const model::Distro& distro = source.inventory.image.distro; !distro.id.empty()) {
    CdxComponent os;
    os.type = "operating-system";
    os.ref = OsRef(distro);
    os.name = distro.id;
    os.version = distro.version_id;
    os.description = distro.pretty_name;
    visit(os);
  }
  for (const model::Component& component : source.inventory.components) {
    visit(ComponentOf(component));
  }
}

void ForEachCdxDependency(const SbomSource& source,
                          const std::function<void(const CdxDependency&)>& visit) {
  const std::vector<model::Component>& components = source.inventory.components;
  const SbomGraph graph = GraphOf(source.inventory);
  CdxDependency root{RootRef(source.inventory.image), {}};
  const std::string os = OsRef(source.inventory.image.distro);
  if (!source.inventory.image.distro.id.empty()) {
    root.needs.push_back(os);
  }
  for (const uint32_t i : graph.top) {
    root.needs.push_back(components[i].ref);
  }
  visit(root);
  for (size_t i = 0; i < components.size(); ++i) {
    std::vector<uint32_t> both = graph.needs[i];
    both.insert(both.end(), graph.holds[i].begin(), graph.holds[i].end());
    std::ranges::sort(both);
    both.erase(std::ranges::unique(both).begin(), both.end());
    if (both.empty() && !IsOsPackage(components[i])) {
      continue;  // not known; of an OS package it is known that it needs none of the others
    }
    CdxDependency dependency{components[i].ref, {}};
    for (const uint32_t need : both) {
      dependency.needs.push_back(components[need].ref);
    }
    visit(dependency);
  }
}

void ForEachCdxVulnerability(const SbomSource& source,
                             const std::function<void(const CdxVulnerability&)>& visit) {
  if (source.maybe_report == nullptr) {
    return;
  }
  std::unordered_map<std::string_view, const model::Component*> by_ref;
  for (const model::Component& component : source.inventory.components) {
    by_ref.emplace(component.ref, &component);
  }
  const std::span<const model::Finding> findings = source.findings();
  for (const VulnerabilityGroup& group : GroupsOf(*source.maybe_report)) {
    const model::Finding& first = findings[group.findings.front()];
    CdxVulnerability out;
    out.ref = "vulnerability:" + group.ref;
    out.id = first.id;
    out.source = PublisherOf(first.id, first.source);
    for (const std::string& alias : first.aliases) {
      out.references.emplace_back(alias, PublisherOf(alias, first.source));
    }
    for (const model::SeverityOpinion& opinion : first.severities) {
      out.ratings.push_back(RatingOf(opinion));
    }
    if (out.ratings.empty()) {
      out.ratings.push_back(RatingOf(first.severity));
    }
    out.description = first.summary;
    out.recommendation = Advice(first, group.maybe_action);
    out.published = TimeOf(first.published);
    SetAnalysis(first, out);
    for (const uint32_t i : group.findings) {
      const model::Finding& finding = findings[i];
      const auto component = by_ref.find(finding.component);
      if (component == by_ref.end()) {
        continue;
      }
      CdxAffect& affect = out.affects.emplace_back();
      affect.ref = component->second->ref;
      if (model::IsOpen(finding)) {
        affect.version = component->second->version;
        affect.fixed.assign(finding.fixed_versions.begin(), finding.fixed_versions.end());
      }
    }
    AddThreat(first, out.properties);
    visit(out);
  }
}

std::string_view CdxAggregate(const SbomSource& source) {
  return source.inventory.coverage.skipped.empty() ? "unknown" : "incomplete";
}

}  // namespace scantling::report
