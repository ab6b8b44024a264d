// The documented examples of each form (registry_event.h names the pages), shortened; they are the
// fuzz target's seeds.
#include "program/registry_event.h"

#include "base/file.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace scantling::program {
namespace {

using ::testing::HasSubstr;

std::string Seed(const std::string& name) {
  const auto text = base::ReadFile(
      std::string(SCANTLING_SOURCE_DIR) + "/fuzz/seeds/registry_event/" + name + ".json", 1 << 20);
  EXPECT_TRUE(text.has_value()) << name;
  return text.value_or("");
}

// "form repository:tag -repository:deleted@digest", or the error.
std::string Told(std::string_view body) {
  const auto event = ParseRegistryEvent(body);
  if (!event) {
    return event.error().Message();
  }
  std::string out(event->form);
  for (const RegistryPush& push : event->pushes) {
    out += " " + push.repository + ":" + push.tag;
  }
  for (const RegistryDeletion& one : event->deletions) {
    out += " -" + one.repository + ":" + one.tag + "@" + one.digest;
  }
  return out;
}

TEST(RegistryEventTest, ReadsEveryFormOfTheDocumentation) {
  EXPECT_EQ(Told(Seed("distribution")), "distribution library/test:latest");
  EXPECT_EQ(Told(Seed("harbor")), "harbor test-webhook/debian:latest");
  EXPECT_EQ(Told(Seed("harbor_cloudevents")), "harbor library/alpine:sha256_954b378c");
  EXPECT_EQ(Told(Seed("docker_hub")), "docker_hub svendowideit/testhook:latest");
  EXPECT_EQ(Told(Seed("github")), "github octo-org/hello-world:1.0");
  EXPECT_EQ(Told(Seed("github_package")), "github octo-org/shop:main");
  EXPECT_EQ(Told(Seed("github_ping")), "github");
  EXPECT_EQ(Told(Seed("quay")), "quay dgangaia/test:latest dgangaia/test:v1");
  EXPECT_EQ(Told(Seed("quay_old")), "quay devtable/ubuntu:latest");
}

TEST(RegistryEventTest, DeletionsAreByTagOrByDigest) {
  const std::string digest = "sha256:" + std::string(64, '1');
  EXPECT_EQ(Told(R"({"events":[{"action":"delete","target":{"repository":"a/b","tag":"1"}},)"
                 R"({"action":"delete","target":{"repository":"a/b","digest":")" +
                 digest +
                 R"("}},{"action":"push","target":{"repository":"a/b","tag":"2"}},)"
                 R"({"action":"delete","target":{"repository":"a/b","digest":"sha256:x"}},)"
                 R"({"action":"delete","target":{"repository":"../b","tag":"1"}}]})"),
            "distribution a/b:2 -a/b:@" + digest + " -a/b:1@");
  for (const std::string type : {"DELETE_ARTIFACT", "deleteImage"}) {
    EXPECT_EQ(Told(R"({"type":")" + type + R"(","event_data":{"resources":[{"tag":"1","digest":")" +
                   digest + R"("}],"repository":{"repo_full_name":"a/b"}}})"),
              "harbor -a/b:1@" + digest);
  }
  EXPECT_EQ(Told(R"({"type":"harbor.artifact.deleted","data":{"resources":[{"tag":"1"}],)"
                 R"("repository":{"repo_full_name":"a/b"}}})"),
            "harbor -a/b:1@");
}

TEST(RegistryEventTest, WhatIsNeitherIsUnderstoodAndLeftOut) {
  EXPECT_EQ(Told(R"({"events":[{"action":"pull","target":{"repository":"a/b","tag":"1"}}]})"),
            "distribution");
  EXPECT_EQ(Told(R"({"type":"SCANNING_COMPLETED","event_data":{"resources":[{"tag":"1"}],)"
                 R"("repository":{"repo_full_name":"a/b"}}})"),
            "harbor");
  EXPECT_EQ(Told(R"({"action":"published","package":{"package_type":"npm","namespace":"a",)"
                 R"("name":"b","package_version":{"container_metadata":{"tag":{"name":"1"}}}}})"),
            "github");
  // An image without a tag.
  EXPECT_EQ(Told(R"({"action":"published","package":{"package_type":"container","namespace":"a",)"
                 R"("name":"b","package_version":{"container_metadata":{"tag":{"name":""}}}}})"),
            "github");
}

TEST(RegistryEventTest, NamesThatAreNoneAreLeftOut) {
  for (const std::string name : {"../../etc", "/a", "a/", "a//b", "A/b", "a b", "a?x=1", "a#b",
                                 "a%2fb", "http://evil.example/x", ""}) {
    EXPECT_EQ(Told(R"({"updated_tags":["latest"],"repository":")" + name + "\"}"), "quay") << name;
  }
  for (const std::string tag : {"", "-x", ".x", "a/b", "a:b", "a b", "\\u0000", "a?b"}) {
    EXPECT_EQ(Told(R"({"updated_tags":[")" + tag + R"("],"repository":"a/b"})"), "quay") << tag;
  }
  EXPECT_EQ(Told(R"({"updated_tags":[1,null,{},["x"]],"repository":"a/b"})"), "quay");
  EXPECT_EQ(Told(R"({"updated_tags":["x"],"repository":7})"), "quay");
}

TEST(RegistryEventTest, WhatIsNoneSaysSo) {
  for (const std::string_view body : {"{}", "[]", "null", "7", R"({"events":{}})",
                                      R"({"package":"x"})", R"({"hello":"world"})"}) {
    EXPECT_THAT(Told(body), HasSubstr("no message of a registry that is known")) << body;
  }
  std::string many = R"({"repository":"a/b","updated_tags":[)";
  for (int i = 0; i <= 1000; ++i) {
    many += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + "\"";
  }
  EXPECT_THAT(Told(many + "]}"), HasSubstr("more than 1000 pushes"));
  EXPECT_FALSE(ParseRegistryEvent(std::string(kMaxRegistryEventBytes + 1, ' ')).has_value());
  EXPECT_FALSE(ParseRegistryEvent(std::string(5000, '[')).has_value());
}

TEST(RegistryEventTest, CutAnywhereItIsAnError) {
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SCANTLING_SOURCE_DIR) +
                                                               "/fuzz/seeds/registry_event")) {
    std::string body = Seed(entry.path().stem().string());
    while (!body.empty() && body.back() == '\n') {
      body.pop_back();
    }
    for (size_t size = 0; size < body.size(); ++size) {
      EXPECT_FALSE(ParseRegistryEvent(std::string_view(body).substr(0, size)).has_value())
          << entry.path() << " cut at " << size;
    }
    EXPECT_TRUE(ParseRegistryEvent(body).has_value());
  }
}

}  // namespace
}  // namespace scantling::program
