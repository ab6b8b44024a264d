// Following the store: rows above the number of the last change, in the order in which they refer
// to one another (components, contents, names, findings, copies).
#include "program/fleet.h"

#include "codec/json.h"
#include "model/names.h"
#include "program/documents.h"
#include "program/ingest.h"

#include <algorithm>
#include <array>

namespace scantling::program {
namespace {

using store::Row;

constexpr uint64_t kMaxLabels = 256;
constexpr std::array<std::string_view, 3> kDecisions = {"acknowledged", "accepted", "assigned"};

model::Level LevelOf(int64_t value) {
  return static_cast<model::Level>(std::clamp<int64_t>(value, 0, 5));
}

// What the base brings is owned by whoever owns the base's name.
void AddBase(const Texts& texts, const Content& content, OwnerSubject& subject) {
  if (content.base_name == 0) {
    return;
  }
  std::string_view base = texts[content.base_name];
  base = base.substr(0, base.find('@'));
  if (const size_t colon = base.rfind(':');
      colon != std::string_view::npos && base.find('/', colon) == std::string_view::npos) {
    base = base.substr(0, colon);
  }
  subject.repositories.push_back(base);
}

base::Result<Advisories> ParseAdvisories(std::string_view body) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(body));
  Advisories out;
  out.digest = root["digest"].Text();
  out.embedded = root["embedded"].Bool().value_or(false);
  out.loaded = root["loaded"].Int().value_or(0);
  root["namespaces"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
    out.as_of.emplace(key, value.Int().value_or(0));
    return true;
  });
  return out;
}

}  // namespace

const Advisories& Fleet::AdvisoriesAt(Millis at) const {
  const auto after = all_advisories_.upper_bound(at);
  return after != all_advisories_.begin() ? std::prev(after)->second
         : after != all_advisories_.end() ? after->second
                                          : advisories_;
}

std::string_view ToString(DecisionKind kind) { return kDecisions[static_cast<size_t>(kind)]; }

std::string_view ToString(model::ExploitKind kind) {
  return model::kExploitNames[static_cast<size_t>(kind)];
}

uint32_t Texts::Add(std::string_view text) {
  const auto found = index_.find(text);
  if (found != index_.end()) {
    return found->second;
  }
  texts_.emplace_back(text);
  const auto at = static_cast<uint32_t>(texts_.size() - 1);
  index_.emplace(texts_.back(), at);
  return at;
}

uint32_t Texts::Find(std::string_view text) const {
  const auto found = index_.find(text);
  return found == index_.end() ? kNone : found->second;
}

bool Reporter::HeardAt(Millis at) const {
  const Millis last = LastHeard(at);
  return last != 0 && at - last <= 3 * interval_ms;
}

Millis Reporter::LastHeard(Millis at) const {
  Millis last = 0;
  for (const auto& [since, until] : spans) {
    if (since <= at) {
      last = std::max(last, std::min(until, at));
    }
  }
  return last;
}

base::Result<void> Fleet::Refresh(store::Store& store) {
  return store.Read([&](store::Connection& connection) -> base::Result<void> {
    const int64_t seen = change_;
    int64_t newest = seen;
    SCANTLING_DO(connection.Query("SELECT value FROM counters WHERE name = 'fold'", {},
                                  [&](const Row& row) -> base::Result<void> {
                                    newest = row.Int(0);
                                    return {};
                                  }));
    if (newest == seen) {
      return {};
    }
    SCANTLING_DO(ReadDocuments(connection, seen));
    SCANTLING_DO(ReadComponents(connection, seen));
    SCANTLING_DO(ReadContents(connection, seen));
    SCANTLING_DO(ReadStates(connection, seen));
    SCANTLING_DO(ReadNames(connection, seen));
    SCANTLING_DO(ReadFindings(connection, seen));
    SCANTLING_DO(ReadCopies(connection, seen));
    SCANTLING_DO(ReadDecisions(connection, seen));
    Assign();
    change_ = newest;
    return {};
  });
}

