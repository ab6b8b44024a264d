// scantling server demo: a company that does not exist, made anew at each start
// (program/demo/company.h), and served. Its folder is the demo's own; one that holds anything else
// is refused.
#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/serving.h"
#include "cli/terminal.h"
#include "program/demo/advisories.h"
#include "program/demo/company.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/file.h>
#include <system_error>

namespace scantling::cli {
namespace {

constexpr std::string_view kMark = "demo";  // the file that says whose the folder is

base::Result<std::string> DemoFolder(const Settings& settings) {
  if (!settings.data.empty()) {
    return settings.data;
  }
  const std::string installed = InstalledDatabasePath();
  if (installed.empty()) {
    return base::Error(base::ErrorCode::kUsage,
                       "there is neither HOME nor XDG_DATA_HOME; say where to keep the "
                       "demonstration with --data DIR");
  }
  return installed.substr(0, installed.rfind('/')) + "/demo";
}

// The folder, empty but for its mark, which stays locked as long as the result lives.
base::Result<base::Fd> TakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string mark = folder + "/" + std::string(kMark);
  const bool ours = std::filesystem::exists(mark, error);
  if (!ours && !std::filesystem::is_empty(folder, error)) {
    return base::Error(base::ErrorCode::kUsage,
                       folder +
                           " holds something that is no demonstration; it is left alone. Give "
                           "an empty folder with --data DIR");
  }
  base::Fd lock(::open(mark.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.valid()) {
    return base::Error(base::ErrorCode::kIo, mark + ": " + std::strerror(errno));
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::Error(base::ErrorCode::kUsage,
                       "another demonstration runs in " + folder + "; give another --data DIR");
  }
  for (const std::string_view name :
       {"program.db", "program.db-wal", "program.db-shm", "advisories.db"}) {
    std::filesystem::remove(folder + "/" + std::string(name), error);
  }
  return lock;
}

struct Made {
  server::ProgramOptions options;
  std::string folder;
  base::Fd lock;
};

base::Result<Made> MakeDemo(const Settings& settings) {
  Made out;
  if (!settings.database.empty()) {
    return base::Error(base::ErrorCode::kUsage,
                       "a demonstration lives in a folder of its own (--data DIR), not in a "
                       "--database");
  }
  SCANTLING_TRY(out.folder, DemoFolder(settings));
  SCANTLING_TRY(out.options, OptionsOf(settings, true));
  SCANTLING_TRY(out.lock, TakeFolder(out.folder));
  const program::Millis end = NowMillis();
  out.options.demo = true;
  out.options.store = {};
  out.options.store.database = "sqlite:" + out.folder + "/program.db";
  out.options.advisories = settings.db;
  if (settings.db.empty()) {
    out.options.advisories = out.folder + "/advisories.db";
    SCANTLING_TRY(const std::string bytes, program::demo::MakeAdvisories(end, 0));
    SCANTLING_DO(base::WriteFileByRename(out.options.advisories, base::AsBytes(bytes)));
  }
  std::shared_ptr<const advisory::Database> own;
  if (!settings.db.empty()) {
    SCANTLING_TRY(advisory::Database opened, advisory::Database::Open(settings.db));
    own = std::make_shared<const advisory::Database>(std::move(opened));
  }
  Note(settings, "making a company of " + std::to_string(program::demo::kImages) + " images and " +
                     std::to_string(program::demo::kCopies) + " running copies, with its last " +
                     std::to_string(program::demo::kDays) + " days, in " + out.folder);
  SCANTLING_TRY(const auto store, store::Store::Open(out.options.store));
  SCANTLING_DO(program::demo::FillCompany(*store, end, std::move(own)));
  return out;
}

}  // namespace

int RunServerDemo(const Invocation& invocation) {
  auto made = MakeDemo(invocation.settings);
  if (!made) {
    return Fail(made.error());
  }
  return Serve(invocation.settings, std::move(made->options),
               "scantling sign-in --data " + made->folder);
}

}  // namespace scantling::cli
