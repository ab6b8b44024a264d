// ToScreen: the first screen. What was looked at and with which data; at most eight lines to act
// on; counts and gaps; the few findings that deserve a line of their own. With `all`, every finding
// below its action (screen_all.cc).
#include "base/strings.h"
#include "report/screen_parts.h"
#include "report/summary.h"

#include <algorithm>
#include <set>

namespace scantling::report {
namespace {

constexpr size_t kMostActions = 8;
constexpr size_t kMostFindings = 7;

// The columns of the table: number, title (what is left), ends, risk, who, layer.
struct Table {
  explicit Table(size_t columns) : width(columns), title(std::min<size_t>(64, columns - 34)) {}
  size_t width;
  size_t title;

  std::string Row(std::string_view number, std::string_view text, std::string_view ends,
                  std::string_view risk, std::string_view who, std::string_view layer) const {
    std::string out = PadLeft(number, 2) + " " + Pad(text, title) + " " + PadLeft(ends, 5) + " " +
                      PadLeft(risk, 4) + "  " + Pad(who, 11) + " " + PadLeft(layer, 5);
    while (!out.empty() && out.back() == ' ') {
      out.pop_back();
    }
    return out;
  }
};

std::string WhoText(model::Owner owner) {
  return owner == model::Owner::kImage ? "image owner" : std::string(model::ToString(owner));
}

std::string ActionRows(const model::Report& report, const Table& table, size_t number,
                       const model::Action& action, const ScreenOptions& options) {
  const std::vector<std::string> title = Wrap(Clean(action.title), table.title);
  const std::string row =
      table.Row(std::to_string(number), title[0], std::to_string(action.resolves.size()),
                Percent(action.risk), WhoText(action.owner),
                action.layer < 0 ? "-" : std::to_string(action.layer));
  std::string reason = ReasonText(report, action, options);
  std::string out = Paint(row, Style::kBold, options.color);
  if (title.size() == 1 && !reason.empty() && Columns(row) + 2 + Columns(reason) <= table.width) {
    return out + "  " + Paint(reason, Style::kCyan, options.color) + "\n";
  }
  out += "\n";
  for (size_t i = 1; i < title.size(); ++i) {
    out += "   " + Paint(title[i], Style::kBold, options.color) + "\n";
  }
  if (!reason.empty()) {
    const std::vector<std::string> lines = Wrap(reason, table.width - 5);
    for (size_t i = 0; i < lines.size() && i < 2; ++i) {
      out += "     " +
             Paint(i == 1 && lines.size() > 2 ? Cut(lines[1] + " ...", table.width - 5) : lines[i],
                   Style::kCyan, options.color) +
             "\n";
    }
  }
  return out;
}

std::string DoNext(const model::Report& report, const Index& index, const ScreenOptions& options) {
  std::vector<const model::Action*> act;
  std::vector<const model::Action*> wait;
  for (const model::Action& action : report.actions) {
    (action.kind == model::ActionKind::kNothingYet ? wait : act).push_back(&action);
  }
  if (act.empty() && wait.empty()) {
    return {};
  }
  const Table table(WidthOf(options));
  std::string out = "\n";
  const std::string heading = table.Row("", "", "ends", "risk", "who", "layer");
  out += Paint("DO NEXT", Style::kBold, options.color) + heading.substr(7) + "\n";
  for (size_t i = 0; i < act.size() && i < kMostActions; ++i) {
    out += ActionRows(report, table, i + 1, *act[i], options);
  }
  if (act.size() > kMostActions) {
    std::set<std::string_view> more;
    double risk = 0;
    for (size_t i = kMostActions; i < act.size(); ++i) {
      more.insert(act[i]->resolves.begin(), act[i]->resolves.end());
      risk += act[i]->risk;
    }
    out += table.Row("", "and " + Count(act.size() - kMostActions, "smaller step") + " (--all)",
                     std::to_string(more.size()), Percent(risk), "", "") +
           "\n";
  }
  if (act.empty()) {
    out += "   Nothing in this image can be fixed today: no fix exists for what was found.\n";
  }
  if (!wait.empty()) {
    std::set<std::string_view> held;
    for (const model::Action* action : wait) {
      held.insert(action->resolves.begin(), action->resolves.end());
    }
    const std::string row =
        table.Row("", "nothing to do yet: no fix exists", std::to_string(held.size()), "", "", "");
    const std::string text = NothingYetText(index, wait) + " (--all shows why)";
    out += row;
    out += Columns(row) + 2 + Columns(text) <= table.width ? "  " + text + "\n"
                                                           : "\n     " + text + "\n";
  }
  return out;
}

bool IsWorthALine(const model::Finding& finding) {
  return finding.kev.has_value() || (finding.severity.level >= model::Level::kHigh &&
                                     finding.fix_state == model::FixState::kFixed);
}

std::string NoteText(const model::Finding& finding) {
  if (finding.kev) {
    return finding.kev->ransomware ? "exploited (KEV), ransomware" : "exploited (KEV)";
  }
  if (finding.exploit && finding.exploit->kind == model::ExploitKind::kWeaponised) {
    return "exploit in the wild kits";
  }
  if (finding.exploit && finding.exploit->kind == model::ExploitKind::kProofOfConcept) {
    return "exploit is public";
  }
  return {};
}

// One line per vulnerability; further components that have it are counted.
std::string WorthALine(const model::Report& report, const Index& index,
                       const ScreenOptions& options) {
  struct Line {
    const model::Finding* finding;
    uint64_t more;
  };
  std::vector<Line> lines;
  std::map<std::string_view, size_t> seen;
  for (const model::Finding& finding : report.findings) {
    if (!IsWorthALine(finding)) {
      continue;
    }
    const auto [at, is_new] = seen.emplace(finding.id, lines.size());
    if (is_new) {
      lines.push_back({&finding, 0});
    } else {
      ++lines[at->second].more;
    }
  }
  if (lines.empty()) {
    return {};
  }
  const size_t width = WidthOf(options);
  const size_t what_width = std::min<size_t>(56, width - 50);
  const std::string heading =
      Pad("WORST FINDINGS", 23) + Pad("where, and the fix", what_width) + " EPSS";
  std::string out = "\n" + Paint(heading, Style::kBold, options.color) + "\n";
  for (size_t i = 0; i < lines.size() && i < kMostFindings; ++i) {
    const model::Finding& finding = *lines[i].finding;
    std::string what = NameAndVersion(index.MaybeComponent(finding.component), finding.component);
    std::string note = NoteText(finding);
    if (lines[i].more != 0) {
      note += (note.empty() ? "+" : ", +") + std::to_string(lines[i].more) + " more";
    }
    if (!finding.fixed_versions.empty()) {
      const std::string fix = " -> " + Clean(finding.fixed_versions.front());
      what = Columns(what) + Columns(fix) <= what_width ? what + fix : what;
    } else {
      note += note.empty() ? "no fix" : ", no fix";
    }
    std::string row = " " + Letter(finding.severity.level, options.color) + " " +
                      Pad(Clean(finding.id), 19) + " " + Pad(what, what_width) + " " +
                      PadLeft(finding.epss ? Percent(finding.epss->probability) : "", 4) + "  " +
                      Cut(note, width - std::min(width - 4, what_width + 30));
    while (row.back() == ' ') {
      row.pop_back();
    }
    out += row + "\n";
  }
  if (lines.size() > kMostFindings) {
    out += "   and " + std::to_string(lines.size() - kMostFindings) +
           " more that are exploited, or high and fixable\n";
  }
  return out;
}

}  // namespace

std::string ToScreen(const model::Report& report, const ScreenOptions& options) {
  const Index index(report);
  std::string out = Header(report, options);
  if (options.all) {
    out += FullList(report, index, options);
    out += "\n" + Totals(report, options);
    return out;
  }
  out += DoNext(report, index, options);
  out += "\n" + Totals(report, options);
  out += WorthALine(report, index, options);
  if (!report.findings.empty()) {
    const std::string help =
        "ends: findings that a step ends. risk: its share of this image's risk. EPSS: the odds of "
        "exploitation within 30 days. C H M L N ?: severity. Every finding: --all. Why one is "
        "here: "
        "scantling explain ID SOURCE";
    out += "\n";
    for (const std::string& line : Wrap(help, WidthOf(options))) {
      out += Paint(line, Style::kDim, options.color) + "\n";
    }
  }
  return out;
}

}  // namespace scantling::report
