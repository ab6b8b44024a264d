// How the base is found, one test per way.
#include "rank/origin.h"

#include "rank/test_support.h"

#include <gtest/gtest.h>

namespace scantling::rank {
namespace {

constexpr const char* kName = "org.opencontainers.image.base.name";

Base Find(const model::Report& report, const std::string& hint = "") {
  auto found = FindBase(report.inventory, {.hint = hint});
  EXPECT_TRUE(found.has_value());
  return found.has_value() ? *std::move(found) : Base();
}

TEST(FindBase, LastCommandBeforeFurtherLayers) {
  const Base base = Find(MakeReport());
  EXPECT_EQ(base.layers, 1);
  EXPECT_EQ(base.known_by, "likely: history rule: the last CMD that further layers follow");
}

TEST(FindBase, AChainOfBases) {
  model::Report report = MakeReport();
  // A second CMD after layer 3 (python on debian), then the application's layer.
  auto& history = report.inventory.image.history;
  history.insert(history.begin() + 4, {"", "ENTRYPOINT [\"python3\"]", "", true});
  const Base base = Find(report);
  EXPECT_EQ(base.layers, 3);
  EXPECT_EQ(base.known_by, "likely: history rule: the last ENTRYPOINT that further layers follow");
}

TEST(FindBase, BuildahsComment) {
  model::Report report = MakeReport();
  report.inventory.image.history[3].comment = "FROM docker.io/library/python:3.12";
  const Base base = Find(report);
  EXPECT_EQ(base.layers, 2);
  EXPECT_EQ(base.name, "docker.io/library/python:3.12");
  // A build that keeps its steps names them by id: those are not bases.
  report.inventory.image.history.back().comment = "FROM 145683a0b06b";
  EXPECT_EQ(Find(report).name, "docker.io/library/python:3.12");
}

TEST(FindBase, AnnotationNamesAndHistoryCounts) {
  model::Report report = MakeReport();
  report.inventory.image.annotations[kName] = "docker.io/library/debian:12-slim";
  Base base = Find(report);
  EXPECT_EQ(base.name, "docker.io/library/debian:12-slim");
  EXPECT_EQ(base.layers, 1);
  EXPECT_EQ(
      base.known_by,
      "likely: annotation org.opencontainers.image.base.name; layers by history rule: the last CMD "
      "that further layers follow");
  report.inventory.image.history[2].comment = "FROM debian:12-slim";
  base = Find(report);
  EXPECT_TRUE(base.known_by.ends_with("which agrees")) << base.known_by;
  report.inventory.image.history[2].comment = "FROM debian:11";
  base = Find(report);
  EXPECT_TRUE(base.known_by.ends_with("which disagrees")) << base.known_by;
}

TEST(FindBase, Hints) {
  model::Report report = MakeReport();
  report.inventory.image.layers[2].diff_id = "sha256:2222";
  EXPECT_EQ(Find(report, "2").layers, 2);
  EXPECT_EQ(Find(report, "layers=4").layers, 4);
  EXPECT_EQ(Find(report, "0").layers, 0);
  EXPECT_EQ(Find(report, "sha256:2222").layers, 3);
  const Base named = Find(report, "debian:12");
  EXPECT_EQ(named.name, "debian:12");
  EXPECT_EQ(named.layers, 1);
  EXPECT_TRUE(named.known_by.starts_with("likely: --base; layers by history rule"));
  const auto wrong = FindBase(report.inventory, {.hint = "5"});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code(), base::ErrorCode::kUsage);
  EXPECT_FALSE(FindBase(report.inventory, {.hint = "-1"}).has_value());
}

TEST(FindBase, FirstLayerWithThePackageDatabase) {
  model::Report report = MakeReport();
  report.inventory.image.history.clear();
  EXPECT_EQ(Find(report).layers, -1);
  EXPECT_EQ(Find(report).known_by, "");
  report.inventory.components.push_back(MakeComponent(version::Ecosystem::kDeb, "dpkg", "1", 0));
  EXPECT_EQ(Find(report).layers, 1);
  EXPECT_EQ(Find(report).known_by,
            "guess: layer rule: the first layer brought the system's packages");
  // A history that does not fit the layers is not believed.
  report.inventory.image.history = {{"", "CMD [\"x\"]", "", false}};
  EXPECT_EQ(Find(report).known_by,
            "guess: layer rule: the first layer brought the system's packages");
}

}  // namespace
}  // namespace scantling::rank
