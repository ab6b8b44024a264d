// See docker.h.
#include "agent/docker.h"

#include "agent/message.h"
#include "codec/json.h"

#include <algorithm>

namespace scantling::agent {
namespace {

std::string_view Label(const Copy& copy, std::string_view key) {
  for (const auto& [name, value] : copy.labels) {
    if (name == key) {
      return value;
    }
  }
  return {};
}

// "docker.io/library/nginx:1.25" -> "docker.io/library/nginx", without a digest either.
std::string_view Repository(std::string_view reference) {
  reference = reference.substr(0, reference.find('@'));
  const size_t colon = reference.rfind(':');
  if (colon != std::string_view::npos && reference.find('/', colon) == std::string_view::npos) {
    reference = reference.substr(0, colon);
  }
  return reference;
}

// Docker leaves out what podman writes.
std::string_view ShortRepository(std::string_view reference) {
  std::string_view out = Repository(reference);
  for (const std::string_view prefix : {"docker.io/", "library/"}) {
    if (out.starts_with(prefix)) {
      out.remove_prefix(prefix.size());
    }
  }
  return out;
}

}  // namespace

void NameWorkload(Copy& copy) {
  struct Known {
    std::string_view kind;
    std::string_view first;
    std::string_view second;  // joined with a slash
  };
  static constexpr Known kKnown[] = {
      {"compose", "com.docker.compose.project", "com.docker.compose.service"},
      {"compose", "io.podman.compose.project", "io.podman.compose.service"},
      {"swarm service", "com.docker.swarm.service.name", ""},
      {"systemd unit", "PODMAN_SYSTEMD_UNIT", ""},
      {"Pod", "io.kubernetes.pod.name", ""},
  };
  for (const Known& known : kKnown) {
    const std::string_view first = Label(copy, known.first);
    if (first.empty()) {
      continue;
    }
    copy.workload_kind = known.kind;
    copy.workload = first;
    if (const std::string_view second = Label(copy, known.second); !second.empty()) {
      copy.workload += "/" + std::string(second);
    }
    return;
  }
  copy.workload_kind = "container";
  copy.workload = copy.container;
}

base::Result<std::vector<std::string>> ParseContainerIds(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  if (!root.IsArray()) {
    return base::Invalid("the list of containers is no list");
  }
  std::vector<std::string> out;
  root.ForEach([&out](codec::JsonValue value) {
    if (const std::string_view id = value["Id"].Text(); !id.empty()) {
      out.emplace_back(id);
    }
    return out.size() < kMaxMessageCopies;
  });
  return out;
}

base::Result<std::optional<Copy>> ParseContainer(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  Copy copy;
  copy.uid = root["Id"].Text();
  if (copy.uid.empty()) {
    return base::Invalid("a container without an id");
  }
  const codec::JsonValue state = root["State"];
  if (!state["Running"].Bool().value_or(false) && !state["Paused"].Bool().value_or(false)) {
    return std::optional<Copy>();
  }
  const codec::JsonValue config = root["Config"];
  copy.container = root["Name"].Text();
  if (copy.container.starts_with('/')) {
    copy.container.erase(0, 1);
  }
  copy.reference = config["Image"].Text();
  copy.image_id = DigestIn(root["Image"].Text());
  if (copy.image_id.empty()) {  // podman's own API writes the bare hex
    copy.image_id = DigestIn("sha256:" + std::string(root["Image"].Text()));
  }
  copy.started = ParseMillis(state["StartedAt"].Text());
  config["Labels"].ForEachMember([&copy](std::string_view key, codec::JsonValue value) {
    if (const auto label = value.MaybeText()) {
      copy.labels.emplace_back(key, *label);
    }
    return copy.labels.size() < 1024;
  });
  SortLabels(copy);
  NameWorkload(copy);
  copy.name_space = Label(copy, "io.kubernetes.pod.namespace");
  copy.pod = Label(copy, "io.kubernetes.pod.name");
  return std::optional<Copy>(std::move(copy));
}

base::Result<std::string> ParseImageDigest(std::string_view text, std::string_view reference) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  // A reference with a digest names what was asked for, which may be an index: both are known to
  // the registry, and the manifest's is the one below.
  std::string any;
  std::string own;
  root["RepoDigests"].ForEach([&](codec::JsonValue value) {
    const std::string_view name = value.Text();
    const std::string digest = DigestIn(name);
    if (!digest.empty()) {
      if (own.empty() && ShortRepository(name) == ShortRepository(reference)) {
        own = digest;
      }
      if (any.empty()) {
        any = digest;
      }
    }
    return true;
  });
  if (!own.empty()) {
    return own;
  }
  if (!any.empty()) {
    return any;
  }
  return DigestIn(root["Descriptor"]["digest"].Text());  // Docker with containerd's image store
}

base::Result<ContainerEvent> ParseContainerEvent(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  ContainerEvent out;
  const codec::JsonValue type = root["Type"];
  if (!root.IsObject() || (!type.IsMissing() && type.Text() != "container")) {
    return out;
  }
  out.id = root["Actor"]["ID"].Text();
  if (out.id.empty()) {
    out.id = root["id"].Text();
  }
  std::string_view action = root["Action"].Text();
  if (action.empty()) {
    action = root["status"].Text();
  }
  if (action == "start" || action == "restart" || action == "unpause" || action == "rename") {
    out.kind = ContainerEvent::Kind::kStarted;
  } else if (action == "die" || action == "died" || action == "destroy" || action == "remove") {
    out.kind = ContainerEvent::Kind::kEnded;
  }
  if (const auto nanos = root["timeNano"].Int(); nanos && *nanos > 0) {
    out.at = *nanos / 1'000'000;
  } else if (const auto seconds = root["time"].Int();
             seconds && *seconds > 0 && *seconds < 253'402'300'800) {
    out.at = *seconds * 1000;
  }
  if (out.id.empty()) {
    out.kind = ContainerEvent::Kind::kOther;
  }
  return out;
}

}  // namespace scantling::agent
