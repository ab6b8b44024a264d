#include "report/pipeline_parts.h"

#include "base/digest.h"
#include "base/strings.h"
#include "report/screen_parts.h"
#include "report/summary.h"
#include "report/text.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace scantling::report {
namespace {

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == ':';
}

// Whether a rule stops or warns about it.
bool IsAsked(const Stages& stages, const model::Finding& finding) {
  return model::IsOpen(finding) &&
         stages.Of(model::FindingKey(finding.id, finding.component)) >= model::Stage::kWarn;
}

std::string FirstParts(std::vector<std::string> parts, size_t most) {
  if (parts.size() > most) {
    const size_t more = parts.size() - most;
    parts.resize(most);
    parts.push_back("and " + std::to_string(more) + " more");
  }
  return base::Join(parts, "; ");
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

bool IsWorthALine(const model::RuleOutcome& outcome) {
  return IsMet(outcome) || !outcome.in_grace.empty() || !outcome.routed.empty() ||
         !outcome.excepted.empty() || !outcome.unknown.empty() || !outcome.unknown_why.empty() ||
         outcome.stage < outcome.asked;
}

std::string_view RuleWord(const model::RuleOutcome& outcome) {
  if (IsMet(outcome)) {
    return outcome.stage == model::Stage::kEnforce ? "stops"
           : outcome.stage == model::Stage::kWarn  ? "warns"
                                                   : "notes";
  }
  return !outcome.in_grace.empty()                                  ? "in grace"
         : !outcome.routed.empty()                                  ? "told"
         : !outcome.unknown.empty() || !outcome.unknown_why.empty() ? "undecided"
                                                                    : "not met";
}

std::string RuleDate(const model::RuleOutcome& outcome) {
  const std::string date = CutBytes(Clean(outcome.deadline), 40);
  return date.empty() ? date : (IsMet(outcome) ? "due " : "counts from ") + date;
}

std::vector<std::string> RuleFacts(const model::RuleOutcome& outcome) {
  std::vector<std::string> facts;
  if (!outcome.findings.empty()) {
    facts.push_back(Count(outcome.findings.size(), "finding"));
  }
  if (!outcome.matched.empty()) {
    facts.push_back(CutBytes(Clean(outcome.matched), 300));
  }
  if (!outcome.in_grace.empty()) {
    facts.push_back(std::to_string(outcome.in_grace.size()) + " in grace");
  }
  if (!outcome.routed.empty()) {
    facts.push_back(std::to_string(outcome.routed.size()) + " new in the world, told to " +
                    (outcome.who.empty() ? "the owner" : CutBytes(Clean(outcome.who), 60)));
  }
  if (!outcome.excepted.empty()) {
    facts.push_back(std::to_string(outcome.excepted.size()) + " left out by an exception");
  }
  if (!outcome.unknown.empty() || !outcome.unknown_why.empty()) {
    std::string fact = outcome.unknown.empty()
                           ? "undecided"
                           : std::to_string(outcome.unknown.size()) + " undecided";
    if (!outcome.unknown_why.empty()) {
      fact += ": " + CutBytes(Clean(outcome.unknown_why), 200);
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

std::string_view VerdictWord(const model::Report& report) {
  if (!report.verdict) {
    return "no policy";
  }
  return report.verdict->stopped ? "stopped" : report.verdict->warned ? "warned" : "passed";
}

std::string FailedText(const model::Report& report) {
  std::vector<std::string> parts;
  if (report.verdict) {
    for (const std::string& note : report.verdict->notes) {
      parts.push_back(CutBytes(Clean(note), 1000));
    }
  }
  return parts.empty() ? "the image could not be scanned" : base::Join(parts, "; ");
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

std::vector<const model::Finding*> FindingsToTell(const model::Report& report) {
  const Stages stages(report);
  std::vector<const model::Finding*> out;
  for (const model::Finding& finding : report.findings) {
    if (IsOfThisChange(report, finding) || IsAsked(stages, finding)) {
      out.push_back(&finding);
    }
  }
  return out;
}

std::vector<ToldAction> ActionsToTell(const model::Report& report) {
  const std::vector<const model::Finding*> told = FindingsToTell(report);
  std::map<std::string, const model::Finding*, std::less<>> wanted;
  for (const model::Finding* finding : told) {
    wanted.emplace(model::FindingKey(finding->id, finding->component), finding);
  }
  std::vector<ToldAction> out;
  for (const bool wait : {false, true}) {
    for (const model::Action& action : report.actions) {
      if ((action.kind == model::ActionKind::kNothingYet) != wait) {
        continue;
      }
      ToldAction entry{&action, {}};
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
  if (!wanted.empty()) {
    static const model::Action kNone;
    ToldAction entry{&kNone, {}};
    for (const model::Finding* finding : told) {
      if (wanted.contains(model::FindingKey(finding->id, finding->component))) {
        entry.findings.push_back(finding);
      }
    }
    out.push_back(std::move(entry));
  }
  return out;
}

std::string_view WaitText(const ToldAction& entry) {
  return std::any_of(entry.findings.begin(), entry.findings.end(),
                     [](const model::Finding* finding) {
                       return finding->fix_state == model::FixState::kFixed;
                     })
             ? "a fix exists, no step is known"
             : "no fix to install yet";
}

std::string EndsText(const model::Report& report, const ToldAction& entry, size_t most) {
  std::string out = IdsText(entry.findings, most);
  const model::Finding* other = nullptr;
  size_t others = 0;
  bool alike = true;
  for (const model::Finding* finding : entry.findings) {
    if (!IsOfThisChange(report, *finding)) {
      alike = alike && (other == nullptr || other->change == finding->change);
      other = finding;
      ++others;
    }
  }
  if (other == nullptr) {
    return out;
  }
  out += others < entry.findings.size() ? " (" + std::to_string(others) + " of them " : " (";
  out += alike && other->change == model::Change::kExisting    ? "there before this change"
         : alike && other->change == model::Change::kInherited ? "inherited from the base"
                                                               : "not this change's";
  return out + ")";
}

std::string RepositoryOf(const model::Report& report) {
  std::string_view name = ImageNameOf(report);
  name = name.substr(0, name.find('@'));
  const size_t slash = name.rfind('/');
  const size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    name = name.substr(0, colon);
  }
  return std::string(name);
}

const std::string& ImageNameOf(const model::Report& report) {
  const model::Image& image = report.inventory.image;
  return image.reference.empty() ? image.source : image.reference;
}

std::string IdsText(const std::vector<const model::Finding*>& findings, size_t most) {
  std::vector<std::string> ids;
  std::set<std::string_view> seen;
  for (const model::Finding* finding : findings) {
    if (seen.insert(finding->id).second && ids.size() < most) {
      ids.push_back(CutBytes(Clean(finding->id), 60));
    }
  }
  std::string out = base::Join(ids, ", ");
  if (seen.size() > ids.size()) {
    out += " and " + std::to_string(seen.size() - ids.size()) + " more";
  }
  return out;
}

std::string CountsText(const std::vector<const model::Finding*>& findings) {
  if (findings.empty()) {
    return {};
  }
  std::array<uint64_t, 6> levels{};
  uint64_t exploited = 0;
  for (const model::Finding* finding : findings) {
    ++levels[static_cast<size_t>(finding->severity.level) % levels.size()];
    exploited += finding->kev ? 1 : 0;
  }
  std::string out = Count(findings.size(), "finding") + ": " + LevelCounts(levels);
  if (exploited != 0) {
    out += "; " + std::to_string(exploited) + " exploited (KEV)";
  }
  return out;
}

std::vector<const model::Finding*> FindingsOfThisChange(const model::Report& report) {
  std::vector<const model::Finding*> out;
  for (const model::Finding& finding : report.findings) {
    if (IsOfThisChange(report, finding)) {
      out.push_back(&finding);
    }
  }
  return out;
}

std::string OthersToTellText(const model::Report& report) {
  const Stages stages(report);
  uint64_t stop = 0;
  uint64_t warn = 0;
  for (const model::Finding& finding : report.findings) {
    if (IsAsked(stages, finding) && !IsOfThisChange(report, finding)) {
      const auto stage = stages.Of(model::FindingKey(finding.id, finding.component));
      ++(stage == model::Stage::kEnforce ? stop : warn);
    }
  }
  if (stop == 0 && warn == 0) {
    return {};
  }
  const auto part = [](uint64_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
  };
  std::vector<std::string> parts;
  if (stop != 0) {
    parts.push_back(part(stop, "stops", "stop"));
  }
  if (warn != 0) {
    parts.push_back(part(warn, "warns", "warn"));
  }
  return "of the others " + base::Join(parts, ", ");
}

std::string NotYoursText(const model::Report& report) {
  if (!report.comparison) {
    return {};
  }
  const model::Comparison& comparison = *report.comparison;
  std::vector<std::string> parts;
  if (comparison.inherited != 0) {
    parts.push_back(std::to_string(comparison.inherited) +
                    " inherited from the base (image owner)");
  }
  if (comparison.new_in_world != 0) {
    std::set<std::string> who;
    if (report.verdict) {
      for (const model::RuleOutcome& outcome : report.verdict->rules) {
        if (!outcome.routed.empty() && !outcome.who.empty()) {
          who.insert(CutBytes(Clean(outcome.who), 60));
        }
      }
    }
    std::vector<const model::Finding*> published;
    for (const model::Finding& finding : report.findings) {
      if (model::IsOpen(finding) && finding.change == model::Change::kNewInWorld) {
        published.push_back(&finding);
      }
    }
    std::string part =
        std::to_string(comparison.new_in_world) + " new in the world: " + IdsText(published, 3);
    if (!who.empty()) {
      part +=
          " (told to " + base::Join(std::vector<std::string>(who.begin(), who.end()), ", ") + ")";
    }
    parts.push_back(std::move(part));
  }
  if (comparison.existing != 0) {
    parts.push_back(std::to_string(comparison.existing) + " there before this change");
  }
  return base::Join(parts, ", ");
}

std::vector<std::string> EndingExceptions(const model::Report& report) {
  std::vector<std::string> parts;
  for (const model::ExceptionUse& use : report.exceptions) {
    const std::string id = CutBytes(Clean(use.id.empty() ? use.where : use.id), 60);
    const std::string until = CutBytes(Clean(use.until), 30);
    if (use.state == "expired") {
      parts.push_back(id + " expired" + (until.empty() ? "" : " on " + until));
    } else if (use.state == "expiring") {
      parts.push_back(id + " ends on " + until);
    } else if (use.state == "invalid") {
      parts.push_back(id + " does not count: " + CutBytes(Clean(use.note), 100));
    }
  }
  return parts;
}

std::string EndingExceptionsText(const model::Report& report) {
  return FirstParts(EndingExceptions(report), 6);
}

std::vector<std::string> NotCovered(const model::Report& report, std::optional<base::Seconds> now) {
  std::vector<std::string> parts;
  std::string oldest;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    if (!ecosystem.data_as_of.empty() && (oldest.empty() || ecosystem.data_as_of < oldest)) {
      oldest = ecosystem.data_as_of;
    }
  }
  if (const auto time = base::ParseTime(oldest);
      time && now && *now - *time > 30 * base::kSecondsPerDay) {
    parts.push_back("the data is " + Span(*now - *time) + " old");
  }
  for (const std::string& gap : Gaps(report)) {
    parts.push_back(CutBytes(Clean(gap), 120));
  }
  for (const model::Diagnostic& diagnostic : report.inventory.diagnostics) {
    if (diagnostic.code == "dockerfile.unmapped" &&
        diagnostic.severity == model::Severity::kWarning) {
      parts.push_back(CutBytes(Clean(diagnostic.path), 60) + ": " +
                      CutBytes(Clean(diagnostic.message), 150));
    }
  }
  if (report.comparison) {
    for (const std::string& note : report.comparison->notes) {
      parts.push_back("not compared: " + CutBytes(Clean(note), 120));
    }
  }
  return parts;
}

std::string NotCoveredText(const model::Report& report, std::optional<base::Seconds> now) {
  return FirstParts(NotCovered(report, now), 8);
}

std::string FitParts(const std::vector<std::string>& parts, size_t columns) {
  std::string whole = base::Join(parts, "; ");
  if (Columns(whole) <= columns) {
    return whole;
  }
  const auto more = [](size_t count) { return "; and " + std::to_string(count) + " more"; };
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string next = (i == 0 ? "" : "; ") + parts[i];
    const size_t left = parts.size() - i - 1;
    if (i > 0 && Columns(out + next + more(left)) > columns) {
      return out + more(left + 1);
    }
    out += next;
  }
  return out;
}

std::string DataDates(const model::Report& report) {
  std::string oldest;
  std::string newest;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    if (!ecosystem.data_as_of.empty()) {
      oldest = oldest.empty() ? ecosystem.data_as_of : std::min(oldest, ecosystem.data_as_of);
      newest = std::max(newest, ecosystem.data_as_of);
    }
  }
  return CutBytes(Clean(oldest == newest ? oldest : oldest + " to " + newest), 60);
}

std::string PolicyText(const model::Report& report) {
  if (!report.verdict) {
    return {};
  }
  const model::Verdict& verdict = *report.verdict;
  std::string out = "policy " + CutBytes(Clean(verdict.policy), 60);
  if (!verdict.environment.empty()) {
    out += ", environment " + CutBytes(Clean(verdict.environment), 60);
  }
  if (!verdict.team.empty()) {
    out += ", team " + CutBytes(Clean(verdict.team), 60);
  }
  return out;
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

Steps::Steps(const model::Report& report) {
  for (const model::Action& action : report.actions) {
    if (action.kind != model::ActionKind::kNothingYet) {
      for (const std::string& key : action.resolves) {
        steps_.emplace(key, &action);
      }
    }
  }
}

const model::Action* Steps::MaybeOf(const model::Finding& finding) const {
  const auto found = steps_.find(model::FindingKey(finding.id, finding.component));
  return found == steps_.end() ? nullptr : found->second;
}

std::string SolutionOf(const model::Finding& finding, const model::Component* maybe_component,
                       const model::Action* maybe_step) {
  if (maybe_step != nullptr) {
    const bool fixed =
        finding.fix_state == model::FixState::kFixed && !finding.fixed_versions.empty();
    return maybe_step->title +
           (fixed ? " (fixed in " + finding.fixed_versions.front() + ")" : std::string());
  }
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
