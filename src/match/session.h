// Inside of the room: one run of matching over one inventory. Holds what must not be looked up
// twice: the decisions about each (namespace, package, version), what the owners of language
// packages' files say, and the facts about each vulnerability.
//
// Single thread; the inventory and the lookup outlive it.
#pragma once

#include "base/result.h"
#include "base/strings.h"
#include "match/advisory_lookup.h"
#include "match/evaluate.h"
#include "match/match.h"
#include "match/target.h"
#include "model/inventory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::match {

// What the distribution says about a vulnerability of a language package whose file it owns.
enum class OwnerWord : uint8_t {
  kNoOwner,      // nobody's, or a third party's
  kSilent,       // the distribution has no statement: the ecosystem's word stands
  kUndecided,    // it has one and does not know: the ecosystem's word stands
  kNotAffected,  // not affected: no finding
  kFixed,        // fixed at, or not affected in, what is installed: no finding
  kAffected,     // affected: the finding is the distribution's
};

struct OwnerVerdict {
  OwnerWord word = OwnerWord::kNoOwner;
  const model::Component* owner = nullptr;
  const Decision* decision = nullptr;  // the distribution's; null when it has none
};

struct Facts {
  advisory::Vulnerability vulnerability;
  std::vector<model::SeverityOpinion> severities;  // levels completed, sorted
  model::SeverityOpinion chosen;                   // where no distribution has a level of its own
};

class Session {
 public:
  Session(const model::Inventory& inventory, const AdvisoryLookup& lookup);

  base::Result<const std::vector<Decision>*> Decisions(const Target& target, Keep keep);
  base::Result<OwnerVerdict> AskOwner(const model::Component& component, uint32_t vulnerability);
  base::Result<const Facts*> FactsOf(uint32_t vulnerability);
  const AdvisoryLookup& lookup() const { return lookup_; }

 private:
  using Key = std::string;
  const AdvisoryLookup& lookup_;
  Evaluator evaluator_;
  std::unordered_map<std::string_view, const model::Component*> owners_;
  // Answers point into these maps, whose values stay where they are.
  std::unordered_map<Key, std::vector<Decision>, base::StringHash, std::equal_to<>> decisions_;
  std::unordered_map<uint32_t, Facts> facts_;
  std::string key_;  // reused
};

// "the file belongs to python3-requests, and debian:12 says that it is not affected"; "" without an
// owner.
std::string OwnerText(const OwnerVerdict& verdict);

// The image's namespaces of which the data says nothing: "opensuse-leap:15.4".
std::vector<std::string> UncheckedNamespaces(const model::Inventory& inventory,
                                             const AdvisoryLookup& lookup);

// `lookup` is asked by up to `jobs` threads at once.
base::Result<MatchResult> MatchWith(const model::Inventory& inventory, const AdvisoryLookup& lookup,
                                    unsigned jobs = 1);
base::Result<std::vector<std::vector<std::string>>> KnownHolesWith(
    const model::Component& component, const AdvisoryLookup& lookup);
base::Result<Explanation> ExplainWith(std::string_view id, const model::Inventory& inventory,
                                      const AdvisoryLookup& lookup);

}  // namespace scantling::match
