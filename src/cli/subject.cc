#include "cli/subject.h"

#include "base/file.h"
#include "base/strings.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "match/match.h"
#include "report/report.h"
#include "report/sbom_in.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <sys/stat.h>

namespace scantling::cli {
namespace {

// A regular file whose first character is '{': a document, for no image begins so.
bool LooksLikeJson(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return false;
  }
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char first[64];
  const ssize_t size = fd.valid() ? ::read(fd.get(), first, sizeof(first)) : 0;
  return base::Trim(std::string_view(first, size > 0 ? static_cast<size_t>(size) : 0))
      .starts_with("{");
}

constexpr std::string_view kWanted =
    ". In JSON a report, a baseline, or a bill of materials (CycloneDX, SPDX 2.2/2.3) is read. A "
    "project's "
    "own files, like package.json, are not: scan the image that is built of them, or a folder as "
    "rootfs:DIR";

// What else the source may have meant: a baseline by its name, a document that is no JSON.
base::Error WithAdvice(const Settings& settings, const std::string& source, base::Error error) {
  std::error_code failed;
  if (const std::string path = BaselinePath(settings, source);
      !std::filesystem::exists(source, failed) && source.find('/') == std::string::npos &&
      std::filesystem::exists(path, failed)) {
    return {error.code(), error.Message() + "; the baseline of that name is the file " + path};
  }
  if (error.Message().contains("not an image: neither a tar")) {
    return {error.code(), error.Message() +
                              "; reports, baselines and bills of materials (CycloneDX, SPDX "
                              "2.2/2.3) are read as JSON alone"};
  }
  return error;
}

base::Result<Subject> ReadDocument(const Settings& settings, const std::string& path) {
  SCANTLING_TRY(const std::string text, base::ReadFile(path, settings.limits.document_bytes));
  Subject out;
  out.name = path;
  if (policy::LooksLikeBaseline(text)) {
    out.kind = SubjectKind::kBaseline;
    SCANTLING_TRY(out.baseline, policy::ParseBaseline(text, path));
    out.inventory = std::move(out.baseline->inventory);
    return out;
  }
  if (report::LooksLikeSbom(text)) {
    out.kind = SubjectKind::kSbom;
    SCANTLING_TRY(out.inventory, report::ReadSbom(text, path));
    return out;
  }
  out.kind = SubjectKind::kReport;
  auto report = report::FromJson(text);
  if (!report) {
    base::Error error = std::move(report).error();
    return error.code() == base::ErrorCode::kUnsupported
               ? base::Unsupported(path + ": " + error.Message() + std::string(kWanted))
               : std::move(error).With(path);
  }
  out.report = *std::move(report);
  out.inventory = std::move(out.report->inventory);
  // What the matching of that day noted is said again by today's, or no longer holds.
  std::erase_if(out.inventory.diagnostics, [](const model::Diagnostic& diagnostic) {
    return diagnostic.code.starts_with("match.") || diagnostic.code == "version.uncomparable" ||
           diagnostic.code == "dockerfile.unmapped";
  });
  return out;
}

}  // namespace

std::string BaselinePath(const Settings& settings, const std::string& name) {
  const std::string folder = settings.baselines.empty() ? ".scantling" : settings.baselines;
  return folder + "/" + name + ".baseline.json";
}

base::Result<Subject> ReadSubject(const Settings& settings, const std::string& source) {
  if (LooksLikeJson(source)) {
    return ReadDocument(settings, source);
  }
  Subject out;
  out.name = source;
  auto inventory = ReadInventory(settings, source);
  if (!inventory) {
    return WithAdvice(settings, source, std::move(inventory).error());
  }
  out.inventory = *std::move(inventory);
  return out;
}

base::Result<OldSide> JudgeOldSide(Subject subject, const advisory::Database& database,
                                   const Settings& settings) {
  OldSide out;
  SCANTLING_TRY(match::MatchResult matched,
                match::Match(subject.inventory, database, Jobs(settings)).With(subject.name));
  out.rematched = std::move(matched.findings);
  switch (subject.kind) {
    case SubjectKind::kBaseline:
      out.baseline = *std::move(subject.baseline);
      out.baseline.inventory = std::move(subject.inventory);
      break;
    case SubjectKind::kReport:
      subject.report->inventory = std::move(subject.inventory);
      out.baseline = policy::BaselineFromReport(*std::move(subject.report), subject.name);
      break;
    case SubjectKind::kSbom:
      out.baseline = policy::BaselineFromInventory(std::move(subject.inventory), subject.name);
      break;
    case SubjectKind::kImage: {
      // Nothing was recorded: what is known of it is what the present database says.
      model::Report report;
      report.inventory = std::move(subject.inventory);
      report.database = database.Info();
      report.findings = out.rematched;
      out.baseline = policy::BaselineFromReport(std::move(report), subject.name);
      break;
    }
  }
  return out;
}

}  // namespace scantling::cli
