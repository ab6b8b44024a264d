#include "program/watches.h"

#include "base/strings.h"
#include "codec/json.h"
#include "image/registry/reference.h"
#include "program/owners.h"
#include "program/text.h"
#include "store/jobs.h"

#include <algorithm>
#include <cctype>

namespace scantling::program {
namespace {

constexpr size_t kMaxPatterns = 100;
constexpr size_t kMaxText = 255;
constexpr int64_t kMaxNewest = 1000;
constexpr int64_t kMinSeconds = 10;
constexpr int64_t kMaxSeconds = int64_t{7} * 24 * 3600;
constexpr Millis kFirstPause = 15'000;

constexpr std::string_view kColumns =
    "id, registry, repositories, tags, newest, interval_ms, platform, credentials, insecure, "
    "enabled, created, hook, heard, state, detail, checked, succeeded, next, failures, "
    "seen_repositories, seen_tags";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool Consists(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

// "sha256-<64 hex>", "sha256-<64 hex>.sig": what cosign and the referrers' fallback hang on images.
bool IsAttachment(std::string_view tag) {
  constexpr std::string_view kPrefix = "sha256-";
  if (!tag.starts_with(kPrefix) || tag.size() < kPrefix.size() + 64) {
    return false;
  }
  const std::string_view hex = tag.substr(kPrefix.size(), 64);
  const std::string_view rest = tag.substr(kPrefix.size() + 64);
  return (rest.empty() || rest.front() == '.') && std::all_of(hex.begin(), hex.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'f');
         });
}

// "1.10" is above "1.9": runs of digits are numbers.
bool Above(std::string_view a, std::string_view b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!IsDigit(a[i]) || !IsDigit(b[j])) {
      if (a[i] != b[j]) {
        return a[i] > b[j];
      }
      ++i;
      ++j;
      continue;
    }
    const auto number = [](std::string_view text, size_t& at) {
      const size_t start = at;
      while (at < text.size() && IsDigit(text[at])) {
        ++at;
      }
      std::string_view digits = text.substr(start, at - start);
      digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
      return digits;
    };
    const std::string_view first = number(a, i);
    const std::string_view second = number(b, j);
    if (first != second) {
      return first.size() != second.size() ? first.size() > second.size() : first > second;
    }
  }
  return a.size() - i != b.size() - j ? a.size() - i > b.size() - j : a > b;
}

bool Moves(std::string_view tag) { return std::none_of(tag.begin(), tag.end(), IsDigit); }

std::string PatternsJson(const Watch& watch) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginArray();
  for (const std::string& pattern : watch.repositories) {
    json.Text(pattern);
  }
  json.EndArray();
  return out;
}

base::Result<void> ReadRepositories(codec::JsonValue list, Watch& watch) {
  std::string wrong;
  if (!list.IsArray() || list.Size() == 0 || list.Size() > kMaxPatterns) {
    wrong = "repositories must be a list of 1 to 100 names or patterns";
  }
  list.ForEach([&](codec::JsonValue value) {
    std::string text(value.Text());
    if (text.empty() || text.size() > kMaxText || !Consists(text, "._-/*?") ||
        text != base::Lower(text) || text.starts_with('/') || text.ends_with('/')) {
      wrong = "repositories: \"" + base::ToUtf8(text.substr(0, 100)) +
              "\" is no repository's name or pattern, like team/shop or team/*";
      return false;
    }
    if (watch.registry == "docker.io" && !IsPattern(text) && text.find('/') == std::string::npos) {
      text.insert(0, "library/");
    }
    if (std::find(watch.repositories.begin(), watch.repositories.end(), text) ==
        watch.repositories.end()) {
      watch.repositories.push_back(std::move(text));
    }
    return true;
  });
  return wrong.empty() ? base::Result<void>() : base::Result<void>(base::Invalid(std::move(wrong)));
}

base::Result<void> ReadNumber(codec::JsonValue value, std::string_view name, int64_t least,
                              int64_t most, int64_t& to) {
  if (value.IsMissing()) {
    return {};
  }
  const auto number = value.Int();
  if (!number || *number < least || *number > most) {
    return base::Invalid(std::string(name) + " must be a whole number from " +
                         std::to_string(least) + " to " + std::to_string(most));
  }
  to = *number;
  return {};
}