Labels Fleet::ParseLabels(std::string_view json) {
  Labels labels;
  if (json.size() < 3) {
    return labels;
  }
  codec::Json parser;
  const auto root = parser.Parse(json);
  if (!root) {
    return labels;
  }
  root->ForEachMember([&](std::string_view key, codec::JsonValue value) {
    labels.emplace_back(texts_.Add(key), texts_.Add(value.Text()));
    return labels.size() < kMaxLabels;
  });
  std::sort(labels.begin(), labels.end(),
            [&](const auto& a, const auto& b) { return texts_[a.first] < texts_[b.first]; });
  return labels;
}

base::Result<void> Fleet::ReadComponents(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  return connection.Query(
      "SELECT id, owner, type, name, version, purl, name_space, SUBSTR(key, 1, 16) FROM components "
      "WHERE changed > $1 "
      "ORDER BY id",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const int64_t id = row.Int(0);
        const auto [entry, added] =
            component_by_id_.emplace(id, static_cast<uint32_t>(components_.size()));
        if (added) {
          components_.emplace_back();
        }
        ComponentVersion& component = components_[entry->second];
        component.id = id;
        component.owner = row.Int(1) == 0 ? kNone : FindComponent(row.Int(1));
        component.type = texts_.Add(row.Text(2));
        component.name = row.Text(3);
        component.version = row.Text(4);
        component.purl = row.Text(5);
        component.name_space = texts_.Add(row.Text(6));
        component.key = row.Text(7);
        return {};
      });
}

void Fleet::Link(uint32_t index, std::vector<Uses> uses) {
  Content& content = contents_[index];
  for (const Uses& old : content.components) {
    auto& contents = components_[old.component].contents;
    const auto at = std::lower_bound(contents.begin(), contents.end(), index);
    if (at != contents.end() && *at == index) {
      contents.erase(at);
    }
  }
  std::sort(uses.begin(), uses.end(),
            [](const Uses& a, const Uses& b) { return a.component < b.component; });
  content.namespaces.clear();
  for (const Uses& use : uses) {
    ComponentVersion& component = components_[use.component];
    auto& contents = component.contents;
    contents.insert(std::lower_bound(contents.begin(), contents.end(), index), index);
    if (component.name_space != 0) {
      content.namespaces.push_back(component.name_space);
    }
  }
  std::sort(content.namespaces.begin(), content.namespaces.end());
  content.namespaces.erase(std::unique(content.namespaces.begin(), content.namespaces.end()),
                           content.namespaces.end());
  content.namespaces.shrink_to_fit();
  uses.shrink_to_fit();
  content.components = std::move(uses);
}

base::Result<void> Fleet::ReadContents(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  SCANTLING_DO(connection.Query(
      "SELECT id, digest, state, first_seen, created, platform, distro, "
      " size_bytes, layers, base_layers, base_name, base_digest, labels, skipped, "
      "components, shown "
      "FROM contents WHERE changed > $1 ORDER BY id",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const int64_t id = row.Int(0);
        const auto [entry, added] =
            content_by_id_.emplace(id, static_cast<uint32_t>(contents_.size()));
        if (added) {
          contents_.emplace_back();
        }
        const uint32_t index = entry->second;
        Content& content = contents_[index];
        content.id = id;
        content.digest = row.Text(15);
        content.kept_as = row.Text(1);
        content.alias = row.Text(2) == "alias";
        // An alias is found by `digests`, which may have been read long ago.
        const auto [place, first] = content_by_digest_.try_emplace(content.kept_as, index);
        if (!first && !content.alias) {
          place->second = index;
        }
        if (const auto waiting = waiting_.find(content.kept_as); waiting != waiting_.end()) {
          unassigned_copies_.insert(unassigned_copies_.end(), waiting->second.begin(),
                                    waiting->second.end());
          waiting_.erase(waiting);
        }
        content.first_seen = row.Int(3);
        content.created = row.Int(4);
        content.platform = texts_.Add(row.Text(5));
        content.distro = texts_.Add(row.Text(6));
        content.size_bytes = row.Int(7);
        content.layers = static_cast<int32_t>(row.Int(8));
        content.base_layers = static_cast<int32_t>(row.Int(9));
        content.base_name = texts_.Add(row.Text(10));
        content.base_digest = texts_.Add(row.Text(11));
        content.labels = ParseLabels(row.Text(12));
        content.skipped = static_cast<uint32_t>(row.Int(13));
        if (!row.IsNull(14)) {
          SCANTLING_TRY(const std::vector<StoredUse> stored, UnpackUses(row.Blob(14)));
          std::vector<Uses> uses;
          uses.reserve(stored.size());
          for (const StoredUse& use : stored) {
            const uint32_t component = FindComponent(use.component);
            if (component != kNone) {
              uses.push_back({component, static_cast<int16_t>(use.layer), use.base});
            }
          }
          Link(index, std::move(uses));
        }
        unassigned_contents_.push_back(index);
        return {};
      }));
  return connection.Query("SELECT digest, content FROM digests WHERE changed > $1", {&from, 1},
                          [&](const Row& row) -> base::Result<void> {
                            const auto found = content_by_id_.find(row.Int(1));
                            if (found == content_by_id_.end()) {
                              return {};
                            }
                            if (code_owners_.contains(row.Text(0))) {
                              unplaced_code_owners_.emplace(row.Text(0));
                            }
                            const auto [entry, added] =
                                content_by_digest_.emplace(std::string(row.Text(0)), found->second);
                            if (!added && entry->second != found->second) {
                              entry->second = found->second;  // copies point elsewhere now
                              assign_all_ = true;
                            }
                            return {};
                          });
}

