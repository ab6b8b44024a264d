// WriteHtml: one page in one file, for people: opens from a disk without a network, asks nobody for
// anything (its Content-Security-Policy allows only its own style and script, by hash). Steps
// first, then the rules, what is not covered, and the findings as a table to filter and sort; the
// rows stand in the page as JSON and are drawn as they are scrolled to, so that 20,000 stay usable.
//
// Everything from outside is cleaned and escaped: as HTML in the page, as JSON without '<' in the
// rows, and goes into the table as text, never as markup.
#include "base/base64.h"
#include "base/digest.h"
#include "base/strings.h"
#include "report/formats.h"
#include "report/html_assets.h"
#include "report/json_parts.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/summary.h"
#include "report/text.h"

#include <algorithm>
#include <unordered_map>

namespace scantling::report {
namespace {

constexpr size_t kMostSteps = 200;
constexpr size_t kOpenSteps = 10;  // the rest is folded away

std::string Html(std::string_view text, size_t most_bytes = 600) {
  std::string out;
  AppendHtml(out, CutBytes(Clean(text.substr(0, most_bytes * 4)), most_bytes));
  return out;
}

std::string PolicyHash(std::string_view content) {
  return "'sha256-" +
         base::EncodeBase64(base::AsText(base::Sha256Of(base::AsBytes(content)).bytes)) + "'";
}

void WriteHead(const model::Report& report, std::string& out) {
  const std::string name = Html(ImageNameOf(report), 200);
  out += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src " +
         PolicyHash(kPageStyle) + "; script-src " + PolicyHash(kPageScript) +
         "; base-uri 'none'; form-action 'none'\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta name=\"referrer\" content=\"no-referrer\">\n";
  out += "<title>" + name + ": " + std::string(VerdictWord(report)) + "</title>\n<style>";
  out += kPageStyle;
  out += "</style>\n</head>\n<body>\n<header>\n<h1>" + name;
  if (report.verdict) {
    const std::string word(VerdictWord(report));
    out += " <span class=\"verdict " + word + "\">" + word + "</span>";
  }
  out += "</h1>\n<p class=\"dim\">";
  const model::Image& image = report.inventory.image;
  std::vector<std::string> facts;
  for (const std::string* fact : {&image.platform, &image.distro.pretty_name, &image.digest}) {
    if (!fact->empty()) {
      facts.push_back(Html(*fact, 200));
    }
  }
  facts.push_back(Count(report.inventory.components.size(), "component") + " in " +
                  Count(image.layers.size(), "layer"));
  out += base::Join(facts, " · ") + "</p>\n";
  if (report.verdict) {
    out += "<p class=\"dim\">" + Html(PolicyText(report)) + "</p>\n";
  }
  out += "</header>\n<main>\n";
}

void Card(std::string& out, std::string_view style, const std::string& number,
          const std::string& text) {
  out += "<div class=\"card";
  out += style;
  out += "\"><b>" + number + "</b>" + text + "</div>\n";
}

void WriteCards(const model::Report& report, const FormatOptions& options, std::string& out) {
  const Summary summary = Summarize(report);
  out += "<div class=\"cards\">\n";
  if (report.comparison) {
    const model::Comparison& comparison = *report.comparison;
    std::string text = "introduced by this change, against " + Html(comparison.against, 100);
    if (const std::string others = OthersToTellText(report); !others.empty()) {
      text += "<p class=\"warn\">" + others + "</p>";
    }
    if (const std::string others = NotYoursText(report); !others.empty()) {
      text += "<p class=\"dim\">" + Html(others) + "</p>";
    }
    text += "<p class=\"dim\">" + std::to_string(comparison.resolved.size()) + " resolved</p>";
    Card(out, "", std::to_string(comparison.introduced), text);
  }
  std::string text = "open findings";
  if (summary.findings != 0) {
    text += "<p class=\"dim\">" + Html(LevelCounts(summary.by_level)) + "; " +
            std::to_string(summary.exploited) + " exploited, " + std::to_string(summary.fixable) +
            " with a fix</p>";
  }
  if (summary.accepted + summary.not_affected != 0) {
    text += "<p class=\"dim\">closed: " + std::to_string(summary.accepted) + " accepted, " +
            std::to_string(summary.not_affected) + " by VEX</p>";
  }
  Card(out, "", std::to_string(summary.findings), text);
  uint64_t checked = 0;
  std::string dates;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    if (ecosystem.state == model::DataState::kCovered) {
      checked += ecosystem.components;
      dates += (dates.empty() ? "" : ", ") + Html(ecosystem.name, 60) + " " +
               Html(ecosystem.data_as_of.empty() ? "undated" : ecosystem.data_as_of, 30);
    }
  }
  text = "of " + std::to_string(summary.components) + " components could be checked";
  if (!dates.empty()) {
    text += "<p class=\"dim\">data as of: " + dates + "</p>";
  }
  const std::string missing = NotCoveredText(report, options.screen.now);
  if (!missing.empty()) {
    text += "<p class=\"warn\">not covered: " + Html(missing, 2000) + "</p>";
  }
  Card(out, missing.empty() ? "" : " gap", std::to_string(checked), text);
  out += "</div>\n";
}

void WriteSteps(const model::Report& report, const FormatOptions& options, base::Output& output) {
  std::string& out = output.text();
  const std::vector<ToldAction> steps = ActionsToTell(report);
  out += "<h2>Do next</h2>\n";
  if (steps.empty()) {
    out += report.comparison ? "<p>Nothing: this change brings no finding.</p>\n"
                             : "<p>Nothing: there is no open finding in what was checked.</p>\n";
    return;
  }
  out += "<ol class=\"steps\">\n";
  for (size_t i = 0; i < steps.size() && i < kMostSteps; ++i) {
    if (i == kOpenSteps) {
      out += "</ol>\n<details><summary>" + Count(steps.size() - i, "more step", "more steps") +
             "</summary>\n<ol class=\"steps\">\n";
    }
    const model::Action& action = *steps[i].action;
    const bool wait = action.kind == model::ActionKind::kNothingYet;
    out += wait ? "<li class=\"wait\"><b>" + std::string(WaitText(steps[i])) + "</b>"
                : "<li><b>" + Html(action.title) + "</b>";
    out += " <span class=\"dim\">" + std::string(wait ? "for " : "ends ") +
           Count(steps[i].findings.size(), "finding") + ": " + Html(EndsText(report, steps[i], 5)) +
           "</span>";
    std::vector<std::string> facts;
    if (!wait) {
      facts.emplace_back(action.owner == model::Owner::kImage ? std::string_view("image owner")
                                                              : model::ToString(action.owner));
    }
    const int32_t layer =
        action.layer >= 0 || wait ? action.layer : steps[i].findings.front()->layer;
    if (LineOf(report, layer) > 0) {
      facts.push_back(Html(PlaceOf(report, layer), 200));
    } else if (layer >= 0) {
      facts.push_back("layer " + LayerNumber(layer));
    }
    if (const std::string reason = ReasonText(report, action, options.screen); !reason.empty()) {
      facts.push_back(Html(reason));
    }
    if (!facts.empty()) {
      out += "<p class=\"dim\">" + base::Join(facts, " · ") + "</p>";
    }
    if (!action.steps.empty()) {
      out += "<ul>";
      for (size_t j = 0; j < action.steps.size() && j < 20; ++j) {
        out += "<li>" + Html(action.steps[j]) + "</li>";
      }
      out += "</ul>";
    }
    out += "</li>\n";
    output.Record();
  }
  out += "</ol>\n";
  if (steps.size() > kMostSteps) {
    out += "<p>" + std::to_string(steps.size() - kMostSteps) +
           " more are in the report as JSON.</p>\n";
  }
  if (steps.size() > kOpenSteps) {
    out += "</details>\n";
  }
}

// The label shows on a phone, where the table's head does not.
std::string Cell(std::string_view label, const std::string& html) {
  return "<td data-label=\"" + std::string(label) + "\">" + html;
}

void WriteRules(const model::Report& report, base::Output& output) {
  std::string& out = output.text();
  if (report.verdict) {
    out +=
        "<h2>Rules</h2>\n<table class=\"plain\"><thead><tr><th>result<th>rule<th>what<th>for"
        "<th>date</tr></thead><tbody>\n";
    for (const model::RuleOutcome& outcome : report.verdict->rules) {
      const bool met = IsMet(outcome);
      const std::string_view word = RuleWord(outcome);
      const std::string_view style = !met                                      ? "passed"
                                     : outcome.stage == model::Stage::kEnforce ? "stopped"
                                     : outcome.stage == model::Stage::kWarn    ? "warned"
                                                                               : "dim";
      std::vector<std::string> facts;
      for (const std::string& fact : RuleFacts(outcome)) {
        facts.push_back(Html(fact));
      }
      if (outcome.stage < outcome.asked) {
        facts.push_back("held back from " + std::string(model::ToString(outcome.asked)) + ": " +
                        Html(outcome.held_back));
      }
      out += "<tr><td class=\"" + std::string(style) + "\">" + std::string(word) + "<td><b>" +
             Html(outcome.rule, 100) + "</b> " + Html(outcome.text) + "<td>" +
             base::Join(facts, "; ") + Cell("for", Html(outcome.who, 100)) +
             Cell("date", Html(RuleDate(outcome), 60)) + "</tr>\n";
      output.Record();
    }
    out += "</tbody></table>\n";
    for (const std::string& note : report.verdict->notes) {
      out += "<p class=\"warn\">" + Html(note) + "</p>\n";
    }
  }
  if (report.exceptions.empty()) {
    return;
  }
  out +=
      "<h2>Exceptions</h2>\n<table class=\"plain\"><thead><tr><th>exception<th>state<th>until"
      "<th>findings<th>owner<th>where</tr></thead><tbody>\n";
  for (const model::ExceptionUse& use : report.exceptions) {
    const bool quiet = use.state == "used" || use.state == "unused";
    out += "<tr><td>" + Html(use.id, 100) + "<td" + (quiet ? "" : " class=\"warn\"") + ">" +
           Html(use.state, 40) + (use.note.empty() ? "" : ": " + Html(use.note)) +
           Cell("until", Html(use.until, 40)) + Cell("findings", std::to_string(use.findings)) +
           Cell("owner", Html(use.owner, 100)) + Cell("in", Html(use.where, 200)) + "</tr>\n";
    output.Record();
  }
  out += "</tbody></table>\n";
}

constexpr std::string_view kTable = R"html(<section id="findings" hidden>
<h2>Findings</h2>
<div class="tools" role="search">
<input type="search" id="q" placeholder="filter: id, package, path (press /)" aria-label="filter findings">
<select id="level" aria-label="least severity"><option value="0">every severity<option value="2">low and up<option value="3">medium and up<option value="4">high and up<option value="5">critical</select>
<select id="change" aria-label="change"><option value="">every change<option value="1">introduced<option value="2">inherited<option value="3">there before<option value="4">new in the world</select>
<label><input type="checkbox" id="fix"> with a fix</label>
<label><input type="checkbox" id="closed"> closed too</label>
<select id="sort" class="sortby" aria-label="sort by"><option value="rank">first things first<option value="level">severity<option value="id">vulnerability<option value="component">component<option value="fix">fix<option value="epss">EPSS</select>
<span id="count" class="dim" role="status"></span>
</div>
<table id="rows"><thead><tr>
<th data-sort="level"><button type="button" title="severity">Sev</button>
<th data-sort="id"><button type="button">Vulnerability</button>
<th data-sort="component"><button type="button">Component</button>
<th data-sort="fix"><button type="button">Fix</button>
<th data-sort="epss"><button type="button" title="odds of exploitation in 30 days">EPSS</button>
<th data-sort="rank"><button type="button" title="first things first">Facts</button>
</tr></thead><tbody id="body"></tbody></table>
<button type="button" class="more" id="more" hidden>Show more</button>
</section>
<noscript><p>The table of findings needs this page's own script.</p></noscript>
)html";