base::Result<void> ReadFlag(codec::JsonValue value, std::string_view name, bool& to) {
  if (value.IsMissing()) {
    return {};
  }
  const auto flag = value.Bool();
  if (!flag) {
    return base::Invalid(std::string(name) + " must be true or false");
  }
  to = *flag;
  return {};
}

Watch RowOf(const store::Row& row) {
  Watch out;
  out.id = row.Int(0);
  out.registry = row.Text(1);
  codec::Json parser;
  if (const auto root = parser.Parse(row.Text(2))) {
    root->ForEach([&](codec::JsonValue value) {
      out.repositories.emplace_back(value.Text());
      return true;
    });
  }
  out.tags = row.Text(3);
  out.newest = row.Int(4);
  out.interval_ms = row.Int(5);
  out.platform = row.Text(6);
  out.credentials = row.Text(7);
  out.insecure = row.Int(8) != 0;
  out.enabled = row.Int(9) != 0;
  out.created = row.Int(10);
  out.hook = row.Text(11);
  out.heard = row.Int(12);
  out.state = row.Text(13);
  out.detail = row.Text(14);
  out.checked = row.Int(15);
  out.succeeded = row.Int(16);
  out.next = row.Int(17);
  out.failures = row.Int(18);
  out.seen_repositories = row.Int(19);
  out.seen_tags = row.Int(20);
  return out;
}

base::Error NoWatch(int64_t id) {
  return base::NotFound("there is no watched registry " + std::to_string(id));
}

base::Result<void> ExpectOne(base::Result<uint64_t> rows, int64_t id) {
  SCANTLING_TRY(const uint64_t count, std::move(rows));
  return count == 1 ? base::Result<void>() : base::Result<void>(NoWatch(id));
}

}  // namespace

base::Result<Watch> ParseWatch(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 16));
  Watch out;
  out.tags.clear();
  std::string registry;
  SCANTLING_DO(ReadTexts(root, "",
                         {{"registry", &registry},
                          {"tags", &out.tags},
                          {"platform", &out.platform},
                          {"credentials", &out.credentials}},
                         kMaxText,
                         {"repositories", "newest", "interval_seconds", "insecure", "enabled"}));
  const auto host = image::registry::ParseReference(registry + "/a/a");
  if (!host || host->repository != "a/a") {
    return base::Invalid(
        "registry must be a registry's host, like registry.example.org:5000, "
        "localhost:5000, ghcr.io or docker.io");
  }
  out.registry = host->registry;
  SCANTLING_DO(ReadRepositories(root["repositories"], out));
  if (out.tags.empty()) {
    out.tags = "*";
  }
  if (!Consists(out.tags, "._-*?")) {
    return base::Invalid("tags must be a pattern, like * or v1.* or *-release");
  }
  if (!Consists(out.platform, "/_.-") ||
      (!out.platform.empty() && out.platform.find('/') == std::string::npos)) {
    return base::Invalid("platform must be like linux/amd64, or be left out");
  }
  // The name is one of a file in one folder, and never a way out of it.
  if (!Consists(out.credentials, "._-") || out.credentials.starts_with('.')) {
    return base::Invalid(
        "credentials must be the name of a file in the server's folder of credentials, of letters, "
        "digits, dots, - and _");
  }
  int64_t seconds = out.interval_ms / 1000;
  SCANTLING_DO(ReadNumber(root["newest"], "newest", 0, kMaxNewest, out.newest));
  SCANTLING_DO(
      ReadNumber(root["interval_seconds"], "interval_seconds", kMinSeconds, kMaxSeconds, seconds));
  out.interval_ms = seconds * 1000;
  SCANTLING_DO(ReadFlag(root["insecure"], "insecure", out.insecure));
  SCANTLING_DO(ReadFlag(root["enabled"], "enabled", out.enabled));
  return out;
}

