#include "report/screen_parts.h"

#include "base/strings.h"
#include "report/summary.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

namespace scantling::report {
namespace {

constexpr base::Seconds kOldData = 30 * base::kSecondsPerDay;
constexpr base::Seconds kEndOfLifeNear = 180 * base::kSecondsPerDay;

std::string DistroText(const model::Distro& distro) {
  if (distro.id.empty()) {
    return "no distribution found";
  }
  std::string name = distro.id;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames = {
      {{"debian", "Debian"},
       {"alpine", "Alpine"},
       {"ubuntu", "Ubuntu"},
       {"almalinux", "AlmaLinux"},
       {"rhel", "RHEL"},
       {"rocky", "Rocky Linux"},
       {"fedora", "Fedora"},
       {"wolfi", "Wolfi"}}};
  for (const auto& [id, shown] : kNames) {
    if (name == id) {
      name = shown;
    }
  }
  std::string out = name;
  if (!distro.version_id.empty()) {
    out += " " + distro.version_id;
  }
  if (!distro.codename.empty()) {
    out += " (" + distro.codename + ")";
  }
  return Clean(out);
}

// Things side by side, two blanks between them, on as many lines as needed.
std::string SideBySide(const std::vector<std::string>& things, size_t width, bool color) {
  std::string out;
  size_t used = 0;
  for (const std::string& thing : things) {
    const size_t columns = Columns(thing);
    if (used != 0 && used + 2 + columns > width) {
      out += "\n";
      used = 0;
    }
    const bool first = out.empty();
    if (used != 0) {
      out += "  ";
      used += 2;
    }
    out += Paint(thing, first ? Style::kBold : Style::kPlain, color);
    used += columns;
  }
  return out + "\n";
}

// Date of the oldest data that this image was checked with, "" none.
std::string OldestData(const model::Report& report) {
  std::string oldest;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    if (!ecosystem.data_as_of.empty() && (oldest.empty() || ecosystem.data_as_of < oldest)) {
      oldest = ecosystem.data_as_of;
    }
  }
  return oldest;
}

// "2025-02-12 (debian:12), 2025-02-18 (npm, pypi)"
std::string DataText(const model::Report& report) {
  std::map<std::string, std::vector<std::string>> by_date;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    if (!ecosystem.data_as_of.empty()) {
      by_date[Clean(ecosystem.data_as_of)].push_back(Clean(ecosystem.name));
    }
  }
  std::vector<std::string> parts;
  for (const auto& [date, names] : by_date) {
    parts.push_back(date + " (" + base::Join(names, ", ") + ")");
  }
  return base::Join(parts, ", ");
}

std::string EndOfLifeText(const model::Report& report, const ScreenOptions& options) {
  const auto end = base::ParseTime(report.distro_end_of_life);
  if (!end || !options.now) {
    return {};
  }
  const std::string name = DistroText(report.inventory.image.distro);
  if (*end < *options.now) {
    return name + " reached its end of life on " + base::FormatDate(*end) + ", " +
           Span(*options.now - *end) + " ago: new holes are no longer fixed in it.";
  }
  if (*end - *options.now < kEndOfLifeNear) {
    return name + " reaches its end of life on " + base::FormatDate(*end) + ", in " +
           Span(*end - *options.now) + ".";
  }
  return {};
}

// When the base was made: its last layer's date, else the image's where the whole image is base.
std::optional<base::Seconds> BaseTime(const model::Report& report) {
  const auto& layers = report.inventory.image.layers;
  if (report.base_layers > 0 && static_cast<size_t>(report.base_layers) <= layers.size()) {
    return base::ParseTime(layers[static_cast<size_t>(report.base_layers) - 1].created);
  }
  return std::nullopt;
}

}  // namespace

Index::Index(const model::Report& report) {
  components_.reserve(report.inventory.components.size());
  findings_.reserve(report.findings.size());
  for (const model::Component& component : report.inventory.components) {
    components_.emplace(component.ref, &component);
  }
  for (const model::Finding& finding : report.findings) {
    findings_.try_emplace({finding.id, finding.component}, &finding);
  }
}

const model::Component* Index::MaybeComponent(std::string_view ref) const {
  const auto found = components_.find(ref);
  return found == components_.end() ? nullptr : found->second;
}

const model::Finding* Index::MaybeFinding(std::string_view key) const {
  // An id has no '@'; a component's ref may.
  const size_t at = key.find('@');
  if (at == std::string_view::npos) {
    return nullptr;
  }
  const auto found = findings_.find({key.substr(0, at), key.substr(at + 1)});
  return found == findings_.end() ? nullptr : found->second;
}

