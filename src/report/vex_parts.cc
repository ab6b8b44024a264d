#include "report/vex_parts.h"

#include "base/digest.h"
#include "base/strings.h"
#include "policy/vex/image_name.h"
#include "version/purl.h"

#include <array>
#include <unordered_map>

namespace scantling::report {
namespace {

using model::TreatmentKind;

TreatmentKind StatusOf(const model::Finding& finding) {
  return finding.treatment ? finding.treatment->kind : TreatmentKind::kAffected;
}

// How open: the larger wins where one package URL has several.
int Openness(TreatmentKind kind) {
  switch (kind) {
    case TreatmentKind::kAffected:
      return 4;
    case TreatmentKind::kUnderInvestigation:
      return 3;
    case TreatmentKind::kAccepted:
      return 2;
    case TreatmentKind::kNotAffected:
      return 1;
    case TreatmentKind::kFixed:
      return 0;
  }
  return 4;
}

std::string AcceptedText(const model::Treatment& treatment) {
  std::string out;
  if (treatment.reason == "fix_scheduled") {
    out = "Fix scheduled";
  } else if (treatment.reason == "no_fix_yet") {
    out = "No fix exists yet; not taken out meanwhile";
  } else if (treatment.reason == "mitigated") {
    out = "Will not fix: mitigated otherwise";
  } else {
    out = "Will not fix: " + (treatment.reason.empty() ? "accepted" : treatment.reason);
  }
  out += ", until " + treatment.until + " (" + treatment.id;
  out += treatment.owner.empty() ? "" : ", owner " + treatment.owner;
  out += treatment.approver.empty() ? "" : ", approved by " + treatment.approver;
  out += ")";
  return treatment.words.empty() ? out : out + ": " + treatment.words;
}

}  // namespace

std::vector<VexEntry> VexEntries(const model::Report& report, VexIdentity identity) {
  std::unordered_map<std::string_view, const model::Component*> components;
  for (const model::Component& component : report.inventory.components) {
    components.emplace(component.ref, &component);
  }
  std::unordered_map<std::string_view, const model::Action*> actions;
  for (const model::Action& action : report.actions) {
    for (const std::string& key : action.resolves) {
      actions.emplace(key, &action);
    }
  }
  std::unordered_map<std::string, size_t> seen;
  std::vector<VexEntry> out;
  out.reserve(report.findings.size());
  for (const model::Finding& finding : report.findings) {
    VexEntry entry;
    entry.finding = &finding;
    entry.status = StatusOf(finding);
    const auto component = components.find(finding.component);
    entry.maybe_component = component == components.end() ? nullptr : component->second;
    entry.purl = entry.maybe_component != nullptr && !entry.maybe_component->purl.empty()
                     ? entry.maybe_component->purl
                     : finding.component;
    const std::string key = model::FindingKey(finding.id, finding.component);
    if (entry.status == TreatmentKind::kAccepted) {
      entry.action = AcceptedText(*finding.treatment);
    } else if (entry.status == TreatmentKind::kAffected) {
      if (const auto action = actions.find(key);
          action != actions.end() && action->second->kind != model::ActionKind::kNothingYet) {
        entry.action = action->second->title;
        if (!action->second->due.empty()) {
          entry.action += ", due " + action->second->due;
        }
      } else if (!finding.fixed_versions.empty()) {
        entry.action = "Update to " + finding.fixed_versions.front() + ".";
      } else {
        entry.action = "No version without it is known yet.";
      }
    }
    if (identity == VexIdentity::kPurl) {
      const auto [at, fresh] = seen.emplace(finding.id + "\n" + entry.purl, out.size());
      if (!fresh) {
        VexEntry& known = out[at->second];
        if (Openness(entry.status) > Openness(known.status)) {
          known = std::move(entry);
        }
        continue;
      }
    }
    out.push_back(std::move(entry));
  }
  return out;
}

std::string VexImagePurl(const model::Image& image) {
  const policy::ImageName name = policy::ParseImageName(image.reference);
  if (image.digest.empty() && name.repository.empty()) {
    return {};
  }
  version::PackageUrl purl;
  purl.type = "oci";
  purl.name = base::Lower(base::BaseName(name.repository));
  if (purl.name.empty()) {
    purl.name = "image";  // a digest alone: it decides, the name is never compared
  }
  purl.version = image.digest;
  if (image.reference.find('/') != std::string::npos) {
    purl.SetQualifier("repository_url", name.repository);
  }
  purl.SetQualifier("tag", name.tag);
  return purl.ToString();
}

std::string VexImageTitle(const model::Image& image) {
  for (const std::string* text : {&image.reference, &image.source, &image.digest}) {
    if (!text->empty()) {
      return *text;
    }
  }
  return "image";
}

std::string_view VexJustification(const model::Finding& finding) {
  constexpr std::array<std::string_view, 5> kWords = {
      "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
      "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist"};
  for (const std::string_view word : kWords) {
    if (finding.treatment && finding.treatment->reason == word) {
      return word;
    }
  }
  return {};
}

std::string VexDigest(const model::Report& report, const std::vector<VexEntry>& entries,
                      std::string_view format, std::string_view time) {
  base::Sha256 hash;
  const auto add = [&hash](std::string_view text) {
    hash.Update(base::AsBytes(text));
    hash.Update(base::AsBytes(std::string_view("\n", 1)));
  };
  add(format);
  add(time);
  add(report.inventory.image.digest);
  add(report.inventory.image.reference);
  add(report.database.digest);
  for (const VexEntry& entry : entries) {
    add(entry.finding->id);
    add(entry.purl);
    add(model::ToString(entry.status));
    add(entry.action);
  }
  return hash.Finish().Hex();
}

std::string UuidFrom(std::string_view hex) {
  std::string out(hex.substr(0, 32));
  out[12] = '8';  // version 8: made by the application
  out[16] = 'a';  // variant
  for (const size_t at : {20U, 16U, 12U, 8U}) {
    out.insert(at, "-");
  }
  return out;
}

}  // namespace scantling::report
