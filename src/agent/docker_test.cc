// The answers are podman 4.3.1's, shortened.
#include "agent/docker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::string_view kContainer = R"({
  "Id": "359bf68382f13a9e2cef9251ebe5ed31fc89695af3f5580f42dedb6e073587b7",
  "Created": "2026-11-24T18:33:37.689298539Z",
  "State": {"Status": "running", "Running": true, "Paused": false, "Pid": 22403,
            "StartedAt": "2026-11-24T18:33:38.534611085Z", "FinishedAt": "0001-01-01T00:00:00Z"},
  "Image": "sha256:01216af00634bca859a170e078c683fe031ffbcabe0d8473e9013e52bf8099e9",
  "Name": "/shop",
  "Config": {"Image": "localhost/bench-tool:latest",
             "Labels": {"io.buildah.version": "1.28.2", "a": "b"}}})";

constexpr std::string_view kImage = R"({
  "Id": "sha256:01216af00634bca859a170e078c683fe031ffbcabe0d8473e9013e52bf8099e9",
  "RepoTags": ["localhost/bench-tool:latest"],
  "RepoDigests": [
    "registry.example.org:5000/other@sha256:1111111111111111111111111111111111111111111111111111111111111111",
    "docker.io/library/nginx@sha256:2222222222222222222222222222222222222222222222222222222222222222",
    "localhost/bench-tool@sha256:907a375ec2d54891159f9f0afaf6410d37396d99855d62a8aea5319475c994b0"]})";

constexpr std::string_view kEvent =
    R"({"status":"die","id":"359bf6","from":"localhost/bench-tool:latest","Type":"container",)"
    R"("Action":"die","Actor":{"ID":"359bf6","Attributes":{"a":"b","name":"agtt"}},)"
    R"("scope":"local","time":1795545220,"timeNano":1795545220166566489})";

TEST(Docker, AContainerThatRunsIsACopy) {
  const auto copy = ParseContainer(kContainer);
  ASSERT_TRUE(copy) << copy.error().Message();
  ASSERT_TRUE(*copy);
  EXPECT_EQ((*copy)->uid, "359bf68382f13a9e2cef9251ebe5ed31fc89695af3f5580f42dedb6e073587b7");
  EXPECT_EQ((*copy)->image_id,
            "sha256:01216af00634bca859a170e078c683fe031ffbcabe0d8473e9013e52bf8099e9");
  EXPECT_EQ((*copy)->reference, "localhost/bench-tool:latest");
  EXPECT_EQ((*copy)->container, "shop");
  EXPECT_EQ((*copy)->workload_kind, "container");
  EXPECT_EQ((*copy)->workload, "shop");
  EXPECT_THAT((*copy)->labels, ElementsAre(Pair("a", "b"), Pair("io.buildah.version", "1.28.2")));
  EXPECT_EQ(FormatMillis((*copy)->started), "2026-11-24T18:33:38.534Z");
}

TEST(Docker, OneThatHasEndedIsNone) {
  const auto copy = ParseContainer(R"({"Id":"a","State":{"Status":"exited","Running":false}})");
  ASSERT_TRUE(copy);
  EXPECT_FALSE(*copy);
  const auto paused = ParseContainer(R"({"Id":"a","State":{"Running":false,"Paused":true}})");
  EXPECT_TRUE(*paused);
}

TEST(Docker, LabelsNameTheWorkload) {
  struct Case {
    std::vector<std::pair<std::string, std::string>> labels;
    std::string kind;
    std::string name;
  };
  for (const Case& one : std::vector<Case>{
           {{{"com.docker.compose.project", "shop"}, {"com.docker.compose.service", "web"}},
            "compose",
            "shop/web"},
           {{{"io.podman.compose.project", "shop"}}, "compose", "shop"},
           {{{"com.docker.swarm.service.name", "s"}}, "swarm service", "s"},
           {{{"PODMAN_SYSTEMD_UNIT", "web.service"}}, "systemd unit", "web.service"},
           {{}, "container", "c"}}) {
    Copy copy;
    copy.container = "c";
    copy.labels = one.labels;
    NameWorkload(copy);
    EXPECT_EQ(copy.workload_kind, one.kind);
    EXPECT_EQ(copy.workload, one.name);
  }
}

TEST(Docker, TheDigestIsTheOneOfTheImagesOwnRepository) {
  EXPECT_EQ(ParseImageDigest(kImage, "localhost/bench-tool:latest").value(),
            "sha256:907a375ec2d54891159f9f0afaf6410d37396d99855d62a8aea5319475c994b0");
  EXPECT_EQ(ParseImageDigest(kImage, "nginx:1.25").value().substr(7, 4), "2222");
  EXPECT_EQ(ParseImageDigest(kImage, "registry.example.org:5000/other").value().substr(7, 4),
            "1111");
  EXPECT_EQ(ParseImageDigest(kImage, "something/else").value().substr(7, 4), "1111");
  EXPECT_EQ(ParseImageDigest(R"({"RepoDigests":null})", "a").value(), "");
  EXPECT_EQ(ParseImageDigest(R"({"RepoDigests":[],"Descriptor":{"digest":"sha256:)" +
                                 std::string(64, '3') + "\"}}",
                             "a")
                .value()
                .substr(7, 4),
            "3333");
}

TEST(Docker, EventsOfEveryVersion) {
  struct Case {
    std::string_view action;
    ContainerEvent::Kind kind;
  };
  for (const Case& one :
       {Case{"start", ContainerEvent::Kind::kStarted}, Case{"die", ContainerEvent::Kind::kEnded},
        Case{"died", ContainerEvent::Kind::kEnded}, Case{"destroy", ContainerEvent::Kind::kEnded},
        Case{"remove", ContainerEvent::Kind::kEnded},
        Case{"exec_create: sh", ContainerEvent::Kind::kOther},
        Case{"create", ContainerEvent::Kind::kOther}}) {
    const auto event =
        ParseContainerEvent(R"({"Type":"container","Action":")" + std::string(one.action) +
                            R"(","Actor":{"ID":"x"},"time":1795545220})");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, one.kind) << one.action;
  }
  const auto event = ParseContainerEvent(kEvent);
  EXPECT_EQ(event->at, 1795545220166);
  EXPECT_EQ(event->id, "359bf6");
  EXPECT_EQ(ParseContainerEvent(R"({"Type":"image","Action":"remove","id":"x"})")->kind,
            ContainerEvent::Kind::kOther);
}

TEST(Docker, CutAnswersAreErrorsAndNothingWorse) {
  for (size_t size = 0; size < kContainer.size(); ++size) {
    EXPECT_FALSE(ParseContainer(kContainer.substr(0, size))) << size;
  }
  for (size_t size = 0; size < kImage.size(); ++size) {
    EXPECT_FALSE(ParseImageDigest(kImage.substr(0, size), "a")) << size;
  }
  for (size_t size = 0; size < kEvent.size(); ++size) {
    EXPECT_FALSE(ParseContainerEvent(kEvent.substr(0, size))) << size;
  }
  EXPECT_FALSE(ParseContainerIds(R"({"message":"no"})"));
  EXPECT_THAT(ParseContainerIds(R"([{"Id":"a"},{"Id":7},{},{"Id":"b"}])").value(),
              ElementsAre("a", "b"));
}

}  // namespace
}  // namespace scantling::agent
