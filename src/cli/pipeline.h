// The path of the data, wired together: source -> inventory -> findings -> actions -> report. scan,
// inventory and explain share it.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/settings.h"
#include "codec/dockerfile.h"
#include "model/report.h"
#include "policy/exceptions/exceptions.h"
#include "policy/rules/agreements.h"
#include "policy/rules/policy.h"
#include "policy/vex/vex.h"
#include "rank/base_index.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace scantling::cli {

struct OpenedDatabase {
  advisory::Database database;
  std::string path;  // "" = the starter set inside the program
};

// --db, SCANTLING_DB or the configuration; else the installed one; else the starter set.
base::Result<OpenedDatabase> OpenDatabase(const Settings& settings);
// Where `db build` installs and OpenDatabase looks; "" when there is neither XDG_DATA_HOME nor
// HOME.
std::string InstalledDatabasePath();
// The cache's folder; "" = none, by --no-cache or for want of a home.
std::string CacheFolder(const Settings& settings);
unsigned Jobs(const Settings& settings);

// A kUsage error is one of the source's form; what is wrong with the image itself has other codes.
base::Result<model::Inventory> ReadInventory(const Settings& settings, const std::string& source);

// What a user gives beside the image, read before any layer, so that a broken file is told at once:
// --exceptions, --vex, --dockerfile, and the index of images scanned before.
struct Judgement {
  std::vector<policy::Exceptions> exceptions;
  std::vector<policy::VexDocument> vex;
  std::optional<codec::Dockerfile> dockerfile;
  rank::BaseIndex known_images;
  base::Seconds now = 0;
};
base::Result<Judgement> ReadJudgement(const Settings& settings);

// Matches, ranks, lets exceptions and VEX statements close findings, and plans the actions. The
// inventory moves into the report. What a report that is judged again has decided is kept, unless
// --exceptions or --vex take its place.
base::Result<model::Report> MakeReport(model::Inventory inventory,
                                       const advisory::Database& database, const Settings& settings,
                                       const Judgement& judgement,
                                       const model::Report* maybe_recorded = nullptr);

// A policy's file, or a ready policy by its name.
base::Result<policy::Policy> ReadPolicy(const Settings& settings, const std::string& name);
base::Result<std::optional<policy::Agreements>> ReadAgreements(const Settings& settings);

// What --fail-on and --fail-on-gaps make of a report: an ExitCode, and a note that says why.
int ThresholdExit(const Settings& settings, const model::Report& report);

// Adds the image to the index that later scans find their base in; a failure is a note.
void Remember(const Settings& settings, const model::Image& image, base::Seconds now);

}  // namespace scantling::cli
