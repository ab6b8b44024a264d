// The life of findings and what has changed, from the events and the intervals of the fleet.
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/answers.h"
#include "program/events.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::program {
namespace {

constexpr size_t kMaxLife = 2000;

struct Step {
  Millis at = 0;
  std::string what;
  std::string image;  // name
  std::string digest;
  std::string detail;
  auto operator<=>(const Step&) const = default;
};

// When copies of a content ran.
struct Running {
  Millis first = 0;
  Millis last = 0;
  bool alive = false;
};

void Write(codec::JsonWriter& json, const Step& step) {
  json.BeginObject();
  json.Text("at", FormatMillis(step.at));
  json.Text("what", step.what);
  json.Text("image", step.image);
  json.Text("digest", step.digest);
  json.Text("detail", step.detail);
  json.EndObject();
}

// Whether the viewer may know of the decision that an event tells of; `contents` makes those of the
// viewer's images that ever had its vulnerability.
template <typename Contents>
bool SeesDecisionOf(const View& view, const Scope& scope, codec::JsonValue event,
                    const Contents& contents) {
  if (scope.everything) {
    return true;
  }
  const auto& all = view.fleet().decisions();
  const auto decision = std::find_if(all.begin(), all.end(), [&](const Decision& one) {
    return one.id == event["decision"].Int().value_or(0);
  });
  return decision != all.end() && SeesDecision(view, scope, decision->repository, contents());
}

}  // namespace

base::Result<std::string> LifeJson(store::Connection& connection, const View& view,
                                   const Scope& scope, uint32_t vulnerability) {
  const Fleet& fleet = view.fleet();
  const Millis now = view.as_of();
  std::vector<Step> steps;
  std::set<std::pair<uint32_t, uint32_t>> repositories;  // with it: (repository, tag)
  std::set<uint32_t> with;
  std::vector<Running> running(fleet.contents().size());
  for (const Copy& copy : fleet.copies()) {
    if (copy.content != kNone) {
      Running& one = running[copy.content];
      one.first = one.first == 0 ? copy.started : std::min(one.first, copy.started);
      one.last = std::max(one.last, copy.ended);
      one.alive = one.alive || copy.AliveAt(now);
    }
  }
  for (const uint32_t m : fleet.vulnerabilities()[vulnerability].matches) {
    const Match& match = fleet.matches()[m];
    const ComponentVersion& component = fleet.components()[match.component];
    for (const uint32_t content : component.contents) {
      if (!SeesContent(view, scope, content)) {
        continue;
      }
      with.insert(content);
      const std::string name = view.NameOf(content);
      const std::string& digest = fleet.contents()[content].digest;
      const std::string what = component.name + " " + component.version;
      const Millis here = std::max(match.opened, fleet.contents()[content].first_seen);
      bool again = false;
      for (const uint32_t other : component.matches) {
        const Match& earlier = fleet.matches()[other];
        again = again || (earlier.vulnerability == vulnerability && earlier.closed != 0 &&
                          earlier.closed <= match.opened && other != m);
      }
      steps.push_back({here, again ? "reopened" : "opened", name, digest,
                       what + ": " + std::string(fleet.texts()[match.open_cause])});
      if (match.fix_since != 0) {
        steps.push_back({match.fix_since, "fix_available", name, digest,
                         what + ": fixed in " + std::string(fleet.texts()[match.fixed_versions])});
      }
      if (match.closed != 0) {
        steps.push_back(
            {match.closed, "closed", name, digest, std::string(fleet.texts()[match.close_cause])});
      }
      const auto& [first, last, alive] = running[content];
      if (first != 0) {
        steps.push_back({first, "running", name, digest, ""});
        if (!alive) {
          steps.push_back({last, "gone", name, digest, "the last copy ended"});
        }
      }
      for (const uint32_t n : fleet.contents()[content].names) {
        repositories.emplace(fleet.names()[n].repository, fleet.names()[n].tag);
      }
    }
  }
  // A later image of the same name without it is the fix in a build; its first copy the deployment.
  for (const Name& name : fleet.names()) {
    if (!name.edge || with.contains(name.content) || name.since > now ||
        !view.HasInventory(name.content) || !SeesContent(view, scope, name.content) ||
        std::none_of(repositories.begin(), repositories.end(),
                     [&](const auto& one) { return one.first == name.repository; })) {
      continue;
    }
    const bool after = std::any_of(with.begin(), with.end(), [&](uint32_t content) {
      return std::any_of(fleet.contents()[content].names.begin(),
                         fleet.contents()[content].names.end(), [&](uint32_t n) {
                           return fleet.names()[n].repository == name.repository &&
                                  fleet.names()[n].since < name.since;
                         });
    });
    if (!after) {
      continue;
    }
    const std::string image = view.NameOf(name.content);
    const std::string& digest = fleet.contents()[name.content].digest;
    steps.push_back({name.since, "fixed_in_build", image, digest, ""});
    const Millis deployed = running[name.content].first;
    if (deployed != 0) {
      steps.push_back({deployed, "deployed", image, digest, ""});
    }
  }
  const std::vector<uint32_t> seen(with.begin(), with.end());
  EventQuery query;
  query.kind = "decision";
  query.subject = fleet.vulnerabilities()[vulnerability].name;
  query.limit = 500;
  codec::Json parser;
  SCANTLING_DO(ReadEvents(connection, query, [&](const Event& event) -> base::Result<void> {
    SCANTLING_TRY(const codec::JsonValue body, parser.Parse(event.body));
    if (!SeesDecisionOf(view, scope, body, [&] { return seen; })) {
      return {};
    }
    std::string detail = "by " + std::string(body["author"].Text());
    for (const std::string_view key : {"owner", "repository", "component", "reason", "words"}) {
      if (!body[key].Text().empty()) {
        detail.append("; ").append(key).append(": ").append(body[key].Text());
      }
    }
    steps.push_back({event.at, std::string(body["kind"].Text()), "", "", std::move(detail)});
    return {};
  }));
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  std::erase_if(steps, [&](const Step& step) { return step.at > now; });
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Key("steps");
  json.BeginArray();
  const size_t left_out = steps.size() > kMaxLife ? steps.size() - kMaxLife : 0;  // the oldest
  for (size_t i = left_out; i < steps.size(); ++i) {
    Write(json, steps[i]);
  }
  json.EndArray();
  json.Uint("more", left_out);
  json.EndObject();
  return out;
}

