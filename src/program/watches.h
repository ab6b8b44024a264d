// Watched registries: which repositories and tags are looked at, how often, and what became of the
// last look. A registry is watched by a schedule and by what it tells itself (registry_event.h).
//
// Watches are read from the store when they are wanted; they are not part of the fold. The API of
// registries gives no dates, so that "the newest" tags are those with the highest numbers in them;
// tags without a number ("latest", "main") move and always count.
#pragma once

#include "base/result.h"
#include "codec/json_writer.h"
#include "program/types.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

// What became of the last look at a registry.
inline constexpr std::string_view kWatchNever = "never";
inline constexpr std::string_view kWatchOk = "ok";
inline constexpr std::string_view kWatchPartial = "partial";  // something could not be read
inline constexpr std::string_view kWatchFailed = "failed";

struct Watch {
  int64_t id = 0;
  std::string registry;                   // "registry.example.org:5000", "docker.io"
  std::vector<std::string> repositories;  // patterns with * and ?; names without are taken as such
  std::string tags = "*";                 // a pattern
  int64_t newest = 10;                    // tags of each repository; 0 = all
  Millis interval_ms = 3'600'000;
  std::string platform;  // "linux/arm64"; "" = the server's
  std::string
      credentials;        // a file's name in the server's folder of credentials; "" = the server's
  bool insecure = false;  // no TLS, or a certificate that nobody vouches for
  bool enabled = true;
  Millis created = 0;
  std::string hook;  // secret of the address for the registry's own messages; "" = none
  Millis heard = 0;  // the last such message
  std::string state = std::string(kWatchNever);
  std::string detail;    // why
  Millis checked = 0;    // the last look
  Millis succeeded = 0;  // the last that was ok or partial
  Millis next = 0;
  int64_t failures = 0;  // since then
  int64_t seen_repositories = 0;
  int64_t seen_tags = 0;
};

// What people set: a JSON object with registry, repositories, tags, newest, interval_seconds,
// platform, credentials, insecure, enabled. Errors name the member.
base::Result<Watch> ParseWatch(std::string_view json);
// A look that waits for its turn or goes on, and what it found so far.
struct OpenLook {
  bool running = false;
  uint64_t repositories = 0;
  uint64_t tags = 0;
};
// The object of the API: without the secret.
void WriteWatch(codec::JsonWriter& json, const Watch& watch,
                const std::optional<OpenLook>& look = std::nullopt);
std::string WatchJson(const Watch& watch);

base::Result<std::vector<Watch>> ReadWatches(store::Connection& connection);  // by id
base::Result<Watch> ReadWatch(store::Connection& connection, int64_t id);     // kNotFound
// All of it, under an id of its own.
base::Result<int64_t> AddWatch(store::Connection& connection, const Watch& watch);
// What people set, and with it when the next look is (`watch.next`); nothing that a look or a
// message may have written meanwhile. Of two people who change it at once the later one wins.
// kNotFound.
base::Result<void> ChangeWatch(store::Connection& connection, const Watch& watch);
base::Result<void> SetHook(store::Connection& connection, int64_t id, std::string_view secret);
// That its registry has sent a message.
base::Result<void> SetHeard(store::Connection& connection, int64_t id, Millis now);
// What became of a look, and nothing that people set; nothing at all when that has changed since
// `watch` was read. After a failure the next look comes sooner than planned.
struct WatchLook {
  std::string_view state;
  std::string_view detail;
  Millis at = 0;
  int64_t repositories = 0;
  int64_t tags = 0;
};
base::Result<void> StoreLook(store::Connection& connection, const Watch& watch,
                             const WatchLook& look);
base::Result<void> DeleteWatch(store::Connection& connection, int64_t id);

bool IsPattern(std::string_view text);  // it has a * or a ?
bool WatchesRepository(const Watch& watch, std::string_view repository);
// A tag that its pattern fits, and none that only carries a signature or an SBOM of another image.
bool WatchesTag(const Watch& watch, std::string_view tag);
// Those to look at, the most recent first; at most `limit` of those that are wanted.
struct SelectedTags {
  std::vector<std::string> tags;
  size_t wanted = 0;
};
SelectedTags SelectTags(const Watch& watch, const std::vector<std::string>& tags, size_t limit);

// The pause after a look that failed for the `failures`-th time.
Millis PauseAfter(const Watch& watch, int64_t failures);

// The watch that covers that image ("registry/team/shop:1.4", "nginx"), with the repository as the
// registry names it; null when none does, or when the name is none.
const Watch* FindWatch(const std::vector<Watch>& watches, std::string_view name,
                       std::string& repository);

}  // namespace scantling::program
