// scantling ci: the image against its baseline, judged by a policy, told in the forms that a
// pipeline reads.
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "policy/change/compare.h"

#include <filesystem>

namespace scantling::cli {
namespace {

// "main" is a name, "old/main.json" and "shop.tar" are files.
bool IsName(const std::string& text) {
  return !text.empty() && text.front() != '.' && text.find_first_of("/:") == std::string::npos &&
         !text.ends_with(".json");
}

std::string BaselinePath(const Settings& settings, const std::string& name) {
  const std::string folder = settings.baselines.empty() ? ".scantling" : settings.baselines;
  return folder + "/" + name + ".baseline.json";
}

base::Result<Subject> ReadAgainst(const Settings& settings) {
  std::error_code error;
  if (std::filesystem::exists(settings.against, error) || !IsName(settings.against)) {
    return ReadSubject(settings, settings.against).With("--against");
  }
  const std::string path = BaselinePath(settings, settings.against);
  if (!std::filesystem::exists(path, error)) {
    return base::NotFound("--against: there is no baseline \"" + settings.against + "\": " + path +
                          " does not exist. Make it where that branch is built: scantling ci IMAGE "
                          "--save-baseline " +
                          settings.against);
  }
  SCANTLING_TRY(Subject subject, ReadSubject(settings, path).With("--against"));
  subject.name = settings.against;
  return subject;
}

base::Result<void> SaveBaseline(const Settings& settings, const model::Report& report,
                                const policy::Baseline* maybe_previous, base::Seconds now) {
  std::string path = settings.save_baseline;
  if (IsName(path)) {
    path = BaselinePath(settings, path);
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  }
  return WriteTo(path,
                 [&](base::Output& output) {
                   policy::WriteBaseline(report, maybe_previous, now, output);
                 })
      .With("--save-baseline");
}

}  // namespace

}  // namespace scantling::cli
