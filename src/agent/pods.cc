// See pods.h.
#include "agent/pods.h"

#include "agent/message.h"

namespace scantling::agent {
namespace {

constexpr size_t kMaxLabels = 1024;
constexpr int64_t kGone = 410;

bool Wanted(std::string_view key, const std::vector<std::string>& annotations) {
  const size_t slash = key.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? key : key.substr(slash + 1);
  for (const std::string_view wanted : annotations) {
    if (wanted == key || (wanted.starts_with("*/") && wanted.substr(2) == name)) {
      return true;
    }
  }
  return false;
}

void ReadOwner(codec::JsonValue metadata, PodCopies& out, Copy& common) {
  common.workload_kind = "Pod";
  common.workload = common.pod;
  metadata["ownerReferences"].ForEach([&](codec::JsonValue owner) {
    if (!owner["controller"].Bool().value_or(false)) {
      return true;
    }
    common.workload_kind = owner["kind"].Text();
    common.workload = owner["name"].Text();
    // A ReplicaSet of a Deployment is named for it, with the template's hash behind.
    const std::string_view hash = metadata["labels"]["pod-template-hash"].Text();
    if (common.workload_kind == "ReplicaSet" && !hash.empty() &&
        common.workload.ends_with("-" + std::string(hash))) {
      common.workload_kind = "Deployment";
      common.workload.resize(common.workload.size() - hash.size() - 1);
    } else if (common.workload_kind == "Job") {
      out.job = common.workload;
    }
    return false;
  });
}

void ReadContainers(codec::JsonValue statuses, std::string_view kind, const Copy& common,
                    PodCopies& out) {
  statuses.ForEach([&](codec::JsonValue container) {
    const codec::JsonValue running = container["state"]["running"];
    if (!running.IsObject()) {
      return true;
    }
    Copy copy = common;
    copy.kind = kind;
    copy.container = container["name"].Text();
    copy.uid = container["containerID"].Text();
    if (copy.uid.empty()) {
      copy.uid = out.pod_uid + "/" + copy.container;
    }
    copy.reference = container["image"].Text();
    copy.digest = DigestIn(container["imageID"].Text());
    copy.started = ParseMillis(running["startedAt"].Text());
    out.copies.push_back(std::move(copy));
    return out.copies.size() < kMaxMessageCopies;
  });
}

}  // namespace

PodCopies ReadPod(codec::JsonValue pod, const std::vector<std::string>& annotations) {
  PodCopies out;
  const codec::JsonValue metadata = pod["metadata"];
  const codec::JsonValue status = pod["status"];
  out.pod_uid = metadata["uid"].Text();
  out.resource_version = metadata["resourceVersion"].Text();
  out.name_space = metadata["namespace"].Text();
  Copy common;
  common.name_space = out.name_space;
  common.pod = metadata["name"].Text();
  common.node = pod["spec"]["nodeName"].Text();
  ReadOwner(metadata, out, common);
  metadata["labels"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
    if (const auto text = value.MaybeText()) {
      common.labels.emplace_back(key, *text);
    }
    return common.labels.size() < kMaxLabels;
  });
  metadata["annotations"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
    if (const auto text = value.MaybeText(); text && Wanted(key, annotations)) {
      common.labels.emplace_back(key, *text);
    }
    return common.labels.size() < 2 * kMaxLabels;
  });
  SortLabels(common);
  ReadContainers(status["containerStatuses"], "container", common, out);
  ReadContainers(status["initContainerStatuses"], "init", common, out);
  ReadContainers(status["ephemeralContainerStatuses"], "ephemeral", common, out);
  return out;
}

base::Result<PodPage> ReadPodList(std::string_view text,
                                  const std::vector<std::string>& annotations,
                                  const std::function<bool(PodCopies)>& take) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  const codec::JsonValue items = root["items"];
  if (!root.IsObject() || (!items.IsArray() && root["kind"].Text() != "PodList")) {
    return base::Invalid(
        "no list of pods: \"items\" is missing; kubectl get pods -A -o json makes one");
  }
  bool other = false;
  items.ForEach([&](codec::JsonValue pod) {
    const std::string_view kind = pod["kind"].Text();
    other = other || (!kind.empty() && kind != "Pod");
    return other || take(ReadPod(pod, annotations));
  });
  if (other) {
    return base::Invalid("the list holds something else than pods");
  }
  PodPage out;
  out.resource_version = root["metadata"]["resourceVersion"].Text();
  out.next = root["metadata"]["continue"].Text();
  return out;
}

base::Result<PodEvent> ReadPodEvent(codec::Json& parser, std::string_view line,
                                    const std::vector<std::string>& annotations) {
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(line));
  PodEvent out;
  const std::string_view type = root["type"].Text();
  const codec::JsonValue object = root["object"];
  if (type == "ADDED" || type == "MODIFIED" || type == "DELETED") {
    out.kind = type == "DELETED" ? PodEvent::Kind::kDeleted : PodEvent::Kind::kSeen;
    out.pod = ReadPod(object, annotations);
  } else if (type == "BOOKMARK") {
    out.kind = PodEvent::Kind::kBookmark;
    out.pod.resource_version = object["metadata"]["resourceVersion"].Text();
  } else if (type == "ERROR") {
    out.kind = object["code"].Int() == kGone ? PodEvent::Kind::kExpired : PodEvent::Kind::kError;
    out.text = object["message"].Text();
  } else {
    return base::Invalid("a line of the watch is none of the Kubernetes API's");
  }
  return out;
}

base::Result<std::pair<std::string, std::string>> ReadController(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  std::pair<std::string, std::string> out;
  root["metadata"]["ownerReferences"].ForEach([&](codec::JsonValue owner) {
    if (!owner["controller"].Bool().value_or(false)) {
      return true;
    }
    out = {std::string(owner["kind"].Text()), std::string(owner["name"].Text())};
    return false;
  });
  return out;
}

}  // namespace scantling::agent
