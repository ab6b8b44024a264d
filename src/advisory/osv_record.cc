#include "advisory/osv_record.h"

#include "advisory/ids.h"
#include "advisory/severity.h"
#include "base/strings.h"
#include "version/compare.h"

#include <algorithm>
#include <optional>

namespace scantling::advisory {
namespace {

// Advisories that gather several vulnerabilities; those are in `related`.
bool IsBundle(std::string_view id) {
  return id.starts_with("DSA-") || id.starts_with("DLA-") || id.starts_with("DTSA-") ||
         id.starts_with("ALSA-") || id.starts_with("ALBA-") || id.starts_with("ALEA-");
}

base::Seconds TimeOf(std::string_view text) {
  const auto time = base::ParseTime(text);
  return time && *time > 0 ? *time : 0;  // Go's records carry the year 1 for "unknown"
}

// The severity that AlmaLinux puts in front of its summaries: "Important: kernel-rt security
// update".
std::string_view Prefix(std::string_view summary) {
  const size_t colon = summary.find(": ");
  return colon == std::string_view::npos ? std::string_view() : summary.substr(0, colon);
}

// "container-tools:4.0" in "Moderate: container-tools:4.0 security update": the module stream that
// the advisory is about.
std::string_view ModuleIn(std::string_view summary) {
  const size_t colon = summary.find(": ");
  if (colon == std::string_view::npos) {
    return {};
  }
  for (const std::string_view word : base::Split(summary.substr(colon + 2), ' ')) {
    const size_t at = word.find(':');
    if (at != std::string_view::npos && at > 0 && at + 1 < word.size()) {
      return word;
    }
  }
  return {};
}

// A release string that only a build for a module has: "38.module_el8.9.0+3627+db8ec155".
bool IsModuleBuild(std::string_view version) {
  return version.find(".module_el") != std::string_view::npos;
}

bool IsZero(std::string_view version) { return version.empty() || version == "0"; }

void ApplyUrgency(std::string_view urgency, StatementRecord& statement, Interner& texts) {
  if (urgency.empty() || urgency == "not yet assigned") {
    return;
  }
  if (urgency == "unimportant" || urgency == "end-of-life") {
    statement.note = texts.Add(urgency);
  }
  if (urgency == "end-of-life") {
    statement.state = StatementState::kWontFix;
  } else {
    statement.level = LevelOf(urgency);
  }
}

// GHSA keeps the vulnerable range apart from the first patched version: "<= 1.2.3" bounds a range
// that may lack the latter. "< 2.0" without a patched version is read as its end.
void ApplyLastKnown(std::string_view last_known, std::vector<RangeRecord>& ranges,
                    Interner& texts) {
  if (ranges.size() != 1) {
    return;
  }
  RangeRecord& range = ranges[0];
  if (last_known.starts_with("<=")) {
    const std::string_view version = base::Trim(last_known.substr(2));
    if (range.last_affected == 0 && !version.empty()) {
      range.last_affected = texts.Add(version);
    }
  } else if (last_known.starts_with("<")) {
    const std::string_view version = base::Trim(last_known.substr(1));
    if (range.fixed == 0 && range.last_affected == 0 && !version.empty()) {
      range.fixed = texts.Add(version);
    }
  }
}

std::vector<RangeRecord> RangesOf(const OsvAffected& affected, Interner& texts) {
  const auto ecosystem =
      version::EcosystemFromName(affected.ecosystem.substr(0, affected.ecosystem.find(':')));
  std::vector<RangeRecord> ranges;
  bool versioned = false;
  const auto& list = affected.custom_ranges.empty() ? affected.ranges : affected.custom_ranges;
  for (const OsvRange& range : list) {
    if (range.type == "GIT") {
      continue;
    }
    versioned = true;
    const auto more = IntervalsOf(range, ecosystem, texts);
    ranges.insert(ranges.end(), more.begin(), more.end());
  }
  if (!versioned) {
    for (const std::string_view version : affected.versions) {
      RangeRecord one;
      one.introduced = texts.Add(version);
      one.last_affected = one.introduced;
      ranges.push_back(one);
    }
  }
  ApplyLastKnown(affected.last_known, ranges, texts);
  std::sort(ranges.begin(), ranges.end());
  ranges.erase(std::unique(ranges.begin(), ranges.end()), ranges.end());
  return ranges;
}

std::optional<StatementRecord> StatementOf(const OsvRecord& record, const OsvAffected& affected,
                                           const OsvOptions& options, FeedRecords& out) {
  const std::string_view family = affected.ecosystem.substr(0, affected.ecosystem.find(':'));
  if (family != options.ecosystem || affected.name.empty()) {
    return std::nullopt;
  }
  const auto name_space = NamespaceOf(affected.ecosystem);
  if (!name_space) {
    return std::nullopt;
  }
  StatementRecord statement;
  statement.name_space = out.texts.Add(*name_space);
  statement.package = out.texts.Add(PackageName(*name_space, affected.name));
  statement.ranges = RangesOf(affected, out.texts);
  if (statement.ranges.empty()) {
    return std::nullopt;  // nothing that a version could be compared with
  }
  for (const RangeRecord& range : statement.ranges) {
    if (range.fixed != 0 && IsZero(out.texts.Get(range.fixed))) {
      statement.state = StatementState::kNotAffected;
      statement.ranges.clear();
      break;
    }
  }
  ApplyUrgency(affected.urgency, statement, out.texts);
  if (family == "AlmaLinux") {
    statement.level = LevelOf(Prefix(record.summary));
    if (!statement.ranges.empty() && IsModuleBuild(out.texts.Get(statement.ranges[0].fixed))) {
      const std::string_view module = ModuleIn(record.summary);
      statement.module = out.texts.Add(module.empty() ? std::string_view("*") : module);
    }
  }
  for (const OsvImport& import : affected.imports) {
    std::string text(import.path);
    for (size_t i = 0; i < import.symbols.size(); ++i) {
      text += i == 0 ? '\t' : ',';
      text += import.symbols[i];
    }
    if (text.size() <= 16'384) {
      statement.imports.push_back(out.texts.Add(text));
    } else {
      statement.imports.push_back(out.texts.Add(import.path));  // every symbol of the package
    }
  }
  return statement;
}

// By version; of one version, what ends behind it (last_affected) after what begins with it.
// "introduced: 0" is before all versions.
void SortEvents(version::Ecosystem ecosystem, std::vector<OsvEvent>& events) {
  const auto begins = [](const OsvEvent& event) {
    return event.kind == OsvEvent::Kind::kIntroduced && IsZero(event.version);
  };
  const auto order = [&](const OsvEvent& a, const OsvEvent& b) -> std::optional<int> {
    if (begins(a) || begins(b)) {
      return static_cast<int>(begins(b)) - static_cast<int>(begins(a));
    }
    const auto by_version = version::Compare(ecosystem, a.version, b.version);
    if (!by_version) {
      return std::nullopt;
    }
    const auto ends = [](const OsvEvent& event) {
      return static_cast<int>(event.kind == OsvEvent::Kind::kLastAffected);
    };
    return *by_version != 0 ? *by_version : ends(a) - ends(b);
  };
  bool sorted = true;
  for (size_t i = 0; i + 1 < events.size(); ++i) {
    const auto next = order(events[i], events[i + 1]);
    if (!next) {
      return;
    }
    sorted = sorted && *next <= 0;
  }
  if (!sorted) {
    std::stable_sort(events.begin(), events.end(), [&](const OsvEvent& a, const OsvEvent& b) {
      return order(a, b).value_or(0) < 0;
    });
  }
}

}  // namespace

std::vector<RangeRecord> IntervalsOf(const OsvRange& range,
                                     std::optional<version::Ecosystem> ecosystem, Interner& texts) {
  std::vector<OsvEvent> events = range.events;
  if (events.size() == 2 && events[0].kind != OsvEvent::Kind::kIntroduced &&
      events[1].kind == OsvEvent::Kind::kIntroduced) {
    std::swap(events[0], events[1]);
  }
  if (ecosystem && events.size() > 2) {
    SortEvents(*ecosystem, events);
  }
  std::vector<RangeRecord> out;
  bool open = false;
  for (const OsvEvent& event : events) {
    if (event.kind == OsvEvent::Kind::kIntroduced) {
      if (!open) {
        out.emplace_back();
        out.back().introduced = IsZero(event.version) ? 0 : texts.Add(event.version);
        open = true;
      }
    } else if (open && !event.version.empty()) {
      (event.kind == OsvEvent::Kind::kFixed ? out.back().fixed : out.back().last_affected) =
          texts.Add(event.version);
      open = false;
    }
  }
  return out;
}

void AddOsv(const OsvRecord& record, const OsvOptions& options, FeedRecords& out) {
  ++out.records;
  const std::string_view day = record.modified.substr(0, 10);
  if (base::ParseTime(day) && day > out.newest) {
    out.newest = day;
  }
  const std::string id = CleanId(record.id);
  if (!record.withdrawn.empty()) {
    ++out.withdrawn_records;
    return;
  }
  AdvisoryRecord advisory;
  advisory.id = out.texts.Add(id);
  advisory.bundle = IsBundle(id);
  if (advisory.bundle) {
    for (const std::string_view related : record.related) {
      if (const std::string clean = CleanId(related); IsCve(clean)) {
        advisory.ids.push_back(out.texts.Add(clean));
      }
    }
    if (advisory.ids.empty() && (id.starts_with("ALBA-") || id.starts_with("ALEA-"))) {
      return;  // a bug fix or an enhancement
    }
  } else {
    for (const std::string_view alias : record.aliases) {
      if (const std::string clean = CleanId(alias); IsAliasId(clean)) {
        advisory.ids.push_back(out.texts.Add(clean));
      }
    }
  }
  std::sort(advisory.ids.begin(), advisory.ids.end());
  advisory.ids.erase(std::unique(advisory.ids.begin(), advisory.ids.end()), advisory.ids.end());
  advisory.published = TimeOf(record.published);
  if (!advisory.bundle || advisory.ids.empty()) {
    advisory.summary =
        out.texts.Add(SummaryLine(record.summary.empty() ? record.details : record.summary));
    advisory.summary_rank = options.summary_rank;
    for (const std::string_view vector : record.vectors) {
      if (auto severity = SeverityFromVector(options.severity_source, vector, out.texts)) {
        advisory.severities.push_back(*severity);
      }
    }
    if (advisory.severities.empty() && LevelOf(record.severity_word) != model::Level::kUnknown) {
      SeverityRecord severity;
      severity.source = out.texts.Add(options.severity_source);
      severity.level = LevelOf(record.severity_word);
      advisory.severities.push_back(severity);
    }
  }
  for (const OsvAffected& affected : record.affected) {
    if (auto statement = StatementOf(record, affected, options, out)) {
      advisory.statements.push_back(*std::move(statement));
    }
  }
  if (!advisory.statements.empty()) {
    out.advisories.push_back(std::move(advisory));
  }
}

}  // namespace scantling::advisory