base::Result<void> Fleet::ReadStates(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  return connection.Query(
      "SELECT content, at, key, state, detail FROM scan_states WHERE changed > $1", {&from, 1},
      [&](const Row& row) -> base::Result<void> {
        const auto content = content_by_id_.find(row.Int(0));
        if (content == content_by_id_.end()) {
          return {};
        }
        ScanState state{row.Int(1), texts_.Add(row.Text(2)), texts_.Add(row.Text(3)),
                        std::string(row.Text(4)), row.Text(2) != kOwnScan};
        auto& states = contents_[content->second].states;
        const auto at = std::lower_bound(
            states.begin(), states.end(), state, [&](const ScanState& a, const ScanState& b) {
              return std::pair(a.at, texts_[a.key]) < std::pair(b.at, texts_[b.key]);
            });
        if (at != states.end() && at->at == state.at && at->key == state.key) {
          *at = std::move(state);
        } else {
          states.insert(at, std::move(state));
        }
        return {};
      });
}

base::Result<void> Fleet::ReadNames(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  std::set<std::pair<uint32_t, uint32_t>> changed;
  SCANTLING_DO(connection.Query(
      "SELECT repository, tag, content, since, until FROM names WHERE changed > $1", {&from, 1},
      [&](const Row& row) -> base::Result<void> {
        const std::pair key(texts_.Add(row.Text(0)), texts_.Add(row.Text(1)));
        const Millis since = row.Int(3);
        auto& told = told_[key];
        auto at = std::lower_bound(
            told.begin(), told.end(), since,
            [&](uint32_t index, Millis wanted) { return names_[index].since < wanted; });
        if (at == told.end() || names_[*at].since != since) {
          at = told.insert(at, static_cast<uint32_t>(names_.size()));
          names_.push_back({key.first, key.second, kNone, since, 0, 0, false});
        }
        Name& name = names_[*at];
        const auto content = content_by_id_.find(row.Int(2));
        const uint32_t is = content == content_by_id_.end() ? kNone : content->second;
        if (name.content != is && name.edge) {
          std::erase(contents_[name.content].names, *at);
          unassigned_contents_.push_back(name.content);
          name.edge = false;
        }
        name.content = is;
        name.next = row.Int(4);
        changed.insert(key);
        return {};
      }));
  for (const auto& key : changed) {
    MakeEdges(told_[key]);
  }
  return {};
}

