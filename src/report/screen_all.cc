// The full list of --all: every action with its steps and all its findings, then files that were
// skipped, diagnostics, layers.
#include "base/strings.h"
#include "report/json_parts.h"
#include "report/screen_parts.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace scantling::report {
namespace {

std::string FixText(const model::Finding& finding) {
  std::string note = finding.fix_note.empty() ? "" : " (" + Clean(finding.fix_note) + ")";
  switch (finding.fix_state) {
    case model::FixState::kFixed:
      return "fixed in " + Clean(base::Join(finding.fixed_versions, ", "));
    case model::FixState::kNotFixed:
      return "no fix yet" + note;
    case model::FixState::kWontFix:
      return "will not be fixed" + note;
    case model::FixState::kDeferred:
      return "fix put off" + note;
    case model::FixState::kUnknown:
      return "fix unknown" + note;
  }
  return {};
}

std::string WhereText(const model::Component* maybe_component) {
  if (maybe_component == nullptr) {
    return {};
  }
  std::string out;
  if (!maybe_component->locations.empty()) {
    out = Clean(maybe_component->locations.front().path);
    if (maybe_component->locations.size() > 1) {
      out += " and " + std::to_string(maybe_component->locations.size() - 1) + " more";
    }
  }
  if (maybe_component->layer >= 0) {
    out += (out.empty() ? "layer " : ", layer ") + LayerNumber(maybe_component->layer);
  }
  if (!maybe_component->via.empty()) {
    out += ", via " + Clean(base::Join(maybe_component->via, " > "));
  }
  return out;
}

std::string Indented(std::string_view text, size_t indent, size_t width, Style style, bool color) {
  std::string out;
  for (const std::string& line : Wrap(text, width - indent)) {
    out += std::string(indent, ' ') + Paint(line, style, color) + "\n";
  }
  return out;
}

std::string FindingText(const model::Finding& finding, const Index& index,
                        const ScreenOptions& options) {
  const size_t width = WidthOf(options);
  const model::Component* component = index.MaybeComponent(finding.component);
  std::string out = "   " + Letter(finding.severity.level, options.color) + " " +
                    Pad(Clean(finding.id), 19) + " ";
  std::string line = NameAndVersion(component, finding.component) + ", " + FixText(finding);
  const std::vector<std::string> lines = Wrap(line, width - 25);
  out += lines[0] + "\n";
  for (size_t i = 1; i < lines.size(); ++i) {
    out += std::string(25, ' ') + lines[i] + "\n";
  }
  if (const std::string treatment = TreatmentText(finding); !treatment.empty()) {
    out += Indented(treatment, 7, width, Style::kCyan, options.color);
  }
  if (!finding.summary.empty()) {
    out += Indented(Clean(finding.summary), 7, width, Style::kPlain, options.color);
  }
  if (const std::string where = WhereText(component); !where.empty()) {
    out += Indented(where, 7, width, Style::kDim, options.color);
  }
  std::vector<std::string> reasons;
  for (const std::string& reason : finding.priority.reasons) {
    reasons.push_back(Clean(reason));
  }
  // The reasons have it, unless somebody else wrote them.
  const bool said = std::any_of(reasons.begin(), reasons.end(),
                                [](const std::string& one) { return one.starts_with("EPSS "); });
  if (finding.epss && !said) {
    reasons.push_back("EPSS " + Percent(finding.epss->probability));
  }
  if (const std::string due = DueText(finding.priority.due, options); !due.empty()) {
    reasons.push_back(due);
  }
  if (!reasons.empty()) {
    out += Indented(base::Join(reasons, "; "), 7, width, Style::kDim, options.color);
  }
  return out;
}

std::string ActionText(const model::Report& report, size_t number, const model::Action& action,
                       const ScreenOptions& options) {
  const size_t width = WidthOf(options);
  std::string label = action.kind == model::ActionKind::kNothingYet ? "-" : std::to_string(number);
  std::string title = Clean(action.title.empty() ? "nothing to do yet" : action.title);
  std::string out = "\n" + Labelled(PadLeft(label, 2), title, width, options.color);
  std::string facts = "ends " + Count(action.resolves.size(), "finding");
  if (action.kind == model::ActionKind::kNothingYet) {
    facts = Count(action.resolves.size(), "finding");
  } else {
    facts += ", " + Percent(action.risk) + " of the risk; for the " +
             (action.owner == model::Owner::kImage ? "image owner"
                                                   : std::string(model::ToString(action.owner)));
    if (action.layer >= 0) {
      facts += "; layer " + LayerNumber(action.layer);
    }
    if (action.remains != 0) {
      facts += "; " + std::to_string(action.remains) + " remain in the same components";
    }
  }
  out += Indented(facts, 3, width, Style::kPlain, options.color);
  if (const std::string reason = ReasonText(report, action, options); !reason.empty()) {
    out += Indented(reason, 3, width, Style::kCyan, options.color);
  }
  if (!action.created_by.empty()) {
    out += Indented("layer made by: " + Clean(action.created_by), 3, width, Style::kDim,
                    options.color);
  }
  for (const std::string& step : action.steps) {
    out += Indented("* " + Clean(step), 3, width, Style::kPlain, options.color);
  }
  return out;
}

std::string PlaceText(const std::string& path, int32_t layer) {
  std::string out = Clean(path);
  if (layer >= 0) {
    out += (out.empty() ? "layer " : " (layer ") + LayerNumber(layer) + (out.empty() ? "" : ")");
  }
  return out.empty() ? "image" : out;
}

}  // namespace

