// Inside of the room: the score of CVSS 4.0 from its metrics (cvss.h parses vectors and is what
// others use).
#pragma once

namespace scantling::version {

// One letter per metric, as the vector has it; nothing is "X" any more: E is A, P or U, the
// requirements H, M or L, and SI and SA may be S (from the modified metrics).
struct Cvss4Metrics {
  char av, ac, at, pr, ui;
  char vc, vi, va;
  char sc, si, sa;
  char e, cr, ir, ar;
};

double ScoreCvss4(const Cvss4Metrics& metrics);

}  // namespace scantling::version