void Fleet::MakeEdges(const std::vector<uint32_t>& told) {
  const auto before = [&](uint32_t a, uint32_t b) {
    const Name& one = names_[a];
    const Name& other = names_[b];
    return std::tuple(texts_[one.repository], texts_[one.tag], one.since) <
           std::tuple(texts_[other.repository], texts_[other.tag], other.since);
  };
  Name* last = nullptr;
  for (const uint32_t index : told) {
    Name& name = names_[index];
    const bool again = last != nullptr && last->content == name.content;
    const bool edge = !again && name.content != kNone;
    bool moved = edge != name.edge;
    if (moved) {
      auto& names = contents_[name.content].names;
      if (edge) {
        names.insert(std::lower_bound(names.begin(), names.end(), index, before), index);
      } else {
        std::erase(names, index);
      }
      name.edge = edge;
    }
    moved = moved || name.until != name.next;
    name.until = name.next;
    if (again) {
      last->until = name.next;
    } else {
      last = &name;
    }
    if (moved && name.content != kNone) {
      unassigned_contents_.push_back(name.content);
    }
  }
}

base::Result<void> Fleet::ReadFindings(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  SCANTLING_DO(connection.Query(
      "SELECT id, name, aliases, summary, level, score, epss, epss_percentile, kev_added, kev_due, "
      "exploit, published FROM vulnerabilities WHERE changed > $1 ORDER BY id",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const auto [entry, added] = vulnerability_by_id_.emplace(
            row.Int(0), static_cast<uint32_t>(vulnerabilities_.size()));
        if (added) {
          vulnerabilities_.emplace_back();
        }
        Vulnerability& out = vulnerabilities_[entry->second];
        out.id = row.Int(0);
        out.name = row.Text(1);
        vulnerability_by_name_[out.name] = entry->second;
        out.aliases = row.Text(2);
        out.summary = row.Text(3);
        out.level = LevelOf(row.Int(4));
        out.score = row.Real(5);
        out.epss = row.Real(6);
        out.epss_percentile = row.Real(7);
        out.kev_added = row.Int(8);
        out.kev_due = row.Int(9);
        out.exploit = static_cast<model::ExploitKind>(std::clamp<int64_t>(row.Int(10), 0, 2));
        out.published = row.Int(11);
        return {};
      }));
  return connection.Query(
      "SELECT component, vulnerability, opened, closed, open_cause, close_cause, level, score, "
      "fix_state, fix_since, fixed_versions FROM matches WHERE changed > $1 "
      "ORDER BY component, vulnerability, opened",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const uint32_t component = FindComponent(row.Int(0));
        const auto vulnerability = vulnerability_by_id_.find(row.Int(1));
        if (component == kNone || vulnerability == vulnerability_by_id_.end()) {
          return {};
        }
        // A component has few matches: a search among them is an index.
        uint32_t at = kNone;
        for (const uint32_t index : components_[component].matches) {
          if (matches_[index].vulnerability == vulnerability->second &&
              matches_[index].opened == row.Int(2)) {
            at = index;
            break;
          }
        }
        if (at == kNone) {
          at = static_cast<uint32_t>(matches_.size());
          matches_.emplace_back();
          components_[component].matches.push_back(at);
          vulnerabilities_[vulnerability->second].matches.push_back(at);
        }
        Match& match = matches_[at];
        match.component = component;
        match.vulnerability = vulnerability->second;
        match.opened = row.Int(2);
        match.closed = row.Int(3);
        match.open_cause = texts_.Add(row.Text(4));
        match.close_cause = texts_.Add(row.Text(5));
        match.level = LevelOf(row.Int(6));
        match.score = static_cast<float>(row.Real(7));
        match.fix_state = static_cast<model::FixState>(std::clamp<int64_t>(row.Int(8), 0, 4));
        match.fix_since = row.Int(9);
        match.fixed_versions = texts_.Add(row.Text(10));
        return {};
      });
}

