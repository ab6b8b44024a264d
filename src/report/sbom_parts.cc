// See sbom_parts.h.
#include "report/sbom_parts.h"

#include "base/bytes.h"
#include "base/digest.h"
#include "base/strings.h"
#include "base/time.h"
#include "version/purl.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace scantling::report {
namespace {

// Lists by (type, name) and the like, keyed by views into the inventory.
using ByText = std::unordered_map<std::string, uint32_t, base::StringHash, std::equal_to<>>;

std::string Key(version::Ecosystem type, std::string_view text) {
  std::string out(1, static_cast<char>(type));
  out += text;
  return out;
}

void Tidy(std::vector<uint32_t>& list) {
  std::ranges::sort(list);
  list.erase(std::ranges::unique(list).begin(), list.end());
}

void AddNeeds(const std::vector<model::Component>& components, SbomGraph& graph) {
  ByText by_name;
  ByText by_version;
  for (uint32_t i = 0; i < components.size(); ++i) {
    const model::Component& c = components[i];
    if (IsOsPackage(c)) {
      by_name.emplace(Key(c.type, c.name), i);
    } else {
      by_version.emplace(Key(c.type, c.name + "@" + c.version), i);
    }
  }
  for (uint32_t i = 0; i < components.size(); ++i) {
    const model::Component& c = components[i];
    for (const std::string& name : c.depends) {
      const auto found = by_name.find(Key(c.type, name));
      if (found != by_name.end() && found->second != i) {
        graph.needs[i].push_back(found->second);
      }
    }
    if (!c.via.empty()) {
      const auto found = by_version.find(Key(c.type, c.via.back()));
      if (found != by_version.end() && found->second != i) {
        graph.needs[found->second].push_back(i);
      }
    }
  }
}

void AddHolds(const std::vector<model::Component>& components, SbomGraph& graph) {
  std::unordered_map<std::string_view, uint32_t> by_ref;
  std::unordered_map<std::string_view, uint32_t> by_path;  // outermost archives
  ByText mains;                                            // a binary's main module
  for (uint32_t i = 0; i < components.size(); ++i) {
    const model::Component& c = components[i];
    by_ref.emplace(c.ref, i);
    if (c.container.empty()) {
      if (c.type == version::Ecosystem::kMaven) {
        for (const model::Location& location : c.locations) {
          by_path.emplace(location.path, i);
        }
      }
    } else if (!c.main_module.empty() && c.name == c.main_module) {
      mains.emplace(c.container, i);
    }
  }
  for (uint32_t i = 0; i < components.size(); ++i) {
    const model::Component& c = components[i];
    if (const auto owner = by_ref.find(c.owner); !c.owner.empty() && owner != by_ref.end()) {
      if (owner->second != i) {
        graph.holds[owner->second].push_back(i);
      }
    }
    if (c.container.empty()) {
      continue;
    }
    if (const auto main = mains.find(c.container); main != mains.end()) {
      if (main->second != i) {
        graph.holds[main->second].push_back(i);
      }
    } else if (const auto archive = by_path.find(c.container); archive != by_path.end()) {
      if (archive->second != i) {
        graph.holds[archive->second].push_back(i);
      }
    }
  }
}

// Those that nobody names, and one of every circle that is not reached from them.
void AddTop(SbomGraph& graph) {
  const size_t count = graph.needs.size();
  std::vector<bool> named(count);
  for (const auto* lists : {&graph.needs, &graph.holds}) {
    for (const std::vector<uint32_t>& list : *lists) {
      for (const uint32_t i : list) {
        named[i] = true;
      }
    }
  }
  std::vector<bool> reached(count);
  std::vector<uint32_t> stack;
  const auto reach_from = [&](uint32_t start) {
    graph.top.push_back(start);
    reached[start] = true;
    stack.push_back(start);
    while (!stack.empty()) {
      const uint32_t at = stack.back();
      stack.pop_back();
      for (const auto* lists : {&graph.needs, &graph.holds}) {
        for (const uint32_t next : (*lists)[at]) {
          if (!reached[next]) {
            reached[next] = true;
            stack.push_back(next);
          }
        }
      }
    }
  };
  for (uint32_t i = 0; i < count; ++i) {
    if (!named[i]) {
      reach_from(i);
    }
  }
  for (uint32_t i = 0; i < count; ++i) {
    if (!reached[i]) {
      reach_from(i);
    }
  }
  Tidy(graph.top);
}

class Hasher {
 public:
  void Add(std::string_view text) {
    pending_ += text;
    pending_.push_back('\0');
    constexpr size_t kBlock = 16'384;
    if (pending_.size() >= kBlock) {
      Flush();
    }
  }
  std::string Hex() {
    Flush();
    return sha256_.Finish().Hex();
  }