size_t WidthOf(const ScreenOptions& options) {
  return static_cast<size_t>(std::clamp(options.width, 64, 200));
}

std::string Letter(model::Level level, bool color) {
  static constexpr std::array<std::pair<std::string_view, Style>, 6> kLetters = {
      {{"?", Style::kPlain},
       {"N", Style::kDim},
       {"L", Style::kGreen},
       {"M", Style::kYellow},
       {"H", Style::kRed},
       {"C", Style::kBrightRed}}};
  const auto& [letter, style] = kLetters[std::to_underlying(level) % kLetters.size()];
  return Paint(letter, style, color);
}

std::string LevelCounts(const std::array<uint64_t, 6>& by_level) {
  std::vector<std::string> parts;
  for (size_t level = by_level.size(); level-- > 0;) {
    if (by_level[level] != 0) {
      std::string part = std::to_string(by_level[level]) + " ";
      part += level == 0 ? "without a severity" : model::ToString(static_cast<model::Level>(level));
      parts.push_back(std::move(part));
    }
  }
  return base::Join(parts, ", ");
}

std::string NameAndVersion(const model::Component* maybe_component, std::string_view ref) {
  if (maybe_component == nullptr) {
    return Clean(ref);
  }
  std::string_view name = maybe_component->name;
  if (maybe_component->type == version::Ecosystem::kMaven) {
    name = name.substr(name.rfind(':') + 1);
  }
  std::string out(name);
  if (!maybe_component->version.empty()) {
    out += " " + maybe_component->version;
  }
  return Clean(out);
}

std::string LayerNumber(int32_t layer) {
  return layer < 0 ? "-" : std::to_string(int64_t{layer} + 1);
}

std::string Percent(double share) {
  if (!(share >= 0)) {
    return {};
  }
  if (share < 0.005) {
    return "<1%";
  }
  return std::to_string(static_cast<int>(std::min(share, 1.0) * 100 + 0.5)) + "%";
}

std::string DueText(const std::string& due, const ScreenOptions& options) {
  const auto date = base::ParseTime(due);
  if (!date) {
    return {};
  }
  if (!options.now) {
    return "due " + base::FormatDate(*date);
  }
  const base::Seconds today = *options.now - *options.now % base::kSecondsPerDay;
  if (*date < today) {
    return "overdue " + Span(today - *date);
  }
  return *date - today < base::kSecondsPerDay ? "due today" : "due in " + Span(*date - today);
}

std::string ReasonText(const model::Report& report, const model::Action& action,
                       const ScreenOptions& options) {
  std::vector<std::string> parts;
  if (!action.reason.empty()) {
    parts.push_back(Clean(action.reason));
  }
  if ((action.kind == model::ActionKind::kRebuildBase ||
       action.kind == model::ActionKind::kLeaveBase) &&
      options.now) {
    const auto made = BaseTime(report);
    if (made && *made < *options.now) {
      parts.push_back("base is " + Span(*options.now - *made) + " old");
    }
  }
  if (std::string due = DueText(action.due, options); !due.empty()) {
    parts.push_back(std::move(due));
  }
  return base::Join(parts, "; ");
}

std::string NothingYetText(const Index& index, const std::vector<const model::Action*>& actions) {
  std::array<uint64_t, 6> by_level{};
  uint64_t upstream = 0;
  std::string oldest;
  for (const model::Action* action : actions) {
    for (const std::string& key : action->resolves) {
      if (const model::Finding* finding = index.MaybeFinding(key)) {
        ++by_level[std::to_underlying(finding->severity.level)];
        upstream += finding->fix_state == model::FixState::kFixed ? 1 : 0;
        if (!finding->published.empty() && (oldest.empty() || finding->published < oldest)) {
          oldest = finding->published;
        }
      }
    }
  }
  // The two worst levels will do here; the totals have them all.
  std::array<uint64_t, 6> worst{};
  size_t kept = 0;
  for (size_t level = by_level.size(); level-- > 0 && kept < 2;) {
    worst[level] = by_level[level];
    kept += by_level[level] != 0 ? 1 : 0;
  }
  std::string out = LevelCounts(worst);
  if (upstream != 0) {
    out += (out.empty() ? "" : "; ") + std::to_string(upstream) + " fixed upstream only";
  }
  if (!oldest.empty()) {
    out += (out.empty() ? "oldest since " : "; oldest since ") +
           Clean(std::string_view(oldest).substr(0, 7));
  }
  return out;
}

