// What the agent writes is what the program reads. The two rooms do not know each other.
#include "program/running.h"

#include "agent/pods.h"
#include "agent/run.h"

#include <gtest/gtest.h>

namespace scantling::cli {
namespace {

TEST(Running, TheServerReadsWhatTheAgentWrites) {
  agent::Copy copy;
  copy.uid = "containerd://1";
  copy.digest = "sha256:" + std::string(64, 'a');
  copy.image_id = "sha256:" + std::string(64, 'b');
  copy.reference = "registry.example.org/shop/web:1.4";
  copy.name_space = "shop";
  copy.workload_kind = "Deployment";
  copy.workload = "web";
  copy.pod = "web-0";
  copy.container = "main \"quoted\" \xFF";
  copy.kind = "init";
  copy.node = "node-1";
  copy.labels = {{"app", "web"}, {"team", "a"}};
  copy.started = 1'700'000'000'123;
  const auto read = program::ParseRunning(agent::Snapshot(
      {"cluster prod", "kubernetes", "prod", "production", 90}, {copy}, 1'700'000'100'456));
  ASSERT_TRUE(read) << read.error().Message();
  EXPECT_EQ(read->reporter, "cluster prod");
  EXPECT_EQ(read->kind, "kubernetes");
  EXPECT_EQ(read->cluster, "prod");
  EXPECT_EQ(read->environment, "production");
  EXPECT_EQ(read->interval_ms, 90'000);
  EXPECT_EQ(read->at, 1'700'000'100'456);
  EXPECT_TRUE(read->snapshot);
  ASSERT_EQ(read->copies.size(), 1);
  const program::SeenCopy& seen = read->copies[0];
  EXPECT_EQ(seen.uid, copy.uid);
  EXPECT_EQ(seen.digest, copy.digest);
  EXPECT_EQ(seen.reference, copy.reference);
  EXPECT_EQ(seen.name_space, copy.name_space);
  EXPECT_EQ(seen.workload_kind, copy.workload_kind);
  EXPECT_EQ(seen.workload, copy.workload);
  EXPECT_EQ(seen.pod, copy.pod);
  EXPECT_EQ(seen.container, "main \"quoted\" \xEF\xBF\xBD");
  EXPECT_EQ(seen.kind, copy.kind);
  EXPECT_EQ(seen.node, copy.node);
  EXPECT_EQ(seen.labels, copy.labels);
  EXPECT_EQ(seen.started, copy.started);
}

TEST(Running, WhatWouldBeRefusedIsCut) {
  agent::Copy copy;
  copy.uid = std::string(5000, 'u');
  copy.reference = std::string(5000, '\xE4');
  copy.labels = {{std::string(600, 'k'), "v"}, {"k", std::string(600, 'v')}};
  for (int i = 0; i < 400; ++i) {
    copy.labels.emplace_back("label-" + std::to_string(i), "v");
  }
  const auto read = program::ParseRunning(
      agent::Snapshot({std::string(3000, 'r'), "host", "", "", 60}, {copy}, 1));
  ASSERT_TRUE(read) << read.error().Message();
  EXPECT_EQ(read->copies.size(), 1);
  EXPECT_EQ(read->copies[0].labels.size(), 256);
}

TEST(Running, ChangesWithEnds) {
  agent::Ledger ledger;
  agent::Copy copy;
  copy.uid = "a";
  ledger.Replace({copy}, 1'000);
  ledger.Acknowledge(
      ledger.Take({"r", "host", "", "", 60}, agent::Ledger::What::kSnapshot, 2'000)->revision);
  ledger.Remove("a", 3'500);
  copy.uid = "b";
  ledger.Put(copy, 4'250);
  const auto taken = ledger.Take({"r", "host", "", "", 60}, agent::Ledger::What::kChanges, 5'000);
  const auto read = program::ParseRunning(taken->body);
  ASSERT_TRUE(read) << read.error().Message();
  EXPECT_FALSE(read->snapshot);
  ASSERT_EQ(read->gone.size(), 1);
  EXPECT_EQ(read->gone[0], std::make_pair(std::string("a"), program::Millis{3'500}));
  ASSERT_EQ(read->copies.size(), 1);
  EXPECT_EQ(read->copies[0].at, 4'250);
}

// Two readers of the same list: the server's, for an upload, and the agent's.
TEST(Running, PodsAreReadAlike) {
  const std::string pods = R"({"kind":"List","items":[{"metadata":{"name":"web-77-x",
    "namespace":"shop","uid":"u1","labels":{"app":"web","pod-template-hash":"77"},
    "ownerReferences":[{"kind":"ReplicaSet","name":"web-77","controller":true}]},
    "spec":{"nodeName":"n1"},"status":{
    "containerStatuses":[{"name":"main","image":"web:1","containerID":"containerd://c1",
      "imageID":"r/web@sha256:1111111111111111111111111111111111111111111111111111111111111111",
      "state":{"running":{"startedAt":"2026-11-24T10:00:00Z"}}}],
    "initContainerStatuses":[{"name":"side","state":{"running":{}}}]}}]})";
  std::vector<agent::Copy> copies;
  ASSERT_TRUE(agent::ReadPodList(pods, {}, [&](agent::PodCopies pod) {
    copies.insert(copies.end(), pod.copies.begin(), pod.copies.end());
    return true;
  }));
  const auto own = program::ParseRunning(
      agent::Snapshot({"cluster prod", "file", "prod", "", 86'400}, copies, 1'000));
  const auto direct = program::ParsePodList(pods, "prod", 1'000);
  ASSERT_TRUE(own);
  ASSERT_TRUE(direct);
  EXPECT_EQ(own->reporter, direct->reporter);
  EXPECT_EQ(own->interval_ms, direct->interval_ms);
  ASSERT_EQ(own->copies.size(), direct->copies.size());
  for (size_t i = 0; i < copies.size(); ++i) {
    const program::SeenCopy& a = own->copies[i];
    const program::SeenCopy& b = direct->copies[i];
    EXPECT_EQ(a.uid, b.uid);
    EXPECT_EQ(a.digest, b.digest);
    EXPECT_EQ(a.workload_kind, b.workload_kind);
    EXPECT_EQ(a.workload, b.workload);
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.started, b.started);
    EXPECT_EQ(a.labels, b.labels);
  }
}

}  // namespace
}  // namespace scantling::cli
