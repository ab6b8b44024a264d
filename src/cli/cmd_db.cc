// scantling db build, info, lookup, verify: the advisory database.
#include "advisory/build.h"
#include "base/file.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "match/target.h"
#include "report/text.h"
#include "version/purl.h"
#include "version/range.h"

#include <algorithm>
#include <filesystem>

namespace scantling::cli {
namespace {

using report::Clean;
using report::Pad;
using report::PadLeft;

std::string PlaceText(const OpenedDatabase& opened) {
  return opened.path.empty() ? "the starter set inside the program" : opened.path;
}

// "fixed in 1.2.3", "up to 1.2.2", "every version"
std::string RangeText(const advisory::Statement& statement) {
  std::string out;
  for (const version::Interval& interval : statement.intervals) {
    std::string part;
    if (!interval.introduced.empty() && interval.introduced != "0") {
      part = ">= " + std::string(interval.introduced);
    }
    if (!interval.fixed.empty()) {
      part += (part.empty() ? "< " : ", < ") + std::string(interval.fixed);
    } else if (!interval.last_affected.empty()) {
      part += (part.empty() ? "<= " : ", <= ") + std::string(interval.last_affected);
    }
    out += (out.empty() ? "" : " or ") + (part.empty() ? "every version" : part);
  }
  return Clean(out.empty() ? "every version" : out);
}

std::string StateText(const advisory::Statement& statement) {
  switch (statement.state) {
    case advisory::StatementState::kAffected:
      return "affected";
    case advisory::StatementState::kNotAffected:
      return "not affected";
    case advisory::StatementState::kWontFix:
      return "affected, will not be fixed";
    case advisory::StatementState::kDeferred:
      return "affected, fix put off";
    case advisory::StatementState::kUndetermined:
      return "undetermined";
  }
  return "undetermined";
}

// Is the version that was asked for inside?
std::string VerdictText(const advisory::Statement& statement, version::Ecosystem ecosystem,
                        const std::string& version) {
  if (version.empty()) {
    return {};
  }
  if (statement.state == advisory::StatementState::kNotAffected) {
    return "no  ";
  }
  bool unknown = false;
  for (const version::Interval& interval : statement.intervals) {
    const version::InRange in = version::Contains(ecosystem, interval, version);
    if (in == version::InRange::kYes) {
      return "YES ";
    }
    unknown = unknown || in == version::InRange::kUnknown;
  }
  return statement.intervals.empty() ? "YES " : unknown ? "?   " : "no  ";
}

// The namespaces of the database that a package URL may mean.
std::vector<std::string> NamespacesFor(const advisory::Database& database,
                                       const version::PackageUrl& purl,
                                       version::Ecosystem ecosystem) {
  const bool os = ecosystem == version::Ecosystem::kDeb || ecosystem == version::Ecosystem::kApk ||
                  ecosystem == version::Ecosystem::kRpm;
  if (!os) {
    return {std::string(version::PurlType(ecosystem))};
  }
  std::string distro(purl.Qualifier("distro"));
  if (const size_t dash = distro.find('-'); dash != std::string::npos) {
    distro[dash] = ':';
  }
  // "alpine-3.18.4" means alpine:v3.18, "debian-12.7" debian:12: the namespace is a prefix of what
  // is said.
  std::vector<std::string> out;
  for (const advisory::NamespaceInfo& info : database.Namespaces()) {
    const std::string_view name = info.name;
    const std::string_view family = name.substr(0, name.find(':'));
    std::string plain(name);
    if (const size_t v = plain.find(":v"); v != std::string::npos) {
      plain.erase(v + 1, 1);
    }
    const bool wanted = distro.empty()
                            ? purl.namespace_.empty() || family == base::Lower(purl.namespace_)
                            : plain == distro || name == distro || distro.starts_with(plain + ".");
    const auto type = version::EcosystemFromName(family);
    if (wanted && plain.find(':') != std::string::npos && (!type || *type == ecosystem)) {
      out.emplace_back(name);
    }
  }
  return out;
}

// An rpm's epoch is a qualifier of its package URL.
std::string VersionOf(const version::PackageUrl& purl, version::Ecosystem ecosystem) {
  const std::string_view epoch = purl.Qualifier("epoch");
  if (ecosystem != version::Ecosystem::kRpm || epoch.empty() || purl.version.empty()) {
    return purl.version;
  }
  return std::string(epoch) + ":" + purl.version;
}

// As the database spells it (match/target.h does the same for components).
std::string PackageName(const version::PackageUrl& purl, version::Ecosystem ecosystem) {
  switch (ecosystem) {
    case version::Ecosystem::kMaven:
      return purl.namespace_ + ":" + purl.name;
    case version::Ecosystem::kDeb:
    case version::Ecosystem::kApk:
      return base::Lower(purl.name);
    case version::Ecosystem::kRpm:
      return purl.name;
    default:
      break;
  }
  const std::string name = purl.namespace_.empty() ? purl.name : purl.namespace_ + "/" + purl.name;
  const bool folded = ecosystem == version::Ecosystem::kPypi ||
                      ecosystem == version::Ecosystem::kComposer ||
                      ecosystem == version::Ecosystem::kNuget;
  return folded ? version::NormalizeName(ecosystem, name) : name;
}

}  // namespace

int RunDbBuild(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  if (settings.feeds.empty()) {
    return Fail(kUsageError, "db build needs --feeds DIR: the folder that holds the feeds");
  }
  std::error_code error;
  if (!std::filesystem::is_directory(settings.feeds, error)) {
    return Fail(kUsageError, "--feeds: " + settings.feeds + " is not a folder");
  }
  auto output = OnlyOutput(settings);
  if (!output) {
    return Fail(output.error());
  }
  if (output->empty()) {
    *output = InstalledDatabasePath();
    if (output->empty()) {
      return Fail(kUsageError, "neither HOME nor XDG_DATA_HOME is set: name the file with -o FILE");
    }
    std::filesystem::create_directories(std::filesystem::path(*output).parent_path(), error);
    if (error) {
      return Fail(kNotCompleted, *output + ": its folder cannot be made: " + error.message());
    }
  }
  Progress progress(settings);
  advisory::BuildOptions options;
  options.feeds_folder = settings.feeds;
  options.jobs = Jobs(settings);
  options.limits = settings.limits;
  options.progress = [&](const std::string& source, uint64_t records) {
    progress.Show(source + ": " + std::to_string(records) + " records");
  };
  std::string bytes;
  auto built = advisory::BuildDatabase(options, &bytes);
  progress.Clear();
  if (!built) {
    return Fail(built.error());
  }
  if (built->sources.empty()) {
    return Fail(kNotCompleted, settings.feeds + ": no feed that the program knows was found in it");
  }
  if (const auto written = base::WriteFileByRename(*output, base::AsBytes(bytes)); !written) {
    return Fail(written.error());
  }
  for (const model::Diagnostic& diagnostic : built->diagnostics) {
    if (diagnostic.severity != model::Severity::kNote) {
      Warn(settings, (diagnostic.path.empty() ? "" : diagnostic.path + ": ") + diagnostic.message);
    }
  }
  std::string text;
  for (const model::SourceInfo& source : built->sources) {
    text += Pad(Clean(source.name), 28) + " as of " + Pad(Clean(source.as_of), 10) + " " +
            PadLeft(std::to_string(source.records), 9) + " records\n";
  }
  text += std::to_string(built->vulnerabilities) + " vulnerabilities, " +
          std::to_string(built->statements) + " statements, " +
          std::to_string(bytes.size() / 1'000'000) + " MB: " + Clean(*output) + "\n";
  return settings.quiet ? static_cast<int>(kDone) : Print(text);
}

int RunDbInfo(const Invocation& invocation) {
  const auto opened = OpenDatabase(invocation.settings);
  if (!opened) {
    return Fail(opened.error());
  }
  const model::DatabaseInfo& info = opened->database.Info();
  std::string text =
      "database  " + Clean(PlaceText(*opened)) + "\ndigest    " + Clean(info.digest) + "\n";
  if (info.embedded) {
    text +=
        "          a small number of well-known advisories; a full database is made by: "
        "scantling db build --feeds DIR\n";
  }
  text += "\n" + Pad("SOURCE", 32) + " " + Pad("AS OF", 10) + "   RECORDS\n";
  for (const model::SourceInfo& source : info.sources) {
    text += Pad(Clean(source.name), 32) + " " + Pad(Clean(source.as_of), 10) + " " +
            PadLeft(std::to_string(source.records), 9) + "\n";
  }
  text += "\n" + Pad("COVERS", 32) + " " + Pad("AS OF", 10) + " STATEMENTS\n";
  for (const advisory::NamespaceInfo& name_space : opened->database.Namespaces()) {
    text += Pad(Clean(name_space.name), 32) + " " + Pad(Clean(name_space.as_of), 10) + " " +
            PadLeft(std::to_string(name_space.statements), 10) + "\n";
  }
  return Print(text);
}

int RunDbLookup(const Invocation& invocation) {
  const auto purl =
      version::PackageUrl::Parse(invocation.arguments[0], version::Spelling::kAsWritten);
  if (!purl) {
    return Fail(kUsageError, invocation.arguments[0] + ": " + purl.error().Message() +
                                 "; a package URL looks like pkg:npm/lodash@4.17.15");
  }
  const auto ecosystem = purl->ecosystem();
  if (!ecosystem) {
    return Fail(kUsageError, "package URLs of type \"" + purl->type +
                                 "\" are not known; known are deb, apk, "
                                 "rpm, pypi, npm, maven, golang, gem, composer, nuget, cargo");
  }
  const auto opened = OpenDatabase(invocation.settings);
  if (!opened) {
    return Fail(opened.error());
  }
  const advisory::Database& database = opened->database;
  const std::string package = PackageName(*purl, *ecosystem);
  const std::string version = VersionOf(*purl, *ecosystem);
  match::Target target;  // module and architecture, as far as the package URL names them
  target.ecosystem = *ecosystem;
  target.version = version;
  target.architecture = purl->Qualifier("arch");
  target.module = purl->Qualifier("rpmmod");
  const bool stream_known = !target.version.empty() || !target.module.empty();
  std::string text;
  uint64_t count = 0;
  uint64_t others = 0;  // statements for other modules or architectures
  base::Result<void> problem;
  const std::vector<std::string> name_spaces = NamespacesFor(database, *purl, *ecosystem);
  for (const std::string& name_space : name_spaces) {
    const auto done =
        database.Lookup(name_space, package, [&](const advisory::Statement& statement) {
          const auto vulnerability = database.GetVulnerability(statement.vulnerability);
          if (!vulnerability) {
            if (problem) {
              problem = base::Result<void>(vulnerability.error().Clone());
            }
            return;
          }
          // Without a version and a module, every module's statements are what was asked for.
          target.module = stream_known ? purl->Qualifier("rpmmod") : statement.module;
          if (!match::Applies(target, statement)) {
            ++others;
            return;
          }
          ++count;
          text += VerdictText(statement, *ecosystem, version) + Pad(Clean(vulnerability->id), 19) +
                  " " + Pad(Clean(name_space), 14) + " " + StateText(statement) + " " +
                  RangeText(statement);
          if (!statement.note.empty()) {
            text += " (" + Clean(statement.note) + ")";
          }
          text += "  " + Clean(statement.advisory) + ", " + Clean(statement.source) + "\n";
        });
    if (!done) {
      return Fail(done.error());
    }
  }
  if (!problem) {
    return Fail(problem.error());
  }
  if (count == 0) {
    text = "No statement about " + Clean(package) + " in " + Clean(PlaceText(*opened)) +
           (others == 0 ? "" : " for this module and architecture") + ".\n";
    if (name_spaces.empty()) {
      text += "It covers no release that this package URL names; see: scantling db info\n";
    }
  }
  if (others != 0) {
    text += report::Count(others, "statement") + " for other modules or architectures left out.\n";
  }
  return Print(text);
}

int RunDbVerify(const Invocation& invocation) {
  const auto opened = OpenDatabase(invocation.settings);
  if (!opened) {
    return Fail(opened.error());
  }
  if (const auto verified = opened->database.Verify(); !verified) {
    return Fail(kNotCompleted, PlaceText(*opened) + ": " + verified.error().Message() +
                                   ". Make a new one with: scantling db build --feeds DIR");
  }
  return Print(Clean(PlaceText(*opened)) + ": every checksum is right\n");
}

}  // namespace scantling::cli
