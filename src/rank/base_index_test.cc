// The list of known images, and the base that it tells.
#include "rank/base_index.h"

#include "base/digest.h"
#include "base/file.h"
#include "rank/dockerfile_lines.h"
#include "rank/origin.h"
#include "rank/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <thread>

namespace scantling::rank {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr base::Seconds kNow = 1'700'000'000;  // 2023-11-14

model::Image MakeImage(const std::string& name, const std::vector<int>& layers) {
  model::Image image;
  image.reference = name;
  for (const int id : layers) {
    model::Layer layer;
    layer.index = static_cast<int32_t>(image.layers.size());
    layer.diff_id = base::Sha256Of(base::AsBytes(std::to_string(id))).ToString();
    image.layers.push_back(layer);
  }
  return image;
}

Base Find(const model::Image& image, const BaseIndex& index, const std::string& hint = "",
          const DockerfileFacts* facts = nullptr) {
  model::Inventory inventory;
  inventory.image = image;
  auto found =
      FindBase(inventory, {.hint = hint, .maybe_known_images = &index, .maybe_dockerfile = facts});
  EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().Message());
  return found ? *std::move(found) : Base();
}

TEST(BaseIndex, TheLongestProperPrefixOfAnotherRepository) {
  BaseIndex index;
  EXPECT_TRUE(index.Add(MakeImage("docker.io/library/debian:12", {1}), kNow));
  EXPECT_TRUE(index.Add(MakeImage("python:3.12", {1, 2, 3}), kNow));
  EXPECT_TRUE(index.Add(MakeImage("registry.example:5000/team/shop:1.2", {1, 2, 3, 4}), kNow));
  EXPECT_TRUE(index.Add(MakeImage("other:1", {1, 2, 3, 4, 5}), kNow));
  EXPECT_FALSE(index.Add(MakeImage("", {1}), kNow));
  EXPECT_FALSE(index.Add(MakeImage("a b", {1}), kNow));
  const model::Image shop = MakeImage("team/shop:1.3", {1, 2, 3, 4, 5});
  const auto below = index.Below(shop);
  ASSERT_EQ(below.size(), 2U);
  EXPECT_EQ(below[0].name, "python:3.12");
  EXPECT_EQ(below[1].name, "docker.io/library/debian:12");
  const Base base = Find(shop, index);
  EXPECT_EQ(base.layers, 3);
  EXPECT_EQ(base.name, "python:3.12");
  EXPECT_EQ(base.known_by,
            "certain: its first 3 layers are those of python:3.12, scanned 2023-11-14");
  // Another order of the same layers is another chain.
  EXPECT_THAT(index.Below(MakeImage("x:1", {2, 1, 3, 9})), IsEmpty());
  EXPECT_THAT(Find(MakeImage("", {1, 2, 3, 9}), index).known_by, StartsWith("likely: "));
}

TEST(BaseIndex, WhatElseIsKnownAgreesOrDisagrees) {
  BaseIndex index;
  index.Add(MakeImage("debian:12", {1}), kNow);
  model::Image shop = MakeImage("shop:1", {1, 2, 3});
  shop.annotations["org.opencontainers.image.base.name"] = "docker.io/library/debian:12";
  EXPECT_EQ(Find(shop, index).known_by,
            "certain: annotation org.opencontainers.image.base.name; layers by its first 1 layer "
            "are those of debian:12, scanned 2023-11-14, which agrees");
  shop.annotations["org.opencontainers.image.base.name"] = "debian:11";
  EXPECT_THAT(Find(shop, index).known_by, StartsWith("likely: "));
  EXPECT_THAT(Find(shop, index).known_by, HasSubstr("which disagrees"));
  shop.annotations.clear();
  EXPECT_EQ(Find(shop, index, "debian:12").layers, 1);
  EXPECT_THAT(Find(shop, index, "debian:12").known_by, StartsWith("certain: --base"));

  // The Dockerfile's base stands on the known image.
  DockerfileFacts facts;
  facts.from = "python:3.12";
  facts.from_line = 2;
  facts.base_layers = 2;
  Base base = Find(shop, index, "", &facts);
  EXPECT_EQ(base.layers, 2);
  EXPECT_EQ(base.name, "python:3.12");
  EXPECT_EQ(base.known_by,
            "likely: Dockerfile line 2, FROM python:3.12, every instruction found in the history; "
            "its first 1 layer are those of debian:12, scanned 2023-11-14");
  facts.from = "debian:12";
  facts.base_layers = 1;
  EXPECT_THAT(Find(shop, index, "", &facts).known_by, StartsWith("certain: Dockerfile line 2"));
  // A Dockerfile that could not be mapped names the base, the index counts it.
  facts.base_layers = -1;
  base = Find(shop, index, "", &facts);
  EXPECT_EQ(base.name, "debian:12");
  EXPECT_EQ(base.layers, 1);
  EXPECT_THAT(base.known_by, StartsWith("certain: Dockerfile line 2, FROM debian:12; layers by"));
  // One of another image says nothing, whatever its FROM is.
  facts.foreign = true;
  facts.from = "alpine";
  EXPECT_EQ(Find(shop, index, "", &facts).name, "debian:12");
  EXPECT_EQ(Find(shop, index, "", &facts).known_by,
            "certain: its first 1 layer are those of debian:12, scanned 2023-11-14");
  facts.foreign = false;
  facts.from = "debian:12";
  base = Find(MakeImage("y:1", {7, 8}), index, "", &facts);
  EXPECT_EQ(base.layers, -1);
  EXPECT_EQ(base.known_by,
            "likely: Dockerfile line 2, FROM debian:12; how many layers it has is not known");
}

