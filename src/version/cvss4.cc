// CVSS 4.0: the score of a MacroVector from the specification's table, lowered by how far the
// vector lies below the highest vector of its MacroVector (section 8.2, "New Scoring System
// Development" and "Interpolation"). https://www.first.org/cvss/v4.0/specification-document
//
// All distances are whole steps, so the sum is exact up to the last rounding.
#include "version/cvss4.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

namespace scantling::version {
namespace {

// Scores in tenths by EQ1..EQ6, EQ6 fastest; one line per EQ1 EQ2 EQ3. EQ3 = 2 with EQ6 = 0 cannot
// be: 0.
constexpr std::array<uint8_t, 324> kScores = {
    100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68,  // 000
    98,  95, 95, 92, 90, 84, 93,  92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48,  // 001
    0,   92, 0,  82, 0,  72, 0,   79, 0,  69, 0,  50, 0,  69, 0,  55, 0,  27,  // 002
    99,  97, 95, 92, 92, 85, 95,  91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53,  // 010
    95,  93, 92, 85, 85, 73, 92,  82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30,  // 011
    0,   86, 0,  75, 0,  52, 0,   71, 0,  52, 0,  29, 0,  63, 0,  29, 0,  17,  // 012
    98,  95, 94, 87, 91, 81, 94,  89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49,  // 100
    94,  89, 88, 77, 76, 67, 86,  76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25,  // 101
    0,   83, 0,  70, 0,  54, 0,   65, 0,  58, 0,  26, 0,  53, 0,  21, 0,  13,  // 102
    95,  90, 88, 76, 76, 70, 90,  77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30,  // 110
    89,  78, 76, 67, 62, 58, 74,  59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16,  // 111
    0,   71, 0,  59, 0,  30, 0,   58, 0,  26, 0,  15, 0,  23, 0,  13, 0,  6,   // 112
    93,  87, 86, 72, 75, 58, 86,  74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22,  // 200
    85,  75, 74, 55, 62, 51, 72,  57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8,   // 201
    0,   64, 0,  51, 0,  20, 0,   47, 0,  21, 0,  11, 0,  24, 0,  9,  0,  4,   // 202
    88,  75, 73, 53, 60, 50, 73,  55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11,  // 210
    75,  55, 58, 45, 40, 21, 61,  51, 48, 18, 20, 9,  46, 18, 17, 7,  8,  2,   // 211
    0,   53, 0,  24, 0,  14, 0,   24, 0,  12, 0,  5,  0,  10, 0,  3,  0,  1,   // 212
};

struct MacroVector {
  int eq1 = 0;
  int eq2 = 0;
  int eq3 = 0;
  int eq4 = 0;
  int eq5 = 0;
  int eq6 = 0;
};

int ScoreOf(const MacroVector& m) {
  const int index = ((((m.eq1 * 2 + m.eq2) * 3 + m.eq3) * 3 + m.eq4) * 3 + m.eq5) * 2 + m.eq6;
  return kScores[static_cast<size_t>(index)];
}

MacroVector MacroVectorOf(const Cvss4Metrics& m) {
  MacroVector out;
  const int none = (m.av == 'N') + (m.pr == 'N') + (m.ui == 'N');
  if (none == 3) {
    out.eq1 = 0;
  } else if (none > 0 && m.av != 'P') {
    out.eq1 = 1;
  } else {
    out.eq1 = 2;
  }
  out.eq2 = m.ac == 'L' && m.at == 'N' ? 0 : 1;
  if (m.vc == 'H' && m.vi == 'H') {
    out.eq3 = 0;
  } else if (m.vc == 'H' || m.vi == 'H' || m.va == 'H') {
    out.eq3 = 1;
  } else {
    out.eq3 = 2;
  }
  if (m.si == 'S' || m.sa == 'S') {
    out.eq4 = 0;
  } else if (m.sc == 'H' || m.si == 'H' || m.sa == 'H') {
    out.eq4 = 1;
  } else {
    out.eq4 = 2;
  }
  out.eq5 = m.e == 'A' ? 0 : (m.e == 'P' ? 1 : 2);
  out.eq6 =
      (m.cr == 'H' && m.vc == 'H') || (m.ir == 'H' && m.vi == 'H') || (m.ar == 'H' && m.va == 'H')
          ? 0
          : 1;
  return out;
}

// A metric's values from the most to the least severe, so that a difference of places is a distance
// in steps.
int Level(std::string_view order, char value) { return static_cast<int>(order.find(value)); }

constexpr std::string_view kAv = "NALP";
constexpr std::string_view kPr = "NLH";
constexpr std::string_view kUi = "NPA";
constexpr std::string_view kAc = "LH";
constexpr std::string_view kAt = "NP";
constexpr std::string_view kImpact = "HLN";
constexpr std::string_view kSubsequent = "SHLN";
constexpr std::string_view kRequirement = "HML";

// The highest vectors of each level; several where none is above the others.
constexpr std::array<std::string_view, 1> kTop1At0 = {"NNN"};  // AV PR UI
constexpr std::array<std::string_view, 3> kTop1At1 = {"ANN", "NLN", "NNP"};
constexpr std::array<std::string_view, 2> kTop1At2 = {"PNN", "ALP"};
constexpr std::array<std::string_view, 1> kTop2At0 = {"LN"};  // AC AT
constexpr std::array<std::string_view, 2> kTop2At1 = {"HN", "LP"};
constexpr std::array<std::string_view, 1> kTop36At00 = {"HHHHHH"};  // VC VI VA CR IR AR
constexpr std::array<std::string_view, 2> kTop36At01 = {"HHLMMH", "HHHMMM"};
constexpr std::array<std::string_view, 2> kTop36At10 = {"LHHHHH", "HLHHHH"};
constexpr std::array<std::string_view, 5> kTop36At11 = {"LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH",
                                                        "LLHHHM"};
constexpr std::array<std::string_view, 1> kTop36At21 = {"LLLHHH"};
constexpr std::array<std::string_view, 1> kTop4At0 = {"HSS"};  // SC SI SA
constexpr std::array<std::string_view, 1> kTop4At1 = {"HHH"};
constexpr std::array<std::string_view, 1> kTop4At2 = {"LLL"};

// Steps from the first top that is nowhere below the vector.
int Distance(std::span<const std::string_view> tops, std::span<const std::string_view> orders,
             std::string_view values) {
  for (const std::string_view top : tops) {
    int sum = 0;
    bool above = true;
    for (size_t i = 0; i < values.size(); ++i) {
      const int step = Level(orders[i], values[i]) - Level(orders[i], top[i]);
      above &= step >= 0;
      sum += step;
    }
    if (above) {
      return sum;
    }
  }
  return 0;
}

// How far the vector is on its way to the next lower MacroVector of one equivalence class, as part
// of that gap.
struct Step {
  bool exists = false;  // is there a lower one?
  int gap = 0;          // in tenths
  int distance = 0;
  int depth = 1;  // the longest distance inside the class
};

Step Step1(const Cvss4Metrics& m, MacroVector v, int score) {
  constexpr std::array<std::string_view, 3> kOrders = {kAv, kPr, kUi};
  const std::array<char, 3> values = {m.av, m.pr, m.ui};
  const std::string_view text(values.data(), values.size());
  constexpr std::array<int, 3> kDepths = {1, 4, 5};
  Step out;
  out.depth = kDepths[static_cast<size_t>(v.eq1)];
  out.distance = v.eq1 == 0   ? Distance(kTop1At0, kOrders, text)
                 : v.eq1 == 1 ? Distance(kTop1At1, kOrders, text)
                              : Distance(kTop1At2, kOrders, text);
  if (v.eq1 < 2) {
    ++v.eq1;
    out.exists = true;
    out.gap = score - ScoreOf(v);
  }
  return out;
}

Step Step2(const Cvss4Metrics& m, MacroVector v, int score) {
  constexpr std::array<std::string_view, 2> kOrders = {kAc, kAt};
  const std::array<char, 2> values = {m.ac, m.at};
  const std::string_view text(values.data(), values.size());
  Step out;
  out.depth = v.eq2 == 0 ? 1 : 2;
  out.distance = v.eq2 == 0 ? Distance(kTop2At0, kOrders, text) : Distance(kTop2At1, kOrders, text);
  if (v.eq2 < 1) {
    ++v.eq2;
    out.exists = true;
    out.gap = score - ScoreOf(v);
  }
  return out;
}

// EQ3 and EQ6 depend on each other and go together.
Step Step36(const Cvss4Metrics& m, MacroVector v, int score) {
  constexpr std::array<std::string_view, 6> kOrders = {kImpact,      kImpact,      kImpact,
                                                       kRequirement, kRequirement, kRequirement};
  const std::array<char, 6> values = {m.vc, m.vi, m.va, m.cr, m.ir, m.ar};
  const std::string_view text(values.data(), values.size());
  Step out;
  MacroVector lower = v;
  if (v.eq3 == 0 && v.eq6 == 0) {
    out.depth = 7;
    out.distance = Distance(kTop36At00, kOrders, text);
    MacroVector other = v;
    lower.eq6 = 1;
    other.eq3 = 1;
    out.gap = score - std::max(ScoreOf(lower), ScoreOf(other));
    out.exists = true;
    return out;
  }
  if (v.eq3 == 0) {
    out.depth = 6;
    out.distance = Distance(kTop36At01, kOrders, text);
    lower.eq3 = 1;
  } else if (v.eq3 == 1 && v.eq6 == 0) {
    out.depth = 8;
    out.distance = Distance(kTop36At10, kOrders, text);
    lower.eq6 = 1;
  } else if (v.eq3 == 1) {
    out.depth = 8;
    out.distance = Distance(kTop36At11, kOrders, text);
    lower.eq3 = 2;
  } else {
    out.depth = 10;
    out.distance = Distance(kTop36At21, kOrders, text);
    return out;
  }
  out.exists = true;
  out.gap = score - ScoreOf(lower);
  return out;
}

Step Step4(const Cvss4Metrics& m, MacroVector v, int score) {
  constexpr std::array<std::string_view, 3> kOrders = {kSubsequent, kSubsequent, kSubsequent};
  const std::array<char, 3> values = {m.sc, m.si, m.sa};
  const std::string_view text(values.data(), values.size());
  constexpr std::array<int, 3> kDepths = {6, 5, 4};
  Step out;
  out.depth = kDepths[static_cast<size_t>(v.eq4)];
  out.distance = v.eq4 == 0   ? Distance(kTop4At0, kOrders, text)
                 : v.eq4 == 1 ? Distance(kTop4At1, kOrders, text)
                              : Distance(kTop4At2, kOrders, text);
  if (v.eq4 < 2) {
    ++v.eq4;
    out.exists = true;
    out.gap = score - ScoreOf(v);
  }
  return out;
}

// One metric, so always at the top of its level.
Step Step5(MacroVector v, int score) {
  Step out;
  if (v.eq5 < 2) {
    ++v.eq5;
    out.exists = true;
    out.gap = score - ScoreOf(v);
  }
  return out;
}

}  // namespace

double ScoreCvss4(const Cvss4Metrics& metrics) {
  const std::array<char, 6> impacts = {metrics.vc, metrics.vi, metrics.va,
                                       metrics.sc, metrics.si, metrics.sa};
  if (std::ranges::all_of(impacts, [](char c) { return c == 'N'; })) {
    return 0;
  }
  const MacroVector macro = MacroVectorOf(metrics);
  const int score = ScoreOf(macro);
  const std::array<Step, 5> steps = {Step1(metrics, macro, score), Step2(metrics, macro, score),
                                     Step36(metrics, macro, score), Step4(metrics, macro, score),
                                     Step5(macro, score)};
  double sum = 0;
  int count = 0;
  for (const Step& step : steps) {
    if (step.exists) {
      ++count;
      sum += static_cast<double>(step.gap) * step.distance / step.depth;
    }
  }
  const double lowered = count == 0 ? score : score - sum / count;
  constexpr double kHair = 1e-9;  // half a tenth rounds up in spite of binary fractions
  return std::clamp(std::floor(lowered + 0.5 + kHair), 0.0, 100.0) / 10;
}

}  // namespace scantling::version
