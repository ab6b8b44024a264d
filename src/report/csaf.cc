// CSAF 2.0, profile VEX (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html, 4.5): the
// image and each package are products, each package "default_component_of" the image. An accepted
// risk is known_affected with a remediation no_fix_planned (mitigation, none_available where the
// exception says so). The publisher is the image's vendor by its annotations, where they name one.
// A report without findings has no vulnerabilities, which the profile does not allow for.
#include "codec/json_writer.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/vex_parts.h"
#include "version/purl.h"

#include <array>
#include <map>
#include <unordered_map>

namespace scantling::report {
namespace {

using codec::JsonWriter;
using model::TreatmentKind;

constexpr std::string_view kImageId = "IMAGE";

std::string_view Annotation(const model::Image& image, const std::string& key) {
  const auto found = image.annotations.find("org.opencontainers.image." + key);
  return found == image.annotations.end() ? std::string_view() : std::string_view(found->second);
}

void PutDocument(JsonWriter& out, const model::Report& report, const FormatOptions& options,
                 const std::string& digest, const std::string& time) {
  const model::Image& image = report.inventory.image;
  out.Key("document");
  out.BeginObject();
  PutText(out, "category", "csaf_vex");
  PutText(out, "csaf_version", "2.0");
  out.Key("publisher");
  out.BeginObject();
  const std::string_view vendor = Annotation(image, "vendor");
  const std::string_view url = Annotation(image, "url");
  PutText(out, "category", vendor.empty() ? "other" : "vendor");
  PutText(out, "name", vendor.empty() ? "scantling" : vendor);
  PutText(out, "namespace", url.starts_with("https://") ? url : "urn:scantling");
  out.EndObject();
  PutText(out, "title", "VEX for " + VexImageTitle(image));
  out.Key("tracking");
  out.BeginObject();
  PutText(out, "current_release_date", time);
  out.Key("generator");
  out.BeginObject();
  out.Key("engine");
  out.BeginObject();
  PutText(out, "name", "scantling");
  if (!options.program_version.empty()) {
    PutText(out, "version", options.program_version);
  }
  out.EndObject();
  out.EndObject();
  PutText(out, "id", "scantling-vex-" + digest.substr(0, 16));
  PutText(out, "initial_release_date", time);
  out.Key("revision_history");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "date", time);
  PutText(out, "number", "1");
  PutText(out, "summary", "made from one report");
  out.EndObject();
  out.EndArray();
  PutText(out, "status", "final");
  PutText(out, "version", "1");
  out.EndObject();
  out.EndObject();
}

void PutProduct(JsonWriter& out, std::string_view id, const std::string& name,
                const std::string& purl) {
  out.BeginObject();
  PutText(out, "name", name);
  PutText(out, "product_id", id);
  if (version::PackageUrl::Parse(purl)) {
    out.Key("product_identification_helper");
    out.BeginObject();
    PutText(out, "purl", purl);
    out.EndObject();
  }
  out.EndObject();
}

std::string NameOf(const VexEntry& entry) {
  if (entry.maybe_component == nullptr || entry.maybe_component->name.empty()) {
    return entry.purl.empty() ? "unnamed" : entry.purl;
  }
  return entry.maybe_component->name +
         (entry.maybe_component->version.empty() ? "" : " " + entry.maybe_component->version);
}

class CsafWriter {
 public:
  CsafWriter(const model::Report& report, const std::vector<VexEntry>& entries, JsonWriter& out)
      : report_(report),
        entries_(entries),
        image_(VexImagePurl(report.inventory.image)),
        out_(out) {}

  void PutTree() {
    const std::string title = VexImageTitle(report_.inventory.image);
    std::vector<const VexEntry*> products;
    for (const VexEntry& entry : entries_) {
      if (ids_.emplace(entry.purl, "PKG-" + std::to_string(ids_.size() + 1)).second) {
        products.push_back(&entry);
      }
    }
    out_.Key("product_tree");
    out_.BeginObject();
    out_.Key("full_product_names");
    out_.BeginArray();
    PutProduct(out_, kImageId, title, image_);
    for (const VexEntry* entry : products) {
      PutProduct(out_, ids_.at(entry->purl), NameOf(*entry), entry->purl);
    }
    out_.EndArray();
    if (!image_.empty() && !products.empty()) {
      out_.Key("relationships");
      out_.BeginArray();
      for (const VexEntry* entry : products) {
        out_.BeginObject();
        PutText(out_, "category", "default_component_of");
        out_.Key("full_product_name");
        out_.BeginObject();
        PutText(out_, "name", NameOf(*entry) + " in " + title);
        PutText(out_, "product_id", ProductId(*entry));
        out_.EndObject();
        PutText(out_, "product_reference", ids_.at(entry->purl));
        PutText(out_, "relates_to_product_reference", kImageId);
        out_.EndObject();
      }
      out_.EndArray();
    }
    out_.EndObject();
  }

  void PutVulnerabilities() {
    std::vector<std::vector<const VexEntry*>> groups;  // by id, in the order of the report
    std::unordered_map<std::string_view, size_t> places;
    for (const VexEntry& entry : entries_) {
      const auto [at, fresh] = places.emplace(entry.finding->id, groups.size());
      if (fresh) {
        groups.emplace_back();
      }
      groups[at->second].push_back(&entry);
    }
    out_.Key("vulnerabilities");
    out_.BeginArray();
    for (const auto& group : groups) {
      PutVulnerability(group);
    }
    out_.EndArray();
  }

 private:
  using Group = std::vector<const VexEntry*>;

  std::string ProductId(const VexEntry& entry) const {
    const std::string& id = ids_.at(entry.purl);
    return image_.empty() ? id : std::string(kImageId) + ":" + id;
  }

