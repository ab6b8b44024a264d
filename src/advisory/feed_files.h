// Where a feed's files come from: NAME.tar.zst, NAME.tar.gz, NAME.tar.xz, NAME.tar or the unpacked
// folder NAME/ below the feeds folder, in this order. The only file access of this room beside the
// database file itself.
#pragma once

#include "base/limits.h"
#include "base/result.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::advisory {

struct FeedVisitor {
  std::function<bool(std::string_view path)> wants;
  std::function<void(std::string_view path, std::string_view bytes)> read;
  std::function<void(std::string_view path, std::string why)> skipped;  // too big, not readable
};

// False: there is no such feed. An archive that breaks off or a folder that cannot be listed is an
// error: half a feed would look like a clean bill of health for what the other half says. Paths are
// relative to the archive's or folder's root.
base::Result<bool> VisitFeed(const std::string& feeds_folder, std::string_view archive,
                             const base::Limits& limits, const FeedVisitor& visitor);

// Names of what lies in the feeds folder and looks like a feed: archives and folders, endings
// removed, sorted.
base::Result<std::vector<std::string>> ListFeeds(const std::string& feeds_folder);

}  // namespace scantling::advisory
