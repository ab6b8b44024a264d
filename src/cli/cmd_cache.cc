// scantling cache info, prune: what was kept of layers that were read before.
#include "catalog/scan.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "report/text.h"

#include <limits>

namespace scantling::cli {
namespace {

int Prune(const Settings& settings, uint64_t max_bytes) {
  const std::string folder = CacheFolder(settings);
  if (folder.empty()) {
    return Fail(kUsageError,
                "there is no cache: neither HOME nor XDG_CACHE_HOME is set; name one with "
                "--cache-dir DIR");
  }
  const auto stats = catalog::PruneCache(folder, max_bytes);
  if (!stats) {
    return Fail(stats.error());
  }
  return Print(report::Clean(folder) + ": " + report::Count(stats->files, "layer") + ", " +
               std::to_string((stats->bytes + 999) / 1000) + " kB\n");
}

}  // namespace

int RunCacheInfo(const Invocation& invocation) {
  return Prune(invocation.settings, std::numeric_limits<uint64_t>::max());
}

int RunCachePrune(const Invocation& invocation) {
  return Prune(invocation.settings, invocation.settings.all ? 0 : invocation.settings.cache_bytes);
}

}  // namespace scantling::cli