  static bool IsCve(std::string_view id) {
    return id.starts_with("CVE-") && id.size() >= 13 && id[8] == '-' &&
           id.substr(4).find_first_not_of("0123456789-") == std::string_view::npos &&
           id.substr(9).find('-') == std::string_view::npos;
  }

  void PutIds(const model::Finding& finding) {
    std::string_view cve = IsCve(finding.id) ? std::string_view(finding.id) : std::string_view();
    std::vector<std::string_view> others;
    if (cve.empty()) {
      others.emplace_back(finding.id.empty() ? std::string_view("unnamed") : finding.id);
    }
    for (const std::string& alias : finding.aliases) {
      if (cve.empty() && IsCve(alias)) {
        cve = alias;
      } else if (!alias.empty()) {
        others.emplace_back(alias);
      }
    }
    if (!cve.empty()) {
      PutText(out_, "cve", cve);
    }
    if (others.empty()) {
      return;
    }
    out_.Key("ids");
    out_.BeginArray();
    for (const std::string_view id : others) {
      out_.BeginObject();
      const std::string_view system = id.substr(0, id.find('-'));
      PutText(out_, "system_name", system.empty() ? "advisory" : system);
      PutText(out_, "text", id);
      out_.EndObject();
    }
    out_.EndArray();
  }

  void PutProductIds(const Group& group, std::string_view key) {
    out_.Key(key);
    out_.BeginArray();
    for (const VexEntry* entry : group) {
      PutText(*entry);
    }
    out_.EndArray();
  }
  void PutText(const VexEntry& entry) { out_.Text(ProductId(entry)); }
  static void PutText(JsonWriter& out, std::string_view key, std::string_view value) {
    report::PutText(out, key, value);
  }

  static std::string_view Remedy(const VexEntry& entry) {
    const model::Finding& finding = *entry.finding;
    if (entry.status == TreatmentKind::kAccepted) {
      if (finding.treatment->reason == "mitigated") {
        return "mitigation";
      }
      return finding.treatment->reason == "no_fix_yet" ||
                     finding.treatment->reason == "fix_scheduled"
                 ? "none_available"
                 : "no_fix_planned";
    }
    if (!finding.fixed_versions.empty()) {
      return "vendor_fix";
    }
    return finding.fix_state == model::FixState::kWontFix ? "no_fix_planned" : "none_available";
  }

  // Groups of products that share a text, in a fixed order.
  using ByText = std::map<std::pair<std::string, std::string>, Group>;
  void PutRemarks(std::string_view key, std::string_view first, std::string_view second,
                  const ByText& remarks) {
    if (remarks.empty()) {
      return;
    }
    out_.Key(key);
    out_.BeginArray();
    for (const auto& [words, group] : remarks) {
      out_.BeginObject();
      PutText(out_, first, words.first);
      if (!second.empty()) {
        PutText(out_, second, words.second);
      }
      PutProductIds(group, "product_ids");
      out_.EndObject();
    }
    out_.EndArray();
  }

  void PutVulnerability(const Group& group) {
    const model::Finding& finding = *group.front()->finding;
    out_.BeginObject();
    PutIds(finding);
    ByText flags;
    ByText threats;
    ByText remedies;
    std::map<std::string_view, Group> statuses;
    for (const VexEntry* entry : group) {
      const std::string words =
          entry->finding->treatment ? entry->finding->treatment->words : std::string();
      switch (entry->status) {
        case TreatmentKind::kAccepted:
        case TreatmentKind::kAffected:
          statuses["known_affected"].push_back(entry);
          remedies[{std::string(Remedy(*entry)), entry->action}].push_back(entry);
          break;
        case TreatmentKind::kNotAffected: {
          statuses["known_not_affected"].push_back(entry);
          const std::string_view justification = VexJustification(*entry->finding);
          if (!justification.empty()) {
            flags[{std::string(justification), ""}].push_back(entry);
          }
          if (!words.empty()) {
            threats[{"impact", words}].push_back(entry);
          }
          break;
        }
        case TreatmentKind::kFixed:
          statuses["fixed"].push_back(entry);
          if (!words.empty()) {
            remedies[{"vendor_fix", words}].push_back(entry);
          }
          break;
        case TreatmentKind::kUnderInvestigation:
          statuses["under_investigation"].push_back(entry);
          break;
      }
    }
    PutRemarks("flags", "label", "", flags);
    out_.Key("notes");
    out_.BeginArray();
    out_.BeginObject();
    PutText(out_, "category", "description");
    PutText(out_, "text", finding.summary.empty() ? "no summary is known" : finding.summary);
    out_.EndObject();
    out_.EndArray();
    out_.Key("product_status");
    out_.BeginObject();
    for (const auto& [status, products] : statuses) {
      PutProductIds(products, status);
    }
    out_.EndObject();
    PutRemarks("remediations", "category", "details", remedies);
    PutRemarks("threats", "category", "details", threats);
    out_.EndObject();
  }

  const model::Report& report_;
  const std::vector<VexEntry>& entries_;
  std::string image_;
  JsonWriter& out_;
  std::unordered_map<std::string, std::string> ids_;  // package URL -> product id
};

}  // namespace

void WriteCsafVex(const model::Report& report, const FormatOptions& options, base::Output& output) {
  const auto entries = VexEntries(report, VexIdentity::kPurl);
  const std::string time = DocumentTime(report, options);
  JsonWriter out(&output);
  out.BeginObject();
  PutDocument(out, report, options, VexDigest(report, entries, "csaf", time), time);
  CsafWriter writer(report, entries, out);
  writer.PutTree();
  writer.PutVulnerabilities();
  out.EndObject();
  output.text() += "\n";
  output.Record();
}

}  // namespace scantling::report
