// scantling exceptions: the files in which people say for how long a risk is taken.
#include "base/file.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/terminal.h"
#include "policy/exceptions/exceptions.h"
#include "policy/exceptions/import.h"
#include "report/text.h"

namespace scantling::cli {
int RunExceptionsCheck(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string& path = invocation.arguments[0];
  const auto now = Now(settings);
  if (!now) {
    return Fail(now.error());
  }
  const auto text = base::ReadFile(path, settings.limits.document_bytes);
  if (!text) {
    return Fail(text.error());
  }
  const auto exceptions = policy::ParseExceptions(*text, path);
  if (!exceptions) {
    return Fail(exceptions.error());
  }
  // Against no image at all: what is left is how each entry stands on the day.
  model::Report nothing;
  std::string out;
  for (const model::ExceptionUse& use :
       policy::ApplyExceptions(nothing, *exceptions, {settings.environment, *now})) {
    const std::string state = use.state == "unused" ? "valid" : use.state;
    out += report::Clean(use.where + ": " + (use.id.empty() ? "?" : use.id) + " " + state +
                         (use.until.empty() ? "" : ", until " + use.until) +
                         (use.state == "invalid" || use.note.starts_with("counts from")
                              ? ": " + use.note
                              : "")) +
           "\n";
  }
  out += report::Count(exceptions->entries.size(), "exception") + ", " +
         std::to_string(exceptions->InvalidCount()) + " invalid\n";
  const int printed = Print(out);
  return printed == kDone && exceptions->InvalidCount() != 0 ? kThresholdMet : printed;
}

int RunExceptionsImport(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string& path = invocation.arguments[0];
  const auto output = OnlyOutput(settings);
  if (!output) {
    return Fail(output.error());
  }
  const auto text = base::ReadFile(path, settings.limits.document_bytes);
  if (!text) {
    return Fail(text.error());
  }
  const auto imported = policy::ImportIgnoreFile(*text, path);
  if (!imported) {
    return Fail(imported.error());
  }
  for (const std::string& note : imported->notes) {
    Note(settings, note);
  }
  const auto written = WriteTo(*output, imported->yaml);
  return written ? static_cast<int>(kDone) : Fail(written.error());
}

}  // namespace scantling::cli