void WriteWatch(codec::JsonWriter& json, const Watch& watch, const std::optional<OpenLook>& look) {
  const auto time = [&](std::string_view key, Millis at) {
    json.Key(key);
    at == 0 ? json.Null() : json.Text(FormatMillis(at));
  };
  json.BeginObject();
  json.Int("id", watch.id);
  json.Text("registry", watch.registry);
  json.Texts("repositories", watch.repositories);
  json.Text("tags", watch.tags);
  json.Int("newest", watch.newest);
  json.Int("interval_seconds", watch.interval_ms / 1000);
  json.Text("platform", watch.platform);
  json.Text("credentials", watch.credentials);
  json.Bool("insecure", watch.insecure);
  json.Bool("enabled", watch.enabled);
  json.Bool("hook", !watch.hook.empty());
  time("created", watch.created);
  time("heard", watch.heard);
  json.Text("state", watch.state);
  json.Text("detail", watch.detail);
  time("checked", watch.checked);
  time("succeeded", watch.succeeded);
  time("next", watch.enabled ? watch.next : 0);
  json.Int("failures", watch.failures);
  json.Int("seen_repositories", watch.seen_repositories);
  json.Int("seen_tags", watch.seen_tags);
  if (look) {
    json.Key("look");
    json.BeginObject();
    json.Text("state", look->running ? "running" : "queued");
    json.Uint("repositories", look->repositories);
    json.Uint("tags", look->tags);
    json.EndObject();
  }
  json.EndObject();
}

std::string WatchJson(const Watch& watch) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  WriteWatch(json, watch);
  return out;
}

base::Result<std::vector<Watch>> ReadWatches(store::Connection& connection) {
  std::vector<Watch> out;
  SCANTLING_DO(connection.Query("SELECT " + std::string(kColumns) + " FROM watches ORDER BY id", {},
                                [&](const store::Row& row) -> base::Result<void> {
                                  out.push_back(RowOf(row));
                                  return {};
                                }));
  return out;
}

base::Result<Watch> ReadWatch(store::Connection& connection, int64_t id) {
  Watch out;
  const store::Value value = id;
  SCANTLING_DO(connection.Query("SELECT " + std::string(kColumns) + " FROM watches WHERE id = $1",
                                {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
                                  out = RowOf(row);
                                  return {};
                                }));
  if (out.id == 0) {
    return NoWatch(id);
  }
  return out;
}

base::Result<int64_t> AddWatch(store::Connection& connection, const Watch& watch) {
  SCANTLING_TRY(const int64_t id, connection.NextIds("watch"));
  const std::string patterns = PatternsJson(watch);
  const std::string detail = Storable(watch.detail);
  const store::Value values[] = {id,
                                 std::string_view(watch.registry),
                                 std::string_view(patterns),
                                 std::string_view(watch.tags),
                                 watch.newest,
                                 watch.interval_ms,
                                 std::string_view(watch.platform),
                                 std::string_view(watch.credentials),
                                 int64_t{watch.insecure},
                                 int64_t{watch.enabled},
                                 watch.created,
                                 std::string_view(watch.hook),
                                 watch.heard,
                                 std::string_view(watch.state),
                                 std::string_view(detail),
                                 watch.checked,
                                 watch.succeeded,
                                 watch.next,
                                 watch.failures,
                                 watch.seen_repositories,
                                 watch.seen_tags};
  SCANTLING_DO(connection.Execute(
      "INSERT INTO watches (" + std::string(kColumns) +
          ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
          "$18, $19, $20, $21)",
      values));
  return id;
}

base::Result<void> ChangeWatch(store::Connection& connection, const Watch& watch) {
  const std::string patterns = PatternsJson(watch);
  const store::Value values[] = {watch.id,
                                 std::string_view(watch.registry),
                                 std::string_view(patterns),
                                 std::string_view(watch.tags),
                                 watch.newest,
                                 watch.interval_ms,
                                 std::string_view(watch.platform),
                                 std::string_view(watch.credentials),
                                 int64_t{watch.insecure},
                                 int64_t{watch.enabled},
                                 watch.next};
  return ExpectOne(
      connection.Execute("UPDATE watches SET registry = $2, repositories = $3, tags = $4, "
                         "newest = $5, interval_ms = $6, platform = $7, credentials = $8, "
                         "insecure = $9, enabled = $10, next = $11, failures = 0 WHERE id = $1",
                         values),
      watch.id);
}