namespace {

// Where a vulnerability came to be, or is no more.
struct Move {
  std::set<std::string_view> causes;
  uint64_t images = 0;
  uint64_t copies = 0;
};
using Moves = std::map<uint32_t, Move>;  // by vulnerability
struct Moved {
  Moves opened;
  Moves closed;
};

// What runs is looked at by service (the repository of its images), so that a rollout of an image
// that has the same vulnerabilities as the one before it moves nothing.
Moved MovedSince(const View& view, const Scope& scope, Millis since) {
  const Fleet& fleet = view.fleet();
  const Millis now = view.as_of();
  const auto within = [&](Millis at) { return at > since && at <= now; };
  struct Place {  // an image
    uint32_t service = 0;
    uint32_t ran = 0;  // copies, then and now
    uint32_t runs = 0;
    bool seen = false;
    bool before = false;  // of the vulnerability at hand: open then, open now
    bool here = false;
    uint32_t open_cause = kNone;  // of a match that opened or closed since
    uint32_t close_cause = kNone;
  };
  struct Service {
    bool runs = false;
    bool before = false;  // of the vulnerability at hand: in what ran, in what runs
    bool here = false;
  };
  std::vector<Place> places(fleet.contents().size());
  std::vector<Service> services;
  std::unordered_map<uint32_t, uint32_t> by_repository;
  for (uint32_t i = 0; i < fleet.copies().size(); ++i) {
    const Copy& copy = fleet.copies()[i];
    if (copy.content != kNone && copy.AliveAt(since) && SeesCopy(view, scope, i)) {
      ++places[copy.content].ran;
    }
  }
  for (const uint32_t index : view.contents()) {
    Place& place = places[index];
    const std::vector<uint32_t>& names = fleet.contents()[index].names;
    place.seen = view.HasInventory(index) && SeesContent(view, scope, index);
    const CopyCounts copies = CopiesSeen(view, scope, index);
    place.runs = copies.running + copies.unknown;
    place.service = static_cast<uint32_t>(services.size());
    if (!names.empty()) {
      place.service =
          by_repository.try_emplace(fleet.names()[names.front()].repository, place.service)
              .first->second;
    }
    if (place.service == services.size()) {
      services.emplace_back();
    }
    services[place.service].runs |= place.runs > 0;
  }
  Moved out;
  std::vector<uint32_t> touched;
  for (uint32_t v = 0; v < fleet.vulnerabilities().size(); ++v) {
    touched.clear();
    for (const uint32_t m : fleet.vulnerabilities()[v].matches) {
      const Match& match = fleet.matches()[m];
      const bool before = match.OpenAt(since);
      const bool here = match.OpenAt(now);
      if (!before && !here) {
        continue;
      }
      for (const uint32_t index : fleet.components()[match.component].contents) {
        Place& place = places[index];
        if (!place.seen) {
          continue;
        }
        if (!place.before && !place.here) {
          touched.push_back(index);
        }
        place.before |= before;
        place.here |= here;
        if (within(match.opened)) {
          place.open_cause = match.open_cause;
        }
        if (within(match.closed)) {
          place.close_cause = match.close_cause;
        }
        services[place.service].before |= before && place.ran > 0;
        services[place.service].here |= here && place.runs > 0;
      }
    }
    for (const uint32_t index : touched) {
      const Place& place = places[index];
      const Service& service = services[place.service];
      const bool advised = !place.before && place.open_cause != kNone;
      if (place.here && (advised || (place.runs > 0 && !service.before))) {
        Move& move = out.opened[v];
        move.causes.insert(advised ? fleet.texts()[place.open_cause] : "deployed");
        ++move.images;
        move.copies += place.runs;
      }
      const bool withdrawn = !place.here && place.close_cause != kNone;
      if (place.before && (withdrawn || (place.ran > 0 && !service.here))) {
        Move& move = out.closed[v];
        move.causes.insert(withdrawn      ? fleet.texts()[place.close_cause]
                           : service.runs ? "rebuilt"
                                          : "undeployed");
        ++move.images;
        move.copies += place.ran;
      }
    }
    for (const uint32_t index : touched) {
      Place& place = places[index];
      services[place.service].before = services[place.service].here = false;
      place.before = place.here = false;
      place.open_cause = place.close_cause = kNone;
    }
  }
  return out;
}

}  // namespace

