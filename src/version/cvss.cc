#include "version/cvss.h"

#include "base/strings.h"
#include "version/cvss4.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

namespace scantling::version {
namespace {

using base::Result;

enum class Need { kMandatory, kOptional };

struct Metric {
  std::string_view name;
  std::string_view values;  // '/'-separated
  Need need;
};

constexpr std::array<Metric, 14> kMetrics2 = {{{"AV", "L/A/N", Need::kMandatory},
                                               {"AC", "H/M/L", Need::kMandatory},
                                               {"Au", "M/S/N", Need::kMandatory},
                                               {"C", "N/P/C", Need::kMandatory},
                                               {"I", "N/P/C", Need::kMandatory},
                                               {"A", "N/P/C", Need::kMandatory},
                                               {"E", "U/POC/F/H/ND", Need::kOptional},
                                               {"RL", "OF/TF/W/U/ND", Need::kOptional},
                                               {"RC", "UC/UR/C/ND", Need::kOptional},
                                               {"CDP", "N/L/LM/MH/H/ND", Need::kOptional},
                                               {"TD", "N/L/M/H/ND", Need::kOptional},
                                               {"CR", "L/M/H/ND", Need::kOptional},
                                               {"IR", "L/M/H/ND", Need::kOptional},
                                               {"AR", "L/M/H/ND", Need::kOptional}}};

constexpr std::array<Metric, 22> kMetrics3 = {
    {{"AV", "N/A/L/P", Need::kMandatory},   {"AC", "L/H", Need::kMandatory},
     {"PR", "N/L/H", Need::kMandatory},     {"UI", "N/R", Need::kMandatory},
     {"S", "U/C", Need::kMandatory},        {"C", "H/L/N", Need::kMandatory},
     {"I", "H/L/N", Need::kMandatory},      {"A", "H/L/N", Need::kMandatory},
     {"E", "X/H/F/P/U", Need::kOptional},   {"RL", "X/U/W/T/O", Need::kOptional},
     {"RC", "X/C/R/U", Need::kOptional},    {"CR", "X/H/M/L", Need::kOptional},
     {"IR", "X/H/M/L", Need::kOptional},    {"AR", "X/H/M/L", Need::kOptional},
     {"MAV", "X/N/A/L/P", Need::kOptional}, {"MAC", "X/L/H", Need::kOptional},
     {"MPR", "X/N/L/H", Need::kOptional},   {"MUI", "X/N/R", Need::kOptional},
     {"MS", "X/U/C", Need::kOptional},      {"MC", "X/N/L/H", Need::kOptional},
     {"MI", "X/N/L/H", Need::kOptional},    {"MA", "X/N/L/H", Need::kOptional}}};

constexpr std::array<Metric, 32> kMetrics4 = {
    {{"AV", "N/A/L/P", Need::kMandatory},   {"AC", "L/H", Need::kMandatory},
     {"AT", "N/P", Need::kMandatory},       {"PR", "N/L/H", Need::kMandatory},
     {"UI", "N/P/A", Need::kMandatory},     {"VC", "H/L/N", Need::kMandatory},
     {"VI", "H/L/N", Need::kMandatory},     {"VA", "H/L/N", Need::kMandatory},
     {"SC", "H/L/N", Need::kMandatory},     {"SI", "H/L/N", Need::kMandatory},
     {"SA", "H/L/N", Need::kMandatory},     {"E", "X/A/P/U", Need::kOptional},
     {"CR", "X/H/M/L", Need::kOptional},    {"IR", "X/H/M/L", Need::kOptional},
     {"AR", "X/H/M/L", Need::kOptional},    {"MAV", "X/N/A/L/P", Need::kOptional},
     {"MAC", "X/L/H", Need::kOptional},     {"MAT", "X/N/P", Need::kOptional},
     {"MPR", "X/N/L/H", Need::kOptional},   {"MUI", "X/N/P/A", Need::kOptional},
     {"MVC", "X/H/L/N", Need::kOptional},   {"MVI", "X/H/L/N", Need::kOptional},
     {"MVA", "X/H/L/N", Need::kOptional},   {"MSC", "X/H/L/N", Need::kOptional},
     {"MSI", "X/S/H/L/N", Need::kOptional}, {"MSA", "X/S/H/L/N", Need::kOptional},
     {"S", "X/N/P", Need::kOptional},       {"AU", "X/N/Y", Need::kOptional},
     {"R", "X/A/U/I", Need::kOptional},     {"V", "X/D/C", Need::kOptional},
     {"RE", "X/L/M/H", Need::kOptional},    {"U", "X/Clear/Green/Amber/Red", Need::kOptional}}};

// The first letter of each metric's value, 0 where the vector does not have it. That letter is
// enough: every metric that enters a score here has values of one letter.
class Values {
 public:
  static Result<Values> Parse(std::string_view vector, std::span<const Metric> metrics) {
    Values out(metrics);
    while (true) {
      const size_t slash = vector.find('/');
      const std::string_view item = vector.substr(0, slash);
      const size_t colon = item.find(':');
      if (colon == std::string_view::npos) {
        return base::Invalid("CVSS vector: expected METRIC:VALUE, found \"" +
                             base::ToUtf8(item.substr(0, kShown)) + "\"");
      }
      SCANTLING_DO(out.Set(item.substr(0, colon), item.substr(colon + 1)));
      if (slash == std::string_view::npos) {
        break;
      }
      vector.remove_prefix(slash + 1);
    }
    for (size_t i = 0; i < metrics.size(); ++i) {
      if (metrics[i].need == Need::kMandatory && out.letters_[i] == 0) {
        return base::Invalid("CVSS vector: metric " + std::string(metrics[i].name) + " is missing");
      }
    }
    return out;
  }

