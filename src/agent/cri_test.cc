#include "agent/cri.h"

#include "agent/protobuf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::agent {
namespace {

using ::testing::ElementsAre;

std::string Entry(std::string_view key, std::string_view value) {
  std::string out;
  AppendProto(out, 1, key);
  AppendProto(out, 2, value);
  return out;
}

std::string Container(std::string_view id, uint64_t state) {
  std::string metadata;
  AppendProto(metadata, 1, "web");
  AppendProto(metadata, 2, uint64_t{3});
  std::string image;
  AppendProto(image, 1, "registry.example.org/shop/web:1.4");
  std::string out;
  AppendProto(out, 1, id);
  AppendProto(out, 2, "sandbox");
  AppendProto(out, 3, metadata);
  AppendProto(out, 4, image);
  AppendProto(out, 5, "sha256:" + std::string(64, '1'));
  AppendProto(out, 6, state);
  AppendProto(out, 7, uint64_t{1'795'545'220'166'566'489});
  AppendProto(out, 8, Entry("io.kubernetes.pod.name", "web-0"));
  AppendProto(out, 8, Entry("io.kubernetes.pod.namespace", "shop"));
  AppendProto(out, 9, Entry("io.kubernetes.container.hash", "1"));
  AppendProto(out, 200, "a field of a later version");
  return out;
}

std::string Containers() {
  std::string out;
  AppendProto(out, 1, Container("one", 1));
  AppendProto(out, 1, Container("ended", 2));
  return out;
}

std::string Images() {
  std::string image;
  AppendProto(image, 1, "sha256:" + std::string(64, '1'));
  AppendProto(image, 2, "registry.example.org/shop/web:1.4");
  AppendProto(image, 3, "registry.example.org/shop/web@sha256:" + std::string(64, '2'));
  AppendProto(image, 4, uint64_t{12345});
  std::string out;
  AppendProto(out, 1, image);
  return out;
}

TEST(Cri, ContainersThatRunAreCopies) {
  const auto copies = ParseCriContainers(Containers());
  ASSERT_TRUE(copies) << copies.error().Message();
  ASSERT_EQ(copies->size(), 1);
  const Copy& copy = (*copies)[0];
  EXPECT_EQ(copy.uid, "one");
  EXPECT_EQ(copy.container, "web");
  EXPECT_EQ(copy.reference, "registry.example.org/shop/web:1.4");
  EXPECT_EQ(copy.image_id, "sha256:" + std::string(64, '1'));
  EXPECT_EQ(copy.started, 1'795'545'220'166);
  EXPECT_EQ(copy.pod, "web-0");
  EXPECT_EQ(copy.name_space, "shop");
  EXPECT_EQ(copy.workload_kind, "Pod");
}

TEST(Cri, StartsAndImages) {
  std::string status;
  AppendProto(status, 1, "one");
  AppendProto(status, 4, uint64_t{1'000'000'000});
  AppendProto(status, 5, uint64_t{2'000'000'000});
  std::string answer;
  AppendProto(answer, 1, status);
  EXPECT_EQ(ParseCriStarted(answer).value(), 2000);
  const auto images = ParseCriImages(Images());
  ASSERT_TRUE(images);
  EXPECT_THAT(images->at("sha256:" + std::string(64, '1')),
              ElementsAre("registry.example.org/shop/web@sha256:" + std::string(64, '2')));
}

TEST(Cri, TheRequestAsksForThoseThatRun) {
  EXPECT_EQ(RunningContainersRequest(), std::string("\x0a\x04\x12\x02\x08\x01", 6));
  EXPECT_EQ(GrpcFrame("ab"), std::string("\0\0\0\0\2ab", 7));
  EXPECT_EQ(GrpcMessage(GrpcFrame("ab")).value(), "ab");
  EXPECT_FALSE(GrpcMessage(GrpcFrame("ab") + "c"));
  EXPECT_FALSE(GrpcMessage(std::string("\1\0\0\0\2ab", 7)));
}

TEST(Cri, CutMessagesDoNoHarm) {
  const std::string containers = Containers();
  const std::string images = Images();
  const std::string frame = GrpcFrame(containers);
  for (size_t size = 0; size < containers.size(); ++size) {
    // A message may end after any field; the second container's end is the only whole one.
    const auto copies = ParseCriContainers(std::string_view(containers).substr(0, size));
    EXPECT_TRUE(!copies || copies->size() <= 1);
  }
  for (size_t size = 1; size < images.size(); ++size) {
    EXPECT_FALSE(ParseCriImages(std::string_view(images).substr(0, size))) << size;
  }
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(GrpcMessage(std::string_view(frame).substr(0, size))) << size;
  }
}

TEST(Protobuf, RefusesWhatCannotBe) {
  for (const std::string& bad :
       {std::string("\x00\x01", 2),                                   // field 0
        std::string("\x0b"),                                          // a group
        std::string("\x08"),                                          // no number
        std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),  // 65 bits
        std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),  // a length of 2^64-1
        std::string("\x09\x01\x02"),                                  // half a fixed64
        std::string("\x0d\x01")}) {                                   // half a fixed32
    ProtoReader reader(bad);
    EXPECT_FALSE(reader.Next());
  }
  const std::string good("\x09\x01\0\0\0\0\0\0\0\x15\x02\0\0\0", 14);
  ProtoReader reader(good);
  EXPECT_EQ((*reader.Next())->varint, 1);
  EXPECT_EQ((*reader.Next())->varint, 2);
  EXPECT_FALSE(*reader.Next());
}

}  // namespace
}  // namespace scantling::agent
