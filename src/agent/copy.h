// What is told: copies (containers that run) of one reporter, whole or what changed.
// docs/formats/running.md has the JSON, scantling.running/1. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::agent {

using Millis = int64_t;  // since 1970-01-01T00:00:00Z

struct Copy {
  std::string uid;        // unique at its reporter: the container's id
  std::string digest;     // of the image's manifest, else of its configuration; "" when unknown
  std::string image_id;   // of the image's configuration, when `digest` is another; "" else
  std::string reference;  // as the runtime names it
  std::string name_space;
  std::string workload_kind;  // "container", "compose", "Deployment"
  std::string workload;
  std::string pod;
  std::string container;
  std::string kind = "container";  // "init", "ephemeral"
  std::string node;
  std::vector<std::pair<std::string, std::string>> labels;  // sorted by key, each key once
  Millis started = 0;                                       // 0 = unknown
  bool operator==(const Copy&) const = default;
};

struct Reporter {
  std::string name;  // "host web-1", "cluster prod"
  std::string kind;  // "host", "kubernetes", "file"
  std::string cluster;
  std::string environment;
  int64_t interval_seconds = 60;  // it reports at least so often
};

// Sorts by key; of several with one key the first stays.
void SortLabels(Copy& copy);
// The "sha256:<hex>" that `text` ends with ("docker-pullable://name@sha256:..."); "" without one.
std::string DigestIn(std::string_view text);
// RFC 3339 with fractions, as container runtimes and Kubernetes write it; 0 for anything else and
// for their "never" (0001-01-01T00:00:00Z).
Millis ParseMillis(std::string_view text);
std::string FormatMillis(Millis time);  // "2026-11-24T18:15:15.042Z"

}  // namespace scantling::agent