base::Result<void> Fleet::ReadCopies(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  SCANTLING_DO(connection.Query(
      "SELECT id, name, kind, cluster, interval_ms FROM reporters WHERE changed > $1 ORDER BY id",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const auto [entry, added] =
            reporter_by_id_.emplace(row.Int(0), static_cast<uint32_t>(reporters_.size()));
        if (added) {
          reporters_.emplace_back();
        }
        Reporter& reporter = reporters_[entry->second];
        reporter.id = row.Int(0);
        reporter.name = row.Text(1);
        reporter.kind = texts_.Add(row.Text(2));
        reporter.cluster = texts_.Add(row.Text(3));
        reporter.interval_ms = row.Int(4);
        const auto claimed = reporter_claims_.find(reporter.name);
        reporter.claimed = claimed != reporter_claims_.end() && claimed->second;
        return {};
      }));
  SCANTLING_DO(connection.Query(
      "SELECT reporter, since, until FROM reporter_spans WHERE changed > $1 ORDER BY since",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const auto reporter = reporter_by_id_.find(row.Int(0));
        if (reporter == reporter_by_id_.end()) {
          return {};
        }
        auto& spans = reporters_[reporter->second].spans;
        const std::pair<Millis, Millis> span(row.Int(1), row.Int(2));
        const auto at =
            std::lower_bound(spans.begin(), spans.end(), span,
                             [](const auto& a, const auto& b) { return a.first < b.first; });
        if (at != spans.end() && at->first == span.first) {
          at->second = span.second;
        } else {
          spans.insert(at, span);
        }
        return {};
      }));
  return connection.Query(
      "SELECT id, uid, reporter, digest, reference, environment, cluster, namespace, "
      "workload_kind, workload, pod, container, kind, node, labels, started, ended "
      "FROM copies WHERE changed > $1 ORDER BY id",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const auto [entry, added] =
            copy_by_uid_.emplace(row.Text(1), static_cast<uint32_t>(copies_.size()));
        if (added) {
          copies_.emplace_back();
        }
        Copy& copy = copies_[entry->second];
        copy.id = row.Int(0);
        copy.uid = row.Text(1);
        const auto reporter = reporter_by_id_.find(row.Int(2));
        copy.reporter = reporter == reporter_by_id_.end() ? kNone : reporter->second;
        copy.digest = texts_.Add(row.Text(3));
        copy.reference = texts_.Add(row.Text(4));
        copy.environment = texts_.Add(row.Text(5));
        copy.cluster = texts_.Add(row.Text(6));
        copy.name_space = texts_.Add(row.Text(7));
        copy.workload_kind = texts_.Add(row.Text(8));
        copy.workload = texts_.Add(row.Text(9));
        copy.pod = row.Text(10);
        copy.container = texts_.Add(row.Text(11));
        copy.kind = texts_.Add(row.Text(12));
        copy.node = texts_.Add(row.Text(13));
        copy.labels = ParseLabels(row.Text(14));
        copy.started = row.Int(15);
        copy.ended = row.Int(16);
        unassigned_copies_.push_back(entry->second);
        return {};
      });
}

base::Result<void> Fleet::ReadDecisions(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  return connection.Query(
      "SELECT id, kind, vulnerability, component, repository, owner, author, approver, reason, "
      "words, at, until, ended FROM decisions WHERE changed > $1 ORDER BY id",
      {&from, 1}, [&](const Row& row) -> base::Result<void> {
        const auto [entry, added] =
            decision_by_id_.emplace(row.Int(0), static_cast<uint32_t>(decisions_.size()));
        if (added) {
          decisions_.emplace_back();
        }
        Decision& out = decisions_[entry->second];
        out.id = row.Int(0);
        const auto kind = std::find(kDecisions.begin(), kDecisions.end(), row.Text(1));
        if (kind == kDecisions.end()) {
          return base::Invalid(
              "the store holds a decision of a kind that this program does not know: " +
              std::string(row.Text(1)));
        }
        out.kind = static_cast<DecisionKind>(kind - kDecisions.begin());
        out.vulnerability = row.Text(2);
        out.component = row.Text(3);
        out.repository = row.Text(4);
        out.owner = row.Text(5);
        out.author = row.Text(6);
        out.approver = row.Text(7);
        out.reason = row.Text(8);
        out.words = row.Text(9);
        out.at = row.Int(10);
        out.until = row.Int(11);
        out.ended = row.Int(12);
        return {};
      });
}

