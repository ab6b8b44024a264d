// `explain`: the same decisions as matching, for one vulnerability, with the reasons in words; also
// why something is no finding.
#include "base/strings.h"
#include "match/session.h"
#include "version/compare.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace scantling::match {
namespace {

// "org.apache.logging.log4j:log4j-core" -> "log4j-core"
std::string_view ArtifactOf(std::string_view name) { return name.substr(name.rfind(':') + 1); }

std::string StateText(const Decision& decision) {
  std::string out;
  if (!decision.fixed.empty()) {
    out.append("the fix is ").append(decision.fixed.front());
  } else {
    switch (FixStateOf(decision)) {
      case model::FixState::kWontFix:
        out = "it will not be fixed";
        break;
      case model::FixState::kDeferred:
        out = "the fix is put off";
        break;
      case model::FixState::kUnknown:
        out = "the source does not know";
        break;
      case model::FixState::kFixed:
      case model::FixState::kNotFixed:
        out = "there is no fix yet";
        break;
    }
  }
  if (!decision.note.empty()) {
    out.append(" (").append(decision.note).append(")");
  }
  return out;
}

std::string WhyOf(const Target& target, const Decision& decision) {
  const std::string version(target.version);
  const version::Interval& interval = decision.interval;
  switch (decision.outcome) {
    case Outcome::kNotAffected:
      return "the source says that the package is not affected";
    case Outcome::kUncomparable:
      return "not known: \"" + version + "\" cannot be compared with " + RangeText(interval);
    case Outcome::kAffected: {
      std::string why = version;
      if (!interval.fixed.empty()) {
        why.append(" is below the fix ").append(interval.fixed);
      } else if (!interval.last_affected.empty()) {
        why.append(" is not above the last affected ").append(interval.last_affected);
      } else {
        why.append(" is affected");
      }
      why.append("; ").append(StateText(decision));
      if (!decision.first_import.empty()) {
        const std::string_view package =
            decision.first_import.substr(0, decision.first_import.find('\t'));
        why.append("; the fault is in ").append(package);
        why.append(" (whether the binary uses it is not checked)");
      }
      return why;
    }
    case Outcome::kOutOfRange:
      break;
  }
  const auto compare = [&](std::string_view bound) {
    return bound.empty() ? std::optional<int>()
                         : version::Compare(target.ecosystem, target.version, bound);
  };
  if (const auto order = compare(interval.fixed); order.has_value() && *order >= 0) {
    return version + " has the fix " + std::string(interval.fixed);
  }
  if (const auto order = compare(interval.last_affected); order.has_value() && *order > 0) {
    return version + " is above the last affected " + std::string(interval.last_affected);
  }
  return version + " is outside of " + RangeText(interval);
}

std::string_view SkipText(Skip skip) {
  switch (skip) {
    case Skip::kNone:
      return "";
    case Skip::kNoDistribution:
      return "not looked up: no os-release tells the distribution";
    case Skip::kNoGroup:
      return "not looked up: the archive names no Maven group";
    case Skip::kThirdParty:
      return "not looked up: the package is not the distribution's own";
  }
  return "";
}

using Named = std::set<std::pair<std::string, std::string>>;

base::Result<void> ExplainComponent(const model::Component& component, const Target& target,
                                    uint32_t vulnerability, Session& session, Verdict& verdict) {
  SCANTLING_TRY(const auto* decisions, session.Decisions(target, Keep::kEverything));
  const Decision* decision = nullptr;
  for (const Decision& candidate : *decisions) {
    if (candidate.vulnerability == vulnerability) {
      decision = &candidate;
      break;
    }
  }
  if (decision == nullptr) {
    verdict.why = "the statements about it are for another module or architecture";
    return {};
  }
  verdict.source = decision->source;
  verdict.as_of = session.lookup().About().AsOf(decision->source);
  verdict.advisory = decision->advisory;
  verdict.range =
      decision->outcome == Outcome::kNotAffected ? std::string() : RangeText(decision->interval);
  verdict.is_finding = decision->outcome == Outcome::kAffected;
  verdict.why = WhyOf(target, *decision);
  if (!decision->elsewhere.empty()) {
    std::vector<std::string> names(decision->elsewhere.begin(), decision->elsewhere.end());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::erase(names, std::string(decision->advisory));
    if (!names.empty()) {
      verdict.why.append("; ").append(decision->advisory).append(" counts before ");
      verdict.why.append(base::Join(names, ", "));
    }
  }
  if (!component.owner.empty()) {
    SCANTLING_TRY(const OwnerVerdict owner, session.AskOwner(component, vulnerability));
    if (owner.owner != nullptr) {
      verdict.why.append("; ").append(OwnerText(owner));
    }
    if (owner.word == OwnerWord::kNotAffected || owner.word == OwnerWord::kFixed ||
        owner.word == OwnerWord::kAffected) {
      verdict.is_finding = false;
    }
  }
  return {};
}

}  // namespace

base::Result<Explanation> ExplainWith(std::string_view id, const model::Inventory& inventory,
                                      const AdvisoryLookup& lookup) {
  Explanation out;
  out.id = id;
  SCANTLING_TRY(const auto index, lookup.FindVulnerability(id));
  if (!index.has_value()) {
    return out;
  }
  out.known = true;
  Session session(inventory, lookup);
  SCANTLING_TRY(const Facts* facts, session.FactsOf(*index));
  out.id = facts->vulnerability.id;
  out.summary = facts->vulnerability.summary;
  for (const std::string_view alias : facts->vulnerability.aliases) {
    if (alias != facts->vulnerability.id) {
      out.aliases.emplace_back(alias);
    }
  }
  SCANTLING_TRY(const auto packages, lookup.PackagesOf(*index));
  const Named named(packages.begin(), packages.end());
  Named present;
  for (const model::Component& component : inventory.components) {
    const Target target = TargetOf(component);
    std::pair<std::string, std::string> name(target.name_space, target.package());
    bool about_it = named.contains(name);
    if (!about_it && target.skip == Skip::kNoGroup) {
      const auto twin = std::find_if(named.begin(), named.end(), [&](const auto& candidate) {
        return candidate.first == target.name_space && ArtifactOf(candidate.second) == name.second;
      });
      about_it = twin != named.end();
    }
    if (!about_it) {
      continue;
    }
    present.insert(std::move(name));
    Verdict verdict;
    verdict.component = component.ref;
    verdict.version = component.version;
    verdict.rule = RuleOf(target);
    if (target.skip != Skip::kNone) {
      verdict.why = SkipText(target.skip);
    } else {
      SCANTLING_DO(ExplainComponent(component, target, *index, session, verdict));
    }
    out.verdicts.push_back(std::move(verdict));
  }
  std::sort(out.verdicts.begin(), out.verdicts.end(),
            [](const Verdict& a, const Verdict& b) { return a.component < b.component; });
  for (const auto& [name_space, package] : named) {
    if (!present.contains({name_space, package})) {
      out.packages.push_back(name_space + " " + package);
    }
  }
  out.unchecked = UncheckedNamespaces(inventory, lookup);
  return out;
}

base::Result<Explanation> Explain(std::string_view id, const model::Inventory& inventory,
                                  const advisory::Database& database) {
  return ExplainWith(id, inventory, DatabaseLookup(database));
}

}  // namespace scantling::match
