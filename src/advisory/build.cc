#include "advisory/build.h"

#include "advisory/compile.h"
#include "advisory/feed_files.h"
#include "advisory/sources.h"
#include "advisory/writer.h"
#include "base/file.h"
#include "base/strings.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace scantling::advisory {
namespace {

constexpr size_t kMaxDiagnosticsPerFeed = 50;

struct FeedOutcome {
  bool found = false;
  FeedInput input;
  std::vector<model::Diagnostic> diagnostics;
  std::optional<base::Error> error;
};

model::Diagnostic Note(std::string code, model::Severity severity, std::string path,
                       std::string message) {
  model::Diagnostic out;
  out.code = std::move(code);
  out.severity = severity;
  out.path = std::move(path);
  out.message = std::move(message);
  return out;
}

// MANIFEST.tsv: a header line that names the columns, then one line for each archive.
base::Result<std::map<std::string, std::string, std::less<>>> ReadManifest(
    const std::string& folder) {
  std::map<std::string, std::string, std::less<>> as_of;
  const auto text = base::ReadFile(folder + "/MANIFEST.tsv", uint64_t{4} << 20);
  if (!text.has_value()) {
    if (text.error().code() == base::ErrorCode::kNotFound) {
      return as_of;
    }
    return text.error().Clone();
  }
  size_t name_at = 0;
  size_t date_at = 0;
  bool head = true;
  for (std::string_view line : base::Split(*text, '\n')) {
    line = base::Trim(line);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const auto fields = base::Split(line, '\t');
    if (head) {
      head = false;
      name_at =
          static_cast<size_t>(std::find(fields.begin(), fields.end(), "name") - fields.begin());
      date_at =
          static_cast<size_t>(std::find(fields.begin(), fields.end(), "as_of") - fields.begin());
      if (name_at == fields.size() || date_at == fields.size()) {
        return base::Invalid("MANIFEST.tsv has no columns \"name\" and \"as_of\"");
      }
    } else if (fields.size() > std::max(name_at, date_at)) {
      const std::string_view date = fields[date_at];
      // "2025-02" is a date that is only known to the month.
      if (base::ParseTime(date) || base::ParseTime(std::string(date) + "-01")) {
        as_of.emplace(fields[name_at], date);
      }
    }
  }
  return as_of;
}

FeedOutcome ReadFeed(const SourceRow& row, const BuildOptions& options) {
  FeedOutcome out;
  out.input.name = row.name;
  const auto reader = row.make();
  size_t broken = 0;
  const auto diagnose = [&](std::string_view path, std::string why) {
    if (++broken <= kMaxDiagnosticsPerFeed) {
      out.diagnostics.push_back(Note("feed.record", model::Severity::kWarning,
                                     std::string(row.archive) + ":" + base::ToUtf8(path),
                                     base::ToUtf8(why)));
    }
  };
  FeedVisitor visitor;
  visitor.wants = [&](std::string_view path) { return reader->Wants(path); };
  visitor.read = [&](std::string_view path, std::string_view bytes) {
    if (const auto result = reader->Read(path, bytes, out.input.records); !result.has_value()) {
      diagnose(path, result.error().Message());
    }
  };
  visitor.skipped = diagnose;
  auto found = VisitFeed(options.feeds_folder, row.archive, options.limits, visitor);
  if (!found.has_value()) {
    out.error = std::move(found).error().With(row.name);
    return out;
  }
  out.found = *found;
  reader->Finish(out.input.records);
  if (broken > kMaxDiagnosticsPerFeed) {
    out.diagnostics.push_back(
        Note("feed.record", model::Severity::kWarning, std::string(row.archive),
             std::to_string(broken - kMaxDiagnosticsPerFeed) + " more records could not be read"));
  }
  if (out.found && out.input.records.records == 0) {
    out.diagnostics.push_back(
        Note("feed.empty", model::Severity::kError, std::string(row.archive),
             "no record of this feed could be read: the database says nothing for it"));
  }
  return out;
}

}  // namespace

base::Result<BuildReport> BuildDatabase(const BuildOptions& options, std::string* out) {
  const auto table = SourceTable();
  SCANTLING_TRY(const auto manifest, ReadManifest(options.feeds_folder));
  SCANTLING_TRY(const std::vector<std::string> present, ListFeeds(options.feeds_folder));

  std::vector<FeedOutcome> outcomes(table.size());
  std::atomic<size_t> next{0};
  std::mutex progress_mutex;
  const auto work = [&] {
    for (size_t i = next.fetch_add(1); i < table.size(); i = next.fetch_add(1)) {
      outcomes[i] = ReadFeed(table[i], options);
      if (options.progress && outcomes[i].found) {
        const std::scoped_lock lock(progress_mutex);
        options.progress(std::string(table[i].name), outcomes[i].input.records.records);
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::max(1U, options.jobs) && i < table.size(); ++i) {
      threads.emplace_back(work);
    }
    work();
  }

  BuildReport report;
  std::vector<FeedInput> feeds;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    FeedOutcome& outcome = outcomes[i];
    if (outcome.error) {
      return *std::move(outcome.error);
    }
    std::move(outcome.diagnostics.begin(), outcome.diagnostics.end(),
              std::back_inserter(report.diagnostics));
    if (!outcome.found) {
      continue;
    }
    FeedInput& input = outcome.input;
    input.as_of = input.records.as_of;  // the data's own word
    if (const auto found = manifest.find(table[i].archive);
        input.as_of.empty() && found != manifest.end()) {
      input.as_of = found->second;
    }
    if (input.as_of.empty()) {
      input.as_of = input.records.newest;
    }
    if (input.as_of.empty()) {
      report.diagnostics.push_back(
          Note("feed.no-date", model::Severity::kWarning, std::string(table[i].archive),
               "neither the manifest nor the data says what date this feed is of"));
    }
    feeds.push_back(std::move(input));
  }
  if (feeds.empty()) {
    return base::NotFound(options.feeds_folder + ": holds none of the feeds that are known");
  }
  for (const std::string& name : present) {
    if (std::none_of(table.begin(), table.end(),
                     [&](const SourceRow& row) { return row.archive == name; })) {
      report.diagnostics.push_back(Note("feed.unknown", model::Severity::kNote, base::ToUtf8(name),
                                        "this feed is not read"));
    }
  }
  outcomes.clear();
  const Catalogue catalogue = Compile(std::move(feeds));
  SCANTLING_TRY(*out, WriteDatabase(catalogue));
  report.sources = catalogue.sources;
  report.vulnerabilities = catalogue.vulnerabilities.size();
  for (const CompiledPackage& package : catalogue.packages) {
    report.statements += package.statements.size();
  }
  std::sort(report.diagnostics.begin(), report.diagnostics.end());
  return report;
}

}  // namespace scantling::advisory