std::string FullList(const model::Report& report, const Index& index,
                     const ScreenOptions& options) {
  const size_t width = WidthOf(options);
  std::string out;
  std::set<std::string_view> shown;
  size_t number = 0;
  for (const model::Action& action : report.actions) {
    number += action.kind == model::ActionKind::kNothingYet ? 0 : 1;
    out += ActionText(report, number, action, options);
    std::vector<const model::Finding*> findings;
    for (const std::string& key : action.resolves) {
      const model::Finding* finding = index.MaybeFinding(key);
      if (finding != nullptr && model::IsOpen(*finding) && shown.insert(key).second) {
        findings.push_back(finding);
      }
    }
    std::sort(findings.begin(), findings.end(),
              [](const model::Finding* a, const model::Finding* b) {
                return std::tie(a->priority.rank, a->id, a->component) <
                       std::tie(b->priority.rank, b->id, b->component);
              });
    for (const model::Finding* finding : findings) {
      out += FindingText(*finding, index, options);
    }
  }
  bool heading = false;
  for (const model::Finding& finding : report.findings) {
    if (model::IsOpen(finding) &&
        !shown.contains(model::FindingKey(finding.id, finding.component))) {
      out +=
          heading ? "" : "\n" + Labelled(" -", "findings without an action", width, options.color);
      heading = true;
      out += FindingText(finding, index, options);
    }
  }
  heading = false;
  for (const model::Finding& finding : report.findings) {
    if (!model::IsOpen(finding)) {
      out += heading ? ""
                     : "\n" + Labelled(" -", "closed: nothing to do, and not counted", width,
                                       options.color);
      heading = true;
      out += FindingText(finding, index, options);
    }
  }
  const model::Inventory& inventory = report.inventory;
  if (!inventory.coverage.skipped.empty()) {
    out += "\n" + Paint("NOT (WHOLLY) READ", Style::kBold, options.color) + "\n";
    for (const model::Skipped& skipped : inventory.coverage.skipped) {
      out += Indented(PlaceText(skipped.path, skipped.layer) + ": " + Clean(skipped.reason), 3,
                      width, Style::kPlain, options.color);
    }
  }
  if (!inventory.diagnostics.empty()) {
    out += "\n" + Paint("WORTH KNOWING", Style::kBold, options.color) + "\n";
    for (const model::Diagnostic& diagnostic : inventory.diagnostics) {
      out += Indented(std::string(ToString(diagnostic.severity)) + ": " +
                          PlaceText(diagnostic.path, diagnostic.layer) + ": " +
                          Clean(diagnostic.message) + " [" + Clean(diagnostic.code) + "]",
                      3, width, Style::kPlain, options.color);
    }
  }
  if (!inventory.image.layers.empty()) {
    out += "\n" + Paint("LAYERS", Style::kBold, options.color) + " (1 is the bottom";
    if (report.base_layers >= 0) {
      out += "; " + Count(static_cast<uint64_t>(report.base_layers), "layer") + " of base";
      if (!report.base_known_by.empty()) {
        out += ", known by " + Clean(report.base_known_by);
      }
    }
    out += ")\n";
    for (const model::Layer& layer : inventory.image.layers) {
      out += PadLeft(LayerNumber(layer.index), 4) + " " +
             Cut(Clean(layer.created_by.empty() ? layer.diff_id : layer.created_by), width - 5) +
             "\n";
    }
  }
  return out;
}

}  // namespace scantling::report
