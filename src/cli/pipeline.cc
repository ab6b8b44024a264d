#include "cli/pipeline.h"

#include "base/file.h"
#include "base/strings.h"
#include "catalog/scan.h"
#include "cli/remote.h"
#include "cli/terminal.h"
#include "image/source.h"
#include "policy/exceptions/recorded.h"
#include "policy/rules/ready.h"
#include "rank/dockerfile_lines.h"
#include "rank/matched_report.h"
#include "rank/rank.h"
#include "report/text.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <span>
#include <thread>

namespace scantling::cli {
namespace {

// $NAME/scantling, else $HOME/fallback/scantling, else "".
std::string HomeFolder(const char* name, std::string_view fallback) {
  const char* folder = std::getenv(name);
  if (folder != nullptr && *folder == '/') {
    return std::string(folder) + "/scantling";
  }
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') {
    return std::string(home) + "/" + std::string(fallback) + "/scantling";
  }
  return {};
}

std::string OriginOf(const Settings& settings, std::string_view name) {
  const auto found = settings.origins.find(name);
  return found == settings.origins.end() ? std::string() : found->second;
}

// Beside the layer cache, and gone with it; "" without one.
std::string KnownImagesPath(const Settings& settings) {
  const std::string folder = CacheFolder(settings);
  return folder.empty() ? folder : folder + "/known-images.tsv";
}

void Keep(model::Report& report, const model::Report& recorded, const Settings& settings,
          const Judgement& judgement) {
  const policy::KeptTreatments kept =
      policy::KeepTreatments(report, recorded,
                             {.exceptions = judgement.exceptions.empty(),
                              .vex = judgement.vex.empty(),
                              .now = judgement.now});
  if (kept.kept > 0) {
    Note(settings, "note: what the report says of " + report::Count(kept.kept, "finding") +
                       " by exceptions and VEX statements is kept; --exceptions and --vex take its "
                       "place");
  }
  if (kept.ended > 0) {
    Warn(settings, report::Count(kept.ended, "finding") +
                       " that the report says is accepted counts again: the exception has ended");
  }
}

}  // namespace

std::string InstalledDatabasePath() {
  const std::string folder = HomeFolder("XDG_DATA_HOME", ".local/share");
  return folder.empty() ? folder : folder + "/advisories.db";
}

std::string CacheFolder(const Settings& settings) {
  if (settings.no_cache) {
    return {};
  }
  return settings.cache_dir.empty() ? HomeFolder("XDG_CACHE_HOME", ".cache") : settings.cache_dir;
}

unsigned Jobs(const Settings& settings) {
  const uint64_t cores = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<unsigned>(
      std::clamp<uint64_t>(settings.jobs == 0 ? cores : settings.jobs, 1, 256));
}

base::Result<OpenedDatabase> OpenDatabase(const Settings& settings) {
  std::string path = settings.db;
  if (path.empty()) {
    path = InstalledDatabasePath();
    if (path.empty() || ::access(path.c_str(), F_OK) != 0) {
      SCANTLING_TRY(advisory::Database embedded, advisory::OpenEmbedded().With("the starter set"));
      return OpenedDatabase{std::move(embedded), ""};
    }
  }
  auto database = advisory::Database::Open(path);
  if (!database) {
    const std::string origin = OriginOf(settings, "db");
    std::string text = std::move(database).error().With("advisory database " + path).Message();
    if (!origin.empty() && origin != "--db") {
      text += " (given in " + origin + ")";
    }
    text += ". Make a new one with: scantling db build --feeds DIR";
    if (settings.db.empty()) {
      text += "; or remove the file, and the starter set is used";
    } else {
      text += " -o " + path;
    }
    return base::Error(base::ErrorCode::kInvalid, std::move(text));
  }
  return OpenedDatabase{*std::move(database), path};
}

base::Result<model::Inventory> ReadInventory(const Settings& settings, const std::string& source) {
  SCANTLING_TRY(const image::SourceSpec spec, image::ParseSource(source));
  if (spec.kind == image::SourceKind::kStandardInput && ::isatty(STDIN_FILENO) == 1) {
    return base::Error(base::ErrorCode::kUsage,
                       "-: standard input is a terminal; pipe an image in: docker save IMAGE | "
                       "scantling scan -");
  }
  Progress progress(settings);
  catalog::ScanOptions options;
  options.jobs = Jobs(settings);
  options.cache_folder = CacheFolder(settings);
  options.cache_bytes = settings.cache_bytes;
  options.platform = settings.platform;
  options.limits = settings.limits;
  std::optional<image::registry::Client> registry;
  if (spec.kind == image::SourceKind::kRegistry) {
    registry.emplace(RegistryOptions(settings));
    options.maybe_registry = &*registry;
  } else if (spec.kind == image::SourceKind::kDaemon) {
    options.daemon_socket = DaemonSocket(spec.original);
  }
  options.progress = [&](uint64_t done, uint64_t all) {
    progress.Show("reading layer " + std::to_string(done) +
                  (all == 0 ? "" : " of " + std::to_string(all)));
  };
  options.warn = [&](const std::string& text) {
    progress.Clear();
    Warn(settings, text);
  };
  auto inventory = catalog::Scan(spec, options);
  if (!inventory && inventory.error().code() == base::ErrorCode::kUsage) {
    // The form was right; what it names could not be scanned.
    return base::Error(base::ErrorCode::kNotFound, inventory.error().Message());
  }
  return inventory;
}

