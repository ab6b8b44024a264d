// What an earlier run decided, kept when its report is judged again without the files that said it.
#pragma once

#include "base/time.h"
#include "model/report.h"

#include <cstdint>

namespace scantling::policy {

struct KeepOptions {
  bool exceptions = true;  // false: files were given that take their place
  bool vex = true;
  base::Seconds now = 0;
};

struct KeptTreatments {
  uint64_t kept = 0;
  uint64_t ended = 0;  // exceptions whose end has come: they count no more
};

// Puts the treatments of `recorded` on the findings of `report` that are the same (vulnerability,
// by any name, and component ref) and have none. Exceptions count through their last day;
// report.exceptions gets the recorded ones with their state of today. Those for one rule alone are
// no treatments and are not kept.
KeptTreatments KeepTreatments(model::Report& report, const model::Report& recorded,
                              const KeepOptions& options);

}  // namespace scantling::policy
