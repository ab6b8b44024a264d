// The path of the data, wired together: source -> inventory -> findings -> actions -> report. scan,
// inventory and explain share it.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "cli/settings.h"
#include "model/report.h"

#include <string>
#include <utility>

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

// Matches and ranks. The inventory moves into the report.
base::Result<model::Report> MakeReport(model::Inventory inventory,
                                       const advisory::Database& database,
                                       const Settings& settings);

}  // namespace scantling::cli