 private:
  void Flush() {
    sha256_.Update(base::AsBytes(pending_));
    pending_.clear();
  }
  base::Sha256 sha256_;
  std::string pending_;
};

bool SameEpss(const std::optional<model::Epss>& a, const std::optional<model::Epss>& b) {
  return a.has_value() == b.has_value() &&
         (!a || std::tie(a->probability, a->percentile, a->date) ==
                    std::tie(b->probability, b->percentile, b->date));
}

bool SameSaid(const model::Finding& a, const model::Finding& b) {
  return std::tie(a.severity, a.severities, a.summary, a.aliases, a.treatment, a.fix_state,
                  a.fix_note, a.published, a.priority.level, a.priority.due, a.change, a.advisory,
                  a.source) == std::tie(b.severity, b.severities, b.summary, b.aliases, b.treatment,
                                        b.fix_state, b.fix_note, b.published, b.priority.level,
                                        b.priority.due, b.change, b.advisory, b.source) &&
         SameEpss(a.epss, b.epss) && a.kev.has_value() == b.kev.has_value();
}

}  // namespace

SbomSource SourceOf(const model::Report& report, const FormatOptions& options) {
  return {report.inventory, &report, DocumentTime(report, options),
          options.program_version.empty() ? SCANTLING_VERSION : options.program_version};
}

std::string DocumentIdentity(const SbomSource& source) {
  Hasher hash;
  const model::Image& image = source.inventory.image;
  for (const std::string* text : {&image.source, &image.reference, &image.digest,
                                  &image.config_digest, &source.time, &source.program_version}) {
    hash.Add(*text);
  }
  for (const model::Component& component : source.inventory.components) {
    hash.Add(component.ref);
  }
  if (source.maybe_report != nullptr) {
    hash.Add("findings");
    hash.Add(source.maybe_report->database.digest);
    for (const model::Finding& finding : source.maybe_report->findings) {
      hash.Add(finding.id);
      hash.Add(finding.component);
      if (finding.treatment) {
        hash.Add(model::ToString(finding.treatment->kind));
        hash.Add(finding.treatment->id);
        hash.Add(finding.treatment->until);
      }
    }
  }
  return hash.Hex();
}

std::string ImageName(const model::Image& image) {
  if (!image.reference.empty()) {
    return image.reference;
  }
  return image.source.empty() ? std::string("image") : image.source;
}

std::string_view Sha256Hex(std::string_view digest) {
  constexpr std::string_view kPrefix = "sha256:";
  return base::Digest::Parse(digest) ? digest.substr(kPrefix.size()) : std::string_view();
}

std::string OciPurl(const model::Image& image) {
  std::string_view name = image.reference;
  name = name.substr(0, name.find('@'));
  const size_t slash = name.rfind('/');
  const size_t last = slash == std::string_view::npos ? 0 : slash + 1;
  const size_t colon = name.find(':', last);
  const std::string_view repository = name.substr(0, colon);
  version::PackageUrl purl;
  purl.type = "oci";
  purl.name = repository.substr(last);
  purl.version = image.digest;
  if (purl.name.empty() || Sha256Hex(image.digest).empty()) {
    return {};
  }
  if (last != 0) {
    purl.SetQualifier("repository_url", repository);
  }
  if (colon != std::string_view::npos) {
    purl.SetQualifier("tag", name.substr(colon + 1));
  }
  if (const size_t at = image.platform.find('/'); at != std::string::npos) {
    const std::string_view arch = std::string_view(image.platform).substr(at + 1);
    purl.SetQualifier("arch", arch.substr(0, arch.find('/')));
  }
  return purl.ToString();
}

std::string_view UsablePurl(std::string_view purl) {
  const bool good = purl.starts_with("pkg:") && std::ranges::all_of(purl, [](char c) {
                      return c > 0x20 && c < 0x7F &&
                             std::string_view("<>\"{}|\\^`").find(c) == std::string_view::npos;
                    });
  return good ? purl : std::string_view();
}

bool IsOsPackage(const model::Component& component) {
  return component.type == version::Ecosystem::kDeb || component.type == version::Ecosystem::kApk ||
         component.type == version::Ecosystem::kRpm;
}

SbomGraph GraphOf(const model::Inventory& inventory) {
  SbomGraph graph;
  graph.needs.resize(inventory.components.size());
  graph.holds.resize(inventory.components.size());
  AddNeeds(inventory.components, graph);
  AddHolds(inventory.components, graph);
  for (auto* lists : {&graph.needs, &graph.holds}) {
    for (std::vector<uint32_t>& list : *lists) {
      Tidy(list);
    }
  }
  AddTop(graph);
  return graph;
}

