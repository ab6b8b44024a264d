// All that the program knows, in memory, as columns that are joined by small numbers: contents
// (images by digest), component versions, vulnerabilities, matches, names, running copies. One such
// fold is kept by each server process; it follows the store by the numbers of changes, so that any
// number of processes show the same.
//
// Findings are not stored: a content's findings are its components' matches, a copy's are its
// content's. All rows have intervals of time, so that every answer can be asked as of a moment.
//
// Thread-compatible: Refresh() alone changes a Fleet (server/ guards it with a shared mutex).
// Indexes (uint32_t) are positions in the vectors; rows are never removed, so they stay valid.
#pragma once

#include "base/result.h"
#include "base/strings.h"
#include "model/finding.h"
#include "program/claims.h"
#include "program/owners.h"
#include "program/types.h"
#include "store/store.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::program {

inline constexpr uint32_t kNone = UINT32_MAX;

// Texts that many rows share, by number. 0 is "".
class Texts {
 public:
  Texts() { Add(""); }
  uint32_t Add(std::string_view text);
  uint32_t Find(std::string_view text) const;  // kNone
  std::string_view operator[](uint32_t index) const { return texts_[index]; }
  size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // whose addresses stay
  std::unordered_map<std::string_view, uint32_t> index_;
};

using Labels = std::vector<std::pair<uint32_t, uint32_t>>;  // texts, sorted by key's text

struct Uses {  // a component in a content
  uint32_t component = 0;
  int16_t layer = -1;
  bool base = false;  // in a layer of the base image
};

// At `at` the image's scan came into that state.
struct ScanState {
  Millis at = 0;
  uint32_t key = 0;    // text: whose word it is, as in ToldState
  uint32_t state = 0;  // text: kState...
  std::string detail;  // why it failed
  bool inventory = false;
};

struct Content {
  int64_t id = 0;
  std::string digest;             // that is shown
  std::string kept_as;            // the digest of its row in the store
  bool alias = false;             // its digest is another content's
  std::vector<ScanState> states;  // sorted by moment and key
  Millis first_seen = 0;
  Millis created = 0;
  uint32_t platform = 0;
  uint32_t distro = 0;
  int64_t size_bytes = 0;
  int32_t layers = 0;
  int32_t base_layers = -1;
  uint32_t base_name = 0;
  uint32_t base_digest = 0;
  Labels labels;
  uint32_t skipped = 0;              // files that the scan could not read
  std::vector<Uses> components;      // sorted by component
  std::vector<uint32_t> namespaces;  // texts: where advisories are looked up; sorted
  std::vector<uint32_t> names;       // edges in names(); by repository, tag, since
  uint32_t owner = 0;                // text; "" = nobody's
  uint32_t image_owner = 0;          // of what its base brings
  // Who alone has told of it, when those may not be taken at their word (claims.h); else empty.
  std::vector<uint32_t> claimed_by;
};

struct Name {
  uint32_t repository = 0;
  uint32_t tag = 0;
  uint32_t content = 0;
  Millis since = 0;
  Millis until = 0;
  Millis next = 0;    // when the name was told of again
  bool edge = false;  // false: it only says again what the edge before it says
  bool HoldsAt(Millis at) const { return since <= at && (until == 0 || until > at); }
};

struct ComponentVersion {
  int64_t id = 0;          // in the store
  std::string key;         // of what it is: 16 hex digits, whatever the order of arrival
  uint32_t owner = kNone;  // the OS package whose file it is
  uint32_t type = 0;       // text: package URL type
  std::string name;
  std::string version;
  std::string purl;
  uint32_t name_space = 0;         // text; "" = not looked up
  std::vector<uint32_t> contents;  // sorted
  std::vector<uint32_t> matches;   // in the order of their arrival
};

struct Vulnerability {
  int64_t id = 0;
  std::string name;     // "CVE-2024-2961"
  std::string aliases;  // with blanks between
  std::string summary;
  model::Level level = model::Level::kUnknown;
  double score = -1;
  double epss = -1;
  double epss_percentile = -1;
  Millis kev_added = 0;
  Millis kev_due = 0;
  model::ExploitKind exploit = model::ExploitKind::kNone;
  Millis published = 0;
  std::vector<uint32_t> matches;
};