std::string Labelled(std::string_view label, std::string_view text, size_t width, bool color) {
  std::string out = Paint(label, Style::kBold, color);
  const size_t indent = Columns(label) + 1;
  bool first = true;
  for (const std::string& line : Wrap(text, width - std::min(width / 2, indent))) {
    out += first ? std::string(1, ' ') : std::string(indent, ' ');
    out += line;
    out += "\n";
    first = false;
  }
  return out;
}

std::string Header(const model::Report& report, const ScreenOptions& options) {
  const size_t width = WidthOf(options);
  const model::Image& image = report.inventory.image;
  std::string out;
  if (report.database.embedded) {
    out += Labelled(
        "NOTE",
        "This scan used the starter set of advisories inside the program, for no database is "
        "installed: a few well-known ones, so most vulnerabilities are missing. A full one: "
        "scantling db build --feeds DIR",
        width, options.color);
    out += "\n";
  }
  std::string counts = Count(report.inventory.components.size(), "component");
  if (!image.layers.empty()) {
    counts += " in " + Count(image.layers.size(), "layer");
  }
  std::vector<std::string> things = {
      Clean(image.reference.empty() ? image.source : image.reference)};
  if (!image.platform.empty()) {
    things.push_back(Clean(image.platform));
  }
  things.push_back(DistroText(image.distro));
  things.push_back(std::move(counts));
  out += SideBySide(things, width, options.color);
  const std::string data = DataText(report);
  out += data.empty() ? "no advisory data for anything in this image\n"
                      : Labelled("data as of", data, width, false);
  if (const auto oldest = base::ParseTime(OldestData(report));
      oldest && options.now && *options.now - *oldest > kOldData) {
    const int64_t days = (*options.now - *oldest) / base::kSecondsPerDay;
    out += Paint("           the oldest of it is " + std::to_string(days) +
                     " days old: later CVEs are not seen",
                 Style::kYellow, options.color) +
           "\n";
  }
  if (const std::string end = EndOfLifeText(report, options); !end.empty()) {
    for (const std::string& line : Wrap(end, width)) {
      out += Paint(line, Style::kYellow, options.color) + "\n";
    }
  }
  return out;
}

std::string Totals(const model::Report& report, const ScreenOptions& options) {
  const size_t width = WidthOf(options);
  const Summary summary = Summarize(report);
  std::string out;
  std::vector<std::string> checked;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    if (ecosystem.state == model::DataState::kCovered ||
        ecosystem.state == model::DataState::kStarterSet) {
      const uint64_t looked_up =
          ecosystem.components - std::min(ecosystem.skipped, ecosystem.components);
      checked.push_back(Clean(std::to_string(looked_up) + " " + ecosystem.name + " (" +
                              (ecosystem.data_as_of.empty() ? "undated" : ecosystem.data_as_of) +
                              ")"));
    }
  }
  if (summary.findings != 0) {
    std::string text = LevelCounts(summary.by_level);
    text += "; " + std::to_string(summary.exploited) + " exploited (KEV), " +
            std::to_string(summary.fixable) + " with a fix";
    out += Labelled(Count(summary.findings, "finding") + ":", text, width, options.color);
  } else if (summary.components == 0) {
    out +=
        Labelled("Nothing found to check:",
                 "no installed package was recognised in this image. That is not a clean result.",
                 width, options.color);
  } else if (checked.empty()) {
    out += Labelled("Nothing was checked:",
                    "the database has no advisories for what is in this image. That is not a clean "
                    "result.",
                    width, options.color);
  } else {
    out += Labelled(
        "No known vulnerability",
        (report.findings.empty() ? "in what was checked: " : "is open in what was checked: ") +
            base::Join(checked, ", ") + ".",
        width, options.color);
  }
  out += ClosedText(report, options);
  const std::vector<std::string> gaps = Gaps(report);
  std::string text =
      gaps.empty() ? "none; " + Count(report.inventory.coverage.read, "package file") +
                         (summary.components == 0 ? " read" : " read, every ecosystem has data")
                   : Clean(base::Join(gaps, "; "));
  const auto& diagnostics = report.inventory.diagnostics;
  const auto warnings = std::count_if(diagnostics.begin(), diagnostics.end(), [](const auto& one) {
    return one.severity == model::Severity::kWarning;
  });
  if (warnings != 0) {
    text += "; " + Count(static_cast<uint64_t>(warnings), "warning") +
            (options.all ? " above" : " (--all)");
  }
  out += Labelled("Gaps:", text, width, options.color);
  return out;
}

}  // namespace scantling::report
