// See priority.h.
#include "rank/priority.h"

#include "base/strings.h"
#include "base/time.h"
#include "rank/weights.h"
#include "version/cvss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace scantling::rank {
namespace {

using model::Level;

// Days by [kev][exposed][automatable][total]; 0 = fix on system upgrade, which for an image is the
// next rebuild.
constexpr int kTable[2][2][2][2] = {
    {{{0, 0}, {60, 60}}, {{60, 14}, {14, 3}}},  // not known to be exploited
    {{{14, 14}, {14, 3}}, {{14, 3}, {3, 3}}},   // in KEV
};

// At most two decimals that matter, without a locale: 0.94, 0.02, 0.008.
std::string Number(double value) {
  const double scale = value >= 0.01 ? 100 : 10'000;
  const auto units = static_cast<int64_t>(std::llround(value * scale));
  const auto base = static_cast<int64_t>(scale);
  std::string digits = std::to_string(units % base);
  const size_t width = scale == 100 ? 2 : 4;
  digits.insert(0, width - std::min(width, digits.size()), '0');
  if (width == 4) {
    while (digits.size() > 2 && digits.back() == '0') {
      digits.pop_back();
    }
  }
  return std::to_string(units / base) + "." + digits;
}

// The best vector there is: the chosen severity's, else any source's, CVSS 3 before 4 before 2.
std::optional<version::CvssScore> VectorOf(const model::Finding& finding) {
  const auto parse =
      [](const model::SeverityOpinion& opinion) -> std::optional<version::CvssScore> {
    if (opinion.vector.empty()) {
      return std::nullopt;
    }
    auto parsed = version::ParseCvss(opinion.vector);
    return parsed.has_value() ? std::optional(*parsed) : std::nullopt;
  };
  if (auto own = parse(finding.severity)) {
    return own;
  }
  for (const int major : {3, 4, 2}) {
    for (const model::SeverityOpinion& opinion : finding.severities) {
      if (auto other = parse(opinion); other && other->major == major) {
        return other;
      }
    }
  }
  return std::nullopt;
}

bool IsAutomatable(const version::CvssScore& cvss) {
  return cvss.attack_vector == version::AttackVector::kNetwork &&
         cvss.attack_complexity == version::AttackComplexity::kLow && !cvss.attack_requirements &&
         cvss.privileges_required == version::PrivilegesRequired::kNone &&
         cvss.user_interaction == version::UserInteraction::kNone;
}

bool IsTotal(const version::CvssScore& cvss) {
  return cvss.confidentiality == version::Impact::kHigh && cvss.integrity == version::Impact::kHigh;
}

std::string ExploitationOf(const model::Finding& finding) {
  if (finding.kev) {
    return "active";
  }
  const bool public_exploit = finding.exploit && finding.exploit->kind != model::ExploitKind::kNone;
  return public_exploit ? "poc" : "none";
}

constexpr std::string_view kFromVector = "automatable and impact taken from the CVSS vector";

std::string FromLevel(Level level) {
  return "no CVSS vector: automatable and impact taken from the level " +
         std::string(model::ToString(level));
}

void FillSsvc(model::Finding& finding, std::vector<std::string>& reasons) {
  const bool automatable_said = finding.ssvc && !finding.ssvc->automatable.empty();
  const bool impact_said = finding.ssvc && !finding.ssvc->technical_impact.empty();
  if (automatable_said && impact_said) {
    // A report that was ranked before and is ranked again says the same.
    if (finding.ssvc->source.ends_with("cvss")) {
      reasons.emplace_back(kFromVector);
    } else if (finding.ssvc->source.ends_with("level")) {
      reasons.push_back(FromLevel(finding.severity.level));
    }
    return;
  }
  model::Ssvc ssvc = finding.ssvc.value_or(model::Ssvc());
  bool automatable = false;
  bool total = false;
  if (const auto cvss = VectorOf(finding)) {
    automatable = IsAutomatable(*cvss);
    total = IsTotal(*cvss);
    ssvc.source = ssvc.source.empty() ? "cvss" : ssvc.source + ", cvss";
    reasons.emplace_back(kFromVector);
  } else {
    automatable = finding.severity.level == Level::kCritical;
    total = finding.severity.level == Level::kCritical || finding.severity.level == Level::kHigh ||
            finding.severity.level == Level::kUnknown;
    ssvc.source = ssvc.source.empty() ? "level" : ssvc.source + ", level";
    reasons.push_back(FromLevel(finding.severity.level));
  }
  if (!automatable_said) {
    ssvc.automatable = automatable ? "yes" : "no";
  }
  if (!impact_said) {
    ssvc.technical_impact = total ? "total" : "partial";
  }
  if (ssvc.exploitation.empty()) {
    ssvc.exploitation = ExploitationOf(finding);
  }
  finding.ssvc = std::move(ssvc);
}

double Probability(const model::Finding& finding, std::vector<std::string>& reasons) {
  double floor = 0;
  const auto raise = [&floor](double value) { floor = std::max(floor, value); };
  if (finding.kev) {
    raise(finding.kev->ransomware ? kFloorKevRansomware : kFloorKev);
    reasons.push_back(
        "exploited (KEV" +
        (finding.kev->date_added.empty() ? std::string() : " since " + finding.kev->date_added) +
        (finding.kev->ransomware ? ", ransomware)" : ")"));
  } else if (finding.ssvc && finding.ssvc->exploitation == "active") {
    raise(kFloorActive);
    reasons.emplace_back("exploited (SSVC: active)");
  }
  const bool poc_said = finding.ssvc && finding.ssvc->exploitation == "poc";
  if (finding.exploit && finding.exploit->kind == model::ExploitKind::kWeaponised) {
    raise(kFloorWeaponised);
    reasons.push_back("ready-made exploit (" + base::Join(finding.exploit->sources, ", ") + ")");
  } else if (finding.exploit && finding.exploit->kind == model::ExploitKind::kProofOfConcept) {
    raise(kFloorProofOfConcept);
    reasons.push_back("proof of concept (" + base::Join(finding.exploit->sources, ", ") + ")");
  } else if (poc_said) {
    raise(kFloorProofOfConcept);
    reasons.emplace_back("proof of concept (SSVC)");
  }
  if (finding.epss) {
    const double score = std::clamp(finding.epss->probability, 0.0, 1.0);
    reasons.push_back("EPSS " + Number(score) +
                      (finding.epss->date.empty() ? std::string() : " of " + finding.epss->date));
    return std::max(score, floor);
  }
  const double prior = PriorOf(finding.severity.level);
  if (floor < prior || floor == 0) {
    reasons.push_back("no EPSS score: " + Number(prior) + " assumed for its severity");
  }
  return std::max(prior, floor);
}

double RoleOf(const model::Component& component, std::vector<std::string>& reasons) {
  if (component.name == "linux-libc-dev" || component.name.starts_with("linux-headers") ||
      component.name.starts_with("kernel-headers")) {
    reasons.emplace_back("kernel headers: no kernel in an image");
    return kKernelHeaders;
  }
  switch (component.role) {
    case model::Role::kRuntime:
      break;
    case model::Role::kBuildOnly:
      reasons.emplace_back("only builds need it");
      break;
    case model::Role::kHeaders:
      reasons.emplace_back("headers only: nothing executes");
      break;
    case model::Role::kDocumentation:
      reasons.emplace_back("documentation only: nothing executes");
      break;
  }
  return RoleWeight(component.role);
}

// The later of the days that started the clock: listed in KEV, fix available, published.
std::string DueDate(const model::Finding& finding, int days) {
  std::optional<base::Seconds> start;
  const auto consider = [&start](std::string_view date) {
    if (const auto time = base::ParseTime(date); time && (!start || *time > *start)) {
      start = time;
    }
  };
  consider(finding.published);
  consider(finding.fix_available);
  if (finding.kev) {
    consider(finding.kev->date_added);
  }
  return start ? base::FormatDate(*start + days * base::kSecondsPerDay) : std::string();
}

}  // namespace

