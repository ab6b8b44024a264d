// A replay's result for a screen and as JSON.
#include "base/strings.h"
#include "codec/json_writer.h"
#include "policy/rules/plain_text.h"
#include "policy/rules/replay.h"

namespace scantling::policy {
namespace {

using codec::JsonWriter;

std::string Count(uint64_t number, std::string_view one, std::string_view many) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

// One decimal, without a locale.
std::string Percent(uint64_t part, uint64_t whole) {
  const uint64_t tenths = whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string OrNone(const std::string& team) { return team.empty() ? "no team" : PlainText(team); }

void PutRuns(std::string& out, std::string_view title, uint64_t count,
             const std::vector<ReplayRun>& runs) {
  constexpr size_t kShown = 5;
  if (count == 0) {
    return;
  }
  out += std::string(title) + ":\n";
  for (size_t i = 0; i < std::min(kShown, runs.size()); ++i) {
    const ReplayRun& run = runs[i];
    out += "  " + run.date.substr(0, 10) + "  " + PlainText(run.repository) + " (" +
           OrNone(run.team) + ")";
    out += run.rules.empty() ? "" : "  " + base::Join(run.rules, ", ");
    out += run.findings.empty() ? "" : ": " + PlainText(run.findings.front());
    out += run.findings.size() > 1 ? ", ..." : "";
    out += "\n";
  }
  if (count > kShown) {
    out += "  and " + std::to_string(count - kShown) + " more\n";
  }
}

void PutRules(std::string& out, const ReplayResult& result) {
  for (const ReplayRule& rule : result.rules) {
    out += "  " + rule.id + " (" + std::string(model::ToString(rule.stage)) + "): ";
    const uint64_t runs = rule.stopped + rule.warned + rule.observed;
    if (runs == 0) {
      out += "met in no run";
    } else {
      std::vector<std::string> parts;
      if (rule.stopped > 0) {
        parts.push_back("stops " + Count(rule.stopped, "run", "runs") + " of " +
                        Count(rule.repositories.size(), "repository", "repositories"));
      }
      if (rule.warned > 0) {
        parts.push_back("warns in " + Count(rule.warned, "run", "runs"));
      }
      if (rule.observed > 0) {
        parts.push_back("is met in " + Count(rule.observed, "run", "runs"));
      }
      out += base::Join(parts, ", ");
      if (rule.findings > 0) {
        out += ", " + Count(rule.findings, "finding", "findings");
      }
    }
    if (rule.undecided > 0) {
      out += "; not decided in " + Count(rule.undecided, "run", "runs");
    }
    out += "\n";
  }
}

void PutTargets(std::string& out, const ReplayResult& result) {
  constexpr size_t kShown = 10;
  size_t shown = 0;
  for (const ReplayTarget& target : result.targets) {
    if (target.stopped == 0 || shown == kShown) {
      break;
    }
    out += shown++ == 0 ? "Whom it stops:\n" : "";
    out += "  " + OrNone(target.team) + ", " + PlainText(target.repository) + ": " +
           std::to_string(target.stopped) + " of " + Count(target.runs, "run", "runs");
    out += target.rules.empty() ? "" : " (" + base::Join(target.rules, ", ") + ")";
    out += "\n";
  }
  if (shown == kShown && result.targets.size() > kShown && result.targets[kShown].stopped > 0) {
    out += "  and others\n";
  }
}

void PutStops(std::string& out, const ReplayResult& result) {
  const FixTimes& fixes = result.fixes;
  const FalseStops& falses = result.falses;
  if (fixes.findings > 0) {
    out += "Fixes: of " + Count(fixes.findings, "finding", "findings") + " that stop, " +
           std::to_string(fixes.no_fix) + " had no fix then";
    if (fixes.dated > 0) {
      out += "; a fix existed " + Count(static_cast<uint64_t>(fixes.median_days), "day", "days") +
             " after publication for half of them, " +
             Count(static_cast<uint64_t>(fixes.p90_days), "day", "days") + " for nine of ten (" +
             std::to_string(fixes.dated) + " with dates)";
    }
    out += "\n";
  }
  if (falses.stops > 0) {
    out += "False stops: " + std::to_string(falses.false_stops) + " of " +
           std::to_string(falses.stops) + " (" + Percent(falses.false_stops, falses.stops) +
           "): nothing could be done, or it was closed later\n";
  }
}

void PutTexts(JsonWriter& out, std::string_view key, const std::vector<std::string>& values) {
  out.Key(key);
  out.BeginArray();
  for (const std::string& value : values) {
    out.Text(base::ToUtf8(value));
  }
  out.EndArray();
}

void Put(JsonWriter& out, std::string_view key, std::string_view value) {
  out.Text(key, base::ToUtf8(value));
}

void PutRunList(JsonWriter& out, std::string_view key, const std::vector<ReplayRun>& runs) {
  out.Key(key);
  out.BeginArray();
  for (const ReplayRun& run : runs) {
    out.BeginObject();
    Put(out, "where", run.where);
    Put(out, "date", run.date);
    Put(out, "team", run.team);
    Put(out, "repository", run.repository);
    Put(out, "reference", run.reference);
    PutTexts(out, "rules", run.rules);
    PutTexts(out, "findings", run.findings);
    out.EndObject();
  }
  out.EndArray();
}

void PutRuleList(JsonWriter& out, const ReplayResult& result) {
  out.Key("rules");
  out.BeginArray();
  for (const ReplayRule& rule : result.rules) {
    out.BeginObject();
    Put(out, "id", rule.id);
    Put(out, "text", rule.text);
    Put(out, "who", rule.who);
    out.Text("stage", model::ToString(rule.stage));
    out.Uint("stopped", rule.stopped);
    out.Uint("warned", rule.warned);
    out.Uint("observed", rule.observed);
    out.Uint("undecided", rule.undecided);
    out.Uint("findings", rule.findings);
    PutTexts(out, "teams", rule.teams);
    PutTexts(out, "repositories", rule.repositories);
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace

std::string ReplayText(const ReplayResult& result) {
  std::string out =
      "Replay of " + PlainText(result.policy) + " over " + Count(result.runs, "run", "runs");
  out += " of " + Count(result.repositories, "repository", "repositories");
  out += result.runs == 0 ? "" : ", " + result.from + " to " + result.to;
  out += result.left_out == 0 ? ""
                              : " (" + std::to_string(result.left_out) +
                                    " left out: outside of the days that were asked for "
                                    "(--days, --now), or of another team or environment)";
  out += "\nWould have stopped " + Count(result.stopped, "run", "runs") + " (" +
         Percent(result.stopped, result.runs) + ") of " +
         Count(result.repositories_stopped, "repository", "repositories") + ", warned in " +
         std::to_string(result.warned) + "; " + std::to_string(result.really) +
         (result.really == 1 ? " was" : " were") + " really stopped then\n";
  PutRules(out, result);
  PutTargets(out, result);
  PutStops(out, result);
  if (!result.present.empty()) {
    out += "Against " + PlainText(result.present) + ": " + std::to_string(result.newly_stopped) +
           " newly stopped, " + std::to_string(result.no_longer_stopped) + " no longer stopped\n";
    PutRuns(out, "Newly stopped", result.newly_stopped, result.newly);
    PutRuns(out, "No longer stopped", result.no_longer_stopped, result.no_longer);
  }
  for (const std::string& note : result.notes) {
    out += "Note: " + PlainText(note) + "\n";
  }
  return out;
}

std::string ReplayJson(const ReplayResult& result) {
  std::string text;
  JsonWriter out(&text);
  out.BeginObject();
  out.Text("schema", "scantling.replay/1");
  Put(out, "policy", result.policy);
  Put(out, "present", result.present);
  Put(out, "from", result.from);
  Put(out, "to", result.to);
  out.Uint("runs", result.runs);
  out.Uint("left_out", result.left_out);
  out.Uint("stopped", result.stopped);
  out.Uint("warned", result.warned);
  out.Uint("really_stopped", result.really);
  out.Uint("repositories", result.repositories);
  out.Uint("repositories_stopped", result.repositories_stopped);
  PutRuleList(out, result);
  out.Key("targets");
  out.BeginArray();
  for (const ReplayTarget& target : result.targets) {
    out.BeginObject();
    Put(out, "team", target.team);
    Put(out, "repository", target.repository);
    out.Uint("runs", target.runs);
    out.Uint("stopped", target.stopped);
    out.Uint("warned", target.warned);
    out.Uint("newly_stopped", target.newly_stopped);
    out.Uint("no_longer_stopped", target.no_longer_stopped);
    PutTexts(out, "rules", target.rules);
    out.EndObject();
  }
  out.EndArray();
  out.Key("fixes");
  out.BeginObject();
  out.Uint("findings", result.fixes.findings);
  out.Uint("dated", result.fixes.dated);
  out.Uint("no_fix", result.fixes.no_fix);
  out.Int("median_days", result.fixes.median_days);
  out.Int("p90_days", result.fixes.p90_days);
  out.EndObject();
  out.Key("false_stops");
  out.BeginObject();
  out.Uint("stops", result.falses.stops);
  out.Uint("false_stops", result.falses.false_stops);
  out.Uint("findings", result.falses.findings);
  out.Uint("without_fix", result.falses.without_fix);
  out.Uint("closed_later", result.falses.closed_later);
  out.EndObject();
  out.Uint("newly_stopped", result.newly_stopped);
  out.Uint("no_longer_stopped", result.no_longer_stopped);
  PutRunList(out, "newly", result.newly);
  PutRunList(out, "no_longer", result.no_longer);
  PutTexts(out, "notes", result.notes);
  out.EndObject();
  text.push_back('\n');
  return text;
}

}  // namespace scantling::policy