struct Match {
  uint32_t component = 0;
  uint32_t vulnerability = 0;
  Millis opened = 0;
  Millis closed = 0;
  uint32_t open_cause = 0;
  uint32_t close_cause = 0;
  model::Level level = model::Level::kUnknown;
  model::FixState fix_state = model::FixState::kUnknown;
  float score = -1;
  Millis fix_since = 0;
  uint32_t fixed_versions = 0;  // text: ascending, with blanks between
  bool OpenAt(Millis at) const { return opened <= at && (closed == 0 || closed > at); }
};

struct Copy {
  int64_t id = 0;
  std::string uid;
  uint32_t reporter = 0;
  uint32_t content = kNone;  // kNone: the digest is not one
  uint32_t digest = 0;       // text, as told
  uint32_t reference = 0;
  uint32_t environment = 0;
  uint32_t cluster = 0;
  uint32_t name_space = 0;
  uint32_t workload_kind = 0;
  uint32_t workload = 0;
  std::string pod;
  uint32_t container = 0;
  uint32_t kind = 0;  // text: "container", "init", "ephemeral"
  uint32_t node = 0;
  Labels labels;
  Millis started = 0;
  Millis ended = 0;
  uint32_t owner = 0;  // text
  bool AliveAt(Millis at) const { return started <= at && (ended == 0 || ended > at); }
};

struct Reporter {
  int64_t id = 0;
  std::string name;
  uint32_t kind = 0;
  uint32_t cluster = 0;
  Millis interval_ms = 0;
  std::vector<std::pair<Millis, Millis>> spans;  // sorted; heard from between
  bool claimed = false;                          // it may not be taken at its word (claims.h)
  // Heard from within three of its intervals before `at`.
  bool HeardAt(Millis at) const;
  Millis LastHeard(Millis at) const;  // 0 never
};

enum class DecisionKind : uint8_t { kAcknowledged, kAccepted, kAssigned };
std::string_view ToString(DecisionKind kind);        // "acknowledged", "accepted", "assigned"
std::string_view ToString(model::ExploitKind kind);  // "none", "poc", "weaponised"

struct Decision {
  int64_t id = 0;
  DecisionKind kind = DecisionKind::kAcknowledged;
  std::string vulnerability;
  std::string component;   // name; "" any
  std::string repository;  // pattern; "" any
  std::string owner;
  std::string author;
  std::string approver;
  std::string reason;
  std::string words;
  Millis at = 0;
  Millis until = 0;
  Millis ended = 0;
  bool HoldsAt(Millis moment) const {
    return at <= moment && (until == 0 || until > moment) && (ended == 0 || ended > moment);
  }
};

// What the advisory database in force says of a namespace.
struct Advisories {
  std::string digest;
  bool embedded = false;
  Millis loaded = 0;
  std::map<std::string, Millis, std::less<>> as_of;  // namespace -> newest date of its sources
};

class Fleet {
 public:
  // Reads what has changed since the last call. An error leaves the fleet as far as it got; the
  // next call goes on from there.
  base::Result<void> Refresh(store::Store& store);
  int64_t change() const { return change_; }  // the highest number that is folded in

  const Texts& texts() const { return texts_; }
  const std::vector<Content>& contents() const { return contents_; }
  const std::vector<ComponentVersion>& components() const { return components_; }
  const std::vector<Vulnerability>& vulnerabilities() const { return vulnerabilities_; }
  const std::vector<Match>& matches() const { return matches_; }
  const std::vector<Name>& names() const { return names_; }  // also those that are no edges
  const std::vector<Copy>& copies() const { return copies_; }
  const std::vector<Reporter>& reporters() const { return reporters_; }
  const std::vector<Decision>& decisions() const { return decisions_; }
  const Advisories& advisories() const { return advisories_; }  // in force
  const Advisories& AdvisoriesAt(Millis at) const;  // the first that is known, before it
  const OwnerRules& owner_rules() const { return owner_rules_; }
  // Why a content's owner of "application" or "image" is the one; "" = nobody's.
  std::string WhyOwned(uint32_t content, std::string_view role) const;
  const std::map<std::string, std::string, std::less<>>& documents() const { return documents_; }