base::Result<Judgement> ReadJudgement(const Settings& settings) {
  Judgement out;
  SCANTLING_TRY(out.now, Now(settings));
  std::vector<policy::ExceptionsFile> files;
  std::set<std::filesystem::path> seen;
  for (const std::string& path : settings.exceptions) {
    std::error_code error;
    if (const auto whole = std::filesystem::weakly_canonical(path, error);
        !error && !seen.insert(whole).second) {
      Note(settings, "note: --exceptions " + path + " is given twice and counts once");
      continue;
    }
    SCANTLING_TRY(std::string text, base::ReadFile(path, settings.limits.document_bytes));
    files.push_back({std::move(text), path});
  }
  SCANTLING_TRY(out.exceptions, policy::ParseExceptions(files));
  for (const std::string& path : settings.vex) {
    SCANTLING_TRY(const std::string text, base::ReadFile(path, settings.limits.document_bytes));
    SCANTLING_TRY(policy::VexDocument document, policy::ParseVex(text, path));
    out.vex.push_back(std::move(document));
  }
  if (settings.dockerfile.empty() && OriginOf(settings, "target") == "--target") {
    return base::Error(
        base::ErrorCode::kUsage,
        "--target names a stage of a Dockerfile: give that, too (--dockerfile FILE)");
  }
  if (!settings.dockerfile.empty()) {
    SCANTLING_TRY(const std::string text,
                  base::ReadFile(settings.dockerfile, codec::DockerfileLimits().bytes));
    codec::DockerfileOptions options;
    options.platform = settings.platform;
    SCANTLING_TRY(out.dockerfile, codec::ParseDockerfile(text, settings.dockerfile, options));
    SCANTLING_DO(out.dockerfile->Target(settings.target).With(settings.dockerfile));
  }
  const std::string index = KnownImagesPath(settings);
  if (!index.empty()) {
    auto known = rank::BaseIndex::Open(index);
    if (known) {
      out.known_images = *std::move(known);
    } else {
      Warn(settings, "the index of known images is not used: " + known.error().Message());
    }
  }
  return out;
}

base::Result<model::Report> MakeReport(model::Inventory inventory,
                                       const advisory::Database& database, const Settings& settings,
                                       const Judgement& judgement,
                                       const model::Report* maybe_recorded) {
  SCANTLING_TRY(model::Report report,
                rank::MatchedReport(std::move(inventory), database, Jobs(settings)));
  auto& diagnostics = report.inventory.diagnostics;
  rank::RankOptions options;
  options.exposure = settings.exposed == "yes"  ? rank::Exposure::kYes
                     : settings.exposed == "no" ? rank::Exposure::kNo
                                                : rank::Exposure::kUnknown;
  options.jobs = Jobs(settings);
  options.base = settings.base;
  options.maybe_known_images = &judgement.known_images;
  options.known_holes = rank::HolesOf(database);
  rank::DockerfileFacts facts;
  if (judgement.dockerfile) {
    SCANTLING_TRY(facts, rank::MapDockerfile(*judgement.dockerfile, settings.dockerfile,
                                             settings.target, report.inventory.image));
    options.maybe_dockerfile = &facts;
    for (const std::string& note : facts.notes) {
      diagnostics.push_back({"dockerfile.unmapped",
                             facts.foreign ? model::Severity::kWarning : model::Severity::kNote,
                             settings.dockerfile, -1, note});
    }
  }
  std::sort(diagnostics.begin(), diagnostics.end());
  SCANTLING_DO(rank::RankFindings(report, options).With("ranking"));
  for (const policy::VexOutcome& outcome : judgement.vex.empty()
                                               ? std::vector<policy::VexOutcome>()
                                               : policy::ApplyVex(report, judgement.vex)) {
    for (const std::string& note : outcome.notes) {
      Note(settings, outcome.path + ": " + note);
    }
  }
  report.exceptions =
      policy::ApplyExceptions(report, std::span<const policy::Exceptions>(judgement.exceptions),
                              {settings.environment, judgement.now});
  if (maybe_recorded != nullptr) {
    Keep(report, *maybe_recorded, settings, judgement);
  }
  rank::PlanActions(report, options);
  return report;
}

base::Result<policy::Policy> ReadPolicy(const Settings& settings, const std::string& name) {
  std::error_code error;
  if (!std::filesystem::exists(name, error)) {
    if (const policy::ReadyPolicy* ready = policy::MaybeReadyPolicy(name)) {
      return policy::ParsePolicy(ready->text, ready->name);
    }
    std::vector<std::string> names;
    for (const policy::ReadyPolicy& ready : policy::ReadyPolicies()) {
      names.emplace_back(ready.name);
    }
    return base::NotFound(name + ": no such file, and no ready policy; those are " +
                          base::Join(names, ", "));
  }
  SCANTLING_TRY(const std::string text, base::ReadFile(name, settings.limits.document_bytes));
  return policy::ParsePolicy(text, name);
}

base::Result<std::optional<policy::Agreements>> ReadAgreements(const Settings& settings) {
  if (settings.agreements.empty()) {
    return std::optional<policy::Agreements>();
  }
  SCANTLING_TRY(const std::string text,
                base::ReadFile(settings.agreements, settings.limits.document_bytes));
  SCANTLING_TRY(policy::Agreements agreements, policy::ParseAgreements(text, settings.agreements));
  return std::optional<policy::Agreements>(std::move(agreements));
}

void Remember(const Settings& settings, const model::Image& image, base::Seconds now) {
  const std::string index = KnownImagesPath(settings);
  if (index.empty() || image.reference.empty()) {
    return;
  }
  if (const auto added = rank::AddToBaseIndex(index, image, now); !added) {
    Note(settings,
         "note: the image was not added to the index of known images: " + added.error().Message());
  }
}

}  // namespace scantling::cli
