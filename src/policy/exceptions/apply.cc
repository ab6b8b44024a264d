// Which findings an exception is about, and what each exception did in this run.
#include "base/result.h"
#include "base/strings.h"
#include "policy/exceptions/exceptions.h"
#include "policy/exceptions/glob.h"
#include "policy/package_key.h"
#include "policy/vex/image_name.h"
#include "policy/vex/product_match.h"

#include <algorithm>
#include <unordered_map>

namespace scantling::policy {
namespace {

constexpr int64_t kExpiringDays = 14;
constexpr int64_t kLongDays = 366;

int64_t Day(base::Seconds time) {
  return (time >= 0 ? time : time - (base::kSecondsPerDay - 1)) / base::kSecondsPerDay;
}

bool Running(const Exception& entry, base::Seconds now) {
  const int64_t today = Day(now);
  return entry.problem.empty() && entry.created_day <= today && today <= entry.until_day;
}

// Why the exception does not hold for this image; "" it does. What is not known does not match.
std::string OutOfScope(const ExceptionScope& scope, const model::Image& image,
                       const std::string& environment) {
  const ImageName name = ParseImageName(image.reference);
  const auto differs = [](std::string_view what, const std::string& wanted,
                          const std::string& have) {
    return "for " + std::string(what) + " " + wanted +
           (have.empty() ? ", which is not known here" : ", this is " + have);
  };
  if (!scope.repository.empty() && !GlobMatches(scope.repository, name.repository)) {
    return differs("repository", scope.repository, name.repository);
  }
  if (!scope.tag.empty() && (name.tag.empty() || !GlobMatches(scope.tag, name.tag))) {
    return differs("tag", scope.tag, name.tag);
  }
  if (!scope.digest.empty() && scope.digest != image.digest &&
      scope.digest != image.config_digest && scope.digest != name.digest) {
    return differs("digest", scope.digest, image.digest);
  }
  if (!scope.environment.empty() && scope.environment != environment) {
    return differs("environment", scope.environment, environment);
  }
  return {};
}

bool LayerHolds(const std::string& wanted, const model::Finding& finding,
                const model::Image& image) {
  if (wanted == "base" || wanted == "application") {
    return finding.origin ==
           (wanted == "base" ? model::Origin::kBase : model::Origin::kApplication);
  }
  for (const model::Layer& layer : image.layers) {
    if (layer.index == finding.layer) {
      return layer.digest == wanted || layer.diff_id == wanted;
    }
  }
  return false;
}

bool IdHolds(const std::string& wanted, const model::Finding& finding) {
  return base::EqualsIgnoreCase(wanted, finding.id) ||
         std::ranges::any_of(finding.aliases, [&](const std::string& alias) {
           return base::EqualsIgnoreCase(wanted, alias);
         });
}

// Whether a package URL without its version surely is in canonical form: those of bills of
// materials need not be.
bool IsPlain(std::string_view key) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789/:+-.";
  return !key.ends_with('/') && key.find_first_not_of(kPlain) == std::string_view::npos &&
         (!key.starts_with("pkg:pypi/") || key.find('.') == std::string_view::npos);
}

bool ComponentHolds(const Exception& entry, const model::Component& component,
                    const model::Distro& distro) {
  if (entry.purl) {
    const std::string_view key = PackageKey(component);
    if (!entry.purl_key.empty() && entry.purl_key != key && IsPlain(key)) {
      return false;  // most are told apart without parsing
    }
    return MatchComponent(*entry.purl, component, distro).yes;
  }
  const auto same = [&](const std::string& name) {
    return !name.empty() && version::NormalizeName(component.type, entry.component) ==
                                version::NormalizeName(component.type, name);
  };
  return same(component.name) || same(component.source_name);
}

bool IsAbout(const Exception& entry, const model::Finding& finding,
             const model::Component* maybe_component, const model::Report& report) {
  if (!entry.finding.empty() && !IdHolds(entry.finding, finding)) {
    return false;
  }
  if (!entry.component.empty() || !entry.scope.path.empty()) {
    if (maybe_component == nullptr) {
      return false;
    }
    if (!entry.component.empty() &&
        !ComponentHolds(entry, *maybe_component, report.inventory.image.distro)) {
      return false;
    }
    if (!entry.scope.path.empty() &&
        (maybe_component->locations.empty() ||
         !std::ranges::all_of(maybe_component->locations, [&](const model::Location& location) {
           return GlobMatches(entry.scope.path, location.path);
         }))) {
      return false;
    }
  }
  return entry.scope.layer.empty() ||
         LayerHolds(entry.scope.layer, finding, report.inventory.image);
}

std::map<std::string_view, const model::Component*> ByRef(const model::Report& report) {
  std::map<std::string_view, const model::Component*> out;
  for (const model::Component& component : report.inventory.components) {
    out.emplace(component.ref, &component);
  }
  return out;
}

const model::Component* Find(const std::map<std::string_view, const model::Component*>& components,
                             std::string_view ref) {
  const auto found = components.find(ref);
  return found == components.end() ? nullptr : found->second;
}

// The findings of each id and alias, in lower case, by their index.
using FindingsById = std::unordered_map<std::string, std::vector<size_t>>;
FindingsById ById(const model::Report& report) {
  FindingsById out;
  const auto add = [&out](const std::string& id, size_t index) {
    auto& list = out[base::Lower(id)];
    if (list.empty() || list.back() != index) {
      list.push_back(index);
    }
  };
  for (size_t i = 0; i < report.findings.size(); ++i) {
    add(report.findings[i].id, i);
    for (const std::string& alias : report.findings[i].aliases) {
      add(alias, i);
    }
  }
  return out;
}

model::Treatment TreatmentOf(const Exception& entry) {
  const bool wrong = entry.reason == "false_positive";
  return {wrong ? model::TreatmentKind::kNotAffected : model::TreatmentKind::kAccepted,
          entry.id,
          entry.where,
          wrong ? entry.justification : entry.reason,
          entry.words,
          entry.owner,
          entry.approver,
          entry.until};
}

bool ClosedByVex(const model::Finding& finding) {
  return finding.treatment && finding.treatment->owner.empty() && !model::IsOpen(finding);
}

std::string Days(int64_t days) {
  return days == 0 ? "today" : "in " + std::to_string(days) + (days == 1 ? " day" : " days");
}

// State and note of an entry that is running: whether something used it, else why nothing did.
void Conclude(const Exception& entry, int64_t today, bool used, std::string why,
              model::ExceptionUse& use) {
  use.state = used ? "used" : "unused";
  use.note = used ? std::string() : std::move(why);
  if (entry.until_day - today <= kExpiringDays) {
    use.note = (used ? std::string() : "unused: " + use.note + "; ") + "ends " +
               Days(entry.until_day - today);
    use.state = "expiring";
  } else if (used && entry.until_day - entry.created_day > kLongDays) {
    use.note = "runs for more than a year";
  }
}

// Whether it can be for a rule about the image, which has no findings.
bool CanBeForImage(const Exception& entry) {
  return entry.finding.empty() && entry.component.empty() && entry.scope.path.empty() &&
         entry.scope.layer.empty();
}

std::vector<model::ExceptionUse> ApplyOne(model::Report& report, const Exceptions& exceptions,
                                          const ExceptionContext& context) {
  const auto by_ref = ByRef(report);
  const FindingsById by_id = ById(report);
  std::vector<const model::Component*> components;
  std::vector<size_t> all;
  for (model::Finding& finding : report.findings) {
    components.push_back(Find(by_ref, finding.component));
    all.push_back(all.size());
  }
  const int64_t today = Day(context.now);
  std::vector<model::ExceptionUse> out;
  for (const Exception& entry : exceptions.entries) {
    model::ExceptionUse use{entry.id, entry.where, entry.owner, entry.until, "unused", 0, ""};
    if (!entry.problem.empty()) {
      use.state = "invalid";
      use.note = entry.problem;
      out.push_back(std::move(use));
      continue;
    }
    if (today > entry.until_day) {
      use.state = "expired";
      use.note = "ended on " + entry.until + ": mend what it was about, or have it agreed anew";
      out.push_back(std::move(use));
      continue;
    }
    if (today < entry.created_day) {
      use.note = "counts from " + entry.created;
      out.push_back(std::move(use));
      continue;
    }
    const std::string elsewhere =
        OutOfScope(entry.scope, report.inventory.image, context.environment);
    uint64_t closed = 0;
    if (elsewhere.empty() && entry.rule.empty()) {
      const auto named = by_id.find(base::Lower(entry.finding));
      static const std::vector<size_t> kNone;
      const std::vector<size_t>& among = entry.finding.empty()  ? all
                                         : named == by_id.end() ? kNone
                                                                : named->second;
      for (const size_t index : among) {
        model::Finding& finding = report.findings[index];
        if (!IsAbout(entry, finding, components[index], report)) {
          continue;
        }
        if (ClosedByVex(finding)) {
          ++closed;
        } else {
          ++use.findings;
          if (!finding.treatment || finding.treatment->owner.empty()) {
            finding.treatment = TreatmentOf(entry);
          }
        }
      }
    }
    Conclude(entry, today, use.findings > 0,
             !elsewhere.empty()    ? elsewhere
             : !entry.rule.empty() ? "no policy is asked here, so not its rule " + entry.rule
             : closed > 0          ? "a VEX statement already closes what it is about"
                                   : "nothing in this image is what it is about",
             use);
    out.push_back(std::move(use));
  }
  return out;
}

// What an earlier run accepted.
void Forget(model::Report& report) {
  for (model::Finding& finding : report.findings) {
    if (finding.treatment && !finding.treatment->owner.empty()) {
      finding.treatment.reset();
    }
  }
}

}  // namespace