int DaysOf(const TableInput& input) {
  return kTable[input.kev ? 1 : 0][input.exposed ? 1 : 0][input.automatable ? 1 : 0]
               [input.total ? 1 : 0];
}

std::string_view LevelName(int days) {
  switch (days) {
    case 3:
      return "immediate";
    case 14:
      return "soon";
    case 60:
      return "planned";
    default:
      return "next_rebuild";
  }
}

void Prioritise(model::Finding& finding, const model::Component& component, Exposure exposure) {
  model::Priority priority;
  std::vector<std::string> later;
  FillSsvc(finding, later);
  const double probability = Probability(finding, priority.reasons);
  const double impact = finding.severity.score >= 0 ? std::min(finding.severity.score, 10.0) / 10
                                                    : ImpactOf(finding.severity.level);
  const double exposed = exposure == Exposure::kYes  ? kExposed
                         : exposure == Exposure::kNo ? kNotExposed
                                                     : kExposureUnknown;
  const double role = RoleOf(component, priority.reasons);
  priority.risk = probability * impact * exposed * role;

  TableInput input;
  input.kev = finding.kev.has_value();
  input.exposed = exposure != Exposure::kNo;
  input.automatable = base::EqualsIgnoreCase(finding.ssvc->automatable, "yes");
  input.total = base::EqualsIgnoreCase(finding.ssvc->technical_impact, "total");
  if (finding.severity.level == Level::kNegligible && !input.kev) {
    priority.level = "none";
    priority.reasons.emplace_back("negligible by the severity's source: no due date");
  } else {
    const int days = DaysOf(input);
    priority.level = LevelName(days);
    std::string words = input.kev ? "exploited" : "not known to be exploited";
    words.append(input.automatable ? ", automatable" : ", not automatable");
    words.append(input.total ? ", total impact" : ", partial impact");
    words.append(days == 0 ? ": fix at the next rebuild" : ": " + std::to_string(days) + " days");
    priority.reasons.push_back(std::move(words));
    if (exposure == Exposure::kUnknown) {
      priority.reasons.emplace_back("exposure unknown, counted as exposed");
    } else {
      priority.reasons.emplace_back(exposure == Exposure::kYes ? "exposed" : "not exposed");
    }
    if (finding.fix_state != model::FixState::kFixed) {
      priority.reasons.emplace_back("no fix: no due date");
    } else if (days != 0) {
      priority.due = DueDate(finding, days);
      if (finding.fix_available.empty() && !finding.kev && !priority.due.empty()) {
        priority.reasons.emplace_back("day of the fix not known: due date counts from publication");
      }
      if (priority.due.empty()) {
        priority.reasons.emplace_back("no date to count from: no due date");
      }
    }
  }
  priority.reasons.insert(priority.reasons.end(), later.begin(), later.end());
  finding.priority = std::move(priority);
}

}  // namespace scantling::rank