std::vector<VulnerabilityGroup> GroupsOf(const model::Report& report) {
  std::unordered_map<std::string_view, const model::Action*> action_of;
  for (const model::Action& action : report.actions) {
    for (const std::string& key : action.resolves) {
      action_of.emplace(key, &action);
    }
  }
  std::vector<VulnerabilityGroup> out;
  std::unordered_map<std::string_view, std::vector<uint32_t>> groups_of;  // by id
  std::string key;
  for (uint32_t i = 0; i < report.findings.size(); ++i) {
    const model::Finding& finding = report.findings[i];
    key.assign(finding.id).append("@").append(finding.component);
    const auto found = action_of.find(key);
    const model::Action* action = found == action_of.end() ? nullptr : found->second;
    std::vector<uint32_t>& groups = groups_of[finding.id];
    // The last few only: a report whose findings all differ must not cost a square.
    constexpr size_t kLookBack = 32;
    const auto recent = std::span(groups).last(std::min(groups.size(), kLookBack));
    const auto same = std::ranges::find_if(recent, [&](uint32_t at) {
      return out[at].maybe_action == action &&
             SameSaid(report.findings[out[at].findings.front()], finding);
    });
    if (same != recent.end()) {
      out[*same].findings.push_back(i);
      continue;
    }
    groups.push_back(static_cast<uint32_t>(out.size()));
    VulnerabilityGroup& group = out.emplace_back();
    group.ref = finding.id;
    if (groups.size() > 1) {
      group.ref += "#" + std::to_string(groups.size());
    }
    group.findings.push_back(i);
    group.maybe_action = action;
  }
  return out;
}

Publisher PublisherOf(std::string_view id, std::string_view feed) {
  struct Row {
    std::string_view prefix;
    std::string_view name;
    std::string_view url;
  };
  static constexpr Row kRows[] = {
      {"CVE-", "CVE", "https://www.cve.org/CVERecord?id="},
      {"GHSA-", "GitHub", "https://github.com/advisories/"},
      {"DSA-", "Debian", "https://security-tracker.debian.org/tracker/"},
      {"DLA-", "Debian", "https://security-tracker.debian.org/tracker/"},
      {"USN-", "Ubuntu", "https://ubuntu.com/security/notices/"},
      {"RHSA-", "Red Hat", "https://access.redhat.com/errata/"},
      {"ALSA-", "AlmaLinux", "https://osv.dev/vulnerability/"},
      {"RLSA-", "Rocky Linux", "https://osv.dev/vulnerability/"},
      {"GO-", "Go", "https://pkg.go.dev/vuln/"},
      {"PYSEC-", "PyPA", "https://osv.dev/vulnerability/"},
      {"RUSTSEC-", "RustSec", "https://rustsec.org/advisories/"},
  };
  const bool plain = std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == ':' || c == '.';
  });
  for (const Row& row : kRows) {
    if (plain && id.starts_with(row.prefix)) {
      return {std::string(row.name), std::string(row.url) + std::string(id)};
    }
  }
  if (!feed.empty()) {
    return {std::string(feed), ""};
  }
  const size_t dash = id.find('-');
  return {std::string(id.substr(0, dash)), ""};
}

std::string Advice(const model::Finding& finding, const model::Action* maybe_action) {
  if (maybe_action == nullptr || maybe_action->kind == model::ActionKind::kNothingYet) {
    switch (finding.fix_state) {
      case model::FixState::kFixed:
        return {};  // affects names the fixed version
      case model::FixState::kNotFixed:
        return "nothing to do yet: no fix";
      case model::FixState::kWontFix:
        return "nothing to do yet: the distribution will not fix it";
      case model::FixState::kDeferred:
        return "nothing to do yet: the fix is put off";
      case model::FixState::kUnknown:
        break;
    }
    return {};
  }
  return maybe_action->title;
}

std::string TreatmentWords(const model::Finding& finding) {
  if (!finding.treatment) {
    return {};
  }
  const model::Treatment& treatment = *finding.treatment;
  std::string out(treatment.kind == model::TreatmentKind::kAccepted
                      ? "risk accepted"
                      : model::ToString(treatment.kind));
  const auto add = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) {
      out.append("; ").append(label).append(text);
    }
  };
  add("", treatment.reason);
  add("", treatment.words);
  add("owner: ", treatment.owner);
  add("approved by: ", treatment.approver);
  add("until: ", treatment.until);
  add("by: ", treatment.id.empty() ? treatment.source : treatment.id);
  return out;
}

std::string TimeOf(std::string_view date) {
  const auto time = base::ParseTime(date);
  return time ? base::FormatTime(*time) : std::string();
}

std::pair<std::string_view, std::string_view> SplitVendor(std::string_view vendor) {
  vendor = base::Trim(vendor);
  const size_t open = vendor.rfind('<');
  if (open == std::string_view::npos || open == 0 || !vendor.ends_with('>')) {
    return {vendor, {}};
  }
  return {base::Trim(vendor.substr(0, open)),
          base::Trim(vendor.substr(open + 1, vendor.size() - open - 2))};
}

}  // namespace scantling::report