std::vector<model::ExceptionUse> ApplyExceptions(model::Report& report,
                                                 const Exceptions& exceptions,
                                                 const ExceptionContext& context) {
  return ApplyExceptions(report, std::span(&exceptions, 1), context);
}

std::vector<model::ExceptionUse> ApplyExceptions(model::Report& report,
                                                 std::span<const Exceptions> files,
                                                 const ExceptionContext& context) {
  Forget(report);
  std::vector<model::ExceptionUse> out;
  for (const Exceptions& file : files) {
    auto uses = ApplyOne(report, file, context);
    out.insert(out.end(), std::make_move_iterator(uses.begin()),
               std::make_move_iterator(uses.end()));
  }
  return out;
}

void ApplyRuleExceptions(model::Report& report, std::span<const Exceptions> files,
                         const ExceptionContext& context) {
  SCANTLING_ASSERT(report.verdict.has_value());
  std::map<std::string_view, const model::RuleOutcome*> rules;
  for (const model::RuleOutcome& outcome : report.verdict->rules) {
    rules.emplace(outcome.rule, &outcome);
  }
  const auto by_ref = ByRef(report);
  std::map<std::string, const model::Finding*, std::less<>> by_key;
  for (const model::Finding& finding : report.findings) {
    by_key.emplace(model::FindingKey(finding.id, finding.component), &finding);
  }
  size_t at = 0;
  for (const Exceptions& file : files) {
    for (const Exception& entry : file.entries) {
      model::ExceptionUse& use = report.exceptions.at(at++);
      if (entry.rule.empty() || !Running(entry, context.now) ||
          !OutOfScope(entry.scope, report.inventory.image, context.environment).empty()) {
        continue;
      }
      const auto rule = rules.find(entry.rule);
      bool used = false;
      use.findings = 0;
      if (rule != rules.end()) {
        for (const std::string& key : rule->second->excepted) {
          const auto finding = by_key.find(key);
          if (finding != by_key.end() &&
              IsAbout(entry, *finding->second, Find(by_ref, finding->second->component), report)) {
            ++use.findings;
          }
          used = used || (key == kImageExcepted && CanBeForImage(entry));
        }
      }
      Conclude(entry, Day(context.now), used || use.findings > 0,
               rule == rules.end()
                   ? "policy " + report.verdict->policy + " has no rule " + entry.rule
                   : "rule " + entry.rule + " meets nothing that it is about",
               use);
    }
  }
}

RuleExceptions::RuleExceptions(const model::Report& report, const Exceptions& exceptions,
                               const ExceptionContext& context)
    : report_(report), components_(ByRef(report)) {
  for (const Exception& entry : exceptions.entries) {
    if (!entry.rule.empty() && Running(entry, context.now) &&
        OutOfScope(entry.scope, report.inventory.image, context.environment).empty()) {
      by_rule_[entry.rule].push_back(&entry);
    }
  }
}

const Exception* RuleExceptions::Find(std::string_view rule, const model::Finding& finding) const {
  const auto found = by_rule_.find(rule);
  if (found == by_rule_.end()) {
    return nullptr;
  }
  const model::Component* component = policy::Find(components_, finding.component);
  for (const Exception* entry : found->second) {
    if (IsAbout(*entry, finding, component, report_)) {
      return entry;
    }
  }
  return nullptr;
}

const Exception* RuleExceptions::FindForImage(std::string_view rule) const {
  const auto found = by_rule_.find(rule);
  if (found == by_rule_.end()) {
    return nullptr;
  }
  for (const Exception* entry : found->second) {
    if (CanBeForImage(*entry)) {
      return entry;
    }
  }
  return nullptr;
}

}  // namespace scantling::policy
