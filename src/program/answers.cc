#include "program/answers.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/decisions.h"
#include "program/events.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace scantling::program {
namespace {

using codec::JsonWriter;

void Time(JsonWriter& json, std::string_view key, Millis at) {
  json.Key(key);
  if (at == 0) {
    json.Null();
  } else {
    json.Text(FormatMillis(at));
  }
}

std::string_view OwnerText(const Fleet& fleet, uint32_t owner) {
  return owner == 0 ? std::string_view("(nobody)") : fleet.texts()[owner];
}

struct Sum {
  uint64_t copies = 0;
  std::set<uint32_t> digests;  // texts
};

void WriteSum(JsonWriter& json, std::string_view key, const Sum& sum) {
  json.Key(key);
  json.BeginObject();
  json.Uint("copies", sum.copies);
  json.Uint("digests", sum.digests.size());
  json.EndObject();
}

std::string_view BaseOf(const View& view, uint32_t content) {
  return view.fleet().texts()[view.fleet().contents()[content].base_name];
}

void WriteCounts(JsonWriter& json, const ContentCounts& counts, const CopyCounts& copies) {
  json.Key("counts");
  json.BeginObject();
  json.Uint("findings", counts.findings());
  static constexpr std::array<std::string_view, 6> kNames = {"unrated", "negligible", "low",
                                                             "medium",  "high",       "critical"};
  for (size_t level = 0; level < kNames.size(); ++level) {
    json.Uint(kNames[level], counts.levels[level]);
  }
  json.Uint("kev", counts.kev);
  json.Uint("fixable", counts.fixable);
  json.Uint("from_base", counts.base);
  json.Uint("accepted", counts.accepted);
  json.Uint("running", copies.running);
  json.Uint("unknown", copies.unknown);
  json.Double("risk", counts.risk);
  json.EndObject();
}

}  // namespace