// JSON in a script element: '<' could end it.
void AppendData(std::string& out, const std::string& json) {
  for (size_t at = 0; at < json.size();) {
    const size_t end = std::min(json.find('<', at), json.size());
    out.append(json, at, end - at);
    if (end < json.size()) {
      out += "\\u003c";
    }
    at = end + 1;
  }
}

class Data {
 public:
  Data(const model::Report& report, base::Output& output)
      : report_(report), output_(output), index_(report), stages_(report) {}

  void Write() {
    output_.text() += "<script type=\"application/json\" id=\"data\">{\"components\":[";
    for (const model::Finding& finding : report_.findings) {
      const auto [at, is_new] = places_.emplace(finding.component, places_.size());
      if (is_new) {
        Place(finding, at->second == 0);
      }
    }
    output_.text() += "],\n\"findings\":[";
    bool first = true;
    for (const model::Finding& finding : report_.findings) {
      Row(finding, first);
      first = false;
    }
    output_.text() += "]}</script>\n";
  }

 private:
  static void Put(codec::JsonWriter& json, std::string_view text, size_t most) {
    json.Text(CutBytes(Clean(text.substr(0, most * 4)), most));
  }
  void End(bool first) {
    output_.text() += first ? "\n" : ",\n";
    AppendData(output_.text(), record_);
    record_.clear();
    output_.Record();
  }

