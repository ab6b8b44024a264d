// Where the result of a command goes: standard output in --format, files by --output.
#pragma once

#include "base/result.h"
#include "cli/settings.h"
#include "model/report.h"
#include "report/formats.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::cli {

struct Destination {
  const report::FormatInfo* format = nullptr;
  std::string path;  // "" = standard output
};

// --output FILE replaces standard output, in --format, else in the format of the file's ending,
// else in the usual one; --output FORMAT=FILE is beside it. Usage errors: two results in one place,
// a word before "=" that is nearly a format, a file that is one of `sources` or that another
// setting reads.
base::Result<std::vector<Destination>> Destinations(const Settings& settings,
                                                    const std::vector<std::string>& sources);

// Writes the report to all of them. Forms for people get the clock; the others a time only when
// --now gave one, so that their bytes depend on the inputs alone.
base::Result<void> WriteReport(const Settings& settings,
                               const std::vector<Destination>& destinations,
                               const model::Report& report);

// When the image could not be scanned: the forms that have words for it (FormatInfo::write_failed)
// are written; of the others it is said that they are not.
base::Result<void> WriteFailed(const Settings& settings,
                               const std::vector<Destination>& destinations,
                               const model::Report& report);

// For commands with one result: the only --output, or "".
base::Result<std::string> OnlyOutput(const Settings& settings);

// Reads and checks --template where a destination wants it, so that a broken one is told before a
// scan.
base::Result<void> CheckTemplate(const Settings& settings,
                                 const std::vector<Destination>& destinations);

}  // namespace scantling::cli