base::Result<void> Fleet::ReadDocuments(store::Connection& connection, int64_t seen) {
  const store::Value from = seen;
  return connection.Query("SELECT name, body FROM documents WHERE changed > $1 ORDER BY name",
                          {&from, 1}, [&](const Row& row) -> base::Result<void> {
                            const std::string name(row.Text(0));
                            if (name.starts_with(kAdvisoriesDocument)) {
                              SCANTLING_TRY(Advisories told, ParseAdvisories(row.Text(1)));
                              all_advisories_.insert_or_assign(told.loaded, std::move(told));
                              return {};
                            }
                            const std::string& body = documents_[name] = row.Text(1);
                            if (name == "owners") {
                              SCANTLING_TRY(owner_rules_, ParseOwnerRules(body));
                              assign_all_ = true;
                            } else if (name.starts_with(kCodeOwnersDocument)) {
                              const std::string digest = name.substr(kCodeOwnersDocument.size());
                              SCANTLING_TRY(code_owners_[digest], ParseCodeOwned(body));
                              unplaced_code_owners_.insert(digest);
                            } else if (name.starts_with(kClaimsDocument)) {
                              const std::string digest = name.substr(kClaimsDocument.size());
                              SCANTLING_TRY(claims_[digest], ParseClaims(body));
                              unplaced_claims_.insert(digest);
                            } else if (name.starts_with(kReporterDocument)) {
                              const std::string reporter = name.substr(kReporterDocument.size());
                              SCANTLING_TRY(const Claims claims, ParseClaims(body));
                              reporter_claims_[reporter] = !claims.shared;
                              for (Reporter& one : reporters_) {
                                one.claimed = one.name == reporter ? !claims.shared : one.claimed;
                              }
                            } else if (name == "advisories") {
                              SCANTLING_TRY(advisories_, ParseAdvisories(body));
                              all_advisories_.insert_or_assign(advisories_.loaded, advisories_);
                            }
                            return {};
                          });
}

std::string_view Fleet::LabelOf(const Labels& labels, std::string_view key) const {
  const auto at = std::lower_bound(
      labels.begin(), labels.end(), key,
      [&](const auto& label, std::string_view wanted) { return texts_[label.first] < wanted; });
  return at != labels.end() && texts_[at->first] == key ? texts_[at->second] : std::string_view();
}

bool Fleet::OnlyClaimed(const Content& content, const Claims& claims) const {
  return !claims.shared &&
         std::all_of(content.names.begin(), content.names.end(), [&](uint32_t name) {
           return claims.repositories.contains(texts_[names_[name].repository]);
         });
}

OwnerSubject Fleet::SubjectOf(const Content& content, const Copy* maybe_copy) const {
  OwnerSubject out;
  const auto claims = claims_.find(content.kept_as);
  // What is only claimed of an image makes it somebody's while nobody else tells of it, and a copy
  // of another reporter nobody's, but by the name that it was started by.
  const bool counts =
      claims == claims_.end() || (maybe_copy == nullptr && OnlyClaimed(content, claims->second));
  std::string started;
  std::string tag;
  if (!counts && maybe_copy != nullptr) {
    SplitReference(texts_[maybe_copy->reference], started, tag);
  }
  for (const uint32_t name : content.names) {
    const std::string_view repository = texts_[names_[name].repository];
    if (counts || !claims->second.repositories.contains(repository) ||
        (!started.empty() && repository == started)) {
      out.repositories.push_back(repository);
    }
  }
  const bool labels = counts || !claims->second.labels;
  out.label = [this, &content, maybe_copy, labels](std::string_view key) {
    const std::string_view own =
        maybe_copy == nullptr ? std::string_view() : LabelOf(maybe_copy->labels, key);
    return own.empty() && labels ? LabelOf(content.labels, key) : own;
  };
  if (const auto found = code_owned_.find(content.id); found != code_owned_.end()) {
    out.code_owner = [&roles = found->second, counts](std::string_view role) {
      const auto one = roles.find(role);
      const bool nobody = one == roles.end() || one->second.owner.empty();
      return nobody || (one->second.claimed && !counts) ? nullptr : &one->second;
    };
  }
  return out;
}

std::string Fleet::WhyOwned(uint32_t index, std::string_view role) const {
  const Content& content = contents_[index];
  OwnerSubject subject = SubjectOf(content);
  if (role == "image") {
    AddBase(texts_, content, subject);
  }
  return owner_rules_.Find(role, subject).why;
}

