// See session.h.
#include "match/session.h"

#include "match/severity.h"

#include <algorithm>

namespace scantling::match {

Session::Session(const model::Inventory& inventory, const AdvisoryLookup& lookup)
    : lookup_(lookup), evaluator_(lookup) {
  const auto& components = inventory.components;
  if (std::any_of(components.begin(), components.end(),
                  [](const auto& component) { return !component.owner.empty(); })) {
    for (const model::Component& component : components) {
      if (IsOsPackage(component.type)) {
        owners_.emplace(component.ref, &component);
      }
    }
  }
}

base::Result<const std::vector<Decision>*> Session::Decisions(const Target& target, Keep keep) {
  key_.assign(target.name_space).append(1, '\0').append(target.package());
  key_.append(1, '\0').append(target.version).append(1, keep == Keep::kEverything ? '1' : '0');
  if (target.ecosystem == version::Ecosystem::kRpm) {
    key_.append(target.architecture).append(1, '\0').append(target.module);
  }
  if (const auto found = decisions_.find(key_); found != decisions_.end()) {
    return &found->second;
  }
  SCANTLING_TRY(auto decisions, evaluator_.Evaluate(target, keep));
  return &decisions_.emplace(key_, std::move(decisions)).first->second;
}

base::Result<OwnerVerdict> Session::AskOwner(const model::Component& component,
                                             uint32_t vulnerability) {
  OwnerVerdict verdict;
  const auto found = owners_.find(component.owner);
  if (component.owner.empty() || found == owners_.end()) {
    return verdict;
  }
  verdict.owner = found->second;
  const Target target = TargetOf(*verdict.owner);
  if (target.skip != Skip::kNone) {
    return verdict;
  }
  SCANTLING_TRY(const auto* decisions, Decisions(target, Keep::kEverything));
  const auto at = std::lower_bound(
      decisions->begin(), decisions->end(), vulnerability,
      [](const Decision& decision, uint32_t wanted) { return decision.vulnerability < wanted; });
  if (at == decisions->end() || at->vulnerability != vulnerability) {
    verdict.word = OwnerWord::kSilent;
    return verdict;
  }
  verdict.decision = &*at;
  switch (at->outcome) {
    case Outcome::kNotAffected:
      verdict.word = OwnerWord::kNotAffected;
      break;
    case Outcome::kOutOfRange:
      verdict.word = OwnerWord::kFixed;
      break;
    case Outcome::kAffected:
      verdict.word = at->state == advisory::StatementState::kUndetermined ? OwnerWord::kUndecided
                                                                          : OwnerWord::kAffected;
      break;
    case Outcome::kUncomparable:
      verdict.word = OwnerWord::kUndecided;
      break;
  }
  return verdict;
}

base::Result<const Facts*> Session::FactsOf(uint32_t vulnerability) {
  if (const auto found = facts_.find(vulnerability); found != facts_.end()) {
    return &found->second;
  }
  Facts facts;
  SCANTLING_TRY(facts.vulnerability, lookup_.GetVulnerability(vulnerability));
  facts.severities = std::move(facts.vulnerability.severities);
  for (model::SeverityOpinion& opinion : facts.severities) {
    CompleteLevel(opinion);
  }
  std::sort(facts.severities.begin(), facts.severities.end());
  facts.chosen = ChooseSeverity(facts.severities);
  return &facts_.emplace(vulnerability, std::move(facts)).first->second;
}

std::string OwnerText(const OwnerVerdict& verdict) {
  if (verdict.owner == nullptr) {
    return {};
  }
  const std::string& owner = verdict.owner->name;
  const std::string& distro = verdict.owner->distro;
  const std::string fix = verdict.decision != nullptr && !verdict.decision->interval.fixed.empty()
                              ? std::string(verdict.decision->interval.fixed)
                              : std::string();
  switch (verdict.word) {
    case OwnerWord::kNoOwner:
      return "the file belongs to " + owner +
             (distro.empty() ? "; no os-release tells whose package that is"
                             : ", which is not the distribution's own package");
    case OwnerWord::kSilent:
      return "the file belongs to " + owner + "; " + distro + " says nothing about it";
    case OwnerWord::kUndecided:
      return "the file belongs to " + owner + "; " + distro + " has not decided";
    case OwnerWord::kNotAffected:
      return "the file belongs to " + owner + ", and " + distro + " says that it is not affected";
    case OwnerWord::kFixed:
      return "the file belongs to " + owner + ", and for " + distro + " version " +
             verdict.owner->version + " is not affected" +
             (fix.empty() ? std::string() : ": fixed in " + fix);
    case OwnerWord::kAffected:
      return "the file belongs to " + owner + ": the finding is kept once, as " +
             verdict.owner->distro + "'s on that package";
  }
  return {};
}

}  // namespace scantling::match