  char Get(std::string_view name) const {
    for (size_t i = 0; i < metrics_.size(); ++i) {
      if (metrics_[i].name == name) {
        return letters_[i];
      }
    }
    return 0;
  }
  // `absent` when the metric is missing or not defined.
  char Get(std::string_view name, char absent) const {
    const char letter = Get(name);
    return letter == 0 || letter == 'X' ? absent : letter;
  }

 private:
  static constexpr size_t kShown = 40;  // of a bad text, in a message

  explicit Values(std::span<const Metric> metrics) : metrics_(metrics) {}

  Result<void> Set(std::string_view name, std::string_view value) {
    for (size_t i = 0; i < metrics_.size(); ++i) {
      if (metrics_[i].name != name) {
        continue;
      }
      if (letters_[i] != 0) {
        return base::Invalid("CVSS vector: metric " + std::string(name) + " is given twice");
      }
      for (std::string_view rest = metrics_[i].values; !rest.empty();) {
        const std::string_view allowed = rest.substr(0, rest.find('/'));
        if (allowed == value) {
          letters_[i] = value.front();
          return {};
        }
        rest.remove_prefix(std::min(allowed.size() + 1, rest.size()));
      }
      return base::Invalid("CVSS vector: bad value of metric " + std::string(name));
    }
    return base::Invalid("CVSS vector: unknown metric \"" + base::ToUtf8(name.substr(0, kShown)) +
                         "\"");
  }