std::string CoverageJson(const View& view, const Scope& scope) {
  const Fleet& fleet = view.fleet();
  Sum all;
  Sum digest;
  Sum inventory;
  Sum fresh;
  Sum owner;
  Sum whole;
  Sum silent;
  std::map<Gap, Sum> gaps;
  std::map<std::pair<Gap, std::string>, Sum> reasons;
  const auto add = [](Sum& sum, const Copy& copy) {
    ++sum.copies;
    if (copy.digest != 0) {
      sum.digests.insert(copy.digest);
    }
  };
  for (const uint32_t index : view.copies()) {
    const Copy& copy = fleet.copies()[index];
    if (!SeesCopy(view, scope, index)) {
      continue;
    }
    add(all, copy);
    const Gap gap = GapSeen(view, scope, index);
    const bool seen = copy.content != kNone && SeesContent(view, scope, copy.content);
    if (!view.Known(index)) {
      add(silent, copy);
    }
    if (copy.content != kNone) {
      add(digest, copy);
      if (seen && view.HasInventory(copy.content)) {
        add(inventory, copy);
      }
      if (gap == Gap::kNoGap || gap == Gap::kNoOwner) {
        add(fresh, copy);
      }
    }
    if (copy.owner != 0) {
      add(owner, copy);
    }
    if (gap == Gap::kNoGap) {
      add(whole, copy);
    } else {
      add(gaps[gap], copy);
      std::string reason = copy.content == kNone  ? "no digest tells what it runs"
                           : gap == Gap::kNoOwner ? "no rule gives it an owner"
                           : seen                 ? view.GapDetail(copy.content)
                                                  : "never scanned";
      add(reasons[{gap, std::move(reason)}], copy);
    }
  }
  std::string out;
  JsonWriter json(&out, JsonWriter::Layout::kCompact);
  json.BeginObject();
  Time(json, "as_of", view.as_of());
  WriteSum(json, "running", all);
  WriteSum(json, "with_digest", digest);
  WriteSum(json, "with_inventory", inventory);
  WriteSum(json, "with_fresh_data", fresh);
  WriteSum(json, "with_owner", owner);
  WriteSum(json, "covered", whole);
  WriteSum(json, "reporter_silent", silent);
  json.Key("gaps");
  json.BeginArray();
  for (const auto& [gap, sum] : gaps) {
    json.BeginObject();
    json.Text("gap", ToString(gap));
    json.Uint("copies", sum.copies);
    json.Uint("digests", sum.digests.size());
    json.Text("filter", "gap:" + std::string(ToString(gap)));
    json.Key("reasons");
    json.BeginArray();
    std::vector<std::pair<std::string_view, const Sum*>> rows;
    for (const auto& [key, reason] : reasons) {
      if (key.first == gap) {
        rows.emplace_back(key.second, &reason);
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.second->copies > b.second->copies;
    });
    for (size_t i = 0; i < rows.size() && i < 20; ++i) {
      json.BeginObject();
      json.Text("reason", rows[i].first);
      json.Uint("copies", rows[i].second->copies);
      json.Uint("digests", rows[i].second->digests.size());
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.Key("reporters");
  json.BeginArray();
  if (scope.everything) {
    std::map<std::string_view, const Reporter*> reporters;
    for (const Reporter& reporter : fleet.reporters()) {
      reporters.emplace(reporter.name, &reporter);
    }
    for (const auto& [name, reporter] : reporters) {
      json.BeginObject();
      json.Text("name", name);
      json.Text("kind", fleet.texts()[reporter->kind]);
      json.Text("cluster", fleet.texts()[reporter->cluster]);
      Time(json, "last_heard", reporter->LastHeard(view.as_of()));
      json.Bool("silent", !reporter->HeardAt(view.as_of()));
      json.EndObject();
    }
  }
  json.EndArray();
  json.Key("advisories");
  json.BeginObject();
  json.Text("digest", view.advisories().digest);
  json.Bool("starter_set", view.advisories().embedded);
  Time(json, "loaded", view.advisories().loaded);
  json.Key("namespaces");
  json.BeginArray();
  for (const auto& [name, as_of] : view.advisories().as_of) {
    json.BeginObject();
    json.Text("name", name);
    Time(json, "as_of", as_of);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  json.EndObject();
  return out;
}

std::string ImageJson(const View& view, const Scope& scope, uint32_t index,
                      const model::Report* maybe_report, const ToldOfImage& told) {
  const Fleet& fleet = view.fleet();
  const Content& content = fleet.contents()[index];
  std::string out;
  JsonWriter json(&out, JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("digest", content.digest);
  json.Text("name", view.NameOf(index));
  json.Texts("names", view.NamesOf(index));
  json.Text("state", view.State(index));
  json.Text("state_detail", view.StateDetail(index));
  Time(json, "state_since", view.StateSince(index));
  Time(json, "scanned", view.Scanned(index));
  Time(json, "first_seen", content.first_seen);
  Time(json, "created", content.created);
  json.Text("gap", ToString(view.ContentGap(index)));
  json.Text("gap_detail", view.GapDetail(index));
  json.Text("platform", fleet.texts()[content.platform]);
  json.Text("distro", fleet.texts()[content.distro]);
  json.Text("owner", fleet.texts()[content.owner]);
  json.Text("owner_by", fleet.WhyOwned(index, "application"));
  json.Text("image_owner", fleet.texts()[content.image_owner]);
  json.Text("image_owner_by", fleet.WhyOwned(index, "image"));
  json.Text("base", fleet.texts()[content.base_name]);
  json.Text("base_digest", fleet.texts()[content.base_digest]);
  json.Int("size_bytes", content.size_bytes);
  json.Uint("components", view.HasInventory(index) ? content.components.size() : 0);
  json.Uint("unread_files", content.skipped);
  WriteCounts(json, view.counts(index), CopiesSeen(view, scope, index));
  json.Key("labels");
  json.BeginObject();
  for (const auto& [key, value] : content.labels) {
    json.Text(fleet.texts()[key], fleet.texts()[value]);
  }
  json.EndObject();
  json.Key("inventories");
  json.BeginArray();
  for (const ToldInventory& one : told.inventories) {
    json.BeginObject();
    Time(json, "at", one.at);
    json.Text("digest", one.digest);
    json.Text("via", one.via);
    json.Uint("components", one.components);
    json.Bool("known", one.known);
    json.EndObject();
  }
  json.EndArray();
  json.Key("records");
  json.BeginArray();
  for (const ToldRecord& one : told.records) {
    json.BeginObject();
    Time(json, "at", one.at);
    json.Text("kind", one.deployment ? "deployment" : "build");
    json.Text("source", one.source);
    json.Text("commit", one.commit);
    json.Text("environment", one.environment);
    json.Text("workload", one.workload);
    json.Text("url", one.url);
    json.EndObject();
  }
  json.EndArray();
  const uint32_t before = PredecessorOf(view, scope, index);
  json.Key("previous");
  if (before == kNone) {
    json.Null();
  } else {
    json.Text(fleet.contents()[before].digest);
  }
  json.Key("runs");
  json.BeginArray();
  // By place: one row per cluster, namespace and workload.
  std::map<std::array<std::string_view, 5>, std::pair<uint64_t, Millis>> places;
  const Texts& texts = fleet.texts();
  for (const uint32_t copy_index : view.copies_of(index)) {
    const Copy& copy = fleet.copies()[copy_index];
    if (SeesCopy(view, scope, copy_index)) {
      auto& [copies, since] =
          places[{texts[copy.cluster], texts[copy.name_space], texts[copy.workload],
                  texts[copy.environment], texts[copy.owner]}];
      ++copies;
      since = since == 0 ? copy.started : std::min(since, copy.started);
    }
  }
  for (const auto& [place, row] : places) {
    json.BeginObject();
    json.Text("cluster", place[0]);
    json.Text("namespace", place[1]);
    json.Text("workload", place[2]);
    json.Text("environment", place[3]);
    json.Text("owner", place[4]);
    json.Uint("copies", row.first);
    Time(json, "since", row.second);
    json.EndObject();
  }
  json.EndArray();
  json.Key("layers");
  json.BeginArray();
  if (maybe_report != nullptr) {
    std::vector<uint64_t> components(maybe_report->inventory.image.layers.size() + 1);
    std::vector<uint64_t> findings(components.size());
    for (const model::Component& component : maybe_report->inventory.components) {
      if (component.layer >= 0 && static_cast<size_t>(component.layer) < components.size()) {
        ++components[static_cast<size_t>(component.layer)];
      }
    }
    for (const model::Finding& finding : maybe_report->findings) {
      if (model::IsOpen(finding) && finding.layer >= 0 &&
          static_cast<size_t>(finding.layer) < findings.size()) {
        ++findings[static_cast<size_t>(finding.layer)];
      }
    }
    for (const model::Layer& layer : maybe_report->inventory.image.layers) {
      json.BeginObject();
      json.Int("index", layer.index);
      json.Text("digest", layer.digest);
      json.Text("diff_id", layer.diff_id);
      json.Uint("size_bytes", layer.size_bytes);
      json.Text("created_by", layer.created_by);
      json.Bool("base", layer.index < maybe_report->base_layers);
      const auto at = static_cast<size_t>(std::max(layer.index, 0));
      json.Uint("components", at < components.size() ? components[at] : 0);
      json.Uint("findings", at < findings.size() ? findings[at] : 0);
      json.EndObject();
    }
  }
  json.EndArray();
  json.Key("actions");
  json.BeginArray();
  if (maybe_report != nullptr) {
    for (const model::Action& action : maybe_report->actions) {
      json.BeginObject();
      json.Text("id", action.id);
      json.Text("kind", model::ToString(action.kind));
      json.Text("title", action.title);
      json.Texts("steps", action.steps);
      json.Uint("resolves", action.resolves.size());
      json.Uint("remains", action.remains);
      json.Text("owner", model::ToString(action.owner));
      json.Int("layer", action.layer);
      json.Text("reason", action.reason);
      json.Double("risk", action.risk);
      json.Text("due", action.due);
      json.EndObject();
    }
  }
  json.EndArray();
  json.Key("unread");
  json.BeginArray();
  if (maybe_report != nullptr) {
    size_t count = 0;
    for (const model::Skipped& skipped : maybe_report->inventory.coverage.skipped) {
      if (++count > 100) {
        break;
      }
      json.BeginObject();
      json.Text("path", base::ToUtf8(skipped.path));
      json.Text("reason", skipped.reason);
      json.EndObject();
    }
  }
  json.EndArray();
  json.EndObject();
  return out;
}

uint32_t PredecessorOf(const View& view, const Scope& scope, uint32_t content) {
  const Fleet& fleet = view.fleet();
  // The name that it got last, and who had any tag of that repository just before.
  const Name* own = nullptr;
  for (const uint32_t index : fleet.contents()[content].names) {
    const Name& name = fleet.names()[index];
    if (name.since <= view.as_of() && (own == nullptr || name.since > own->since)) {
      own = &name;
    }
  }
  if (own == nullptr) {
    return kNone;
  }
  const Name* before = nullptr;
  for (const Name& name : fleet.names()) {
    if (name.edge && name.repository == own->repository && name.content != content &&
        name.since < own->since && view.HasInventory(name.content) &&
        SeesContent(view, scope, name.content)) {
      // The same tag's last is nearer than another tag's.
      const auto rank = [&](const Name& one) {
        return std::tuple(one.tag == own->tag, one.since, fleet.texts()[one.tag]);
      };
      if (before == nullptr || rank(name) > rank(*before)) {
        before = &name;
      }
    }
  }
  return before == nullptr ? kNone : before->content;
}

std::string ChangesJson(const View& view, uint32_t from, uint32_t to) {
  const Fleet& fleet = view.fleet();
  const auto components = [&](uint32_t content) {
    std::vector<uint32_t> out;
    for (const Uses& use : fleet.contents()[content].components) {
      out.push_back(use.component);
    }
    return out;
  };
  const auto findings = [&](uint32_t content) {
    // By vulnerability and the name of what has it: a bump that does not help is no news.
    std::map<std::pair<std::string_view, std::string_view>, uint32_t> out;
    view.ForEachFinding(content, [&](const Uses& use, uint32_t match) {
      out.emplace(std::pair<std::string_view, std::string_view>(
                      fleet.vulnerabilities()[fleet.matches()[match].vulnerability].name,
                      fleet.components()[use.component].name),
                  match);
    });
    return out;
  };
  const auto old_components = components(from);
  const auto new_components = components(to);
  const auto old_findings = findings(from);
  const auto new_findings = findings(to);
  std::string out;
  JsonWriter json(&out, JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("from", fleet.contents()[from].digest);
  json.Text("to", fleet.contents()[to].digest);
  const auto list = [&](std::string_view key, const std::vector<uint32_t>& these,
                        const std::vector<uint32_t>& those) {
    json.Key(key);
    json.BeginArray();
    std::vector<uint32_t> different;
    std::set_difference(these.begin(), these.end(), those.begin(), those.end(),
                        std::back_inserter(different));
    std::sort(different.begin(), different.end(), [&](uint32_t a, uint32_t b) {
      const auto place = [&](uint32_t one) {
        const ComponentVersion& is = fleet.components()[one];
        return std::tie(is.name, is.version, is.purl, is.key);
      };
      return place(a) < place(b);
    });
    for (const uint32_t one : different) {
      json.BeginObject();
      json.Text("name", fleet.components()[one].name);
      json.Text("version", fleet.components()[one].version);
      json.Text("purl", fleet.components()[one].purl);
      json.EndObject();
    }
    json.EndArray();
  };
  list("components_added", new_components, old_components);
  list("components_removed", old_components, new_components);
  const auto differences = [&](std::string_view key, const auto& these, const auto& those) {
    json.Key(key);
    json.BeginArray();
    for (const auto& [name, match] : these) {
      if (!those.contains(name)) {
        json.BeginObject();
        json.Text("vulnerability", name.first);
        json.Text("component", name.second);
        json.Text("severity", model::ToString(fleet.matches()[match].level));
        json.EndObject();
      }
    }
    json.EndArray();
  };
  differences("findings_added", new_findings, old_findings);
  differences("findings_removed", old_findings, new_findings);
  json.EndObject();
  return out;
}

// What is known of it everywhere.
static void WriteFacts(JsonWriter& json, const Vulnerability& one) {
  json.Text("id", one.name);
  json.Text("aliases", one.aliases);
  json.Text("summary", one.summary);
  json.Text("severity", model::ToString(one.level));
  json.Key("score");
  one.score < 0 ? json.Null() : json.Double(one.score);
  json.Key("epss");
  one.epss < 0 ? json.Null() : json.Double(one.epss);
  json.Key("epss_percentile");
  one.epss_percentile < 0 ? json.Null() : json.Double(one.epss_percentile);
  Time(json, "kev_added", one.kev_added);
  Time(json, "kev_due", one.kev_due);
  json.Text("exploit", ToString(one.exploit));
}

std::string AdvisoryJson(const advisory::Vulnerability& known) {
  Vulnerability one;
  one.name = known.id;
  one.aliases = base::Join({known.aliases.begin(), known.aliases.end()}, " ");
  one.summary = known.summary;
  for (const model::SeverityOpinion& opinion : known.severities) {
    if (std::pair(opinion.level, opinion.score) > std::pair(one.level, one.score)) {
      one.level = opinion.level;
      one.score = opinion.score;
    }
  }
  if (known.epss) {
    one.epss = known.epss->probability;
    one.epss_percentile = known.epss->percentile;
  }
  if (known.kev) {
    one.kev_added = ParseMillis(known.kev->date_added).value_or(0);
    one.kev_due = ParseMillis(known.kev->due_date).value_or(0);
  }
  one.exploit = known.exploit ? known.exploit->kind : model::ExploitKind::kNone;
  std::string out;
  JsonWriter json(&out, JsonWriter::Layout::kCompact);
  json.BeginObject();
  WriteFacts(json, one);
  json.Bool("here", false);
  for (const std::string_view key : {"images", "copies", "accepted", "owners"}) {
    json.Uint(key, 0);
  }
  const auto nothing = [&](std::string_view key) {
    json.Key(key);
    json.BeginArray();
    json.EndArray();
  };
  nothing("components");
  json.Key("where");
  json.BeginObject();
  for (const std::string_view dimension : {"base", "cluster", "environment", "owner"}) {
    nothing(dimension);
  }
  json.EndObject();
  nothing("ends_by");
  json.Key("clock");
  json.BeginObject();
  Time(json, "published", known.published * 1000);
  for (const std::string_view key : {"first_found_here", "first_running", "fix_available"}) {
    Time(json, key, 0);
  }
  json.EndObject();
  nothing("decisions");
  json.EndObject();
  return out;
}

std::string VulnerabilityJson(const View& view, const Scope& scope, uint32_t index) {
  const Fleet& fleet = view.fleet();
  const Vulnerability& one = fleet.vulnerabilities()[index];
  const Spread spread = SpreadOf(view, scope, index);
  const std::vector<uint32_t> ever = EverWith(view, scope, index);
  std::string out;
  JsonWriter json(&out, JsonWriter::Layout::kCompact);
  json.BeginObject();
  WriteFacts(json, one);
  json.Bool("here", !ever.empty());
  json.Uint("images", spread.counts.images);
  json.Uint("copies", spread.counts.copies);
  json.Uint("accepted", spread.counts.accepted);
  json.Uint("owners", spread.counts.owners.size());
  // Which component version of which image has it, and whether its base brought it.
  std::set<uint32_t> with(spread.contents.begin(), spread.contents.end());
  struct Way {
    std::set<uint32_t> contents;
    std::set<std::string_view> fixed;
    std::set<uint32_t> owners;
    uint64_t copies = 0;
    bool fixable = true;
  };
  std::map<std::pair<bool, std::string>, Way> ways;  // rebuild of a base, or of a repository
  std::map<std::string_view, std::map<std::string_view, uint64_t>>
      by;  // dimension -> value -> copies
  std::set<std::pair<std::string_view, std::string_view>> affected;
  Millis fix = 0;
  for (const uint32_t m : one.matches) {
    const Match& match = fleet.matches()[m];
    if (!match.OpenAt(view.as_of())) {
      continue;
    }
    const ComponentVersion& component = fleet.components()[match.component];
    for (const uint32_t content : component.contents) {
      if (!with.contains(content)) {
        continue;
      }
      affected.emplace(component.name, component.version);
      if (match.fix_since != 0 && (fix == 0 || match.fix_since < fix)) {
        fix = match.fix_since;
      }
      const Rebuild rebuild = RebuildOf(view, content, match.component);
      Way& way = ways[{rebuild.base, rebuild.target}];
      way.owners.insert(rebuild.owner);
      way.contents.insert(content);
      way.fixable = way.fixable && match.fixed_versions != 0;
      if (match.fixed_versions != 0) {
        const std::string_view versions = fleet.texts()[match.fixed_versions];
        way.fixed.insert(versions.substr(0, versions.find(' ')));
      }
    }
  }
  for (auto& [key, way] : ways) {
    for (const uint32_t content : way.contents) {
      for (const uint32_t copy : view.copies_of(content)) {
        way.copies += SeesCopy(view, scope, copy) ? 1 : 0;
      }
    }
  }
  Millis first_running = 0;
  for (const uint32_t content : spread.contents) {
    const std::string_view base = BaseOf(view, content);
    for (const uint32_t copy_index : view.copies_of(content)) {
      const Copy& copy = fleet.copies()[copy_index];
      if (!SeesCopy(view, scope, copy_index)) {
        continue;
      }
      ++by["owner"][OwnerText(fleet, copy.owner)];
      ++by["cluster"][fleet.texts()[copy.cluster]];
      ++by["environment"][fleet.texts()[copy.environment]];
      ++by["base"][base.empty() ? std::string_view("(unknown)") : base];
      if (first_running == 0 || copy.started < first_running) {
        first_running = copy.started;
      }
    }
  }
  json.Key("components");
  json.BeginArray();
  for (const auto& [name, version] : affected) {
    json.BeginObject();
    json.Text("name", name);
    json.Text("version", version);
    json.EndObject();
  }
  json.EndArray();
  json.Key("where");
  json.BeginObject();
  for (const std::string_view dimension : {"base", "cluster", "environment", "owner"}) {
    json.Key(dimension);
    json.BeginArray();
    std::vector<std::pair<std::string_view, uint64_t>> rows(by[dimension].begin(),
                                                            by[dimension].end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [value, copies] : rows) {
      json.BeginObject();
      json.Text("value", value);
      json.Uint("copies", copies);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  json.Key("ends_by");
  json.BeginArray();
  std::vector<std::pair<const std::pair<bool, std::string>*, const Way*>> rows;
  for (const auto& [key, way] : ways) {
    rows.emplace_back(&key, &way);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second->copies, a.second->contents.size()) >
           std::pair(b.second->copies, b.second->contents.size());
  });
  for (const auto& [key, way] : rows) {
    json.BeginObject();
    json.Text("kind", key->first ? "rebuild_base" : "rebuild_image");
    json.Text("target", key->second);
    json.Bool("fix_exists", way->fixable);
    json.Texts("fixed_versions", {way->fixed.begin(), way->fixed.end()});
    json.Uint("images", way->contents.size());
    json.Uint("copies", way->copies);
    std::vector<std::string> owners;
    for (const uint32_t owner : way->owners) {
      owners.emplace_back(OwnerText(fleet, owner));
    }
    std::sort(owners.begin(), owners.end());
    json.Texts("owners", owners);
    json.EndObject();
  }
  json.EndArray();
  json.Key("clock");
  json.BeginObject();
  Time(json, "published", one.published);
  Time(json, "first_found_here", spread.counts.since);
  Time(json, "first_running", first_running);
  Time(json, "fix_available", fix);
  json.EndObject();
  json.Key("decisions");
  json.BeginArray();
  for (const Decision& decision : fleet.decisions()) {
    if (decision.vulnerability == one.name && decision.HoldsAt(view.as_of()) &&
        SeesDecision(view, scope, decision.repository, ever)) {
      json.BeginObject();
      json.Int("id", decision.id);
      json.Text("kind", ToString(decision.kind));
      json.Text("component", decision.component);
      json.Text("repository", decision.repository);
      json.Text("owner", decision.owner);
      json.Text("author", decision.author);
      json.Text("approver", decision.approver);
      json.Text("reason", decision.reason);
      json.Text("words", decision.words);
      Time(json, "at", decision.at);
      Time(json, "until", decision.until);
      json.EndObject();
    }
  }
  json.EndArray();
  json.EndObject();
  return out;
}

}  // namespace scantling::program
