#include "agent/pods.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::agent {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

const std::string kPod = R"({"metadata": {"name": "web-6d4cf56db6-abcde", "namespace": "shop",
  "uid": "pod-1", "resourceVersion": "42",
  "labels": {"app": "web", "pod-template-hash": "6d4cf56db6"},
  "annotations": {"example.org/owner": "team-a", "kubectl.kubernetes.io/last-applied": "long"},
  "ownerReferences": [{"kind": "Node", "name": "x"},
    {"kind": "ReplicaSet", "name": "web-6d4cf56db6", "controller": true}]},
 "spec": {"nodeName": "node-1"},
 "status": {"containerStatuses": [
   {"name": "web", "image": "registry.example.org/web:1",
    "imageID": "registry.example.org/web@sha256:1111111111111111111111111111111111111111111111111111111111111111",
    "containerID": "containerd://c1", "state": {"running": {"startedAt": "2026-11-24T18:00:00Z"}}},
   {"name": "old", "containerID": "containerd://c0", "state": {"terminated": {}}},
   {"name": "pulling", "state": {"waiting": {}}}],
  "initContainerStatuses": [{"name": "sidecar", "imageID": "sha512:abc",
    "state": {"running": {}}}],
  "ephemeralContainerStatuses": [{"name": "debug", "containerID": "containerd://c2",
    "state": {"running": {"startedAt": "2026-11-24T18:10:00Z"}}}]}})";

PodCopies Read(const std::string& text, const std::vector<std::string>& annotations = {}) {
  codec::Json parser;
  const auto root = parser.Parse(text);
  EXPECT_TRUE(root);
  return root ? ReadPod(*root, annotations) : PodCopies();
}

TEST(Pods, ContainersThatRunAreCopies) {
  const PodCopies pod = Read(kPod, {"*/owner"});
  EXPECT_EQ(pod.pod_uid, "pod-1");
  EXPECT_EQ(pod.resource_version, "42");
  ASSERT_EQ(pod.copies.size(), 3);
  const Copy& web = pod.copies[0];
  EXPECT_EQ(web.uid, "containerd://c1");
  EXPECT_EQ(web.digest, "sha256:" + std::string(64, '1'));
  EXPECT_EQ(web.reference, "registry.example.org/web:1");
  EXPECT_EQ(web.name_space, "shop");
  EXPECT_EQ(web.pod, "web-6d4cf56db6-abcde");
  EXPECT_EQ(web.node, "node-1");
  EXPECT_EQ(web.workload_kind, "Deployment");
  EXPECT_EQ(web.workload, "web");
  EXPECT_EQ(FormatMillis(web.started), "2026-11-24T18:00:00.000Z");
  EXPECT_THAT(web.labels, Contains(Pair("app", "web")));
  EXPECT_THAT(web.labels, Contains(Pair("example.org/owner", "team-a")));
  EXPECT_THAT(web.labels, Not(Contains(Key("kubectl.kubernetes.io/last-applied"))));
  EXPECT_EQ(pod.copies[1].kind, "init");
  EXPECT_EQ(pod.copies[1].uid, "pod-1/sidecar");  // no id of its own
  EXPECT_EQ(pod.copies[1].digest, "");
  EXPECT_EQ(pod.copies[2].kind, "ephemeral");
}

TEST(Pods, Owners) {
  struct Case {
    std::string references;
    std::string labels;
    std::string kind;
    std::string name;
    std::string job;
  };
  const auto controller = [](const std::string& kind, const std::string& name) {
    return R"([{"kind":")" + kind + R"(","name":")" + name + R"(","controller":true}])";
  };
  for (const Case& one :
       std::vector<Case>{{"[]", "{}", "Pod", "p", ""},
                         {controller("StatefulSet", "db"), "{}", "StatefulSet", "db", ""},
                         {controller("ReplicaSet", "web-77"), R"({"pod-template-hash":"77"})",
                          "Deployment", "web", ""},
                         {controller("ReplicaSet", "alone"), "{}", "ReplicaSet", "alone", ""},
                         {controller("Job", "report-1"), "{}", "Job", "report-1", "report-1"},
                         {R"([{"kind":"Job","name":"j"}])", "{}", "Pod", "p", ""}}) {
    const PodCopies pod =
        Read(R"({"metadata":{"name":"p","labels":)" + one.labels + R"(,"ownerReferences":)" +
             one.references +
             R"(},"status":{"containerStatuses":[{"name":"c","state":{"running":{}}}]}})");
    ASSERT_EQ(pod.copies.size(), 1);
    EXPECT_EQ(pod.copies[0].workload_kind, one.kind);
    EXPECT_EQ(pod.copies[0].workload, one.name);
    EXPECT_EQ(pod.job, one.job);
  }
}

TEST(Pods, PagesOfAList) {
  size_t count = 0;
  const auto page = ReadPodList(R"({"kind":"PodList","metadata":{"resourceVersion":"9",)"
                                R"("continue":"more"},"items":[)" +
                                    kPod + "," + kPod + "]}",
                                {}, [&](const PodCopies&) {
                                  ++count;
                                  return true;
                                });
  ASSERT_TRUE(page) << page.error().Message();
  EXPECT_EQ(count, 2);
  EXPECT_EQ(page->resource_version, "9");
  EXPECT_EQ(page->next, "more");
  const auto take = [](const PodCopies&) { return true; };
  EXPECT_TRUE(ReadPodList(R"({"kind":"PodList","items":null})", {}, take));  // no pods
  EXPECT_FALSE(ReadPodList(R"({"kind":"Pod"})", {}, take));
  EXPECT_FALSE(ReadPodList(R"({"kind":"List","items":[{"kind":"Service"}]})", {}, take));
  EXPECT_FALSE(ReadPodList("[]", {}, take));
}

TEST(Pods, LinesOfAWatch) {
  codec::Json parser;
  const auto kind = [&](const std::string& line) {
    const auto event = ReadPodEvent(parser, line, {});
    EXPECT_TRUE(event) << line;
    return event ? event->kind : PodEvent::Kind::kError;
  };
  EXPECT_EQ(kind(R"({"type":"ADDED","object":)" + kPod + "}"), PodEvent::Kind::kSeen);
  EXPECT_EQ(kind(R"({"type":"MODIFIED","object":)" + kPod + "}"), PodEvent::Kind::kSeen);
  EXPECT_EQ(kind(R"({"type":"DELETED","object":)" + kPod + "}"), PodEvent::Kind::kDeleted);
  EXPECT_EQ(kind(R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})"),
            PodEvent::Kind::kExpired);
  EXPECT_EQ(kind(R"({"type":"ERROR","object":{"code":500}})"), PodEvent::Kind::kError);
  const auto bookmark = ReadPodEvent(
      parser, R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"77"}}})", {});
  EXPECT_EQ(bookmark->kind, PodEvent::Kind::kBookmark);
  EXPECT_EQ(bookmark->pod.resource_version, "77");
  EXPECT_FALSE(ReadPodEvent(parser, R"({"type":"OTHER"})", {}));
  const std::string line = R"({"type":"ADDED","object":)" + kPod + "}";
  for (size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(ReadPodEvent(parser, std::string_view(line).substr(0, size), {})) << size;
  }
}

TEST(Pods, TheControllerOfAJob) {
  EXPECT_EQ(ReadController(R"({"metadata":{"ownerReferences":[{"kind":"CronJob","name":"nightly",)"
                           R"("controller":true}]}})")
                .value(),
            std::make_pair(std::string("CronJob"), std::string("nightly")));
  EXPECT_EQ(ReadController("{}").value().first, "");
}

}  // namespace
}  // namespace scantling::agent