  // kNone where there is none. By any of its digests.
  uint32_t FindContent(std::string_view digest) const;
  uint32_t FindVulnerability(std::string_view name) const;  // by name
  uint32_t FindComponent(int64_t id) const;
  uint32_t FindCopy(std::string_view uid) const;

 private:
  base::Result<void> ReadComponents(store::Connection& connection, int64_t seen);
  base::Result<void> ReadContents(store::Connection& connection, int64_t seen);
  base::Result<void> ReadStates(store::Connection& connection, int64_t seen);
  base::Result<void> ReadNames(store::Connection& connection, int64_t seen);
  base::Result<void> ReadFindings(store::Connection& connection, int64_t seen);
  base::Result<void> ReadCopies(store::Connection& connection, int64_t seen);
  base::Result<void> ReadDecisions(store::Connection& connection, int64_t seen);
  base::Result<void> ReadDocuments(store::Connection& connection, int64_t seen);
  void PlaceCodeOwners();
  void MakeEdges(const std::vector<uint32_t>& told);  // of one name
  void Assign();                                      // owners of contents and copies
  // What the rules are asked about a content, and about a copy of it.
  OwnerSubject SubjectOf(const Content& content, const Copy* maybe_copy = nullptr) const;
  // Nobody but who claims it has told of it.
  bool OnlyClaimed(const Content& content, const Claims& claims) const;
  std::string_view LabelOf(const Labels& labels, std::string_view key) const;
  void Link(uint32_t content, std::vector<Uses> components);
  Labels ParseLabels(std::string_view json);

  using TextIndex = std::unordered_map<std::string, uint32_t, base::StringHash, std::equal_to<>>;
  int64_t change_ = 0;
  Texts texts_;
  std::vector<Content> contents_;
  std::unordered_map<int64_t, uint32_t> content_by_id_;
  TextIndex content_by_digest_;
  std::vector<ComponentVersion> components_;
  std::unordered_map<int64_t, uint32_t> component_by_id_;
  std::vector<Vulnerability> vulnerabilities_;
  std::unordered_map<int64_t, uint32_t> vulnerability_by_id_;
  TextIndex vulnerability_by_name_;
  std::vector<Match> matches_;
  std::vector<Name> names_;
  std::map<std::pair<uint32_t, uint32_t>, std::vector<uint32_t>>
      told_;  // by repository, tag; by since
  std::vector<Copy> copies_;
  TextIndex copy_by_uid_;
  std::unordered_map<std::string, std::vector<uint32_t>>
      waiting_;  // digest -> copies without a content
  std::vector<Reporter> reporters_;
  std::unordered_map<int64_t, uint32_t> reporter_by_id_;
  std::vector<Decision> decisions_;
  std::unordered_map<int64_t, uint32_t> decision_by_id_;
  std::map<std::string, std::string, std::less<>> documents_;
  OwnerRules owner_rules_;
  std::map<std::string, CodeOwnedRoles, std::less<>> code_owners_;  // by digest
  std::unordered_map<int64_t, CodeOwnedRoles> code_owned_;          // by content
  std::set<std::string> unplaced_code_owners_;                      // digests
  std::unordered_map<std::string, Claims> claims_;                  // by Content::kept_as
  std::set<std::string> unplaced_claims_;                           // digests
  std::unordered_map<std::string, bool> reporter_claims_;           // by name
  Advisories advisories_;
  std::map<Millis, Advisories> all_advisories_;  // by when they were loaded
  std::vector<uint32_t> unassigned_contents_;
  std::vector<uint32_t> unassigned_copies_;
  bool assign_all_ = false;
};

// The packed column contents.components, both ways: (component id, layer, base), sorted by id.
struct StoredUse {
  int64_t component = 0;
  int32_t layer = -1;
  bool base = false;
};
std::string PackUses(const std::vector<StoredUse>& uses);
base::Result<std::vector<StoredUse>> UnpackUses(base::Bytes packed);

}  // namespace scantling::program