TEST(BaseIndex, TheHistoryMayKnowALongerBase) {
  BaseIndex index;
  model::Report report = MakeReport();
  model::Image& image = report.inventory.image;
  const model::Image ids = MakeImage("", {1, 2, 3, 4});
  for (size_t i = 0; i < 4; ++i) {
    image.layers[i].diff_id = ids.layers[i].diff_id;
  }
  image.reference = "shop:1";
  image.history[3].comment = "FROM docker.io/library/python:3.12";
  index.Add(MakeImage("debian:12", {1}), kNow);
  const Base base = Find(image, index);
  EXPECT_EQ(base.layers, 2);
  EXPECT_EQ(base.name, "docker.io/library/python:3.12");
  EXPECT_THAT(base.known_by, HasSubstr("likely: history: its entry names"));
  EXPECT_THAT(base.known_by, HasSubstr("debian:12"));
}

TEST(BaseIndex, References) {
  EXPECT_EQ(RepositoryPath("docker.io/library/debian:12@sha256:00"), "debian");
  EXPECT_EQ(RepositoryPath("localhost:5000/a/b"), "a/b");
  EXPECT_EQ(RepositoryPath("team/shop:1"), "team/shop");
  EXPECT_TRUE(SameReference("debian", "docker.io/library/debian:latest"));
  EXPECT_FALSE(SameReference("debian:11", "debian:12"));
}

TEST(BaseIndex, ReadsBackAndToleratesDamage) {
  BaseIndex index;
  index.Add(MakeImage("debian:12", {1}), kNow);
  index.Add(MakeImage("python:3", {1, 2}), kNow);
  const std::string text = index.Text();
  EXPECT_EQ(BaseIndex::Parse(text).Text(), text);
  EXPECT_THAT(BaseIndex::Parse("{}").notes(), Not(IsEmpty()));
  EXPECT_THAT(BaseIndex::Parse(text + "x\n").notes(), ElementsAre(HasSubstr("1 line that")));
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_LE(BaseIndex::Parse(std::string_view(text).substr(0, length)).size(), 2U);
  }
  std::mt19937 random(5);
  for (int round = 0; round < 1000; ++round) {
    std::string damaged = text;
    damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    const BaseIndex parsed = BaseIndex::Parse(damaged);
    EXPECT_EQ(BaseIndex::Parse(parsed.Text()).Text(), parsed.Text());
  }
}

TEST(BaseIndex, StaysSmall) {
  std::string text = "scantling.images/1\n";
  for (size_t i = 0; i < BaseIndex::kMaxImages + 100; ++i) {
    text += base::Sha256Of(base::AsBytes(std::to_string(i))).ToString() + "\t1\t20" +
            std::to_string(10 + i / 2500) + "-01-01\t\tname:" + std::to_string(i) + "\n";
  }
  const BaseIndex index = BaseIndex::Parse(text);
  EXPECT_EQ(index.size(), BaseIndex::kMaxImages * 3 / 4);
  EXPECT_EQ(index.Text().find("2010-01-01"), std::string::npos);
  EXPECT_NE(index.Text().find("name:" + std::to_string(BaseIndex::kMaxImages)), std::string::npos);
}

TEST(BaseIndex, ManyWritersLoseNothing) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("scantling-index-" + std::to_string(::getpid())))
          .string();
  const std::string path = folder + "/images";
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&path, thread] {
      for (int i = 0; i < 10; ++i) {
        const int id = thread * 100 + i;
        EXPECT_TRUE(AddToBaseIndex(path, MakeImage("n:" + std::to_string(id), {id}), kNow));
      }
    });
  }
  threads.clear();
  const auto index = BaseIndex::Open(path);
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->size(), 40U);
  EXPECT_EQ(BaseIndex::Open(folder + "/none")->size(), 0U);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace scantling::rank