base::Result<void> SetHook(store::Connection& connection, int64_t id, std::string_view secret) {
  const store::Value values[] = {id, secret};
  return ExpectOne(connection.Execute("UPDATE watches SET hook = $2 WHERE id = $1", values), id);
}

base::Result<void> SetHeard(store::Connection& connection, int64_t id, Millis now) {
  const store::Value values[] = {id, now};
  return ExpectOne(connection.Execute("UPDATE watches SET heard = $2 WHERE id = $1", values), id);
}

base::Result<void> StoreLook(store::Connection& connection, const Watch& watch,
                             const WatchLook& look) {
  const std::string detail = Storable(look.detail);
  const std::string patterns = PatternsJson(watch);
  std::vector<store::Value> values = {watch.id,
                                      std::string_view(watch.registry),
                                      std::string_view(patterns),
                                      std::string_view(watch.tags),
                                      watch.newest,
                                      std::string_view(watch.platform),
                                      std::string_view(watch.credentials),
                                      int64_t{watch.insecure},
                                      look.state,
                                      std::string_view(detail),
                                      look.at};
  const std::string same =
      " WHERE id = $1 AND registry = $2 AND repositories = $3 AND tags = $4 AND newest = $5 AND "
      "platform = $6 AND credentials = $7 AND insecure = $8";
  const std::string set = "UPDATE watches SET state = $9, detail = $10, checked = $11, ";
  if (look.state == kWatchFailed) {
    values.emplace_back(look.at + PauseAfter(watch, watch.failures + 1));
    SCANTLING_DO(connection.Execute(
        set + "failures = failures + 1, next = CASE WHEN next < $12 THEN next ELSE $12 END" + same,
        values));
    return {};
  }
  values.emplace_back(look.repositories);
  values.emplace_back(look.tags);
  SCANTLING_DO(connection.Execute(
      set + "succeeded = $11, failures = 0, seen_repositories = $12, seen_tags = $13" + same,
      values));
  return {};
}

base::Result<void> DeleteWatch(store::Connection& connection, int64_t id) {
  const store::Value value = id;
  return ExpectOne(connection.Execute("DELETE FROM watches WHERE id = $1", {&value, 1}), id);
}

bool IsPattern(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

bool WatchesRepository(const Watch& watch, std::string_view repository) {
  return std::any_of(watch.repositories.begin(), watch.repositories.end(),
                     [&](const std::string& pattern) { return GlobMatches(pattern, repository); });
}

bool WatchesTag(const Watch& watch, std::string_view tag) {
  return !tag.empty() && tag.size() <= 128 && Consists(tag, "._-") && !IsAttachment(tag) &&
         GlobMatches(watch.tags, tag);
}

SelectedTags SelectTags(const Watch& watch, const std::vector<std::string>& tags, size_t limit) {
  SelectedTags out;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(out.tags),
               [&](const std::string& tag) { return WatchesTag(watch, tag); });
  std::sort(out.tags.begin(), out.tags.end(), [](const std::string& a, const std::string& b) {
    return Moves(a) != Moves(b) ? Moves(a) : Above(a, b);
  });
  out.tags.erase(std::unique(out.tags.begin(), out.tags.end()), out.tags.end());
  out.wanted = out.tags.size();
  if (watch.newest > 0) {
    const auto moving = std::count_if(out.tags.begin(), out.tags.end(), Moves);
    out.wanted = std::min(out.wanted, static_cast<size_t>(moving + watch.newest));
  }
  out.tags.resize(std::min(out.wanted, limit));
  return out;
}

Millis PauseAfter(const Watch& watch, int64_t failures) {
  return store::RetryPause(failures, kFirstPause, watch.interval_ms);
}

const Watch* FindWatch(const std::vector<Watch>& watches, std::string_view name,
                       std::string& repository) {
  const auto reference = image::registry::ParseReference(name);
  if (!reference) {
    return nullptr;
  }
  const auto found = std::find_if(watches.begin(), watches.end(), [&](const Watch& watch) {
    return watch.enabled && watch.registry == reference->registry &&
           WatchesRepository(watch, reference->repository);
  });
  if (found == watches.end()) {
    return nullptr;
  }
  repository = reference->repository;
  return &*found;
}

}  // namespace scantling::program