base::Result<std::string> WeekJson(store::Connection& connection, const View& view,
                                   const Scope& scope, Millis since) {
  const Fleet& fleet = view.fleet();
  const Millis now = view.as_of();
  const auto within = [&](Millis at) { return at > since && at <= now; };
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("since", FormatMillis(since));
  json.Text("as_of", FormatMillis(now));
  json.Key("images");
  json.BeginArray();
  std::vector<uint32_t> fresh;
  for (const uint32_t index : view.contents()) {
    if (within(fleet.contents()[index].first_seen) && SeesContent(view, scope, index)) {
      fresh.push_back(index);
    }
  }
  std::sort(fresh.begin(), fresh.end(), [&](uint32_t a, uint32_t b) {
    const Content& one = fleet.contents()[a];
    const Content& other = fleet.contents()[b];
    return std::tie(one.first_seen, one.digest) < std::tie(other.first_seen, other.digest);
  });
  for (const uint32_t index : fresh) {
    json.BeginObject();
    json.Text("digest", fleet.contents()[index].digest);
    json.Text("name", view.NameOf(index));
    json.Text("first_seen", FormatMillis(fleet.contents()[index].first_seen));
    json.EndObject();
  }
  json.EndArray();
  uint64_t started = 0;
  uint64_t ended = 0;
  for (const Copy& copy : fleet.copies()) {
    if (scope.everything || (copy.owner != 0 && scope.Sees(fleet.texts()[copy.owner]))) {
      started += within(copy.started) ? 1 : 0;
      ended += copy.ended != 0 && within(copy.ended) ? 1 : 0;
    }
  }
  json.Uint("copies_started", started);
  json.Uint("copies_ended", ended);
  const auto list = [&](std::string_view key, const Moves& moves) {
    std::vector<std::pair<uint32_t, const Move*>> sorted;
    for (const auto& [index, row] : moves) {
      sorted.emplace_back(index, &row);
    }
    std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) {
      return std::tie(b.second->copies, b.second->images, fleet.vulnerabilities()[a.first].name) <
             std::tie(a.second->copies, a.second->images, fleet.vulnerabilities()[b.first].name);
    });
    json.Uint(std::string(key) + "_total", sorted.size());
    json.Key(key);
    json.BeginArray();
    for (size_t i = 0; i < sorted.size() && i < 100; ++i) {
      const Vulnerability& one = fleet.vulnerabilities()[sorted[i].first];
      json.BeginObject();
      json.Text("vulnerability", one.name);
      json.Text("severity", model::ToString(one.level));
      json.Bool("kev", one.kev_added != 0);
      json.Uint("images", sorted[i].second->images);
      json.Uint("copies", sorted[i].second->copies);
      json.Texts("causes", {sorted[i].second->causes.begin(), sorted[i].second->causes.end()});
      json.EndObject();
    }
    json.EndArray();
  };
  const Moved moved = MovedSince(view, scope, since);
  list("opened", moved.opened);
  list("closed", moved.closed);
  json.Key("decisions");
  json.BeginArray();
  EventQuery query;
  query.kind = "decision";
  query.since = since + 1;
  query.until = now + 1;
  query.limit = 100;
  codec::Json parser;
  SCANTLING_DO(ReadEvents(connection, query, [&](const Event& event) -> base::Result<void> {
    SCANTLING_TRY(const codec::JsonValue body, parser.Parse(event.body));
    if (!SeesDecisionOf(view, scope, body, [&] {
          const uint32_t found = fleet.FindVulnerability(event.subject);
          return found == kNone ? std::vector<uint32_t>() : EverWith(view, scope, found);
        })) {
      return {};
    }
    json.BeginObject();
    json.Text("at", FormatMillis(event.at));
    json.Text("vulnerability", event.subject);
    json.Text("kind", body["kind"].Text());
    json.Text("author", body["author"].Text());
    json.EndObject();
    return {};
  }));
  json.EndArray();
  json.EndObject();
  return out;
}

}  // namespace scantling::program
