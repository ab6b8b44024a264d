#include "report/pipeline_parts.h"

#include "base/digest.h"
#include "base/strings.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace scantling::report {
namespace {

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == ':';
}

}  // namespace

Stages::Stages(const model::Report& report) {
  if (!report.verdict) {
    return;
  }
  for (const model::RuleOutcome& outcome : report.verdict->rules) {
    for (const std::string& key : outcome.findings) {
      const auto [at, is_new] = stages_.emplace(key, outcome.stage);
      if (!is_new) {
        at->second = std::max(at->second, outcome.stage);
      }
    }
  }
}

std::optional<model::Stage> Stages::Of(std::string_view finding_key) const {
  const auto found = stages_.find(finding_key);
  return found == stages_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<model::Stage> Stages::Of(const model::Action& action) const {
  std::optional<model::Stage> strongest;
  for (const std::string& key : action.resolves) {
    strongest = std::max(strongest, Of(key));
  }
  return strongest;
}

bool IsMet(const model::RuleOutcome& outcome) {
  return !outcome.findings.empty() || !outcome.matched.empty();
}

std::string_view VerdictWord(const model::Report& report) {
  if (!report.verdict) {
    return "no policy";
  }
  return report.verdict->stopped ? "stopped" : report.verdict->warned ? "warned" : "passed";
}

int32_t LineOf(const model::Report& report, int32_t layer) {
  const auto& layers = report.inventory.image.layers;
  if (report.inventory.image.dockerfile.empty() || layer < 0 ||
      static_cast<size_t>(layer) >= layers.size()) {
    return 0;
  }
  return std::max(layers[static_cast<size_t>(layer)].line, 0);
}

std::string PlaceOf(const model::Report& report, int32_t layer) {
  std::string out = report.inventory.image.dockerfile;
  if (const int32_t line = LineOf(report, layer); line > 0) {
    out += ":" + std::to_string(line);
  }
  return out;
}

bool IsOfThisChange(const model::Report& report, const model::Finding& finding) {
  return model::IsOpen(finding) &&
         (!report.comparison || finding.change == model::Change::kIntroduced);
}

std::vector<ChangeAction> ActionsOfThisChange(const model::Report& report) {
  std::map<std::string, const model::Finding*, std::less<>> wanted;
  for (const model::Finding& finding : report.findings) {
    if (IsOfThisChange(report, finding)) {
      wanted.emplace(model::FindingKey(finding.id, finding.component), &finding);
    }
  }
  std::vector<ChangeAction> out;
  for (const bool wait : {false, true}) {
    for (const model::Action& action : report.actions) {
      if ((action.kind == model::ActionKind::kNothingYet) != wait) {
        continue;
      }
      ChangeAction entry{&action, {}};
      for (const std::string& key : action.resolves) {
        if (const auto found = wanted.find(key); found != wanted.end()) {
          entry.findings.push_back(found->second);
          wanted.erase(found);
        }
      }
      if (entry.findings.empty()) {
        continue;
      }
      std::sort(entry.findings.begin(), entry.findings.end(),
                [](const model::Finding* a, const model::Finding* b) {
                  return std::tie(a->priority.rank, a->id, a->component) <
                         std::tie(b->priority.rank, b->id, b->component);
                });
      out.push_back(std::move(entry));
    }
  }
  return out;
}

std::string RepositoryOf(const model::Report& report) {
  const model::Image& image = report.inventory.image;
  std::string_view name = image.reference.empty() ? image.source : image.reference;
  name = name.substr(0, name.find('@'));
  const size_t slash = name.rfind('/');
  const size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    name = name.substr(0, colon);
  }
  return std::string(name);
}

StableKeys::StableKeys(const model::Report& report) {
  for (const model::Component& component : report.inventory.components) {
    components_.emplace(component.ref, &component);
  }
}

std::string StableKeys::Next(const model::Finding& finding) {
  const auto found = components_.find(finding.component);
  std::string key = finding.id;
  key += '\n';
  if (found != components_.end()) {
    key += version::PurlType(found->second->type);
    key += '\n';
    key += found->second->name;
  } else {
    key += finding.component;
  }
  const uint32_t times = seen_[key]++;
  if (times != 0) {
    key += '\n';
    key += std::to_string(times);
  }
  return base::Sha256Of(base::AsBytes(key)).Hex();
}

std::string UuidOf(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i < 32 && i < hex.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) {
      out += '-';
    }
    out += i == 12 ? '5' : i == 16 ? '8' : hex[i];
  }
  return out;
}

std::string AdvisoryLink(std::string_view id) {
  if (id.empty() || id.size() > 64 || !std::all_of(id.begin(), id.end(), IsIdCharacter)) {
    return {};
  }
  std::string out;
  if (id.starts_with("CVE-")) {
    out = "https://nvd.nist.gov/vuln/detail/";
  } else if (id.starts_with("GHSA-")) {
    out = "https://github.com/advisories/";
  } else if (id.find('-') != std::string_view::npos) {
    out = "https://osv.dev/vulnerability/";
  } else {
    return {};
  }
  return out.append(id);
}

std::string SolutionOf(const model::Finding& finding, const model::Component* maybe_component) {
  const std::string note = finding.fix_note.empty() ? "" : " (" + finding.fix_note + ")";
  switch (finding.fix_state) {
    case model::FixState::kFixed: {
      std::string out = "upgrade ";
      out += NameOf(maybe_component, finding);
      if (!finding.fixed_versions.empty()) {
        out += " to " + finding.fixed_versions.front();
      }
      return out;
    }
    case model::FixState::kNotFixed:
      return "no fix yet" + note;
    case model::FixState::kWontFix:
      return "will not be fixed" + note;
    case model::FixState::kDeferred:
      return "the fix is put off" + note;
    case model::FixState::kUnknown:
      break;
  }
  return "whether there is a fix is not known" + note;
}

std::string_view NameOf(const model::Component* maybe_component, const model::Finding& finding) {
  return maybe_component == nullptr || maybe_component->name.empty()
             ? std::string_view(finding.component)
             : std::string_view(maybe_component->name);
}

std::string CutBytes(std::string_view clean, size_t bytes) {
  if (clean.size() <= bytes) {
    return std::string(clean);
  }
  size_t end = bytes > 2 ? bytes - 2 : 0;
  while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xC0U) == 0x80) {
    --end;
  }
  return std::string(clean.substr(0, end)) + "..";
}

}  // namespace scantling::report
