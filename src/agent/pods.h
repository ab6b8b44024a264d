// Pods of the Kubernetes API (v1) as copies.
// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
//
// Values are borrowed while a function runs. Not handled: Windows' own ids; runtimes that name an
// image by a digest other than sha256 (the copy then has none).
#pragma once

#include "agent/copy.h"
#include "base/result.h"
#include "codec/json.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::agent {

struct PodCopies {
  std::string pod_uid;
  std::string resource_version;
  std::string name_space;
  std::string job;  // the Job that owns the pod, which itself may belong to a CronJob; "" = none
  std::vector<Copy> copies;  // its containers that run
};

// `annotations`: which are kept beside all labels: whole keys, or "*/owner" for any prefix.
PodCopies ReadPod(codec::JsonValue pod, const std::vector<std::string>& annotations);

// One page of a list: calls `take` for each pod. The rest's token, "" at the end.
struct PodPage {
  std::string resource_version;
  std::string next;
};
base::Result<PodPage> ReadPodList(std::string_view json,
                                  const std::vector<std::string>& annotations,
                                  const std::function<bool(PodCopies)>& take);

// A line of a watch.
struct PodEvent {
  enum class Kind : uint8_t { kSeen, kDeleted, kBookmark, kExpired, kError };
  Kind kind = Kind::kError;
  PodCopies pod;
  std::string text;  // of an error
};
// `parser` keeps its buffers from line to line.
base::Result<PodEvent> ReadPodEvent(codec::Json& parser, std::string_view line,
                                    const std::vector<std::string>& annotations);

// The controller of a Job: ("CronJob", name), or ("", "").
base::Result<std::pair<std::string, std::string>> ReadController(std::string_view json);

}  // namespace scantling::agent
