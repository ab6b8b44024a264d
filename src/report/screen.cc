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
constexpr size_t kMostFindings = 6;

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

// A reason on one line: of its parts ("a; b; c") the first, cut when it must be, the last, which
// says when it is due, and as many between as fit.
std::string Shorten(const std::string& reason, size_t width) {
  if (Columns(reason) <= width) {
    return reason;
  }
  std::vector<std::string> parts;
  for (size_t at = 0; at < reason.size();) {
    const size_t end = std::min(reason.find("; ", at), reason.size());
    parts.push_back(reason.substr(at, end - at));
    at = std::min(end + 2, reason.size());
  }
  std::string last;
  if (parts.size() > 1 && Columns(parts.back()) <= width / 2) {
    last = "; " + parts.back();
    parts.pop_back();
  }
  const size_t room = width - Columns(last);
  std::string out = Cut(parts.front(), room);
  for (size_t i = 1; i < parts.size(); ++i) {
    if (Columns(out) + 2 + Columns(parts[i]) <= room) {
      out += "; " + parts[i];
    }
  }
  return out + last;
}

std::string ActionRows(const model::Report& report, const Table& table, size_t number,
                       const model::Action& action, const ScreenOptions& options) {
  const std::vector<std::string> title = Wrap(Clean(action.title), table.title);
  const std::string row =
      table.Row(std::to_string(number), title[0], std::to_string(action.resolves.size()),
                Percent(action.risk), WhoText(action.owner), LayerNumber(action.layer));
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
    out += "     " + Paint(Shorten(reason, table.width - 5), Style::kCyan, options.color) + "\n";
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
    out +=
        "   Nothing in this image can be fixed today: there is no fix that could be installed.\n";
  }
  if (!wait.empty()) {
    std::set<std::string_view> held;
    for (const model::Action* action : wait) {
      held.insert(action->resolves.begin(), action->resolves.end());
    }
    const std::string row = table.Row("", "nothing to do yet: no fix to install",
                                      std::to_string(held.size()), "", "", "");
    const std::string text = NothingYetText(index, wait) + " (--all shows why)";
    if (Columns(row) + 2 + Columns(text) <= table.width) {
      out += row + "  " + text + "\n";
    } else {
      out += row + "\n     " + Cut(text, table.width - 5) + "\n";
    }
  }
  return out;
}

bool IsWorthALine(const model::Finding& finding) {
  if (!model::IsOpen(finding)) {
    return false;
  }
  return finding.kev.has_value() || (finding.severity.level >= model::Level::kHigh &&
                                     finding.fix_state == model::FixState::kFixed);
}

std::string NoteText(const model::Finding& finding) {
  if (finding.kev) {
    return "exploited (KEV)";
  }
  if (finding.exploit && finding.exploit->kind == model::ExploitKind::kWeaponised) {
    return "ready-made exploit";
  }
  if (finding.exploit && finding.exploit->kind == model::ExploitKind::kProofOfConcept) {
    return "public exploit";
  }
  return {};
}

// One line per vulnerability; further components that have it are counted. With a comparison: of
// those that this change brings, which is what was asked.
std::string WorthALine(const model::Report& report, const Index& index,
                       const ScreenOptions& options) {
  struct Line {
    const model::Finding* finding;
    uint64_t more;
  };
  const bool compared = report.comparison.has_value();
  std::vector<Line> lines;
  std::map<std::string_view, size_t> seen;
  for (const model::Finding& finding : report.findings) {
    const bool shown = compared
                           ? model::IsOpen(finding) && finding.change == model::Change::kIntroduced
                           : IsWorthALine(finding);
    if (!shown) {
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
  struct Row {
    std::string what;
    std::string odds;
    std::string note;
  };
  std::vector<Row> rows;
  size_t what_width = 18;
  bool any_odds = false;
  for (size_t i = 0; i < lines.size() && i < kMostFindings; ++i) {
    const model::Finding& finding = *lines[i].finding;
    Row& row = rows.emplace_back();
    row.what = NameAndVersion(index.MaybeComponent(finding.component), finding.component);
    row.note = NoteText(finding);
    if (finding.fixed_versions.empty()) {
      row.note += row.note.empty() ? "no fix" : ", no fix";
    } else {
      row.what += " -> " + Clean(finding.fixed_versions.front());
    }
    if (lines[i].more != 0) {
      row.note +=
          (row.note.empty() ? "in " : ", in ") + std::to_string(lines[i].more + 1) + " places";
    }
    row.odds = finding.epss ? Percent(finding.epss->probability) : "";
    any_odds = any_odds || finding.epss.has_value();
    what_width = std::max(what_width, Columns(row.what));
  }
  size_t note_width = 0;
  for (const Row& row : rows) {
    note_width = std::max(note_width, Columns(row.note));
  }
  const size_t room = width - (any_odds ? 30 : 25);
  what_width = std::min(what_width, std::max(room - std::min(room, note_width), room * 2 / 3));
  const std::string heading =
      Pad(compared ? "BROUGHT BY THIS CHANGE" : "WORST FINDINGS", 23) +
      (any_odds ? Pad("where, and the fix", what_width) + " EPSS" : "where, and the fix");
  std::string out = "\n" + Paint(heading, Style::kBold, options.color) + "\n";
  for (size_t i = 0; i < rows.size(); ++i) {
    const model::Finding& finding = *lines[i].finding;
    std::string row = " " + Letter(finding.severity.level, options.color) + " " +
                      Pad(Clean(finding.id), 19) + " " + Pad(rows[i].what, what_width) + " " +
                      (any_odds ? PadLeft(rows[i].odds, 4) + "  " : " ") +
                      Cut(rows[i].note, room - what_width);
    while (row.back() == ' ') {
      row.pop_back();
    }
    out += row + "\n";
  }
  if (lines.size() > kMostFindings) {
    out += "   and " + std::to_string(lines.size() - kMostFindings) +
           (compared ? " more (--all)\n" : " more that are exploited, or high and fixable\n");
  }
  return out;
}

}  // namespace

std::string ToScreen(const model::Report& report, const ScreenOptions& options) {
  const Index index(report);
  std::string out = Header(report, options);
  if (options.all) {
    out += FullList(report, index, options);
    out += ChangeText(report, options) + VerdictText(report, options);
    out += ExceptionsText(report, options);
    out += "\n" + Totals(report, options);
    return out;
  }
  out += VerdictText(report, options) + ChangeText(report, options);
  out += DoNext(report, index, options);
  out += ExceptionsText(report, options);
  out += "\n" + Totals(report, options);
  out += WorthALine(report, index, options);
  if (!report.findings.empty()) {
    const std::string help =
        "ends: findings that the step ends; risk: its share of the image's risk; EPSS: odds of "
        "exploitation in 30 days. All findings: --all. Why is one here: scantling explain ID "
        "SOURCE";
    out += "\n";
    for (const std::string& line : Wrap(help, WidthOf(options))) {
      out += Paint(line, Style::kDim, options.color) + "\n";
    }
  }
  return out;
}

}  // namespace scantling::report