  void Place(const model::Finding& finding, bool first) {
    const model::Component* component = index_.MaybeComponent(finding.component);
    codec::JsonWriter json(&record_, codec::JsonWriter::Layout::kCompact);
    json.BeginArray();
    Put(json, NameOf(component, finding), 200);
    Put(json, component == nullptr ? "" : component->version, 100);
    json.Text(component == nullptr ? "" : version::PurlType(component->type));
    Put(json,
        component == nullptr || component->locations.empty() ? ""
                                                             : component->locations.front().path,
        300);
    json.Text(component == nullptr || component->layer < 0 ? "" : LayerNumber(component->layer));
    json.EndArray();
    End(first);
  }

  void Row(const model::Finding& finding, bool first) {
    codec::JsonWriter json(&record_, codec::JsonWriter::Layout::kCompact);
    json.BeginArray();
    Put(json, finding.id, 100);
    json.Uint(static_cast<uint64_t>(finding.severity.level) % 6);
    json.Uint(places_.find(finding.component)->second);
    json.Uint(static_cast<uint64_t>(finding.fix_state) % 5);
    Put(json, finding.fixed_versions.empty() ? "" : finding.fixed_versions.front(), 100);
    if (finding.epss) {
      json.Double(finding.epss->probability);
    } else {
      json.Int(-1);
    }
    json.Uint(finding.kev ? 1 : 0);
    json.Uint(static_cast<uint64_t>(finding.change) % 5);
    json.Uint(model::IsOpen(finding) ? 0 : 1);
    json.Text(CutBytes(TreatmentText(finding), 400));
    Put(json, finding.priority.due, 30);
    const auto stage = stages_.Of(model::FindingKey(finding.id, finding.component));
    json.Text(stage ? model::ToString(*stage) : "");
    Put(json, finding.summary, 200);
    json.EndArray();
    End(first);
  }