// A record may name an image by its index, its manifest or its configuration; all of them count.
void Fleet::PlaceCodeOwners() {
  std::set<uint32_t> changed;
  for (const std::string& digest : unplaced_code_owners_) {
    if (const uint32_t content = FindContent(digest); content != kNone) {
      MergeCodeOwned(code_owned_[contents_[content].id], code_owners_.find(digest)->second);
      changed.insert(content);
    }
  }
  unplaced_code_owners_.clear();
  for (const std::string& digest : unplaced_claims_) {
    if (const uint32_t content = FindContent(digest); content != kNone) {
      changed.insert(content);
    }
  }
  unplaced_claims_.clear();
  unassigned_contents_.insert(unassigned_contents_.end(), changed.begin(), changed.end());
}

void Fleet::Assign() {
  PlaceCodeOwners();
  // What names and labels a content has counts for its copies, so contents come first.
  if (!assign_all_ && !unassigned_contents_.empty()) {
    std::vector<bool> changed(contents_.size());
    for (const uint32_t index : unassigned_contents_) {
      changed[index] = true;
    }
    for (uint32_t i = 0; i < copies_.size(); ++i) {
      if (copies_[i].content != kNone && changed[copies_[i].content]) {
        unassigned_copies_.push_back(i);
      }
    }
  }
  if (assign_all_) {
    unassigned_contents_.resize(contents_.size());
    for (uint32_t i = 0; i < contents_.size(); ++i) {
      unassigned_contents_[i] = i;
    }
    unassigned_copies_.resize(copies_.size());
    for (uint32_t i = 0; i < copies_.size(); ++i) {
      unassigned_copies_[i] = i;
    }
  }
  std::sort(unassigned_contents_.begin(), unassigned_contents_.end());
  unassigned_contents_.erase(std::unique(unassigned_contents_.begin(), unassigned_contents_.end()),
                             unassigned_contents_.end());
  for (const uint32_t index : unassigned_contents_) {
    Content& content = contents_[index];
    content.claimed_by.clear();
    if (const auto claims = claims_.find(content.kept_as);
        claims != claims_.end() && OnlyClaimed(content, claims->second)) {
      for (const std::string& owner : claims->second.by) {
        content.claimed_by.push_back(texts_.Add(owner));
      }
    }
    OwnerSubject subject = SubjectOf(content);
    content.owner = texts_.Add(owner_rules_.OwnerOf("application", subject));
    AddBase(texts_, content, subject);
    content.image_owner = texts_.Add(owner_rules_.OwnerOf("image", subject));
  }
  for (const uint32_t index : unassigned_copies_) {
    Copy& copy = copies_[index];
    const std::string_view digest = texts_[copy.digest];
    copy.content = digest.empty() ? kNone : FindContent(digest);
    if (copy.content == kNone && !digest.empty()) {
      waiting_[std::string(digest)].push_back(index);
    }
    const Content* maybe_content = copy.content == kNone ? nullptr : &contents_[copy.content];
    OwnerSubject subject;
    if (maybe_content != nullptr) {
      subject = SubjectOf(*maybe_content, &copy);
    } else {
      subject.label = [&](std::string_view key) { return LabelOf(copy.labels, key); };
    }
    subject.name_space = texts_[copy.name_space];
    subject.cluster = texts_[copy.cluster];
    subject.environment = texts_[copy.environment];
    copy.owner = texts_.Add(owner_rules_.OwnerOf("application", subject));
  }
  unassigned_contents_.clear();
  unassigned_copies_.clear();
  assign_all_ = false;
}

uint32_t Fleet::FindContent(std::string_view digest) const {
  const auto found = content_by_digest_.find(digest);
  return found == content_by_digest_.end() ? kNone : found->second;
}

uint32_t Fleet::FindVulnerability(std::string_view name) const {
  const auto found = vulnerability_by_name_.find(name);
  return found == vulnerability_by_name_.end() ? kNone : found->second;
}

uint32_t Fleet::FindComponent(int64_t id) const {
  const auto found = component_by_id_.find(id);
  return found == component_by_id_.end() ? kNone : found->second;
}

uint32_t Fleet::FindCopy(std::string_view uid) const {
  const auto found = copy_by_uid_.find(uid);
  return found == copy_by_uid_.end() ? kNone : found->second;
}

}  // namespace scantling::program
