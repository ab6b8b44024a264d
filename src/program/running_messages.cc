// What reporters send, read: scantling.running/1 (docs/formats/running.md), and the pods of
// `kubectl get pods -A -o json`.
#include "codec/json.h"
#include "program/running.h"
#include "program/text.h"

#include <algorithm>

namespace scantling::program {
namespace {

constexpr size_t kMaxCopies = 200'000;
constexpr size_t kMaxText = 1024;
constexpr size_t kMaxLabels = 256;
constexpr size_t kMaxLabelText = 512;

// Reads members and keeps the first thing that is wrong.
class Source {
 public:
  explicit Source(codec::JsonValue value, std::string place)
      : value_(value), place_(std::move(place)) {}
  const std::string& wrong() const { return wrong_; }

  void Text(std::string_view key, std::string& to) {
    const codec::JsonValue member = value_[key];
    if (member.IsMissing() || member.type() == codec::JsonValue::Type::kNull) {
      return;
    }
    const auto text = member.MaybeText();
    if (!text) {
      Wrong(key, "must be a text");
    } else if (text->size() > kMaxText) {
      Wrong(key, "is longer than 1024 bytes");
    } else {
      to = Storable(*text);
    }
  }
  void Time(std::string_view key, Millis& to) {
    std::string text;
    Text(key, text);
    if (text.empty()) {
      return;
    }
    const auto moment = ParseMillis(text);
    if (!moment) {
      Wrong(key, "is no RFC 3339 time");
      return;
    }
    to = *moment;
  }
  void Wrong(std::string_view key, std::string_view what) {
    if (wrong_.empty()) {
      wrong_ = place_ + std::string(key) + " " + std::string(what);
    }
  }