  std::span<const Metric> metrics_;
  std::array<char, 32> letters_{};
};

AttackVector AttackVectorOf(char letter) {
  switch (letter) {
    case 'N':
      return AttackVector::kNetwork;
    case 'A':
      return AttackVector::kAdjacent;
    case 'L':
      return AttackVector::kLocal;
    default:
      return AttackVector::kPhysical;
  }
}

PrivilegesRequired PrivilegesOf(char letter) {
  return letter == 'N'   ? PrivilegesRequired::kNone
         : letter == 'L' ? PrivilegesRequired::kLow
                         : PrivilegesRequired::kHigh;
}

Impact ImpactOf(char letter) {
  return letter == 'N' ? Impact::kNone : (letter == 'H' ? Impact::kHigh : Impact::kLow);
}

// CVSS 2: N none, P partial, C complete.
Impact ImpactOf2(char letter) {
  return letter == 'N' ? Impact::kNone : (letter == 'C' ? Impact::kHigh : Impact::kLow);
}

Result<CvssScore> Parse2(std::string_view vector) {
  SCANTLING_TRY(const Values values, Values::Parse(vector, kMetrics2));
  const char av = values.Get("AV");
  const char ac = values.Get("AC");
  const char au = values.Get("Au");
  const auto weight = [](char letter) {
    return letter == 'N' ? 0.0 : (letter == 'P' ? 0.275 : 0.660);
  };
  const double access_vector = av == 'L' ? 0.395 : (av == 'A' ? 0.646 : 1.0);
  const double access_complexity = ac == 'H' ? 0.35 : (ac == 'M' ? 0.61 : 0.71);
  const double authentication = au == 'M' ? 0.45 : (au == 'S' ? 0.56 : 0.704);
  const double impact = 10.41 * (1 - (1 - weight(values.Get("C"))) * (1 - weight(values.Get("I"))) *
                                         (1 - weight(values.Get("A"))));
  const double exploitability = 20 * access_complexity * authentication * access_vector;
  const double factor = impact == 0 ? 0 : 1.176;
  const double base = (0.6 * impact + 0.4 * exploitability - 1.5) * factor;

  CvssScore out;
  constexpr double kHair = 1e-9;
  out.score = std::floor(base * 10 + 0.5 + kHair) / 10;
  out.overall = out.score;
  out.major = 2;
  out.attack_vector = AttackVectorOf(av);
  out.attack_complexity = ac == 'L'   ? AttackComplexity::kLow
                          : ac == 'M' ? AttackComplexity::kMedium
                                      : AttackComplexity::kHigh;
  out.privileges_required = au == 'N'   ? PrivilegesRequired::kNone
                            : au == 'S' ? PrivilegesRequired::kLow
                                        : PrivilegesRequired::kHigh;
  out.confidentiality = ImpactOf2(values.Get("C"));
  out.integrity = ImpactOf2(values.Get("I"));
  out.availability = ImpactOf2(values.Get("A"));
  return out;
}

// The smallest tenth that is not below `value`, in the way of CVSS 3.1's appendix A (3.0 means the
// same).
double RoundUp3(double value) {
  const auto hundred_thousandths = static_cast<int64_t>(std::llround(value * 100000));
  if (hundred_thousandths % 10000 == 0) {
    return static_cast<double>(hundred_thousandths) / 100000;
  }
  const int64_t tenths = hundred_thousandths / 10000 + 1;
  return static_cast<double>(tenths) / 10;
}

double Score3(const Values& values) {
  const char av = values.Get("AV");
  const char pr = values.Get("PR");
  const bool changed = values.Get("S") == 'C';
  const auto weight = [](char letter) {
    return letter == 'H' ? 0.56 : (letter == 'L' ? 0.22 : 0.0);
  };
  const double lost = 1 - (1 - weight(values.Get("C"))) * (1 - weight(values.Get("I"))) *
                              (1 - weight(values.Get("A")));
  const double impact =
      changed ? 7.52 * (lost - 0.029) - 3.25 * std::pow(lost - 0.02, 15) : 6.42 * lost;
  if (impact <= 0) {
    return 0;
  }
  const double attack_vector = av == 'N' ? 0.85 : (av == 'A' ? 0.62 : (av == 'L' ? 0.55 : 0.2));
  const double complexity = values.Get("AC") == 'L' ? 0.77 : 0.44;
  const double privileges =
      pr == 'N' ? 0.85 : (pr == 'L' ? (changed ? 0.68 : 0.62) : (changed ? 0.5 : 0.27));
  const double interaction = values.Get("UI") == 'N' ? 0.85 : 0.62;
  const double exploitability = 8.22 * attack_vector * complexity * privileges * interaction;
  const double sum = impact + exploitability;
  return RoundUp3(std::fmin(changed ? 1.08 * sum : sum, 10.0));
}

Result<CvssScore> Parse3(std::string_view vector, int minor) {
  SCANTLING_TRY(const Values values, Values::Parse(vector, kMetrics3));
  CvssScore out;
  out.score = Score3(values);
  out.overall = out.score;
  out.major = 3;
  out.minor = minor;
  out.attack_vector = AttackVectorOf(values.Get("AV"));
  out.attack_complexity =
      values.Get("AC") == 'L' ? AttackComplexity::kLow : AttackComplexity::kHigh;
  out.privileges_required = PrivilegesOf(values.Get("PR"));
  out.user_interaction =
      values.Get("UI") == 'N' ? UserInteraction::kNone : UserInteraction::kRequired;
  out.scope_changed = values.Get("S") == 'C';
  out.confidentiality = ImpactOf(values.Get("C"));
  out.integrity = ImpactOf(values.Get("I"));
  out.availability = ImpactOf(values.Get("A"));
  return out;
}

Result<CvssScore> Parse4(std::string_view vector) {
  SCANTLING_TRY(const Values values, Values::Parse(vector, kMetrics4));
  Cvss4Metrics base{};
  base.av = values.Get("AV");
  base.ac = values.Get("AC");
  base.at = values.Get("AT");
  base.pr = values.Get("PR");
  base.ui = values.Get("UI");
  base.vc = values.Get("VC");
  base.vi = values.Get("VI");
  base.va = values.Get("VA");
  base.sc = values.Get("SC");
  base.si = values.Get("SI");
  base.sa = values.Get("SA");
  // Not defined means the worst.
  base.e = 'A';
  base.cr = base.ir = base.ar = 'H';

  Cvss4Metrics whole{};
  whole.av = values.Get("MAV", base.av);
  whole.ac = values.Get("MAC", base.ac);
  whole.at = values.Get("MAT", base.at);
  whole.pr = values.Get("MPR", base.pr);
  whole.ui = values.Get("MUI", base.ui);
  whole.vc = values.Get("MVC", base.vc);
  whole.vi = values.Get("MVI", base.vi);
  whole.va = values.Get("MVA", base.va);
  whole.sc = values.Get("MSC", base.sc);
  whole.si = values.Get("MSI", base.si);
  whole.sa = values.Get("MSA", base.sa);
  whole.e = values.Get("E", base.e);
  whole.cr = values.Get("CR", base.cr);
  whole.ir = values.Get("IR", base.ir);
  whole.ar = values.Get("AR", base.ar);

  CvssScore out;
  out.score = ScoreCvss4(base);
  out.overall = ScoreCvss4(whole);
  out.major = 4;
  out.attack_vector = AttackVectorOf(base.av);
  out.attack_complexity = base.ac == 'L' ? AttackComplexity::kLow : AttackComplexity::kHigh;
  out.attack_requirements = base.at == 'P';
  out.privileges_required = PrivilegesOf(base.pr);
  out.user_interaction = base.ui == 'N'   ? UserInteraction::kNone
                         : base.ui == 'P' ? UserInteraction::kPassive
                                          : UserInteraction::kRequired;
  out.scope_changed = base.sc != 'N' || base.si != 'N' || base.sa != 'N';
  out.confidentiality = ImpactOf(base.vc);
  out.integrity = ImpactOf(base.vi);
  out.availability = ImpactOf(base.va);
  return out;
}

}  // namespace

Result<CvssScore> ParseCvss(std::string_view vector) {
  constexpr size_t kLongest = 512;  // every metric of 4.0 is about 200 characters
  vector = base::Trim(vector);
  if (vector.size() > kLongest) {
    return base::Invalid("CVSS vector: too long");
  }
  if (vector.size() > 1 && vector.front() == '(' && vector.back() == ')') {
    vector = vector.substr(1, vector.size() - 2);
  }
  constexpr std::string_view kPrefix = "CVSS:";
  if (!vector.starts_with(kPrefix)) {
    return Parse2(vector);
  }
  const size_t slash = vector.find('/');
  const std::string_view version = vector.substr(0, slash).substr(kPrefix.size());
  const std::string_view rest =
      slash == std::string_view::npos ? std::string_view() : vector.substr(slash + 1);
  if (version == "3.1") {
    return Parse3(rest, 1);
  }
  if (version == "3.0") {
    return Parse3(rest, 0);
  }
  if (version == "4.0") {
    return Parse4(rest);
  }
  if (version == "2.0") {
    return Parse2(rest);
  }
  return base::Unsupported("CVSS vector: unknown version \"" + base::ToUtf8(version.substr(0, 16)) +
                           "\"");
}

SeverityLevel CvssScore::level() const {
  if (major == 2) {
    return score < 4 ? SeverityLevel::kLow
                     : (score < 7 ? SeverityLevel::kMedium : SeverityLevel::kHigh);
  }
  return FromScore(score);
}

SeverityLevel FromScore(double score) {
  if (!(score > 0)) {
    return SeverityLevel::kNone;
  }
  if (score < 4) {
    return SeverityLevel::kLow;
  }
  if (score < 7) {
    return SeverityLevel::kMedium;
  }
  return score < 9 ? SeverityLevel::kHigh : SeverityLevel::kCritical;
}

std::string_view ToString(SeverityLevel level) {
  switch (level) {
    case SeverityLevel::kNone:
      return "none";
    case SeverityLevel::kLow:
      return "low";
    case SeverityLevel::kMedium:
      return "medium";
    case SeverityLevel::kHigh:
      return "high";
    case SeverityLevel::kCritical:
      return "critical";
  }
  return "none";
}

std::optional<SeverityLevel> SeverityFromName(std::string_view name) {
  struct Known {
    std::string_view name;
    SeverityLevel level;
  };
  static constexpr std::array<Known, 7> kKnown = {{{"none", SeverityLevel::kNone},
                                                   {"low", SeverityLevel::kLow},
                                                   {"medium", SeverityLevel::kMedium},
                                                   {"moderate", SeverityLevel::kMedium},
                                                   {"high", SeverityLevel::kHigh},
                                                   {"important", SeverityLevel::kHigh},
                                                   {"critical", SeverityLevel::kCritical}}};
  for (const Known& known : kKnown) {
    if (base::EqualsIgnoreCase(known.name, name)) {
      return known.level;
    }
  }
  return std::nullopt;
}

}  // namespace scantling::version