  const model::Report& report_;
  base::Output& output_;
  Index index_;
  Stages stages_;
  std::unordered_map<std::string_view, size_t> places_;
  std::string record_;
};

}  // namespace

void WriteHtml(const model::Report& report, const FormatOptions& options, base::Output& output) {
  std::string& out = output.text();
  WriteHead(report, out);
  if (report.database.embedded) {
    out +=
        "<p class=\"warn\">This scan used the starter set of advisories inside the program: most "
        "vulnerabilities are missing.</p>\n";
  }
  WriteCards(report, options, out);
  WriteSteps(report, options, output);
  WriteRules(report, output);
  out += kTable;
  Data(report, output).Write();
  out += "</main>\n<footer>Scantling";
  if (!options.program_version.empty()) {
    out += " " + Html(options.program_version, 60);
  }
  out += " · " + Html(DocumentTime(report, options)) + " · database " +
         Html(report.database.digest, 100);
  if (options.link.starts_with("https://") || options.link.starts_with("http://")) {
    out += " · <a rel=\"noopener noreferrer\" href=\"" + Html(options.link, 2000) +
           "\">the full report</a>";
  }
  out += "</footer>\n<script>";
  out += kPageScript;
  out += "</script>\n</body>\n</html>\n";
  output.Record();
}

}  // namespace scantling::report