 private:
  codec::JsonValue value_;
  std::string place_;
  std::string wrong_;
};

void ReadLabels(codec::JsonValue value, SeenCopy& copy) {
  value.ForEachMember([&](std::string_view key, codec::JsonValue text) {
    const auto label = text.MaybeText();
    if (label && key.size() <= kMaxLabelText && label->size() <= kMaxLabelText) {
      copy.labels.emplace_back(Storable(key), Storable(*label));
    }
    return copy.labels.size() < kMaxLabels;
  });
}

void SortLabels(SeenCopy& copy) {
  std::stable_sort(copy.labels.begin(), copy.labels.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  copy.labels.erase(std::unique(copy.labels.begin(), copy.labels.end(),
                                [](const auto& a, const auto& b) { return a.first == b.first; }),
                    copy.labels.end());
}

}  // namespace

base::Result<RunningReport> ParseRunning(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  RunningReport out;
  if (const std::string_view kind = root["kind"].Text(); kind == "List" || kind == "PodList") {
    return base::Invalid(
        "this is a list of Kubernetes' objects: say of which cluster with ?cluster=NAME");
  }
  if (root["schema"].Text() != "scantling.running/1") {
    return base::Invalid("\"schema\" is not \"scantling.running/1\"");
  }
  Source top(root, "");
  std::string type = "changes";
  top.Text("reporter", out.reporter);
  top.Text("kind", out.kind);
  top.Text("cluster", out.cluster);
  top.Text("environment", out.environment);
  top.Text("type", type);
  top.Time("at", out.at);
  if (!root["interval_seconds"].IsMissing()) {
    const int64_t seconds = root["interval_seconds"].Int().value_or(0);
    if (seconds < 1 || seconds > 86'400) {
      return base::Invalid("interval_seconds must be from 1 to 86400");
    }
    out.interval_ms = seconds * 1000;
  }
  if (!top.wrong().empty()) {
    return base::Invalid(top.wrong());
  }
  if (out.reporter.empty()) {
    return base::Invalid("\"reporter\" is missing: the name of who tells this");
  }
  if (out.kind != "host" && out.kind != "kubernetes" && out.kind != "file") {
    return base::Invalid("\"kind\" must be host, kubernetes or file");
  }
  if (type != "snapshot" && type != "changes") {
    return base::Invalid("\"type\" must be snapshot or changes");
  }
  out.snapshot = type == "snapshot";
  std::string wrong;
  root["copies"].ForEach([&](codec::JsonValue value) {
    if (out.copies.size() >= kMaxCopies) {
      wrong = "more than " + std::to_string(kMaxCopies) + " copies in one message";
      return false;
    }
    SeenCopy copy;
    Source in(value, "copies[" + std::to_string(out.copies.size()) + "].");
    in.Text("uid", copy.uid);
    in.Text("digest", copy.digest);
    in.Text("image_id", copy.image_id);
    in.Text("reference", copy.reference);
    in.Text("namespace", copy.name_space);
    in.Text("workload_kind", copy.workload_kind);
    in.Text("workload", copy.workload);
    in.Text("pod", copy.pod);
    in.Text("container", copy.container);
    in.Text("kind", copy.kind);
    in.Text("node", copy.node);
    in.Time("started", copy.started);
    in.Time("at", copy.at);
    ReadLabels(value["labels"], copy);
    SortLabels(copy);
    if (copy.uid.empty()) {
      in.Wrong("uid", "is missing");
    }
    if (copy.container.empty()) {
      copy.container = copy.uid;
    }
    wrong = in.wrong();
    out.copies.push_back(std::move(copy));
    return wrong.empty();
  });
  root["gone"].ForEach([&](codec::JsonValue value) {
    if (!wrong.empty() || out.gone.size() >= kMaxCopies) {
      return false;
    }
    Source in(value, "gone[" + std::to_string(out.gone.size()) + "].");
    std::string uid;
    Millis at = 0;
    in.Text("uid", uid);
    in.Time("at", at);
    if (uid.empty()) {
      in.Wrong("uid", "is missing");
    }
    wrong = in.wrong();
    out.gone.emplace_back(std::move(uid), at);
    return wrong.empty();
  });
  if (!wrong.empty()) {
    return base::Invalid(std::move(wrong));
  }
  return out;
}

base::Result<RunningReport> ParsePodList(std::string_view text, std::string_view cluster,
                                         Millis at) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text));
  const codec::JsonValue items = root["items"];
  if (!items.IsArray()) {
    return base::Invalid(
        "no list of pods: \"items\" is missing; kubectl get pods -A -o json makes one");
  }
  RunningReport out;
  out.reporter = "cluster " + std::string(cluster);
  out.kind = "file";
  out.cluster = cluster;
  out.interval_ms = kMillisPerDay;
  out.at = at;
  out.snapshot = true;
  std::string wrong;
  items.ForEach([&](codec::JsonValue pod) {
    const codec::JsonValue metadata = pod["metadata"];
    const codec::JsonValue status = pod["status"];
    SeenCopy common;
    common.name_space = Storable(metadata["namespace"].Text());
    common.pod = Storable(metadata["name"].Text());
    common.node = Storable(pod["spec"]["nodeName"].Text());
    common.workload_kind = "Pod";
    common.workload = common.pod;
    metadata["ownerReferences"].ForEach([&](codec::JsonValue owner) {
      if (!owner["controller"].Bool().value_or(false)) {
        return true;
      }
      common.workload_kind = Storable(owner["kind"].Text());
      common.workload = Storable(owner["name"].Text());
      // A ReplicaSet of a Deployment is named for it, with the template's hash behind.
      const std::string_view hash = metadata["labels"]["pod-template-hash"].Text();
      if (common.workload_kind == "ReplicaSet" && !hash.empty() &&
          common.workload.ends_with("-" + std::string(hash))) {
        common.workload_kind = "Deployment";
        common.workload.resize(common.workload.size() - hash.size() - 1);
      }
      return false;
    });
    ReadLabels(metadata["labels"], common);
    ReadLabels(metadata["annotations"], common);
    SortLabels(common);
    const auto read = [&](std::string_view member, std::string_view kind) {
      status[member].ForEach([&](codec::JsonValue container) {
        const codec::JsonValue running = container["state"]["running"];
        if (!running.IsObject()) {
          return true;
        }
        SeenCopy copy = common;
        copy.kind = kind;
        copy.container = Storable(container["name"].Text());
        copy.uid = Storable(container["containerID"].Text());
        if (copy.uid.empty()) {
          copy.uid = std::string(metadata["uid"].Text()) + "/" + copy.container;
        }
        copy.reference = Storable(container["image"].Text());
        const std::string_view id = container["imageID"].Text();
        const size_t digest = id.rfind("sha256:");
        if (digest != std::string_view::npos) {
          copy.digest = id.substr(digest);
        }
        Source(running, "").Time("startedAt", copy.started);
        if (out.copies.size() >= kMaxCopies) {
          wrong = "more than " + std::to_string(kMaxCopies) + " running containers";
          return false;
        }
        out.copies.push_back(std::move(copy));
        return true;
      });
    };
    read("containerStatuses", "container");
    read("initContainerStatuses", "init");
    read("ephemeralContainerStatuses", "ephemeral");
    return wrong.empty();
  });
  if (!wrong.empty()) {
    return base::Invalid(std::move(wrong));
  }
  return out;
}

}  // namespace scantling::program
