// scantling explain: why an id is, or is not, a finding of an image or of a report's inventory.
#include "base/file.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "match/match.h"
#include "report/report.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

namespace scantling::cli {
namespace {

// A regular file whose first character is '{': a report, for no image begins so.
bool LooksLikeReport(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return false;
  }
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char first[64];
  const ssize_t size = fd.valid() ? ::read(fd.get(), first, sizeof(first)) : 0;
  const std::string_view text =
      base::Trim(std::string_view(first, size > 0 ? static_cast<size_t>(size) : 0));
  return text.starts_with("{");
}

base::Result<model::Inventory> FromReport(const Settings& settings, const std::string& path,
                                          const model::DatabaseInfo& database) {
  SCANTLING_TRY(const std::string text, base::ReadFile(path, settings.limits.document_bytes));
  SCANTLING_TRY(model::Report report, report::FromJson(text).With(path));
  if (report.database.digest != database.digest) {
    Note(settings, "note: " + path + " was made with another database (" + report.database.digest +
                       "); this answer is by the present one (" + database.digest + ")");
  }
  return std::move(report.inventory);
}

}  // namespace

int RunExplain(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  auto screen = Screen(settings);
  if (!screen) {
    return Fail(screen.error());
  }
  auto database = OpenDatabase(settings);
  if (!database) {
    return Fail(database.error());
  }
  if (database->path.empty()) {
    Note(settings,
         "note: no database is installed; this answer is by the starter set inside the program, "
         "which lacks most "
         "advisories");
  }
  const std::string& source = invocation.arguments[1];
  auto inventory = LooksLikeReport(source) ? FromReport(settings, source, database->database.Info())
                                           : ReadInventory(settings, source);
  if (!inventory) {
    return Fail(inventory.error());
  }
  const auto explanation = match::Explain(invocation.arguments[0], *inventory, database->database);
  if (!explanation) {
    return Fail(explanation.error());
  }
  const auto written = WriteResult(settings, report::ExplanationToText(*explanation, *screen));
  return written ? static_cast<int>(kDone) : Fail(written.error());
}

}  // namespace scantling::cli
